package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/integrations"
	kinds "fireboss/integrations/all"
)

// outside are the outside systems that the configuration switches on, and the one
// way to them.
type outside struct {
	out    *integrations.Outbound
	list   []system
	author *modelAuthor // nil: no system writes
	ways   map[string]way
	paging []incidents.Paging // of these, in their order
	quiet  map[string]silenceWay
	quiets []alerts.Silencer // of these, in their order
}

// system is one of them.
type system struct {
	name string
	integrations.Integration
}

// newOutside makes them; it calls nobody yet.
func newOutside(s settings.Settings, dial dialer, m *metrics, log zerolog.Logger) (*outside, error) {
	o := &outside{ways: map[string]way{}, quiet: map[string]silenceWay{}, out: &integrations.Outbound{Dial: dial, Observe: m.outside, Log: log}}
	known := settings.Secrets(s)
	for _, k := range kinds.Kinds() {
		config, on := s.Integrations[k.Name]
		if !on {
			continue
		}
		in, err := k.New(config, integrations.Deps{Outbound: o.out, Log: log, Public: public(s)})
		if err != nil {
			return nil, err
		}
		o.list = append(o.list, system{k.Name, in})
		o.page(k.Name, in, known)
		o.silence(k.Name, in, known)
		if in.Author != nil && o.author == nil {
			o.author = &modelAuthor{author: *in.Author, egress: integrations.NewEgress(in.Travel, known...), told: m.authored, log: log}
		}
	}
	return o, nil
}

// public is where people and other systems reach us.
func public(s settings.Settings) string { return strings.TrimRight(string(s.HTTP.PublicURL), "/") }

// page has a system wake people, if it can.
func (o *outside) page(name string, in integrations.Integration, known []string) {
	if in.Pager != nil {
		o.ways[name] = way{in.Pager, integrations.NewEgress(in.Travel, known...)}
		o.paging = append(o.paging, in.Pager.Paging)
	}
}

// silence has a system silenced, if it can be.
func (o *outside) silence(name string, in integrations.Integration, known []string) {
	if in.Silencer != nil {
		o.quiet[name] = silenceWay{in.Silencer, integrations.NewEgress(in.Travel, known...)}
		o.quiets = append(o.quiets, alerts.Silencer{Name: name, Title: in.Silencer.Title})
	}
}

// sources are those that send alerts, by name.
func (o *outside) sources() map[string]*integrations.Source {
	all := map[string]*integrations.Source{}
	for _, s := range o.list {
		if s.Alerts != nil {
			all[s.name] = s.Alerts
		}
	}
	return all
}

// watchers are those that tell by themselves, by name.
func (o *outside) watchers() map[string]watcher {
	all := map[string]watcher{}
	for _, s := range o.list {
		if s.Watch != nil {
			all[s.name] = s.Watch
		}
	}
	return all
}

// checkFor is how long one outside system is asked whether it serves.
const checkFor = 20 * time.Second

// check asks each whether what was configured for it serves, and says of each what is wrong, or that it does.
func (o *outside) check(ctx context.Context) (problems, fine []string) {
	for _, s := range o.list {
		if s.Check == nil {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, checkFor)
		err := s.Check(ctx)
		cancel()
		if err == nil {
			fine = append(fine, fmt.Sprintf("integrations.%s: it answers, and takes what is configured", s.name))
		}
		for _, wrong := range each(err) {
			problems = append(problems, fmt.Sprintf("integrations.%s.%s", s.name, wrong))
		}
	}
	return problems, fine
}

// tries says of each that sends where to, and how to see that it does: nobody can be asked for that.
func (o *outside) tries(public string) (lines []string) {
	for _, s := range o.list {
		if s.Alerts != nil {
			lines = append(lines, fmt.Sprintf("integrations.%s: whether it reaches %s%s%s cannot be asked; to see it, %s", s.name, public, integrations.DoorPath, s.name, s.Alerts.Try))
		}
	}
	return lines
}

// each are the errors that were joined to one; none of nil.
func each(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // the outermost one alone
		return joined.Unwrap()
	}
	return []error{err}
}
