// What can be done with a message: a toolbar on the message under the pointer, and one on that with the focus.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, explain } from "./api.js";
import { store } from "./store.js";
import { me } from "./here.js";
import { openMenu } from "./popup.js";
import { pickEmoji } from "./emoji.js";
import { react, isSystem } from "./message.js";
import { edit, remove } from "./edit.js";
import { decode } from "./encode.js";
import { appName } from "./people.js";
import { notice, announce } from "./notice.js";
import { go } from "./route.js";

// withToolbar gives list its toolbars. find(key) is the message of a row, as it is now; channel() the channel they
// are in.
export function withToolbar(list, { find, channel, inPane }) {
  let pointed = null, focused = null; // rows

  function sync() {
    for (const bar of list.querySelectorAll(".msg-toolbar")) {
      const row = bar.parentElement;
      if (row !== pointed && row !== focused && !bar.querySelector("[aria-expanded=true]")) bar.remove();
    }
    for (const row of [pointed, focused]) if (row && !row.querySelector(".msg-toolbar")) give(row);
  }
  function give(row) {
    const message = find(row.dataset.key);
    if (!message || message.ephemeral_to || !channel().members.includes(me().id)) return;
    row.append(toolbar(message, () => find(row.dataset.key) || message, channel, inPane));
  }
  const rowOf = (node) => node?.closest?.(".msg") || null;
  list.addEventListener("pointerover", (e) => {
    pointed = rowOf(e.target);
    sync();
  });
  list.addEventListener("pointerleave", () => {
    pointed = null;
    sync();
  });
  list.addEventListener("focusin", (e) => {
    focused = rowOf(e.target);
    sync();
  });
  list.addEventListener("focusout", (e) => {
    if (list.contains(e.relatedTarget)) return;
    focused = null;
    setTimeout(sync, 0); // what opens over the page says so only now
  });
  list.addEventListener("keydown", (e) => shortcut(e, find, channel));
}

// carryToolbar moves the toolbar of a row to the row that takes its place.
export function carryToolbar(from, to) {
  const bar = from.querySelector(".msg-toolbar");
  if (bar) to.append(bar);
}

// toolbar makes one for a message; now() and channel() are the message and its channel when something is pressed.
function toolbar(m, now, channel, inPane) {
  const button = (act, label, name, onclick) => {
    const node = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, data: { act }, onclick: () => onclick(node) }, icon(name, 17));
    return node;
  };
  return h("div", { class: "msg-toolbar", role: "toolbar", "aria-label": "Message actions" },
    button("react", "Add a reaction", "smile", (node) => pickEmoji(node, (name) => react(now(), channel().id, name, true))),
    !inPane && !isSystem(m) && button("reply", "Reply in thread", "reply", () => go({ thread: m.thread_ts || m.ts })),
    button("more", "More actions", "more", (node) => more(node, now(), channel())));
}

function more(anchor, m, channel) {
  const mine = m.user === me().id && !isSystem(m);
  const pinned = channel.pins.includes(m.ts);
  const mayDelete = m.user === me().id || me().is_admin;
  openMenu(anchor, [
    mine && { label: "Edit message", icon: "edit", data: { act: "edit" }, onclick: () => edit(channel.id, m) },
    { label: pinned ? "Remove pin" : "Pin to channel", icon: "pin", data: { act: pinned ? "unpin" : "pin" }, onclick: () => pin(m, channel, pinned) },
    { label: "Copy text", icon: "file", data: { act: "copy" }, onclick: () => copy(m) },
    ...store.shortcuts.filter((s) => s.type === "message").map((s) => ({
      label: s.name, icon: "bolt", hint: appName(), data: { shortcut: s.callback_id }, onclick: () => runShortcut(s, { channel: channel.id, ts: m.ts }),
    })),
    mayDelete && { label: "Delete message", icon: "trash", danger: true, data: { act: "delete" }, onclick: () => remove(channel.id, m) },
  ], "Message actions");
}

async function pin(m, channel, pinned) {
  const answer = await act(pinned ? "unpin" : "pin", { user: me().id, channel: channel.id, ts: m.ts });
  if (!answer.ok) notice(explain(answer));
}

async function copy(m) {
  try {
    await navigator.clipboard.writeText(decode(m.text));
    announce("Copied");
  } catch {
    notice("The browser does not let this page copy; select the text instead.");
  }
}

// runShortcut starts one of the app's shortcuts, on a message or by itself.
export async function runShortcut(shortcut, target = {}) {
  const answer = await act("shortcut", { user: me().id, callback_id: shortcut.callback_id, ...target });
  if (!answer.ok) notice(`“${shortcut.name}” did not get through. ${explain(answer)}`);
}

// shortcut serves the keys r (react), t (thread) and e (edit) on a focused message.
function shortcut(e, find, channel) {
  if (!e.target.classList?.contains("msg") || e.ctrlKey || e.metaKey || e.altKey) return;
  const m = find(e.target.dataset.key);
  if (!m || m.ephemeral_to) return;
  if (e.key === "r") e.target.querySelector("[data-act=react]")?.click();
  else if (e.key === "t" && !isSystem(m)) go({ thread: m.thread_ts || m.ts });
  else if (e.key === "e" && m.user === me().id && !isSystem(m)) edit(channel().id, m);
  else return;
  e.preventDefault();
}
