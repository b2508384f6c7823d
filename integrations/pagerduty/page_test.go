package pagerduty_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/pagertest"
)

func secret(text string) (s integrations.Secret) {
	s.SetSecret(text, "")
	return s
}

// made is one that only pages.
func made(t *testing.T, url, key string) integrations.Integration {
	t.Helper()
	return with(t, pagerduty.Config{URL: integrations.BaseURL(url), RoutingKey: secret(key), Travel: integrations.DefaultTravel()})
}

func with(t *testing.T, c pagerduty.Config) integrations.Integration {
	t.Helper()
	out := &integrations.Outbound{}
	t.Cleanup(out.Close)
	in, err := pagerduty.Kind.New(&c, integrations.Deps{Outbound: out})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestPages(t *testing.T)   { pagertest.Calls(t, made) }
func TestAnswers(t *testing.T) { pagertest.Answers(t, made) }

func TestASlowPage(t *testing.T) {
	d := &pagertest.Double{Keys: []string{pagertest.Key}, Answer: func(int) pagertest.Answer { return pagertest.Answer{Wait: time.Minute} }}
	server := httptest.NewServer(d)
	defer server.Close()
	pagertest.Slow(t, made(t, server.URL, pagertest.Key))
}

// Each service is woken for by its own key; an event has what the Events API wants, and no more than may leave.
func TestAnEvent(t *testing.T) {
	d := &pagertest.Double{Keys: []string{pagertest.Key, "key-of-checkout"}}
	server := httptest.NewServer(d)
	defer server.Close()
	in := with(t, pagerduty.Config{
		URL: integrations.BaseURL(server.URL), RoutingKey: secret(pagertest.Key), Services: map[string]integrations.Secret{"checkout": secret("key-of-checkout")},
	})
	if in.Alerts != nil || in.Pager == nil || !in.Pager.Paging.Rest || strings.Join(in.Pager.Paging.Services, " ") != "checkout" {
		t.Errorf("it is %+v", in)
	}
	summons := integrations.Egress{}.Summons(incidents.Incident{Number: 7, Private: true})
	for _, c := range []struct {
		whom          incidents.Whom
		severity      incidents.Severity
		key, severely string
	}{
		{incidents.Whom{Kind: incidents.WhomService, Name: "Checkout"}, 1, "key-of-checkout", "critical"},
		{incidents.Whom{Kind: incidents.WhomService, Name: "mail"}, 4, pagertest.Key, "error"},
		{incidents.Whom{}, incidents.Unset, pagertest.Key, "critical"},
	} {
		if _, err := in.Pager.Page(t.Context(), integrations.Page{Key: "fireboss:INC-7:page-3", Whom: c.whom, Severity: c.severity, Summary: summons}); err != nil {
			t.Fatal(err)
		}
		all := d.Asked()
		last := all[len(all)-1]
		if last.RoutingKey != c.key || last.Severity != c.severely || last.Summary != "A private incident needs you: INC-7" {
			t.Errorf("%+v: it sends %+v", c.whom, last)
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(last.Body), &fields); err != nil || fields["links"] != nil {
			t.Errorf("it sends %s (%v)", last.Body, err)
		}
	}
	var no *integrations.Unpaged
	_, err := with(t, pagerduty.Config{URL: integrations.BaseURL(server.URL), Services: map[string]integrations.Secret{"checkout": secret("key-of-checkout")}}).
		Pager.Page(t.Context(), integrations.Page{Key: "k", Summary: summons, Whom: incidents.Whom{Kind: incidents.WhomService, Name: "gone"}})
	if no, _ = err.(*integrations.Unpaged); no == nil || no.Again.Verdict != integrations.Never { //nolint:errorlint // it is not wrapped
		t.Errorf("of a service that is gone it says %v", err)
	}
}

// What may be configured: alerts, paging, or both.
func TestCheckOfPaging(t *testing.T) {
	for _, c := range []struct {
		name   string
		config pagerduty.Config
		want   string
	}{
		{"it only pages", pagerduty.Config{RoutingKey: secret("R"), URL: "https://events.pagerduty.com"}, ""},
		{"for some services", pagerduty.Config{Services: map[string]integrations.Secret{"mail": secret("R")}, URL: "https://events.pagerduty.com"}, ""},
		{"nothing", pagerduty.Config{URL: "https://events.pagerduty.com"}, "secret"},
		{"an empty key of a service", pagerduty.Config{Services: map[string]integrations.Secret{"mail": secret("")}, URL: "https://events.pagerduty.com"}, "services"},
		{"a key with a line end", pagerduty.Config{RoutingKey: secret("R\n"), URL: "https://events.pagerduty.com"}, "routing_key"},
		{"in clear", pagerduty.Config{RoutingKey: secret("R"), URL: "http://events.example.com"}, "url"},
		{"in clear on this machine", pagerduty.Config{RoutingKey: secret("R"), URL: "http://127.0.0.1:1"}, ""},
	} {
		var wrong []string
		c.config.Check(func(key, _ string) { wrong = append(wrong, key) })
		if got := strings.Join(wrong, " "); got != c.want {
			t.Errorf("%s: %q is reported, not %q", c.name, got, c.want)
		}
	}
}
