// How people, groups and apps appear.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

const hues = 8;

// avatar is a person's initials on a colour of their own, or the app's flame. The initials are drawn by the style
// sheet: they are a picture, not text.
export function avatar(user, size = "") {
  if (user?.is_bot || user?.is_app) return h("span", { class: `avatar app ${size}`, "aria-hidden": "true" }, icon("flame", size === "small" ? 13 : 20));
  const name = user?.real_name || user?.name || "?";
  const initials = name.split(/\s+/).map((part) => [...part][0] || "").slice(0, size === "small" ? 1 : 2).join("").toUpperCase();
  return h("span", { class: `avatar hue-${hue(user?.id)} ${size}`, "aria-hidden": "true", data: { initials } });
}

// hue is by place in the workspace's list, so that the first people all differ.
function hue(id) {
  const at = [...store.users.keys()].indexOf(id);
  return at < 0 ? hues - 1 : at % hues;
}

// author is who a message shows as: {name, user, isApp}.
export function author(message) {
  const user = store.users.get(message.user);
  const isApp = Boolean(message.bot_id || user?.is_bot);
  const name = message.username || (isApp && (message.bot_profile?.name || user?.real_name)) || nameOf(message.user);
  return { name, user: user || { id: message.user, name, is_bot: isApp }, isApp };
}

// nameOf is what a person is called in a sentence.
export function nameOf(id) {
  const user = store.users.get(id);
  if (!user) return id || "somebody";
  return user.profile?.display_name || user.name || user.real_name || id;
}

// appName is what the app is called.
export const appName = () => store.users.get(store.app.bot_user)?.real_name || store.app.name || "The app";

// groupHandle is a user group's handle, without the @.
export function groupHandle(id) {
  return store.usergroups.find((g) => g.id === id)?.handle || null;
}
