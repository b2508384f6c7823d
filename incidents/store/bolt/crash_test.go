package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fireboss/incidents"
)

// TestKilled kills a process that writes, again and again, at any moment and at
// the two moments around a commit: what it was told is done must be there, and
// the file must be whole.
func TestKilled(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for _, point := range []string{"write", pointBefore, pointAfter} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "fireboss.db")
			said := acknowledged{heads: map[incidents.Number]string{}}
			for round := range rounds {
				p := start(t, point, path)
				for i := 0; point != "write" || i < 5+round*7; i++ {
					line := p.next()
					if said.note(t, line); line == "at "+point {
						break
					}
				}
				_ = p.cmd.Process.Kill()
				for p.lines.Scan() {
					said.note(t, p.lines.Text())
				}
				p.kill()
				said.check(t, path)
			}
		})
	}
}

// acknowledged is what a store has said is done.
type acknowledged struct {
	heads      map[incidents.Number]string // one hash that the incident's chain must hold
	deliveries []string
}

func (a *acknowledged) note(t *testing.T, line string) {
	t.Helper()
	var n incidents.Number
	var rest string
	switch word, _, _ := strings.Cut(line, " "); word {
	case "incident":
		if _, err := fmt.Sscanf(line, "incident INC-%d %s", &n, &rest); err != nil {
			return // it was killed while it said this
		}
		if len(rest) == 64 {
			a.heads[n] = rest
		}
	case "delivery":
		a.deliveries = append(a.deliveries, line[len("delivery "):])
	case "error":
		t.Fatal(line)
	}
}

func (a *acknowledged) check(t *testing.T, path string) {
	t.Helper()
	db := open(t, path, Options{})
	defer db.Close()
	ctx := context.Background()
	if audit, err := db.Audit(ctx); err != nil || audit.Wrong != "" {
		t.Fatalf("the audit finds %q, %v", audit.Wrong, err)
	}
	for n, hash := range a.heads {
		list, err := db.Events(ctx, n, 0, 0)
		must(t, err)
		if !strings.Contains(fmt.Sprint(list), hash) {
			t.Errorf("%s was acknowledged at %s and has %v", n, hash, list)
		}
	}
	there := map[string]bool{}
	list, err := db.Unfinished(ctx)
	must(t, err)
	for _, d := range list {
		there[d.ID] = true
	}
	for _, id := range a.deliveries {
		if !there[id] {
			t.Errorf("delivery %s was acknowledged and is not there", id)
		}
	}
	check(t, db)
}
