package openaitest

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

// Double is the model, as an [http.Handler].
type Double struct {
	Key    string   // that it wants; empty: none
	Models []string // that it has
	// Takes looks at the fields of a request; what it says is the message of a 400. Nil: it takes all.
	Takes func(fields map[string]json.RawMessage) string
	// Answer answers. Nil: [Well].
	Answer func(q Question) Answer

	mu    sync.Mutex
	asked []Question
}

// Question is what it was asked.
type Question struct {
	N      int // how often it was asked before
	Model  string
	System string
	User   string // all of it
	Facts  []Fact
	Fields []string // of the request, sorted
}

// Fact is one that it was given.
type Fact struct {
	Seqs []uint64 `json:"seqs"`
	Text string   `json:"text"`
}

// Answer is what it says.
type Answer struct {
	Sentences []Sentence
	Content   string        // instead of sentences
	Finish    string        // empty: stop
	Refusal   string        // that it says instead
	Status    int           // instead of all that
	After     string        // Retry-After
	Code      string        // of the error
	Body      string        // instead of all that, as it is
	Wait      time.Duration // before it answers
	Tokens    int           // that it says to have cost; 0: it does not say
	Cut       bool          // the connection breaks in the middle
}

// Sentence is one statement.
type Sentence struct {
	Text  string   `json:"text"`
	Cites []uint64 `json:"cites"`
}

// Asked is what it was asked so far.
func (d *Double) Asked() []Question {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// ServeHTTP answers GET /v1/models and POST /v1/chat/completions.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if d.Key != "" && r.Header.Get("Authorization") != "Bearer "+d.Key {
		fail(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+r.Header.Get("Authorization"))
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/models":
		type model struct {
			ID     string `json:"id"`
			Object string `json:"object"`
		}
		list := []model{}
		for _, id := range d.Models {
			list = append(list, model{id, "model"})
		}
		write(w, map[string]any{"object": "list", "data": list})
	case "POST /v1/chat/completions":
		d.complete(w, r)
	default:
		fail(w, http.StatusNotFound, "not_found", "no such path: "+r.URL.Path)
	}
}

func (d *Double) complete(w http.ResponseWriter, r *http.Request) {
	q, why := d.read(r)
	if why != "" {
		fail(w, http.StatusBadRequest, "invalid_request_error", why)
		return
	}
	d.mu.Lock()
	q.N = len(d.asked)
	d.asked = append(d.asked, q)
	d.mu.Unlock()
	answer := d.Answer
	if answer == nil {
		answer = Well
	}
	d.say(w, r, q, answer(q))
}

// read decodes a request as strictly as a server does that knows the protocol of its day.
func (d *Double) read(r *http.Request) (q Question, why string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 10<<20))
	if err != nil {
		return q, err.Error()
	}
	var fields map[string]json.RawMessage
	var request struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string `json:"role"`
			Content string `json:"content"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &fields); err != nil {
		return q, err.Error()
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return q, err.Error()
	}
	for name := range fields {
		q.Fields = append(q.Fields, name)
	}
	slices.Sort(q.Fields)
	if d.Takes != nil {
		if why := d.Takes(fields); why != "" {
			return q, why
		}
	}
	if len(request.Messages) != 2 || request.Messages[0].Role != "system" || request.Messages[1].Role != "user" {
		return q, "a system message and one of a user are wanted"
	}
	q.Model, q.System, q.User = request.Model, request.Messages[0].Content, request.Messages[1].Content
	_, facts, _ := strings.Cut(q.User, "<facts>\n")
	facts, _, closed := strings.Cut(facts, "\n</facts>")
	if err := json.Unmarshal([]byte(facts), &q.Facts); err != nil || !closed {
		return q, fmt.Sprintf("the facts cannot be read: %v", err)
	}
	return q, ""
}

func (d *Double) say(w http.ResponseWriter, r *http.Request, q Question, a Answer) {
	if a.Wait > 0 {
		timer := time.NewTimer(a.Wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	if a.After != "" {
		w.Header().Set("Retry-After", a.After)
	}
	switch {
	case a.Cut:
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"`)
		panic(http.ErrAbortHandler)
	case a.Status != 0:
		fail(w, a.Status, a.Code, "it is like this: "+q.User)
	case a.Body != "":
		_, _ = io.WriteString(w, a.Body)
	default:
		write(w, completion(q, a))
	}
}

func completion(q Question, a Answer) map[string]any {
	message := map[string]any{"role": "assistant", "content": a.Content}
	switch {
	case a.Refusal != "":
		message = map[string]any{"role": "assistant", "content": nil, "refusal": a.Refusal}
	case a.Content == "":
		if a.Sentences == nil {
			a.Sentences = []Sentence{}
		}
		text, _ := json.Marshal(map[string]any{"sentences": a.Sentences})
		message["content"] = string(text)
	}
	finish := a.Finish
	if finish == "" {
		finish = "stop"
	}
	return map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion", "created": 1763647320, "model": q.Model,
		"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}},
		"usage":   map[string]int{"total_tokens": a.Tokens},
	}
}

func write(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

func fail(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	write(w, map[string]any{"error": map[string]any{"message": message, "type": "error", "code": code, "param": nil}})
}

// Well says what the facts say, in their words.
func Well(q Question) Answer {
	a := Answer{Tokens: 100}
	for _, f := range q.Facts {
		a.Sentences = append(a.Sentences, Sentence{f.Text, f.Seqs})
	}
	return a
}
