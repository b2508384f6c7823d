package incidents

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestNumbers(t *testing.T) {
	for s, want := range map[string]Number{"INC-12": 12, "\tinc-1\n": 1, "Inc-007": 7, "INC-9223372036854775807": 9223372036854775807} {
		if got, err := ParseNumber(s); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "12", "INC-", "INC-0", "INC--1", "INC-+1", "INC-1x", "INC-1 2", "INC 12", "INC12", "INC-9223372036854775808", "INC-99999999999999999999", "INC-٣", "#12"} {
		if got, err := ParseNumber(s); err == nil || !strings.HasSuffix(err.Error(), "is not an incident; write it like INC-12") {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	if Number(12).String() != "INC-12" {
		t.Error(Number(12))
	}
}

func TestSeverities(t *testing.T) {
	for s, want := range map[string]Severity{"sev1": 1, "SEV5": 5, "Sev-2": 2, "\tsev3\n": 3, "unset": Unset, "UNSET": Unset} {
		if got, ok := ParseSeverity(s); !ok || got != want {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "1", "s1", "S3", "sev", "sev0", "sev6", "sev11", "sev--1", "sev 1", "severe", "p1", "sev١"} {
		if got, ok := ParseSeverity(s); ok {
			t.Errorf("%q: %v at the head of a title", s, got)
		}
	}
	for s, want := range map[string]Severity{"1": 1, "s2": 2, "S3": 3, "\t4\n": 4, "sev5": 5, "unset": Unset} {
		if got, ok := ParseSeverityAlone(s); !ok || got != want {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "0", "6", "s", "ss1", "s-1", "-1", "1.0"} {
		if got, ok := ParseSeverityAlone(s); ok {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestSeveritiesAreOrderedAndExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Severities {
		if m := s.Meaning(); m == "" || seen[m] {
			t.Errorf("%s: %q", s, m)
		} else {
			seen[m] = true
		}
		raw, err := json.Marshal(s)
		var back Severity
		if err != nil || json.Unmarshal(raw, &back) != nil || back != s || string(raw) != `"`+s.String()+`"` {
			t.Errorf("%s became %s and %s", s, raw, back)
		}
	}
	order := []Severity{1, 2, Unset, 3, 4, 5}
	for i, s := range order[1:] {
		if order[i].Rank() >= s.Rank() {
			t.Errorf("%s is not worse than %s", order[i], s)
		}
	}
	var s Severity
	if err := s.UnmarshalText([]byte("bad")); err == nil || err.Error() != `"bad" is not a severity` {
		t.Error(err)
	}
}

func TestStatuses(t *testing.T) {
	for _, s := range Statuses {
		if got, ok := ParseStatus(" " + strings.ToUpper(string(s))); !ok || got != s {
			t.Errorf("%s: %s", s, got)
		}
		ended := s == Resolved || s == Closed || s == Canceled
		if s.Ended() != ended || s.Open() == ended {
			t.Errorf("%s: ended is %v", s, s.Ended())
		}
	}
	if got, ok := ParseStatus("cancelled"); !ok || got != Canceled {
		t.Error(got)
	}
	for _, s := range []string{"", "open", "done"} {
		if got, ok := ParseStatus(s); ok {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func TestRefusals(t *testing.T) {
	wrapped := fmt.Errorf("while asking: %w", NotFound(7))
	r, ok := AsRefusal(wrapped)
	if !ok || r.Code != CodeNotFound || r.Incident != 7 || r.Error() != "INC-7 does not exist or is not open to you." {
		t.Errorf("%+v", r)
	}
	if _, ok := AsRefusal(errors.New("x")); ok {
		t.Error("an error is a refusal")
	}
}

func TestARefusalIsRightWhereverItIsRead(t *testing.T) {
	_, err := begin(t, Open{}).into(Closed).try(bob.Actor(), Acknowledge{})
	r, _ := AsRefusal(err)
	if r == nil || r.Text != "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen INC-1 WHY" || r.Here != "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen WHY" {
		t.Errorf("%+v", r)
	}
	for want, s := range map[string]Say{
		"/incident open checkout is down": {Verb: "open", Args: "checkout is down"},
		"/incident resolve":               {Verb: "resolve"},
		"/incident resolve INC-3":         {Of: 3, Verb: "resolve"},
		"/incident sev INC-3 2":           {Of: 3, Verb: "sev", Args: "2"},
	} {
		if s.String() != want {
			t.Errorf("%+v is said as %s", s, s)
		}
	}
}

// What a refusal proposes must not be carried out on another incident, in
// whose channel it was read.
func TestEveryCommandInARefusalNamesItsIncident(t *testing.T) {
	proposed := regexp.MustCompile(`/incident \w+( INC-1)?`)
	acts := append(everyAct(), ChangeSeverity{To: 9}, ChangeStatus{To: "x"}, Rename{}, ChangeType{}, ChangeType{Type: "a b"}, SetField{}, SetField{Name: "x", Value: strings.Repeat("x", MaxText+1)},
		ChangeService{}, ChangeService{Name: "y", Remove: true}, SetImpact{}, SetTime{Name: "lunch"}, SetTime{Name: "resolved", At: noon}, SetTime{Name: "closed", At: noon}, SetTime{Name: "detected", At: noon.Add(time.Hour)},
		PostUpdate{}, PostUpdate{Text: "x", Next: -1}, SetSummary{}, AddNote{}, AddNote{Text: "x", At: noon.Add(time.Hour)}, MakeDecision{}, MakeDecision{Text: strings.Repeat("x", MaxText+1)},
		AddLink{}, AddLink{URL: "x"}, AddLink{URL: "https://x", Name: strings.Repeat("x", MaxName+1)}, Invite{}, AssignRole{Role: "jester", To: bob}, HandOff{}, HandOff{To: bob},
		AddTask{List: Tasks}, AssignTask{List: Tasks, Number: 9}, MoveTask{List: Followups, Number: 9}, Reopen{}, Cancel{Why: strings.Repeat("x", MaxText+1)})
	refusals := 0
	for _, status := range []Status{Investigating, Resolved, Closed} {
		for _, act := range acts {
			if _, opening := act.(Open); opening {
				continue
			}
			h := begin(t, Open{})
			if status != Investigating {
				h.into(status)
			}
			_, err := h.try(bob.Actor(), act)
			r, refused := AsRefusal(err)
			if !refused {
				continue
			}
			refusals++
			for _, command := range proposed.FindAllStringSubmatch(r.Text, -1) {
				if command[1] == "" {
					t.Errorf("%T: %s", act, r.Text)
				}
			}
			if command := proposed.FindString(r.Here); strings.Contains(command, "INC-1") {
				t.Errorf("%T: %s", act, r.Here)
			}
		}
	}
	if refusals < 60 {
		t.Errorf("only %d refusals were looked at", refusals)
	}
}

func TestFirebossIsNobodysResponder(t *testing.T) {
	if a := alice.Actor(); a.Kind != User || a.Person() != alice {
		t.Errorf("%+v", a)
	}
	if Fireboss.Kind != System || Fireboss.ID != "system" {
		t.Errorf("%+v", Fireboss)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "INC-12", "inc-0", "sev1", "SEV-3", "s2", "1", "unset", "cancelled", "triage", "a\x00b\u202ec\xff", "\u2028 x \r\n y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseNumber(s); err == nil {
			if again, err := ParseNumber(n.String()); err != nil || again != n || n == 0 {
				t.Errorf("%q: %v", s, n)
			}
		}
		if sev, ok := ParseSeverity(s); ok {
			if alone, ok := ParseSeverityAlone(s); !ok || alone != sev || sev < Unset || sev > 5 {
				t.Errorf("%q: %v and %v", s, sev, alone)
			}
		}
		if st, ok := ParseStatus(s); ok && !contains(Statuses, st) {
			t.Errorf("%q: %v", s, st)
		}
		line := Tidy(s)
		if line != Tidy(line) || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r\t\x00\u2028\u202e") || line != strings.TrimSpace(line) {
			t.Errorf("%q became %q", s, line)
		}
		words := clean(s)
		if words != clean(words) || !utf8.ValidString(words) || strings.ContainsAny(words, "\r\x00\x1b\u009b\u2028\u202e\u2066") {
			t.Errorf("%q became %q", s, words)
		}
		if short := shorten(s, 5); len([]rune(short)) > 5 && len([]rune(s)) > 5 {
			t.Errorf("%q became %q", s, short)
		}
	})
}
