package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
	"fireboss/integrations/github"
)

// grouped is a notification of Alertmanager about a group, of which each member is a name and its status.
func grouped(status string, truncated int, members ...string) string {
	list := make([]string, len(members))
	for i, m := range members {
		name, is, _ := strings.Cut(m, " ")
		list[i] = fmt.Sprintf(`{"status":%q,"labels":{"alertname":%q,"severity":"warning","service":"mail"},"annotations":null,"startsAt":%q,"endsAt":"0001-01-01T00:00:00Z"}`, is, name, time.Now().UTC().Format(time.RFC3339Nano))
	}
	return fmt.Sprintf(`{"version":"4","status":%q,"groupKey":"{}:{service=mail}","truncatedAlerts":%d,"alerts":[%s]}`, status, truncated, strings.Join(list, ","))
}

// gitHub is a double of what GitHub's API says of one webhook, of which the last delivery did not arrive. What is asked
// for again it sends.
type gitHub struct {
	b        *bubble
	failedAt time.Time
	sent     int
	answers  []int
}

// run is a delivery about a workflow that failed, by the id of its run.
func (g *gitHub) run(id string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hooks/github", strings.NewReader(`{"action":"completed","workflow_run":{"id":"`+id+`","name":"deploy","workflow_id":2,"head_branch":"main","conclusion":"failure"},"repository":{"full_name":"octo-org/shop","name":"shop","default_branch":"main"}}`))
	r.Header.Set("Authorization", "Bearer simulated-key")
	r.Header.Set("X-GitHub-Event", "workflow_run")
	r.Header.Set("X-GitHub-Delivery", "58474f00-b361-11eb-836d-0e4f3503ccbe")
	return r
}

