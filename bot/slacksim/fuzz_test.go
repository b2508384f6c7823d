package slacksim

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// ask serves one request without a network.
func ask(s *Server, path, contentType, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(context.Background(), "POST", "http://sim.test"+path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+BotToken)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, req)
	return w
}

// fresh is a workspace with a message and an open form to aim at.
func fresh(t testing.TB) (s *Server, ts, view string) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.update(func(w *world) {
		ts = w.post(w.byID["CINCIDENTS"], &message{User: botUserID, Bot: true, Text: "card", Blocks: json.RawMessage(button)}).TS
		view = w.openView(aliceID, nil, map[string]json.RawMessage{"blocks": json.RawMessage(
			`[{"type":"input","block_id":"b","element":{"type":"checkboxes","action_id":"a","options":[{"text":{"type":"plain_text","text":"x"},"value":"x"}]}}]`)}).ID
	})
	return s, ts, view
}

// Whatever the body, a method answers 200 with a JSON object, and the workspace can still be shown.
func FuzzWebAPI(f *testing.F) {
	names := slices.Sorted(maps.Keys(methods))
	for i := range names {
		f.Add(i, true, `{"channel":"CINCIDENTS","text":"x","users":"U0000ALICE","name":"x","view":{"type":"modal"},"blocks":[{"type":"divider"}],"ts":"TS"}`)
		f.Add(i, false, `channel=CINCIDENTS&text=x&timestamp=TS&ts=TS&name=eyes&user=U0000ALICE&limit=1&cursor=bmV4dDowOng%3D&metadata=%7B%7D`)
		f.Add(i, true, `{"canvas_id":null,"changes":[{"operation":"delete"}],"document_content":{"type":"markdown","markdown":"#"},"channel_id":"CINCIDENTS","files":[{"id":1}]}`)
	}
	f.Fuzz(func(t *testing.T, i int, asJSON bool, body string) {
		s, ts, view := fresh(t)
		body = strings.NewReplacer("TS", ts, "VIEW", view).Replace(body)
		kind := formType
		if asJSON {
			kind = jsonType
		}
		name := names[(i%len(names)+len(names))%len(names)]
		w := ask(s, "/api/"+name, kind, body)
		var answer map[string]any
		if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &answer) != nil {
			t.Fatalf("%s answered %d %s", name, w.Code, w.Body)
		}
		if ok, isBool := answer["ok"].(bool); !isBool || ok == (answer["error"] != nil) {
			t.Fatalf("%s answered %s", name, w.Body)
		}
		if code, _ := answer["error"].(string); name != "api.test" {
			checkError(t, name, code)
		}
		shown(t, s)
	})
}

// shown fails where the state is not what it has to be.
func shown(t *testing.T, s *Server) {
	t.Helper()
	s.view(func(w *world) {
		raw := mustJSON(w.state())
		if !json.Valid(raw) {
			t.Fatalf("the state is no JSON: %s", raw)
		}
		for _, ch := range w.channels {
			for i := 1; i < len(ch.messages); i++ {
				if ch.messages[i-1].TS >= ch.messages[i].TS {
					t.Fatalf("%s: %s stands before %s", ch.Name, ch.messages[i-1].TS, ch.messages[i].TS)
				}
			}
		}
	})
}

// Whatever the body, a control call answers with a JSON object: 200, or 400 with a sentence.
func FuzzControl(f *testing.F) {
	calls := strings.Fields(`slash message edit delete react unreact pin unpin join leave create archive unarchive rename
		topic invite kick click submit close options shortcut home faults disconnect redeliver`)
	for i := range calls {
		f.Add(i, `{"user":"alice","channel":"#incidents","ts":"TS","text":"@bob <x>","name":"eyes"}`)
		f.Add(i, `{"user":"alice","view_id":"VIEW","values":{"a":["x"]},"action_id":"a","value":"x"}`)
		f.Add(i, `{"user":"alice","channel":"#incidents","command":"/incident","who":"bob","topic":"x","callback_id":"x"}`)
		f.Add(i, `{"user":"alice","channel":"#incidents","files":[{"name":"x","base64":"AA=="}],"thread_ts":"TS"}`)
		f.Add(i, `{"user":"alice","view_id":"VIEW"}`)
		f.Add(i, `{"reason":"abort","socket":1,"method":"*","kind":"latency","ms":1,"times":2}`)
	}
	f.Fuzz(func(t *testing.T, i int, body string) {
		s, ts, view := fresh(t)
		body = strings.NewReplacer("TS", ts, "VIEW", view).Replace(body)
		name := calls[(i%len(calls)+len(calls))%len(calls)]
		w := ask(s, "/sim/"+name, jsonType, body)
		var answer map[string]any
		if json.Unmarshal(w.Body.Bytes(), &answer) != nil {
			t.Fatalf("/sim/%s answered %d %s", name, w.Code, w.Body)
		}
		sentence, _ := answer["message"].(string)
		if good := w.Code == http.StatusOK || w.Code == http.StatusBadRequest && answer["ok"] == false && sentence != ""; !good {
			t.Fatalf("/sim/%s answered %d %s", name, w.Code, w.Body)
		}
		shown(t, s)
	})
}

// Whatever comes over a socket, only an ack of a waiting envelope changes anything.
func FuzzSocketFrame(f *testing.F) {
	for _, frame := range []string{
		`{"envelope_id":"ID"}`, `{"envelope_id":"ID","payload":{}}`, `{"envelope_id":"ID","payload":{"text":"x"}}`,
		`{"envelope_id":"other"}`, `{"envelope_id":1}`, `[]`, `{`, ``, strings.Repeat("x", ackSizeLimit),
	} {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame string) {
		h := &hub{waiting: map[string]*envelope{}, now: time.Now}
		e := newEnvelope("slash_commands", json.RawMessage(`{}`), true, nil)
		h.waiting[e.id] = e
		h.receive([]byte(strings.ReplaceAll(frame, "ID", e.id)))
		h.receive([]byte(`{"envelope_id":"` + e.id + `"}`))
		select {
		case <-e.acked:
		default:
			t.Fatal("the envelope was not acknowledged")
		}
		if e.response != nil && !json.Valid(e.response) {
			t.Fatalf("response = %s", e.response)
		}
	})
}
