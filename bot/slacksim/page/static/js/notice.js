// What the page says to its person: short notices on the screen, and words for screen readers.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const lasts = 7000; // milliseconds a notice stays

// notice shows a sentence for a while; kind is "problem" or "done".
export function notice(text, kind = "problem") {
  const shelf = shelve();
  const item = h("div", { class: `notice ${kind}`, role: kind === "problem" ? "alert" : "status" }, h("span", null, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => away() }, icon("close", 14)));
  const away = () => {
    item.remove();
    if (!shelf.children.length) shelf.remove();
  };
  shelf.append(item);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  setTimeout(away, lasts);
}

// shelve brings the place for notices to the top: what lies outside an open dialog can be neither pressed nor heard.
function shelve() {
  const host = [...document.querySelectorAll("dialog[open]")].at(-1) || document.body;
  let shelf = document.getElementById("notices");
  if (shelf?.parentElement !== host) {
    shelf?.remove();
    shelf = h("div", { id: "notices", popover: "manual" });
    host.append(shelf);
  }
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
  return shelf;
}

// announce says text to screen readers without showing it.
export function announce(text) {
  const line = h("p", null, text);
  const live = document.getElementById("live");
  live.append(line);
  while (live.children.length > 5) live.firstChild.remove();
}
