package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var silenceVerb = Verb{
	Name: "silence", Aliases: []string{"silences"}, Group: groupWork, act: alertVerb.Name,
	Usage: []string{"silence MATCHER DURATION [why]", "silence AL-7 DURATION [why]", "silence list", "silence show SI-3", "silence end SI-3"},
	Does:  "lets alerts lead to nothing for a while, such as during maintenance; they are kept, and asked about afterwards",
	Examples: []string{
		"silence service=checkout 2h we replace the database", `silence alertname="HighErrorRate",service=~"check.*" 30m`, "silence AL-7 1d the disk is being replaced", "silence end SI-3",
	},
	form: silenceForm,
	fill: retyped("matcher", "for", "why"),
	run: func(c *call) (Reply, error) {
		word, rest := cut(c.args)
		do := map[string]func(*call, string) (Reply, error){"list": (*call).listSilences, "show": (*call).showSilence, "end": (*call).endSilence}[strings.ToLower(word)]
		if do != nil {
			return do(c, rest)
		}
		if err := c.maySilence(); err != nil {
			return Reply{}, err
		}
		return c.silence(c.args)
	},
}

// silenceForm asks for what a silence needs.
func silenceForm(c *call) Form {
	matcher, why := c.args, ""
	if m, rest, err := alerts.CutMatcher(c.args); err == nil {
		matcher, why = m.String(), rest
	}
	return Form{Command: "silence", Title: "Silence alerts", Submit: "Silence", Fields: []Field{
		lineField("matcher", "Which alerts").with(matcher).hint("A service, an alert like AL-7, or a matcher like alertname=\"HighErrorRate\",service=~\"check.*\""),
		choiceField("for", "For how long", "2h", lengths("7d")),
		lineField("why", "Why").with(why).optional(),
	}}
}

// saySilence is how the caller says something of silences.
func saySilence(args string) string { return "/incident silence " + args }

// maySilence refuses who does not decide about alerts.
func (c *call) maySilence() error {
	if c.Actor.Standing.Outside {
		return incidents.Refused("Guests do not decide about alerts. Ask a member of the workspace.")
	}
	return nil
}

// silence makes a silence of what was said.
func (c *call) silence(args string) (Reply, error) {
	s, err := c.readSilence(args)
	if err != nil {
		return Reply{}, err
	}
	if c.ID == "" {
		return Reply{}, errNoID
	}
	found, err := c.concerned(s)
	if err != nil {
		return Reply{}, err
	}
	s, _, err = c.desk.Store.AddSilence(c.ctx, s.Place(c.desk.Silencers, found.seen))
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Choices: []Choice{{Label: "End it", Command: "silence end " + s.Number.String()}}}
	r.Text = sentence(fmt.Sprintf("%s silences %s until %s.", s.Number, brief(s.What(), 300), c.clock(s.Until)), found.String(), SilencePlaces(s))
	return r, nil
}

// readSilence reads a silence: which alerts, for how long, and why.
func (c *call) readSilence(args string) (s alerts.Silence, err error) {
	example := saySilence("service=checkout 2h we replace the database")
	s = alerts.Silence{Request: c.ID, From: c.At.UTC().Truncate(time.Millisecond), By: c.Actor.Person()}
	length, behind, timed := leadingDuration(args) // 2h service=checkout
	if timed {
		args = behind
	}
	if strings.TrimSpace(args) == "" {
		return s, incidents.Missing("matcher", "Which alerts, and for how long? Example: %s", example)
	}
	word, rest := cut(args)
	if n, numberErr := alerts.ParseNumber(word); numberErr == nil {
		a, err := c.desk.Store.Alert(c.ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			return s, incidents.About("matcher", incidents.Invalid("There is no alert %s. To see which there are: %s", n, c.sayAlert("list")))
		}
		if err != nil {
			return s, err
		}
		s.Alert, s.Matcher = n, alerts.MatcherOf(a)
	} else if s.Matcher, rest, err = alerts.CutMatcher(args); err != nil {
		return s, incidents.About("matcher", err)
	}
	if err := s.Matcher.Narrow(); err != nil {
		return s, incidents.About("matcher", err)
	}
	if !timed {
		if length, behind, timed = leadingDuration(rest); !timed {
			return s, c.noLength(s, rest)
		}
		rest = behind
	}
	if length < alerts.MinSilence || length > alerts.MaxSilence {
		return s, incidents.About("for", incidents.Invalid("Alerts are silenced for one minute at least and 31 days at most. Example: %s", example))
	}
	s.Until, s.Why = s.From.Add(length), brief(strings.TrimSpace(rest), alerts.MaxWhy)
	return s, nil
}

