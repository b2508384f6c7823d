package secrets

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Samples are put together here, so that no scanner takes this file for a leak.
const (
	awsKey     = "AKIA" + "QYLPMN5HHHFPZ3XB"
	awsSecret  = "q8Yw+Tn3/" + "kVd2mZxJf7Lr0BhSg5PuCeN9aWoIyKt1"
	githubPAT  = "ghp_" + "9Zk2LmQ7XvB4Nc8WtR1yHf5JdG3sPaEoUiTq"
	githubFine = "github_pat_" + "11ABCDEFG0aZ9kL2mQ7xvB_4Nc8WtR1yHf5JdG3sPaEoUiTq6Kw9Zk2LmQ7XvB4Nc8WtR1yHf5JdG3sPaEo1"
	slackBot   = "xoxb-" + "2048719364521-2048719364533-Zk2LmQ7XvB4Nc8WtR1yHf5Jd"
	slackApp   = "xapp-" + "1-A04PQ7XVB4N-2048719364521-9f3b2c8d1e7a6f5b4c3d2e1f0a9b8c7d"
	slackHook  = "hooks.slack.com/services/" + "T04PQ7XVB/B04NC8WTR1Y/Zk2LmQ7XvB4Nc8WtR1yHf5Jd"
	jwt        = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	google     = "AIza" + "SyD4x9Qk2LmZ7XvB4Nc8WtR1yHf5JdG3sPa"
	stripe     = "sk_live_" + "9Zk2LmQ7XvB4Nc8WtR1yHf5J"
	npm        = "npm_" + "9Zk2LmQ7XvB4Nc8WtR1yHf5JdG3sPaEoUiTq"
	gitlab     = "glpat-" + "9Zk2LmQ7XvB4Nc8WtR1y"
	openai     = "sk-" + "9Zk2LmQ7XvB4Nc8WtR1y" + "T3BlbkFJ" + "Hf5JdG3sPaEoUiTq6Kw2"
	twilio     = "SK" + "9f3b2c8d1e7a6f5b4c3d2e1f0a9b8c7d"
)

const privateKey = "-----BEGIN RSA PRIVATE " + `KEY-----
MIIEpAIBAAKCAQEAx9Zk2LmQ7XvB4Nc8WtR1yHf5JdG3sPaEoUiTq6Kw9Zk2LmQ7
XvB4Nc8WtR1yHf5JdG3sPaEoUiTq6Kw9Zk2LmQ7XvB4Nc8WtR1yHf5JdG3sPaEo1
-----END RSA PRIVATE ` + "KEY-----"

