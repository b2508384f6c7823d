package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Regulation is a law, or a contract, that wants something submitted in time:
// what is wanted, and which moments its times are counted from. It is data; see
// [Presets] for those that are known, and the configuration for one's own.
type Regulation struct {
	Name    string   `json:"name"`   // how people say it: gdpr
	Title   string   `json:"title"`  // how it is cited: GDPR Art. 33
	Source  string   `json:"source"` // where it can be read
	AsOf    string   `json:"as_of"`  // the day whose law it follows, 2026-11-20
	Start   string   `json:"start"`  // the moment that starts it, in words: awareness of the breach
	Moments []Moment `json:"moments,omitempty"`
	Stages  []Stage  `json:"stages"`
	Days    Days     `json:"days,omitempty"`
}

// Moment is a further moment that times are counted from once it is marked.
type Moment struct {
	Name  string `json:"name"`  // how people say it: classified
	Title string `json:"title"` // in words: the classification as a major incident
}

// Stage is one thing that has to be submitted.
type Stage struct {
	Name  string `json:"name"`  // how people say it: notification
	Title string `json:"title"` // in words: notification of the authority
	// Terms are when it is due: the earliest of those whose moment is known. One
	// that was over before the moment of another came counts no more.
	Terms []Term `json:"terms"`
	// Repeats says that it is submitted again while things go on; what counts
	// from it then counts from the last time.
	Repeats bool `json:"repeats,omitempty"`
}

// FromStart is the moment at which a clock is started, as [Term.From] says it.
const FromStart = "start"

// submitted stands in [Term.From] before the name of a stage.
const submitted = "submitted "

// FromSubmitted is the moment at which a stage was submitted, as [Term.From] says it.
func FromSubmitted(stage string) string { return submitted + stage }

// Term is a time that is counted from a moment.
type Term struct {
	From  string `json:"from"` // FromStart, the name of a moment, or FromSubmitted
	Count int    `json:"count"`
	Unit  Unit   `json:"unit"`
}

// LegalClock is a regulation that runs in an incident.
type LegalClock struct {
	// Regulation is how it stood when it was started; it holds where the
	// configuration does not know it any more.
	Regulation Regulation           `json:"regulation"`
	Started    time.Time            `json:"started"`
	Marked     map[string]time.Time `json:"marked,omitempty"`
	Submitted  []Submission         `json:"submitted,omitempty"`
	// Told is when somebody last said something of it: nobody is reminded late of
	// what was not known before.
	Told time.Time `json:"told"`
}

// Submission says that a stage was submitted, by whom and when.
type Submission struct {
	Stage string    `json:"stage"`
	At    time.Time `json:"at"`
	By    Person    `json:"by"`
}

func (c LegalClock) clone() LegalClock {
	c.Marked = cloneMap(c.Marked)
	c.Submitted = slices.Clone(c.Submitted)
	return c
}

// submission is the last time that a stage was submitted.
func (c LegalClock) submission(stage string) (Submission, bool) {
	for _, s := range c.Submitted {
		if s.Stage == stage {
			return s, true
		}
	}
	return Submission{}, false
}

// moment is when a term begins to count; false where that is not known yet.
func (c LegalClock) moment(from string) (time.Time, bool) {
	if from == FromStart {
		return c.Started, true
	}
	if stage, of := strings.CutPrefix(from, submitted); of {
		s, ok := c.submission(stage)
		return s.At, ok
	}
	at, ok := c.Marked[from]
	return at, ok
}

// StageState is how one stage of a running clock stands.
type StageState struct {
	Rule  string // gdpr.notification
	Title string // GDPR Art. 33: notification of the authority
	Stage Stage
	// Due is by the law, From the moment it is counted from; both are zero until
	// that moment is known.
	Due, From time.Time
	// Why says by which rule: "72 hours from awareness of the breach".
	Why       string
	Submitted *Submission // nil: not yet
}

// waitsFor is the stage whose submission another is counted from, where that is not
// noted and it is counted from nothing else.
func (c LegalClock) waitsFor(st Stage) (before string, waits bool) {
	for _, t := range st.Terms {
		if _, known := c.moment(t.From); known {
			return "", false
		}
		if stage, ok := strings.CutPrefix(t.From, submitted); ok {
			before = stage
		}
	}
	return before, before != ""
}

// Stages are the stages of a clock that runs, in the order of the law.
func (r Rules) Stages(c LegalClock) []StageState {
	law := r.law(c)
	var list []StageState
	for _, s := range law.Stages {
		st := StageState{Rule: law.Name + "." + s.Name, Title: law.Title + ": " + s.Title, Stage: s}
		if done, ok := c.submission(s.Name); ok {
			st.Submitted = &done
		}
		r.count(&st, law, c)
		list = append(list, st)
	}
	return list
}

// law is a running clock's regulation as it stands today.
func (r Rules) law(c LegalClock) Regulation {
	if known, ok := r.Regulation(c.Regulation.Name); ok {
		return known
	}
	return c.Regulation
}

// count finds out when a stage is due, and why.
func (r Rules) count(st *StageState, law Regulation, c LegalClock) {
	type counted struct {
		Term
		from, due time.Time
	}
	var known []counted
	var waiting []string
	for _, t := range st.Stage.Terms {
		if from, ok := c.moment(t.From); ok {
			known = append(known, counted{t, from, r.after(law.Days, t, from)})
		} else {
			waiting = append(waiting, law.words(t))
		}
	}
	over := func(t counted) bool {
		return slices.ContainsFunc(known, func(other counted) bool { return other.from.After(t.due) })
	}
	for _, t := range known {
		if !over(t) && (st.Due.IsZero() || t.due.Before(st.Due)) {
			st.Due, st.From, st.Why = t.due, t.from, law.words(t.Term)
		}
	}
	switch {
	case len(known) == 0:
		st.Why = strings.Join(waiting, " or ")
	case len(waiting) > 0:
		st.Why += ", or " + strings.Join(waiting, " or ") + " where that is earlier"
	}
}

// words say a term: "72 hours from awareness of the breach".
func (law Regulation) words(t Term) string {
	from := law.Start
	if stage, of := strings.CutPrefix(t.From, submitted); of {
		from = "submission of the " + law.stageTitle(stage)
	} else if t.From != FromStart {
		for _, m := range law.Moments {
			if m.Name == t.From {
				from = m.Title
			}
		}
	}
	unit := string(t.Unit)
	if t.Count != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s from %s", t.Count, unit, from)
}

func (law Regulation) stageTitle(name string) string {
	for _, s := range law.Stages {
		if s.Name == name {
			return s.Title
		}
	}
	return name
}

// Regulation is the one of that name: of the configuration, or else a preset.
func (r Rules) Regulation(name string) (Regulation, bool) {
	for _, list := range [][]Regulation{r.Regulations, Presets()} {
		for _, law := range list {
			if law.Name == name {
				return law, true
			}
		}
	}
	return Regulation{}, false
}

// RegulationNames are all that can be started, in order.
func (r Rules) RegulationNames() []string {
	var names []string
	for _, list := range [][]Regulation{r.Regulations, Presets()} {
		for _, law := range list {
			names = append(names, law.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