// noLength asks for how long.
func (c *call) noLength(s alerts.Silence, rest string) error {
	example := saySilence(brief(s.What(), 100) + " 2h")
	if word, _ := cut(rest); word != "" {
		return incidents.Missing("for", "%s is no length of time, so it is not clear for how long. Example: %s", quote(word), example)
	}
	return incidents.Missing("for", "For how long? Example: %s", example)
}

// concerned is what a silence is about now.
type concerned struct {
	open, meant int
	more        bool           // there are older alerts, which were not looked at
	seen        []alerts.Alert // with a service that it names, open or not
}

// The bounds of looking for them: people wait for the answer.
const (
	mostLooked = 5000
	mostSeen   = 100
)

// concerned looks at the newest alerts for those that a silence is about.
func (c *call) concerned(s alerts.Silence) (found concerned, err error) {
	looked := 0
	_, err = c.desk.Store.Alerts(c.ctx, store.AlertQuery{Limit: 1, Where: func(a alerts.Alert) bool {
		if looked++; looked > mostLooked {
			found.more = true
			return true // no further
		}
		if len(found.seen) < mostSeen && s.Matcher.NamesServiceOf(a) {
			found.seen = append(found.seen, a)
		}
		if a.Open() {
			found.open++
			if s.Matcher.Matches(a) {
				found.meant++
			}
		}
		return false
	}})
	return found, err
}

// String is what it is about, for people.
func (f concerned) String() string {
	among := count(f.open, "open alert")
	if f.more {
		among = fmt.Sprintf("%s among the newest %d", among, mostLooked)
	}
	switch {
	case f.open == 0 && f.more:
		return fmt.Sprintf("No alert is open among the newest %d.", mostLooked)
	case f.open == 0:
		return "No alert is open now."
	case f.meant == 0:
		return fmt.Sprintf("None of the %s is one of these now; look whether that is meant.", among)
	case f.meant == f.open && f.open > 1:
		return fmt.Sprintf("That is every one of the %s.", among)
	}
	return fmt.Sprintf("It concerns %d of %s now; what people were told of already stays as it is.", f.meant, among)
}

