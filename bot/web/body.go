package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"fireboss/incidents"
)

// maxBody is the largest body of a call, in bytes.
const maxBody = 1 << 20

// readBody is the body of a POST.
func readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return "", invalidf("The body is encoded as %q. Send it as it is, without Content-Encoding.", shorten(enc, 40))
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", invalidf("The body is larger than 1 MB (%d bytes). Send less.", maxBody)
	case err != nil:
		return "", invalidf("The body broke off. Send the call again with the same Idempotency-Key.")
	case !utf8.Valid(b):
		return "", invalidf("The body is not UTF-8. JSON is (RFC 8259, section 8.1).")
	}
	return string(b), nil
}

// field is one name that an object may have, and how its value is read.
type field struct {
	Name string
	Read func(raw json.RawMessage) error
}

// object reads one JSON object strictly: known names only, in their exact
// spelling, none twice, nothing after it. An error is a problem in words.
func object(body string, example string, fields ...field) error {
	d := json.NewDecoder(strings.NewReader(body))
	open, err := d.Token()
	if err != nil || open != json.Delim('{') {
		return invalidf("The body must be one JSON object. Example: %s", example)
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return broken(err, d.InputOffset())
		}
		name := token.(string) // the decoder lets nothing else stand there
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return broken(err, d.InputOffset())
		}
		if err := one(name, raw, seen, fields); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(err, d.InputOffset())
	}
	if _, err := d.Token(); err != io.EOF {
		return invalidf("Something stands behind the JSON object. Send one object and nothing else.")
	}
	return nil
}

// one reads the value of one name.
func one(name string, raw json.RawMessage, seen map[string]bool, fields []field) error {
	if seen[name] {
		return invalidf("%q stands there twice. Send it once.", shorten(name, 40))
	}
	seen[name] = true
	var names []string
	for _, f := range fields {
		if f.Name != name {
			names = append(names, f.Name)
			continue
		}
		if bytes.Equal(raw, []byte("null")) {
			return nil // as if it were not there
		}
		if err := f.Read(raw); err != nil {
			return invalidf("%q is wrong: %s.", name, err)
		}
		return nil
	}
	return invalidf("%q is not known here. There are: %s.", shorten(name, 40), strings.Join(names, ", "))
}

func broken(err error, at int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return invalidf("The JSON breaks off at its end, after %d bytes.", at)
	}
	return invalidf("The JSON cannot be read near byte %d: %s.", at, err)
}

func isString(into *string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if json.Unmarshal(raw, into) != nil {
			return errors.New("it must be a string")
		}
		return nil
	}
}

func isStrings(into *[]string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var list []*string // so that a null among them is seen
		if json.Unmarshal(raw, &list) != nil {
			return errors.New("it must be a list of strings")
		}
		for _, s := range list {
			if s == nil {
				return errors.New("it must be a list of strings")
			}
			*into = append(*into, *s)
		}
		return nil
	}
}

func isBool(into *bool) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if json.Unmarshal(raw, into) != nil {
			return errors.New("it must be true or false")
		}
		return nil
	}
}

func isTime(into *time.Time) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				*into = t
				return nil
			}
		}
		return fmt.Errorf("it must be a time as RFC 3339 has it, such as %q", "2026-11-20T14:02:00Z")
	}
}

// isSeverity reads "sev1", "1" and 1: nothing else can stand there.
func isSeverity(into *incidents.Severity) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		s := string(raw)
		if raw[0] == '"' {
			_ = json.Unmarshal(raw, &s) // the decoder has seen that it is a string
		}
		v, ok := incidents.ParseSeverityAlone(s)
		if !ok {
			return errors.New("it must be one of sev1, sev2, sev3, sev4, sev5, unset")
		}
		*into = v
		return nil
	}
}
