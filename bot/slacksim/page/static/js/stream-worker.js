// One stream for all tabs. A browser opens at most six connections to a host at a time (HTTP/1.1), and a stream
// holds one for as long as it lives: a tab for each of five people would leave none for what they do.
import { follow } from "./stream-source.js";

const kept = 2000; // changes kept for a tab that joins between fetching the state and listening

const tabs = new Set();
let stop = null, alive = null; // alive: null until the first connection has come or failed
let floor = 0, latest = 0, recent = []; // recent holds the changes after revision floor

function begin(since) {
  floor = latest = since;
  recent = [];
  stop = follow(since, onChange, (ok) => {
    alive = ok;
    tell({ alive });
  });
}

function onChange(change) {
  latest = change.rev;
  if (change.kind === "reset") {
    floor = change.rev;
    recent = [];
  } else {
    recent.push(change);
    if (recent.length > kept) floor = recent.shift().rev;
  }
  tell({ change });
}

function tell(message) {
  for (const tab of tabs) tab.postMessage(message);
}

function join(tab, since) {
  tabs.add(tab);
  if (!stop) begin(since);
  if (alive !== null) tab.postMessage({ alive });
  if (since < floor) {
    tab.postMessage({ change: { rev: latest, kind: "reset" } });
    return;
  }
  for (const change of recent) if (change.rev > since) tab.postMessage({ change });
}

function part(tab) {
  tabs.delete(tab);
  if (tabs.size || !stop) return;
  stop();
  stop = alive = null;
}

self.onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => (data.bye ? part(tab) : join(tab, data.since));
};
