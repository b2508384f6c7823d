// What the page says to its person: short notices on the screen, and words for screen readers.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const lasts = 7000; // milliseconds a notice stays

// notice shows a sentence for a while; kind is "problem" or "done".
export function notice(text, kind = "problem") {
  const shelf = document.getElementById("notices");
  const item = h("div", { class: `notice ${kind}`, role: kind === "problem" ? "alert" : "status" }, h("span", null, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => item.remove() }, icon("close", 14)));
  shelf.append(item);
  while (shelf.children.length > 3) shelf.firstChild.remove();
  setTimeout(() => item.remove(), lasts);
}

// announce says text to screen readers without showing it.
export function announce(text) {
  const line = h("p", null, text);
  const live = document.getElementById("live");
  live.append(line);
  while (live.children.length > 5) live.firstChild.remove();
}
