package commands

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestDeclaration(t *testing.T) {
	yes := true
	at := func(h, m int) time.Time { return time.Date(2026, 11, 20, h, m, 0, 0, time.UTC) }
	for said, want := range map[string]incidents.Open{
		"":                              {},
		"checkout is down":              {Title: "checkout is down"},
		"sev1 checkout":                 {Title: "checkout", Severity: 1},
		"SEV-2 checkout":                {Title: "checkout", Severity: 2},
		"Sev3\ncheckout":                {Title: "checkout", Severity: 3},
		"sev6 checkout":                 {Title: "sev6 checkout"},
		"unset checkout":                {Title: "checkout"},
		"3 nodes lost power":            {Title: "3 nodes lost power"},
		"S3 is down":                    {Title: "S3 is down"},
		"1 of 2 links":                  {Title: "1 of 2 links"},
		"private checkout":              {Title: "checkout", Private: &yes},
		"sev1 private checkout":         {Title: "checkout", Severity: 1, Private: &yes},
		"private sev1 checkout":         {Title: "checkout", Severity: 1, Private: &yes},
		"private private key leaked":    {Title: "private key leaked", Private: &yes},
		"sev1 sev2 differ":              {Title: "sev2 differ", Severity: 1},
		"the private key leaked":        {Title: "the private key leaked"},
		"checkout sev1":                 {Title: "checkout sev1"},
		"--started 11:40 checkout":      {Title: "checkout", Started: at(11, 40)},
		"--started=11:40 sev1 checkout": {Title: "checkout", Severity: 1, Started: at(11, 40)},
		"—started 11:40 checkout":       {Title: "checkout", Started: at(11, 40)},
		"--Started 11:40 --resolved 2026-11-20 11:50 checkout":                       {Title: "checkout", Started: at(11, 40), Resolved: at(11, 50)},
		"--private --resolved 11:50 sev4 checkout":                                   {Title: "checkout", Severity: 4, Private: &yes, Resolved: at(11, 50)},
		"--started \"2026-11-19 14:00\" --resolved “2026-11-19 16:10” sev2 checkout": {Title: "checkout", Severity: 2, Started: at(-10, 0), Resolved: at(-8, 10)},
		"—started ‘11:40’ --resolved='2026-11-20 11:50' the \"old\" checkout":        {Title: "the \"old\" checkout", Started: at(11, 40), Resolved: at(11, 50)},
		"--started=„2026-11-20 11:40“ checkout":                                      {Title: "checkout", Started: at(11, 40)},
		"--started 10m checkout":                                                     {Title: "checkout", Started: at(11, 50)},
		"--started 1h 30m sev2 checkout":                                             {Title: "checkout", Severity: 2, Started: at(10, 30)},
		"--started=\"2 hours ago\" —resolved ‘20 min’ checkout":                      {Title: "checkout", Started: at(10, 0), Resolved: at(11, 40)},
		"--resolved 20m ago --started yesterday 23:00 3 nodes died":                  {Title: "3 nodes died", Started: at(-1, 0), Resolved: at(11, 40)},
		"-- private sev1":         {Title: "private sev1"},
		"sev1 -- --started":       {Title: "--started", Severity: 1},
		"— a dash is no flag":     {Title: "— a dash is no flag"},
		"checkout --started 9:00": {Title: "checkout --started 9:00"},
		"INC-1 is back":           {Title: "INC-1 is back"},
	} {
		c := &call{Request: Request{At: noon, Zone: time.UTC}, args: said}
		got, err := c.declaration()
		if err != nil {
			t.Errorf("%q: %v", said, err)
			continue
		}
		if got.Title != want.Title || got.Severity != want.Severity || (got.Private == nil) != (want.Private == nil) || !got.Started.Equal(want.Started) || !got.Resolved.Equal(want.Resolved) {
			t.Errorf("%q: got %+v, want %+v", said, got, want)
		}
	}
}

func TestOpenAnswers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ said, answer string }{
		{"open sev1 checkout is down", "Opened INC-1. Nobody commands it yet: /incident lead INC-1 me"},
		{"DECLARE search is slow", "Opened INC-2. Nobody commands it yet: /incident lead INC-2 me"},
		{"new private sev2 a laptop was stolen", "Opened INC-3. It is private: only those who are brought in can see it."},
		{"open --started 10:00 --resolved 11:30 mail was late", "Recorded INC-4, resolved at 11:30 UTC: nobody is called or reminded, and it is not announced. When the work on it is over: /incident close INC-4"},
		{"drill", "Opened INC-5. It is a drill: marked as one everywhere and left out of the figures."},
		{"drill sev2 the database is gone", "Opened INC-6. It is a drill: marked as one everywhere and left out of the figures."},
	} {
		if got := w.does("bob", c.said).Text; got != c.answer {
			t.Errorf("%q:\n got  %s\n want %s", c.said, got, c.answer)
		}
	}
	if in := w.incident(5); in.Title != drillTitle || !in.Drill {
		t.Errorf("%+v", in)
	}
	if in := w.incident(6); in.Severity != 2 || !in.Drill {
		t.Errorf("%+v", in)
	}
	w.here = 1
	if got := w.does("bob", "open from within another channel").Text; !strings.HasPrefix(got, "Opened INC-7.") {
		t.Error(got)
	}
}

func TestOddTitles(t *testing.T) {
	for _, title := range []string{
		"x", strings.Repeat("x", 80), strings.Repeat("é", incidents.MaxTitle), "🔥🔥 checkout 🔥", "קופה מושבתת", "@channel <!here> <!channel>", "*bold* _it_ `code` ~no~",
		"<script>alert(1)</script> & <b>", "tabs\tand\nlines\r\n end", "nul \x00 bell \a esc \x1b[31m", "broken \xff\xfe bytes", "3 nodes lost power", "S3 is down", "1", "s1", "%s %d %!",
	} {
		w := newWorld(t)
		r := w.does("bob", "open "+title)
		if !strings.HasPrefix(r.Text, "Opened INC-1.") {
			t.Errorf("%q: %s", title, r.Text)
		}
		if want := incidents.Tidy(title); r.Incident.Title != want || r.Incident.Severity != incidents.Unset {
			t.Errorf("%q became %q, %s", title, r.Incident.Title, r.Incident.Severity)
		}
		for _, later := range []string{"show INC-1", "list", "search " + brief(title, 20), "rename INC-1 " + title} {
			w.says("bob", later)
		}
	}
}

func TestAPrivateDrillSaysBoth(t *testing.T) {
	w := newWorld(t)
	if r := w.does("bob", "drill private"); r.Text != "Opened INC-1. It is a private drill: left out of the figures, and only those who are brought in can see it." {
		t.Error(r.Text)
	}
}
