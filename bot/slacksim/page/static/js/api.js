// What people do, said to the workspace.

// deeds are the acts by which a person does something that others can see.
const deeds = new Set(["message", "slash", "edit", "react", "unreact", "pin", "unpin", "join", "leave", "click", "submit", "shortcut"]);

// act posts one act of a person and gives the workspace's answer: {ok, error, …}. It never throws:
// a workspace that does not answer is {ok: false, error: "unreachable"}. A deed is told to whom it concerns (story.js).
export async function act(path, body) {
  if (deeds.has(path)) dispatchEvent(new CustomEvent("deed", { detail: body.user }));
  try {
    const answer = await fetch(`/sim/${path}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const parsed = await answer.json().catch(() => ({}));
    return { ok: answer.ok, ...parsed };
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

// read gets one of the workspace's documents, or null.
export async function read(path) {
  try {
    const answer = await fetch(`/sim/${path}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const words = {
  unreachable: "The workspace does not answer. Is it still running?",
  operation_timeout: "The app did not answer within three seconds.",
  dispatch_failed: "The app is not connected.",
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
  cant_leave_general: "Nobody can leave this channel.",
  message_not_found: "That message is no longer there.",
  expired_trigger_id: "The app took longer than three seconds to open its form.",
};

// explain says an error code in a sentence.
export function explain(answer) {
  const code = answer.error || "unknown_error";
  return words[code] || answer.message || `The workspace refused: ${code.replaceAll("_", " ")}.`;
}
