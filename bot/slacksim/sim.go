package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// routeControl adds the control API: what people do, what there is, and what goes wrong, for tests, drills and
// the page. Everything is plain JSON; people and channels are named by id, @name or #name.
func (s *Server) routeControl(mux *http.ServeMux) {
	mux.HandleFunc("POST /sim/slash", control(s, s.simSlash))
	mux.HandleFunc("POST /sim/message", control(s, s.simMessage))
	mux.HandleFunc("POST /sim/edit", control(s, s.simEdit))
	mux.HandleFunc("POST /sim/delete", control(s, s.simDelete))
	mux.HandleFunc("POST /sim/react", control(s, s.simReact))
	mux.HandleFunc("POST /sim/unreact", control(s, s.simUnreact))
	mux.HandleFunc("POST /sim/pin", control(s, s.simPin))
	mux.HandleFunc("POST /sim/unpin", control(s, s.simUnpin))
	mux.HandleFunc("POST /sim/create", control(s, s.simCreate))
	mux.HandleFunc("POST /sim/archive", control(s, s.simArchive))
	mux.HandleFunc("POST /sim/unarchive", control(s, s.simUnarchive))
	mux.HandleFunc("POST /sim/rename", control(s, s.simRename))
	mux.HandleFunc("POST /sim/topic", control(s, s.simTopic))
	mux.HandleFunc("POST /sim/invite", control(s, s.simInvite))
	mux.HandleFunc("POST /sim/kick", control(s, s.simKick))
	mux.HandleFunc("POST /sim/join", control(s, s.simJoin))
	mux.HandleFunc("POST /sim/leave", control(s, s.simLeave))
	mux.HandleFunc("POST /sim/click", control(s, s.simClick))
	mux.HandleFunc("POST /sim/submit", control(s, s.simSubmit))
	mux.HandleFunc("POST /sim/close", control(s, s.simClose))
	mux.HandleFunc("POST /sim/options", control(s, s.simOptions))
	mux.HandleFunc("POST /sim/shortcut", control(s, s.simShortcut))
	mux.HandleFunc("POST /sim/home", control(s, s.simHome))
	mux.HandleFunc("GET /sim/state", s.simState)
	mux.HandleFunc("GET /sim/stream", s.serveStream)
	mux.HandleFunc("GET /sim/calls", s.simCalls)
	mux.HandleFunc("GET /sim/story", noStory)
	mux.HandleFunc("POST /sim/faults", control(s, s.simAddFault))
	mux.HandleFunc("GET /sim/faults", s.simFaults)
	mux.HandleFunc("DELETE /sim/faults", s.simClearFaults)
	mux.HandleFunc("POST /sim/disconnect", control(s, s.simDisconnect))
	mux.HandleFunc("POST /sim/redeliver", control(s, s.simRedeliver))
	mux.HandleFunc("/sim/", func(w http.ResponseWriter, r *http.Request) {
		writeControlError(w, malformed("There is no control call %s %s.", r.Method, r.URL.Path))
	})
}

// mistake is a control call that itself is wrong; it is answered 400 with a sentence.
type mistake struct{ sentence string }

func (m *mistake) Error() string { return m.sentence }

func malformed(format string, args ...any) error { return &mistake{fmt.Sprintf(format, args...)} }

// noStory answers the page where no program around the workspace plays stories.
func noStory(w http.ResponseWriter, _ *http.Request) {
	writeControl(w, http.StatusOK, object{"ok": true, "available": false})
}

// control makes a door for a call whose body is a T, and nothing else. f says our address as the app knows it.
func control[T any](s *Server, f func(base string, req T) (object, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req T
		if err := readObject(io.LimitReader(r.Body, maxBody), &req); err != nil {
			writeControlError(w, malformed("The body of %s is not the JSON object it has to be: %v.", r.URL.Path, err))
			return
		}
		answer, err := f(s.ownBase(r), req)
		if err != nil {
			writeControlError(w, err)
			return
		}
		writeControl(w, http.StatusOK, with(object{"ok": true}, answer))
	}
}

// readObject reads one JSON object with none but known fields, and nothing after it.
func readObject(body io.Reader, req any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(req); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

func writeControl(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(mustJSON(answer))
}

// writeControlError answers a mistake with 400, and what Slack refuses a person with 200 and ok false.
func writeControlError(w http.ResponseWriter, err error) {
	var m *mistake
	var r *refusal
	switch {
	case errors.As(err, &m):
		writeControl(w, http.StatusBadRequest, object{"ok": false, "error": "invalid_arguments", "message": m.sentence})
	case errors.As(err, &r):
		writeControl(w, http.StatusOK, with(object{"ok": false, "error": r.code}, r.fields))
	default:
		writeControl(w, http.StatusInternalServerError, object{"ok": false, "error": "internal_error", "message": err.Error()})
	}
}

// person finds somebody by id, @name or name.
func (w *world) person(name string) (*user, error) {
	if u := w.user(name); u != nil {
		return u, nil
	}
	if u := w.userNamed(strings.TrimPrefix(name, "@")); u != nil {
		return u, nil
	}
	var names []string
	for _, u := range w.users {
		names = append(names, "@"+u.Name)
	}
	return nil, malformed("There is nobody called %q; there are %s.", name, strings.Join(names, ", "))
}

// human finds somebody who is not the app: the app acts through the Web API.
func (w *world) human(name string) (*user, error) {
	u, err := w.person(name)
	if err == nil && u.IsBot {
		return nil, malformed("@%s is the app; it acts through the Web API. Name one of the people.", u.Name)
	}
	return u, err
}

// namedChannel finds a conversation by id, #name, name or, as user's direct conversation with somebody, @name.
func (w *world) namedChannel(name, user string) (*channel, error) {
	if ch := w.byID[name]; ch != nil {
		return ch, nil
	}
	if at, ok := strings.CutPrefix(name, "@"); ok && user != "" {
		other, err := w.person(at)
		if err != nil {
			return nil, err
		}
		ch, _ := w.openDirect(user, other.ID)
		return ch, nil
	}
	if ch := w.channelNamed(strings.TrimPrefix(name, "#")); ch != nil && name != "" {
		return ch, nil
	}
	var names []string
	for _, ch := range w.channels {
		if !ch.Direct {
			names = append(names, "#"+ch.Name)
		}
	}
	return nil, malformed("There is no channel %q; there are %s.", name, strings.Join(names, ", "))
}

// where finds a person and a conversation.
func (w *world) where(userName, channelName string) (u *user, ch *channel, err error) {
	if u, err = w.human(userName); err == nil {
		ch, err = w.namedChannel(channelName, u.ID)
	}
	return u, ch, err
}
