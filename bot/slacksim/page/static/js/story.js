// "Start a fire": a story that the program around the workspace can play, in which its people act by themselves.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, read, explain } from "./api.js";
import { findPerson } from "./here.js";
import { notice } from "./notice.js";

const every = 1500; // milliseconds between questions while a story runs

let story = null; // {available, running, title, acts: ["@alice", …]}; null where nothing can be played
const watchers = new Set();

// watchStory calls f whenever the story changes.
export const watchStory = (f) => watchers.add(f);

// startStory asks whether there is one.
export async function startStory() {
  await refresh();
}

async function refresh() {
  const before = JSON.stringify(story);
  story = await read("story");
  if (JSON.stringify(story) !== before) for (const f of watchers) f();
  if (story?.running) setTimeout(refresh, every);
}

// acting are the people whom the story still plays.
export const acting = () => (story?.running ? (story.acts || []).map(findPerson).filter(Boolean) : []);

// takeOver hands the person to whoever uses this tab.
export function takeOver(user) {
  if (!acting().some((u) => u.id === user.id)) return;
  act("story", { takeover: `@${user.name}` }).then(refresh);
}

async function start() {
  const answer = await act("story", {});
  if (!answer.ok) notice(`The story did not start. ${explain(answer)}`);
  refresh();
}

async function stop() {
  await act("story", { stop: true });
  refresh();
}

// storyButton is the button's drawing, for redraw.
export const storyButton = {
  signature: () => [story],
  build() {
    if (!story?.available) return [];
    if (story.running) return [h("button", { type: "button", class: "fire running", data: { act: "stop-story" }, onclick: stop }, icon("flame", 16), "Stop the story")];
    return [h("button", { type: "button", class: "fire", data: { act: "story" }, title: story.title || "", onclick: start }, icon("flame", 16), "Start a fire")];
  },
};

// storyBanner says what is playing and who acts; null where nothing is.
export function storyBanner(me) {
  if (!story?.running) return null;
  const names = acting().map((u) => u.real_name || u.name);
  const mine = acting().some((u) => u.id === me.id);
  return [icon("flame", 16), h("span", null, h("strong", null, story.title || "A story is playing"), names.length ? ` · acting by themselves: ${names.join(", ")}.` : "",
    mine ? " Write something, and you take over." : "")];
}
