package silencetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Double answers as Alertmanager's API v2 does, below any path.
type Double struct {
	Authorization string // what has to be presented; empty: nothing
	// Answer says what becomes of the n-th call; nil, or the zero answer: what usually does.
	Answer func(n int) Answer

	mu    sync.Mutex
	list  []*Silence
	calls []string
}

// Answer is what becomes of a call.
type Answer struct {
	Status int    // of HTTP; 0: as usual
	Body   string // with it
	Lost   bool   // it is done, and the connection breaks
}

// Silence is one that is there.
type Silence struct {
	ID       string `json:"id"`
	Matchers []struct {
		Name    string `json:"name"`
		Value   string `json:"value"`
		IsRegex bool   `json:"isRegex"`
		IsEqual bool   `json:"isEqual"`
	} `json:"matchers"`
	StartsAt  time.Time `json:"startsAt"`
	EndsAt    time.Time `json:"endsAt"`
	CreatedBy string    `json:"createdBy"`
	Comment   string    `json:"comment"`
	Status    struct {
		State string `json:"state"`
	} `json:"status"`
}

// Calls are the method and the path of all calls.
func (d *Double) Calls() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.calls)
}

// Silences are those that are there, as "expired Fireboss SI-1: why" each.
func (d *Double) Silences() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.list {
		all = append(all, s.Status.State+" "+s.Comment)
	}
	return all
}

// Last is the newest; the zero one where there is none.
func (d *Double) Last() Silence {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.list) == 0 {
		return Silence{}
	}
	return *d.list[len(d.list)-1]
}

// ServeHTTP answers a call.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.calls)
	d.calls = append(d.calls, r.Method+" "+r.URL.Path)
	var a Answer
	if d.Answer != nil {
		a = d.Answer(n)
	}
	switch {
	case a.Status != 0:
		http.Error(w, a.Body, a.Status)
		return
	case d.Authorization != "" && r.Header.Get("Authorization") != d.Authorization:
		http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	status, body := d.work(r)
	if a.Lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// work does what a call asks for.
func (d *Double) work(r *http.Request) (status int, body any) {
	_, path, _ := strings.Cut(r.URL.Path, "/api/v2/")
	id, one := strings.CutPrefix(path, "silence/")
	at := slices.IndexFunc(d.list, func(s *Silence) bool { return s.ID == id })
	switch {
	case path == "status" && r.Method == http.MethodGet:
		return http.StatusOK, map[string]any{"cluster": map[string]any{"status": "disabled"}}
	case path == "silences" && r.Method == http.MethodGet:
		return http.StatusOK, append([]*Silence{}, d.list...) // none is [], as there
	case path == "silences" && r.Method == http.MethodPost:
		return d.add(r)
	case one && at < 0:
		return http.StatusNotFound, "silence not found"
	case one && r.Method == http.MethodGet:
		return http.StatusOK, d.list[at]
	case one && r.Method == http.MethodDelete && d.list[at].Status.State == "expired":
		return http.StatusInternalServerError, "silence " + id + " already expired"
	case one && r.Method == http.MethodDelete:
		d.list[at].Status.State = "expired"
		return http.StatusOK, nil
	}
	return http.StatusNotFound, "there is no such page"
}

// add adds a silence, if it is one.
func (d *Double) add(r *http.Request) (status int, body any) {
	s := &Silence{ID: fmt.Sprintf("6f1c0000-0000-4000-8000-%012d", len(d.list)+1)}
	if err := json.NewDecoder(r.Body).Decode(s); err != nil || len(s.Matchers) == 0 || !s.EndsAt.After(s.StartsAt) || s.CreatedBy == "" || s.Comment == "" {
		return http.StatusBadRequest, "bad silence"
	}
	s.Status.State = "active"
	d.list = append(d.list, s)
	return http.StatusOK, map[string]string{"silenceID": s.ID}
}
