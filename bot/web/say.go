package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"fireboss/commands"
	"fireboss/incidents"
)

// deed is what somebody wants done, as a form of a page says it: a command as it is
// typed behind /incident or, with values, one of the desk's forms filled in.
type deed struct {
	Token  string // the form's own, so that sending it twice is once
	Path   string // of the page that it stands on
	Say    string
	Values map[string][]string // nil: it was typed
	Redraw bool                // only the form is asked for, as it looks with these values
}

// Names of the fields of our forms. Those of the desk's forms have a prefix, so that
// none can be taken for ours.
const (
	fieldToken  = "once"
	fieldSay    = "say"
	fieldMore   = "more"   // is said behind the command
	fieldShown  = "field"  // a field that is shown, filled in or not
	fieldPeople = "people" // one in which several people can stand
	fieldRedraw = "redraw"
	fieldPrefix = "v."
)

// errLacking is that a form is not one of ours.
var errLacking = invalidf("This form lacks something. Nothing was done. Go back, reload the page and try again.")

// readDeed reads a form; see templates/ask.html.
func readDeed(r *http.Request) (deed, error) {
	f := r.PostForm
	d := deed{Token: f.Get(fieldToken), Path: r.URL.Path, Redraw: f.Get(fieldRedraw) != ""}
	if len(d.Token) < 16 || len(d.Token) > maxKey {
		return d, errLacking
	}
	d.Say = strings.TrimSpace(plainLines(f.Get(fieldSay)) + " " + plainLines(f.Get(fieldMore)))
	if d.Redraw {
		d.Values = map[string][]string{}
	}
	for _, name := range f[fieldShown] {
		if d.Values == nil {
			d.Values = map[string][]string{}
		}
		said := []string{}
		for _, value := range f[fieldPrefix+name] {
			switch {
			case slices.Contains(f[fieldPeople], name):
				said = append(said, strings.FieldsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })...)
			case value != "":
				said = append(said, plainLines(value))
			}
		}
		d.Values[name] = said
	}
	return d, nil
}

// plainLines ends lines as everything else here does; browsers send CR LF.
func plainLines(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
}

// id is what the command is recognised by. Whoever sends the same form with the same
// words again wants one thing; with other words, another.
func (d deed) id(who string) string {
	raw, _ := json.Marshal(d) // strings
	sum := sha256.Sum256(append(raw, who...))
	return "page:" + url.QueryEscape(who) + ":" + hex.EncodeToString(sum[:16])
}

// said is an answer of the desk, drawn for a page.
type said struct {
	ID      string // of the command
	Text    string
	Refused bool
	Rows    []saidRow
	Choices []button
	Ask     *ask // asks for more
	about   incidents.Number
	at      time.Time
}

// saidRow is one line of an answer.
type saidRow struct {
	Text   string
	When   string
	Link   string // where the incident or the event is that it is about
	Choice *button
}

// button says a command when it is pressed.
type button struct {
	Label, Say string
	Primary    bool
	Ask        string // the address of the form that it opens instead
	More       string // what can be said to it, as a label; empty: nothing
	ID         string // of the element
}

// say has the desk answer what somebody said, from the page of an incident that they
// may see (0: from elsewhere).
func (s *Site) say(ctx context.Context, who incidents.Actor, here incidents.Number, d deed) commands.Reply {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), working) // who goes away has said it all the same
	defer cancel()
	r := commands.Request{
		ID: d.id(who.ID), Actor: who, At: s.now(), Text: d.Say, Here: here, Mentions: s.mentions(), Values: d.Values, Redraw: d.Redraw,
	}
	if d.Redraw {
		r.ID = "" // nothing can be done without one
	}
	reply := s.desk.Handle(ctx, r)
	if reply.Fault != nil {
		s.log.Error().Err(reply.Fault).Str("reference", reply.Reference).Msg("a command failed")
	}
	return reply
}

// drawSaid draws an answer for a page.
func (s *Site) drawSaid(r commands.Reply, id string, here place) *said {
	out := &said{ID: id, Text: r.Text, Refused: r.Refused != "" || r.Fault != nil, at: s.now()}
	if r.Incident != nil {
		out.about = r.Incident.Number
	}
	for _, l := range r.Lines {
		if stands(l.Text, r.Form) {
			continue // there it can be changed
		}
		row := saidRow{Text: l.Text}
		if !l.At.IsZero() {
			row.When = short(l.At, s.now())
		}
		switch {
		case l.Seq != 0 && here.n != 0:
			row.Link = eventAddress(here.n, l.Seq)
		case l.Incident != 0 && l.Incident != here.n:
			row.Link = "/incidents/" + l.Incident.String()
		}
		if l.Choice != nil {
			b := s.button(*l.Choice, here)
			row.Choice = &b
		}
		out.Rows = append(out.Rows, row)
	}
	for _, c := range r.Choices {
		out.Choices = append(out.Choices, s.button(c, here))
	}
	if r.Form != nil {
		a := s.drawForm(*r.Form, here)
		a.Wrong, a.WrongField = "", ""
		if out.Refused && r.Field != "" && slices.ContainsFunc(a.Fields, func(f askField) bool { return f.Name == r.Field }) {
			a.WrongField, a.Wrong = r.Field, r.Text
		}
		out.Ask = &a
	}
	return out
}

// stands says whether a text stands in a form already.
func stands(text string, f *commands.Form) bool {
	return f != nil && slices.ContainsFunc(f.Fields, func(field commands.Field) bool {
		return slices.ContainsFunc(field.Value, func(v string) bool { return strings.Contains(v, text) })
	})
}

// eventAddress is where an event stands on its incident's page.
func eventAddress(n incidents.Number, seq uint64) string {
	at := strconv.FormatUint(seq, 10)
	return incidentPath(n) + "?at=" + at + "#e" + at
}

// answers keeps for a while what people were answered whose browser is sent on to a
// page that shows it. It is a convenience: what was done is in the store, and the same
// form sent again gets the same answer.
type answers struct {
	mu   sync.Mutex
	list map[string]*said
}

// Bounds of the answers that are kept.
const (
	answersKept = 500
	answersFor  = 10 * time.Minute
)

func (a *answers) keep(one *said) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.list == nil || len(a.list) >= answersKept {
		a.list = map[string]*said{}
	}
	a.list[one.ID] = one
}

func (a *answers) of(id string, now time.Time) *said {
	a.mu.Lock()
	defer a.mu.Unlock()
	one := a.list[id]
	if one == nil || now.Sub(one.at) > answersFor {
		return nil
	}
	return one
}

// saidBefore is an answer that a page was asked to show: one that the same person was
// given, of what they may see still.
func (s *Site) saidBefore(r *http.Request, who incidents.Actor, id string) *said {
	if id == "" || !strings.HasPrefix(id, "page:"+url.QueryEscape(who.ID)+":") || who.ID == "" {
		return nil
	}
	one := s.answers.of(id, s.now())
	if one == nil || one.about == 0 {
		return one
	}
	in, err := s.store.Incident(r.Context(), one.about)
	if err != nil || !in.VisibleTo(who) {
		return nil
	}
	return one
}

// mentions are the people whom a text may name, by the name that stands for them
// there: what is known of the workspace, also while it does not answer.
func (s *Site) mentions() map[string]incidents.Person {
	list := map[string]incidents.Person{}
	for _, p := range s.roster() {
		name := "@" + strings.Join(strings.Fields(p.Name), ".")
		for other, taken := list[name]; taken && other.ID != p.ID; other, taken = list[name] {
			name += "_" // two people of one name
		}
		list[name] = p
	}
	return list
}
