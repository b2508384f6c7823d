// Drawing again without disturbing the person: only what differs, with the focus kept.

const drawn = new WeakMap();

// redraw fills container with what build gives, unless it was last drawn from the same signature.
export function redraw(container, signature, build) {
  const key = JSON.stringify(signature);
  if (drawn.get(container) === key) return false;
  drawn.set(container, key);
  keepFocus(container, () => container.replaceChildren(...[build()].flat(Infinity).filter(Boolean)));
  return true;
}

// keepFocus runs change and, where that took the focused element away, focuses the one in its place.
export function keepFocus(container, change) {
  const held = container.contains(document.activeElement) ? document.activeElement : null;
  const identity = held && path(held, container);
  change();
  if (!held || document.activeElement === held) return;
  const again = held.isConnected ? held : identity && find(identity, container);
  again?.focus({ preventScroll: true });
}

const marks = ["id", "data-action-id", "data-channel", "data-person", "data-reaction", "data-act", "data-value", "name"];

function path(node, container) {
  const steps = [];
  for (let n = node; n && n !== container; n = n.parentElement) {
    const mark = marks.find((m) => n.hasAttribute(m) && !(m === "id" && /-\d+$/.test(n.id)));
    if (mark) steps.unshift(`[${mark}="${CSS.escape(n.getAttribute(mark))}"]`);
    else if (n.hasAttribute("data-block-id")) steps.unshift(`[data-block-id="${CSS.escape(n.getAttribute("data-block-id"))}"]`);
  }
  return steps.length ? { selector: steps.join(" "), tag: node.tagName } : null;
}

function find({ selector, tag }, container) {
  const found = container.querySelector(selector);
  if (!found || found.tagName === tag) return found;
  return found.querySelector(tag.toLowerCase()) || found;
}
