// A view's blocks with what the person has entered in them: the body of a modal and of the app's home.
import { act, explain } from "./api.js";
import { me } from "./here.js";
import { blocks } from "./blocks.js";
import { givenId } from "./message.js";

// viewBody draws the view. before, the same view as it was drawn last, hands on what was entered in fields whose
// block and action ids are the same.
export function viewBody(view, before, channel) {
  const saved = new Map();
  for (const [key, field] of before?.fields || []) saved.set(key, field.keep());
  const fields = new Map();
  const target = (block, el) => ({ user: me().id, view_id: view.id, action_id: el.action_id, block_id: givenId(block) });
  const ctx = {
    channel, fields, saved, before: before?.fields,
    act: (block, el, value) => act("click", { ...target(block, el), value, values: valuesOf(fields) }),
    options: async (block, el, query) => {
      const answer = await act("options", { ...target(block, el), value: query });
      return answer.ok ? answer.response || {} : explain(answer);
    },
  };
  const node = blocks(view.blocks, ctx);
  return { node, fields, focusOn: ctx.focusOn || null };
}

const idOf = (field) => field.element.action_id;
const shares = (fields, field) => [...fields.values()].filter((f) => idOf(f) === idOf(field)).length > 1;

// changed says whether the person changed a field. One that was sent once is always sent, for the workspace keeps
// what it was told last.
function changed(field) {
  if (JSON.stringify(field.get()) !== field.pristine) field.sent = true;
  return field.sent;
}

// valuesOf are what the person changed, by action id, as /sim/submit takes them; null where nothing is chosen any
// more. Fields that share an action id cannot be told apart there: see enterShared.
export function valuesOf(fields) {
  const values = {};
  for (const field of fields.values()) if (changed(field) && !shares(fields, field)) values[idOf(field)] = field.get();
  return values;
}

// enterShared tells the workspace what stands in fields that share an action id, each by its block.
export async function enterShared(viewId, fields) {
  for (const field of fields.values()) {
    if (!shares(fields, field) || field.block.dispatch_action || field.block.type !== "input" || !changed(field)) continue;
    await act("click", { user: me().id, view_id: viewId, action_id: idOf(field), block_id: givenId(field.block), value: field.get() });
  }
}

const empty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

// problems finds what Slack's own client refuses before it asks the app: {field, text} in order.
export function problems(fields) {
  const found = [];
  for (const field of fields.values()) {
    if (field.block.type !== "input") continue;
    const text = problem(field, field.get());
    field.showError?.(text);
    if (text) found.push({ field, text });
  }
  return found;
}

function problem({ block, element: el, control }, value) {
  if (empty(typeof value === "string" ? value.trim() : value)) {
    if (control.validity?.badInput) return "Please enter a complete value.";
    return block.optional ? "" : "Please complete this required field.";
  }
  if (typeof value === "string" && el.min_length && [...value].length < el.min_length) return `Please enter at least ${el.min_length} characters.`;
  if (el.type === "email_text_input" && control.validity?.typeMismatch) return "Please enter a valid email address.";
  if (el.type === "url_text_input" && control.validity?.typeMismatch) return "Please enter a valid URL.";
  if (el.type === "number_input" && control.validity && !control.validity.valid) return control.validationMessage;
  return "";
}
