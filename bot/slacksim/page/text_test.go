package page_test

import (
	"fmt"
	"testing"
)

// What Slack's mrkdwn becomes. The times are Alice's, in Berlin.
var mrkdwnCases = []struct{ text, html string }{
	{"plain", "plain"},
	{"*bold* _leaning_ ~gone~ `code`", "<strong>bold</strong> <em>leaning</em> <s>gone</s> <code>code</code>"},
	{"*bold and _leaning_*", "<strong>bold and <em>leaning</em></strong>"},
	{"2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"},
	{"* not a list *", "* not a list *"},
	{"*never closed", "*never closed"},
	{"(*in brackets*), *then* comma", "(<strong>in brackets</strong>), <strong>then</strong> comma"},
	{"`*not bold*` *`code` in bold*", "<code>*not bold*</code> <strong><code>code</code> in bold</strong>"},
	{"two\nlines", "two<br>lines"},
	{"&gt; quoted\nnot", "<blockquote>quoted</blockquote>not"},
	{"&gt;&gt;&gt; all\nof it", "<blockquote>all<br>of it</blockquote>"},
	{"before\n```\nx &lt; y\n*z*\n```\nafter", "before<pre class=\"code-block\">x &lt; y\n*z*\n</pre>after"},
	{"a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"},
	{":fire: :no_such_emoji: 12:30:45", `<span class="emoji" role="img" aria-label="fire emoji" title=":fire:">🔥</span> :no_such_emoji: 12:30:45`},
	{":wave::skin-tone-3:", `<span class="emoji" role="img" aria-label="wave emoji" title=":wave::skin-tone-3:">👋🏼</span>`},
	{"<https://example.com/a?b=1&amp;c=2|the *page*>", `<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer" title="https://example.com/a?b=1&amp;c=2">the *page*</a>`},
	{"see https://example.com/x.", `see <a href="https://example.com/x" target="_blank" rel="noopener noreferrer" title="https://example.com/x">https://example.com/x</a>.`},
	{"<mailto:a@example.com|a@example.com>", `<a href="mailto:a@example.com" target="_blank" rel="noopener noreferrer" title="mailto:a@example.com">a@example.com</a>`},
	{"<javascript:alert(1)|x>", `<span class="dead-link" title="This address is not a web link">x</span>`},
	{"<b>not HTML</b> <a|b> `<i>`", "&lt;b&gt;not HTML&lt;/b&gt; &lt;a|b&gt; <code>&lt;i&gt;</code>"},
	{"<@U000000BOB> <@U0NOBODY|nell> <@U0NOBODY>", `<span class="mention" data-mention="U000000BOB">@bob</span> <span class="mention" data-mention="U0NOBODY">@nell</span> <span class="mention" data-mention="U0NOBODY">@U0NOBODY</span>`},
	{"<@U0000ALICE>", `<span class="mention mine" data-mention="U0000ALICE">@alice</span>`},
	{"<#C00GENERAL|general> <#C0UNKNOWN|old-name>", `<a class="mention" href="#/alice/C00GENERAL">#general</a> <span class="mention">#old-name</span>`},
	{"<!subteam^S000ONCALL> <!here> <!channel>", `<span class="mention mine">@oncall</span> <span class="mention mine">@here</span> <span class="mention mine">@channel</span>`},
	{"<!date^1795420800^{date_num} at {time_secs}|then>", `<time datetime="2026-11-23T08:00:00.000Z" title="Monday, 23 November 2026 at 09:00:00">2026-11-23 at 09:00:00</time>`},
	{"<!date^1795420800^{date_long}^https://example.com/d|then>", `<a href="https://example.com/d" target="_blank" rel="noopener noreferrer" title="https://example.com/d"><time datetime="2026-11-23T08:00:00.000Z" title="Monday, 23 November 2026 at 09:00:00">Monday, 23 November 2026</time></a>`},
	{"<!date^soon^{date}|then>", "<span>then</span>"},
	{"<!date^1795420800^{unheard_of}|then>", `<time datetime="2026-11-23T08:00:00.000Z" title="Monday, 23 November 2026 at 09:00:00">{unheard_of}</time>`},
}

func TestMrkdwn(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	for _, c := range mrkdwnCases {
		got := b.eval(fmt.Sprintf(`(async () => {
			const { mrkdwn } = await import("/js/mrkdwn.js");
			const box = document.createElement("div");
			box.append(...mrkdwn(%s));
			return box["inner" + "HTML"];
		})()`, quoted(c.text)))
		if got != c.html {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.html)
		}
	}
}

// Long and unlucky texts do not hold the page up.
func TestMrkdwnIsFast(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	for _, piece := range []string{"*a ", "_*~", "<", "`", "```", ":a", "<@", "&gt;", "*a*", "https://"} {
		got := b.eval(fmt.Sprintf(`(async () => {
			const { mrkdwn } = await import("/js/mrkdwn.js");
			const text = %s.repeat(40000 / %d);
			const start = performance.now();
			mrkdwn(text);
			return performance.now() - start < 2000;
		})()`, quoted(piece), len(piece)))
		if got != "true" {
			t.Errorf("40,000 characters of %q take longer than two seconds", piece)
		}
	}
}

// What is kept is shown to its author for editing as they would type it, and typing it again means the same.
func TestWhatIsTyped(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	for kept, typed := range map[string]string{
		"hi <@U000000BOB>": "hi @bob", "<!here> <!subteam^S000ONCALL|@oncall>": "@here @oncall", "<#C00GENERAL|general>": "#general",
		"<https://example.com/a?x=1&amp;y=2>": "https://example.com/a?x=1&y=2", "a &lt; b": "a < b", "<mailto:a@example.com|a@example.com>": "a@example.com",
	} {
		if got := b.eval(fmt.Sprintf(`import("/js/encode.js").then((m) => m.decode(%s))`, quoted(kept))); got != typed {
			t.Errorf("%q is shown as %q, want %q", kept, got, typed)
		}
	}
	for typed, sent := range map[string]string{
		"<!channel> now": "&lt;!channel> now", "<@U000000BOB>": "&lt;@U000000BOB>", "a < b && c": "a < b && c", "<https://example.com|x>": "&lt;https://example.com|x>",
	} {
		if got := b.eval(fmt.Sprintf(`import("/js/encode.js").then((m) => m.encode(%s))`, quoted(typed))); got != sent {
			t.Errorf("%q is sent as %q, want %q", typed, got, sent)
		}
	}
}

// A moment and the field that shows it in the person's time zone mean the same, also across a change of the clock.
func TestDateTimeFields(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	for seconds, shown := range map[int]string{1795420800: "2026-11-23T09:00", 1774746000: "2026-03-29T03:00", 1774742400: "2026-03-29T01:00"} {
		if got := b.eval(fmt.Sprintf(`import("/js/time.js").then((m) => m.localInput(%d))`, seconds)); got != shown {
			t.Errorf("%d is shown as %s, want %s", seconds, got, shown)
		}
		if got := b.eval(fmt.Sprintf(`import("/js/time.js").then((m) => m.fromLocalInput(%s))`, quoted(shown))); got != fmt.Sprint(seconds) {
			t.Errorf("%s means %s, want %d", shown, got, seconds)
		}
	}
}
