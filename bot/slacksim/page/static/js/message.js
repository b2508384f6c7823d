// One message.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { act, explain } from "./api.js";
import { store, keyOf, note } from "./store.js";
import { me } from "./here.js";
import { avatar, author, nameOf } from "./people.js";
import { clock, full, when, moment } from "./time.js";
import { mrkdwn } from "./mrkdwn.js";
import { blocks } from "./blocks.js";
import { attachments, fileCards } from "./attachments.js";
import { emoji, pickEmoji } from "./emoji.js";
import { notice } from "./notice.js";
import { go } from "./route.js";
import { editing, editor } from "./edit.js";

const spoken = new Set([undefined, null, "", "bot_message", "thread_broadcast", "me_message", "file_share", "thread_reply"]);

// isSystem says whether a message is the workspace's own ("alice has joined the channel").
export const isSystem = (m) => !spoken.has(m.subtype);

// contextOf is how the elements of a message tell the app what was done.
export function contextOf(channel, message) {
  const target = (block, el) => ({ user: me().id, channel, ts: message.ts, action_id: el.action_id, block_id: givenId(block) });
  return {
    channel,
    act: (block, el, value) => act("click", { ...target(block, el), value }),
    options: async (block, el, query) => {
      const answer = await act("options", { ...target(block, el), value: query });
      return answer.ok ? answer.response || {} : explain(answer);
    },
  };
}

// givenId is the block's id, unless this page made it up to tell blocks apart.
export const givenId = (block) => (/^block-\d+$/.test(block.block_id) ? undefined : block.block_id);

// messageNode draws m. grouped leaves out who wrote it, where the message above says so; inPane is a thread's view.
export function messageNode(m, channel, { grouped = false, inPane = false, replies = [] } = {}) {
  const by = author(m);
  const system = isSystem(m);
  const hidden = m.ephemeral_to ? " ephemeral" : "";
  const at = when(m.ts);
  const stamp = h("time", { class: "stamp", datetime: new Date(at).toISOString(), title: full(at) }, clock(at));
  const head = h("div", { class: grouped ? "msg-head quiet" : "msg-head" }, h("span", { class: "msg-author" }, by.name), by.isApp && h("span", { class: "badge" }, "App"), grouped ? null : stamp);
  const node = h("li", {
    class: `msg${grouped ? " grouped" : ""}${system ? " system" : ""}${hidden}`, tabindex: "-1",
    data: { ts: m.ts, key: keyOf(m), user: m.user, ephemeral: m.ephemeral_to },
  },
  h("div", { class: "msg-gutter" }, grouped ? stamp : face(m, by, system)),
  h("div", { class: "msg-body" },
    m.ephemeral_to && h("p", { class: "only-you" }, icon("eye", 13), "Only visible to you"),
    channel.pins?.includes(m.ts) && h("p", { class: "pinned-mark" }, icon("pin", 13), "Pinned"),
    m.subtype === "thread_broadcast" && h("p", { class: "pinned-mark" }, icon("reply", 13), "Replied in a thread"),
    system ? null : head, content(m, channel, by, system, stamp),
    m.ephemeral_to && h("button", { type: "button", class: "link-button", data: { act: "dismiss" }, onclick: () => dismiss(m, channel) }, "Dismiss message"),
    reactions(m, channel), !inPane && replies.length > 0 && threadSummary(m, channel, replies)));
  return node;
}

function face(m, by, system) {
  const icon_ = m.icon_emoji || m.icons?.emoji;
  if (icon_ && by.isApp) return h("span", { class: "avatar app plain" }, emoji(icon_.replaceAll(":", "")));
  return avatar(by.user, system ? "small" : "");
}

function content(m, channel, by, system, stamp) {
  if (editing(channel.id, m)) return editor(channel.id, m);
  const edited = m.edited && h("span", { class: "muted edited" }, " (edited)");
  if (system) {
    const text = mrkdwn(m.text);
    const names = m.text?.startsWith("<@") ? [] : [h("strong", null, by.name), " "];
    return h("div", { class: "text" }, names, text, " ", stamp);
  }
  const list = Array.isArray(m.blocks) && m.blocks.length;
  return [
    list ? h("div", { class: by.isApp ? "msg-blocks from-app" : "msg-blocks" }, blocks(m.blocks, contextOf(channel.id, m)), edited)
      : m.text && h("div", { class: m.subtype === "me_message" ? "text me" : "text" }, mrkdwn(m.text), edited),
    attachments(m, channel.id), fileCards(m.files),
  ];
}

// dismiss puts away what only this person sees; what this tab itself said (local) the workspace knows nothing of.
async function dismiss(m, channel) {
  if (!m.local) {
    const answer = await act("delete", { user: me().id, channel: channel.id, ts: m.ts });
    if (!answer.ok && answer.error !== "message_not_found") return notice(explain(answer));
  }
  store.channels.get(channel.id)?.messages.delete(keyOf(m));
  store.channels.get(channel.id).sorted = null;
  note("message", channel.id, keyOf(m));
}

function reactions(m, channel) {
  if (!m.reactions?.length) return null;
  const mine = (r) => r.users?.includes(me().id);
  const chips = m.reactions.map((r) => h("button", {
    type: "button", class: "reaction", "aria-pressed": String(Boolean(mine(r))), data: { reaction: r.name },
    title: `${(r.users || []).map(nameOf).join(", ")} reacted with :${r.name}:`, onclick: () => react(m, channel.id, r.name, !mine(r)),
  }, emoji(r.name), h("span", { class: "reaction-count" }, String(r.count ?? r.users?.length ?? 1))));
  const add = h("button", {
    type: "button", class: "reaction add", "aria-label": "Add a reaction", data: { act: "react-more" },
    onclick: () => pickEmoji(add, (name) => react(m, channel.id, name, true)),
  }, icon("smile", 15));
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, chips, add);
}

// react adds or takes back the person's reaction.
export async function react(m, channel, name, on) {
  const answer = await act(on ? "react" : "unreact", { user: me().id, channel, ts: m.ts, name });
  if (!answer.ok && !["already_reacted", "no_reaction"].includes(answer.error)) notice(explain(answer));
}

function threadSummary(m, channel, replies) {
  const users = [...new Set(replies.map((r) => r.user))].slice(0, 4);
  const last = when(replies.at(-1).ts);
  return h("button", {
    type: "button", class: "thread-summary", data: { act: "thread" }, onclick: () => go({ thread: m.ts }),
  }, h("span", { class: "faces" }, users.map((id) => avatar(store.users.get(id) || { id }, "small"))),
  h("span", { class: "thread-count" }, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
  h("span", { class: "muted" }, `last ${moment(last)}`));
}
