package integrations_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
)

// Each way in which a call does not go well is a sentence, and says when to try again.
func TestWhyAPageIsNotAccepted(t *testing.T) {
	for _, c := range []struct {
		status int
		err    error
		said   string
		want   string
		again  integrations.Verdict
	}{
		{202, nil, "", "", integrations.Done},
		{400, nil, "Invalid\n routing key.", "Genie does not take it (HTTP 400): Invalid routing key", integrations.Never},
		{422, nil, "", "Genie does not take it (HTTP 422)", integrations.Never},
		{400, nil, strings.Repeat("x", 1000), "Genie does not take it (HTTP 400): " + strings.Repeat("x", 200) + "…", integrations.Never},
		{401, nil, "", "Genie does not take the key (HTTP 401)", integrations.Never},
		{403, nil, "no", "Genie does not take the key (HTTP 403)", integrations.Never},
		{429, nil, "", "Genie is asked too much (HTTP 429)", integrations.Later},
		{500, nil, "stack", "Genie is out of order (HTTP 500)", integrations.Unknown},
		{503, nil, "", "Genie is out of order (HTTP 503)", integrations.Backoff},
		{0, &integrations.Trouble{Outcome: "timeout", Again: integrations.Again{Verdict: integrations.Unknown}}, "", "Genie does not answer in time", integrations.Unknown},
		{0, integrations.ErrOpen, "", "Genie has failed often, and is left in peace for a moment", integrations.Later},
		{0, errors.New("dial tcp"), "", "Genie cannot be reached", integrations.Unknown},
	} {
		var res *http.Response
		if c.err == nil {
			res = &http.Response{StatusCode: c.status}
		}
		err := integrations.Accepted("Genie", res, c.err, c.said, time.Now())
		if c.want == "" {
			if err != nil {
				t.Errorf("%d: %v", c.status, err)
			}
			continue
		}
		var no *integrations.Unpaged
		if !errors.As(err, &no) || no.Why != c.want || no.Again.Verdict != c.again || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%d %v: %+v", c.status, c.err, no)
		}
	}
}

func TestASummonsSaysNoMoreThanTheNumber(t *testing.T) {
	in := incidents.Incident{Number: 7, Title: "the vault is open", TLP: "RED"}
	e := integrations.NewEgress(integrations.DefaultTravel())
	if got := e.Summons(in).String(); got != "An incident needs you: INC-7" {
		t.Errorf("it says %q", got)
	}
	in.Private = true
	if got := e.Summons(in).String(); got != "A private incident needs you: INC-7" {
		t.Errorf("it says %q", got)
	}
}

func TestAddressesOfTheOwnNetwork(t *testing.T) {
	for address, here := range map[integrations.BaseURL]bool{
		"http://127.0.0.1:8080": true, "http://localhost/x": true, "http://10.1.2.3": true, "http://[::1]:1": true, "http://192.168.1.1": true,
		"https://events.pagerduty.com": false, "http://pager.example.com": false, "http://8.8.8.8": false, "http://169.254.169.254": false, "http://localhost.example.com": false,
	} {
		reported := false
		integrations.CheckURL("url", address, func(string, string) { reported = true })
		if address.Here() != here || reported != (!here && strings.HasPrefix(string(address), "http:")) {
			t.Errorf("%s: here is %v, and reported %v", address, address.Here(), reported)
		}
	}
}
