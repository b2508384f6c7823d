// The person's open forms. The newest lies on top; closing it shows the one below.
import { h, fill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { act, explain } from "./api.js";
import { store, watch } from "./store.js";
import { me, here } from "./here.js";
import { onMove } from "./route.js";
import { plainText } from "./mrkdwn.js";
import { viewBody, valuesOf, enterShared, problems } from "./view.js";
import { keepFocus } from "./redraw.js";
import { announce } from "./notice.js";

let dialog = null, body = null, shown = null, opener = null; // shown: {id, text, fields}
const kept = new Map(); // what was entered in views that lie below, by id

// startModals shows the person's forms as the app opens them.
export function startModals() {
  watch(({ kinds }) => (kinds.has("view") || kinds.has("reset")) && update());
  onMove(update);
  update();
}

const mine = () => store.views.filter((v) => v.user === me()?.id && v.type !== "home");

function update() {
  const stack = mine();
  for (const id of kept.keys()) if (!stack.some((v) => v.id === id)) kept.delete(id);
  const view = stack.at(-1);
  if (!view) return shut();
  const text = JSON.stringify(view);
  if (shown?.id === view.id && shown.text === text && shown.depth === stack.length) return;
  if (!dialog) raise();
  const same = shown?.id === view.id;
  if (shown && !same) kept.set(shown.id, shown);
  const before = same ? shown : kept.get(view.id);
  if (same) keepFocus(dialog, () => draw(view, text, stack.length, before));
  else {
    draw(view, text, stack.length, before);
    focusFirst();
    announce(`${view.title?.text || "Form"} opened`);
  }
}

function raise() {
  opener = document.activeElement;
  dialog = h("dialog", {
    class: "modal", oncancel: (e) => {
      e.preventDefault();
      close();
    },
  });
  document.body.append(dialog);
  dialog.showModal();
}

function shut() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = shown = null;
  const back = opener?.isConnected && opener !== document.body ? opener : document.getElementById("composer");
  back?.focus();
}

function draw(view, text, depth, before) {
  const title = uid("title");
  const place = here();
  body = viewBody(view, before, place.channel?.id);
  shown = { id: view.id, text, depth, fields: body.fields, focusOn: body.focusOn };
  dialog.setAttribute("aria-labelledby", title);
  dialog.setAttribute("data-view-id", view.id);
  dialog.setAttribute("data-callback-id", view.callback_id || "");
  const hasInput = (view.blocks || []).some((b) => b.type === "input");
  const closeText = view.close ? plainText(view.close) : depth > 1 ? "Back" : hasInput ? "Cancel" : "Close";
  fill(dialog, h("form", {
    class: "modal-form", novalidate: true, onsubmit: (e) => {
      e.preventDefault();
      submit(view);
    },
  },
  h("header", { class: "modal-head" },
    depth > 1 && h("button", { type: "button", class: "icon-button", "aria-label": "Back", data: { act: "back" }, onclick: () => close() }, icon("back", 18)),
    h("span", { class: "avatar app small", "aria-hidden": "true" }, icon("flame", 13)),
    h("h2", { id: title, tabindex: "-1" }, plainText(view.title)),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close", data: { act: "close" }, onclick: () => close(depth > 1) }, icon("close", 18))),
  h("div", { class: "modal-body" }, h("p", { class: "form-error", role: "alert" }), body.node),
  h("footer", { class: "dialog-actions" },
    h("button", { type: "button", class: "button", data: { act: "cancel" }, onclick: () => close() }, closeText),
    (view.submit || hasInput) && h("button", { type: "submit", class: "button primary", data: { act: "submit" } }, view.submit ? plainText(view.submit) : "Submit"))));
}

function focusFirst() {
  if (shown.focusOn) return shown.focusOn.focus();
  const first = [...shown.fields.values()].find((f) => f.block.type === "input");
  if (first) first.focus();
  else dialog.querySelector("h2").focus();
}

async function submit(view) {
  say("");
  const wrong = problems(shown.fields);
  if (wrong.length) return wrong[0].field.focus();
  const button = dialog.querySelector('[data-act="submit"]');
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const form = shown;
  await enterShared(view.id, form.fields);
  const answer = await act("submit", { user: me().id, view_id: view.id, values: valuesOf(form.fields) });
  if (shown?.id !== form.id) return; // answered by another view, or closed
  dialog.querySelector('[data-act="submit"]')?.removeAttribute("aria-busy");
  const errors = answer.errors || answer.response?.errors;
  if (errors && Object.keys(errors).length) showErrors(errors);
  else if (!answer.ok) say(`This was not submitted. ${explain(answer)}`);
}

// showErrors puts the app's words at the fields they are about, by block id.
function showErrors(errors) {
  let first = null;
  const elsewhere = [];
  for (const [block, text] of Object.entries(errors)) {
    const field = [...shown.fields.values()].find((f) => f.block.block_id === block && f.showError);
    if (!field) elsewhere.push(text);
    else {
      field.showError(text);
      first = first || field;
    }
  }
  say(elsewhere.join(" "));
  first?.focus();
}

function say(text) {
  const line = dialog?.querySelector(".form-error");
  if (line) line.textContent = text;
}

// close puts the top form away; all, every form that lies below it too.
async function close(all = false) {
  const id = shown?.id;
  if (!id) return;
  const answer = await act("close", { user: me().id, view_id: id, all: all || undefined });
  if (answer.ok) return;
  store.views = store.views.filter((v) => v.id !== id); // it is gone there already
  update();
}
