package webhook

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"fireboss/integrations"
)

// The schemes by which senders sign.
const (
	hmacScheme     = "hmac"
	standardScheme = "standard"
)

// Signature is how a sender signs.
type Signature struct {
	Scheme    string        `yaml:"scheme" enum:"hmac,standard" doc:"hmac: a code in a header, as the keys here say; standard: Standard Webhooks, with secrets like whsec_…, to which of these keys only tolerance counts"`
	Header    string        `yaml:"header" doc:"the header with the code"`
	Prefix    string        `yaml:"prefix" doc:"what stands before the code; codes without it do not count"`
	Encoding  string        `yaml:"encoding" enum:"hex,base64" doc:"hex or base64"`
	Algorithm Algorithm     `yaml:"algorithm" doc:"sha256 or sha512"`
	Timestamp string        `yaml:"timestamp" doc:"the header with the moment at which it was signed, where there is one: a number of seconds or milliseconds since 1970, or as RFC 3339 has it"`
	Signed    string        `yaml:"signed" doc:"what is signed, made of {body} and {timestamp}; left out, {body}, or {timestamp}.{body} with a timestamp"`
	Tolerance time.Duration `yaml:"tolerance" doc:"how far that moment may be from now"`
}

// Algorithm is a hash function for message authentication codes.
type Algorithm string

// UnmarshalText takes sha256 and sha512.
func (a *Algorithm) UnmarshalText(text []byte) error {
	switch name := strings.ReplaceAll(strings.ToLower(string(text)), "-", ""); name {
	case "sha256", "sha512":
		*a = Algorithm(name)
		return nil
	case "sha1", "md5":
		return fmt.Errorf("%s is no longer safe and not taken; let the sender use sha256, or a key", name)
	}
	return fmt.Errorf("%q is no algorithm for a signature; write sha256 or sha512", text)
}

// Check finds what does not go together.
func (s Signature) Check(report func(key, sentence string)) {
	if strings.TrimSpace(s.Header) == "" && s.Scheme == hmacScheme {
		report("header", "is missing: the code has to stand somewhere")
	}
	switch moment := strings.Contains(s.Signed, "{timestamp}"); {
	case s.Signed == "":
	case strings.Count(s.Signed, "{body}") != 1:
		report("signed", "has to have {body} in it, once")
	case moment && s.Timestamp == "":
		report("signed", "has {timestamp} in it, but timestamp does not say which header that is")
	case !moment && s.Timestamp != "":
		report("signed", "lacks {timestamp}: a moment that is not signed can be changed by anybody")
	}
	if s.Tolerance <= 0 || s.Tolerance > time.Hour {
		report("tolerance", "has to be more than 0 and no more than 1h: within it a copy of a delivery can be sent again")
	}
}

// secrets reports those that are none of the scheme.
func (s Signature) secrets(all []integrations.Secret, report func(sentence string)) {
	for _, secret := range all {
		if _, err := standardKey(secret.Reveal()); s.Scheme == standardScheme && err != nil {
			report("is no secret of Standard Webhooks: those are whsec_ and base64")
		}
	}
}

// verify says whether a delivery is signed with one of the secrets.
func (s Signature) verify(r integrations.Request, secrets []integrations.Secret) error {
	if s.Scheme == standardScheme {
		return s.standard(r, secrets)
	}
	codes := s.codes(r.Header.Values(s.Header))
	if len(codes) == 0 {
		return fmt.Errorf("there is no signature in the header %s", s.Header)
	}
	signed, moment := s.Signed, ""
	if s.Timestamp != "" {
		moment = r.Header.Get(s.Timestamp)
		if err := recent(moment, r.At, s.Tolerance); err != nil {
			return err
		}
	}
	switch {
	case signed == "" && s.Timestamp != "":
		signed = "{timestamp}.{body}"
	case signed == "":
		signed = "{body}"
	}
	before, after, _ := strings.Cut(signed, "{body}")
	before, after = strings.ReplaceAll(before, "{timestamp}", moment), strings.ReplaceAll(after, "{timestamp}", moment)
	sign := integrations.Signature{Secrets: secrets, Hash: s.hash(), Decode: hex.DecodeString}
	if s.Encoding == "base64" {
		sign.Decode = fromBase64
	}
	return sign.Verify([]byte(before+string(r.Body)+after), codes...)
}

// codes are those in a header that may hold several, as it does while a sender changes its secret.
func (s Signature) codes(values []string) []string {
	var all []string
	for _, value := range values {
		for _, code := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
			if code, ok := strings.CutPrefix(code, strings.TrimSpace(s.Prefix)); ok && code != "" {
				all = append(all, code)
			}
		}
	}
	return all
}

func (s Signature) hash() func() hash.Hash {
	if s.Algorithm == "sha512" {
		return sha512.New
	}
	return sha256.New
}

// recent says whether a moment that was signed can be read and is near the one at which it came.
func recent(moment string, came time.Time, tolerance time.Duration) error {
	at := integrations.ReadTime(moment)
	if at.IsZero() {
		return errors.New("the moment at which it was signed is missing or cannot be read")
	}
	return integrations.Recent(at, came, tolerance)
}

// standard verifies as Standard Webhooks says: the code of "ID.TIMESTAMP.BODY", as "v1,CODE" in a list parted by spaces.
// Svix, from which that comes, has the same under another name.
func (s Signature) standard(r integrations.Request, secrets []integrations.Secret) error {
	for _, sender := range []string{"Webhook-", "Svix-"} {
		id, moment := r.Header.Get(sender+"Id"), r.Header.Get(sender+"Timestamp")
		if id == "" {
			continue
		}
		if strings.Contains(id, ".") {
			return errors.New("the delivery's id has a dot in it, which would leave open what was signed")
		}
		if err := recent(moment, r.At, s.Tolerance); err != nil {
			return err
		}
		var codes []string
		for entry := range strings.FieldsSeq(r.Header.Get(sender + "Signature")) {
			if code, ok := strings.CutPrefix(entry, "v1,"); ok {
				codes = append(codes, code)
			}
		}
		sign := integrations.Signature{Secrets: secrets, Decode: fromBase64, Key: standardKey}
		return sign.Verify([]byte(id+"."+moment+"."+string(r.Body)), codes...)
	}
	return errors.New("there is no header Webhook-Id: it is not signed as Standard Webhooks has it")
}

func standardKey(secret string) ([]byte, error) {
	key, err := fromBase64(strings.TrimPrefix(secret, "whsec_"))
	if err == nil && len(key) == 0 {
		err = errors.New("it is empty")
	}
	return key, err
}

// fromBase64 reads the usual base64 and that for URLs, with or without its padding (RFC 4648, sections 4 and 5).
func fromBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}
