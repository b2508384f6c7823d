package slack

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
)

// The token goes to Slack, and to where the methods are, and to nobody else.
func TestWhomTheTokenIsShown(t *testing.T) {
	slack, sim := NewClient(Options{}), NewClient(Options{APIURL: "http://127.0.0.1:8081/api/"})
	for address, want := range map[string]string{
		"https://files.slack.com/files-pri/T1-F1/download/a.png": "real sim",
		"https://slack.com/a":                     "real sim",
		"https://slack-files.com/a":               "real sim",
		"https://FILES.SLACK.COM/a":               "real sim",
		"http://127.0.0.1:8081/files-pri/T1-F1/a": "sim",
		"http://127.0.0.1:8082/files-pri/T1-F1/a": "",
		"https://127.0.0.1:8081/a":                "",
		"http://files.slack.com/a":                "",
		"https://files.slack.com:8443/a":          "",
		"https://files.slack.com.evil.example/a":  "",
		"https://evilslack.com/a":                 "",
		"https://user@files.slack.com/a":          "",
		"https://evil.example/files.slack.com":    "",
		"file:///etc/passwd":                      "",
		"/a":                                      "",
		"":                                        "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for name, c := range map[string]*Client{"real": slack, "sim": sim} {
			if c.trusted(u) {
				got = append(got, name)
			}
		}
		for _, name := range strings.Fields(want) {
			if !strings.Contains(strings.Join(got, " "), name) {
				t.Errorf("%q is not trusted by %s", address, name)
			}
		}
		if len(got) != len(strings.Fields(want)) {
			t.Errorf("%q is trusted by %v, want %s", address, got, want)
		}
	}
}

func TestWhatComesInPlaceOfAFile(t *testing.T) {
	for name, tt := range map[string]struct {
		status            int
		kind, disposition string
		after             string // Retry-After
		want              string // "", no file, later, again
	}{
		"a file":                {200, "image/png", "", "", ""},
		"a page that is a file": {200, "text/html; charset=utf-8", "attachment", "", ""},
		"a page to sign in":     {200, "text/html; charset=utf-8", "", "", "no file"},
		"elsewhere":             {302, "", "", "", "no file"},
		"gone":                  {404, "", "", "", "no file"},
		"not allowed":           {403, "", "", "", "no file"},
		"too many":              {429, "", "", "30", "later"},
		"broken":                {503, "", "", "", "again"},
	} {
		res := &http.Response{StatusCode: tt.status, Status: "x", Header: http.Header{}}
		res.Header.Set("Content-Type", tt.kind)
		if tt.disposition != "" {
			res.Header.Set("Content-Disposition", tt.disposition)
		}
		res.Header.Set("Retry-After", tt.after)
		err := fetched(res)
		var later *Later
		got := "again"
		switch {
		case err == nil:
			got = ""
		case errors.Is(err, ErrNoFile):
			got = "no file"
		case errors.As(err, &later) && later.RetryAfter() > 30*time.Second:
			got = "later"
		}
		if got != tt.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, tt.want)
		}
	}
}

// A file is read from the workspace; of one that is elsewhere nothing is asked.
func TestFetch(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.channel("incidents").ID
		said := w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "look", "files": []any{map[string]any{"name": "a.txt", "content": "all of it"}}})
		var list []event
		if err := w.client.replies(w.Context(), ch, said["ts"].(string), "", "", func(m slackgo.Message) { list = append(list, asEvent(ch, m)) }); err != nil || len(list) != 1 || len(list[0].Files) != 1 {
			w.Fatalf("%+v, %v", list, err)
		}
		f := list[0].Files[0]
		if f.Name != "a.txt" || f.Size != 9 || !strings.HasPrefix(f.URL, wireAddress) {
			w.Errorf("%+v", f)
		}
		read := ""
		keep := func(r io.Reader) error { b, err := io.ReadAll(r); read = string(b); return err }
		if err := w.client.Fetch(w.Context(), f.URL, 6, keep); err != nil || read != "all of" {
			w.Errorf("%q, %v", read, err)
		}
		for _, address := range []string{"https://evil.example/a", "", "::", strings.Replace(f.URL, "F0", "F9", 1)} {
			if err := w.client.Fetch(w.Context(), address, 6, keep); !errors.Is(err, ErrNoFile) {
				w.Errorf("%q: %v", address, err)
			}
		}
	})
}
