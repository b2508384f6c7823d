// Who uses this tab and what they look at, resolved from the address and the store.
import { store } from "./store.js";
import { current, go } from "./route.js";

// people are the humans of the workspace, in its order.
export const people = () => [...store.users.values()].filter((u) => !u.is_bot && !u.deleted && u.id !== "USLACKBOT");

// me is the person this tab is.
export function me() {
  const { person } = current();
  return people().find((u) => u.name === person || u.id === person) || null;
}

// myChannels are what the person is in, direct messages apart; others are the open channels they could join.
export function myChannels() {
  const id = me()?.id;
  return rooms().filter((c) => !c.is_archived && c.members.includes(id));
}
export function otherChannels() {
  const id = me()?.id;
  return rooms().filter((c) => !c.is_archived && !c.is_private && !c.members.includes(id));
}
export function archivedChannels() {
  return rooms().filter((c) => c.is_archived && mayRead(c));
}
// conversations are the person's direct messages with somebody other than the app.
export function conversations() {
  const id = me()?.id;
  return [...store.channels.values()].filter((c) => (c.is_im || c.is_mpim) && c.members.includes(id) && !isAppDM(c));
}

const rooms = () => [...store.channels.values()].filter((c) => !c.is_im && !c.is_mpim).sort((a, b) => a.name.localeCompare(b.name));

// mayRead says whether the person may look into a channel: their own, and the public ones unless they are a guest.
export function mayRead(c) {
  const user = me();
  if (!user) return false;
  return c.members.includes(user.id) || (!c.is_private && !c.is_im && !c.is_mpim && !user.is_restricted);
}

const isAppDM = (c) => c.is_im && (c.members.includes(store.app.bot_user) || c.user === store.app.bot_user);

// appDM is the person's conversation with the app, if there is one yet.
export function appDM() {
  const id = me()?.id;
  return [...store.channels.values()].find((c) => isAppDM(c) && (c.members.includes(id) || c.user === id)) || null;
}

// here is what the tab shows: {kind: "channel" | "app" | "none", channel, tab, thread}.
export function here() {
  const { place, tab, thread } = current();
  if (place === "app") return { kind: "app", channel: tab === "messages" ? appDM() : null, tab, thread };
  const channel = findChannel(place);
  if (!channel || !mayRead(channel)) return { kind: "none", channel: null, tab: "", thread: "" };
  if (isAppDM(channel)) return { kind: "app", channel, tab: "messages", thread };
  return { kind: "channel", channel, tab: "", thread };
}

export function findChannel(named) {
  return store.channels.get(named) || [...store.channels.values()].find((c) => c.name === named && !c.is_im) || null;
}

// settle gives an address that names nobody, or a place this person cannot see, one that exists.
export function settle() {
  const user = me() || people()[0];
  if (!user) return;
  const { person, place } = current();
  if (person !== user.name && person !== user.id) return go({ person: user.name, place }, true);
  if (here().kind !== "none") return;
  const home = findChannel("general");
  const first = home && mayRead(home) ? home : myChannels()[0];
  go({ place: first ? first.id : "app" }, true);
}

// channelTitle is what a conversation is called in lists and headings.
export function channelTitle(c) {
  if (!c.is_im && !c.is_mpim) return c.name;
  const others = c.members.filter((id) => id !== me()?.id).map((id) => store.users.get(id)?.real_name || id);
  return others.join(", ") || c.name || "Direct message";
}

// findPerson finds somebody by @name, name or id.
export function findPerson(named) {
  const name = String(named).replace(/^@/, "");
  return people().find((u) => u.id === name || u.name === name) || null;
}
