package grafana

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
)

// Name is the integration's.
const Name = "grafana"

// Config are the settings.
type Config struct {
	_         struct{}              `doc:"Alerts from Grafana, sent to /hooks/grafana, for which it wants a key or a secret; and silences, which are set there as well where it has a url. See docs/integrations/grafana.md."`
	Secrets   []integrations.Secret `yaml:"secret,single" example:"\"${GRAFANA_SECRET}\"" doc:"The secret of the contact point's HMAC signature (Grafana 12 and newer). Where it is set, a key alone does not serve. A list while it is being changed."`
	Signature string                `yaml:"signature_header" doc:"The header of the signature, as the contact point has it."`
	Timestamp string                `yaml:"timestamp_header" example:"X-Grafana-Alerting-Timestamp" doc:"The timestamp header, where the contact point has one. It is then required, and what was signed more than 5 minutes ago is refused."`
	Inbound   integrations.Inbound  `yaml:",inline"`

	URL            integrations.BaseURL `yaml:"url" example:"https://grafana.example.com" doc:"Where Grafana is: what /incident silence silences is silenced there too. Left out: it is not. Wants token."`
	Token          integrations.Secret  `yaml:"token" example:"${GRAFANA_TOKEN}" doc:"The token of a service account there that may see and make silences."`
	PrivateNetwork bool                 `yaml:"private_network" doc:"true: url may lead to the own network or this machine."`
}

// defaults are Grafana's own.
func defaults() *Config { return &Config{Signature: "X-Grafana-Alerting-Signature"} }

// tolerance is how long before its arrival a delivery may have been signed.
const tolerance = 5 * time.Minute

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets) == 0 {
		c.Inbound.CheckKeys(report)
	} else {
		integrations.CheckSecrets("key", c.Inbound.Keys, report)
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	c.Token.Sendable(func(sentence string) { report("token", sentence) })
	switch {
	case c.URL != "" && c.Token.Reveal() == "":
		report("token", "is missing: without it Grafana lets nobody make silences")
	case c.URL == "" && c.Token.Reveal() != "":
		report("url", "is missing: without it nothing is sent to Grafana, and the token is of no use")
	}
	if !c.PrivateNetwork {
		integrations.CheckURL("url", c.URL, report)
	}
	header(c.Signature, "signature_header", report)
	header(c.Timestamp, "timestamp_header", report)
	if len(c.Secrets) > 0 && c.Signature == "" {
		report("signature_header", "is empty: say in which header the signature is")
	}
}

// header reports a name that no header can have.
func header(name, key string, report func(key, sentence string)) {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
		report(key, "is no name of a header; write it like X-Grafana-Alerting-Signature")
	}
}

// Kind is Grafana.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (out integrations.Integration, err error) {
		c := config.(*Config)
		s := &integrations.Source{
			Try:  "press Test at the contact point",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
		}
		if len(c.Secrets) > 0 {
			s.Verify = c.verify
		}
		out.Alerts = s
		if c.URL != "" {
			silences, err := c.silences(deps)
			if err != nil {
				return out, err
			}
			out.Silencer = silences.Contract()
			out.Check = func(ctx context.Context) error { return silences.Check(ctx, "/silences", "token") }
		}
		return out, nil
	},
}

// silences speaks to Grafana's own Alertmanager.
func (c *Config) silences(deps integrations.Deps) (*alertmanager.Silences, error) {
	wire, err := deps.Outbound.Client(alertmanager.Reach(Name, c.URL, c.PrivateNetwork))
	return &alertmanager.Silences{Title: "Grafana", Wire: wire, Base: string(c.URL) + "/api/alertmanager/grafana", Authorize: func(req *http.Request) {
		req.Header.Set("Authorization", "Bearer "+c.Token.Reveal())
	}}, err
}

// verify checks the signature, which is over the body, or over the time in seconds, a colon and the body.
func (c *Config) verify(r integrations.Request) error {
	signed := r.Body
	if c.Timestamp != "" {
		at := r.Header.Get(c.Timestamp)
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return errors.New("it has no time in seconds in the header " + c.Timestamp)
		}
		if err := integrations.Recent(time.Unix(seconds, 0), r.At, tolerance); err != nil {
			return err
		}
		signed = append([]byte(at+":"), r.Body...)
	}
	return integrations.Signature{Secrets: c.Secrets}.Verify(signed, r.Header.Get(c.Signature))
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	switch {
	case body.At("alerts").Is():
		return unified(body, in)
	case body.At("ruleName").Text() != "" || body.At("ruleId").Text() != "":
		return legacy(body, in)
	}
	return alerts.Report{}, errors.New("it has neither \"alerts\" nor a \"ruleName\": send the contact point's own payload, without a template, or use the integration webhook")
}
