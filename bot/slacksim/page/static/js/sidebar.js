// The list of channels, the app, and the people one can be.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store, watch } from "./store.js";
import { me, here, people, myChannels, otherChannels, archivedChannels, conversations, appDM, channelTitle } from "./here.js";
import { address, current, onMove } from "./route.js";
import { avatar, appName } from "./people.js";
import { unread } from "./unread.js";
import { redraw } from "./redraw.js";
import { storyButton, watchStory } from "./story.js";
import { themeButton } from "./theme.js";

const isOpen = { others: false, archived: false };

// sidebar makes it; it keeps itself up to date.
export function sidebar() {
  const status = h("p", { class: "status" });
  const lists = h("div", { class: "lists scroll" });
  const story = h("div", { class: "story-place" });
  const persons = h("div", { class: "persons" });
  const node = h("nav", { id: "sidebar", "aria-label": "Channels and people" },
    h("header", { class: "workspace" }, h("h1", null, store.team.name || "Workspace"), themeButton(),
      h("button", { type: "button", class: "icon-button close-drawer", "aria-label": "Close the channel list", onclick: closeDrawer }, icon("close", 18))),
    status, lists, story, persons);
  node.addEventListener("click", (e) => e.target.closest("a") && closeDrawer());
  node.addEventListener("keydown", moveInList);

  function update() {
    if (!me()) return;
    drawStatus(status);
    const mine = myChannels().map(channelRow), app = appRow(), dms = conversations().map(channelRow);
    const others = otherChannels().filter(() => !me().is_restricted).map(channelRow), archived = archivedChannels().map(channelRow);
    redraw(lists, [mine, app, dms, others, archived, me().id, appName()], () => [
      group("Channels", mine.map(link)),
      group("App", [link(app)]),
      dms.length ? group("Direct messages", dms.map(link)) : null,
      folded("others", "More channels", others),
      folded("archived", "Archived", archived),
    ]);
    redraw(story, storyButton.signature(), storyButton.build);
    redraw(persons, [people().map((u) => [u.id, u.name, u.real_name]), me().id, current().place, personMarks()], personList);
    title([...mine, app, ...dms]);
  }
  watch(update);
  watchStory(update);
  onMove(update);
  addEventListener("storage", update);
  return { node, update };
}

function drawStatus(status) {
  const on = store.alive && store.sockets > 0;
  const text = !store.alive ? "Workspace not reached" : on ? `${appName()} is connected` : `${appName()} is not connected`;
  redraw(status, [on, text], () => [h("span", { class: on ? "dot on" : "dot", "aria-hidden": "true" }), text]);
}

// channelRow is what a channel's line shows, as data.
function channelRow(c) {
  const mine = c.members.includes(me().id);
  return {
    id: c.id, title: channelTitle(c), icon: c.is_archived ? "archive" : c.is_im || c.is_mpim ? "" : c.is_private ? "lock" : "hash",
    face: c.is_im ? c.members.find((m) => m !== me().id) : null, here: here().channel?.id === c.id, ...(mine ? unread(c) : { count: 0, calls: 0 }),
  };
}

function appRow() {
  const dm = appDM();
  return { id: "app", title: appName(), app: true, here: here().kind === "app", ...(dm ? unread(dm) : { count: 0, calls: 0 }) };
}

function link(row) {
  const unreadText = row.calls ? `, ${row.calls} for you` : row.count ? `, ${row.count} unread` : "";
  const place = row.app ? { place: "app", tab: row.count ? "messages" : "home" } : { place: row.id };
  return h("a", {
    class: row.count ? "channel-link unread" : "channel-link", href: address({ person: me().name, ...place }), data: { channel: row.id, name: row.title },
    title: row.title, "aria-current": row.here ? "page" : null, "aria-label": unreadText ? row.title + unreadText : null,
  }, row.app ? avatar({ is_app: true }, "small") : row.face ? avatar(store.users.get(row.face), "small") : icon(row.icon, 15),
  h("span", { class: "channel-name" }, row.title), row.calls ? h("span", { class: "count" }, String(row.calls)) : null);
}

function group(title, links) {
  return h("section", { class: "group" }, h("h2", null, title), links.length ? h("ul", null, links.map((l) => h("li", null, l))) : h("p", { class: "muted none" }, "None yet"));
}

function folded(name, title, rows) {
  if (!rows.length) return null;
  const node = h("details", { class: "group", open: isOpen[name] || rows.some((r) => r.here), ontoggle: () => { isOpen[name] = node.open; } },
    h("summary", null, `${title} (${rows.length})`), h("ul", null, rows.map((r) => h("li", null, link(r)))));
  return node;
}

// personMarks says for whom something is waiting, so that a person knows where to look next.
function personMarks() {
  return people().map((u) => u.id !== me().id && store.views.some((v) => v.user === u.id && v.type === "modal"));
}

function personList() {
  const waiting = personMarks();
  return [
    h("p", { class: "you", id: "you" }, "You are ", h("strong", null, me().real_name || me().name), me().is_restricted && h("span", { class: "badge" }, "Guest")),
    h("ul", { class: "faces-row", "aria-label": "Be somebody else" }, people().map((u, i) => h("li", null, h("a", {
      class: "person", href: address({ person: u.name, place: current().place }), data: { person: u.name }, "aria-current": u.id === me().id ? "true" : null,
      title: `${u.real_name || u.name}${u.is_restricted ? " (guest)" : ""} — open in a new tab to be both`, "aria-label": `Be ${u.real_name || u.name}${waiting[i] ? ", who has a form open" : ""}`,
    }, avatar(u), waiting[i] ? h("span", { class: "person-mark" }) : null)))),
  ];
}

function title(rows) {
  const calls = rows.reduce((n, r) => n + r.calls, 0), count = rows.some((r) => r.count);
  const place = here();
  const where = place.kind === "app" ? appName() : place.channel ? `#${channelTitle(place.channel)}` : "Workspace";
  document.title = `${calls ? `(${calls}) ` : count ? "• " : ""}${where} — ${me().name}`;
}

// openDrawer and closeDrawer show and hide the list where the window is narrow.
export function openDrawer() {
  document.body.classList.add("drawer");
  document.querySelector("#sidebar [aria-current=page]")?.focus();
}
export function closeDrawer() {
  document.body.classList.remove("drawer");
}

function moveInList(e) {
  if (e.key === "Escape") closeDrawer();
  const at = e.target.closest(".channel-link");
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!at || !step) return;
  const all = [...e.currentTarget.querySelectorAll(".channel-link")].filter((l) => l.offsetParent);
  all[all.indexOf(at) + step]?.focus();
  e.preventDefault();
}
