// A channel: its heading, bookmarks, messages and composer.
import { h, outside } from "./dom.js";
import { icon } from "./icons.js";
import { act, explain } from "./api.js";
import { store, note } from "./store.js";
import { me, here, channelTitle, findChannel } from "./here.js";
import { messageList } from "./messages.js";
import { composer } from "./composer.js";
import { avatar, nameOf, appName } from "./people.js";
import { mrkdwn, inlineEmoji } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { openDrawer } from "./sidebar.js";
import { openPane, paneIs } from "./pane.js";
import { markRead, lastRead } from "./unread.js";
import { redraw } from "./redraw.js";
import { notice } from "./notice.js";
import { appTabs, homePage } from "./home.js";
import { sample } from "./story.js";

// channelPage makes the middle of the page for what the address names.
export function channelPage() {
  const place = here();
  const id = place.channel?.id || "";
  const head = h("header", { class: "channel-head" });
  const marks = h("div", { class: "bookmarks" });
  const foot = h("div", { class: "channel-foot" });
  const home = place.kind === "app" && place.tab === "home" ? homePage() : null;
  const list = home ? null : id ? messageList({
    channelId: id, lastRead: () => lastRead(me().id, id), beginning: () => beginning(store.channels.get(id)),
    onread: () => markRead(me().id, id) && note("read", id),
  }) : null;
  const node = h("div", { class: "channel-page", data: { channel: id || "app" } }, head, marks, home?.node || list?.node || h("div", { class: "scroll" }, firstWords()), foot);

  function update() {
    const c = store.channels.get(id);
    redraw(head, headSignature(place, c), () => (place.kind === "app" ? appHead(place) : channelHead(c)));
    redraw(marks, c?.bookmarks || [], () => bookmarks(c));
    if (!home) redraw(foot, footSignature(c, place), () => footOf(c, place));
    home?.update();
    list?.update();
  }
  update();
  return { node, update, list };
}

function headSignature(place, c) {
  if (!c || place.kind === "app") return [place.kind, place.tab, store.app];
  return [c.name, c.topic, c.is_private, c.is_archived, c.members.map((m) => [m, nameOf(m)]), c.pins, c.canvas, paneIs("members"), paneIs("pins"), paneIs("canvas"), me().id];
}

const drawerButton = () => h("button", { type: "button", class: "icon-button open-drawer", "aria-label": "Channels and people", data: { act: "drawer" }, onclick: openDrawer }, icon("menu", 20));

function appHead(place) {
  return [drawerButton(), avatar({ is_app: true }), h("div", { class: "channel-titles" }, h("h2", { tabindex: "-1" }, appName())), appTabs(place.tab)];
}

function channelHead(c) {
  const direct = c.is_im || c.is_mpim;
  const faces = c.members.slice(0, 3).map((id) => avatar(store.users.get(id) || { id }, "small"));
  const toggle = (kind, label, ...content) => h("button", {
    type: "button", class: "head-button", "aria-label": label, title: label, "aria-pressed": String(paneIs(kind)), data: { act: kind }, onclick: () => openPane(kind),
  }, content);
  const menu = h("button", { type: "button", class: "icon-button", "aria-label": "Channel actions", data: { act: "channel-menu" }, onclick: () => channelMenu(menu, c) }, icon("more", 18));
  return [
    drawerButton(),
    h("div", { class: "channel-titles" },
      h("h2", { tabindex: "-1" }, direct ? null : icon(c.is_archived ? "archive" : c.is_private ? "lock" : "hash", 17), h("span", null, channelTitle(c)), c.is_archived && h("span", { class: "badge" }, "Archived")),
      c.topic && h("p", { class: "topic", title: c.topic }, mrkdwn(c.topic.replace(/\n/g, " ")))),
    toggle("members", `${c.members.length} members`, h("span", { class: "faces" }, faces), h("span", null, String(c.members.length))),
    c.pins.length ? toggle("pins", `${c.pins.length} pinned`, icon("pin", 16), h("span", null, String(c.pins.length))) : null,
    c.canvas ? toggle("canvas", "Canvas", icon("file", 16), h("span", null, "Canvas")) : null,
    direct ? null : menu,
  ];
}

function channelMenu(anchor, c) {
  const mine = c.members.includes(me().id);
  openMenu(anchor, [
    { label: "About this channel", icon: "eye", data: { act: "about" }, onclick: () => openPane("about") },
    mine ? { label: "Leave channel", icon: "back", danger: true, data: { act: "leave" }, onclick: () => move("leave", c) }
      : !c.is_archived && { label: "Join channel", icon: "check", data: { act: "join" }, onclick: () => move("join", c) },
  ], "Channel actions");
}

async function move(how, c) {
  const answer = await act(how, { user: me().id, channel: c.id });
  if (!answer.ok) notice(explain(answer));
}

function bookmarks(c) {
  if (!c?.bookmarks?.length) return [];
  return [h("ul", { "aria-label": "Bookmarks" }, c.bookmarks.map((b) => h("li", null, outside(b.link, b.emoji ? inlineEmoji(b.emoji) : icon("bookmark", 14), h("span", null, b.title)))))];
}

const footSignature = (c, place) => [c?.id, c?.is_archived, c?.members?.includes(me().id), me().id, store.shortcuts.length, place.kind, appName()];

function footOf(c, place) {
  if (c?.is_archived) return [h("p", { class: "channel-note" }, "This channel is archived. You can read it, but nobody can write here.")];
  if (c && !c.is_im && !c.members.includes(me().id)) {
    return [h("div", { class: "channel-note" }, h("span", null, "You are looking at ", h("strong", null, `#${c.name}`), "."),
      h("button", { type: "button", class: "button primary", data: { act: "join" }, onclick: () => move("join", c) }, "Join channel"))];
  }
  const label = place.kind === "app" ? `Message ${appName()}` : c.is_im || c.is_mpim ? `Message ${channelTitle(c)}` : `Message #${c.name}`;
  return [composer({ channel: c?.id || "app", label, id: "composer" }).node];
}

function beginning(c) {
  if (!c || c.is_im) return firstWords();
  return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon(c.is_private ? "lock" : "hash", 24)), h("h2", null, c.name),
    h("p", { class: "muted" }, c.purpose ? mrkdwn(c.purpose) : `This is where ${c.is_private ? "the private channel" : "the channel"} begins.`),
    findChannel("general") === c ? firstSteps() : null);
}

// firstSteps tells somebody who has just come what to do.
function firstSteps() {
  const command = store.commands[0]?.command, first = sample();
  if (!first) return command ? h("p", { class: "first-steps" }, "New here? Type ", h("code", null, command), ` in a channel and see what ${appName()} can do.`) : null;
  return h("p", { class: "first-steps" }, "New here? Send ", first, " in any channel. Or press “Start a fire” and watch.");
}

function firstWords() {
  const commands = store.commands.map((x) => x.command);
  return h("div", { class: "empty" }, h("h2", null, `You and ${appName()}`),
    h("p", { class: "muted" }, "Nothing has been said yet.", commands.length ? [" Write to it here, or type ", h("code", null, commands[0]), " in any channel."] : ""));
}
