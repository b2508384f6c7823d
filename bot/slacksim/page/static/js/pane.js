// The pane on the right: a thread, the members, the pins, or what the channel is about.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store, watch, note, messagesOf } from "./store.js";
import { me, here, channelTitle, people } from "./here.js";
import { current, go, address, onMove } from "./route.js";
import { avatar, author, nameOf } from "./people.js";
import { messageList } from "./messages.js";
import { composer } from "./composer.js";
import { redraw } from "./redraw.js";
import { clock, when, full } from "./time.js";
import { mrkdwn } from "./mrkdwn.js";
import { markdown } from "./markdown.js";

let mode = ""; // "members", "pins", "canvas", "about", or "" where only a thread can be open
let modeChannel = "";

// openPane shows one of the lists of the channel, or hides it where it is shown already.
export function openPane(kind) {
  const was = paneIs(kind);
  mode = was ? "" : kind;
  modeChannel = here().channel?.id || "";
  if (here().thread) go({ thread: "" });
  note("pane");
}

// paneIs says whether the pane shows that list.
export const paneIs = (kind) => mode === kind && modeChannel === here().channel?.id && !here().thread;

// pane makes the aside and keeps it up to date.
export function pane() {
  const node = h("aside", { id: "pane", hidden: true, "aria-label": "Details", onkeydown: (e) => e.key === "Escape" && !e.defaultPrevented && shut() });
  const title = h("div", { class: "pane-title" });
  const body = h("div", { class: "pane-body" });
  let thread = null, threadOf = "";
  node.append(h("header", { class: "pane-head" }, title, h("button", { type: "button", class: "icon-button", "aria-label": "Close", data: { act: "close-pane" }, onclick: shut }, icon("close", 18))), body);

  function shut() {
    const wasThread = here().thread;
    mode = "";
    if (wasThread) go({ thread: "" });
    note("pane");
    (wasThread && document.querySelector(`#main [data-ts="${CSS.escape(wasThread)}"]`) || document.getElementById("composer"))?.focus();
  }

  function update() {
    const place = here();
    const c = place.channel;
    const kind = !c ? "" : place.thread ? "thread" : mode && modeChannel === c.id ? mode : "";
    node.hidden = !kind;
    document.body.classList.toggle("has-pane", Boolean(kind));
    const key = kind === "thread" ? `${me().id}/${c.id}/${place.thread}` : "";
    if (key !== threadOf) {
      threadOf = key;
      thread = key ? threadView(c, place.thread) : null;
      if (thread) {
        redraw(body, key, () => thread.node);
        thread.list.update();
        setTimeout(() => thread.field?.focus(), 0);
      }
    }
    if (!kind) return redraw(body, "", () => []);
    redraw(title, [kind, c.id, channelTitle(c)], () => titleOf(kind, c));
    if (kind === "thread") thread.list.update();
    else redraw(body, [kind, signature(kind, c)], () => lists[kind](c));
  }
  watch(update);
  onMove(update);
  return { node, update };
}

function titleOf(kind, c) {
  const name = { thread: "Thread", members: "Members", pins: "Pinned", canvas: "Canvas", about: "About" }[kind];
  return [h("h2", null, name), h("p", { class: "muted" }, c.is_im ? channelTitle(c) : `#${channelTitle(c)}`)];
}

function threadView(c, ts) {
  const list = messageList({ channelId: c.id, thread: ts, beginning: () => h("p", { class: "empty muted" }, "This message is no longer there.") });
  const writable = !c.is_archived && c.members.includes(me().id);
  const made = writable ? composer({ channel: c.id, thread: ts, label: "Reply in thread", id: "thread-composer" }) : null;
  return { node: h("div", { class: "thread" }, list.node, made?.node), list, field: made?.field };
}

const lists = { members, pins, canvas, about };

function signature(kind, c) {
  if (kind === "pins") return [c.id, c.pins.map((ts) => c.messages.get(ts) || ts)];
  if (kind === "members") return [c.id, c.members.map((id) => store.users.get(id) || id), me().id, clock(Date.now())];
  if (kind === "canvas") return [c.id, store.canvases.get(c.canvas)];
  return [c.id, c.topic, c.purpose, c.creator, c.created];
}

function members(c) {
  const users = c.members.map((id) => store.users.get(id) || { id, name: id });
  users.sort((a, b) => Boolean(a.is_bot) - Boolean(b.is_bot) || (a.real_name || a.name).localeCompare(b.real_name || b.name));
  return h("ul", { class: "member-list scroll" }, users.map((u) => h("li", { class: "member", data: { member: u.name } }, avatar(u),
    h("div", { class: "member-body" }, h("div", null, h("strong", null, u.real_name || u.name), u.is_bot && h("span", { class: "badge" }, "App"), u.is_restricted && h("span", { class: "badge" }, "Guest"), u.id === me().id && h("span", { class: "badge" }, "You")),
      h("div", { class: "muted" }, `@${u.name}`, localTime(u))),
    people().some((p) => p.id === u.id) && u.id !== me().id ? h("a", { class: "button", href: address({ person: u.name, place: current().place }) }, `Be ${u.name}`) : null)));
}

function localTime(u) {
  if (!u.tz || u.is_bot) return "";
  try {
    return ` · ${new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: u.tz }).format(Date.now())} local time`;
  } catch {
    return "";
  }
}

function pins(c) {
  if (!c.pins.length) return h("p", { class: "empty muted" }, "Nothing is pinned here.");
  return h("ul", { class: "pin-list scroll" }, c.pins.map((ts) => {
    const m = c.messages.get(ts);
    if (!m) return h("li", { class: "muted" }, "A message that is no longer there");
    const by = author(m);
    return h("li", { class: "pin", data: { ts } }, h("div", { class: "msg-head" }, h("span", { class: "msg-author" }, by.name), h("time", { class: "stamp", title: full(when(ts)) }, clock(when(ts)))),
      h("div", { class: "text" }, mrkdwn(m.text)), h("button", { type: "button", class: "button", onclick: () => jump(c, m) }, "Show in channel"));
  }));
}

function canvas(c) {
  const made = store.canvases.get(c.canvas);
  if (!made) return h("p", { class: "empty muted" }, "This channel has no canvas.");
  return h("article", { class: "canvas scroll text markdown", data: { canvas: made.id } }, made.title && h("h3", { class: "canvas-title" }, made.title),
    made.markdown ? markdown(made.markdown) : h("p", { class: "muted" }, "Nothing is written here."));
}

function jump(c, m) {
  const reply = m.thread_ts && m.thread_ts !== m.ts;
  if (reply) go({ place: c.id, thread: m.thread_ts });
  setTimeout(() => dispatchEvent(new CustomEvent("reach", { detail: m.ts })), 0);
}

function about(c) {
  const line = (name, ...value) => [h("dt", null, name), h("dd", null, value)];
  const texts = messagesOf(c, me().id).length;
  return h("dl", { class: "about scroll" },
    line("Topic", c.topic ? mrkdwn(c.topic) : "None"), line("Purpose", c.purpose ? mrkdwn(c.purpose) : "None"),
    line("Kind", c.is_private ? "Private: only members can see it" : "Public: every member of the workspace can read it"),
    c.creator && line("Created by", nameOf(c.creator), c.created ? ` on ${full(c.created * 1000)}` : ""),
    line("Messages", String(texts)), line("Channel ID", h("code", null, c.id)));
}
