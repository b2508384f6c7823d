package opsgenie_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
	"fireboss/integrations/opsgenie"
	"fireboss/integrations/pagertest"
)

func secret(text string) (s integrations.Secret) {
	s.SetSecret(text, "")
	return s
}

// made is one that only pages.
func made(t *testing.T, url, key string) integrations.Integration {
	t.Helper()
	out := &integrations.Outbound{}
	t.Cleanup(out.Close)
	in, err := opsgenie.Kind.New(&opsgenie.Config{URL: integrations.BaseURL(url), APIKey: secret(key), Travel: integrations.DefaultTravel()}, integrations.Deps{Outbound: out})
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

// Whoever is named is a responder; else it goes where the key's integration has it.
func TestResponders(t *testing.T) {
	d := &pagertest.Double{Keys: []string{pagertest.Key}}
	server := httptest.NewServer(d)
	defer server.Close()
	in := made(t, server.URL, pagertest.Key)
	if in.Alerts != nil {
		t.Error("it takes alerts without a key")
	}
	summons := integrations.Egress{}.Summons(incidents.Incident{Number: 7})
	for kind, want := range map[string]string{
		incidents.WhomOnCall: "", incidents.WhomService: "", incidents.WhomTeam: `[{"type":"team","name":"db"}]`, incidents.WhomEscalation: `[{"type":"escalation","name":"db"}]`,
		incidents.WhomSchedule: `[{"type":"schedule","name":"db"}]`, incidents.WhomPerson: `[{"type":"user","username":"db"}]`,
	} {
		made, err := in.Pager.Page(t.Context(), integrations.Page{Key: "fireboss:INC-7:" + kind, Summary: summons, Whom: incidents.Whom{Kind: kind, Name: "db"}})
		if err != nil || made.ID != "id of fireboss:INC-7:"+kind {
			t.Fatalf("%q: %+v, %v", kind, made, err)
		}
		all := d.Asked()
		_, got, _ := strings.Cut(all[len(all)-1].Body, `"responders":`)
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: it sends %s", kind, all[len(all)-1].Body)
		}
	}
}

// What was accepted and then not made wakes nobody, and that is said.
func TestAnAlertThatIsNotMade(t *testing.T) {
	d := &pagertest.Double{Keys: []string{pagertest.Key}, Answer: func(int) pagertest.Answer { return pagertest.Answer{Unmade: "Integration is not enabled"} }}
	server := httptest.NewServer(d)
	defer server.Close()
	_, err := made(t, server.URL, pagertest.Key).Pager.Page(t.Context(), integrations.Page{Key: "fireboss:INC-7:x", Summary: integrations.Egress{}.Summons(incidents.Incident{Number: 7})})
	var no *integrations.Unpaged
	if !errors.As(err, &no) || no.Again.Verdict != integrations.Never || no.Why != "Opsgenie made no alert: Integration is not enabled" {
		t.Errorf("it says %v", err)
	}
}

// Our own alerts that come back say what was done with a page, and who did it.
func TestNewsOfPages(t *testing.T) {
	in, err := opsgenie.Kind.New(&opsgenie.Config{}, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"action":"Acknowledge","alert":{"alias":"fireboss:INC-7:page-3","username":"alice@example.com"}}`: "acknowledged alice@example.com",
		`{"action":"Close","alert":{"alias":"fireboss:INC-7:page-3","username":"Fireboss"}}`:                "resolved ",
		`{"action":"Create","alert":{"alias":"fireboss:INC-7:page-3","username":"Fireboss"}}`:               "",
		`{"action":"Close","alert":{"alias":"disk","username":"alice"}}`:                                    "",
	} {
		r, err := in.Alerts.Read(integrations.Request{Body: []byte(body)})
		got := ""
		for _, p := range r.Pages {
			got += string(p.Status) + " " + p.By
		}
		if err != nil || got != want {
			t.Errorf("%s says %q, not %q (%v)", body, got, want, err)
		}
	}
}
