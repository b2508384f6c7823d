package alerts

import (
	"fmt"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts/condition"
)

// Window is when some alerts are silenced again and again, as the configuration has it.
type Window struct {
	Name string
	When Condition // which alerts; see [Policy.Compile]
	// Within says whether a moment lies in it, and then until when.
	Within func(time.Time) (until time.Time, in bool)

	when *condition.Program[Env]
}

// compileWindows makes the windows ready.
func (p *Policy) compileWindows() error {
	p.windows = make([]Window, len(p.Windows))
	for i, w := range p.Windows {
		program, err := w.When.Compile()
		if err != nil {
			return err
		}
		w.when = program
		p.windows[i] = w
	}
	return nil
}

// between is what follows where an alert lies in a window; false where it does not. troubles are what could not be asked.
func (p Policy) between(a Alert, n near, env Env, now time.Time) (c Change, troubles []string, in bool) {
	meter := condition.NewMeter(conditionSteps, conditionBytes, nil) // what is spent here the rules do not lack
	var found *Window
	var until time.Time
	for _, w := range p.windows {
		end, within := w.Within(now)
		if !within || found != nil && !end.After(until) {
			continue
		}
		holds, err := w.when.Holds(env, meter)
		if err != nil {
			troubles = append(troubles, fmt.Sprintf("The window %q could not be asked: %s.", w.Name, err))
			continue
		}
		if holds {
			found, until = &w, end
		}
	}
	if found == nil {
		return Change{}, troubles, false
	}
	q := Quiet{Window: found.Name, Until: until.UTC()}
	reason := fmt.Sprintf("Silenced until %s by the window %q.", minute(until), incidents.Tidy(found.Name))
	return a.hushed(q, n, reason, now), troubles, true
}
