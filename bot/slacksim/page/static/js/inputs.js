// Block Kit's fields for typing and picking: texts, numbers, dates, times, files, boxes to tick.
import { h, uid } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { named } from "./selects.js";
import { localInput, fromLocalInput } from "./time.js";
import { readFiles } from "./files.js";

// Each maker gets the element and {id, labelledby, describedby, saved, onchange, data} and gives
// {node, get, keep, focus, control}: get is the value to send, keep what restores the field after a redraw.

function typed(type, extra = {}) {
  return (el, o) => {
    const control = h(el.multiline ? "textarea" : "input", {
      class: "field", id: o.id, type: el.multiline ? null : type, rows: el.multiline ? "4" : null, autocomplete: "off",
      maxlength: el.max_length, "aria-describedby": o.describedby, "aria-label": o.id ? null : named(el.placeholder?.text) || o.label,
      placeholder: named(el.placeholder?.text), data: o.data, value: o.saved ?? String(el.initial_value ?? ""), ...extra,
    });
    const { trigger_actions_on: triggers = ["on_enter_pressed"] } = el.dispatch_action_config || {};
    if (triggers.includes("on_character_entered")) control.addEventListener("input", () => o.onchange?.(control.value));
    if (triggers.includes("on_enter_pressed")) {
      control.addEventListener("keydown", (e) => {
        if (e.key !== "Enter" || e.shiftKey || e.isComposing || !o.onchange) return;
        e.preventDefault();
        o.onchange(control.value);
      });
    }
    return plain(control);
  };
}

const plain = (control) => ({ node: control, control, get: () => control.value, keep: () => control.value, focus: () => control.focus() });

// picked is a date or time field. A choice made in the browser's picker counts at once, typed digits when the
// field is left or Enter is pressed: the browser reports every digit as a change.
function picked(type, initial, { show = (v) => v, read = (v) => v } = {}) {
  return (el, o) => {
    const first = el[initial] === undefined || el[initial] === null ? "" : show(el[initial]);
    const control = h("input", {
      class: "field date", type, id: o.id, data: o.data, "aria-describedby": o.describedby, "aria-label": o.id ? null : named(el.placeholder?.text) || o.label || type,
      value: o.saved ?? first,
    });
    let said = control.value, typing = false;
    const say = () => {
      if (control.value === said || (control.value === "" && control.validity.badInput)) return;
      said = control.value;
      o.onchange?.(read(control.value));
    };
    control.addEventListener("keydown", (e) => {
      typing = e.key !== "Enter";
      if (!typing) say();
    });
    control.addEventListener("pointerdown", () => { typing = false; });
    control.addEventListener("change", () => !typing && say());
    control.addEventListener("blur", say);
    return { ...plain(control), get: () => read(control.value) };
  };
}

function boxes(type, many) {
  return (el, o) => {
    const initial = many ? (el.initial_options || []).map((v) => v.value) : [el.initial_option?.value];
    const chosen = new Set(o.saved ?? initial);
    const name = uid("group");
    const items = (el.options || []).slice(0, 10).map((option) => h("input", {
      type, name, value: option.value, checked: chosen.has(option.value), "aria-describedby": option.description ? uid("d") : null,
      onchange: () => o.onchange?.(get()),
    }));
    const values = () => items.filter((i) => i.checked).map((i) => i.value);
    const get = () => (many ? values() : values()[0] ?? null);
    const node = h("div", { class: "boxes", role: many ? "group" : "radiogroup", "aria-labelledby": o.labelledby, "aria-describedby": o.describedby, "aria-label": o.labelledby ? null : o.label, data: o.data },
      items.map((item, i) => h("label", { class: "box" }, item, h("span", null, textObject(el.options[i].text),
        el.options[i].description && h("span", { class: "muted box-note", id: item.getAttribute("aria-describedby") }, textObject(el.options[i].description))))));
    return { node, get, keep: values, focus: () => (items.find((i) => i.checked) || items[0])?.focus(), control: node };
  };
}

function file(el, o) {
  let files = o.saved ?? [];
  const list = h("ul", { class: "file-list" });
  const control = h("input", {
    type: "file", id: o.id, class: "field file", data: o.data, multiple: (el.max_files ?? 10) > 1, "aria-describedby": o.describedby,
    accept: el.filetypes?.map((t) => `.${t}`).join(","),
    onchange: async () => {
      files = await readFiles(control.files, el.max_files ?? 10);
      draw();
    },
  });
  const draw = () => list.replaceChildren(...files.map((f) => h("li", null, f.name)));
  draw();
  return { node: h("div", null, control, list), control, get: () => files.map(({ name, mimetype, base64 }) => ({ name, mimetype, base64 })), keep: () => files, focus: () => control.focus() };
}

// inputs are the makers by element type.
export const inputs = {
  plain_text_input: typed("text"),
  rich_text_input: (el, o) => typed("text")({ ...el, multiline: true, initial_value: richTextSource(el.initial_value) }, o),
  email_text_input: typed("email", { inputmode: "email" }),
  url_text_input: typed("url", { inputmode: "url" }),
  number_input: (el, o) => typed("number", { step: el.is_decimal_allowed ? "any" : "1", min: el.min_value, max: el.max_value })(el, o),
  datepicker: picked("date", "initial_date"),
  timepicker: picked("time", "initial_time"),
  datetimepicker: picked("datetime-local", "initial_date_time", {
    show: (seconds) => (Number.isFinite(Number(seconds)) ? localInput(Number(seconds)) : ""),
    read: (text) => (text ? String(fromLocalInput(text)) : ""),
  }),
  checkboxes: boxes("checkbox", true),
  radio_buttons: boxes("radio", false),
  file_input: file,
};

// richTextSource is the text of a rich_text value, for a field that edits plain text.
function richTextSource(value) {
  if (!value || typeof value === "string") return value || "";
  const text = (e) => e.text ?? e.url ?? (e.user_id ? `<@${e.user_id}>` : e.name ? `:${e.name}:` : (e.elements || []).map(text).join(""));
  return (value.elements || []).map(text).join("\n");
}
