package web

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestChangesOfServices(t *testing.T) {
	var told []string
	h := newHouse(t, func(o *Options) {
		o.Changed = func(_ context.Context, c incidents.ServiceChange) { told = append(told, c.Title) }
	})
	at := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
	first := h.call(Write, "POST", "/api/v1/changes", fmt.Sprintf(`{"service":"CHECKOUT","title":"deployed  v1","url":"https://ci.example.com/1","at":%q}`, at.Format(time.RFC3339)), "Idempotency-Key", "one")
	first.wants(t, 201, "")
	if c := decode[ServiceChange](t, first); c.Service != "checkout" || c.Title != "deployed v1" || c.By != "writer" || !c.At.Equal(at) {
		t.Errorf("kept %+v", c)
	}
	h.call(Write, "POST", "/api/v1/changes", fmt.Sprintf(`{"service":"CHECKOUT","title":"deployed  v1","url":"https://ci.example.com/1","at":%q}`, at.Format(time.RFC3339)), "Idempotency-Key", "one").wants(t, 201, "")
	for i := range 3 {
		h.call(Write, "POST", "/api/v1/changes", fmt.Sprintf(`{"service":"search","title":"flag %d"}`, i)).wants(t, 201, "")
	}
	if len(told) != 4 {
		t.Errorf("told of %q", told)
	}
	var titles []string
	for cursor, pages := "", 0; pages < 9; pages++ {
		page := decode[ServiceChangeList](t, h.call(Read, "GET", "/api/v1/changes?limit=1&cursor="+cursor, ""))
		for _, c := range page.Changes {
			titles = append(titles, c.Title)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if slices.Sort(titles[:max(len(titles)-1, 0)]); !slices.Equal(titles, []string{"flag 0", "flag 1", "flag 2", "deployed v1"}) {
		t.Errorf("listed %q", titles)
	}
	if page := decode[ServiceChangeList](t, h.call(Read, "GET", "/api/v1/changes?service=checkout", "")); len(page.Changes) != 1 || page.Changes[0].URL == "" {
		t.Errorf("of checkout there are %+v", page.Changes)
	}
	h.call(Read, "POST", "/api/v1/changes", `{"service":"a","title":"b"}`).wants(t, 403, "forbidden")
	h.call(Read, "GET", "/api/v1/changes?cursor=soon", "").wants(t, 400, "invalid")
	for _, body := range []string{
		`{}`, `{"service":"a"}`, `{"title":"b"}`, `{"service":"a","title":"b","url":"javascript:alert(1)"}`, `{"service":"a","title":"b","at":"2031-01-01T00:00:00Z"}`,
		`{"service":"a","title":"b","at":"2020-01-01T00:00:00Z"}`, `{"service":"a","title":"b","tilte":"c"}`,
	} {
		h.call(Write, "POST", "/api/v1/changes", body).wants(t, 400, "invalid")
	}
}
