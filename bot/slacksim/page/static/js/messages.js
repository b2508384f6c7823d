// A list of messages: a channel's, or a thread's. It stays at its end while the person is there, and redraws only
// the rows that changed.
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { store, messagesOf, inThread, keyOf } from "./store.js";
import { me } from "./here.js";
import { messageNode, isSystem } from "./message.js";
import { editing } from "./edit.js";
import { keepFocus } from "./redraw.js";
import { withToolbar, carryToolbar } from "./toolbar.js";
import { dayKey, dayName, moment, when } from "./time.js";

const page = 120; // messages drawn at first and with every "earlier"
const together = 5 * 60; // seconds within which one person's messages stand under one name
const nearEnd = 60; // pixels from the end that still count as being there

// messageList makes the list of a channel or, with thread, of that thread. lastRead gives the ts of the last
// message that was read, and so where the new ones begin; beginning makes what stands above the first; onread is
// called when the end is seen.
export function messageList({ channelId, thread = "", lastRead, beginning, onread }) {
  const list = h("ol", { class: "messages", "aria-label": thread ? "Thread" : "Messages" });
  const earlier = h("button", { type: "button", class: "button earlier", hidden: true, onclick: showEarlier }, "Show earlier messages");
  const newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => toEnd() }, icon("down", 15), "New messages");
  const head = h("div", { class: "list-head" });
  const scroll = h("div", { class: "scroll", data: { channel: channelId, thread: thread || null } }, head, earlier, list);
  const node = h("div", { class: "list-frame" }, scroll, newer);
  const rows = new Map(); // key → {node, signature, message}
  let limit = page, atEnd = true, firstNew = "";

  const channel = () => store.channels.get(channelId);
  withToolbar(list, { find: (key) => channel()?.messages.get(key), channel, inPane: Boolean(thread) });
  list.addEventListener("keydown", moveInList);
  scroll.addEventListener("scroll", () => {
    atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearEnd;
    if (atEnd) seen();
  }, { passive: true });
  new ResizeObserver(() => atEnd && toEnd()).observe(scroll);
  new ResizeObserver(() => atEnd && toEnd()).observe(list);

  function toEnd() {
    scroll.scrollTop = scroll.scrollHeight;
    atEnd = true;
    seen();
  }
  function seen() {
    newer.hidden = true;
    if (document.visibilityState === "visible") onread?.();
  }

  function showEarlier() {
    const before = scroll.scrollHeight;
    limit += page;
    update();
    scroll.scrollTop += scroll.scrollHeight - before;
  }

  // markNew draws the line above what came while nobody looked.
  function markNew() {
    const since = lastRead?.();
    const found = since && channel() && messagesOf(channel(), me().id).find((m) => m.ts > since && m.user !== me().id && !inThread(m));
    if (found || !firstNew) firstNew = found ? keyOf(found) : "";
  }

  // wanted lists the rows to show, with what each is drawn from.
  function wanted() {
    const all = messagesOf(channel(), me().id);
    const replies = new Map();
    for (const m of all) if (m.thread_ts && m.thread_ts !== m.ts && !m.ephemeral_to) replies.set(m.thread_ts, [...(replies.get(m.thread_ts) || []), m]);
    const mine = thread ? all.filter((m) => m.ts === thread || m.thread_ts === thread) : all.filter((m) => !inThread(m));
    earlier.hidden = mine.length <= limit;
    const out = [];
    let last = null;
    for (const m of mine.slice(-limit)) {
      const day = dayKey(when(m.ts));
      if (!last || dayKey(when(last.ts)) !== day) out.push({ key: `day-${day}`, day: when(m.ts) });
      if (firstNew === keyOf(m) && last) {
        out.push({ key: "new" });
        last = null;
      }
      out.push({ key: keyOf(m), m, grouped: follows(last, m), replies: replies.get(m.ts) || [] });
      last = m;
    }
    return out;
  }

  function update() {
    if (!channel()) return;
    const list_ = wanted();
    const keep = new Set(list_.map((r) => r.key));
    for (const [key, row] of rows) {
      if (keep.has(key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    let before = null;
    const fresh = [];
    for (const r of list_) {
      const row = draw(r);
      if (row.fresh) fresh.push(r);
      const next = before ? before.nextSibling : list.firstChild;
      if (next !== row.node) list.insertBefore(row.node, next);
      before = row.node;
    }
    if (!earlier.hidden || (thread && list_.length)) head.replaceChildren();
    else if (!head.childNodes.length) fill(head, beginning?.());
    if (!list.querySelector('.msg[tabindex="0"]')) list.querySelector(".msg:last-child")?.setAttribute("tabindex", "0");
    if (fresh.some((r) => r.m?.user === me().id && !r.m.ephemeral_to)) atEnd = true;
    if (atEnd) toEnd();
    else if (fresh.some((r) => r.m)) newer.hidden = false;
  }

  function draw(r) {
    const known = rows.get(r.key);
    const signature = r.m ? signatureOf(r, channel()) : r.key + (r.day ? dayName(r.day) : "");
    if (known?.signature === signature) return known;
    const made = r.m ? drawMessage(r, channel(), Boolean(thread))
      : r.day ? h("li", { class: "day" }, h("span", null, dayName(r.day))) : h("li", { class: "new-line" }, h("span", null, "New"));
    const row = { node: made, signature, blocks: r.m && JSON.stringify(r.m.blocks) };
    if (known) replace(known, row);
    rows.set(r.key, row);
    row.fresh = !known;
    return row;
  }

  // replace puts the new row where the old one was. What a person has begun to enter in blocks that did not
  // change stays.
  function replace(known, row) {
    const parent = known.node.parentElement;
    if (known.blocks === row.blocks && row.blocks) {
      const kept = known.node.querySelector(".msg-blocks > .blocks"), made = row.node.querySelector(".msg-blocks > .blocks");
      if (kept && made) made.replaceWith(kept);
    }
    const swap = () => {
      carryToolbar(known.node, row.node);
      known.node.replaceWith(row.node);
    };
    row.node.setAttribute("tabindex", known.node.getAttribute("tabindex"));
    if (known.node === document.activeElement) setTimeout(() => row.node.focus({ preventScroll: true }), 0);
    if (parent) keepFocus(parent, swap);
  }

  // reachMessage scrolls to a message, drawing all that lies above it where it must.
  function reachMessage(key) {
    if (reach(list, key)) return;
    limit = Infinity;
    update();
    reach(list, key);
  }

  markNew();
  return { node, update, toEnd, markNew, reach: reachMessage };
}

// drawMessage draws a row; a message that cannot be drawn shows its bare text and spoils no other.
function drawMessage({ m, grouped, replies }, channel, inPane) {
  try {
    return messageNode(m, channel, { grouped, inPane, replies });
  } catch (problem) {
    console.error("A message could not be drawn", problem);
    return h("li", { class: "msg", tabindex: "-1", data: { ts: m.ts, key: keyOf(m) } }, h("div"), h("div", { class: "text" }, String(m.text || "")));
  }
}

function signatureOf(r, channel) {
  const names = [...store.users.values()].map((u) => u.real_name + u.name).join();
  return JSON.stringify([r.m, r.grouped, r.replies.map((x) => [x.ts, x.user]), r.replies.length && moment(when(r.replies.at(-1).ts)), channel.pins?.includes(r.m.ts), editing(channel.id, r.m), names, me().id]);
}

function follows(last, m) {
  return Boolean(last && !isSystem(m) && !isSystem(last) && last.user === m.user && last.username === m.username
    && !m.ephemeral_to && !last.ephemeral_to && Number(m.ts) - Number(last.ts) < together && dayKey(when(m.ts)) === dayKey(when(last.ts)));
}

// reach scrolls to a message and lights it up; false where it is not drawn.
function reach(list, key) {
  const row = list.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!row) return false;
  row.scrollIntoView({ block: "center" });
  row.classList.add("lit");
  setTimeout(() => row.classList.remove("lit"), 2000);
  row.focus({ preventScroll: true });
  return true;
}

function moveInList(e) {
  const row = e.target.closest(".msg");
  if (!row || row !== e.target) return;
  const all = [...row.parentElement.querySelectorAll(".msg")];
  const at = all.indexOf(row);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[e.key];
  if (to === undefined || !all[to]) return;
  e.preventDefault();
  row.setAttribute("tabindex", "-1");
  all[to].setAttribute("tabindex", "0");
  all[to].focus();
}
