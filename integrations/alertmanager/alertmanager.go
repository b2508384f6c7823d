package alertmanager

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "alertmanager"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Prometheus' Alertmanager, sent to /hooks/alertmanager; and silences, which are set there as well where it has a url. See docs/integrations/alertmanager.md."`
	Inbound integrations.Inbound `yaml:",inline"`

	URL            integrations.BaseURL `yaml:"url" example:"http://127.0.0.1:9093" doc:"Where Alertmanager is: what /incident silence silences is silenced there too. Left out: it is not. Wants private_network where it is a name of the own network."`
	Token          integrations.Secret  `yaml:"token" example:"${ALERTMANAGER_TOKEN}" doc:"What it, or the proxy before it, knows us by, as Authorization: Bearer."`
	User           string               `yaml:"user" example:"fireboss" doc:"With it the token is the password of this user, as basic authentication. Wants token."`
	PrivateNetwork bool                 `yaml:"private_network" doc:"true: url may lead to the own network or this machine."`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	c.Inbound.CheckKeys(report)
	c.Token.Sendable(func(sentence string) { report("token", sentence) })
	token := c.Token.Reveal() != ""
	switch {
	case c.URL == "" && (token || c.User != ""):
		report("url", "is missing: without it nothing is sent to Alertmanager, and nothing has to prove who sends it")
	case c.User != "" && !token:
		report("token", "is missing: the password of user")
	}
	if !c.PrivateNetwork {
		integrations.CheckURL("url", c.URL, report)
	}
}

// silences speaks to it about silences.
func (c *Config) silences(deps integrations.Deps) (*Silences, error) {
	wire, err := deps.Outbound.Client(Reach(Name, c.URL, c.PrivateNetwork))
	return &Silences{Title: "Alertmanager", Wire: wire, Base: string(c.URL), Authorize: func(req *http.Request) {
		switch token := c.Token.Reveal(); {
		case c.User != "":
			req.SetBasicAuth(c.User, token)
		case token != "":
			req.Header.Set("Authorization", "Bearer "+token)
		}
	}}, err
}

// check asks it how it is, which changes nothing.
func (c *Config) check(s *Silences) func(context.Context) error {
	return func(ctx context.Context) error { return s.Check(ctx, "/status", "token") }
}

// Kind is Alertmanager.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, deps integrations.Deps) (out integrations.Integration, err error) {
		c := config.(*Config)
		in := c.Inbound
		if c.URL != "" {
			s, err := c.silences(deps)
			if err != nil {
				return out, err
			}
			out.Silencer, out.Check = s.Contract(), c.check(s)
		}
		out.Alerts = &integrations.Source{
			Try:  "amtool alert add FirebossTest severity=info --alertmanager.url=http://127.0.0.1:9093",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) {
				body, err := integrations.ReadJSON(r.Body)
				if err != nil {
					return alerts.Report{}, err
				}
				return Read(body, in)
			},
		}
		return out, nil
	},
}

// Read reads a notification: a group, and each of its alerts with a status of its own (that of the group says firing as
// long as one of them does). What is over of a group that was too long to be told whole is all of it.
func Read(body integrations.JSON, in integrations.Inbound) (alerts.Report, error) {
	if !body.At("alerts").Is() {
		return alerts.Report{}, errors.New("it has no \"alerts\": send the receiver's own payload, without a template, or use the integration webhook")
	}
	var report alerts.Report
	group := body.At("groupKey").Text()
	for _, a := range body.At("alerts").List() {
		if a.Object() {
			report.Signals = append(report.Signals, signal(body, a, group, in))
		}
	}
	if over(body, body.At("status").Text()) && body.At("truncatedAlerts").Count() > 0 && group != "" {
		report.Groups = []string{group}
	}
	if len(report.Signals)+len(report.Groups) == 0 {
		report.Nothing = "a notification without alerts"
	}
	return report, nil
}

// over says whether a status is resolved, which versions before 0.19 say of the group alone.
func over(body integrations.JSON, status string) bool {
	if status == "" {
		status = body.At("status").Text()
	}
	return strings.EqualFold(status, "resolved")
}

func signal(body, a integrations.JSON, group string, in integrations.Inbound) alerts.Signal {
	labels, notes := a.At("labels").Texts(), a.At("annotations").Texts()
	fingerprint := a.At("fingerprint").Text()
	if fingerprint == "" { // before version 0.19
		fingerprint = integrations.LabelsFingerprint(labels)
	}
	s := alerts.Signal{
		Fingerprint: "fp:" + fingerprint,
		Group:       group,
		Status:      alerts.Firing,
		Severity:    in.Rank(labels["severity"]),
		Title:       Title(labels, notes),
		Description: Description(notes),
		Service:     integrations.LabelledService(labels),
		URL:         absolute(a.At("generatorURL").Text(), body.At("externalURL").Text()),
		StartedAt:   a.At("startsAt").Time(),
		Labels:      labels,
	}
	if over(body, a.At("status").Text()) {
		s.Status, s.EndedAt = alerts.Resolved, a.At("endsAt").Time()
	}
	return s
}

// Title is what an alert says of itself in one line: its summary, else its name and where it is.
func Title(labels, notes map[string]string) string {
	for _, name := range []string{"summary", "title", "message"} {
		if notes[name] != "" {
			return notes[name]
		}
	}
	if where := labels["instance"]; where != "" && labels["alertname"] != "" {
		return labels["alertname"] + " on " + where
	}
	return labels["alertname"]
}

// Description is what else it says: its description and where to read on.
func Description(notes map[string]string) string {
	var lines []string
	for _, name := range []string{"description", "runbook_url"} {
		if notes[name] != "" {
			lines = append(lines, notes[name])
		}
	}
	return strings.Join(lines, "\n")
}

// absolute is an address below a base where it is relative, as some of Grafana's are.
func absolute(address, base string) string {
	b, err := url.Parse(base)
	if err != nil || address == "" {
		return address
	}
	u, err := b.Parse(address)
	if err != nil {
		return ""
	}
	return u.String()
}
