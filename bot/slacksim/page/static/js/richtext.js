// rich_text blocks to nodes.
import { h, append, outside } from "./dom.js";
import { emoji } from "./emoji.js";
import { formatDate, full } from "./time.js";
import { userMention, channelMention, groupMention, broadcast } from "./mention.js";

// richText renders a rich_text block's elements.
export function richText(block) {
  return (block.elements || []).map(part);
}

const parts = {
  rich_text_section: (e) => h("div", { class: "rt-section" }, spans(e.elements)),
  rich_text_preformatted: (e) => h("pre", { class: "code-block" }, spans(e.elements, true)),
  rich_text_quote: (e) => h("blockquote", null, spans(e.elements)),
  rich_text_list: list,
};

function part(e) {
  return (parts[e.type] || (() => h("span", { class: "muted" }, `[${e.type}]`)))(e);
}

const deepestIndent = 5; // as in the style sheet

function list(e) {
  const ordered = e.style === "ordered";
  const indent = Math.min(Number(e.indent) || 0, deepestIndent);
  const start = ordered && e.offset ? Number(e.offset) + 1 : undefined;
  return h(ordered ? "ol" : "ul", { class: `rt-list indent-${indent}`, start }, (e.elements || []).map((item) => h("li", null, item.type === "rich_text_section" ? spans(item.elements) : part(item))));
}

const leaves = {
  text: (e) => withBreaks(e.text || ""),
  link: (e) => outside(e.url, e.text || e.url),
  emoji: (e) => emoji(e.skin_tone ? `${e.name}::skin-tone-${e.skin_tone}` : e.name),
  user: (e) => userMention(e.user_id),
  channel: (e) => channelMention(e.channel_id),
  usergroup: (e) => groupMention(e.usergroup_id),
  broadcast: (e) => broadcast(e.range),
  date: (e) => {
    const shown = h("time", { datetime: isoOf(e.timestamp), title: full(e.timestamp * 1000) }, formatDate(e.timestamp, e.format || "{date}"));
    return e.url ? outside(e.url, shown) : shown;
  },
  color: (e) => h("code", { class: "color" }, e.value),
};

function isoOf(seconds) {
  const moment = new Date(Number(seconds) * 1000);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

function withBreaks(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

const wrappers = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

function spans(elements, preformatted = false) {
  return (elements || []).map((e) => {
    let node = preformatted && e.type === "text" ? e.text : leaves[e.type] ? leaves[e.type](e) : h("span", { class: "muted" }, `[${e.type}]`);
    for (const [style, tag] of wrappers) if (e.style?.[style]) node = append(h(tag), [node]);
    return node;
  });
}
