package falco

import (
	"errors"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "falco"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Falco or falcosidekick, sent to /hooks/falco; see docs/integrations/falco.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Falco.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Inbound: integrations.Inbound{Quiet: time.Hour}} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "curl -X POST http://falcosidekick:2801/test, or open a shell in a container",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, errors.New("it cannot be read as JSON: set json_output: true in falco.yaml")
	}
	rule := body.At("rule").Text()
	if rule == "" {
		return alerts.Report{}, errors.New("it has no \"rule\": Falco's own JSON is expected, from http_output or from falcosidekick's webhook")
	}
	fields, host := known(body.At("output_fields")), body.At("hostname").Text()
	s := alerts.Signal{
		Fingerprint: "falco:" + strings.Join([]string{rule, fields["k8s.ns.name"], fields["k8s.pod.name"], fields["container.id"], host}, "|"),
		Status:      alerts.Firing,
		Severity:    in.Rank(body.At("priority").Text()),
		Title:       rule,
		Description: body.At("output").Text(),
		Service:     service(fields, host),
		StartedAt:   body.At("time").Time(),
		Labels:      labels(body, fields),
	}
	if s.StartedAt.IsZero() {
		s.StartedAt = integrations.ReadTime(fields["evt.time"])
	}
	if ofItself(rule) && s.Severity != alerts.Information {
		s.Severity = alerts.Low
	}
	return alerts.Report{ID: body.At("uuid").Text(), Signals: []alerts.Signal{s}}, nil
}

// ofItself says whether Falco speaks of itself, such as of system calls that it missed: nothing happened there that
// anybody has to run for.
func ofItself(rule string) bool { return strings.HasPrefix(rule, "Falco internal:") }

// known are the fields that have a value: Falco writes <NA> for what it does not know.
func known(fields integrations.JSON) map[string]string {
	all := map[string]string{}
	for name, v := range fields.Texts() {
		if v != "" && v != "<NA>" {
			all[name] = v
		}
	}
	return all
}

// service is what a custom field of falcosidekick says, else the namespace, else the machine.
func service(fields map[string]string, host string) string {
	for _, s := range []string{fields["service"], fields["k8s.ns.name"]} {
		if s != "" {
			return s
		}
	}
	return host
}

// labels are the fields, and what stands beside them.
func labels(body integrations.JSON, fields map[string]string) map[string]string {
	var tags []string
	for _, t := range body.At("tags").List() {
		if t.Text() != "" {
			tags = append(tags, t.Text())
		}
	}
	beside := map[string]string{
		"priority": body.At("priority").Text(),
		"source":   body.At("source").Text(),
		"hostname": body.At("hostname").Text(),
		"tags":     strings.Join(tags, ", "),
	}
	for name, v := range beside {
		if v != "" {
			fields[name] = v
		}
	}
	return fields
}
