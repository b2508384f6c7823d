package bot

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// visitor is a browser in which one of the workspace's people is signed in.
type visitor struct {
	b      *bubble
	secret string
}

// visits signs somebody in.
func (b *bubble) visits(name, id string) (*visitor, error) {
	v := &visitor{b: b}
	secret, key := store.NewSecret("")
	v.secret = secret
	now := time.Now()
	err := b.prog.store.PutSession(context.Background(), store.Session{
		ID: key, Person: incidents.Person{ID: "slack:T0FIREBOSS/" + id, Name: name}, By: store.ByProvider, Created: now, Seen: now, Expires: now.Add(12 * time.Hour),
	})
	return v, err
}

func (v *visitor) ask(method, path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(fields.Encode()))
	r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
	r.AddCookie(&http.Cookie{Name: "fireboss", Value: v.secret})
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	v.b.prog.site.ServeHTTP(w, r)
	return w
}

// listens opens a stream, and gives what ends it and tells what it said.
func (v *visitor) listens(path string) func() string {
	ctx, cancel := context.WithCancel(context.Background())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
	r.AddCookie(&http.Cookie{Name: "fireboss", Value: v.secret})
	w, done := httptest.NewRecorder(), make(chan struct{})
	go func() {
		defer close(done)
		v.b.prog.site.ServeHTTP(w, r)
	}()
	return func() string {
		cancel()
		<-done
		return w.Body.String()
	}
}

var hiddenField = regexp.MustCompile(`name="(csrf|once)" value="([^"]+)"`)

// says presses a button or sends a form of a page, with what is filled in, and reads
// the page that it is sent on to: pairs of a field and its value.
func (v *visitor) says(path, say string, filled ...string) (string, error) {
	shown := v.ask(http.MethodGet, path, nil)
	fields := url.Values{"say": {say}}
	for _, m := range hiddenField.FindAllStringSubmatch(shown.Body.String(), -1) {
		fields.Set(m[1], m[2])
	}
	for i := 0; i+1 < len(filled); i += 2 {
		fields.Add("field", filled[i])
		fields.Add("v."+filled[i], filled[i+1])
	}
	done := v.ask(http.MethodPost, strings.Split(path, "?")[0], fields)
	to := done.Header().Get("Location")
	if done.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/incidents/") {
		return "", fmt.Errorf("%s says %q: %d %s %s", path, say, done.Code, to, done.Body)
	}
	to, _, _ = strings.Cut(to, "#")
	return html.UnescapeString(v.ask(http.MethodGet, to, nil).Body.String()), nil
}

// An incident is run from its page while Slack cannot be reached. What was done then
// stands in the channel when Slack is back: each once, in order, with its own time.
func TestAnIncidentIsRunWithoutSlack(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		ch := b.place(1)
		elapse(time.Minute)
		bob, err := b.visits("bob", bobID)
		if err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "*", "kind": "drop_before", "times": 1 << 20})
		b.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": "abort"})
		began := time.Now()
		page := "/incidents/INC-1"
		told := bob.listens("/live?incident=INC-1")
		for i, act := range []struct {
			say    string
			filled []string
			shows  string
		}{
			{"ack", nil, "INC-1"},
			{"lead me", nil, "bob"},
			{"update INC-1", []string{"text", "we fail over", "next", "30m"}, "The update of INC-1 is posted."},
			{"sev INC-1", []string{"severity", "sev1", "why", "all of Europe"}, "INC-1 is now sev1."},
			{"task INC-1 add", []string{"text", "call the bank", "to", "@carol", "due", "", "priority", ""}, "Task 1 is added"},
			{"decision we pay them by hand", nil, "stands in the timeline"},
		} {
			elapse(10 * time.Minute)
			got, err := bob.says(page, act.say, act.filled...)
			if err != nil || !strings.Contains(got, act.shows) {
				return errors.Join(err, fmt.Errorf("%d: %q is answered %s", i, act.say, got))
			}
			if i > 1 && !strings.Contains(got, "Slack is behind since") && !strings.Contains(got, "being brought up to date") {
				return fmt.Errorf("the page does not say that Slack is behind: %s", got)
			}
		}
		if got, err := bob.says("/incidents/new", "open", "title", "search is slow", "severity", "sev3"); err != nil || !strings.Contains(got, "Opened INC-2.") {
			return errors.Join(err, fmt.Errorf("another one: %s", got))
		}
		if n := strings.Count(told(), "event: changed"); n < 6 {
			return fmt.Errorf("an open page was told of %d changes", n)
		}
		if now := bob.ask(http.MethodGet, "/", nil).Body.String(); !strings.Contains(now, "behind") || !strings.Contains(now, "you command") {
			return fmt.Errorf("the first page says %s", now)
		}
		elapse(20 * time.Minute)
		if err := b.settle(); err != nil { // Slack is back
			return err
		}
		return errors.Join(b.dated(ch, began), b.opened(2))
	})
}

// An open page hears of what was done at once, however long Slack takes with it.
func TestAnOpenPageDoesNotWaitForSlack(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.place(1)
		elapse(time.Minute)
		bob, err := b.visits("bob", bobID)
		if err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "*", "kind": "latency", "ms": 8000, "times": 1000})
		told := bob.listens("/live?incident=INC-1")
		elapse(time.Second)
		if _, err := bob.says("/incidents/INC-1", "decision we fail over"); err != nil {
			return err
		}
		elapse(2 * time.Second)
		if said := told(); strings.Count(said, "event: changed") != 1 {
			return fmt.Errorf("two seconds on it was told %q", said)
		}
		return nil
	})
}

// dated wants each event of the incident that happened while Slack was away to be said
// with its own time, and the others without.
func (b *bubble) dated(ch string, began time.Time) error {
	st, err := b.state()
	if err != nil {
		return err
	}
	events, err := b.prog.store.Events(context.Background(), 1, 0, 0)
	if err != nil {
		return err
	}
	said := 0
	for _, m := range st.channel(ch).Messages {
		if m.kind() != "fireboss_event" {
			continue
		}
		e := events[int(m.Metadata.EventPayload["seq"].(float64))-1]
		mark := fmt.Sprintf("*<!date^%d^", e.At.Unix())
		late := e.RecordedAt.After(began) && e.Kind != incidents.ReminderSent && e.RecordedAt.Before(began.Add(70*time.Minute))
		if late != strings.HasPrefix(m.Text, mark) {
			err = errors.Join(err, fmt.Errorf("%s of %s is said as %q", e.Kind, e.At, m.Text))
		}
		if late {
			said++
		}
	}
	if said < 6 {
		err = errors.Join(err, fmt.Errorf("%d events are said late", said))
	}
	return err
}

// opened wants an incident to have its channel.
func (b *bubble) opened(n incidents.Number) error {
	rec, err := b.prog.store.Record(context.Background(), "slack", n)
	if err == nil && rec.Place == "" {
		err = fmt.Errorf("%s has no channel", n)
	}
	return err
}
