// What hangs on a message: secondary attachments and files.
import { h, outside } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { blocks } from "./blocks.js";
import { picture } from "./elements.js";
import { contextOf } from "./message.js";
import { sizeText } from "./files.js";

const colours = { good: "good", warning: "warning", danger: "danger" };

// attachments draws a message's secondary attachments.
export function attachments(m, channel) {
  return (m.attachments || []).map((a) => h("div", { class: `attachment ${colours[a.color] || ""}` },
    a.pretext && h("div", { class: "text" }, mrkdwn(a.pretext)),
    a.author_name && h("div", { class: "muted" }, a.author_name),
    a.title && h("strong", null, a.title_link ? outside(a.title_link, a.title) : a.title),
    a.blocks ? blocks(a.blocks, contextOf(channel, m)) : a.text && h("div", { class: "text" }, mrkdwn(a.text)),
    a.fields && h("div", { class: "section-fields" }, a.fields.map((f) => h("div", { class: "text" }, h("strong", null, f.title), h("br"), mrkdwn(String(f.value ?? ""))))),
    a.image_url && picture({ image_url: a.image_url, alt_text: a.fallback }),
    a.footer && h("div", { class: "muted" }, a.footer)));
}

// fileCards lists a message's files as links to their bytes.
export function fileCards(files) {
  if (!files?.length) return null;
  return h("div", { class: "files" }, files.map((f) => h("div", { class: "card file", data: { file: f.id } },
    h("span", { class: "card-icon" }, icon(f.mimetype?.startsWith("image/") ? "image" : "file", 18)),
    h("div", { class: "card-body" }, h("strong", null, fileLink(f)), h("div", { class: "muted" }, [f.pretty_type || f.mimetype, sizeText(f.size)].filter(Boolean).join(" · "))))));
}

function fileLink(f) {
  const name = f.title || f.name || f.id;
  return /^\/sim\/files\//.test(f.url || "") ? h("a", { href: f.url, download: f.name || name }, name) : name;
}