// One of each class, as people write it, with what is left of it.
var samples = []struct{ name, text, secret, want string }{
	{"aws", "Alice pasted " + awsKey + ", rotate it.", awsKey, "Alice pasted [secret removed: aws-access-token], rotate it."},
	{"aws secret", "aws_secret_access_key = " + awsSecret, awsSecret, "aws_secret_access_key = [secret removed: generic-api-key]"},
	{"github", "(token " + githubPAT + ")", githubPAT, "(token [secret removed: github-pat])"},
	{"github fine-grained", "*" + githubFine + "*", githubFine, "*[secret removed: github-fine-grained-pat]*"},
	{"slack bot", "xoxb is " + slackBot + " now", slackBot, "xoxb is [secret removed: slack-bot-token] now"},
	{"slack app", slackApp, slackApp, "[secret removed: slack-app-token]"},
	{"slack hook", "post to https://" + slackHook + " please", slackHook, "post to [secret removed: slack-webhook-url] please"},
	{"private key", "the key:\n" + privateKey + "\nnever do that", "MIIEpAIB", "the key:\n[secret removed: private-key]\nnever do that"},
	{"private key cut off", privateKey[:80], "MIIEpAIB", "[secret removed: private-key]"},
	{"jwt", "it sends " + jwt + ".", jwt, "it sends [secret removed: jwt]."},
	{"google", "key=" + google + "&q=1", google, "key=[secret removed: gcp-api-key]&q=1"},
	{"google at the end of a sentence", "We used " + google + ". It is revoked.", google, "We used [secret removed: gcp-api-key]. It is revoked."},
	{"stripe", "`" + stripe + "`", stripe, "`[secret removed: stripe-access-token]`"},
	{"npm", "npm token " + npm, npm, "npm token [secret removed: npm-access-token]"},
	{"gitlab", "git clone https://oauth2:" + gitlab + "@gitlab.example.com/x.git", gitlab, "git clone https://oauth2:[secret removed: gitlab-pat]@gitlab.example.com/x.git"},
	{"openai", "OPENAI_API_KEY=" + openai, openai, "OPENAI_API_KEY=[secret removed: openai-api-key]"},
	{"twilio", "it was " + twilio + "!", twilio, "it was [secret removed: twilio-api-key]!"},
	{"password", "password=hunter2", "hunter2", "password=[secret removed: password]"},
	{"password in words", "The DB password is Tr0ub4dor&3, try that", "Tr0ub4dor", "The DB password is [secret removed: password], try that"},
	{"password in YAML", "  db_password: correct1horse\n  host: db-3", "correct1horse", "  db_password: [secret removed: password]\n  host: db-3"},
	{"password in JSON", `{"user":"app","password": "correcthorse"}`, "correcthorse", `{"user":"app","password": "[secret removed: password]"}`},
	{"PGPASSWORD", "PGPASSWORD=letmein psql -h db-3", "letmein", "PGPASSWORD=[secret removed: password] psql -h db-3"},
	{"pwd", "PWD: 12345678", "12345678", "PWD: [secret removed: password]"},
	{"client secret", "client_secret='9Zk2LmQ7XvB4Nc8WtR1y'", "9Zk2LmQ7XvB4Nc8WtR1y", "client_secret='[secret removed: generic-api-key]'"},
	{"bearer", "curl -H 'Authorization: Bearer 9Zk2LmQ7XvB4Nc8WtR1yHf5J' https://api", "9Zk2LmQ7XvB4Nc8WtR1yHf5J", "curl -H 'Authorization: Bearer [secret removed: authorization]' https://api"},
	{"basic", "Authorization: Basic YWRtaW46aHVudGVyMjIyMg==", "YWRtaW46aHVudGVyMjIyMg", "Authorization: Basic [secret removed: authorization]"},
	{"curl user", "curl -u admin:hunter2 https://es-1:9200/_cat", "hunter2", "curl -u admin:[secret removed: curl-user] https://es-1:9200/_cat"},
	{"url password", "redis://:s3cr3t@cache-1:6379/0", "s3cr3t", "redis://:[secret removed: url-password]@cache-1:6379/0"},
	{"postgres", "postgres://fire:pa%24s@db/fireboss?sslmode=require", "pa%24s", "postgres://fire:[secret removed: url-password]@db/fireboss?sslmode=require"},
	{"presigned", "https://b.s3.amazonaws.com/x?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe&X-Amz-Date=1", "fe5f80f77d5fa3be", "https://b.s3.amazonaws.com/x?X-Amz-Signature=[secret removed: url-parameter]&X-Amz-Date=1"},
	{"cookie", "Cookie: session=9Zk2LmQ7; theme=dark", "9Zk2LmQ7", "Cookie: [secret removed: cookie]"},
	{"configured", "our key is plain-words-only, as configured", "plain-words-only", "our key is [secret removed: configuration], as configured"},
}

func TestSamples(t *testing.T) {
	f := New("plain-words-only", "plain", "no")
	for _, s := range samples {
		got, n := f.Remove(s.text)
		if got != s.want || n == 0 || strings.Contains(got, s.secret) {
			t.Errorf("%s: %q\n got  %q\n want %q", s.name, s.text, got, s.want)
		}
		if again, n := f.Remove(got); again != got || n != 0 {
			t.Errorf("%s: a second time makes of %q\n %q", s.name, got, again)
		}
		round := strings.NewReplacer("[", "(", "]", ")").Replace(got) // as quotations have it
		if again, n := f.Remove(round); again != round || n != 0 {
			t.Errorf("%s: in round brackets it makes of %q\n %q", s.name, round, again)
		}
	}
}

