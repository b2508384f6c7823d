// Completion while typing: commands after /, people after @, channels after #, emoji after :.
import { h, fill, uid } from "./dom.js";
import { store } from "./store.js";
import { people, myChannels, otherChannels } from "./here.js";
import { avatar } from "./people.js";
import { findEmoji } from "./emoji.js";
import { announce } from "./notice.js";

const most = 8; // choices shown at a time

// completion watches field and shows its choices in the element it returns, which belongs above the field.
// Its keys(e) is to be asked first: true means that the key was used here.
export function completion(field, { thread }) {
  const box = h("ul", { class: "completion", role: "listbox", id: uid("completion"), "aria-label": "Suggestions", hidden: true, onmousedown: (e) => e.preventDefault() });
  const hint = h("p", { class: "usage", hidden: true });
  let found = null, active = 0, said = "";
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", box.id);
  field.addEventListener("input", look);
  field.addEventListener("blur", () => hide());
  field.addEventListener("click", look);

  function look() {
    showUsage();
    const before = field.value.slice(0, field.selectionStart);
    found = suggest(before, thread);
    active = 0;
    if (!found?.items.length) return hide();
    draw();
    const words = `${found.items.length} suggestion${found.items.length === 1 ? "" : "s"}: ${found.items[0].label}`;
    if (words !== said) announce(words);
    said = words;
  }

  function showUsage() {
    const command = store.commands.find((c) => field.value.startsWith(`${c.command} `) || field.value === c.command);
    hint.hidden = !command;
    if (command) fill(hint, h("code", null, command.command), " ", command.usage || "", command.description ? h("span", { class: "muted" }, ` ${command.description}`) : null);
  }

  function draw() {
    box.hidden = false;
    fill(box, found.items.map((item, i) => h("li", {
      class: i === active ? "choice active" : "choice", role: "option", id: `${box.id}-${i}`, "aria-selected": String(i === active),
      data: { suggestion: item.insert }, onclick: () => take(i),
    }, item.face, h("span", { class: "suggestion-name" }, item.label), item.note && h("span", { class: "muted" }, item.note))));
    field.setAttribute("aria-activedescendant", `${box.id}-${active}`);
    box.children[active]?.scrollIntoView({ block: "nearest" });
  }

  function hide() {
    found = null;
    box.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function take(i) {
    const item = found.items[i], from = found.from, caret = field.selectionStart;
    field.setRangeText(`${item.insert} `, from, caret, "end");
    hide();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    hide();
  }

  function keys(e) {
    if (!found) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      active = (active + step + found.items.length) % found.items.length;
      draw();
    } else if (e.key === "Tab" || (e.key === "Enter" && !found.exact)) take(active);
    else if (e.key === "Escape") hide();
    else return false;
    e.preventDefault();
    return true;
  }
  return { box, hint, keys, hide };
}

// suggest finds what the text before the caret could become: {from, items, exact}; exact means that the text is
// already one of them, so that Enter sends it.
function suggest(before, thread) {
  const command = before.match(/^\/\S*$/);
  if (command && !thread) return commands(command[0]);
  const word = before.match(/(?:^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u);
  if (!word) return null;
  const [, sign, text] = word;
  const from = before.length - text.length - 1;
  const wanted = text.toLowerCase();
  const items = { "@": callable, "#": channels, ":": named }[sign](wanted).slice(0, most);
  return { from, items, exact: items.some((i) => i.insert === sign + text) };
}

function commands(typed) {
  const wanted = typed.toLowerCase();
  const items = store.commands.filter((c) => c.command.startsWith(wanted)).map((c) => ({ insert: c.command, label: c.command, note: [c.usage, c.description].filter(Boolean).join(" — ") }));
  return { from: 0, items: items.slice(0, most), exact: items.some((i) => i.insert === typed) };
}

const begins = (wanted, ...names) => names.some((n) => n?.toLowerCase().split(/\s+/).some((part) => part.startsWith(wanted)) || n?.toLowerCase().startsWith(wanted));

function callable(wanted) {
  const app = store.users.get(store.app.bot_user);
  const users = [...people(), ...(app ? [app] : [])].filter((u) => begins(wanted, u.name, u.real_name))
    .map((u) => ({ insert: `@${u.name}`, label: u.real_name || u.name, note: `@${u.name}`, face: avatar(u, "small") }));
  const groups = store.usergroups.filter((g) => begins(wanted, g.handle, g.name)).map((g) => ({ insert: `@${g.handle}`, label: `@${g.handle}`, note: g.name }));
  const all = ["here", "channel"].filter((n) => wanted && n.startsWith(wanted)).map((n) => ({ insert: `@${n}`, label: `@${n}`, note: n === "here" ? "everybody who is active here" : "everybody in this channel" }));
  return [...users, ...groups, ...all];
}

const channels = (wanted) => [...myChannels(), ...otherChannels()].filter((c) => c.name.includes(wanted)).map((c) => ({ insert: `#${c.name}`, label: `#${c.name}`, note: c.topic }));

const named = (wanted) => (wanted.length < 2 ? [] : findEmoji(wanted, most).map((e) => ({ insert: `:${e.name}:`, label: `:${e.name}:`, face: h("span", { class: "emoji" }, e.char) })));
