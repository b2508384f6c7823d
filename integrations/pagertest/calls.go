package pagertest

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
)

// Key is one that calls to a double are made with.
const Key = "R0123456789ABCDEF0123456789ABCDE"

// Calls holds a pager to what it promises, whatever the other side does: makes makes one that uses an address and a key.
func Calls(t *testing.T, makes func(t *testing.T, url, key string) integrations.Integration) {
	for _, c := range []struct {
		name    string
		key     string
		answer  Answer
		verdict integrations.Verdict // Done: it is accepted
		after   time.Duration
		says    string
		woken   int
	}{
		{name: "accepted", key: Key, woken: 1},
		{name: "asked too much", key: Key, answer: Answer{Status: 429, After: "30"}, verdict: integrations.Later, after: 30 * time.Second, says: "is asked too much (HTTP 429)"},
		{name: "out of order", key: Key, answer: Answer{Status: 500}, verdict: integrations.Unknown, says: "is out of order (HTTP 500)"},
		{name: "away for a while", key: Key, answer: Answer{Status: 503, After: "7"}, verdict: integrations.Later, after: 7 * time.Second, says: "is out of order (HTTP 503)"},
		{name: "a key that is not taken", key: "wrong-key-that-nobody-may-see", verdict: integrations.Never, says: "does not take"},
		{name: "the connection breaks", key: Key, answer: Answer{Lost: true}, verdict: integrations.Unknown, says: "cannot be reached", woken: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &Double{Keys: []string{Key}, Answer: func(n int) Answer {
				if n == 0 {
					return c.answer
				}
				return Answer{}
			}}
			server := httptest.NewServer(d)
			defer server.Close()
			pager := makes(t, server.URL, c.key).Pager
			page := sample(pager.Paging)
			_, err := pager.Page(t.Context(), page)
			refused(t, err, c.key, c.verdict, c.after, c.says)
			if got := d.Alert(page.Key).Woken; got != c.woken {
				t.Errorf("somebody is woken %d times", got)
			}
			if c.verdict == integrations.Never {
				return
			}
			// It is tried again, and wakes nobody twice.
			if _, err := pager.Page(t.Context(), page); err != nil || d.Alert(page.Key).Woken != 1 {
				t.Errorf("a second time: %v, %+v", err, d.Alert(page.Key))
			}
		})
	}
}

// Slow holds a pager to giving up a call that takes too long. It waits in real time for as long as wait.
func Slow(t *testing.T, made integrations.Integration) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := made.Pager.Page(ctx, sample(made.Pager.Paging))
	refused(t, err, Key, integrations.Unknown, 0, "does not answer in time")
}

// Answers holds a pager to acknowledging and ending what it made, and its check to waking nobody.
func Answers(t *testing.T, makes func(t *testing.T, url, key string) integrations.Integration) {
	d := &Double{Keys: []string{Key}}
	server := httptest.NewServer(d)
	defer server.Close()
	made := makes(t, server.URL, Key)
	page := sample(made.Pager.Paging)
	if _, err := made.Pager.Page(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	for _, over := range []bool{false, false, true, true} {
		want := map[bool]string{false: "acknowledged", true: "resolved"}[over]
		err := made.Pager.Answer(t.Context(), integrations.PageAnswer{Key: page.Key, Whom: page.Whom, Over: over})
		if got := d.Alert(page.Key).Status; err != nil || got != want {
			t.Errorf("it is %s, not %s: %v", got, want, err)
		}
	}
	before := len(d.Asked())
	if err := made.Check(t.Context()); err != nil {
		t.Errorf("the check says %v", err)
	}
	for _, r := range d.Asked()[before:] {
		if r.Action == "trigger" || d.Alert(r.Key).Woken != 0 {
			t.Errorf("the check wakes somebody: %+v", r)
		}
	}
	const wrong = "wrong-key-that-nobody-may-see"
	if err := makes(t, server.URL, wrong).Check(t.Context()); err == nil || strings.Contains(err.Error(), wrong) || !strings.Contains(err.Error(), "key: ") {
		t.Errorf("of a wrong key the check says %v", err)
	}
	server.Close()
	if err := made.Check(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "url: ") {
		t.Errorf("of nobody there the check says %v", err)
	}
}

func sample(p incidents.Paging) integrations.Page {
	in := incidents.Incident{Number: 7, Title: "checkout is down", TLP: "AMBER"}
	text, err := integrations.NewEgress(integrations.DefaultTravel()).Clear(in, "INC-7 (sev1) checkout is down "+strings.Repeat("everywhere ", 200))
	if err != nil {
		panic(err)
	}
	return integrations.Page{
		Key: integrations.Ours + "INC-7:acknowledge", Whom: incidents.Whom{Through: p.Through, Title: p.Title, Kind: incidents.WhomService, Name: "checkout"},
		Summary: text, Severity: 1, Service: "checkout", Link: "https://fireboss.example.com/incidents/INC-7", Details: []integrations.Detail{{Name: "said", Text: text}},
	}
}

func refused(t *testing.T, err error, key string, verdict integrations.Verdict, after time.Duration, says string) {
	t.Helper()
	var no *integrations.Unpaged
	switch {
	case verdict == integrations.Done && err != nil:
		t.Errorf("it is not accepted: %v", err)
	case verdict == integrations.Done:
	case !errors.As(err, &no):
		t.Errorf("it says %v", err)
	case no.Again.Verdict != verdict || no.Again.After != after || !strings.Contains(no.Why, says) || strings.Contains(err.Error(), key):
		t.Errorf("it says %+v: %v", no, err)
	}
}
