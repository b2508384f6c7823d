package bot

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestADayInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		b, err := newBubble(idle())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 24 {
			out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": "open sev3 something is slow"})
			if out["ok"] != true {
				t.Fatal(out)
			}
			time.Sleep(time.Hour)
		}
		if err := b.settle(); err != nil {
			t.Error(err)
		} else if err := b.check(); err != nil {
			t.Error(err)
		}
		if err := b.end(); err != nil {
			t.Error(err)
		}
		t.Logf("%s of virtual time", time.Since(start))
	})
}
