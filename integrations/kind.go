package integrations

import (
	"context"

	"github.com/rs/zerolog"
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
}

// Integration is an outside system at work. Of what it cannot do the field is nil.
type Integration struct {
	// Travel is what may be told to it.
	Travel Travel
	// Author writes.
	Author *Author
	// Alerts is what it sends us.
	Alerts *Source
	// Check asks it whether the credentials and whatever else was configured serve. An
	// error is a sentence for whoever wrote the configuration.
	Check func(ctx context.Context) error
}
