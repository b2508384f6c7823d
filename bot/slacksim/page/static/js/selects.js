// Block Kit's select menus, single and multiple, as combo fields.
import { combo } from "./combo.js";
import { emojiChar } from "./emoji.js";
import { store } from "./store.js";
import { people, myChannels, otherChannels, conversations, channelTitle } from "./here.js";

// named puts emoji into a text that cannot hold nodes.
export const named = (text = "") => text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emojiChar(name) || whole);

// choice is a Block Kit option as combo takes it.
const choice = (o, group) => ({ value: o.value, text: named(o.text?.text), description: named(o.description?.text || ""), group });

const flat = (el) => (el.option_groups ? el.option_groups.flatMap((g) => g.options.map((o) => choice(o, named(g.label?.text)))) : (el.options || []).map((o) => choice(o)));

const holds = (query) => {
  const wanted = query.toLowerCase();
  return (o) => o.text.toLowerCase().includes(wanted);
};

const userChoice = (u) => ({ value: u.id, text: u.real_name || u.name, description: `@${u.name}` });
const channelChoice = (c) => ({ value: c.id, text: c.is_im || c.is_mpim ? channelTitle(c) : `#${c.name}` });

// What each kind of menu offers: every(el, ctx) lists the choices, first(el, ctx) the ids chosen at first.
const kinds = {
  static: { every: flat },
  users: { every: () => people().map(userChoice), initial: ["initial_user", "initial_users"] },
  channels: { every: () => [...myChannels(), ...otherChannels()].filter((c) => !c.is_private).map(channelChoice), initial: ["initial_channel", "initial_channels"] },
  conversations: { every: offered, initial: ["initial_conversation", "initial_conversations"] },
};

// offered are the conversations that a conversations menu's filter lets through.
function offered(el) {
  const include = el.filter?.include || ["public", "private", "im", "mpim"];
  const kind = (c) => (c.is_im ? "im" : c.is_mpim ? "mpim" : c.is_private ? "private" : "public");
  return [...myChannels(), ...otherChannels(), ...conversations()].filter((c) => include.includes(kind(c))).map(channelChoice);
}

// menu makes the field of a select element; onchange gets its value (a list for the multiple ones).
export function menu(el, { ctx, block, saved, labelledby, describedby, onchange, data }) {
  const multi = el.type.startsWith("multi_");
  const name = el.type.replace(/^multi_/, "").replace(/_select$/, "");
  const kind = kinds[name];
  const all = kind ? kind.every(el, ctx) : [];
  const known = new Map(all.map((o) => [o.value, o]));
  const value = (chosen) => (multi ? chosen.map((o) => o.value) : chosen[0]?.value ?? null);
  let before = null;
  const field = combo({
    multi, clearable: block.type === "input" && block.optional, max: el.max_selected_items || undefined, size: all.length, labelledby, describedby, data,
    outside: name === "external", minQuery: name === "external" ? el.min_query_length ?? 3 : 0,
    placeholder: named(el.placeholder?.text) || (multi ? "Choose…" : "Choose one…"),
    chosen: saved || firstChosen(el, kind, known, ctx),
    choices: name === "external" ? (query) => ctx.options(block, el, query).then((found) => (typeof found === "string" ? found : flat(found)))
      : (query) => all.filter(holds(query)),
    onchange: (chosen) => !multi && onchange?.(value(chosen)),
    onleave: (chosen) => {
      const now = JSON.stringify(value(chosen));
      if (multi && now !== before) onchange?.(value(chosen));
      before = now;
    },
  });
  before = JSON.stringify(value(field.get()));
  return { node: field.node, get: () => value(field.get()), keep: () => field.get(), focus: () => field.input.focus(), control: field.input };
}

function firstChosen(el, kind, known, ctx) {
  if (!kind?.initial) return [el.initial_option, ...(el.initial_options || [])].filter(Boolean).map((o) => choice(o));
  const [one, several] = kind.initial;
  const ids = [el[one], ...(el[several] || [])].filter(Boolean);
  if (!ids.length && el.default_to_current_conversation && ctx.channel) ids.push(ctx.channel);
  return ids.map((id) => known.get(id) || elsewhere(id));
}

// elsewhere names somebody or something that the menu does not offer.
function elsewhere(id) {
  const c = store.channels.get(id);
  if (c) return channelChoice(c);
  const user = store.users.get(id);
  return user ? userChoice(user) : { value: id, text: id };
}
