package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
)

// quokka stands in every text of the private incidents of this test, and may be
// read by nobody but those who are in them.
const quokka = "quokka"

// anyToken is what is another each time in a form.
var anyToken = regexp.MustCompile(`value="[A-Z2-7]{16,}"`)

// answersTo is all that an address answers a token, or nobody.
func (b *bubble) answersTo(path, token string) string {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:5000", "localhost:8080"
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	b.prog.site.ServeHTTP(w, r)
	return fmt.Sprint(w.Code, " ", w.Header(), "\n", w.Body)
}

// addresses are all that answer a GET: the pages of the contract, and every path
// that the API describes, for this incident.
func (b *bubble) addresses(n string) ([]string, error) {
	_, body, _ := strings.Cut(b.answersTo("/api/v1/openapi.json", ""), "\n")
	var api struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(body), &api); err != nil || len(api.Paths) < 5 {
		return nil, fmt.Errorf("the API describes %d paths (%w)", len(api.Paths), err)
	}
	list := []string{
		"/", "/incidents", "/incidents?q=numbat", "/incidents?status=open", "/incidents?sort=severity", "/incidents.csv", "/incidents.json?sort=oldest", "/live?incident=" + n, "/incidents/" + n, "/incidents/" + n + "?ask=sev", "/incidents/" + n + "?audit=check", "/incidents/" + n + "/postmortem", "/incidents/" + n + "/postmortem?version=1", "/incidents/" + n + "/postmortem.md", "/incidents/" + n + "/postmortem.html",
		"/postmortems", "/postmortems?state=draft", "/followups",
		"/insights", "/alerts", "/alerts?incident=" + n, "/api/v1/alerts?incident=" + n, "/metrics", "/healthz", "/readyz", "/api/v1/incidents?q=numbat", "/api/v1/incidents?status=investigating", "/api/v1/incidents?severity=sev1",
	}
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		if api.Paths[path]["get"] != nil {
			list = append(list, strings.ReplaceAll(path, "{id}", n))
		}
	}
	return list, nil
}

// TestPrivateIncidentsShowNowhere runs two private incidents, one of which was
// public, with troubles and time that passes, and reads all there is to read for
// those who are not in them: every channel and direct message, every answer to
// their commands, every page, path of the API and metric, and the log.
func TestPrivateIncidentsShowNowhere(t *testing.T) {
	story := func(b *bubble) error {
		b.says("@alice", "#general", "open private sev1 quokka numbat")
		b.says("@alice", "#general", "open sev2 quokka numbat on the loose")
		ch := b.room(1).ID
		b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@alice", "channel": ch, "text": "quokka said"})
		for _, text := range []string{
			"summary quokka summary", "note quokka note", "decision quokka decision", "update quokka update next 5m", "task add quokka task @bob", "followup add quokka followup",
			"link https://quokka.example quokka", "service add quokka-service", "field region quokka", "type quokka", "invite @bob", "handoff @bob quokka it is yours", "tlp red",
		} {
			b.says("@alice", ch, text)
		}
		b.says("@bob", ch, "accept")
		b.says("@alice", b.room(2).ID, "private quokka leaked")
		b.says("@dave", "#general", "access INC-1")
		b.says("@bob", "#general", "access INC-1 deny @dave")
		for _, method := range []string{"pins.add", "chat.update", "conversations.setTopic", "conversations.rename"} {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": method, "kind": "error", "error": "restricted_action", "times": 3})
		}
		b.says("@bob", ch, "rename quokka renamed")
		b.says("@bob", ch, "resolve quokka resolved")
		elapse(time.Hour)
		b.says("@bob", ch, "postmortem edit summary quokka summary")
		elapse(3 * time.Hour)
		if err := b.settle(); err != nil {
			return err
		}
		return errors.Join(b.readByOutsiders(), b.readOverHTTP())
	}
	tokens := func(s *settings.Settings) {
		s.APITokens = []settings.APIToken{{Name: "reader", Token: settings.NewSecret("reads"), Scope: "read"}, {Name: "writer", Token: settings.NewSecret("writes"), Scope: "write"}}
	}
	inBubbleWith(t, slacksim.Options{}, tokens, story)
}

