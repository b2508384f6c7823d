package incidents

import (
	"net/url"
	"strings"
	"time"
	"unicode"
)

// PostUpdate tells everybody how it stands.
type PostUpdate struct {
	Text string
	Next time.Duration // until the next one; 0: as the policy says
}

// MaxNext is the longest promise for a next update.
const MaxNext = 30 * 24 * time.Hour

// Verb is the row in [Lifecycle].
func (PostUpdate) Verb() string { return "update" }

func (u PostUpdate) decide(d *decision) error {
	words, err := d.text("The update", u.Text, "update", "payments work again, we watch them next 30m")
	if err != nil {
		return err
	}
	if u.Next < 0 || u.Next > MaxNext {
		return Invalid("The next update must be due within 30 days. Example: %s", d.say("update", "payments work again next 30m"))
	}
	d.in.Update = Update{Text: words, At: d.now}
	if u.Next > 0 && d.in.Status.Open() {
		d.in.Update.Next = d.now.Add(u.Next)
	}
	d.event(UpdatePosted, words, "next", stamp(d.in.Update.Next))
	return nil
}

// SetSummary says what the incident is about.
type SetSummary struct{ Text string }

// Verb is the row in [Lifecycle].
func (SetSummary) Verb() string { return "summary" }

func (s SetSummary) decide(d *decision) error {
	words, err := d.text("The summary", s.Text, "summary", "The card processor rejects all payments from Europe.")
	if err != nil || words == d.in.Summary {
		return err
	}
	from := d.in.Summary
	d.in.Summary = words
	d.event(SummaryChanged, "Summary: "+Tidy(words), "from", from, "to", words)
	return nil
}

// AddNote writes to the timeline, if need be back-dated.
type AddNote struct {
	Text string
	At   time.Time // zero: now
}

// Verb is the row in [Lifecycle].
func (AddNote) Verb() string { return "note" }

func (n AddNote) decide(d *decision) error {
	words, err := d.text("The note", n.Text, "note", "at 14:02 traffic moved to eu-west")
	if err != nil {
		return err
	}
	if longAgo(n.At) {
		return Invalid("That is hardly meant: it was before %d. Example: %s", firstYear, d.say("note", "at 14:02 traffic moved to eu-west"))
	}
	if inFuture(n.At, d.now) {
		return Invalid("A note cannot be about the future (%s). Example: %s", instant(n.At), d.say("note", "at 14:02 traffic moved to eu-west"))
	}
	at := n.At
	if at.IsZero() {
		at = d.now
	}
	d.eventAt(at, NoteAdded, words)
	return nil
}

// MakeDecision writes down what was decided; a key event.
type MakeDecision struct{ Text string }

// Verb is the row in [Lifecycle].
func (MakeDecision) Verb() string { return "decision" }

func (m MakeDecision) decide(d *decision) error {
	words, err := d.text("The decision", m.Text, "decision", "we roll back to Tuesday's release")
	if err != nil {
		return err
	}
	d.event(DecisionMade, words)
	return nil
}

// AddLink adds an address.
type AddLink struct{ URL, Name string }

// Verb is the row in [Lifecycle].
func (AddLink) Verb() string { return "link" }

func (a AddLink) decide(d *decision) error {
	address, name := Tidy(a.URL), Tidy(a.Name)
	example := d.say("link", "https://status.example.com status page")
	if address == "" {
		return Missing("url", "Which address? Example: %s", example)
	}
	if !opens(address) {
		return Invalid("%q is not an address that can be opened. Example: %s", shorten(address, 80), example)
	}
	if len([]rune(name)) > MaxName {
		return Invalid("The name of a link has at most %d characters. Example: %s", MaxName, example)
	}
	for _, l := range d.in.Links {
		if l.URL == address && l.Name == name {
			return nil
		}
	}
	if len(d.in.Links) >= maxList {
		return Refused("%s has %d links already; that is all it can hold.", d.in.Number, maxList)
	}
	d.in.Links = append(d.in.Links, Link{URL: address, Name: name})
	line := address
	if name != "" {
		line = name + " " + address
	}
	d.event(LinkAdded, "Link: "+line, "url", address, "name", name)
	return nil
}

// opens reports whether an address can be opened, and everybody can see whose
// it is: what stands before an @ could look like another host, and may be a
// password besides.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsAny(address, " <>|\"") && !strings.ContainsFunc(address, unicode.IsControl) && len(address) <= 2000
}

// Host is where the link leads, as it can be shown beside a name that could
// claim anything.
func (l Link) Host() string {
	u, err := url.Parse(l.URL)
	if err != nil || u.Host == "" {
		return l.URL
	}
	return u.Host
}

// maxList bounds lists that people make longer by hand, so that an incident
// stays small.
const maxList = 500

// shorten cuts what is repeated to people.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
