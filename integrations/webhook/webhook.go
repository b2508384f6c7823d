package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/incidents/alerts/condition"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "webhook"

// Config are the settings.
type Config struct {
	_         struct{}              `doc:"Alerts from whatever sends JSON to /hooks/webhook; see docs/integrations/webhook.md."`
	Inbound   integrations.Inbound  `yaml:",inline"`
	Secrets   []integrations.Secret `yaml:"secret,single" example:"\"${WEBHOOK_SECRET}\"" doc:"What the sender signs with, where it signs; a list while secrets are being changed. Then the signature is required and key does not count."`
	Signature Signature             `yaml:"signature,flow" doc:"How it signs. Counts only with a secret."`
	Map       Mapping               `yaml:"map" doc:"Where in a body what stands, as expressions over body, alert (one of each), headers and now. What is left out, and what an expression finds nothing for, is looked for under its usual names."`
}

func defaults() *Config {
	return &Config{Signature: Signature{Scheme: hmacScheme, Header: "X-Hub-Signature-256", Prefix: "sha256=", Encoding: "hex", Algorithm: "sha256", Tolerance: 5 * time.Minute}}
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets) == 0 {
		c.Inbound.CheckKeys(report)
	} else {
		integrations.CheckSecrets("key", c.Inbound.Keys, report)
		integrations.CheckSecrets("secret", c.Secrets, report)
		c.Signature.secrets(c.Secrets, func(sentence string) { report("secret", sentence) })
	}
	if _, err := c.Map.compile(); err != nil {
		report("map", err.Error())
	}
}

// Kind is any sender.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		m, err := c.Map.compile()
		if err != nil {
			return integrations.Integration{}, fmt.Errorf("integrations.%s.map: %w", Name, err)
		}
		headers := slices.Concat(slices.Collect(maps.Keys(m.headers)), deliveryIDs)
		for i := range headers {
			headers[i] = textproto.CanonicalMIMEHeaderKey(headers[i])
		}
		slices.Sort(headers)
		s := &integrations.Source{
			Try:  `curl -H 'Authorization: Bearer THE-KEY' -d '{"title": "test", "status": "info"}' THE ADDRESS`,
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Headers: slices.Compact(headers),
			Read: func(r integrations.Request) (alerts.Report, error) { return m.read(r, c.Inbound) },
		}
		if len(c.Secrets) > 0 {
			s.Verify = func(r integrations.Request) error { return c.Signature.verify(r, c.Secrets) }
		}
		return integrations.Integration{Alerts: s}, nil
	},
}

// deliveryIDs are the headers in which senders give a delivery an id that it keeps when it is sent again.
var deliveryIDs = []string{"Webhook-Id", "Svix-Id"}

// What the expressions for one delivery may take together.
const (
	maxSteps = 500_000
	maxBytes = 32 << 20
	maxTime  = 2 * time.Second
)

// read reads a delivery.
func (m *mapper) read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	sent, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	whole := whole{body: condition.Value(sent.Value()), now: r.At, headers: map[string]any{}}
	for name := range m.headers {
		if v := r.Header.Get(name); v != "" {
			whole.headers[name] = v
		}
	}
	end := time.Now().Add(maxTime)
	w := work{mapper: m, in: in, meter: condition.NewMeter(maxSteps, maxBytes, func() bool { return time.Now().After(end) })}
	report := alerts.Report{ID: firstHeader(r, deliveryIDs)}
	switch id, err := text("id", m.id, whole, w.meter); {
	case errors.Is(err, condition.ErrSpent):
		return alerts.Report{}, err
	case err != nil:
		report.Unread = append(report.Unread, err.Error())
	case id != "":
		report.ID = id
	}
	all, err := w.each(whole)
	if err != nil {
		return alerts.Report{}, err
	}
	if err := w.signals(&report, whole, all); err != nil {
		return alerts.Report{}, err
	}
	return report, nil
}

func firstHeader(r integrations.Request, names []string) string {
	for _, name := range names {
		if v := r.Header.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// work is the reading of one delivery.
type work struct {
	*mapper
	in    integrations.Inbound
	meter *condition.Meter
}

// each are the alerts of a body: what the mapping says; else its "alerts"; else, where it is a list, its members; else
// all of it.
func (w work) each(whole whole) ([]any, error) {
	found, err := w.mapper.each.Run(whole, w.meter)
	if err != nil {
		return nil, fmt.Errorf("map.each: %w", err)
	}
	if w.mapper.each == nil {
		found = whole.body
		if list, ok := field(found, "alerts").([]any); ok {
			found = list
		}
	}
	switch found := found.(type) {
	case nil:
		return nil, nil
	case []any:
		return found, nil
	}
	return []any{found}, nil
}

// signals reads each alert into the report. One that cannot be read keeps no other from being told; an error is that none
// could be.
func (w work) signals(report *alerts.Report, whole whole, all []any) error {
	left := 0
	var unread []error
	for i, a := range all {
		if a == nil {
			continue
		}
		s, counts, err := w.signal(one{whole, a})
		switch {
		case errors.Is(err, condition.ErrSpent): // there is nothing left for those behind it either
			unread = append(unread, fmt.Errorf("alert %d of %d and all behind it: %w", i+1, len(all), err))
		case err != nil:
			unread = append(unread, fmt.Errorf("alert %d of %d %w", i+1, len(all), err))
		case counts:
			report.Signals = append(report.Signals, s)
		default:
			left++
		}
		if errors.Is(err, condition.ErrSpent) {
			break
		}
	}
	for _, err := range unread {
		report.Unread = append(report.Unread, err.Error())
	}
	switch {
	case len(report.Signals) > 0:
	case len(unread) > 0:
		return unread[0]
	case left > 0:
		report.Nothing = "nothing that map.when holds for"
	default:
		report.Nothing = "no alerts"
	}
	return nil
}

// compact is a value as JSON on one line.
func compact(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
