package web

import (
	"slices"
	"strings"
	"testing"
)

func TestAMergeIsShownOnBothSides(t *testing.T) {
	h := newHouse(t)
	one := h.open(Write, `{"title":"checkout is down"}`)
	two := h.open(Write, `{"title":"payments are slow"}`)
	if said := h.say(two, "merge "+two+" "+one); !strings.Contains(said.Reply, two+" is now merged into "+one) || said.Incident.MergedInto != one {
		t.Fatalf("%+v", said)
	}
	in := decode[Incident](t, h.call(Read, "GET", "/api/v1/incidents/"+one, ""))
	if !slices.Equal(in.Merged, []string{two}) || in.MergedInto != "" {
		t.Errorf("%+v", in)
	}
	h.page("/incidents/"+two).shows(t, `Merged into <a href="/incidents/`+one+`" id="merged-into">`+one+`</a>`, "merged")
	h.page("/incidents/"+one).shows(t, `Merged into this: <a href="/incidents/`+two+`">`+two+`</a>`)
	h.page("/incidents").shows(t, `<span class="tag">merged</span>`)
}

func TestADrillsPageIsMarked(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"the database is gone","drill":true}`)
	h.page("/incidents/"+id).shows(t, "<title>PRACTICE "+id, `<span class="tag">drill</span>`)
	h.page("/incidents").shows(t, `<span class="tag">drill</span>`)
}

func TestWhatIsRecordedAfterwardsSaysSo(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"it was down","started":"2020-11-20T14:00:00Z","resolved":"2020-11-20T14:05:00Z"}`)
	in := decode[Incident](t, h.call(Read, "GET", "/api/v1/incidents/"+id, ""))
	if !in.Backfilled || in.Timestamps.Detected != nil || in.Timestamps.Mitigated == nil || len(in.Deadlines) > 0 || in.DurationsSeconds.Detect != nil {
		t.Errorf("%+v", in)
	}
	h.page("/incidents/"+id).shows(t, "Recorded afterwards.")
}
