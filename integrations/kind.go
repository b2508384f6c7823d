package integrations

import (
	"context"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
)

// Kind is one sort of outside system.
type Kind struct {
	Name string // as in the configuration, and of its folder
	// Config makes a pointer to its settings, with their defaults.
	Config func() any
	// New makes it work by what Config made and the file filled in. It calls nobody.
	New func(config any, deps Deps) (Integration, error)
}

// Deps are what every integration is given.
type Deps struct {
	Outbound *Outbound
	Log      zerolog.Logger
	// Public is where people and other systems reach Fireboss, without a slash at its end; empty: that is not known.
	Public string
}

// Integration is an outside system at work. Of what it cannot do the field is nil.
type Integration struct {
	// Travel is what may be told to it.
	Travel Travel
	// Author writes.
	Author *Author
	// Alerts is what it sends us.
	Alerts *Source
	// Pager wakes people.
	Pager *Pager
	// Silencer keeps it from telling anybody of some alerts.
	Silencer *Silencer
	// Watch has it tell us while things happen, until the context ends or it has to be started again (by an error, with
	// growing pauses). since is where it got to, in its own words, empty for the first time. told is given what is new
	// and where it got to with that; what says nothing only moves since on. What told refuses ends the watch with its
	// error, and is told again after the next start: so told must keep both, or neither.
	Watch func(ctx context.Context, since string, told func(report alerts.Report, since string) error) error
	// Check asks it whether the credentials and whatever else was configured serve. An
	// error is a sentence for whoever wrote the configuration.
	Check func(ctx context.Context) error
}