func (g *gitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	attempt := func(id int64, at time.Time, code int, again bool) map[string]any {
		return map[string]any{"id": id, "guid": "58474f00-b361-11eb-836d-0e4f3503ccbe", "delivered_at": at.UTC(), "redelivery": again, "status_code": code, "event": "workflow_run"}
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /repos/octo-org/shop/hooks":
		fmt.Fprint(w, `[{"id": 7, "active": true, "config": {"url": "https://fires.example.com/hooks/github"}}]`)
	case "GET /repos/octo-org/shop/hooks/7/deliveries":
		list := []map[string]any{attempt(1, g.failedAt, 502, false)}
		for i, code := range g.answers {
			list = append([]map[string]any{attempt(int64(i+2), time.Now(), code, true)}, list...)
		}
		_ = json.NewEncoder(w).Encode(list)
	case "POST /repos/octo-org/shop/hooks/7/deliveries/1/attempts":
		g.sent++
		w.WriteHeader(http.StatusAccepted)
		for range 2 { // somebody presses Redeliver there as well
			answer := httptest.NewRecorder()
			g.b.prog.site.ServeHTTP(answer, g.run("1"))
			g.answers = append(g.answers, answer.Code)
		}
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// What senders do that a reader does not expect, through the door and as people see it.
func TestTrapsOfSenders(t *testing.T) {
	g := &gitHub{failedAt: time.Date(1999, 12, 31, 22, 0, 0, 0, time.UTC)}
	inBubbleBeside(t, slacksim.Options{}, func(b *bubble) { g.b = b; b.has("github.test:80", g) }, func(s *settings.Settings) {
		c := &github.Config{URL: "http://github.test", Hooks: []string{"octo-org/shop"}}
		c.Token.SetSecret("gh-t0ken", "")
		c.Inbound.Keys = make([]integrations.Secret, 1)
		c.Inbound.Keys[0].SetSecret("simulated-key", "")
		s.Integrations[github.Name] = c
	}, func(b *bubble) error {
		elapse(time.Minute)
		if a := b.alert(1); a.Count != 1 || a.Source != "github" || g.sent != 1 || len(g.answers) != 2 || g.answers[0] != 200 || g.answers[1] != 200 {
			return fmt.Errorf("what GitHub could not deliver was sent %d times, answered %d, and is %+v", g.sent, g.answers, a)
		}
		if err := b.groups(); err != nil {
			return err
		}
		if err := g.long(); err != nil {
			return err
		}
		return b.markup()
	})
}

// groups has a group told of that is truncated, or fires while members of it are over.
func (b *bubble) groups() error {
	status := func(names ...string) string {
		list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{})
		if err != nil {
			return err.Error()
		}
		is := map[string]alerts.Status{}
		for _, a := range slices.Backward(list) { // the newest first
			is[a.Signal.Labels["alertname"]] = a.Signal.Status
		}
		for i, n := range names {
			names[i] = n + " " + string(is[n])
		}
		return strings.Join(names, ", ")
	}
	for _, step := range []struct {
		what string
		body func() string
		want string
	}{
		{"a member is over while the group fires", func() string { return grouped("firing", 0, "queue firing", "relay firing", "spool resolved") }, "queue firing, relay firing, spool resolved"},
		{"then another is", func() string { return grouped("firing", 0, "queue firing", "relay resolved", "spool firing") }, "queue firing, relay resolved, spool firing"},
		{"the group is over, and only one member is told of", func() string { return grouped("resolved", 2, "queue resolved") }, "queue resolved, relay resolved, spool resolved"},
		{"it fires again", func() string { return grouped("firing", 1, "queue firing") }, "queue firing, relay resolved, spool resolved"},
	} {
		if err := b.sends("alertmanager", step.body()); err != nil {
			return err
		}
		if got := status("queue", "relay", "spool"); got != step.want {
			return fmt.Errorf("%s: %s, not %s", step.what, got, step.want)
		}
	}
	return nil
}

// long has names told that are longer than any key of the store: they keep nothing behind them from being worked.
func (g *gitHub) long() error {
	long := strings.Repeat("x", 40_000)
	for _, id := range []string{long, long, long + "y"} {
		w := httptest.NewRecorder()
		if g.b.prog.site.ServeHTTP(w, g.run(id)); w.Code != http.StatusOK {
			return fmt.Errorf("it is answered %d: %s", w.Code, w.Body)
		}
		elapse(time.Second)
	}
	if a := g.b.alert(1); a.Count != 3 {
		return fmt.Errorf("of three deliveries, two of them with one id, there is %+v", a)
	}
	of := func(body string) string { return strings.Replace(body, "{service=mail}", "{service="+long+"}", 1) }
	for _, body := range []string{of(grouped("firing", 0, "long1 firing", "long2 firing")), of(grouped("resolved", 1, "long1 resolved"))} {
		if err := g.b.sends("alertmanager", body); err != nil {
			return err
		}
	}
	open, err := g.b.prog.store.Alerts(context.Background(), store.AlertQuery{Where: func(a alerts.Alert) bool { return strings.HasPrefix(a.Title, "long") && a.Open() }})
	if err != nil || len(open) != 0 {
		return fmt.Errorf("of a long group %d are still open (%w)", len(open), err)
	}
	return nil
}

// markup has an alert told of whose texts would call everybody, or be a page's own.
func (b *bubble) markup() error {
	const evil = `<!channel> <script>alert(1)</script> <https://bank.example|evil>`
	text, err := json.Marshal(evil)
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"version":"4","status":"firing","groupKey":"evil","alerts":[{"status":"firing","labels":{"alertname":"evil","severity":"critical","service":%s},"annotations":{"summary":%s,"description":%s},"startsAt":"2000-01-01T00:00:00Z","generatorURL":"javascript:alert(1)"}]}`, text, text, text)
	if err := b.sends("alertmanager", body); err != nil {
		return err
	}
	elapse(10 * time.Second)
	st, err := b.state()
	if err != nil {
		return err
	}
	shown := 0
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			all := m.Text + inMarkup(m.Blocks)
			if strings.Contains(all, "bank.example") {
				shown++
			}
			if strings.Contains(all, "<!channel>") || strings.Contains(all, "<https://bank.example|") || strings.Contains(all, "javascript:") {
				return fmt.Errorf("a message has %s", all)
			}
		}
	}
	if shown == 0 {
		return errors.New("the alert is nowhere")
	}
	v, err := b.visits("Alice", aliceID)
	if err != nil {
		return err
	}
	for _, path := range []string{"/alerts", "/incidents/INC-1"} {
		if page := v.ask(http.MethodGet, path, nil); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "bank.example") || strings.Contains(page.Body.String(), "<script>alert") || strings.Contains(page.Body.String(), "javascript:alert") {
			return fmt.Errorf("%s answers %d: %.3000s", path, page.Code, page.Body)
		}
	}
	return nil
}

// inMarkup are the texts within blocks that Slack reads as its markup.
func inMarkup(v any) (all string) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			all += inMarkup(inner)
		}
	case map[string]any:
		if v["type"] == "mrkdwn" {
			all = fmt.Sprint("\n", v["text"])
		}
		for _, inner := range v {
			all += inMarkup(inner)
		}
	}
	return all
}
