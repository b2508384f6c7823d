// Block Kit's interactive elements. What a person does with one is told to the context's act.
import { h, outside, safeLink } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu, ask } from "./popup.js";
import { plainText, textObject } from "./mrkdwn.js";
import { inputs } from "./inputs.js";
import { menu, named } from "./selects.js";
import { notice } from "./notice.js";
import { explain } from "./api.js";

const isMenu = (el) => /_select$/.test(el.type);

// isField says whether an element holds a value.
export const isField = (el) => isMenu(el) || el.type in inputs;

// element draws el, which stands in block. In an input block, o names its label and hint.
export function element(el, block, ctx, o = {}) {
  const data = { "action-id": el.action_id, "block-id": block.block_id, element: el.type };
  if (isField(el)) return field(el, block, ctx, { ...o, data });
  if (simple[el.type]) return simple[el.type](el, block, ctx, data);
  return h("span", { class: "muted", data }, `[${el.type}]`);
}

// keyOf names a field within its view: Slack keeps what was entered while both ids stay the same.
export const fieldKey = (block, el) => `${block.block_id}/${el.action_id}`;

function field(el, block, ctx, o) {
  const acts = block.type !== "input" || block.dispatch_action;
  const key = fieldKey(block, el);
  const options = {
    ...o, ctx, block, label: named(block.text?.text || ""), saved: ctx.saved?.get(key),
    onchange: acts ? async (value) => {
      if (el.confirm && !(await confirmed(el.confirm))) return;
      perform(made.node, ctx, block, el, value);
    } : null,
  };
  const made = (isMenu(el) ? menu : inputs[el.type])(el, options);
  const pristine = ctx.before?.get(key)?.pristine ?? JSON.stringify(made.get());
  ctx.fields?.set(key, { ...made, block, element: el, pristine, sent: ctx.before?.get(key)?.sent || false });
  if (el.focus_on_load) ctx.focusOn = made;
  return made.node;
}

// perform tells the app what was done and shows a problem where there was one.
async function perform(node, ctx, block, el, value) {
  node.setAttribute("aria-busy", "true");
  const answer = await ctx.act(block, el, value);
  node.removeAttribute("aria-busy");
  if (!answer.ok) notice(`That did not get through. ${explain(answer)}`);
}

function confirmed(confirm) {
  return ask({
    title: plainText(confirm.title), text: textObject(confirm.text), danger: confirm.style === "danger",
    confirm: plainText(confirm.confirm), deny: plainText(confirm.deny),
  });
}

async function press(node, el, block, ctx, value) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (el.confirm && !(await confirmed(el.confirm))) return;
  perform(node, ctx, block, el, value);
}

const simple = {
  button(el, block, ctx, data) {
    const style = { primary: " primary", danger: " danger" }[el.style] || "";
    const props = { class: `button${style}`, data, "aria-label": el.accessibility_label, onclick: () => press(node, el, block, ctx) };
    const href = el.url && safeLink(el.url);
    const node = href ? h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer", title: href }, plainText(el.text), icon("link", 13))
      : h("button", { ...props, type: "button" }, plainText(el.text));
    return node;
  },
  workflow_button: (el, block, ctx, data) => simple.button({ ...el, url: undefined }, block, ctx, data),
  icon_button(el, block, ctx, data) {
    const known = { trash: "trash" }[el.icon] || "bolt";
    const node = h("button", {
      type: "button", class: "button icon-text", data, "aria-label": el.accessibility_label, onclick: () => press(node, el, block, ctx, el.value),
    }, icon(known, 15), plainText(el.text));
    return node;
  },
  feedback_buttons(el, block, ctx, data) {
    const one = (button, name) => {
      const node = h("button", {
        type: "button", class: "button icon-text", "aria-label": button.accessibility_label, data: { value: button.value },
        onclick: () => press(node, el, block, ctx, button.value),
      }, icon(name, 15), plainText(button.text));
      return node;
    };
    return h("span", { class: "button-pair", role: "group", "aria-label": "Feedback", data }, one(el.positive_button, "up"), one(el.negative_button, "thumbdown"));
  },
  overflow(el, block, ctx, data) {
    const node = h("button", {
      type: "button", class: "button square", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", data,
      onclick: () => openMenu(node, (el.options || []).map((o) => ({
        label: named(o.text?.text), hint: named(o.description?.text || ""), data: { value: o.value },
        onclick: () => {
          const href = o.url && safeLink(o.url);
          if (href) open(href, "_blank", "noopener,noreferrer");
          press(node, el, block, ctx, o.value);
        },
      })), "More actions"),
    }, icon("more", 16));
    return node;
  },
  image: (el) => picture(el, "small"),
};

// picture stands for an image. The page asks no other host for anything, so an image from elsewhere is a link.
export function picture(el, size = "") {
  const address = el.image_url || el.slack_file?.url || "";
  if (address.startsWith("data:image/")) return h("img", { class: `picture ${size}`, src: address, alt: el.alt_text || "" });
  const label = el.alt_text || "Image";
  const content = [icon("image", size ? 14 : 18), h("span", { class: "picture-label" }, label)];
  const node = address ? outside(address, content) : h("span", null, content);
  node.classList.add("picture-link", ...(size ? [size] : []));
  node.setAttribute("data-element", "image");
  return node;
}
