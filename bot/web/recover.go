package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
)

// reference is a number by which a person and the log speak of the same error:
// 8 of 32 characters, 40 random bits.
func reference() string { return rand.Text()[:8] }

// tracked remembers whether an answer has begun.
type tracked struct {
	http.ResponseWriter
	begun bool
}

func (t *tracked) WriteHeader(status int) {
	t.begun = true
	t.ResponseWriter.WriteHeader(status)
}

func (t *tracked) Write(b []byte) (int, error) {
	t.begun = true
	return t.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (t *tracked) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// recovered answers where a handler panicked. An answer that has begun cannot
// be taken back; its connection is cut, so that nobody takes it for whole.
func (s *Site) recovered(w *tracked, r *http.Request) {
	caught := recover()
	if caught == nil {
		return
	}
	if err, ok := caught.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(caught)
	}
	ref := reference()
	s.log.Error().Str("reference", ref).Str("path", r.Pattern).Str("panic", fmt.Sprint(caught)).Bytes("stack", debug.Stack()).Msg("a handler panicked")
	if w.begun {
		panic(http.ErrAbortHandler)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.fail(w, r, fault(ref, ""))
		return
	}
	s.render(w, r, brokenPage(ref))
}
