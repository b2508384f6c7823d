package incidents

import (
	"strings"
	"testing"
	"time"
)

func TestRenameTypeField(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, Rename{Title: " search  is slow "})
	if h.in.Title != "search is slow" || h.last().Text != "Renamed to: search is slow" || h.last().Field("from") != "checkout is down" {
		t.Errorf("%+v", h.last())
	}
	nothing(t, h.does(bob, Rename{Title: "search is slow"}))
	h.refuses(bob, Rename{}, CodeInvalid, "What is wrong? A few words are enough. Example: /incident rename checkout rejects all cards")
	h.refuses(bob, Rename{Title: strings.Repeat("x", MaxTitle+1)}, CodeInvalid, "at most 200 fit")

	h.does(bob, ChangeType{Type: " Network "})
	if h.in.Type != "network" || h.last().Text != "Type changed from incident to network" || h.last().Field("calls") != "[@net]" {
		t.Errorf("%s %s", h.last().Text, h.last().Data)
	}
	nothing(t, h.does(bob, ChangeType{Type: "NETWORK"}))
	h.refuses(bob, ChangeType{Type: " "}, CodeInvalid, "Which type? Example: /incident type security")
	for _, bad := range []string{"two words", "-x", "ünï", strings.Repeat("x", 41)} {
		h.refuses(bob, ChangeType{Type: bad}, CodeInvalid, "is not a type: that is one word of letters, digits and hyphens, at most 40 characters. Example: /incident type security")
	}

	h.does(bob, SetField{Name: " Region ", Value: "eu\nwest"})
	if h.in.Fields["region"] != "eu\nwest" || h.last().Text != "Field region: eu west" || h.last().Field("to") != "eu\nwest" {
		t.Errorf("%+v", h.last())
	}
	nothing(t, h.does(bob, SetField{Name: "region", Value: "eu\nwest"}))
	h.does(bob, SetField{Name: "region"})
	if _, set := h.in.Fields["region"]; set || h.last().Text != "Field region was cleared" || h.last().Field("from") != "eu\nwest" {
		t.Errorf("%+v", h.last())
	}
	nothing(t, h.does(bob, SetField{Name: "region"}))
	for _, bad := range []string{"", "two words", "ünï"} {
		h.refuses(bob, SetField{Name: bad, Value: "x"}, CodeInvalid, "A field's name is one word")
	}
	h.refuses(bob, SetField{Name: "x", Value: strings.Repeat("é", MaxText+1)}, CodeInvalid, "at most 8000 characters")
}

func TestServices(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, ChangeService{Name: " checkout "})
	if h.in.Services[0] != "checkout" || h.last().Kind != ServiceAdded || h.last().Field("calls") != "[@sre @shop]" {
		t.Errorf("%s", h.last().Data)
	}
	nothing(t, h.does(bob, ChangeService{Name: "CHECKOUT"}))
	h.does(bob, ChangeService{Name: "Checkout", Remove: true})
	if len(h.in.Services) != 0 || h.last().Text != "Service checkout is not affected" {
		t.Errorf("%+v", h.last())
	}
	h.refuses(bob, ChangeService{Name: "checkout", Remove: true}, CodeRefused, `"checkout" is not among the services of INC-1; it has none.`)
	h.does(bob, ChangeService{Name: "mail"})
	h.refuses(bob, ChangeService{Name: "checkout", Remove: true}, CodeRefused, `"checkout" is not among the services of INC-1; there are: mail.`)
	h.refuses(bob, ChangeService{Name: " "}, CodeInvalid, "Which service? Its name has at most 80 characters.")
	h.refuses(bob, ChangeService{Name: strings.Repeat("é", MaxName+1)}, CodeInvalid, "Which service?")
}

func TestTimesByHand(t *testing.T) {
	for _, name := range TimeNames {
		h := begin(t, Open{}).into(Closed).later(time.Hour)
		at := noon.Add(-time.Minute + 1234567)
		was := *h.in.Times.Named(name)
		h.does(bob, SetTime{Name: strings.ToUpper(strings.ReplaceAll(name, "_", "-")), At: at})
		if got, want := *h.in.Times.Named(name), at.Truncate(time.Millisecond); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		kind := TimeChanged
		if strings.HasPrefix(name, "impact_") {
			kind = ImpactChanged
		}
		e := h.last()
		if e.Kind != kind || !strings.HasSuffix(e.Text, " set to 2026-11-20 11:59 UTC by bob") || e.Field("name") != name || e.Field("from") != stamp(was) || !e.At.Equal(h.at) {
			t.Errorf("%s: %s %s", name, e.Text, e.Data)
		}
		nothing(t, h.does(bob, SetTime{Name: name, At: at}))
		if !h.in.DeclaredAt.Equal(noon) {
			t.Error("our own clock's word on the declaration was changed")
		}
		h.refuses(bob, SetTime{Name: name}, CodeInvalid, "When? Example: /incident time "+name+" 14:02")
		h.refuses(bob, SetTime{Name: name, At: h.at.Add(2 * time.Minute)}, CodeInvalid, " UTC is in the future; it must have happened. Example: /incident time "+name+" 14:02")
	}
}

