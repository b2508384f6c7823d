// Block Kit's blocks to nodes. A context says where they stand: {act(block, element, value), options(block,
// element, query), fields, saved, channel}; fields collects what holds a value.
import { h, outside, uid } from "./dom.js";
import { icon } from "./icons.js";
import { element, picture } from "./elements.js";
import { mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { store } from "./store.js";

// blocks draws a list of blocks. One that cannot be drawn says so and spoils no other.
export function blocks(list, ctx) {
  return h("div", { class: "blocks" }, (Array.isArray(list) ? list : []).map((block, i) => {
    const given = block.block_id ? block : { ...block, block_id: `block-${i}` };
    let content;
    try {
      content = (makers[given.type] || unknown)(given, ctx);
    } catch (problem) {
      console.error("A block could not be drawn", problem);
      content = label("file", `A block of type “${given.type}” that could not be drawn`);
    }
    return h("div", { class: `block block-${makers[given.type] ? given.type.replaceAll("_", "-") : "unknown"}`, data: { block: given.type, "block-id": given.block_id } }, content);
  }));
}

const label = (name, ...content) => h("div", { class: "card" }, h("span", { class: "card-icon" }, icon(name, 18)), h("div", { class: "card-body" }, content));

const unknown = (b) => label("file", `A block of type “${b.type}”, which this page does not know`);

const makers = {
  section(b, ctx) {
    const text = h("div", { class: "section-text" }, b.text && h("div", { class: "text" }, textObject(b.text)),
      b.fields && h("div", { class: "section-fields" }, b.fields.map((f) => h("div", { class: "text" }, textObject(f)))));
    return [text, b.accessory && h("div", { class: "section-accessory" }, b.accessory.type === "image" ? picture(b.accessory) : element(b.accessory, b, ctx))];
  },
  header: (b) => h(`h${Math.min(Math.max(Number(b.level) || 3, 3), 6)}`, { class: "header-text" }, plainText(b.text)),
  context: (b) => (b.elements || []).map((e) => (e.type === "image" ? picture(e, "small") : h("span", { class: "text" }, textObject(e)))),
  actions: (b, ctx) => (b.elements || []).map((e) => element(e, b, ctx)),
  context_actions: (b, ctx) => (b.elements || []).map((e) => element(e, b, ctx)),
  divider: () => h("hr"),
  image: (b) => h("figure", null, b.title && h("figcaption", null, plainText(b.title)), picture(b)),
  input,
  rich_text: (b) => h("div", { class: "text" }, richText(b)),
  markdown: (b) => h("div", { class: "text markdown" }, markdown(b.text)),
  table,
  video: (b) => label("video", h("strong", null, outside(b.title_url || b.video_url, plainText(b.title))), b.description && h("div", { class: "muted" }, plainText(b.description)),
    h("div", { class: "muted" }, [b.provider_name, b.author_name].filter(Boolean).join(" · ") || "Video"), b.alt_text && h("span", { class: "quiet" }, b.alt_text)),
  file(b) {
    const known = [...store.files.values()].find((f) => f.external_id === b.external_id || f.id === b.file_id);
    return label("file", h("strong", null, known?.title || known?.name || "Remote file"), h("div", { class: "muted" }, b.external_id || ""));
  },
  call(b) {
    const call = b.call?.v1 || {};
    return label("phone", h("strong", null, call.name || "Call"), h("div", { class: "muted" }, call.join_url ? outside(call.join_url, "Join") : `Call ${b.call_id || ""}`));
  },
};

// input is a labelled field with its hint and the place for what is wrong with it.
function input(b, ctx) {
  const el = b.element || {};
  const ids = { id: uid("field"), labelledby: uid("label"), hint: uid("hint"), error: uid("error") };
  const describedby = [b.hint && ids.hint, ids.error].filter(Boolean).join(" ");
  const node = element(el, b, ctx, { id: ids.id, labelledby: ids.labelledby, describedby });
  const registered = ctx.fields?.get(`${b.block_id}/${el.action_id}`);
  const error = h("p", { class: "field-error", id: ids.error });
  if (registered) {
    registered.showError = (text) => {
      error.textContent = text || "";
      registered.control.setAttribute("aria-invalid", text ? "true" : "false");
    };
  }
  const grouped = /select$|checkboxes|radio_buttons/.test(el.type);
  return [
    h(grouped ? "div" : "label", { class: "field-label", id: ids.labelledby, for: grouped ? null : ids.id, onclick: grouped ? () => registered?.focus() : null },
      plainText(b.label), b.optional && h("span", { class: "muted" }, " (optional)")),
    node, b.hint && h("p", { class: "field-hint", id: ids.hint }, plainText(b.hint)), error,
  ];
}

// table draws rows of cells; its first row heads the columns.
function table(b) {
  const settings = b.column_settings || [];
  const cell = (c, row, column) => h(row ? "td" : "th", {
    scope: row ? null : "col", class: `align-${["left", "center", "right"].includes(settings[column]?.align) ? settings[column].align : "left"}${settings[column]?.is_wrapped ? " wrapped" : ""}`,
  }, cellContent(c));
  return h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", null, h("tbody", null, (b.rows || []).map((row, i) => h("tr", null, row.map((c, n) => cell(c, i, n)))))));
}

function cellContent(c) {
  if (c?.type === "rich_text") return richText(c);
  if (c?.type === "mrkdwn") return mrkdwn(c.text);
  return plainText({ text: String(c?.text ?? c?.value ?? ""), emoji: true });
}
