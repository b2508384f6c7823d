package incidents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// decision is a decision being made: the incident so far and what it led to.
type decision struct {
	rules Rules
	in    Incident
	facts Facts
	cmd   Command
	now   time.Time
	out   Change
	// recount has the deadlines counted although nothing has happened.
	recount bool
}

// Decide says what follows from a command, by these rules, for the incident as
// it is. It changes none of its arguments. A refusal is a [*Refusal].
func Decide(r Rules, in Incident, f Facts, c Command, now time.Time) (Change, error) {
	d := &decision{rules: r, in: in.clone(), facts: f, cmd: c, now: now.UTC().Truncate(time.Millisecond)}
	if _, opening := c.Do.(Open); !opening {
		_, seen := c.Do.(witnessed)
		if in.Number == 0 || !seen && !in.VisibleTo(c.Actor) {
			return Change{}, NotFound(c.Incident)
		}
		if err := allowed(c.Do.Verb(), in); err != nil {
			return Change{}, err
		}
	}
	if err := d.permitted(); err != nil {
		return Change{}, err
	}
	if err := c.Do.decide(d); err != nil {
		return Change{}, err
	}
	return d.change(in), nil
}

// change completes the decision: what the policy wants of the incident as it
// has become, its deadlines and its version.
func (d *decision) change(was Incident) Change {
	if len(d.out.Events) > 0 {
		d.contradicted(was)
		d.dateFollowups(was.Followups)
		d.notice()
		d.tellFollowers()
		d.settle(was)
		d.answerPages(was)
	}
	if len(d.out.Events) > 0 || d.recount {
		d.in.Deadlines = d.rules.Deadlines(d.in)
	}
	// What is removed has to go wherever it is shown, such as in a canvas, also if the program ends in between.
	d.out.State = len(d.out.Redact) > 0 || !reflect.DeepEqual(was.clone(), d.in)
	if d.out.State {
		d.in.Version++
	}
	d.out.Incident = d.in
	return d.out
}

// actedEvery is how exactly it is known when people last did something: a message
// of the channel, of which there are many, changes no state more often.
const actedEvery = time.Hour

// shows are the events by which somebody shows that they are at it.
var shows = map[Kind]bool{StatusChanged: true, UpdatePosted: true, RoleAssigned: true, HandoffAccepted: true}

// notice keeps what the clock wants to know of what people do: whoever does
// something about an incident has acknowledged it. The event says so that shows
// it; one of its own would be one message more for everybody.
func (d *decision) notice() {
	if d.cmd.Actor.Kind != User {
		return
	}
	if d.now.Sub(d.in.Watch.Acted) >= actedEvery {
		d.in.Watch.Acted = d.now
	}
	if _, opening := d.cmd.Do.(Open); opening || !d.in.Times.Acknowledged.IsZero() || d.in.Status.Ended() {
		return
	}
	for i, e := range d.out.Events {
		if shows[e.Kind] {
			d.in.Times.Acknowledged = d.now
			d.out.Events[i].Data = with(e.Data, "acknowledged")
			return
		}
	}
}

// with is the data of an event in which something is also said to be true.
func with(data json.RawMessage, name string) json.RawMessage { return withValue(data, name, true) }

// withValue is the data of an event with one more field.
func withValue(data json.RawMessage, name string, value any) json.RawMessage {
	fields := map[string]any{}
	err := json.Unmarshal(data, &fields)
	fields[name] = value
	raw, err2 := json.Marshal(fields)
	if err != nil || err2 != nil { // the data is ours
		panic(fmt.Sprintf("incidents: data %s: %v %v", data, err, err2))
	}
	return raw
}

// event states a fact that happens now. data is pairs of name and value; zero
// values are left out.
func (d *decision) event(kind Kind, text string, data ...any) {
	d.eventAt(d.now, kind, text, data...)
}

// eventAt states a fact that happened at another time.
func (d *decision) eventAt(at time.Time, kind Kind, text string, data ...any) {
	fields := map[string]any{}
	for i := 0; i+1 < len(data); i += 2 {
		if v := reflect.ValueOf(data[i+1]); v.IsValid() && !v.IsZero() {
			fields[data[i].(string)] = data[i+1]
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil { // the values are ours: strings, numbers, times and lists of these
		panic(fmt.Sprintf("incidents: data of %s: %v", kind, err))
	}
	if !sensible(at) {
		at = d.now // what came from outside with no moment, or one that no calendar has
	}
	d.out.Events = append(d.out.Events, Event{
		Incident: d.in.Number, Kind: kind, At: at.UTC().Truncate(time.Millisecond), RecordedAt: d.now,
		Actor: d.cmd.Actor, Text: text, Data: raw, Origin: d.cmd.Origin, Command: d.cmd.ID,
	})
}

// sensible reports whether a moment that came from outside is one.
func sensible(at time.Time) bool {
	y := at.UTC().Year()
	return y >= firstYear && y <= lastYear
}

// nextSeq is the place that the next event will have.
func (d *decision) nextSeq() uint64 { return d.in.Seq + uint64(len(d.out.Events)) + 1 }

// tell asks for a message about the last event.
func (d *decision) tell(kind string, to Person) {
	d.out.Messages = append(d.out.Messages, Message{Kind: kind, Event: len(d.out.Events) - 1, To: to})
}

// because appends a reason to a line, if there is one.
func because(line, why string) string {
	if why == "" {
		return line
	}
	return line + ": " + why
}

// Tidy makes one line of what a person wrote: control characters and runs of
// white space become one space. Characters that turn the direction of writing
// around until further notice go (Unicode's UAX #9, explicit directional
// formatting): they would turn around what stands behind them on the same line.
func Tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// turns reports whether a character turns the direction of writing around.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// clean keeps lines and drops what nobody can see, and as [Tidy] what turns the
// direction of writing around: other words of ours stand on the same line. The
// controls from U+0080 on go too, for a terminal obeys them as it does escapes.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == 0x2028 || r == 0x2029: // line and paragraph separator
			return '\n'
		case r < ' ' || r >= 0x7f && r < 0xa0 || turns(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// Longest texts, in characters.
const (
	MaxTitle = 200
	MaxText  = 8000 // a note, an update, a summary, a task
	MaxName  = 80   // a service, a field, a link's name
)

// say is a command about this incident in a sentence; while it is being opened
// it has no number.
func (d *decision) say(verb, args string) Say { return Say{d.cmd.Incident, verb, args} }

// reason reads a text that may be left out, as one line.
func (d *decision) reason(s string) (string, error) {
	s = Tidy(s)
	if n := len([]rune(s)); n > MaxText {
		return "", About("why", Invalid("The reason has %d characters, at most %d fit. Shorten it, and put the rest into a note. Example: %s", n, MaxText, d.say("note", "traffic moved to eu-west")))
	}
	return s, nil
}

// text reads a text that must be there and may not be too long.
func (d *decision) text(what, s, verb, example string) (string, error) {
	s = clean(s)
	if !strings.ContainsFunc(s, visible) {
		return "", Missing("text", "%s is missing. Example: %s", what, d.say(verb, example))
	}
	if n := len([]rune(s)); n > MaxText {
		return "", About("text", Invalid("%s has %d characters, at most %d fit. Shorten it, or put it into a document and link that. Example: %s", what, n, MaxText, d.say("link", "https://docs.example.com/report")))
	}
	return s, nil
}