func TestTimesThatMakeNoSense(t *testing.T) {
	h := begin(t, Open{})
	h.refuses(bob, SetTime{Name: "lunch", At: noon}, CodeInvalid, `"lunch" is not one of the times. There are: impact_started, impact_ended, detected,`)
	h.refuses(bob, SetTime{Name: "resolved", At: noon}, CodeRefused, "INC-1 is not resolved. Resolve it first: /incident resolve")
	h.refuses(bob, SetTime{Name: "closed", At: noon}, CodeRefused, "INC-1 is not closed. Close it first: /incident close")
	h.does(bob, SetImpact{At: noon.Add(-time.Hour)})
	h.refuses(bob, SetImpact{End: true, At: noon.Add(-2 * time.Hour)}, CodeRefused, "The impact cannot end (2026-11-20 10:00 UTC) before it started (2026-11-20 11:00 UTC). To set the start: /incident impact start 14:02")
	h.does(bob, SetImpact{End: true, At: noon.Add(-time.Minute)})
	h.refuses(bob, SetImpact{At: noon}, CodeRefused, "The impact cannot end")
	if h.last().Text != "Impact ended set to 2026-11-20 11:59 UTC by bob" {
		t.Error(h.last().Text)
	}
	h.into(Resolved)
	h.does(bob, SetTime{Name: "resolved", At: noon})
	h.refuses(bob, SetTime{Name: "closed", At: noon}, CodeRefused, "INC-1 is not closed.")
}

func TestNamesOfTimes(t *testing.T) {
	var times Times
	seen := map[*time.Time]bool{}
	for _, name := range TimeNames {
		p := times.Named(name)
		if p == nil || seen[p] {
			t.Errorf("%s names nothing of its own", name)
		}
		seen[p] = true
	}
	if times.Named("lunch") != nil {
		t.Error("lunch is a time")
	}
}

func TestDurations(t *testing.T) {
	at := func(min int) time.Time { return noon.Add(time.Duration(min) * time.Minute) }
	min := func(n int) *time.Duration { d := time.Duration(n) * time.Minute; return &d }
	for name, c := range map[string]struct {
		times Times
		want  Durations
	}{
		"nothing known":     {Times{}, Durations{Basis: "detected"}},
		"just declared":     {Times{Declared: noon, Detected: noon}, Durations{Basis: "detected"}},
		"impact unknown":    {Times{Detected: at(0), Acknowledged: at(3), Mitigated: at(20), Resolved: at(30)}, Durations{nil, min(3), min(20), min(30), "detected"}},
		"impact known":      {Times{ImpactStarted: at(-10), Detected: at(0), Acknowledged: at(3), Mitigated: at(20), Resolved: at(30)}, Durations{min(10), min(3), min(30), min(40), "impact_started"}},
		"nobody looked yet": {Times{ImpactStarted: at(-10), Detected: at(0)}, Durations{min(10), nil, nil, nil, "impact_started"}},
		"ended first":       {Times{Detected: at(0), Acknowledged: at(-1), Mitigated: at(-20), Resolved: at(-20)}, Durations{Basis: "detected"}},
		"foreseen":          {Times{ImpactStarted: at(5), Detected: at(0), Resolved: at(30)}, Durations{nil, nil, nil, min(25), "impact_started"}},
		"at the same time":  {Times{ImpactStarted: at(0), Detected: at(0)}, Durations{min(0), nil, nil, nil, "impact_started"}},
	} {
		got := c.times.Durations()
		for i, pair := range [][2]*time.Duration{{got.Detect, c.want.Detect}, {got.Acknowledge, c.want.Acknowledge}, {got.Mitigate, c.want.Mitigate}, {got.Resolve, c.want.Resolve}} {
			if (pair[0] == nil) != (pair[1] == nil) || pair[0] != nil && *pair[0] != *pair[1] {
				t.Errorf("%s: figure %d: %v, want %v", name, i, pair[0], pair[1])
			}
		}
		if got.Basis != c.want.Basis {
			t.Errorf("%s: %s", name, got.Basis)
		}
	}
}
