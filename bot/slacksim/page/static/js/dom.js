// Building the page. Text always becomes a text node: nothing here, and nothing that uses it, parses HTML,
// so what people and apps post can be shown but never run.

const SVG = "http://www.w3.org/2000/svg";

// The only attributes that can lead the browser somewhere; each has its own check.
const guarded = { href: linkTarget, src: imageSource };

// h makes an element. A property that begins with "on" is a listener and must be a function; "data" is an
// object of data attributes; true and false switch an attribute; children are nodes, texts, or lists of them.
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) setProperty(node, name, value);
  append(node, children);
  return node;
}

function setProperty(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) {
    if (typeof value !== "function") throw new TypeError(`${name} must be a function`);
    node.addEventListener(name.slice(2), value);
  } else if (name === "data") {
    for (const [key, v] of Object.entries(value)) {
      if (v !== undefined && v !== null) node.setAttribute(`data-${key}`, v);
    }
  } else if (name === "value") {
    node.value = value;
  } else if (name in guarded) {
    const checked = guarded[name](value);
    if (checked !== null) node.setAttribute(name, checked);
  } else if (/^(srcdoc|style|action|formaction|srcset)$/.test(name)) {
    throw new TypeError(`${name} is not set on this page`);
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

// append adds nodes and texts; null, undefined and false add nothing.
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

// fill replaces what is in node.
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

// safeLink is the address if it is one a message may lead to (http, https, mailto), else null.
export function safeLink(address) {
  let url;
  try {
    url = new URL(String(address));
  } catch {
    return null;
  }
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
}

function linkTarget(value) {
  return /^#|^\/(files|sim)\//.test(value) ? value : safeLink(value);
}

function imageSource(value) {
  return /^data:image\/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/=]+$/.test(value) ? value : null;
}

// outside is a link that leaves the page; an address that may not be followed shows as text.
export function outside(address, ...children) {
  const content = children.flat().length ? children : [address];
  const href = safeLink(address);
  if (!href) return h("span", { class: "dead-link", title: "This address is not a web link" }, content);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: href }, content);
}

// svg draws one of the page's own icons from its path.
export function svg(paths, size = 18) {
  const node = document.createElementNS(SVG, "svg");
  for (const [k, v] of Object.entries({
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  })) node.setAttribute(k, v);
  for (const d of [paths].flat()) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    node.append(path);
  }
  return node;
}

// uid is an id for elements that refer to each other.
let ids = 0;
export const uid = (prefix) => `${prefix}-${++ids}`;
