// What the page knows of the workspace: the state it fetched, kept up by the stream of changes.
import { read } from "./api.js";
import { listen } from "./stream.js";

export const store = {
  ready: false, rev: 0, alive: true,
  app: {}, team: {}, users: new Map(), channels: new Map(), usergroups: [], commands: [], shortcuts: [],
  views: [], homes: new Map(), files: new Map(), canvases: new Map(), sockets: 0,
};

const watchers = new Set();
let pending = null;

// watch calls f after changes, once for all that came together: f({kinds, channels, messages}) with the kinds
// of change, the ids of the channels concerned, and per channel the keys of the messages concerned.
export function watch(f) {
  watchers.add(f);
  return () => watchers.delete(f);
}

// note remembers that something changed.
export function note(kind, channel, message) {
  if (!pending) {
    pending = { kinds: new Set(), channels: new Set(), messages: new Map() };
    setTimeout(flush, 0);
  }
  pending.kinds.add(kind);
  if (channel) pending.channels.add(channel);
  if (message) {
    if (!pending.messages.has(channel)) pending.messages.set(channel, new Set());
    pending.messages.get(channel).add(message);
  }
}

function flush() {
  const changes = pending;
  pending = null;
  for (const f of [...watchers]) {
    try {
      f(changes);
    } catch (problem) {
      console.error("A change could not be shown", problem);
    }
  }
}

// start fetches the state and follows its changes. It resolves when there is something to show.
export async function start() {
  await fetchState();
  const ask = listen(store.rev, async (change) => {
    if (change.kind === "reset") {
      await fetchState();
      ask(store.rev);
    } else if (change.rev > store.rev) {
      store.rev = change.rev;
      apply(change);
    }
  }, (alive) => {
    if (store.alive === alive) return;
    store.alive = alive;
    note("sockets");
  });
}

async function fetchState() {
  let state = await read("state");
  while (!state) {
    store.alive = false;
    note("sockets");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    state = await read("state");
  }
  store.alive = true;
  take(state);
}

function take(state) {
  const list = (v) => (Array.isArray(v) ? v : Object.values(v || {}));
  store.rev = state.rev || 0;
  store.app = state.app || {};
  store.team = state.team || {};
  store.users = new Map(list(state.users).map((u) => [u.id, u]));
  store.usergroups = list(state.usergroups);
  store.commands = list(state.commands);
  store.shortcuts = list(state.shortcuts);
  store.views = list(state.views);
  store.homes = new Map(Array.isArray(state.homes) ? state.homes.map((v) => [v.user, v]) : Object.entries(state.homes || {}));
  store.files = new Map(list(state.files).map((f) => [f.id, f]));
  store.canvases = new Map(list(state.canvases).map((c) => [c.id, c]));
  store.sockets = count(state.sockets);
  store.channels = new Map();
  for (const { messages, ...channel } of list(state.channels)) {
    putChannel(channel);
    for (const m of list(messages)) putMessage(channel.id, m);
  }
  store.ready = true;
  note("reset");
}

const count = (sockets) => (Array.isArray(sockets) ? sockets.length : Number(sockets) || 0);

// keyOf names a message within its channel: what only one person sees may share its ts with another.
export const keyOf = (m) => (m.ephemeral_to ? `${m.ts}/${m.ephemeral_to}` : m.ts);

function putChannel(channel) {
  const known = store.channels.get(channel.id);
  const text = (v) => (typeof v === "string" ? v : v?.value || "");
  store.channels.set(channel.id, {
    ...channel, members: channel.members || [], pins: channel.pins || [], bookmarks: channel.bookmarks || [],
    topic: text(channel.topic), purpose: text(channel.purpose), messages: known?.messages || new Map(),
  });
}

function putMessage(channel, message) {
  const into = store.channels.get(channel);
  if (!into) return;
  into.messages.set(keyOf(message), message);
  into.sorted = null;
}

const appliers = {
  channel({ channel }) {
    if (channel.deleted) store.channels.delete(channel.id);
    else putChannel(channel);
    note("channel", channel.id);
  },
  message({ channel, message }) {
    putMessage(channel, message);
    note("message", channel, keyOf(message));
    if (message.thread_ts) note("message", channel, message.thread_ts);
  },
  message_deleted({ channel, ts }) {
    const from = store.channels.get(channel);
    if (!from) return;
    for (const [key, m] of from.messages) {
      if (m.ts !== ts) continue;
      from.messages.delete(key);
      note("message", channel, key);
      if (m.thread_ts) note("message", channel, m.thread_ts);
    }
    from.sorted = null;
  },
  user({ user }) {
    store.users.set(user.id, user);
    note("user");
  },
  view({ view }) {
    const at = store.views.findIndex((v) => v.id === view.id);
    if (at >= 0) store.views[at] = view;
    else store.views.push(view);
    note("view");
  },
  view_closed({ id }) {
    store.views = store.views.filter((v) => v.id !== id);
    note("view");
  },
  home({ user, view }) {
    store.homes.set(user, view);
    note("home");
  },
  file({ file }) {
    if (file) store.files.set(file.id, file);
    note("file");
  },
  canvas({ canvas }) {
    if (canvas.deleted) store.canvases.delete(canvas.id);
    else store.canvases.set(canvas.id, canvas);
    note("canvas", canvas.channel);
  },
  sockets({ sockets }) {
    store.sockets = count(sockets);
    note("sockets");
  },
};

function apply(change) {
  appliers[change.kind]?.(change);
}

// messagesOf are the channel's messages that person may see, oldest first.
export function messagesOf(channel, person) {
  if (!channel.sorted) {
    channel.sorted = [...channel.messages.values()].sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
  }
  return channel.sorted.filter((m) => !m.ephemeral_to || m.ephemeral_to === person);
}

// inThread says whether m is a reply that shows in its thread only.
export const inThread = (m) => m.thread_ts && m.thread_ts !== m.ts && m.subtype !== "thread_broadcast";
