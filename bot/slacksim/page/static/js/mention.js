// Names within texts: people, channels, groups, and everybody at once.
import { h } from "./dom.js";
import { store } from "./store.js";
import { me, mayRead, channelTitle } from "./here.js";
import { nameOf, groupHandle } from "./people.js";
import { address } from "./route.js";

// userMention shows a person by name; label serves where nobody has that id.
export function userMention(id, label = "") {
  const known = store.users.has(id);
  const mine = id === me()?.id;
  return h("span", { class: mine ? "mention mine" : "mention", data: { mention: id } }, `@${known ? nameOf(id) : label.replace(/^@/, "") || id}`);
}

// channelMention leads to a channel the person may read.
export function channelMention(id, label = "") {
  const channel = store.channels.get(id);
  if (channel && mayRead(channel)) {
    return h("a", { class: "mention", href: address({ person: me().name, place: id }) }, `#${channelTitle(channel)}`);
  }
  return h("span", { class: "mention" }, channel?.is_private ? "a private channel" : `#${label || channel?.name || id}`);
}

// groupMention shows a user group by its handle.
export function groupMention(id, label = "") {
  const mine = store.usergroups.find((g) => g.id === id)?.users?.includes(me()?.id);
  return h("span", { class: mine ? "mention mine" : "mention" }, `@${groupHandle(id) || label.replace(/^@/, "") || id}`);
}

// broadcast is @here, @channel or @everyone.
export const broadcast = (word) => h("span", { class: "mention mine" }, `@${word}`);

// mentions says whether a message calls the person.
export function mentions(message, user) {
  const text = `${message.text || ""} ${JSON.stringify(message.blocks || "")}`;
  if (text.includes(`<@${user.id}`) || text.includes(`"user_id":"${user.id}"`)) return true;
  if (/<!(here|channel|everyone)/.test(text)) return true;
  return store.usergroups.some((g) => g.users?.includes(user.id) && text.includes(g.id));
}
