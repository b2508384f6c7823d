// The markdown block (and nothing else) to nodes: the common part of Markdown, without HTML.
import { h, outside } from "./dom.js";
import { emoji } from "./emoji.js";

// markdown renders text. What it does not know stays text.
export function markdown(text) {
  const lines = String(text ?? "").replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  let i = 0;
  while (i < lines.length) {
    const [node, next] = block(lines, i);
    if (node) nodes.push(node);
    i = next;
  }
  return nodes;
}

const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const rule = /^\s*([-*_])(\s*\1){2,}\s*$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

// block renders the block that begins at line i and says where the next one begins.
function block(lines, i) {
  const line = lines[i];
  const fence = line.match(/^\s*(```+|~~~+)\s*(\S*)/);
  if (fence) return fenced(lines, i, fence[1]);
  if (!line.trim()) return [null, i + 1];
  if (rule.test(line)) return [h("hr"), i + 1];
  const heading = line.match(/^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/);
  if (heading) return [h(`h${Math.min(heading[1].length + 2, 6)}`, { class: "md-heading" }, inline(heading[2])), i + 1];
  if (/^\s{0,3}>/.test(line)) return quote(lines, i);
  if (item.test(line)) return list(lines, i);
  if (line.includes("|") && tableRule.test(lines[i + 1] || "")) return table(lines, i);
  return paragraph(lines, i);
}

function fenced(lines, i, mark) {
  let end = i + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end++;
  return [h("pre", { class: "code-block" }, lines.slice(i + 1, end).join("\n")), end + 1];
}

function quote(lines, i) {
  const inner = [];
  while (i < lines.length && /^\s{0,3}>/.test(lines[i])) inner.push(lines[i++].replace(/^\s{0,3}>\s?/, ""));
  return [h("blockquote", null, markdown(inner.join("\n"))), i];
}

// list renders the items at one indentation; what is indented deeper belongs to the item before it.
function list(lines, i) {
  const [, indent, marker] = lines[i].match(item);
  const ordered = /\d/.test(marker);
  const node = h(ordered ? "ol" : "ul", { start: ordered ? parseInt(marker, 10) : undefined });
  while (i < lines.length) {
    const found = lines[i].match(item);
    if (!found || found[1].length !== indent.length || /\d/.test(found[2]) !== ordered) break;
    const body = [];
    const width = found[1].length + 1;
    i++;
    while (i < lines.length && lines[i].trim() && lines[i].search(/\S/) >= width) body.push(lines[i++].slice(width));
    node.append(h("li", null, task(found[3]), body.length ? markdown(dedent(body)) : null));
  }
  return [node, i];
}

const dedent = (body) => {
  const least = Math.min(...body.map((l) => l.search(/\S/)));
  return body.map((l) => l.slice(least)).join("\n");
};

function task(text) {
  const found = text.match(/^\[([ xX])\]\s+(.*)$/);
  if (!found) return inline(text);
  return [h("input", { type: "checkbox", disabled: true, checked: found[1] !== " ", "aria-label": found[1] === " " ? "open" : "done" }), " ", inline(found[2])];
}

function cells(line) {
  return line.trim().replace(/^\|/, "").replace(/\|$/, "").split(/(?<!\\)\|/).map((c) => c.trim());
}

function table(lines, i) {
  const head = cells(lines[i]);
  const rows = [];
  for (i += 2; i < lines.length && lines[i].includes("|"); i++) rows.push(cells(lines[i]));
  const row = (tag, list) => h("tr", null, list.map((c) => h(tag, null, inline(c))));
  return [h("div", { class: "table-wrap" }, h("table", null, h("thead", null, row("th", head)), h("tbody", null, rows.map((r) => row("td", r))))), i];
}

function paragraph(lines, i) {
  const text = [];
  while (i < lines.length && lines[i].trim() && (!text.length || !begins(lines, i))) text.push(lines[i++]);
  return [h("p", null, text.flatMap((line, n) => (n ? [h("br"), inline(line)] : [inline(line)]))), i];
}

const begins = (lines, i) => /^\s*(```|~~~|#{1,6}\s|>)/.test(lines[i]) || rule.test(lines[i]) || item.test(lines[i]);

const spans = [
  [/\\([!-/:-@[-`{-~])/, (m) => m[1]],
  [/`([^`]+)`/, (m) => h("code", null, m[1])],
  [/!\[([^\]]*)\]\(([^\s)]+)\)/, (m) => outside(m[2], m[1] || m[2])],
  [/\[([^\]]+)\]\(([^\s)]+)\)/, (m) => outside(m[2], inline(m[1]))],
  [/<(https?:\/\/[^\s>]+)>/, (m) => outside(m[1], m[1])],
  [/\*\*(\S(?:.*?\S)?)\*\*/, (m) => h("strong", null, inline(m[1]))],
  [/__(\S(?:.*?\S)?)__/, (m) => h("strong", null, inline(m[1]))],
  [/~~(\S(?:.*?\S)?)~~/, (m) => h("s", null, inline(m[1]))],
  [/\*(\S(?:[^*]*?\S)?)\*/, (m) => h("em", null, inline(m[1]))],
  [/(?<![\p{L}\p{N}_])_(\S(?:[^_]*?\S)?)_(?![\p{L}\p{N}_])/u, (m) => h("em", null, inline(m[1]))],
  [/https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]}*_~]/, (m) => outside(m[0], m[0])],
  [/:([a-z0-9_+'-]*[a-z+][a-z0-9_+'-]*|-1):/, (m) => emoji(m[1])],
];

// inline renders one line: what begins first wins, and of two that begin together the first in the table.
function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let first = null, make = null;
    for (const [pattern, render] of spans) {
      const found = pattern.exec(rest);
      if (found && (!first || found.index < first.index)) [first, make] = [found, render];
    }
    if (!first) break;
    if (first.index) nodes.push(rest.slice(0, first.index));
    nodes.push(make(first));
    rest = rest.slice(first.index + first[0].length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}
