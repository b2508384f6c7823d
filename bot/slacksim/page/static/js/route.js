// Where the page is: who is using it and what they look at. It stands in the address (#/alice/C123/t/17.1),
// so a tab is a person, a link can be opened in another tab, and Back works.

const parts = () => location.hash.replace(/^#\/?/, "").split("/").map(decode);

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

// current reads the address: {person, place, thread}; place is a channel's id or name, or "app".
export function current() {
  if (!location.hash.startsWith("#/")) return { person: "", place: "", tab: "", thread: "" };
  const [person = "", place = "", kind = "", arg = ""] = parts();
  return { person, place, tab: place === "app" ? kind || "home" : "", thread: kind === "t" ? arg : "" };
}

// address is the fragment for a place.
export function address({ person, place = "", tab = "", thread = "" }) {
  const list = [person, place];
  if (place === "app" && tab) list.push(tab);
  if (thread) list.push("t", thread);
  return "#/" + list.filter(Boolean).map(encodeURIComponent).join("/");
}

// go moves there; replace leaves no step in the history.
export function go(to, replace = false) {
  const hash = address({ ...current(), tab: "", thread: "", ...to });
  if (hash === location.hash) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

// onMove calls f whenever the address changes.
export function onMove(f) {
  addEventListener("hashchange", f);
}
