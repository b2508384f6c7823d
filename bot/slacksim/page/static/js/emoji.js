// Emoji: names to characters, and the picker.
import { h, uid, fill } from "./dom.js";
import { openPopup } from "./popup.js";
import { categories } from "./emoji-data.js";

const byName = new Map();
const inOrder = []; // [{char, name, category}]
for (const [category, text] of Object.entries(categories)) {
  const words = text.trim().split(/\s+/);
  for (let i = 0; i < words.length; i += 2) {
    const names = words[i + 1].split(",");
    inOrder.push({ char: words[i], name: names[0], names, category });
    for (const name of names) byName.set(name, words[i]);
  }
}

const tones = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

// emojiChar is the character of a short name (with Slack's ::skin-tone-N), or null.
export function emojiChar(name) {
  const [base, tone] = name.split("::skin-tone-");
  const char = byName.get(base);
  if (!char) return null;
  return tone && tones[tone] ? char.replace("\uFE0F", "") + tones[tone] : char;
}

// emoji shows a short name: its character, or the name as it was written.
export function emoji(name) {
  const char = emojiChar(name);
  if (!char) return h("span", { class: "emoji-unknown" }, `:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": `${name.split("::")[0].replaceAll("_", " ")} emoji`, title: `:${name}:` }, char);
}

// findEmoji are the emoji whose name holds text, those that begin with it first.
export function findEmoji(text, limit) {
  const wanted = text.toLowerCase().replace(/\s+/g, "_");
  const begins = [], holds = [];
  for (const e of inOrder) {
    if (e.names.some((n) => n.startsWith(wanted))) begins.push(e);
    else if (e.names.some((n) => n.includes(wanted))) holds.push(e);
  }
  return [...begins, ...holds].slice(0, limit);
}

const usual = ["+1", "eyes", "white_check_mark", "fire", "fire_engine", "raised_hands", "tada", "heart", "joy", "thinking_face",
  "rotating_light", "warning", "hourglass_flowing_sand", "pushpin", "memo", "mag", "wrench", "bug", "rocket", "wave", "-1", "pray", "sob", "sweat_smile"];

const columns = 8; // as in the style sheet's .emoji-grid
const shown = 96;

// pickEmoji opens the picker at anchor and calls chosen with a short name.
export function pickEmoji(anchor, chosen) {
  const grid = h("div", { class: "emoji-grid", role: "listbox", "aria-label": "Emoji", id: uid("emoji") });
  const search = h("input", {
    type: "search", class: "field", placeholder: "Search emoji", "aria-label": "Search emoji", autocomplete: "off",
    "aria-controls": grid.id, oninput: () => show(search.value),
    onkeydown: (e) => {
      if (e.key === "Enter") grid.querySelector("button")?.click();
      else if (e.key === "ArrowDown") grid.querySelector("button")?.focus();
      else return;
      e.preventDefault();
    },
  });
  grid.addEventListener("keydown", (e) => moveInGrid(e, grid, search));
  const popup = openPopup(anchor, h("div", { class: "emoji-picker" }, search, grid), { label: "Pick an emoji", focus: search });

  function show(text) {
    const found = text ? findEmoji(text, shown) : [...usual.map((name) => ({ name, char: byName.get(name) })), ...inOrder.slice(0, shown - usual.length)];
    fill(grid, found.map((e) => h("button", {
      type: "button", class: "emoji-choice", role: "option", "aria-label": e.name.replaceAll("_", " "), title: `:${e.name}:`,
      data: { emoji: e.name }, onclick: () => {
        popup.close();
        chosen(e.name);
      },
    }, e.char)), found.length ? null : h("p", { class: "muted" }, "No emoji has that name."));
    popup.place();
  }
  show("");
}

function moveInGrid(e, grid, search) {
  const all = [...grid.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[e.key];
  if (at < 0 || !step) return;
  e.preventDefault();
  if (at + step < 0) search.focus();
  else all[Math.min(at + step, all.length - 1)].focus();
}
