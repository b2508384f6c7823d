package commands

import (
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
)

var updateVerb = Verb{
	Name: "update", Group: groupRun, about: true,
	Usage:    []string{"update TEXT [next DURATION]", "update --draft"},
	Does:     "tells everybody how it stands, and when they will hear again",
	Examples: []string{"update payments work again, we watch them next 30m"},
	run: func(c *call) (Reply, error) {
		if word, _ := cut(c.args); longFlag(word) == "--draft" {
			return c.proposeUpdate()
		}
		text, promise, promised := promised(c.args)
		if promised && promise == 0 {
			return Reply{}, incidents.Invalid("The next update cannot be due at once. Example: %s", c.say("update", "payments work again next 30m"))
		}
		return c.tell(text, promise)
	},
	form: func(c *call) Form {
		_, promise, _ := promised(c.args)
		length, policy := "", "policy"
		if promise > 0 {
			length = strings.ReplaceAll(span(promise), " ", "")
			policy = length
		}
		next := append([]Option{{Value: "policy", Label: "As the policy says"}}, lengths(length)...)
		return Form{Title: "Update " + c.number.String(), Submit: "Post", Fields: []Field{
			areaField("text", "How does it stand?").hint("For everybody who follows it: what is broken for whom, what is done, what comes next."),
			choiceField("next", "The next update in", policy, next),
		}}
	},
	fill: func(c *call) (Reply, error) { return c.tell(c.said("text"), c.saidDuration("next")) },
}

// proposeUpdate writes an update from the record, in the form where it is changed and
// posted. It says nothing that the record does not, and is not posted by itself.
func (c *call) proposeUpdate() (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	if err := c.possibleNow(); err != nil {
		return Reply{}, err
	}
	record, err := c.desk.Record(c.ctx, in, c.Actor, c.At)
	if err != nil {
		return Reply{}, err
	}
	text := postmortem.Update(record)
	r := Reply{Text: "Drafted from the record of " + in.Number.String() + "; change it as you like. Nothing is posted before you say it: " + c.say("update", "TEXT next 30m"), Incident: &in}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			r.Lines = append(r.Lines, Line{Text: line})
		}
	}
	c.args = ""
	r.Form = c.asks()
	r.Form.Fields[0].Value = []string{text}
	return r, nil
}

// tell posts an update.
func (c *call) tell(text string, promise time.Duration) (Reply, error) {
	out, err := c.apply(incidents.PostUpdate{Text: text, Next: promise})
	if err != nil {
		return Reply{}, err
	}
	return c.done(out, "The update of "+out.Incident.Number.String()+" is posted.", c.nextUpdate(out.Incident))
}

// leadingDuration takes 30m, or 30 min, off the head of a text.
func leadingDuration(s string) (d time.Duration, rest string, ok bool) {
	word, rest := cut(s)
	unit, behind := cut(rest)
	if d, ok = duration(word + unit); ok && unit != "" {
		return d, behind, true
	}
	d, ok = duration(word)
	return d, rest, ok
}

// promised takes "next 30m" off the end of a text; anywhere else the words are text.
func promised(s string) (text string, promise time.Duration, ok bool) {
	rest, length := s, ""
	for range 2 { // 30m is one word, 30 min are two
		var word string
		rest, word = cutLast(rest)
		length = word + length
		before, next := cutLast(rest)
		if d, isDuration := duration(length); isDuration && strings.EqualFold(next, "next") {
			return before, d, true
		}
	}
	return s, 0, false
}

// nextUpdate says when people expect to hear again.
func (c *call) nextUpdate(in incidents.Incident) string {
	for _, d := range in.Deadlines {
		if d.Rule == "update" {
			return "The next one is due at " + c.clock(d.Due) + "."
		}
	}
	return ""
}
