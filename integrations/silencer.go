package integrations

import (
	"context"
	"time"

	"fireboss/incidents/alerts"
)

// Silencer keeps an outside system from telling anybody of some alerts.
type Silencer struct {
	Title string // as people call it
	// Set sets a silence there, and answers its id. It may be asked for again: one that is there already, by its mark, is
	// the answer. An error is an *[Unpaged].
	Set func(ctx context.Context, s Silence) (id string, err error)
	// End ends one, by its id or, where that is empty, by its mark; what is over already, or is not there, is no error. An
	// error is an *[Unpaged].
	End func(ctx context.Context, mark, id string) error
}

// Silence is one as an outside system is to know it.
type Silence struct {
	Mark  string // of this one alone, and no part of another's; its comment begins with it
	Terms []alerts.Term
	From  time.Time
	Until time.Time
	By    string  // who wants it
	Why   Cleared // may be empty
}
