package commands

import (
	"fmt"
	"strings"
	"time"

	"fireboss/incidents"
)

// noAdvice is said once of each clock of a regulation, when it is started.
const noAdvice = "Nothing here is legal advice."

// clockWords are what can be done with the clock of a regulation.
var clockWords = []string{"start", "mark", "submitted", "stop"}

// law carries out what was said of the clock of a regulation.
func (c *call) law() (Reply, error) {
	word, rest := cut(c.args)
	name, behind := cut(rest)
	switch strings.ToLower(word) {
	case "start", "started":
		return c.startClock(name, behind)
	case "mark", "marked":
		return c.markClock(name, behind)
	case "submitted", "submit":
		return c.submitStage(name, behind)
	case "stop", "stopped":
		out, err := c.apply(incidents.StopClock{Name: name, Why: behind})
		if err != nil {
			return Reply{}, err
		}
		e, _ := caused(out, incidents.ClockStopped)
		return c.done(out, "The clock "+e.Field("name")+" of "+out.Incident.Number.String()+" is stopped.")
	}
	meant := "start " + c.args
	if near, ok := nearest(word, clockWords); ok {
		meant = strings.TrimSpace(near + " " + rest)
	}
	r := Reply{Choices: choose(nil, "", c.command("clock", meant), true)}
	return r, incidents.Invalid("%s is nothing that can be done with a clock; there are %s. Did you mean %s?",
		quote(word), enumerate(clockWords), c.say("clock", brief(meant, 80)))
}

func (c *call) startClock(name, behind string) (Reply, error) {
	at, err := c.onlyAt(behind, "start gdpr at 14:02")
	if err != nil {
		return Reply{}, err
	}
	out, err := c.apply(incidents.StartClock{Name: name, At: at})
	if err != nil {
		return Reply{}, err
	}
	e, started := caused(out, incidents.ClockStarted)
	if !started {
		return c.done(out, "That clock runs already. What it wants: "+c.say("clock", ""))
	}
	text := fmt.Sprintf("The clock %s of %s counts from %s.", e.Field("name"), out.Incident.Number, c.clock(e.At))
	advice := ""
	if e.Field("was") == "" {
		advice = noAdvice
	}
	return c.done(out, text, c.nextOf(out.Incident, e.Field("name")), advice)
}

func (c *call) markClock(name, behind string) (Reply, error) {
	moment, at, err := c.thenAt(behind, "mark dora classified at 14:02")
	if err != nil {
		return Reply{}, err
	}
	out, err := c.apply(incidents.MarkClock{Name: name, Moment: moment, At: at})
	if err != nil {
		return Reply{}, err
	}
	e, marked := caused(out, incidents.ClockMarked)
	if !marked {
		return c.done(out, "That is marked already. To correct it, say at what time it was: "+c.say("clock", "mark "+name+" "+moment+" at 14:02"))
	}
	return c.done(out, fmt.Sprintf("Marked on the clock %s of %s: %s at %s.", e.Field("name"), out.Incident.Number, e.Field("moment"), c.clock(e.At)), c.nextOf(out.Incident, e.Field("name")))
}

func (c *call) submitStage(name, behind string) (Reply, error) {
	stage, at, err := c.thenAt(behind, "submitted gdpr notification at 14:02")
	if err != nil {
		return Reply{}, err
	}
	out, err := c.apply(incidents.SubmitStage{Name: name, Stage: stage, At: at})
	if err != nil {
		return Reply{}, err
	}
	e, submitted := caused(out, incidents.ClockSubmitted)
	if !submitted {
		return c.done(out, "That is noted as submitted already. To correct it, say at what time it was: "+c.say("clock", "submitted "+name+" "+stage+" at 14:02"))
	}
	return c.done(out, fmt.Sprintf("Noted: %s.%s of %s was submitted at %s.", e.Field("name"), e.Field("stage"), out.Incident.Number, c.clock(e.At)), c.nextOf(out.Incident, e.Field("name")))
}

// thenAt reads words, and behind them when it was: "classified at 14:02".
func (c *call) thenAt(s, example string) (words string, at time.Time, err error) {
	words, rest := cut(s)
	for {
		word, behind := cut(rest)
		if word == "" || strings.EqualFold(word, "at") {
			break
		}
		if _, _, found, err := c.timeAt(rest, last); found || err != nil {
			break
		}
		if _, _, _, long := ago(rest); long {
			break
		}
		words, rest = words+" "+word, behind
	}
	at, err = c.onlyAt(rest, example)
	return words, at, err
}

// onlyAt reads "at TIME", or TIME, where nothing else may stand; zero where
// nothing does.
func (c *call) onlyAt(s, example string) (time.Time, error) {
	word, rest := cut(s)
	if word == "" {
		return time.Time{}, nil
	}
	if !strings.EqualFold(word, "at") {
		rest = s
	}
	return c.wholeTime(rest, c.say("clock", example))
}

// nextOf says what a clock wants next, as a sentence; that all is submitted; or
// what it waits for.
func (c *call) nextOf(in incidents.Incident, name string) string {
	waits := ""
	for _, d := range in.Shown() {
		if strings.HasPrefix(d.Rule, name+".") {
			return fmt.Sprintf("Next is %s, due %s: %s.", d.Rule, c.clock(d.By()), d.Why)
		}
	}
	for _, clock := range in.Clocks {
		if clock.Regulation.Name != name {
			continue
		}
		for _, st := range c.desk.rules().Stages(clock) {
			if st.Submitted == nil && waits == "" {
				waits = fmt.Sprintf("Next is %s: %s.", st.Rule, st.Why)
			}
		}
	}
	if waits == "" {
		return "All that it wants is submitted. To take it off the card: " + c.say("clock", "stop "+name)
	}
	return waits
}

// cited is where a law can be read, and as of when, as far as that is known.
func cited(law incidents.Regulation) string {
	text := ""
	if law.AsOf != "" {
		text += ", as of " + law.AsOf
	}
	if law.Source != "" {
		text += " (" + law.Source + ")"
	}
	return text
}

// laws are the lines of the regulations that run: what each is and whence, what
// was submitted by whom, and what cannot be counted yet.
func (c *call) laws(in incidents.Incident) []Line {
	var lines []Line
	add := func(format string, args ...any) {
		lines = append(lines, Line{Incident: in.Number, Text: fmt.Sprintf(format, args...)})
	}
	for _, clock := range in.Clocks {
		law := clock.Regulation
		add("%s is %s%s; it counts from %s at %s", law.Name, law.Title, cited(law), law.Start, c.clock(clock.Started))
		for _, st := range c.desk.rules().Stages(clock) {
			switch {
			case st.Submitted != nil && st.Due.IsZero():
				add("%s: submitted by %s at %s", st.Rule, st.Submitted.By.Name, c.clock(st.Submitted.At))
			case st.Submitted != nil:
				add("%s: submitted by %s at %s; due was %s, %s at %s", st.Rule, st.Submitted.By.Name, c.clock(st.Submitted.At), c.clock(st.Due), st.Why, c.clock(st.From))
			case st.Due.IsZero():
				add("%s: %s", st.Rule, st.Why)
			}
		}
	}
	return lines
}
