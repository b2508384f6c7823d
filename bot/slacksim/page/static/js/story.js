// "Start a fire": a story that the program around the workspace can play, in which its people act by themselves.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, read, explain } from "./api.js";
import { findPerson } from "./here.js";
import { notice } from "./notice.js";

const every = 1500; // milliseconds between questions while a story runs

let story = null; // {available, running, title, acting: "@alice" or a list of such}; null where nothing can be played
const taken = new Set(); // whom this tab has taken over since the story began
const watchers = new Set();
let timer = 0;

// watchStory calls f whenever the story changes.
export const watchStory = (f) => watchers.add(f);

// startStory asks whether there is one.
export async function startStory() {
  await refresh();
}

async function refresh() {
  const before = JSON.stringify(story);
  story = await read("story");
  if (!story?.running) taken.clear();
  if (JSON.stringify(story) !== before) for (const f of watchers) f();
  clearTimeout(timer);
  if (story?.running) timer = setTimeout(refresh, every);
}

// actors are the people whom the story moves at the moment.
const actors = () => [story?.acting || []].flat().map(findPerson).filter(Boolean);

// takeOver hands the person to whoever uses this tab, while a story runs.
export function takeOver(user) {
  if (!story?.running || taken.has(user.id)) return;
  taken.add(user.id);
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

// storyBanner says that a story plays and who acts; null where none does.
export function storyBanner() {
  if (!story?.running) return null;
  const names = actors().map((u) => u.real_name || u.name);
  return [icon("flame", 16), h("span", null, h("strong", null, "A story is playing"), names.length ? ` · ${names.join(", ")} ${names.length > 1 ? "act" : "acts"} now` : "",
    ". Write as anybody, and they are yours.")];
}