// A token that a terminal or a mail program wrapped is one all the same.
func TestOverLines(t *testing.T) {
	f := New()
	for _, token := range []string{awsKey, githubPAT, githubFine, slackBot, slackApp, jwt, google, stripe, npm, gitlab, openai} {
		for _, br := range []string{"\n", "\r\n", "\n    ", "\n> ", " \\\n"} {
			for cut := 6; cut < len(token)-6; cut += 5 {
				text := "This came back:\n  " + token[:cut] + br + token[cut:] + "\nand then it was silent."
				got, n := f.Remove(text)
				if n != 1 || strings.Contains(got, token[cut:]) || !strings.HasPrefix(got, "This came back:\n") || !strings.HasSuffix(got, "and then it was silent.") {
					t.Errorf("%q\n became %q", text, got)
				}
			}
		}
		third := len(token) / 3
		text := token[:third] + "\n" + token[third:2*third] + "\n" + token[2*third:] + "\n"
		if got, n := f.Remove(text); n != 1 || strings.Contains(got, token[2*third:]) {
			t.Errorf("%q\n became %q", text, got)
		}
	}
}

// What people say in an incident stays as it is.
func TestOrdinaryTalk(t *testing.T) {
	text, err := os.ReadFile("testdata/talk.txt")
	if err != nil {
		t.Fatal(err)
	}
	f := New()
	for line := range strings.Lines(string(text)) {
		if got, n := f.Remove(line); n > 0 {
			t.Errorf("%q became %q", line, got)
		}
	}
	if got, n := f.Remove(string(text)); n > 0 {
		t.Errorf("together:\n%s", got)
	}
}

// Every rule can be compiled, and has words to be found by.
func TestRules(t *testing.T) {
	rules := library().Rules
	if len(rules) < 200 {
		t.Fatalf("there are only %d rules", len(rules))
	}
	for _, r := range rules {
		r.regex()
		r.never()
		for _, a := range r.Allow {
			a.regexes()
		}
		if len(r.Keywords) == 0 {
			t.Errorf("%s is looked for in every text", r.ID)
		}
		for _, k := range r.Keywords {
			if len(k) < 2 || k != lowered(k) {
				t.Errorf("%s has the keyword %q", r.ID, k)
			}
		}
		if r.Group > r.regex().NumSubexp() {
			t.Errorf("%s has no group %d", r.ID, r.Group)
		}
	}
}

// Secrets do not hide behind each other, and what is around them stays.
func TestAnyText(t *testing.T) {
	f := New()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"checkout", "is", "down", "key", "token:", "\n", "=", "é", "\xff"})), 0, 20)
		sample := rapid.SampledFrom(samples[:6]).Draw(t, "sample")
		text := strings.Join(words.Draw(t, "before"), " ") + "\n" + sample.text + "\n" + strings.Join(words.Draw(t, "after"), " ")
		got, n := f.Remove(text)
		if strings.Contains(got, sample.secret) || n == 0 {
			t.Fatalf("%q became %q", text, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatalf("%q became %q, which is no text", text, got)
		}
	})
}

func FuzzRemove(f *testing.F) {
	for _, s := range samples {
		f.Add(s.text)
	}
	finder := New("plain-words-only")
	f.Fuzz(func(t *testing.T, text string) {
		got, n := finder.Remove(text)
		if n == 0 && got != text {
			t.Errorf("%q became %q, with nothing removed", text, got)
		}
		if strings.Contains(got, "plain-words-only") {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// timeline is what an incident's people may say in a long night: 200 kB.
func timeline(tb testing.TB) string {
	talk, err := os.ReadFile("testdata/talk.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var b strings.Builder
	for i := 0; b.Len() < 200_000; i++ {
		fmt.Fprintf(&b, "2026-11-20T14:%02d:00Z [T%d] %s\n", i%60, i, talk)
	}
	return b.String()
}

func BenchmarkRemove(b *testing.B) {
	f := New()
	text := timeline(b)
	f.Remove(text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		f.Remove(text)
	}
}
