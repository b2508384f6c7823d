package settings

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is what stands wherever a secret would have been printed.
const hidden = "<secret>"

// Secret is a value that never shows itself: every way of printing, encoding or logging it gives <secret>.
// Reveal is the one way to its text.
//
// Both are pointers to strings because fmt reads the unexported fields of other structs without asking their methods,
// and with a verb that does not fit even looks behind a pointer to a struct; of these it prints the address.
type Secret struct{ value, source *string }

// NewSecret hides a value that was not read from a configuration.
func NewSecret(value string) Secret { return Secret{value: &value} }

// SetSecret gives it a value; source is how the file said it where that was a reference (${NAME}, file:/path),
// otherwise empty.
//
// A type of another package is decoded as a secret if it has this method, and printed by Effective if it has
// Reveal and Source.
func (s *Secret) SetSecret(value, source string) {
	*s = NewSecret(value)
	if source != "" {
		s.source = &source
	}
}

// Reveal is the secret itself; empty where none was set.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Source is the reference by which the configuration gave it, such as ${SLACK_BOT_TOKEN} or
// file:/run/secrets/token; empty where it stood there in full.
func (s Secret) Source() string {
	if s.source == nil {
		return ""
	}
	return *s.source
}

// IsZero says whether there is no secret.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// Equal says whether both hold the same text from the same source.
func (s Secret) Equal(other Secret) bool {
	return s.Reveal() == other.Reveal() && s.Source() == other.Source()
}

// String is <secret>.
func (s Secret) String() string { return hidden }

// GoString is <secret>.
func (s Secret) GoString() string { return hidden }

// Format prints <secret> for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText is <secret>; encoding/json and with it zerolog use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalYAML is <secret>.
func (s Secret) MarshalYAML() (any, error) { return hidden, nil }

// LogValue is <secret>.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
