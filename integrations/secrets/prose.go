package secrets

import (
	"regexp"
	"strings"
)

// proseRule is a secret as people type it in a hurry.
type proseRule struct {
	id string
	// keywords are how the expression begins, in lower case.
	keywords []string
	// word says that before it there is no letter and no digit.
	word   bool
	regex  *regexp.Regexp
	secret func(m []string) bool // nil: whatever matches is one
}

// The last group of each expression is the secret.
var proseRules = []proseRule{
	// A key that was cut off before its end is one all the same.
	{"private-key", []string{"-----begin"}, false, regexp.MustCompile(
		`(?is)^(-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END[ A-Z0-9_-]{0,100}-----|\z))`), nil},
	{"password", []string{"passw", "passphrase", "pwd", "secret", "api", "access", "private", "signing", "encryption", "token", "credential"}, false, regexp.MustCompile(
		`(?i)^((?:passw(?:or)?d|passphrase|pwd)|secret|(?:api|access|private|secret|signing|encryption)[ _-]?key|token|credentials?)` +
			"[\"'`*_]{0,3}([ \\t]+(?:is|was)[ \\t]+|[ \\t]*(?::=|=>|=|:)[ \\t]*)([\"'`*_]{0,3})([^\\s\"'`,;]{4,})"), assigned},
	// RFC 3986, section 3.2.1.
	{"url-password", []string{"://"}, false, regexp.MustCompile(`^://[^\s:/@?#]{0,100}:([^\s/@]+)@`), nil},
	{"url-parameter", []string{"?", "&", ";"}, false, regexp.MustCompile(
		`(?i)^[?&;](?:key|sig|[\w.-]{0,40}?(?:token|secret|passw(?:or)?d|signature|api_?key|access_?key|credential|auth))=([^&\s#"'<>|]{6,})`), notRemoved},
	// RFC 9110, section 11.6.2.
	{"authorization", []string{"bearer", "basic", "token", "apikey", "geniekey", "splunk"}, true, regexp.MustCompile(
		`(?i)^(?:bearer|basic|token|apikey|geniekey|splunk)[ \t]+["']?([a-z0-9._~+/|-]{12,}={0,2})`),
		func(m []string) bool { return strings.ContainsAny(last(m), digits) && !readable(last(m)) }},
	{"cookie", []string{"cookie:"}, false, regexp.MustCompile(`(?i)^cookie:[ \t]*([^\s][^\r\n]{5,})`),
		func(m []string) bool { return strings.Contains(last(m), "=") }},
	{"curl-user", []string{"curl"}, true, regexp.MustCompile(`(?i)^curl\b[^\n]{0,500}?[ \t](?:-u|--user|--proxy-user)[ \t=]*["']?[^\s:"']{1,100}:([^\s"']{3,})`), notRemoved},
}

// notRemoved leaves what says of a secret that it was removed.
func notRemoved(m []string) bool {
	return !strings.HasPrefix(strings.TrimLeft(last(m), "[("), "secret")
}

const digits = "0123456789"

func last(m []string) string { return m[len(m)-1] }

var (
	ordinary = regexp.MustCompile(`(?i)^(?:true|false|null|none|nil|empty|unset|set|expired|expires|invalid|valid|missing|required|changed|rotated|reset|redacted|hidden|` +
		`removed|revoked|renewed|leaked|wrong|correct|unknown|yes|no|todo|tbd|n/a|still|not|fine|okay|ok)$`)
	placeholder = regexp.MustCompile(`^(?:[$<{%\[(@#&].*|[*•.x_-]+|https?://.*|\d{1,2}:\d{2}(?::\d{2})?|\d{4}-\d{2}-\d{2}.*|[A-Z]{2,10}-\d+|v?\d+(?:\.\d+)+|\d{1,3}%?)$`)
	mixed       = regexp.MustCompile(`[a-z].*[A-Z]|[A-Z]{2}.*[a-z]`)
)

// assigned judges what stands behind "password:", by how it looks: a password is
// more than a word, for "password: expired" is no secret. Behind a bare "=", and
// in quotes, it may be a word, since nobody talks so.
func assigned(m []string) bool {
	name, literal, value := strings.ToLower(m[1]), m[2] == "=" || m[3] != "", strings.TrimRight(last(m), ".,:!?)]}>*_")
	password := strings.HasPrefix(name, "pass") || name == "pwd"
	if len(value) < 4 || !password && len(value) < 8 || placeholder.MatchString(value) || ordinary.MatchString(value) {
		return false
	}
	switch {
	case strings.Trim(value, digits) == "":
		return password
	case strings.ContainsAny(value, digits+"!@#$%^&*+~|") || mixed.MatchString(value):
		return password || literal || !readable(value)
	}
	return password && literal || len(value) >= longWord && !strings.ContainsAny(value, "-_./")
}

// longWord is a length that words do not have.
const longWord = 24

// readable says whether a text is made of words, numbers and versions, as names of
// builds, hosts and dates are.
func readable(text string) bool {
	const long = 8 // the longest mixture of letters and digits in a name: a commit's short hash
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("-_./+:=@,~", r) }) {
		letters := strings.Trim(part, "0123456789") != "" && !strings.ContainsAny(part, digits)
		switch {
		case strings.Trim(part, digits) == "":
		case letters && len(part) <= 20 && !mixed.MatchString(part[1:]):
		case len(part) <= long && !mixed.MatchString(part):
		default:
			return false
		}
	}
	return true
}
