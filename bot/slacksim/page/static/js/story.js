// "Start a fire": a story that the program around the workspace can play, in which its people act by themselves.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, read, explain } from "./api.js";
import { store, watch } from "./store.js";
import { me, here, findPerson, findChannel, mayRead, channelTitle } from "./here.js";
import { address, go } from "./route.js";
import { announce, notice } from "./notice.js";

const every = 1500; // milliseconds between questions while a story plays, or while the workspace is busy

let story = null; // what GET /sim/story answers (doc.go); null where nothing can be played
let known = false; // whether there ever was one: where the workspace goes away and comes back, it may have one again
let seen = false; // whether this tab saw it play, and so shows how it ended
let asked = 0, timer = 0;
const watchers = new Set();

// watchStory calls f whenever the story changes.
export const watchStory = (f) => watchers.add(f);

// sample is what a newcomer may type first, as a button that puts it into the message field; null where nobody knows.
export const sample = () => (story?.try ? h("button", {
  type: "button", class: "sample", data: { act: "try" }, title: "Put it into the message field", onclick: () => dispatchEvent(new CustomEvent("compose", { detail: story.try })),
}, story.try) : null);

// startStory asks whether there is one. Another tab may start it: what happens in the workspace then says so here.
export async function startStory() {
  await refresh();
  watch(({ messages, kinds }) => {
    if (known && (messages.size || kinds.has("reset"))) later();
  });
  addEventListener("deed", ({ detail }) => takeOver(store.users.get(detail)));
}

// later asks again, soon, and once for all that happens meanwhile.
function later() {
  timer ||= setTimeout(refresh, Math.max(0, asked + every - Date.now()));
}

async function refresh() {
  clearTimeout(timer);
  timer = 0;
  asked = Date.now();
  const before = story;
  story = await read("story");
  if (story?.available) known = true;
  if (story?.running) seen = true;
  if (JSON.stringify(story) !== JSON.stringify(before)) {
    tell(before);
    for (const f of watchers) f();
  }
  if (story?.running) later();
}

// tell says to screen readers what the banner begins to show.
function tell(before) {
  if (story?.running && !before?.running) announce("A story is playing.");
  if (story?.note && seen && story.note !== before?.note) announce(named(story.note));
}

// named is a text of the story's with its @people by name.
const named = (text) => text.replace(/@[a-z0-9._-]*[a-z0-9]/gi, (name) => nameOf(name) || name);
const nameOf = (name) => {
  const user = findPerson(name);
  return user && (user.real_name || user.name);
};

const inStory = (user) => (story?.cast || []).includes(`@${user?.name}`);
const isTaken = (user) => (story?.taken || []).includes(`@${user?.name}`);

// takeOver hands somebody of the story to whoever uses this tab. This tab may not know yet that it plays; a story
// that does not play takes no notice.
async function takeOver(user) {
  if (!story?.available || !inStory(user) || (story.running && isTaken(user))) return;
  await act("story", { takeover: `@${user.name}` });
  refresh();
}

async function start() {
  document.body.classList.remove("drawer");
  const answer = await act("story", {});
  if (!answer.ok) notice(`The story did not start. ${explain(answer)}`);
  await refresh();
  const place = findChannel(story?.place);
  if (story?.running && place && mayRead(place) && here().channel !== place) go({ place: place.id });
}

async function stop() {
  await act("story", { stop: true });
  refresh();
}

// storyButton is the button's drawing, for redraw.
export const storyButton = {
  signature: () => [story?.available, story?.running, story?.title],
  build() {
    if (!story?.available) return [];
    if (story.running) return [h("button", { type: "button", class: "fire running", data: { act: "stop-story" }, onclick: stop }, icon("flame", 16), "Stop the story")];
    return [h("button", { type: "button", class: "fire", data: { act: "story" }, title: story.title || "", onclick: start }, icon("flame", 16), "Start a fire")];
  },
};

// storyBanner says how the story stands, and lets the tab's person be taken over. Its signature is null where there
// is nothing to say.
export const storyBanner = {
  signature: () => (story?.running || (seen && story?.note) ? [story, me()?.id, here().channel?.id, placeOf()?.name] : null),
  build: () => h("div", { class: "banner story", role: "region", "aria-label": "The story" }, icon("flame", 16), story.running ? playing() : ended()),
};

const placeOf = () => story && findChannel(story.place);

function playing() {
  const next = story.acting && nameOf(story.acting);
  const mine = isTaken(me()), name = nameOf(me().name);
  return [
    h("span", { class: "banner-text" }, h("strong", null, "A story is playing."), story.note ? [` ${named(story.note)} `, sample()] : next ? ` ${next} is next.` : "",
      mine && h("strong", null, ` ${name} is yours.`)),
    link(),
    inStory(me()) && !mine ? h("button", {
      type: "button", class: "button", data: { act: "take-over" }, title: "Acting as somebody takes them over too", onclick: () => takeOver(me()),
    }, `Take over ${name}`) : null,
  ];
}

function ended() {
  return [h("span", { class: "banner-text" }, named(story.note)), link(), h("button", {
    type: "button", class: "icon-button", "aria-label": "Dismiss", data: { act: "dismiss-story" }, onclick: () => {
      seen = false;
      for (const f of watchers) f();
    },
  }, icon("close", 14))];
}

// link leads to where it plays, for those who look elsewhere.
function link() {
  const place = placeOf();
  if (!place || !mayRead(place) || here().channel === place) return null;
  return h("a", { class: "button", href: address({ person: me().name, place: place.id }), data: { act: "story-place" } }, `Go to #${channelTitle(place)}`);
}
