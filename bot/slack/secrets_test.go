package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// What must not be read in any log or error.
const (
	secretTicket = "ticket-5f1d"
	secretAnswer = "answer-77aa"
	secretBot    = "xoxb-not-for-logs"
	secretApp    = "xapp-not-for-logs"
)

func silent(t *testing.T, where, said string) {
	t.Helper()
	for _, secret := range []string{secretTicket, secretAnswer, secretBot, secretApp} {
		if strings.Contains(said, secret) {
			t.Errorf("%s tells %s: %s", where, secret, said)
		}
	}
}

// TestErrorsOfTheSocketHoldNoTicket: whoever has one can listen to all that is said.
func TestErrorsOfTheSocketHoldNoTicket(t *testing.T) {
	refuses := httptest.NewServer(http.NotFoundHandler())
	defer refuses.Close()
	for _, address := range []string{
		"ws://127.0.0.1:1/link/?ticket=" + secretTicket, "wss://127.0.0.1:1/link/?ticket=" + secretTicket,
		"ws" + strings.TrimPrefix(refuses.URL, "http") + "/link/?ticket=" + secretTicket, // a bad handshake
		"ws://[::1/link/?ticket=" + secretTicket, "ws://host:" + secretTicket + "/", "gopher://x/?ticket=" + secretTicket, "ws://x/%zz?ticket=" + secretTicket, "ws://us er@" + secretTicket,
	} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"ok":true,"url":%q}`, address)
		}))
		var log bytes.Buffer
		s := &Socket{Client: NewClient(Options{BotToken: secretBot, AppToken: secretApp, APIURL: api.URL + "/api/"}), Log: zerolog.New(&log)}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := s.once(ctx)
		cancel()
		api.Close()
		s.Client.Close()
		if err == nil {
			t.Fatalf("%s was opened", address)
		}
		s.note(err)
		_, trouble := s.Up()
		silent(t, "an error of "+address, err.Error()+trouble.Error()+log.String())
	}
}

// TestErrorsOfAnswersHoldNoAddress: with a response_url anybody could speak in
// the place of Fireboss for half an hour.
func TestErrorsOfAnswersHoldNoAddress(t *testing.T) {
	down := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("the network is down") }
	var log bytes.Buffer
	in := &Intake{
		Client: NewClient(Options{BotToken: secretBot, AppToken: secretApp, APIURL: "http://127.0.0.1:8081/api/", Dial: down}), Log: zerolog.New(&log),
	}
	defer in.Client.Close()
	for _, address := range []string{
		"http://127.0.0.1:8081/commands/T1/1/" + secretAnswer, "https://hooks.slack.com/commands/T1/1/" + secretAnswer, "https://evil.example/" + secretAnswer,
		"https://slack.com.evil.example/" + secretAnswer, "https://evilslack.com/" + secretAnswer, "http://slack.com/" + secretAnswer,
		"http://127.0.0.1:8081@evil.example/" + secretAnswer, "http://127.0.0.1:8082/" + secretAnswer, "https://[::1/" + secretAnswer, "%zz" + secretAnswer, "",
	} {
		err := in.respond(t.Context(), address, errorMessage("x"))
		if err == nil {
			t.Fatalf("%s was called", address)
		}
		if strings.Contains(address, "evil") && !strings.Contains(err.Error(), "is not Slack's") {
			t.Errorf("%s would have been called: %v", address, err)
		}
		silent(t, "an error of "+address, err.Error())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in.answerLater(ctx, "http://127.0.0.1:8081/commands/T1/1/"+secretAnswer, "U1", time.Now(), errorMessage("x"))
	if log.Len() == 0 {
		t.Error("an answer was lost without a word")
	}
	silent(t, "the log", log.String())
}

// TestErrorsOfCallsHoldNoToken: whatever Slack, or what stands in its place, says.
func TestErrorsOfCallsHoldNoToken(t *testing.T) {
	for what, answer := range map[string]http.HandlerFunc{
		"refused": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`) },
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<html>`) },
		"broken":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		},
		"cut": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		api := httptest.NewServer(answer)
		c := NewClient(Options{BotToken: secretBot, AppToken: secretApp, APIURL: api.URL + "/api/"})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond) // it is tried again and again
		err := c.Connect(ctx)
		_, appErr := (&Socket{Client: c}).connect(ctx)
		cancel()
		if err == nil || appErr == nil {
			t.Fatalf("%s: %v, %v", what, err, appErr)
		}
		silent(t, what, err.Error()+appErr.Error())
		c.Close()
		api.Close()
	}
}
