// A field with a list of choices: the ARIA combobox pattern, for one choice or several.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
import { h, fill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

const shortList = 12; // choices that need no typing, so that a phone shows no keyboard
const settle = 200; // milliseconds without a key before an outside source is asked

// combo makes the field. choices(query) gives [{value, text, description, group}], at once or as a promise; chosen
// are the first choices; outside says that asking takes time; clearable allows none; onchange gets the list of chosen ones.
export function combo(options) {
  const { choices, multi = false, max = Infinity, minQuery = 0, placeholder = "", id = uid("combo"), labelledby, describedby, label, size = 0, outside = false } = options;
  const listId = uid("list");
  let chosen = [...(options.chosen || [])], popup = null, shown = [], active = -1, asked = 0, timer = 0;

  const input = h("input", {
    id, class: "combo-input", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": listId, "aria-labelledby": labelledby, "aria-describedby": describedby, "aria-label": labelledby ? null : label || placeholder,
    inputmode: size && size <= shortList ? "none" : null, placeholder, type: "text",
    onfocus: () => !multi && input.select(),
    onclick: () => openList(""),
    oninput: () => {
      clearTimeout(timer);
      if (!outside) return void openList(input.value);
      shown = [];
      timer = setTimeout(() => openList(input.value), settle);
    },
    onkeydown: keys,
    onblur: () => setTimeout(() => !box.contains(document.activeElement) && leave(), 0),
  });
  const chips = h("span", { class: "chips" });
  const empty = h("button", { type: "button", class: "combo-clear", "aria-label": "Choose nothing", hidden: true, data: { act: "clear" }, onclick: () => {
    set([]);
    input.focus();
  } }, icon("close", 13));
  const box = h("span", { class: multi ? "combo multi" : "combo", data: options.data }, chips, input, empty, h("span", { class: "combo-arrow" }, icon("down", 14)));
  paint();

  function paint() {
    input.value = multi ? "" : chosen[0]?.text || "";
    fill(chips, multi ? chosen.map((c) => h("button", {
      type: "button", class: "chip", "aria-label": `Remove ${c.text}`, data: { value: c.value }, onclick: () => {
        set(chosen.filter((o) => o.value !== c.value));
        input.focus();
      },
    }, c.text, icon("close", 12))) : null);
    empty.hidden = !options.clearable || multi || !chosen.length;
    input.placeholder = multi && chosen.length ? "" : placeholder;
  }

  function set(next) {
    chosen = next;
    paint();
    options.onchange?.(chosen);
  }

  async function openList(query) {
    const turn = ++asked;
    const list = h("ul", { class: "choices", role: "listbox", id: listId, "aria-label": label || placeholder || "Choices", "aria-multiselectable": multi ? "true" : null,
      onmousedown: (e) => e.preventDefault(), // the field keeps the focus
    });
    if (!popup) popup = openPopup(input, list, { role: "presentation", beside: box, onclose: () => {
      popup = null;
      input.removeAttribute("aria-activedescendant");
    } });
    else fill(popup.box, list);
    popup.box.style.minWidth = `${box.offsetWidth}px`;
    if (query.length < minQuery) return say(list, `Type ${minQuery === 1 ? "something" : `at least ${minQuery} characters`} to search`);
    const answer = choices(query);
    if (answer instanceof Promise) say(list, "Searching…");
    let found;
    try {
      found = await answer;
    } catch (problem) {
      found = problem.message;
    }
    if (turn !== asked || !popup) return;
    if (typeof found === "string") return say(list, found);
    shown = found.filter((o) => !multi || !chosen.some((c) => c.value === o.value));
    active = multi || query ? 0 : shown.findIndex((o) => o.value === chosen[0]?.value);
    drawList(list);
  }

  function say(list, text) {
    shown = [];
    active = -1;
    fill(list, h("li", { class: "muted", role: "option", "aria-disabled": "true" }, text));
    popup?.place();
  }

  function drawList(list) {
    if (!shown.length) return say(list, "Nothing matches");
    let group = "";
    fill(list, shown.map((o, i) => {
      const head = o.group && o.group !== group ? h("li", { class: "choice-group", role: "presentation" }, o.group) : null;
      group = o.group || group;
      return [head, h("li", {
        class: "choice", role: "option", id: `${listId}-${i}`, data: { value: o.value }, "aria-selected": String(!multi && o.value === chosen[0]?.value),
        onclick: () => choose(o),
      }, h("span", null, o.text), o.description && h("span", { class: "muted" }, o.description))];
    }));
    popup.place();
    mark();
  }

  function mark() {
    const items = [...(popup?.box.querySelectorAll(".choice") || [])];
    items.forEach((item, i) => item.classList.toggle("active", i === active));
    if (items[active]) {
      input.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    if (multi && chosen.length >= max) return;
    const next = multi ? [...chosen, option] : [option];
    const same = !multi && chosen[0]?.value === option.value;
    if (!multi) closeList();
    if (same) paint();
    else set(next);
    if (multi) openList("");
  }

  function closeList() {
    popup?.close(false);
    active = -1;
    input.removeAttribute("aria-activedescendant");
  }

  function leave() {
    clearTimeout(timer);
    closeList();
    paint();
    options.onleave?.(chosen);
  }

  function keys(e) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (move && !popup) openList("");
    else if (move) {
      active = (active + move + shown.length) % (shown.length || 1);
      mark();
    } else if (e.key === "Enter") { // it chooses or opens the list; it never sends the form around the field
      if (!popup) openList("");
      else if (shown[active]) choose(shown[active]);
    } else if (e.key === "Escape" && popup) {
      closeList();
      paint();
      e.stopPropagation();
    } else if (e.key === "Backspace" && multi && !input.value && chosen.length) {
      set(chosen.slice(0, -1));
      return;
    } else return;
    e.preventDefault();
  }

  return { node: box, input, get: () => chosen };
}
