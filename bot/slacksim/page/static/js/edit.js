// Changing and taking back what one wrote.
import { h } from "./dom.js";
import { act, explain } from "./api.js";
import { keyOf, note } from "./store.js";
import { me } from "./here.js";
import { ask } from "./popup.js";
import { notice } from "./notice.js";
import { encode, decode } from "./encode.js";

let open = null; // {channel, key}

// editing says whether this tab is changing the message.
export const editing = (channel, m) => open?.channel === channel && open.key === keyOf(m);

// edit begins changing a message in its place.
export function edit(channel, m) {
  const before = open;
  open = { channel, key: keyOf(m) };
  if (before) note("message", before.channel, before.key);
  note("message", channel, keyOf(m));
  setTimeout(() => document.querySelector(".editor textarea")?.focus(), 50);
}

function stop(channel, m) {
  open = null;
  note("message", channel, keyOf(m));
  document.getElementById("composer")?.focus();
}

// editor is the field that stands in the message's place meanwhile.
export function editor(channel, m) {
  const field = h("textarea", {
    class: "field", rows: "3", "aria-label": "Edit your message", value: decode(m.text),
    onkeydown: (e) => {
      if (e.key === "Escape") stop(channel, m);
      else if (e.key === "Enter" && !e.shiftKey && !e.isComposing) save();
      else return;
      e.preventDefault();
      e.stopPropagation();
    },
  });
  async function save() {
    const text = field.value.trim();
    if (!text) return remove(channel, m);
    if (text === decode(m.text)) return stop(channel, m);
    const answer = await act("edit", { user: me().id, channel, ts: m.ts, text: encode(text) });
    if (!answer.ok) return notice(`Your change was not saved. ${explain(answer)}`);
    stop(channel, m);
  }
  return h("div", { class: "editor" }, field, h("div", { class: "editor-actions" },
    h("button", { type: "button", class: "button", onclick: () => stop(channel, m) }, "Cancel"),
    h("button", { type: "button", class: "button primary", onclick: save }, "Save")));
}

// remove takes a message back, after asking.
export async function remove(channel, m) {
  const sure = await ask({ title: "Delete this message?", text: "It is taken back for everybody. This cannot be undone.", confirm: "Delete", danger: true });
  if (!sure) return;
  const answer = await act("delete", { user: me().id, channel, ts: m.ts });
  if (!answer.ok) notice(`The message was not deleted. ${explain(answer)}`);
  else if (open?.key === keyOf(m)) stop(channel, m);
}
