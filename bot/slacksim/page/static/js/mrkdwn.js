// Slack's mrkdwn (https://docs.slack.dev/messaging/formatting-message-text) to nodes.
import { h, outside } from "./dom.js";
import { emoji, emojiChar } from "./emoji.js";
import { formatDate, full } from "./time.js";
import { userMention, channelMention, groupMention, broadcast } from "./mention.js";

const deepest = 6; // levels of formatting within formatting; deeper marks stay text

// mrkdwn renders a text object's text. With verbatim, bare addresses stay text.
export function mrkdwn(text, { verbatim = false } = {}) {
  return String(text ?? "").split(/```([^]+?)```/).flatMap((piece, i, all) => {
    if (i % 2) return [h("pre", { class: "code-block" }, plain(piece.replace(/^\n/, "")))];
    const before = i + 1 < all.length ? piece.replace(/\n$/, "") : piece; // a fence ends the line it is on
    return lines(i ? before.replace(/^\n/, "") : before, verbatim);
  });
}

// lines renders text without fences: quotes and, between them, inline text.
function lines(text, verbatim) {
  const nodes = [], quote = [], body = [];
  const endQuote = () => quote.length && nodes.push(h("blockquote", null, inlineLines(quote.splice(0), verbatim)));
  const endBody = () => {
    if (!body.length) return;
    nodes.push(...inlineLines(body.splice(0), verbatim));
  };
  const all = text.split("\n");
  for (let i = 0; i < all.length; i++) {
    const rest = all[i].match(/^(?:&gt;|>){3}\s?(.*)$/);
    if (rest) {
      endBody();
      quote.push(rest[1], ...all.slice(i + 1));
      break;
    }
    const quoted = all[i].match(/^(?:&gt;|>)\s?(.*)$/);
    if (quoted) {
      endBody();
      quote.push(quoted[1]);
    } else {
      endQuote();
      body.push(all[i]);
    }
  }
  endQuote();
  endBody();
  return nodes;
}

function inlineLines(list, verbatim) {
  return list.flatMap((line, i) => (i ? [h("br"), ...inline(line, verbatim)] : inline(line, verbatim)));
}

const entities = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (e) => entities[e]);

const marks = { "*": "strong", "_": "em", "~": "s" };
const address = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]}*_~]/y;
const emojiName = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;
const wordish = /[\p{L}\p{N}]/u;

// inline renders one line. It is linear but for nesting: what has no end on this line is looked for once.
function inline(text, verbatim, depth = 0) {
  const nodes = [];
  const endless = new Set();
  let buffer = "", i = 0;
  const flush = () => {
    if (buffer) nodes.push(unescape(buffer));
    buffer = "";
  };
  const put = (node, next) => {
    flush();
    nodes.push(node);
    i = next;
  };
  const end = (mark, find) => {
    if (endless.has(mark)) return -1;
    const at = find();
    if (at < 0) endless.add(mark);
    return at;
  };
  while (i < text.length) {
    const c = text[i];
    if (c === "`") {
      const at = end("`", () => text.indexOf("`", i + 1));
      if (at > i + 1) {
        put(h("code", null, plain(text.slice(i + 1, at))), at + 1);
        continue;
      }
    } else if (c === "<") {
      const at = end("<", () => text.indexOf(">", i + 1));
      if (at > i + 1) {
        put(token(text.slice(i + 1, at)), at + 1);
        continue;
      }
    } else if (marks[c] && depth < deepest && opens(text, i)) {
      const at = end(c, () => closing(text, i, c));
      if (at > 0) {
        put(h(marks[c], null, inline(text.slice(i + 1, at), verbatim, depth + 1)), at + 1);
        continue;
      }
    } else if (c === ":") {
      emojiName.lastIndex = i;
      const found = emojiName.exec(text);
      if (found && emojiChar(found[1])) {
        put(emoji(found[1]), emojiName.lastIndex);
        continue;
      }
    } else if (c === "h" && !verbatim && !wordish.test(text[i - 1] || "")) {
      address.lastIndex = i;
      const found = address.exec(text);
      if (found) {
        const url = unescape(found[0]);
        put(outside(url, url), address.lastIndex);
        continue;
      }
    }
    buffer += c;
    i++;
  }
  flush();
  return nodes;
}

// opens says whether the mark at i can begin formatting: no word before it, no space after it.
function opens(text, i) {
  return !wordish.test(text[i - 1] || "") && /\S/.test(text[i + 1] || "") && text[i + 1] !== text[i];
}

// closing finds the mark that ends what the one at i begins, or -1: no space before it, no word after it, and
// not inside code or a token.
function closing(text, i, mark) {
  for (let j = i + 1; j < text.length; j++) {
    const skip = { "`": "`", "<": ">" }[text[j]];
    if (skip) {
      const past = text.indexOf(skip, j + 1);
      if (past > 0) {
        j = past;
        continue;
      }
    }
    if (text[j] === mark && j > i + 1 && /\S/.test(text[j - 1]) && !wordish.test(text[j + 1] || "")) return j;
  }
  return -1;
}

// plain renders code: tokens still stand for names and links, marks are text.
function plain(text) {
  return text.split(/(<[^<>\n]+>)/).map((piece, i) => (i % 2 ? token(piece.slice(1, -1)) : unescape(piece)));
}

// token renders what stands between < and >.
function token(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inner.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = unescape(target);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) return unescape(`<${inner}>`); // what an app forgot to escape is only text
  return outside(url, ...(label ? inlineEmoji(label) : [url.replace(/^mailto:/, "")]));
}

// inlineEmoji is text with its :names: as emoji.
export function inlineEmoji(label) {
  return label.split(/(:[a-z0-9_+'-]+:)/).map((piece, i) => (i % 2 ? emoji(piece.slice(1, -1)) : piece));
}

function special(name, label) {
  if (name.startsWith("subteam^")) return groupMention(name.slice("subteam^".length), label);
  if (name.startsWith("date^")) return date(name, label);
  const word = name.split("^")[0];
  if (["here", "channel", "everyone"].includes(word)) return broadcast(word);
  return h("span", null, label || `<!${name}>`);
}

// date renders <!date^SECONDS^FORMAT^LINK|FALLBACK>.
function date(name, fallback) {
  const [, seconds, format = "{date}", link] = name.split("^");
  const moment = Number(seconds);
  if (!seconds || !Number.isFinite(moment) || Math.abs(moment) > 8e12) return h("span", null, fallback);
  const shown = h("time", { datetime: new Date(moment * 1000).toISOString(), title: full(moment * 1000) }, formatDate(moment, unescape(format)));
  return link ? outside(unescape(link), shown) : shown;
}

// plainText renders a plain_text object: emoji and line breaks, nothing else.
export function plainText(object) {
  const text = typeof object === "string" ? object : object?.text ?? "";
  const named = typeof object === "string" || object?.emoji !== false;
  return text.split("\n").flatMap((line, i) => {
    const shown = named ? inlineEmoji(line) : [line];
    return i ? [h("br"), ...shown] : shown;
  });
}

// textObject renders either kind.
export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, { verbatim: object.verbatim }) : plainText(object);
}
