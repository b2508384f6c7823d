package integrations

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"fireboss/incidents"
)

// hidden is what stands wherever a secret would have been printed.
const hidden = "<secret>"

// Secret is a setting that never shows itself: however it is printed, encoded or logged, it says <secret>. Reveal is
// the one way to its text.
//
// Both are pointers because fmt reads the unexported fields of other structs without asking their methods; of a pointer
// it prints the address.
type Secret struct{ value, source *string }

// SetSecret gives it a value; source is the reference by which the configuration said it (${NAME}, file:/path), if it
// was one.
func (s *Secret) SetSecret(value, source string) {
	*s = Secret{value: &value}
	if source != "" {
		s.source = &source
	}
}

// Reveal is the secret itself; empty where none was set.
func (s Secret) Reveal() string { return deref(s.value) }

// Source is the reference by which the configuration gave it.
func (s Secret) Source() string { return deref(s.source) }

func deref(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// Equal says whether both hold the same text from the same source.
func (s Secret) Equal(o Secret) bool { return s.Reveal() == o.Reveal() && s.Source() == o.Source() }

// String is <secret>.
func (s Secret) String() string { return hidden }

// GoString is <secret>.
func (s Secret) GoString() string { return hidden }

// Format prints <secret> for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText is <secret>; encoding/json, log/slog and zerolog use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Sendable reports what keeps a secret from standing in a header: only visible ASCII may (RFC 9110, section 5.5). A
// line end that came along with it is the usual slip.
func (s Secret) Sendable(report func(sentence string)) {
	if strings.ContainsFunc(s.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		report("it has spaces, line ends or other characters that cannot be sent; look how it was copied")
	}
}

// BaseURL is an address that paths are appended to: http or https, kept without a slash
// at its end.
type BaseURL string

// UnmarshalText takes an address without user, query and fragment.
func (u *BaseURL) UnmarshalText(text []byte) error {
	s := string(text)
	at, err := url.Parse(s)
	switch {
	case strings.Contains(s, "@") && (err != nil || at.User != nil): // unquoted: it may hold a password
		return errors.New("a URL here must not have a user or a password in it: people get to see it")
	case err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Hostname() == "":
		return fmt.Errorf("%q is no URL; write an absolute one like https://example.com/v1", s)
	case at.RawQuery != "" || at.ForceQuery || strings.Contains(s, "#"):
		return fmt.Errorf("%q has a query or a fragment; paths are appended to it, so leave that out", s)
	}
	*u = BaseURL(strings.TrimRight(s, "/"))
	return nil
}

// Travel is what of incidents may be told to an outside system.
type Travel struct {
	TLP     TLP  `yaml:"tlp" doc:"The highest level of the traffic light protocol of which it is told anything: CLEAR, GREEN, AMBER, AMBER+STRICT or RED. /incident tlp sets that of an incident; it begins as AMBER."`
	Private bool `yaml:"private_incidents" doc:"true: it is told of private incidents as well, as far as their level allows."`
}

// DefaultTravel is as far as an incident's text may go by default: not those that are
// private, and not those whose level somebody raised.
func DefaultTravel() Travel { return Travel{TLP: "AMBER"} }

// TLP is a level of the traffic light protocol, as [incidents.TLPLevels] has them.
type TLP string

// UnmarshalText takes a level in any case, with or without TLP: before it.
func (t *TLP) UnmarshalText(text []byte) error {
	level, ok := incidents.ParseTLP(string(text))
	if !ok {
		return fmt.Errorf("%q is no level of the traffic light protocol; write one of %s", text, strings.Join(incidents.TLPLevels, ", "))
	}
	*t = TLP(level)
	return nil
}
