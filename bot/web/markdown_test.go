package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func event(seq uint64) cite {
	switch {
	case seq > 90:
		return cite{}
	case seq == 8:
		return cite{"/e8", `<b>"bold"</b>`}
	}
	return cite{Address: fmt.Sprintf("/incidents/INC-1?at=%d#e%d", seq, seq)}
}

func TestMarkdownOnAPage(t *testing.T) {
	for markdown, want := range map[string]string{
		"Alice took command. [T4]":               `<p>Alice took command. <sup class="cite"><a href="/incidents/INC-1?at=4#e4">T4</a></sup></p>`,
		"Both. [T4, T7]":                         `<p>Both. <sup class="cite"><a href="/incidents/INC-1?at=4#e4">T4</a> <a href="/incidents/INC-1?at=7#e7">T7</a></sup></p>`,
		`\[T4] is what they wrote`:               `<p>[T4] is what they wrote</p>`,
		"`[T4]` is code":                         `<p><code>[T4]</code> is code</p>`,
		"[T4](https://example.com)":              `<p><a href="https://example.com" rel="nofollow noreferrer">T4</a></p>`,
		"[T04] [T] [T4 T5] [T0]":                 `<p>[T04] [T] [T4 T5] [T0]</p>`,
		"# One\n\n###### Six":                    "<h3>One</h3>\n<h6>Six</h6>",
		"| a | b |\n|---|---|\n| 1 [T2] | ~~2~~": "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1 <sup class=\"cite\"><a href=\"/incidents/INC-1?at=2#e2\">T2</a></sup></td>\n<td><del>2</del></td>\n</tr>\n</tbody>\n</table>",
		"- one\n- two":                           "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
		"see https://example.com/a?b=1&c=2":      `<p>see <a href="https://example.com/a?b=1&amp;c=2" rel="nofollow noreferrer">https://example.com/a?b=1&amp;c=2</a></p>`,
		"Not there. [T99]":                       `<p>Not there. <sup class="cite">T99</sup></p>`,
		"Said. [T8]":                             `<p>Said. <sup class="cite"><a href="/e8" title="&lt;b&gt;&#34;bold&#34;&lt;/b&gt;">T8</a></sup></p>`,
		"[here](#summary)":                       `<p><a href="#summary">here</a></p>`,
	} {
		if got := strings.TrimSpace(string(rendered(markdown, event))); got != want {
			t.Errorf("%q is\n%s\nwant\n%s", markdown, got, want)
		}
	}
}

// What the renderer should let through all the same does not pass the second gate.
func TestOnlyAddressesOfTheWebStand(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"} {
		if got := mayStand.Sanitize(`<a href="` + address + `">x</a>`); got != "x" {
			t.Errorf("%s is left as %s", address, got)
		}
	}
}

// bad is what must never come out of Markdown: anything that acts, loads or looks like
// the page itself; worse is an address that runs.
var (
	bad   = regexp.MustCompile(`(?i)<(script|style|iframe|object|embed|form|input|button|img|svg|math|link|meta|base|video|audio|template|h1|h2)|\son\w+\s*=|\sstyle\s*=|\sid\s*=|\shx-|data-live`)
	worse = regexp.MustCompile(`(?i)href="\s*(javascript|data|vbscript|file)\s*[:&]`)
	// quotedText is what is text between two tags, which can look like anything.
	quotedText = regexp.MustCompile(`>[^<]*<`)
)

// runs is what of HTML could do something.
func runs(html string) string {
	tags := quotedText.ReplaceAllString(html, "><")
	return worse.FindString(tags) + bad.FindString(quoted.ReplaceAllString(tags, `""`))
}

var evil = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt&#58;alert(1))", "[x](data:text/html,<script>alert(1)</script>)", "![x](https://evil.example/x.png)",
	"<javascript:alert(1)>", "<svg><script>alert(1)</script></svg>", "[x]: javascript:alert(1)\n\n[x]", `<a href="x" onclick="alert(1)" hx-get="/sign-out">x</a>`, `<div id="live" hx-get="https://evil.example">`,
	"```html\n<script>alert(1)</script>\n```", "<!--><script>alert(1)</script>-->", "<style>*{display:none}</style>", "[T4](javascript:alert(1))", "[T4]: javascript:alert(1)\n\nSo. [T4]", "# <b onmouseover=alert(1)>x</b>",
	"<math><mtext></p><style><img src onerror=alert(1)>", "[a](<javascript:alert(1)>)", "<https://x.example/\" onmouseover=\"alert(1)>", "| <img src=x onerror=alert(1)> |\n|---|", `<form action="https://evil.example"><button>Sign in`,
	"\x00<script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "[x](//evil.example)", "[x](\tjava\nscript:alert(1))", strings.Repeat("> ", 500) + "deep", strings.Repeat("[", 2000), strings.Repeat("*a_", 2000), strings.Repeat("- ", 300) + "x",
}

func TestNothingInMarkdownRuns(t *testing.T) {
	for _, s := range append(evil, hostile...) {
		for _, markdown := range []string{s, "Text. [T1]\n\n" + s, "- " + s, "> " + s, "**" + s + "**", "[" + s + "](https://example.com)", "[x](https://example.com \"" + s + "\")"} {
			got := string(rendered(markdown, event))
			if found := runs(got); found != "" {
				t.Errorf("%.80q becomes %.300q with %q", markdown, got, found)
			}
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range evil {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		if len(markdown) > 4000 {
			return
		}
		got := string(rendered(markdown, event))
		if found := runs(got); found != "" {
			t.Errorf("%q becomes %q with %q", markdown, got, found)
		}
	})
}
