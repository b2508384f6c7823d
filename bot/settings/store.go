package settings

import (
	"net/url"
	"strings"
	"unicode"
)

// Store is where everything is kept: a bbolt file or a PostgreSQL database. It prints without its password, if it
// has one. Like a secret it can be read from a file (file:/path).
type Store struct{ secret Secret }

// NewStore is a store at a path or at a postgres:// address.
func NewStore(at string) Store { return Store{NewSecret(at)} }

// SetSecret gives it its address; see Secret.SetSecret.
func (s *Store) SetSecret(value, source string) { s.secret.SetSecret(value, source) }

// Reveal is the path or the address, password and all.
func (s Store) Reveal() string { return s.secret.Reveal() }

// Source is the reference by which the configuration gave it, if it did.
func (s Store) Source() string { return s.secret.Source() }

// Equal says whether both are the same place from the same source.
func (s Store) Equal(other Store) bool { return s.secret.Equal(other.secret) }

// Postgres says whether it is a PostgreSQL database; otherwise it is the path of a file.
func (s Store) Postgres() bool { return strings.Contains(s.Reveal(), "://") }

// Public says whether there is nothing secret in it. A password stands before the @, or among the parameters
// (https://www.postgresql.org/docs/current/libpq-connect.html, 32.1.1.2).
func (s Store) Public() bool {
	if !s.Postgres() {
		return true
	}
	u, err := url.Parse(s.Reveal())
	if err != nil || strings.Contains(strings.ToLower(u.RawQuery), "password") {
		return false
	}
	_, has := u.User.Password()
	return !has
}

// String is the path, or the address without what may be secret in it.
func (s Store) String() string {
	if s.Public() {
		return s.Reveal()
	}
	u, err := url.Parse(s.Reveal())
	if err != nil {
		return hidden
	}
	return "postgres://" + u.Host + u.Path
}

// GoString is String.
func (s Store) GoString() string { return s.String() }

// MarshalText is String.
func (s Store) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Check refuses an address that is neither a path nor PostgreSQL's.
func (s Store) Check(report func(key, sentence string)) {
	if strings.ContainsFunc(s.Reveal(), unicode.IsControl) {
		report("", "a store's name has no line ends or other control characters")
		return
	}
	if !s.Postgres() {
		return
	}
	scheme, rest, _ := strings.Cut(s.Reveal(), "://")
	if scheme != "postgres" && scheme != "postgresql" || rest == "" || rest[0] == '/' {
		report("", "a store is the path of a file, or postgres://USER:${PASSWORD}@HOST/DATABASE")
	}
}
