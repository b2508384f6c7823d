package alertmanager_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/silencetest"
)

// silencer is one for an address, with a token.
func silencer(t *testing.T, url, token string) integrations.Integration {
	t.Helper()
	c := &alertmanager.Config{URL: integrations.BaseURL(url)}
	c.Token.SetSecret(token, "")
	return made(t, c)
}

func made(t *testing.T, c *alertmanager.Config) integrations.Integration {
	t.Helper()
	out := &integrations.Outbound{}
	t.Cleanup(out.Close)
	in, err := alertmanager.Kind.New(c, integrations.Deps{Outbound: out})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func wanted(t *testing.T, n, matcher string) integrations.Silence {
	t.Helper()
	m, err := alerts.ParseMatcher(matcher)
	if err != nil {
		t.Fatal(err)
	}
	return integrations.Silence{Mark: "Fireboss SI-" + n + " #1", Terms: m.Terms(), From: time.Now(), Until: time.Now().Add(time.Hour), By: "alice", Why: integrations.NewEgress(integrations.DefaultTravel()).ClearNote("a new disk")}
}

func TestASilenceIsSetOnceAndEnded(t *testing.T) {
	d := &silencetest.Double{Authorization: "Bearer token-of-alertmanager"}
	server := httptest.NewServer(d)
	defer server.Close()
	s := silencer(t, server.URL+"/prefix", "token-of-alertmanager").Silencer
	ids := map[string]bool{}
	for range 2 {
		for _, n := range []string{"1", "11"} {
			id, err := s.Set(t.Context(), wanted(t, n, `alertname="x",service=~"check.*",team!="a",env!~"b|c"`))
			if err != nil {
				t.Fatal(err)
			}
			ids[id] = true
		}
	}
	if got := strings.Join(d.Silences(), ", "); got != "active Fireboss SI-1 #1: a new disk, active Fireboss SI-11 #1: a new disk" || len(ids) != 2 {
		t.Fatalf("there are %s, by the ids %v", got, ids)
	}
	last := d.Last()
	var sent []string
	for _, m := range last.Matchers {
		op := map[[2]bool]string{{true, false}: "=", {true, true}: "=~", {false, false}: "!=", {false, true}: "!~"}[[2]bool{m.IsEqual, m.IsRegex}]
		sent = append(sent, m.Name+op+m.Value)
	}
	if got := strings.Join(sent, " "); got != "alertname=x service=~check.* team!=a env!~b|c" || last.CreatedBy != "alice" {
		t.Errorf("it is sent as %s by %s", got, last.CreatedBy)
	}
	for range 2 { // by its id, and twice
		if err := s.End(t.Context(), "Fireboss SI-11 #1", last.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, mark := range []string{"Fireboss SI-1 #1", "Fireboss SI-1 #1", "Fireboss SI-2 #1"} { // by its mark, where its id was lost
		if err := s.End(t.Context(), mark, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.End(t.Context(), "Fireboss SI-1 #1", "unknown"); err != nil {
		t.Errorf("what is not there: %v", err)
	}
	if got := strings.Join(d.Silences(), ", "); strings.Contains(got, "active") {
		t.Errorf("in the end there are %s", got)
	}
	// Whoever ended it there meant it.
	if id, err := s.Set(t.Context(), wanted(t, "1", "a=b")); err != nil || !ids[id] {
		t.Errorf("what is over there is set anew: %s, %v", id, err)
	}
}

func TestWhyASilenceIsNotSet(t *testing.T) {
	for _, c := range []struct {
		name    string
		token   string
		answers []silencetest.Answer
		verdict integrations.Verdict
		says    string
	}{
		{name: "a wrong token", token: "wrong", verdict: integrations.Never, says: "Alertmanager does not take the key (HTTP 401)"},
		{name: "refused", token: "right", answers: []silencetest.Answer{{}, {Status: 400, Body: `"bad matcher format: \u003cscript\u003e"`}}, verdict: integrations.Never, says: "Alertmanager does not take it (HTTP 400): bad matcher format: <script>"},
		{name: "busy", token: "right", answers: []silencetest.Answer{{}, {Status: 503}}, verdict: integrations.Backoff, says: "Alertmanager is out of order (HTTP 503)"},
		{name: "lost", token: "right", answers: []silencetest.Answer{{}, {Lost: true}}, verdict: integrations.Unknown, says: "Alertmanager cannot be reached"},
		{name: "something else there", token: "right", answers: []silencetest.Answer{{Status: 200, Body: "<html>"}}, verdict: integrations.Unknown, says: "does not list its silences"},
		{name: "something else there in the end", token: "right", answers: []silencetest.Answer{{}, {Status: 200, Body: "<html>"}}, verdict: integrations.Unknown, says: "does not say which silence it made"},
	} {
		d := &silencetest.Double{Authorization: "Bearer right", Answer: func(n int) silencetest.Answer {
			if n < len(c.answers) {
				return c.answers[n]
			}
			return silencetest.Answer{}
		}}
		server := httptest.NewServer(d)
		s := silencer(t, server.URL, c.token).Silencer
		_, err := s.Set(t.Context(), wanted(t, "1", "a=b"))
		var no *integrations.Unpaged
		if !errors.As(err, &no) || no.Again.Verdict != c.verdict || !strings.Contains(no.Why, c.says) || strings.Contains(err.Error(), c.token) && c.token == "wrong" {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.verdict != integrations.Never {
			if _, err := s.Set(t.Context(), wanted(t, "1", "a=b")); err != nil || len(d.Silences()) != 1 {
				t.Errorf("%s, and then: %v, %v", c.name, err, d.Silences())
			}
		}
		server.Close()
	}
}

// What something in between answers is not taken for the end of a silence.
func TestASilenceIsOverOnlyWhereTheAPISaysSo(t *testing.T) {
	none, page := silencetest.Answer{Status: 404, Body: "default backend - 404"}, silencetest.Answer{Status: 200, Body: "<html>"}
	for name, c := range map[string]struct {
		byMark  bool
		answers []silencetest.Answer // after those of setting it
		ends    bool
	}{
		"a 404 to everything, by its id":   {false, []silencetest.Answer{none, none}, false},
		"a 404 to everything, by its mark": {true, []silencetest.Answer{none}, false},
		"a page for everything":            {true, []silencetest.Answer{page}, false},
		"a 404 and a page":                 {false, []silencetest.Answer{none, page}, false},
		"a 404 to deleting it":             {false, []silencetest.Answer{{}, none}, false},
		"a 404 to asking for it":           {false, []silencetest.Answer{none}, true},
	} {
		d := &silencetest.Double{Answer: func(n int) silencetest.Answer {
			if n -= 2; n >= 0 && n < len(c.answers) {
				return c.answers[n]
			}
			return silencetest.Answer{}
		}}
		server := httptest.NewServer(d)
		s := silencer(t, server.URL, "").Silencer
		id, err := s.Set(t.Context(), wanted(t, "1", "a=b"))
		if err != nil {
			t.Fatal(err)
		}
		if c.byMark {
			id = ""
		}
		if err := s.End(t.Context(), "Fireboss SI-1 #1", id); (err == nil) != c.ends || strings.HasPrefix(d.Silences()[0], "expired") != c.ends {
			t.Errorf("%s: %v, %v", name, err, d.Silences())
		}
		server.Close()
	}
}

func TestCheckOfSilences(t *testing.T) {
	d := &silencetest.Double{Authorization: "Bearer right"}
	server := httptest.NewServer(d)
	defer server.Close()
	nowhere := httptest.NewServer(nil)
	nowhere.Close()
	for name, c := range map[string]struct{ url, token, says string }{
		"it serves":           {server.URL, "right", ""},
		"a wrong token":       {server.URL, "wrong", "token: Alertmanager does not take the key (HTTP 401)"},
		"nobody is there":     {nowhere.URL, "right", "url: Alertmanager cannot be reached"},
		"another page's path": {server.URL + "/api/v2/status", "right", "url: there is no API of Alertmanager there"},
	} {
		in := silencer(t, c.url, c.token)
		err := in.Check(t.Context())
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, call := range d.Calls() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("a check calls %s", call)
		}
	}
	basic := &alertmanager.Config{URL: integrations.BaseURL(server.URL), User: "fireboss"}
	basic.Token.SetSecret("pass", "")
	d.Authorization = "Basic ZmlyZWJvc3M6cGFzcw=="
	if err := made(t, basic).Check(t.Context()); err != nil {
		t.Errorf("with a name and a password: %v", err)
	}
	if in := made(t, &alertmanager.Config{}); in.Silencer != nil || in.Check != nil {
		t.Error("without an address there are silences")
	}
}

func TestWhatIsWrongWithTheSettings(t *testing.T) {
	secret := func(text string) (s integrations.Secret) {
		s.SetSecret(text, "")
		return s
	}
	for name, c := range map[string]struct {
		config alertmanager.Config
		key    string // that is complained of; empty: none
	}{
		"nothing more":            {alertmanager.Config{}, ""},
		"on this machine":         {alertmanager.Config{URL: "http://127.0.0.1:9093"}, ""},
		"on the own network":      {alertmanager.Config{URL: "http://alertmanager:9093", PrivateNetwork: true, Token: secret("t")}, ""},
		"to be read on the way":   {alertmanager.Config{URL: "http://alertmanager.example.com"}, "url"},
		"a token for nobody":      {alertmanager.Config{Token: secret("t")}, "url"},
		"a user without password": {alertmanager.Config{URL: "https://a.example.com", User: "u"}, "token"},
		"a line end":              {alertmanager.Config{URL: "https://a.example.com", Token: secret("t\n")}, "token"},
	} {
		c.config.Inbound.Keys = []integrations.Secret{secret("correct-horse")}
		var got []string
		c.config.Check(func(key, _ string) { got = append(got, key) })
		if strings.Join(got, " ") != c.key {
			t.Errorf("%s: complained of %q, want %q", name, got, c.key)
		}
	}
}
