package web_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/web"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// past is a site over the incidents of some months, as people had them.
type past struct {
	t      *testing.T
	db     *bolt.DB
	at     time.Time
	end    time.Time
	random *rand.Rand
	n      int
	url    string
}

var people = []incidents.Actor{
	{Kind: incidents.User, ID: "slack:T1/U1", Name: "Alice Anders"}, {Kind: incidents.User, ID: "slack:T1/U2", Name: "Bob Berger"},
	{Kind: incidents.User, ID: "slack:T1/U3", Name: "Carol Castillo"}, {Kind: incidents.User, ID: "slack:T1/U4", Name: "Dave Dorn"}, {Kind: incidents.User, ID: "slack:T1/U5", Name: "Erin Egger"},
}

// pastRules are a policy with office hours in Berlin.
func pastRules(t *testing.T) incidents.Rules {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r := incidents.Rules{Clock: incidents.DefaultClock(), Services: map[string]incidents.Service{"checkout": {Tier: 1}, "search": {Tier: 2}}}
	r.Clock.Office.Zone = zone
	return r
}

// newPast makes a site over so many incidents, the last of which goes on.
func newPast(t *testing.T, n int) *past {
	t.Helper()
	rules := pastRules(t)
	p := &past{t: t, end: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(7, 11))}
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: func() incidents.Rules { return rules }, Now: func() time.Time { return p.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	p.db = db
	for i := range n {
		p.at = p.end.Add(-time.Duration(n-i) * 36 * time.Hour).Add(time.Duration(p.random.IntN(30*60)) * time.Minute)
		p.incident(i, i < n-3)
	}
	p.pass(p.end)
	site := web.New(web.Options{
		Store: db, Desk: &commands.Desk{Store: db, Rules: func() incidents.Rules { return rules }}, Rules: func() incidents.Rules { return rules },
		Now: func() time.Time { return p.end }, Log: zerolog.Nop(), LoadByPerson: true,
	})
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// pass lets time pass until a moment, with its reminders.
func (p *past) pass(until time.Time) {
	for range 100_000 {
		due, err := p.db.Due(context.Background(), until, 1)
		if err != nil {
			p.t.Fatal(err)
		}
		if len(due) == 0 {
			p.at = until
			return
		}
		if due[0].Deadline.Due.After(p.at) {
			p.at = due[0].Deadline.Due
		}
		p.does(incidents.Fireboss, due[0].Incident, incidents.Remind{})
	}
	p.t.Fatal("there was no end of reminders")
}

func (p *past) does(who incidents.Actor, n incidents.Number, act incidents.Act) incidents.Outcome {
	p.n++
	out, err := p.db.Apply(context.Background(), incidents.Command{ID: fmt.Sprint("past/", p.n), Actor: who, At: p.at, Incident: n, Do: act})
	if _, refused := incidents.AsRefusal(err); err != nil && !refused {
		p.t.Fatal(err)
	}
	return out
}

// later does something about an incident some minutes later.
func (p *past) later(minutes int, n incidents.Number, who incidents.Actor, act incidents.Act) {
	p.pass(p.at.Add(time.Duration(1+p.random.IntN(2*minutes)) * time.Minute))
	p.does(who, n, act)
}

// incident is one of them, from its declaration to its end.
func (p *past) incident(i int, over bool) {
	pick := func(list ...string) string { return list[p.random.IntN(len(list))] }
	somebody := func() incidents.Actor { return people[p.random.IntN(len(people))] }
	sev := incidents.Severity([]int{1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 0}[p.random.IntN(11)])
	lead, began := somebody(), p.at
	p.pass(p.at)
	n := p.does(somebody(), 0, incidents.Open{
		Title: pick("Checkout answers slowly", "Card payments are declined", "Search finds nothing", "Log-ins fail", "A disk is full", "Mails are late"), Severity: sev,
		Type: pick("availability", "availability", "availability", "security", "third-party"), Services: []string{pick("checkout", "search", "accounts", "mail"), pick("checkout", "gateway", "gateway", "search")}[:1+p.random.IntN(2)],
		Started: began.Add(-time.Duration(p.random.IntN(50)) * time.Minute), Drill: i%11 == 5,
	}).Incident.Number
	p.later(5, n, lead, incidents.AssignRole{Role: incidents.CommanderRole, To: lead.Person()})
	for j := range 3 + p.random.IntN(12) {
		p.later(9, n, somebody(), incidents.RecordMessage{ID: incidents.OutsideID{Mirror: "slack", ID: fmt.Sprint(n, "/", j)}, Text: "looking", At: p.at})
		if j%4 == 3 {
			p.later(6, n, lead, incidents.PostUpdate{Text: "we are on it"})
		}
	}
	if !over {
		return
	}
	if p.random.IntN(12) == 0 {
		p.later(10, n, lead, incidents.Cancel{FalsePositive: true})
		return
	}
	p.later(60, n, lead, incidents.ChangeStatus{To: incidents.Monitoring})
	p.later(50, n, lead, incidents.Resolve{Text: "it works again"})
	for j := range p.random.IntN(3) {
		owner := incidents.Person{}
		if p.random.IntN(4) > 0 {
			owner = somebody().Person()
		}
		p.does(lead, n, incidents.AddTask{
			List: incidents.Followups, Text: pick("Write a runbook", "Add an alert for the queue", "Renew the certificate by machine", "Talk to the supplier", "Test the fail-over every month"),
			Assignee: owner, Due: p.at.AddDate(0, 0, 7+p.random.IntN(30)), Priority: incidents.Priority(pick("", "", "high")),
		})
		if p.random.IntN(3) > 0 {
			p.later(60*24, n, lead, incidents.MoveTask{List: incidents.Followups, Number: j + 1, To: incidents.TaskFinished})
		}
	}
	p.later(60*10, n, lead, incidents.Close{})
}