// SilencePlaces say where else a silence is set, and where it could not be; empty where that is nowhere.
func SilencePlaces(s alerts.Silence) string {
	var words []string
	for _, p := range s.Places {
		switch {
		case p.State == alerts.SilenceLeft:
			words = append(words, fmt.Sprintf("In %s it is not set: %s.", p.Title, p.Why))
		case p.State == alerts.SilenceFailed && p.ID == "":
			words = append(words, fmt.Sprintf("In %s it could not be set: %s.", p.Title, orElse(p.Why, "it was over before")))
		case p.State == alerts.SilenceFailed:
			words = append(words, fmt.Sprintf("In %s it could not be ended: %s. End it there.", p.Title, p.Why))
		case p.Lingers():
			words = append(words, fmt.Sprintf("In %s it could not be ended yet: %s. It is tried again; end it there if that cannot wait.", p.Title, p.Why))
		case p.Attempts > 0:
			words = append(words, fmt.Sprintf("In %s it could not be set yet: %s. It is tried again.", p.Title, p.Why))
		case p.State == alerts.SilenceEnding:
			words = append(words, "In "+p.Title+" it is being ended.")
		case p.State == alerts.SilenceEnded:
			words = append(words, "In "+p.Title+" it is ended too.")
		case p.State == alerts.SilenceSet:
			words = append(words, "In "+p.Title+" it is set too.")
		default:
			words = append(words, "It is being set in "+p.Title+" too.")
		}
	}
	return strings.Join(words, " ")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// silenceNamed is the silence that is named first.
func (c *call) silenceNamed(args, example string) (s alerts.Silence, err error) {
	word, rest := cut(args)
	if word == "" {
		return s, incidents.Invalid("Which silence? Example: %s. To see which there are: %s", saySilence(example), saySilence("list"))
	}
	n, err := alerts.ParseSilenceNumber(word)
	if err != nil || rest != "" {
		return s, incidents.Invalid("%s is no silence; they are called like SI-3. To see which there are: %s", quote(args), saySilence("list"))
	}
	s, err = c.desk.Store.Silence(c.ctx, n)
	if errors.Is(err, store.ErrNotFound) {
		return s, incidents.Invalid("There is no silence %s. To see which there are: %s", n, saySilence("list"))
	}
	return c.seenSilence(s), err
}

// seenSilence is a silence without what the caller may not know of incidents.
func (c *call) seenSilence(s alerts.Silence) alerts.Silence {
	return s.SeenBy(c.seesIncident)
}

func (c *call) endSilence(args string) (Reply, error) {
	if err := c.maySilence(); err != nil {
		return Reply{}, err
	}
	was, err := c.silenceNamed(args, "end SI-3")
	if err != nil {
		return Reply{}, err
	}
	s, err := c.desk.Store.ChangeSilence(c.ctx, was.Number, func(s alerts.Silence) (alerts.Silence, error) { return s.EndBy(c.Actor.Person(), c.At), nil })
	if err != nil {
		return Reply{}, err
	}
	saidBefore := s.EndedAt.Equal(c.At.Truncate(time.Millisecond)) && s.EndedBy.ID == c.Actor.ID
	if !was.InForce(c.At) && !saidBefore {
		return Reply{Text: sentence(s.Number.String()+" is over already, since "+c.clock(s.End())+".", SilencePlaces(s))}, nil
	}
	return Reply{Text: sentence(s.Number.String()+" is ended. What it silenced and is not over is decided about by the rules now, where nothing else silences it.", SilencePlaces(s))}, nil
}

// The bounds of looking for silences that linger: how many for which something is to be done outside, and how far ahead.
// What could not be done is tried again sooner.
const (
	mostLingering = 200
	lingersWithin = time.Hour
)

// LingeringSilences are those that are ended here, and may still hold in an outside system.
func LingeringSilences(ctx context.Context, s store.Silences, now time.Time) ([]alerts.Silence, error) {
	list, _, err := s.DueSilences(ctx, now.Add(lingersWithin), mostLingering)
	return slices.DeleteFunc(list, func(s alerts.Silence) bool { return !s.Lingers() }), err
}

// silenceLine is a silence in one line.
func (c *call) silenceLine(s alerts.Silence) string {
	line := fmt.Sprintf("%s: %s, until %s, by %s", s.Number, brief(s.What(), 200), c.clock(s.Until), s.By.Name)
	if !s.InForce(c.At) {
		line = fmt.Sprintf("%s: %s, over since %s, by %s", s.Number, brief(s.What(), 200), c.clock(s.End()), s.By.Name)
	}
	if s.Why != "" {
		line += ": " + s.Why
	}
	return line
}

func (c *call) showSilence(args string) (Reply, error) {
	s, err := c.silenceNamed(args, "show SI-3")
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.silenceLine(s)}
	if s.Alert != 0 {
		r.Lines = append(r.Lines, Line{Text: "It is about every alert with " + brief(s.Matcher.String(), 300)})
	}
	begun := "Since " + c.clock(s.From) + "."
	if s.EndedBy != nil {
		begun += " Ended by " + s.EndedBy.Name + "."
	}
	r.Lines = append(r.Lines, Line{Text: begun})
	if s.InForce(c.At) {
		found, err := c.concerned(s)
		if err != nil {
			return r, err
		}
		r.Lines = append(r.Lines, Line{Text: found.String()})
		r.Choices = []Choice{{Label: "End it", Command: "silence end " + s.Number.String()}}
	}
	if words := SilencePlaces(s); words != "" {
		r.Lines = append(r.Lines, Line{Text: words})
	}
	return r, nil
}

// windows are the silences of the configuration.
func (d *Desk) windows() []alerts.Window {
	if d.Alerts == nil {
		return nil
	}
	return d.Alerts().Windows
}

// listSilences lists what is silenced now, with the windows of the configuration.
func (c *call) listSilences(args string) (Reply, error) {
	if args != "" {
		return Reply{}, incidents.Invalid("I did not understand %s behind list. Say just: %s", quote(args), saySilence("list"))
	}
	list, err := c.desk.Store.SilencesInForce(c.ctx, c.At)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: capital(count(len(list), "silence")) + " in force, by when they end."}
	if len(list) == 0 {
		r.Text = "Nothing is silenced by hand. Example: " + saySilence("service=checkout 2h we replace the database")
	}
	for _, s := range list[:min(len(list), shownAlerts)] {
		s = c.seenSilence(s)
		r.Lines = append(r.Lines, Line{Text: sentence(full(c.silenceLine(s)), SilencePlaces(s)), Choice: &Choice{Label: "End it", Command: "silence end " + s.Number.String()}})
	}
	if more := len(list) - shownAlerts; more > 0 {
		r.Lines = append(r.Lines, Line{Text: fmt.Sprintf("%d more are on the dashboard, under Alerts.", more)})
	}
	lingering, err := LingeringSilences(c.ctx, c.desk.Store, c.At)
	if err != nil {
		return r, err
	}
	for _, s := range lingering {
		r.Lines = append(r.Lines, Line{Text: sentence(c.silenceLine(c.seenSilence(s)), SilencePlaces(s))})
	}
	for _, w := range c.desk.windows() {
		if until, in := w.Within(c.At); in {
			r.Lines = append(r.Lines, Line{Text: fmt.Sprintf("The window %q of the configuration, until %s", incidents.Tidy(w.Name), c.clock(until))})
		}
	}
	return r, nil
}
