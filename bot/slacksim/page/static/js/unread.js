// What each person has read, kept in this browser: several tabs of one person agree on it.
import { store, messagesOf, inThread } from "./store.js";
import { mentions } from "./mention.js";
import { me } from "./here.js";

// The marks belong to one workspace; one that was begun anew has other marks. What was there before this browser
// first saw the workspace counts as read.
function key() {
  const born = Math.min(...[...store.channels.values()].map((c) => c.created).filter(Boolean));
  return `workspace-read-${Number.isFinite(born) ? born : 0}`;
}

let marks = null, marksKey = "";

function load() {
  if (marks && marksKey === key()) return marks;
  marksKey = key();
  try {
    marks = JSON.parse(localStorage.getItem(marksKey));
  } catch {
    marks = null;
  }
  if (!marks?.read) {
    marks = { base: newest(), read: {} };
    save();
  }
  return marks;
}

function save() {
  try {
    localStorage.setItem(marksKey, JSON.stringify(marks));
  } catch {
    // a browser that keeps nothing shows marks until it is closed
  }
}

function newest() {
  let last = "0";
  for (const c of store.channels.values()) for (const m of c.messages.values()) if (m.ts > last) last = m.ts;
  return last;
}

addEventListener("storage", (e) => {
  if (e.key === marksKey) marks = null;
});

// lastRead is the ts of the newest message the person has read in the channel.
export function lastRead(person, channel) {
  const { base, read } = load();
  const mine = read[`${person}/${channel}`];
  return mine && mine > base ? mine : base;
}

// markRead remembers that the person has read everything there; true where that is news.
export function markRead(person, channel) {
  const room = store.channels.get(channel);
  if (!room) return false;
  const all = messagesOf(room, person);
  const last = all.at(-1)?.ts;
  if (!last || last <= lastRead(person, channel)) return false;
  load().read[`${person}/${channel}`] = last;
  save();
  return true;
}

const silent = new Set(["channel_join", "channel_leave", "group_join", "group_leave", "pinned_item", "bot_add"]);

// unread says how many messages in the channel are new to this tab's person, and how many of them call them.
export function unread(channel) {
  const user = me();
  const since = lastRead(user.id, channel.id);
  let count = 0, calls = 0;
  const all = messagesOf(channel, user.id);
  for (let i = all.length - 1; i >= 0 && all[i].ts > since; i--) {
    const m = all[i];
    if (m.user === user.id || silent.has(m.subtype)) continue;
    const calling = channel.is_im || mentions(m, user);
    if (inThread(m) && !calling && !all.some((o) => o.user === user.id && (o.thread_ts || o.ts) === m.thread_ts)) continue;
    count++;
    if (calling) calls++;
  }
  return { count, calls };
}
