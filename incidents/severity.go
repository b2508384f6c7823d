package incidents

import (
	"fmt"
	"strings"
)

// Severity says how bad it is: 1 (worst) to 5. Zero is unset.
type Severity int

// Unset is the severity nobody has chosen yet.
const Unset Severity = 0

// Severities are all of them, worst first, unset last.
var Severities = []Severity{1, 2, 3, 4, 5, Unset}

// String is sev1 to sev5, or unset.
func (s Severity) String() string {
	if s < 1 || s > 5 {
		return "unset"
	}
	return fmt.Sprintf("sev%d", int(s))
}

// MarshalText writes it as people do.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Severity) UnmarshalText(b []byte) error {
	v, ok := ParseSeverity(string(b))
	if !ok {
		return fmt.Errorf("%q is not a severity", b)
	}
	*s = v
	return nil
}

// Meaning is one sentence that helps to choose.
func (s Severity) Meaning() string {
	switch s {
	case 1:
		return "critical: customers cannot use what they pay for, or data is at risk"
	case 2:
		return "major: an important part is broken or very slow for many"
	case 3:
		return "moderate: some people are affected, or there is a way around it"
	case 4:
		return "minor: hardly anybody notices"
	case 5:
		return "informational: worth a record, nothing is broken"
	}
	return "nobody has judged it yet"
}

// Meaning is one sentence that helps to choose a severity, in the words of the policy.
func (r Rules) Meaning(s Severity) string {
	if said := r.Meanings[s]; said != "" {
		return said
	}
	return s.Meaning()
}

// Rank orders severities, worst first; unset stands between 2 and 3, for what
// nobody has judged may well be bad.
func (s Severity) Rank() int {
	if s < 1 || s > 5 {
		return 25
	}
	return int(s) * 10
}

// ParseSeverity reads a severity as it may stand at the head of a title: sev1,
// SEV-1, unset. A bare 1 or s1 is not one here; see [ParseSeverityAlone].
func ParseSeverity(s string) (Severity, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "unset" {
		return Unset, true
	}
	rest, ok := strings.CutPrefix(s, "sev")
	if !ok {
		return Unset, false
	}
	return digitSeverity(strings.TrimPrefix(rest, "-"))
}

// ParseSeverityAlone reads a severity where nothing else can stand, so that
// bare 1 and s1 count as well.
func ParseSeverityAlone(s string) (Severity, bool) {
	if v, ok := ParseSeverity(s); ok {
		return v, true
	}
	s = strings.ToLower(strings.TrimSpace(s))
	return digitSeverity(strings.TrimPrefix(s, "s"))
}

func digitSeverity(s string) (Severity, bool) {
	if len(s) == 1 && s[0] >= '1' && s[0] <= '5' {
		return Severity(s[0] - '0'), true
	}
	return Unset, false
}
