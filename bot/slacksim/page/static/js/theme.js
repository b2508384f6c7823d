// Light or dark: as the machine has it, until the person chooses.
import { h } from "./dom.js";
import { icon } from "./icons.js";

const key = "workspace-theme";

function kept() {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

const dark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

// startTheme applies what was chosen before.
export function startTheme() {
  if (["light", "dark"].includes(kept())) document.documentElement.dataset.theme = kept();
}

// themeButton switches between the two.
export function themeButton() {
  const button = h("button", {
    type: "button", class: "icon-button", data: { act: "theme" }, onclick: () => {
      document.documentElement.dataset.theme = dark() ? "light" : "dark";
      try {
        localStorage.setItem(key, document.documentElement.dataset.theme);
      } catch {
        // kept for this page only
      }
      draw();
    },
  });
  function draw() {
    button.replaceChildren(icon(dark() ? "sun" : "moon", 17));
    button.setAttribute("aria-label", dark() ? "Use light colours" : "Use dark colours");
    button.title = button.getAttribute("aria-label");
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  return button;
}
