// The field in which messages and commands are written.
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { act, explain } from "./api.js";
import { store, note, keyOf, messagesOf } from "./store.js";
import { me, appDM } from "./here.js";
import { appName } from "./people.js";
import { completion } from "./complete.js";
import { encode } from "./encode.js";
import { edit } from "./edit.js";
import { pickEmoji } from "./emoji.js";
import { openMenu } from "./popup.js";
import { runShortcut } from "./toolbar.js";
import { readFiles } from "./files.js";
import { notice } from "./notice.js";
import { isSystem } from "./message.js";

const drafts = new Map(); // what was begun and not sent, by person and place

// composer makes the field for a channel or, with thread, for a thread in it.
export function composer({ channel, thread = "", label, id }) {
  const place = `${me().id}/${channel}/${thread}`;
  const draft = drafts.get(place) || { text: "", files: [] };
  let files = draft.files;
  const field = h("textarea", {
    id, class: "composer-field", rows: "1", "aria-label": label, placeholder: label, value: draft.text, oninput: changed, onkeydown: keys,
    onpaste: (e) => e.clipboardData.files.length && attach(e.clipboardData.files, e),
  });
  const complete = completion(field, { thread });
  const shelf = h("ul", { class: "attached", "aria-label": "Files to send", hidden: true });
  const picker = h("input", { type: "file", multiple: true, hidden: true, data: { act: "files" }, onchange: () => attach(picker.files) });
  const button = (act, text, name, onclick) => {
    const made = h("button", { type: "button", class: "icon-button", "aria-label": text, title: text, data: { act }, onclick: () => onclick(made) }, icon(name, 18));
    return made;
  };
  const sendButton = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" }, icon("send", 18));
  const node = h("form", {
    class: "composer", onsubmit: (e) => {
      e.preventDefault();
      send();
    },
    ondragover: (e) => e.preventDefault(), ondrop: (e) => attach(e.dataTransfer.files, e),
  }, complete.box, h("div", { class: "composer-box" }, field, shelf, h("div", { class: "composer-tools" },
    button("attach", "Attach files", "clip", () => picker.click()),
    button("emoji", "Add an emoji", "smile", (made) => pickEmoji(made, (name) => insert(`:${name}: `))),
    store.shortcuts.some((s) => s.type === "global") && button("shortcuts", "Shortcuts", "bolt", shortcuts),
    h("span", { class: "composer-space" }), sendButton)), complete.hint, picker);
  drawFiles();
  setTimeout(grow, 0);

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, innerHeight * 0.4)}px`;
  }
  function changed() {
    drafts.set(place, { text: field.value, files });
    sendButton.classList.toggle("ready", Boolean(field.value.trim() || files.length));
    grow();
  }
  function insert(text) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    changed();
  }
  async function attach(list, event) {
    event?.preventDefault();
    files = [...files, ...(await readFiles(list))].slice(0, 10);
    picker.value = "";
    drawFiles();
    changed();
  }
  function drawFiles() {
    shelf.hidden = !files.length;
    fill(shelf, files.map((f) => h("li", null, f.name, h("button", {
      type: "button", class: "icon-button", "aria-label": `Leave out ${f.name}`, onclick: () => {
        files = files.filter((x) => x !== f);
        drawFiles();
        changed();
      },
    }, icon("close", 12)))));
  }
  function shortcuts(anchor) {
    openMenu(anchor, store.shortcuts.filter((s) => s.type === "global").map((s) => ({
      label: s.name, icon: "bolt", hint: appName(), data: { shortcut: s.callback_id }, onclick: () => runShortcut(s),
    })), "Shortcuts");
  }
  function keys(e) {
    if (complete.keys(e) || e.isComposing) return;
    if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      send();
    } else if (e.key === "ArrowUp" && !field.value) {
      const room = store.channels.get(channel);
      const last = room && messagesOf(room, me().id).findLast((m) => m.user === me().id && !isSystem(m) && !m.ephemeral_to && (m.thread_ts || "") === thread);
      if (last) {
        e.preventDefault();
        edit(channel, last);
      }
    }
  }

  async function send() {
    const text = field.value.trim(), sent = files;
    if (!text && !sent.length) return;
    complete.hide();
    clear();
    const command = !sent.length && text.match(/^\/([a-z0-9_-]+)(?:\s+([^]*))?$/i);
    const done = command ? await slash(`/${command[1]}`, command[2] || "") : await say(text, sent);
    if (!done && !field.value && field.isConnected) {
      field.value = text;
      files = sent;
      drawFiles();
      changed();
    }
  }
  function clear() {
    field.value = "";
    files = [];
    drawFiles();
    changed();
    drafts.delete(place);
    field.dispatchEvent(new Event("input"));
  }
  async function say(text, sent) {
    const answer = await act("message", {
      user: me().id, channel: channelName(channel), text: encode(text), thread_ts: thread || undefined,
      files: sent.length ? sent.map(({ name, mimetype, base64 }) => ({ name, mimetype, base64 })) : undefined,
    });
    if (!answer.ok) notice(`Your message was not sent. ${explain(answer)}`);
    return answer.ok;
  }
  async function slash(command, text) {
    const answer = await act("slash", { user: me().id, channel: channelName(channel), command, text: encode(text), thread_ts: thread || undefined });
    if (answer.ok) return true;
    refuse(channel, thread, refusal(command, answer));
    return answer.error === "operation_timeout"; // it may have been done: sending it again is the person's choice
  }

  changed();
  return { node, field };
}

// channelName is how the workspace knows where the message goes; a first message to the app has no channel yet.
const channelName = (channel) => (channel === "app" ? appDM()?.id || store.app.bot_user : channel);

// refusal is what Slack tells a person whose command did not get through.
function refusal(command, answer) {
  if (answer.message) return answer.message;
  if (/thread/.test(answer.error)) return `${command} is not supported in threads. Sorry!`;
  if (/unknown|not_found|invalid_command/.test(answer.error)) return `${command} is not a valid command. Write a space before the slash to send it as a message.`;
  return `${command} failed with the error “${answer.error}”. ${explain(answer)}`;
}

// refuse shows text as Slackbot does: in the channel, to this person, in this tab alone.
function refuse(channel, thread, text) {
  const room = store.channels.get(channel);
  if (!room) return notice(text);
  const message = {
    local: true, ts: (Date.now() / 1000).toFixed(6), user: "USLACKBOT", username: "Slackbot", text: text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]),
    ephemeral_to: me().id, thread_ts: thread || undefined,
  };
  room.messages.set(keyOf(message), message);
  room.sorted = null;
  note("message", channel, keyOf(message));
}