// readByOutsiders reads what stands in Slack for who is not in the incidents, and
// what they are answered.
func (b *bubble) readByOutsiders() error {
	var wrong []error
	for _, said := range []string{"list", "list all", "list numbat", "search numbat", "show INC-1", "timeline INC-2", "roles INC-1", "task INC-1 list", "clock INC-1", "ack INC-2", "access INC-2", "help", ""} {
		for _, who := range []string{"@dave", "@carol"} {
			if got := b.answered(who, "#general", said); strings.Contains(got, quokka) {
				wrong = append(wrong, fmt.Errorf("%s says %q and is answered %s", who, said, got))
			}
		}
	}
	st, err := b.state()
	if err != nil {
		return err
	}
	within := map[string]bool{aliceID: true, bobID: true, "U0FIREBOSS": true}
	for _, c := range st.Channels {
		strangers := slices.ContainsFunc(c.Members, func(id string) bool { return !within[id] })
		if c.IsPrivate && !strangers {
			continue
		}
		looks := c.Topic + c.Purpose + c.Name
		for _, m := range c.Messages {
			if m.Subtype == "" && (m.EphemeralTo == "" || !within[m.EphemeralTo]) && m.User == "U0FIREBOSS" {
				looks += "\n" + m.words()
			}
		}
		if strings.Contains(looks, quokka) {
			wrong = append(wrong, fmt.Errorf("#%s (%v) shows\n%s", c.Name, c.Members, looks))
		}
	}
	return errors.Join(wrong...)
}

// readOverHTTP reads every page and path, and the log, and wants what is private
// to look as what does not exist.
func (b *bubble) readOverHTTP() error {
	list, err := b.addresses("INC-1")
	if err != nil {
		return err
	}
	dave, err := b.visits("dave", daveID)
	if err != nil {
		return err
	}
	alice, err := b.visits("alice", aliceID)
	if err != nil {
		return err
	}
	for _, path := range []string{"/", "/incidents.csv", "/incidents/INC-1", "/incidents/INC-1/postmortem", "/incidents/INC-1/postmortem.md", "/postmortems", "/followups"} {
		if w := alice.ask(http.MethodGet, path, nil); !strings.Contains(w.Body.String(), quokka) {
			return fmt.Errorf("alice, who is in them, does not find it on %s: %d %s", path, w.Code, w.Body)
		}
	}
	readers := map[string]func(path string) string{"dave": func(path string) string {
		w := dave.ask(http.MethodGet, path, nil)
		return anyToken.ReplaceAllString(fmt.Sprint(w.Code, " ", w.Header(), "\n", w.Body), `value=""`)
	}}
	for _, token := range []string{"", "reads", "writes"} {
		readers["token "+token] = func(path string) string { return b.answersTo(path, token) }
	}
	var wrong []error
	for _, path := range list {
		for who, reads := range readers {
			got := reads(path)
			if strings.Contains(got, quokka) {
				wrong = append(wrong, fmt.Errorf("%s tells %s\n%s", path, who, got))
			}
			if !strings.Contains(path, "INC-1") {
				continue
			}
			for _, n := range []string{"INC-2", "INC-999"} {
				if other := reads(strings.ReplaceAll(path, "INC-1", n)); strings.ReplaceAll(other, n, "INC-1") != got {
					wrong = append(wrong, fmt.Errorf("%s tells %s\n%s\nand of %s\n%s", path, who, got, n, other))
				}
			}
		}
	}
	if log := b.log.String(); strings.Contains(log, quokka) || log == "" {
		wrong = append(wrong, fmt.Errorf("the log says\n%s", log))
	}
	return errors.Join(wrong...)
}
