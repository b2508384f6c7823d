// This tab's end of the stream of changes.
import { follow } from "./stream-source.js";

// listen calls onChange and onStatus as follow does, through the worker that all tabs share or, where the
// browser has none, with a stream of its own. The function it returns asks again from another revision.
export function listen(since, onChange, onStatus) {
  return typeof SharedWorker === "function" ? share(since, onChange, onStatus) : alone(since, onChange, onStatus);
}

function share(since, onChange, onStatus) {
  const { port } = new SharedWorker(workerAddress(), { type: "module", name: "workspace stream" });
  let rev = since;
  port.onmessage = ({ data }) => {
    if ("alive" in data) onStatus(data.alive);
    else onChange(data.change);
  };
  const ask = (from) => {
    rev = from;
    port.postMessage({ since: rev });
  };
  addEventListener("pagehide", () => port.postMessage({ bye: true }));
  addEventListener("pageshow", (e) => e.persisted && location.reload());
  ask(since);
  return ask;
}

function alone(since, onChange, onStatus) {
  let stop = follow(since, onChange, onStatus);
  return (from) => {
    stop();
    stop = follow(from, onChange, onStatus);
  };
}

// The page's policy lets no text become the address of a script; this constant is the one exception.
function workerAddress() {
  const address = "/js/stream-worker.js";
  if (!self.trustedTypes) return address;
  return self.trustedTypes.createPolicy("workspace", { createScriptURL: () => address }).createScriptURL("");
}
