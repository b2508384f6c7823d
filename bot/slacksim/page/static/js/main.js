// The page: it fetches the workspace, draws what the address names, and follows the changes.
import { h } from "./dom.js";
import { store, start, watch } from "./store.js";
import { me, here, settle } from "./here.js";
import { onMove, current } from "./route.js";
import { sidebar, closeDrawer } from "./sidebar.js";
import { channelPage } from "./channel.js";
import { pane } from "./pane.js";
import { startModals } from "./modal.js";
import { startStory, storyBanner, watchStory } from "./story.js";
import { startTheme } from "./theme.js";
import { announce } from "./notice.js";
import { redraw } from "./redraw.js";
import { author, appName } from "./people.js";
import { decode } from "./encode.js";
import { icon } from "./icons.js";

let page = null, pageKey = "";

async function run() {
  startTheme();
  await Promise.all([start(), startStory()]);
  settle();
  const side = sidebar(), right = pane();
  const banner = h("div", { class: "banners" });
  const main = h("main", { id: "main", tabindex: "-1" }, banner);
  document.getElementById("loading").remove();
  document.getElementById("app").append(side.node, main, right.node, h("div", { class: "veil", onclick: closeDrawer }));
  document.getElementById("skip").addEventListener("click", (e) => {
    e.preventDefault();
    (document.getElementById("composer") || main).focus();
  });

  // show draws the middle anew where the address names another place or person.
  function show() {
    settle();
    if (!me()) return;
    drawBanners(banner);
    const place = here();
    const key = [me().id, place.kind, place.tab, place.channel?.id].join("/");
    if (key !== pageKey) {
      const first = !pageKey;
      pageKey = key;
      page?.node.remove();
      page = channelPage();
      main.append(page.node);
      page.list?.toEnd();
      if (!first) (document.getElementById("composer") || main.querySelector("h2"))?.focus({ preventScroll: true });
    } else page.update();
    side.update();
    right.update();
  }
  onMove(show);
  watchStory(show);
  watch((changes) => {
    show();
    if (!changes.kinds.has("reset")) sayNew(changes);
  });
  document.addEventListener("visibilitychange", () => {
    page?.list?.markNew();
    show();
  });
  addEventListener("reach", (e) => page?.list?.reach(e.detail));
  addEventListener("compose", (e) => compose(e.detail));
  addEventListener("keydown", jumpKeys);
  show();
  startModals();
  document.documentElement.dataset.ready = "true";
}

function drawBanners(banner) {
  const problem = !store.alive ? "The workspace is not reached. This page tries again by itself."
    : !store.sockets ? `${appName()} is not connected: commands and buttons will fail until it is.` : "";
  const story = storyBanner.signature();
  redraw(banner, [problem, story], () => [
    problem && h("div", { class: "banner problem", role: "status" }, icon("plug", 16), h("span", null, problem)),
    story && storyBanner.build(),
  ]);
}

// compose puts text into the message field, unless something was begun there, for the person to send.
function compose(text) {
  const field = document.getElementById("composer");
  if (!field) return;
  if (!field.value.trim()) field.value = text;
  field.focus();
  field.dispatchEvent(new Event("input"));
}

// sayNew tells screen readers what others wrote where the person is.
function sayNew({ messages }) {
  const c = here().channel;
  const keys = c && messages.get(c.id);
  for (const key of keys || []) {
    const m = c.messages.get(key);
    if (!m || said.has(key) || m.user === me().id || (m.ephemeral_to && m.ephemeral_to !== me().id)) continue;
    said.add(key);
    if (Date.now() / 1000 - Number(m.ts) < 60) announce(`${author(m).name}: ${decode(m.text).slice(0, 300)}`);
  }
}
const said = new Set();

// jumpKeys: Control or Command with K goes to the list of channels; Alt with an arrow to the next one.
function jumpKeys(e) {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    document.body.classList.add("drawer");
    (document.querySelector("#sidebar .channel-link[aria-current=page]") || document.querySelector("#sidebar .channel-link"))?.focus();
  } else if (e.altKey && ["ArrowUp", "ArrowDown"].includes(e.key)) {
    e.preventDefault();
    const all = [...document.querySelectorAll("#sidebar .channel-link")].filter((l) => l.offsetParent || innerWidth < 800);
    const at = all.findIndex((l) => l.dataset.channel === current().place);
    all[at + (e.key === "ArrowDown" ? 1 : -1)]?.click();
  }
}

run();
