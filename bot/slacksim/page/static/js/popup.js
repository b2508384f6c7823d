// What opens over the page beside something: menus, the emoji picker, lists of choices, and small dialogs.
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

const gap = 6, margin = 8; // pixels between a popup, its anchor and the edge of the window

let open = null;

// openPopup shows content beside anchor until Escape, a press elsewhere or close(). Only one is open at a time.
// The focus goes to focus (none: stays) and returns to the anchor; beside, where given, is what the box stands at.
export function openPopup(anchor, content, { label, role = "dialog", focus, onclose, beside = anchor } = {}) {
  open?.close();
  const box = h("div", { class: "popup", popover: "manual", role, "aria-label": label }, content);
  (anchor.closest("dialog") || document.body).append(box);
  box.showPopover?.();
  place(box, beside);

  const away = (e) => !box.contains(e.target) && !beside.contains(e.target) && popup.close(false);
  const keys = (e) => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    popup.close();
  };
  const popup = {
    box, anchor,
    close(refocus = true) {
      if (open !== popup) return;
      open = null;
      document.removeEventListener("pointerdown", away, true);
      document.removeEventListener("keydown", keys, true);
      removeEventListener("resize", popup.place);
      const held = box.contains(document.activeElement);
      box.remove();
      anchor.setAttribute("aria-expanded", "false");
      if (refocus && (held || focus) && anchor.isConnected) anchor.focus();
      onclose?.();
    },
    place: () => place(box, beside),
  };
  open = popup;
  document.addEventListener("pointerdown", away, true);
  document.addEventListener("keydown", keys, true);
  addEventListener("resize", popup.place);
  anchor.setAttribute("aria-expanded", "true");
  focus?.focus();
  return popup;
}

// place puts box below the anchor, or above where there is more room, inside the window.
function place(box, anchor) {
  const a = anchor.getBoundingClientRect();
  const width = box.offsetWidth, height = box.offsetHeight;
  const below = innerHeight - a.bottom - gap - margin, above = a.top - gap - margin;
  const up = height > below && above > below;
  const top = up ? Math.max(margin, a.top - gap - height) : a.bottom + gap;
  box.style.left = `${Math.max(margin, Math.min(a.left, innerWidth - width - margin))}px`;
  box.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
}

// openMenu shows items {label, onclick, icon, hint, danger, data} as a menu; null items are left out.
export function openMenu(anchor, items, label) {
  const buttons = items.filter(Boolean).map((item) => h("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "menu-item danger" : "menu-item", data: item.data,
    onclick: () => {
      popup.close();
      item.onclick();
    },
  }, item.icon && icon(item.icon, 16), h("span", { class: "menu-label" }, item.label), item.hint && h("span", { class: "menu-hint" }, item.hint)));
  const menu = h("div", { class: "menu", onkeydown: (e) => moveInMenu(e, buttons, popup) }, buttons);
  const popup = openPopup(anchor, menu, { label, role: "menu", focus: buttons[0] });
  return popup;
}

function moveInMenu(e, buttons, popup) {
  const at = buttons.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % buttons.length, ArrowUp: (at - 1 + buttons.length) % buttons.length,
    Home: 0, End: buttons.length - 1,
  }[e.key];
  if (e.key === "Tab") popup.close();
  else if (to !== undefined) buttons[to].focus();
  else if (e.key.length === 1 && /\S/.test(e.key)) {
    const wanted = e.key.toLowerCase();
    [...buttons.slice(at + 1), ...buttons].find((b) => b.textContent.trim().toLowerCase().startsWith(wanted))?.focus();
    return;
  } else return;
  e.preventDefault();
}

// ask shows a question and resolves to whether the person agreed. Texts are plain.
export function ask({ title, text, confirm = "Yes", deny = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const heading = uid("ask");
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const agree = h("button", { type: "button", class: danger ? "button danger" : "button primary", data: { answer: "confirm" }, onclick: () => answer(true) }, confirm);
    const dialog = h("dialog", {
      class: "ask", "aria-labelledby": heading, oncancel: (e) => {
        e.preventDefault();
        answer(false);
      },
    }, h("h2", { id: heading }, title), h("div", { class: "ask-text" }, text), h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "button", data: { answer: "deny" }, onclick: () => answer(false) }, deny), agree));
    document.body.append(dialog);
    dialog.showModal();
    agree.focus();
  });
}
