// Between what a person types and the text that the workspace keeps.
import { store } from "./store.js";
import { nameOf, groupHandle } from "./people.js";
import { unescape } from "./mrkdwn.js";

// encode is typed text as it is sent. The workspace itself finds names and links in it; what looks like one of
// Slack's tokens but was typed by hand is only text.
export function encode(text) {
  return text.replace(/<(?=[@#!]|https?:|mailto:|tel:)/gi, "&lt;");
}

// decode is a kept text as its author would type it.
export function decode(text = "") {
  return unescape(text.replace(/<([^<>]+)>/g, (whole, inner) => {
    const [target, label = ""] = inner.split("|");
    if (target.startsWith("@")) return `@${nameOf(target.slice(1))}`;
    if (target.startsWith("#")) return `#${store.channels.get(target.slice(1))?.name || label}`;
    if (target.startsWith("!subteam^")) return `@${groupHandle(target.slice(9)) || label.replace(/^@/, "")}`;
    if (target.startsWith("!")) return label || `@${target.slice(1)}`;
    return target.startsWith("mailto:") ? target.slice(7) : target;
  }));
}
