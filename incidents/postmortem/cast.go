package postmortem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fireboss/incidents"
)

// cast is who took part, and in which role.
type cast struct {
	titles map[string]string   // of roles, by name: incident commander
	order  []string            // of the roles' names
	held   map[string][]tenure // by role, in the order of events
	names  map[string]string   // of people, by id
	place  map[string]int      // by id: the how-many-th of those who were told of without a role
	masks  []mask
}

// tenure says that from an event on somebody held a role; empty: nobody.
type tenure struct {
	seq uint64
	who string
}

// mask is a name that does not stand in what is quoted, and whose it is.
type mask struct{ name, id string }

// persons are the fields of events in which people stand: their ids, their names.
var persons = [][2]string{{"to", "to_name"}, {"from", "from_name"}, {"who", "name"}, {"who", "who_name"}, {"assignee", "assignee_name"}, {"author", "author_name"}}

func newCast(a *account) *cast {
	c := &cast{titles: map[string]string{}, held: map[string][]tenure{}, names: map[string]string{}, place: map[string]int{}}
	for _, r := range a.Rules.RoleList() {
		c.titles[r.Name] = lower(r.Title)
		c.order = append(c.order, r.Name)
	}
	for _, e := range a.list {
		c.meet(e)
		c.keep(e)
	}
	c.meetAll(a.Incident)
	c.complete(a)
	for _, least := range []weight{fair, small} { // who is told of in any case comes first
		for _, e := range a.told {
			if e.weight >= least {
				c.number(e)
			}
		}
	}
	c.disguise()
	return c
}

// lower is a role's title within a sentence: acronyms keep their capitals.
func lower(title string) string {
	title = tidy(title)
	if r, n := utf8.DecodeRuneInString(title); n < len(title) {
		if second, _ := utf8.DecodeRuneInString(title[n:]); !unicode.IsUpper(second) {
			return string(unicode.ToLower(r)) + title[n:]
		}
	}
	return title
}

// meet keeps the names of those who stand in an event.
func (c *cast) meet(e *entry) {
	if e.Actor.Kind == incidents.User {
		c.names[e.Actor.ID] = e.Actor.Name
	}
	if e.weight == 0 && e.Kind != incidents.ResponderJoined && e.Kind != incidents.FollowupAdded && e.Kind != incidents.FollowupAssigned {
		return
	}
	for _, p := range persons {
		if id, name := e.field(p[0]), e.field(p[1]); id != "" && name != "" {
			c.names[id] = name
		}
	}
}

func (c *cast) meetAll(in incidents.Incident) {
	for _, p := range in.Responders {
		c.names[p.ID] = p.Name
	}
	for _, p := range in.Roles {
		c.names[p.ID] = p.Name
	}
	for _, list := range [][]incidents.Task{in.Tasks, in.Followups} {
		for _, t := range list {
			if t.Assignee != nil {
				c.names[t.Assignee.ID] = t.Assignee.Name
			}
		}
	}
}

// keep keeps who holds which role from an event on.
func (c *cast) keep(e *entry) {
	if e.Kind != incidents.RoleAssigned && e.Kind != incidents.RoleCleared && e.Kind != incidents.HandoffAccepted {
		return
	}
	role := e.field("role")
	if role == "" {
		return // it was redacted
	}
	if _, known := c.titles[role]; !known {
		c.titles[role] = term(role)
		c.order = append(c.order, role)
	}
	who := ""
	if e.Kind != incidents.RoleCleared {
		who = e.field("to")
	}
	c.held[role] = append(c.held[role], tenure{e.Seq, who})
}

// complete adds who holds a role now, where the event that says so was redacted.
func (c *cast) complete(a *account) {
	var blank uint64
	for _, e := range a.list {
		if e.Redacted && (e.Kind == incidents.RoleAssigned || e.Kind == incidents.HandoffAccepted) {
			blank = e.Seq
		}
	}
	for _, role := range c.order {
		p, held := a.Incident.Roles[role]
		list := c.held[role]
		if held && blank != 0 && (len(list) == 0 || list[len(list)-1].who != p.ID && list[len(list)-1].seq < blank) {
			c.held[role] = append(list, tenure{blank, p.ID})
		}
	}
}

// role is the first of the roles that somebody held before an event; empty: none.
func (c *cast) role(id string, seq uint64) string {
	if id == "" {
		return ""
	}
	for _, role := range c.order {
		list := c.held[role]
		i, _ := slices.BinarySearchFunc(list, seq, func(t tenure, seq uint64) int { return cmp.Compare(t.seq, seq) })
		if i > 0 && list[i-1].who == id {
			return role
		}
	}
	return ""
}

// number gives a place to those of an event who have no role then.
func (c *cast) number(e *entry) {
	var ids []string
	if e.Actor.Kind == incidents.User && e.Kind != incidents.MessageMarked {
		ids = append(ids, e.Actor.ID)
	}
	for _, field := range telling[e.Kind] {
		ids = append(ids, e.field(field))
	}
	for _, id := range ids {
		if _, placed := c.place[id]; !placed && id != "" && c.role(id, e.Seq) == "" {
			c.place[id] = len(c.place) + 1
		}
	}
}

// telling are the fields of people who stand in the sentence about an event.
var telling = map[incidents.Kind][]string{
	incidents.RoleAssigned: {"to", "from"}, incidents.RoleCleared: {"from"}, incidents.HandoffOffered: {"to"}, incidents.HandoffAccepted: {"from"},
	incidents.MessageMarked: {"author"}, incidents.TaskAdded: {"assignee"}, incidents.TaskAssigned: {"assignee"},
}

var ordinals = []string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}

// ordinal is a place in words: second, 11th.
func ordinal(n int) string {
	if n < len(ordinals) {
		return ordinals[n]
	}
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return fmt.Sprint(n) + end
}

// voice says who did something, within one section: who is told of again is the
// same.
type voice struct {
	a   *account
	met map[string]bool
}

func (a *account) voice() *voice { return &voice{a: a, met: map[string]bool{}} }

// who is what somebody is called in the sentence about an event.
func (v *voice) who(id string, seq uint64) string {
	c := v.a.cast
	if id == incidents.Fireboss.ID {
		return incidents.Fireboss.Name
	}
	if v.a.Names && c.names[id] != "" {
		return term(c.names[id])
	}
	if role := c.role(id, seq); role != "" {
		return "the " + c.titles[role]
	}
	n := c.place[id]
	if n == 0 {
		return "somebody"
	}
	again := v.met[id]
	v.met[id] = true
	switch {
	case len(c.place) == 1 && again:
		return "the responder"
	case n == 1 && !again:
		return "a responder"
	case again:
		return "the " + ordinal(n) + " responder"
	}
	return article(ordinal(n)) + " " + ordinal(n) + " responder"
}

// the is what somebody is called who is spoken of now.
func (v *voice) the(id string) string {
	v.met[id] = true
	if who := v.who(id, now); who != "somebody" {
		return who
	}
	return "whoever has it now"
}

// article is that of a word: an eighth, an 11th, a second.
func article(word string) string {
	if strings.HasPrefix(word, "8") || strings.HasPrefix(word, "11") || strings.HasPrefix(word, "18") || strings.ContainsAny(word[:1], "aeiou") {
		return "an"
	}
	return "a"
}

// actor is who did something.
func (v *voice) actor(e *entry) string {
	switch e.Actor.Kind {
	case incidents.System:
		return incidents.Fireboss.Name
	case incidents.Integration:
		return "the integration " + term(e.Actor.Name)
	}
	return v.who(e.Actor.ID, e.Seq)
}
