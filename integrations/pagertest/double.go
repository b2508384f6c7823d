package pagertest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Double is both, as an [http.Handler].
type Double struct {
	Keys []string // that it takes
	// Answer is how the nth call (0, 1, …) is answered; nil: all well.
	Answer func(n int) Answer

	mu     sync.Mutex
	calls  int
	asked  []Request
	alerts map[string]*Alert
}

// Answer is how a call ends. The zero value is well.
type Answer struct {
	Status int           // instead of taking it
	After  string        // Retry-After
	Wait   time.Duration // before it answers
	Lost   bool          // it is taken, and the connection breaks
	Unmade string        // Opsgenie takes it and makes no alert, for this reason
}

// Request is what was taken.
type Request struct {
	Action, Key, RoutingKey string
	Summary, Severity       string
	Body                    string // all of it
	Path                    string
	At                      time.Time
}

// Alert is how what has one key stands.
type Alert struct {
	Status string // triggered, acknowledged, resolved
	Woken  int    // how often somebody was woken by it
	unmade string
}

// Asked is all that was taken so far.
func (d *Double) Asked() []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// Calls is how often it was called, well or not.
func (d *Double) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// Alert is the alert of a key; the zero one where there is none.
func (d *Double) Alert(key string) Alert {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.alerts[key]; a != nil {
		return *a
	}
	return Alert{}
}

// ServeHTTP takes what is sent.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	answer := d.next()
	select {
	case <-time.After(answer.Wait):
	case <-r.Context().Done():
		return
	}
	if answer.Status != 0 {
		if answer.After != "" {
			w.Header().Set("Retry-After", answer.After)
		}
		write(w, answer.Status, `{"status":"error","message":"not now"}`)
		return
	}
	at := Request{Body: string(body), Path: r.URL.Path, At: time.Now()}
	status, said := http.StatusNotFound, `{"message":"no such path"}`
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/v2/enqueue":
		status, said = d.enqueue(at)
	case strings.HasPrefix(r.URL.Path, "/v2/alerts"):
		status, said = d.genie(r, at, answer.Unmade)
	}
	if answer.Lost {
		panic(http.ErrAbortHandler)
	}
	write(w, status, said)
}

func (d *Double) next() Answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.calls
	d.calls++
	if d.Answer == nil {
		return Answer{}
	}
	return d.Answer(n)
}

func write(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// enqueue is PagerDuty's.
func (d *Double) enqueue(at Request) (status int, body string) {
	var e struct {
		RoutingKey string `json:"routing_key"`
		Action     string `json:"event_action"`
		DedupKey   string `json:"dedup_key"`
		Payload    *struct{ Summary, Source, Severity string }
	}
	wrong := func(what string) (int, string) {
		return http.StatusBadRequest, fmt.Sprintf(`{"status":"invalid event","message":"Event object is invalid","errors":[%q]}`, what)
	}
	switch err := json.Unmarshal([]byte(at.Body), &e); {
	case err != nil:
		return wrong("it is no JSON")
	case !slices.Contains(d.Keys, e.RoutingKey):
		return wrong("Invalid routing key " + e.RoutingKey)
	case !slices.Contains([]string{"trigger", "acknowledge", "resolve"}, e.Action):
		return wrong("event_action is invalid")
	case e.DedupKey == "" || len(e.DedupKey) > 255:
		return wrong("dedup_key is invalid")
	case e.Action == "trigger" && (e.Payload == nil || e.Payload.Summary == "" || len([]rune(e.Payload.Summary)) > 1024 || e.Payload.Source == "" || !slices.Contains([]string{"critical", "error", "warning", "info"}, e.Payload.Severity)):
		return wrong("payload is invalid")
	}
	at.Action, at.Key, at.RoutingKey = e.Action, e.DedupKey, e.RoutingKey
	if e.Payload != nil {
		at.Summary, at.Severity = e.Payload.Summary, e.Payload.Severity
	}
	d.take(at, "")
	return http.StatusAccepted, fmt.Sprintf(`{"status":"success","message":"Event processed","dedup_key":%q}`, e.DedupKey)
}

// genie is Opsgenie's.
func (d *Double) genie(r *http.Request, at Request, unmade string) (status int, body string) {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "GenieKey ")
	if !slices.Contains(d.Keys, key) {
		return http.StatusForbidden, `{"message":"You are not authorized, your key is ` + key + `"}`
	}
	rest := strings.TrimPrefix(r.URL.Path, "/v2/alerts")
	if request, ok := strings.CutPrefix(rest, "/requests/"); ok {
		alias := strings.TrimPrefix(request, "request of ")
		d.mu.Lock()
		defer d.mu.Unlock()
		a := d.alerts[alias]
		if a == nil {
			return http.StatusNotFound, `{"message":"Request not found. It might not be processed, yet."}`
		}
		return http.StatusOK, fmt.Sprintf(`{"data":{"success":%t,"isSuccess":%t,"action":"Create","status":%q,"alertId":"id of %s","alias":%q}}`, a.unmade == "", a.unmade == "", a.unmade, alias, alias)
	}
	var a struct{ Message, Alias, Priority, User string }
	if json.Unmarshal([]byte(at.Body), &a) != nil {
		return http.StatusUnprocessableEntity, `{"message":"Request body is not processable"}`
	}
	alias, action, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	switch {
	case rest == "" && (a.Message == "" || len([]rune(a.Message)) > 130 || a.Alias == "" || len(a.Priority) != 2):
		return http.StatusUnprocessableEntity, `{"message":"Request body is not processable. Please check the errors."}`
	case rest == "":
		at.Action, at.Key, at.Summary, at.Severity = "trigger", a.Alias, a.Message, a.Priority
	case r.URL.Query().Get("identifierType") != "alias":
		return http.StatusUnprocessableEntity, `{"message":"Identifier is no id"}`
	case action == "acknowledge" || action == "close":
		at.Action, at.Key = map[string]string{"acknowledge": "acknowledge", "close": "resolve"}[action], alias
	}
	d.take(at, unmade)
	return http.StatusAccepted, fmt.Sprintf(`{"result":"Request will be processed","took":0.3,"requestId":%q}`, "request of "+at.Key)
}

// take does what was asked.
func (d *Double) take(at Request, unmade string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, at)
	if d.alerts == nil {
		d.alerts = map[string]*Alert{}
	}
	a := d.alerts[at.Key]
	switch at.Action {
	case "trigger":
		if a == nil || a.Status == "resolved" {
			a = &Alert{Status: "triggered", Woken: 1, unmade: unmade}
			d.alerts[at.Key] = a
		}
	case "acknowledge":
		if a != nil && a.Status == "triggered" {
			a.Status = "acknowledged"
		}
	case "resolve":
		if a != nil {
			a.Status = "resolved"
		}
	}
}
