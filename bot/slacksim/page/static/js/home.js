// The app's own page: its home, and the conversation with it.
import { h } from "./dom.js";
import { act } from "./api.js";
import { store } from "./store.js";
import { me } from "./here.js";
import { appName } from "./people.js";
import { address } from "./route.js";
import { viewBody } from "./view.js";
import { keepFocus } from "./redraw.js";

// appTabs are the two sides of the app's page, as links.
export function appTabs(tab) {
  const link = (name, text) => h("a", { class: "tab", href: address({ person: me().name, place: "app", tab: name }), "aria-current": tab === name ? "page" : null, data: { tab: name } }, text);
  return h("nav", { class: "tabs", "aria-label": "App" }, link("home", "Home"), link("messages", "Messages"));
}

// homePage shows the app's home as published for the person, and tells the app that it was opened.
export function homePage() {
  const node = h("div", { class: "home scroll", tabindex: "0", role: "region", "aria-label": "App home" });
  let text = null, body = null;
  function update() {
    const view = store.homes.get(me().id);
    const now = JSON.stringify(view || null);
    if (now === text) return;
    text = now;
    keepFocus(node, () => {
      body = view ? viewBody(view, body) : null;
      node.replaceChildren(body ? h("div", { class: "home-body", data: { "view-id": view.id } }, body.node) : nothing());
    });
  }
  update();
  act("home", { user: me().id });
  return { node, update };
}

function nothing() {
  return h("div", { class: "empty" }, h("h2", null, `${appName()} has published no home yet`),
    h("p", { class: "muted" }, "What the app wants to show you stands here as soon as it publishes it.",
      store.commands.length ? [" Until then, type ", h("code", null, store.commands[0].command), " in any channel."] : ""));
}
