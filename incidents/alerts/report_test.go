package alerts

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// Whatever a sender says, what it makes us keep has bounds; two that are too long do not become one.
func TestCleanReport(t *testing.T) {
	long := strings.Repeat("x", 40_000)
	change := func(id, title string, at time.Time) incidents.ServiceChange {
		return incidents.ServiceChange{ID: id, Service: "checkout", Title: title, At: at, By: "github"}
	}
	given := Report{
		ID: long, Groups: []string{"g", long, long + "y"},
		Changes: []incidents.ServiceChange{change(long, "deployed", noon.Add(-time.Hour)), change("b", "deployed", time.Time{}), change("c", "deployed", noon.AddDate(7000, 0, 0)), change("d", "", noon), change("e", "long ago", noon.AddDate(-9, 0, 0))},
		Pages:   []PageNews{{Key: "fireboss:INC-1:" + long}, {Key: "fireboss:INC-1:page-2", By: "Dan\n" + long, At: time.Unix(-1e15, 0)}},
	}
	r := given.Clean(noon)
	switch {
	case len(r.ID) > MaxKey, r.ID == (Report{ID: long + "y"}).Clean(noon).ID:
		t.Errorf("its id is %d long", len(r.ID))
	case len(r.Groups) != 3 || r.Groups[0] != "g" || len(r.Groups[1]) > MaxKey || r.Groups[1] == r.Groups[2] || r.Groups[1] != (Signal{Group: long}).Clean(noon).Group:
		t.Errorf("its groups are %.60q", r.Groups)
	case len(r.Changes) != 3 || len(r.Changes[0].ID) > MaxKey || !r.Changes[0].At.Equal(noon.Add(-time.Hour)) || !r.Changes[1].At.Equal(noon) || !r.Changes[2].At.Equal(noon):
		t.Errorf("its changes are %.900v", r.Changes)
	case len(r.Pages) != 1 || len([]rune(r.Pages[0].By)) > MaxName || strings.Contains(r.Pages[0].By, "\n") || !r.Pages[0].At.IsZero():
		t.Errorf("its pages are %.300v", r.Pages)
	case given.ID != long || given.Groups[1] != long || len(given.Pages) != 2:
		t.Error("what was given is changed")
	}
}
