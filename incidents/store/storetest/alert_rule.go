package storetest

import (
	"time"

	"fireboss/incidents/alerts"
)

var _ = holds(promise{"that a rule was made live is kept", liveRules})

// liveRules keeps which rules somebody has made live, over a restart.
func liveRules(w *world) {
	wants := func(what string, want ...alerts.LiveRule) {
		w.Helper()
		list, err := w.Store.LiveAlertRules(w.ctx)
		w.ok(err)
		same(w, what, list, want)
	}
	wants("nothing")
	critical := alerts.LiveRule{Rule: "critical", Digest: "a", By: alice.Person(), At: noon}
	shell := alerts.LiveRule{Rule: "a shell", Digest: "b", By: bob.Person(), At: noon.Add(time.Second)}
	w.ok(w.Store.PutLiveAlertRule(w.ctx, "", critical))
	w.ok(w.Store.PutLiveAlertRule(w.ctx, "make it live", shell))
	w.again()
	wants("both", shell, critical)
	critical.Digest, critical.By = "c", bob.Person()
	w.ok(w.Store.PutLiveAlertRule(w.ctx, "", critical))
	wants("one anew", shell, critical)
	w.ok(w.Store.DropLiveAlertRule(w.ctx, "take it back", "a shell"))
	w.ok(w.Store.DropLiveAlertRule(w.ctx, "", "nobody's"))
	w.ok(w.Store.PutLiveAlertRule(w.ctx, "make it live", shell)) // worked again
	w.again()
	wants("the other", critical)
	w.ok(w.Store.PutLiveAlertRule(w.ctx, "anew", shell))
	w.ok(w.Store.DropLiveAlertRule(w.ctx, "take it back", "a shell"))
	wants("both again", shell, critical)
}
