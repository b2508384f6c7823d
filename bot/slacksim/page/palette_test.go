package page_test

import (
	"fmt"
	"math"
	"regexp"
	"testing"
)

// The contrast that WCAG 2.2 AA asks for (https://www.w3.org/TR/WCAG22/#contrast-minimum): of text, and of what
// only has to be told apart, such as the edge of a field.
const (
	textContrast = 4.5
	edgeContrast = 3.0
)

var pairs = []struct {
	front, back string
	least       float64
}{
	{"ink", "paper", textContrast}, {"ink", "ground", textContrast}, {"ink", "card", textContrast}, {"ink", "hover", textContrast}, {"ink", "lit", textContrast},
	{"soft", "paper", textContrast}, {"soft", "ground", textContrast}, {"soft", "card", textContrast}, {"soft", "hover", textContrast},
	{"link", "paper", textContrast}, {"link", "card", textContrast}, {"link", "hover", textContrast}, {"link", "lit", textContrast},
	{"accent", "paper", textContrast}, {"on-accent", "accent", textContrast}, {"on-accent", "accent-deep", textContrast},
	{"on-here", "here", textContrast}, {"on-called", "called", textContrast}, {"on-called", "paper", textContrast}, {"on-called", "hover", textContrast},
	{"danger", "paper", textContrast}, {"on-danger", "danger", textContrast}, {"good", "ground", edgeContrast}, {"danger", "ground", edgeContrast},
	{"edge", "paper", edgeContrast}, {"focus", "paper", edgeContrast}, {"focus", "ground", edgeContrast}, {"accent", "ground", edgeContrast},
	{"on-avatar", "avatar-0", textContrast}, {"on-avatar", "avatar-1", textContrast}, {"on-avatar", "avatar-2", textContrast}, {"on-avatar", "avatar-3", textContrast},
	{"on-avatar", "avatar-4", textContrast}, {"on-avatar", "avatar-5", textContrast}, {"on-avatar", "avatar-6", textContrast}, {"on-avatar", "avatar-7", textContrast},
}

func TestPaletteCanBeRead(t *testing.T) {
	css := sources(t, ".css")["style.css"]
	declared := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`).FindAllStringSubmatch(css, -1) {
		declared[m[1]] = [2]string{m[2], m[3]}
	}
	for _, m := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
		declared[m[1]] = [2]string{m[2], m[2]}
	}
	for _, p := range pairs {
		for i, theme := range []string{"light", "dark"} {
			front, back := declared[p.front][i], declared[p.back][i]
			if front == "" || back == "" {
				t.Fatalf("the palette lacks --%s or --%s", p.front, p.back)
			}
			if got := contrast(t, front, back); got < p.least {
				t.Errorf("%s: %s %s on %s %s has a contrast of %.2f, less than %.1f", theme, p.front, front, p.back, back, got, p.least)
			}
		}
	}
}

// contrast is the ratio of two colours as WCAG defines it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is a colour's relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatalf("%s: %v", colour, err)
	}
	var sum float64
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
