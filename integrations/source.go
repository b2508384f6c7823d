package integrations

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// DefaultLimit is how many bytes a delivery may have where its source names no other limit.
const DefaultLimit = 1 << 20

// Source is what an outside system sends us: deliveries at /hooks/NAME. The door verifies, stores and answers; Read
// runs afterwards, on what was stored.
type Source struct {
	// Verify says whether a delivery is from there, by its signature over the raw bytes; nil: by one of Keys. The error
	// is for the log: the sender is told nothing. Where it is [ErrUnsure] the sender is to try again (503).
	Verify func(Request) error
	// Keys are what it may present instead: Authorization: Bearer KEY, the password of Authorization: Basic, or
	// /hooks/NAME/KEY.
	Keys []Secret
	// Limit is how many bytes a delivery may have; 0: [DefaultLimit].
	Limit int64
	// Headers are those that Read looks at: they are stored with the delivery, and no others are.
	Headers []string
	// Read says what a delivery says. An error is a sentence about what was sent: it will never be read, and whoever set
	// the sender up should look.
	Read func(Request) (alerts.Report, error)
	// After does what a delivery asks for beside being read, such as confirming a subscription at its sender; nil:
	// nothing. It runs in the background once a delivery was verified and stored, is given what Read is given, may run
	// more than once of one delivery, and takes as long as a call takes. An error is for the log.
	After func(ctx context.Context, r Request) error
	// Try is how to have the other side send something for a try, where it cannot be asked whether it reaches us: an
	// imperative, without its dot.
	Try string
	// Quiet is after how long without a word an alert that fires is taken to be over, where nobody says so; 0: never.
	Quiet time.Duration
}

// Request is a delivery as it came.
type Request struct {
	Path   string      // below /hooks/NAME, without a key: "" or "/api/v2/alerts"
	Header http.Header // Read is given only those that its source names
	Body   []byte
	At     time.Time // when it came
}

// Inbound are the settings of every source.
type Inbound struct {
	Keys     []Secret                   `yaml:"key,single" example:"\"${FIREBOSS_HOOK_KEY}\"" doc:"What the sender has to present: as Authorization: Bearer KEY, as the password of basic authentication, or at the end of its address, /hooks/NAME/KEY. A list while keys are being changed."`
	Severity map[string]alerts.Severity `yaml:"severity,flow" example:"{page: critical}" doc:"What the sender's own words for a severity mean: critical, high, medium, low or info. The usual words are known."`
	Quiet    time.Duration              `yaml:"quiet" doc:"An alert of which nothing was heard for so long is taken to be over; 0: never."`
}

// Rank is what a sender's word for a severity means: as configured, else as usual, else medium.
func (i Inbound) Rank(word string) alerts.Severity {
	if s, ok := i.Known(word); ok {
		return s
	}
	return alerts.Medium
}

// Known is what a sender's word for a severity means, as configured, else as usual; false where it is not known.
func (i Inbound) Known(word string) (alerts.Severity, bool) {
	for w, s := range i.Severity {
		if strings.EqualFold(w, strings.TrimSpace(word)) {
			return s, true
		}
	}
	return alerts.ParseSeverity(word)
}

// CheckKeys reports what is wrong with the keys, or with there being none.
func (i Inbound) CheckKeys(report func(key, sentence string)) {
	if len(i.Keys) == 0 {
		report("key", "is missing: without it anybody could send alerts. Make one with: openssl rand -hex 24")
	}
	CheckSecrets("key", i.Keys, report)
}

// CheckSecrets reports secrets that are empty, cannot be sent or are too short to keep anybody out.
func CheckSecrets(name string, secrets []Secret, report func(key, sentence string)) {
	for _, s := range secrets {
		s.Sendable(func(sentence string) { report(name, sentence) })
		if len(s.Reveal()) < 8 {
			report(name, "has less than 8 characters and could be guessed. Make one with: openssl rand -hex 24")
		}
	}
}

// Ours is how the key begins of whatever Fireboss itself makes in an outside system that also sends us alerts: of what
// comes back of it no second incident is made.
const Ours = incidents.PagePrefix

// ErrUnsure is within what Verify says where it could not tell whose a delivery is, as without the certificate of its
// sender, which may be there the next time.
var ErrUnsure = errors.New("who sent it could not be looked up")

// errForged is all that a wrong signature is answered by.
var errForged = errors.New("the signature is not that of any configured secret")

// Signature is a message authentication code (RFC 2104) as a sender writes it.
type Signature struct {
	Secrets []Secret
	Hash    func() hash.Hash                    // nil: SHA-256
	Decode  func(text string) ([]byte, error)   // nil: hexadecimal
	Key     func(secret string) ([]byte, error) // of a secret; nil: its bytes
}

// Verify says whether one of the codes is that of the signed text under one of the secrets. All are compared, in
// constant time each.
func (s Signature) Verify(signed []byte, codes ...string) error {
	makeHash, decode := s.Hash, s.Decode
	if makeHash == nil {
		makeHash = sha256.New
	}
	if decode == nil {
		decode = hex.DecodeString
	}
	right := 0
	for _, secret := range s.Secrets {
		k := []byte(secret.Reveal())
		if s.Key != nil {
			var err error
			if k, err = s.Key(secret.Reveal()); err != nil {
				continue
			}
		}
		if len(k) == 0 {
			continue
		}
		mac := hmac.New(makeHash, k)
		mac.Write(signed)
		sum := mac.Sum(nil)
		for _, code := range codes {
			got, err := decode(code)
			if err == nil {
				right |= subtle.ConstantTimeCompare(got, sum)
			}
		}
	}
	if right != 1 {
		return errForged
	}
	return nil
}

// Recent says whether a moment that a sender signed is within the tolerance around when the delivery came: an older one
// may be somebody else's copy.
func Recent(signed, came time.Time, tolerance time.Duration) error {
	if d := came.Sub(signed); d > tolerance || d < -tolerance {
		return errors.New("it was signed too long before it came, or one of the two clocks is wrong")
	}
	return nil
}
