package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pairs are texts on their backgrounds, with the least contrast that WCAG 2.2
// asks for: 4.5 for text (1.4.3), 3 for what one must see to use the page (1.4.11).
var pairs = []struct {
	ink, paper string
	least      float64
}{
	{"ink", "paper", 7}, {"ink", "card", 7}, {"ink", "tint", 7},
	{"soft", "paper", 4.5}, {"soft", "card", 4.5}, {"soft", "tint", 4.5},
	{"link", "paper", 4.5}, {"link", "card", 4.5}, {"link", "tint", 4.5},
	{"alarm", "paper", 4.5}, {"alarm", "card", 4.5},
	{"warn", "paper", 4.5}, {"warn", "card", 4.5},
	{"sev1-ink", "sev1", 4.5}, {"sev2-ink", "sev2", 4.5}, {"sev3-ink", "sev3", 4.5},
	{"sev4-ink", "sev4", 4.5}, {"sev5-ink", "sev5", 4.5}, {"unset-ink", "unset", 4.5},
	{"act-ink", "act", 4.5}, {"ink", "refused", 7}, {"ink", "added", 7}, {"ink", "removed", 7}, {"warn", "refused", 3}, {"ink", "st-hot", 7}, {"ink", "st-known", 7}, {"ink", "st-watch", 7}, {"ink", "st-over", 7}, {"ink", "unset", 7},
	{"link", "card", 3}, {"warn", "card", 3}, {"calm", "card", 3},
	{"edge", "paper", 3}, {"edge", "card", 3}, {"focus", "paper", 3}, {"focus", "card", 3}, {"calm", "paper", 3},
	{"chart-sev1", "card", 3}, {"chart-sev2", "card", 3}, {"chart-sev3", "card", 3}, {"chart-sev4", "card", 3}, {"chart-sev5", "card", 3}, {"chart-unset", "card", 3},
	{"chart-kept", "card", 3}, {"chart-putoff", "card", 3}, {"chart-missed", "card", 3},
	{"chart-detect", "card", 3}, {"chart-acknowledge", "card", 3}, {"chart-mitigate", "card", 3}, {"chart-resolve", "card", 3},
	{"heat1-ink", "heat1", 4.5}, {"heat2-ink", "heat2", 4.5}, {"heat3-ink", "heat3", 4.5}, {"heat4-ink", "heat4", 4.5}, {"heat5-ink", "heat5", 4.5},
}

func TestPaletteHasEnoughContrast(t *testing.T) {
	css, err := staticFiles.ReadFile("static/fireboss.css")
	if err != nil {
		t.Fatal(err)
	}
	sheet := string(css)
	light := colours(t, between(t, sheet, ":root {", "}"))
	dark := colours(t, between(t, between(t, sheet, "prefers-color-scheme: dark) {", "\n}"), ":root {", "}"))
	if len(light) != len(dark) {
		t.Errorf("light has %d colours, dark %d", len(light), len(dark))
	}
	for name, palette := range map[string]map[string][3]float64{"light": light, "dark": dark} {
		for _, p := range pairs {
			ink, ok := palette[p.ink]
			if !ok {
				t.Fatalf("%s has no --%s", name, p.ink)
			}
			paper, ok := palette[p.paper]
			if !ok {
				t.Fatalf("%s has no --%s", name, p.paper)
			}
			if got := contrast(ink, paper); got < p.least {
				t.Errorf("%s: --%s on --%s has a contrast of %.2f, less than %.1f", name, p.ink, p.paper, got, p.least)
			}
		}
	}
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, from)
	s, _, end := strings.Cut(s, to)
	if !ok || !end {
		t.Fatalf("the stylesheet has nothing between %q and %q", from, to)
	}
	return s
}

var colour = regexp.MustCompile(`--([a-z0-9-]+):\s*#([0-9a-f]{6});`)

func colours(t *testing.T, block string) map[string][3]float64 {
	t.Helper()
	out := map[string][3]float64{}
	for _, m := range colour.FindAllStringSubmatch(block, -1) {
		n, err := strconv.ParseUint(m[2], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		out[m[1]] = [3]float64{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}
	}
	return out
}

// contrast is WCAG's: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
func contrast(a, b [3]float64) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

func luminance(c [3]float64) float64 {
	var lin [3]float64
	for i, v := range c {
		v /= 255
		if lin[i] = v / 12.92; v > 0.04045 {
			lin[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*lin[0] + 0.7152*lin[1] + 0.0722*lin[2]
}

func TestContrastOfBlackOnWhite(t *testing.T) {
	if got := fmt.Sprintf("%.2f", contrast([3]float64{}, [3]float64{255, 255, 255})); got != "21.00" {
		t.Errorf("black on white has %s, want 21.00", got)
	}
}
