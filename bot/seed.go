package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// past is one sample incident: what was said, how long after it began.
type past struct {
	ago  time.Duration
	open incidents.Open
	said []said
}

type said struct {
	after time.Duration
	who   incidents.Actor
	do    incidents.Act
}

// seed writes the demo's sample history: incidents that are over, so that lists
// and figures are not empty. They are said to be samples.
func seed(ctx context.Context, s settings.Settings) error {
	who, err := demoPeople(ctx, s)
	if err != nil {
		return err
	}
	now := time.Now()
	at := now
	policy := rules(s)
	for i := range policy.Roles {
		policy.Roles[i].Instructions = "" // nobody takes a role of a sample
	}
	db, err := bolt.Open(s.Store.Reveal(), bolt.Options{Rules: func() incidents.Rules { return policy }, Now: func() time.Time { return at }})
	if err != nil {
		return err
	}
	return errors.Join(replay(ctx, db, now, &at, who), db.Close())
}

// replay says what was said, each at its time.
func replay(ctx context.Context, db *bolt.DB, now time.Time, at *time.Time, who [3]incidents.Actor) error {
	for i, p := range history(who[0], who[1], who[2]) {
		*at = now.Add(-p.ago)
		out, err := db.Apply(ctx, incidents.Command{ID: fmt.Sprintf("sample:%d", i), Actor: who[0], At: *at, Do: p.open})
		if err != nil {
			return fmt.Errorf("writing the sample history: %w", err)
		}
		for j, line := range p.said {
			*at = now.Add(-p.ago + line.after)
			_, err := db.Apply(ctx, incidents.Command{ID: fmt.Sprintf("sample:%d:%d", i, j), Actor: line.who, At: *at, Incident: out.Incident.Number, Do: line.do})
			if err != nil {
				return fmt.Errorf("writing the sample history: %w", err)
			}
		}
	}
	return nil
}

func history(alice, bob, carol incidents.Actor) []past {
	const m, h, d = time.Minute, time.Hour, 24 * time.Hour
	return []past{
		{9 * d, incidents.Open{Title: "Search answers slowly (sample)", Severity: 3, Services: []string{"search"}}, []said{
			{4 * m, bob, incidents.Acknowledge{}},
			{6 * m, bob, incidents.AssignRole{Role: "commander", To: bob.Person()}},
			{25 * m, bob, incidents.ChangeStatus{To: incidents.Identified, Why: "the index is being rebuilt at noon"}},
			{26 * m, bob, incidents.MakeDecision{Text: "We stop the rebuild and run it at night."}},
			{40 * m, bob, incidents.ChangeStatus{To: incidents.Monitoring}},
			{70 * m, bob, incidents.Resolve{Text: "answers in under 200 ms again"}},
			{71 * m, bob, incidents.AddTask{List: incidents.Followups, Text: "Move the rebuild to the night for good", Assignee: bob.Person()}},
			{24 * h, bob, incidents.Close{}},
		}},
		{3 * d, incidents.Open{Title: "Card payments are declined in Europe (sample)", Severity: 1, Services: []string{"checkout"}}, []said{
			{1 * m, alice, incidents.Acknowledge{}},
			{2 * m, alice, incidents.AssignRole{Role: "commander", To: alice.Person()}},
			{3 * m, alice, incidents.AssignRole{Role: "communications", To: carol.Person()}},
			{9 * m, carol, incidents.PostUpdate{Text: "About one payment in three fails in Europe. We talk to the card processor.", Next: 30 * m}},
			{21 * m, bob, incidents.ChangeStatus{To: incidents.Identified, Why: "the processor's certificate expired"}},
			{33 * m, alice, incidents.MakeDecision{Text: "We send all traffic to the second processor."}},
			{38 * m, alice, incidents.ChangeStatus{To: incidents.Monitoring}},
			{62 * m, alice, incidents.Resolve{Text: "all payments go through"}},
			{63 * m, alice, incidents.AddTask{List: incidents.Followups, Text: "Alert on certificates that expire within 14 days", Assignee: carol.Person()}},
			{20 * h, alice, incidents.Close{}},
		}},
	}
}

// demoPeople are alice, bob and carol of the simulated workspace.
func demoPeople(ctx context.Context, s settings.Settings) ([3]incidents.Actor, error) {
	var list [3]incidents.Actor
	client := slack.NewClient(slack.Options{BotToken: s.Slack.BotToken.Reveal(), APIURL: string(s.Slack.APIURL)})
	if err := client.Connect(ctx); err != nil {
		return list, err
	}
	directory := slack.NewDirectory(client)
	for i, name := range []string{"alice", "bob", "carol"} {
		p, err := directory.Person(ctx, name)
		if err != nil {
			return list, fmt.Errorf("the workspace has no %s: %w", name, err)
		}
		list[i] = p.Actor()
	}
	return list, nil
}
