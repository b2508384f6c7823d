package alerts

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"fireboss/incidents"
)

// cut is a text of at most n characters; one that was cut ends in "…".
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// lines tidies each line, and drops empty ones but one between two others.
func lines(s string) string {
	var kept []string
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)) {
		line = incidents.Tidy(line)
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// key bounds a text that only has to be the same for the same, and another for another.
func key(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= MaxKey {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:MaxKey-33], "") + "#" + hex.EncodeToString(sum[:16])
}
