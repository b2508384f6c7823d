package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// seed writes the demo's sample history: incidents that are over, so that lists
// and figures are not empty. They are said to be samples.
func seed(ctx context.Context, s settings.Settings) error {
	people, err := demoPeople(ctx, s)
	if err != nil {
		return err
	}
	return seedStore(ctx, s, people, time.Now())
}

// seedStore fills a new store with the samples as they were by a moment.
func seedStore(ctx context.Context, s settings.Settings, people map[string]incidents.Actor, now time.Time) error {
	list, err := readSamples(sampleText, now)
	if err != nil {
		return err
	}
	at := now
	policy := rules(s)
	for i := range policy.Roles {
		policy.Roles[i].Instructions = "" // nobody takes a role of a sample
	}
	db, err := bolt.Open(s.Store.Reveal(), bolt.Options{Rules: func() incidents.Rules { return policy }, Now: func() time.Time { return at }})
	if err != nil {
		return err
	}
	drafts, err := drafting(s.Postmortem, nil)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	people = maps.Clone(people)
	people[recorder] = incidents.Fireboss
	r := &replay{
		cast: cast{people, map[string]incidents.Number{}}, samples: list, until: now, at: &at, due: map[incidents.Number]time.Time{}, known: map[incidents.Number]incidents.Incident{},
		rules: policy, drafts: drafts, page: string(s.HTTP.PublicURL) + "/incidents/",
	}
	if err = errors.Join(db.ApplyAll(ctx, r.next), r.err); err == nil {
		at = now
		err = errors.Join(settle(ctx, db, r.known), seedAlerts(ctx, db, people, now))
	}
	if err != nil {
		err = fmt.Errorf("writing the sample history: %w", err)
	}
	return errors.Join(err, db.Close())
}

// replay says what was said in the samples, each at its time, and keeps the clock
// meanwhile: what nobody did in time was reminded of.
type replay struct {
	cast
	samples []past
	until   time.Time
	at      *time.Time // the store's clock
	rules   incidents.Rules
	drafts  commands.Drafting
	page    string // of an incident, without its number
	err     error

	opened int // how many of the samples are
	saying []*telling
	last   *telling // whose outcome comes next
	due    map[incidents.Number]time.Time
	known  map[incidents.Number]incidents.Incident
}

// telling is a sample that was opened: its incident, and what is still to be said.
type telling struct {
	past
	number incidents.Number
	said   int
}

// next is the next command in the order of time.
func (r *replay) next(before incidents.Outcome, events bolt.Reader) (incidents.Command, bool) {
	if r.learn(before, events); r.err != nil {
		return incidents.Command{}, false
	}
	speaker, at := r.earliest()
	n, due := r.reminder()
	switch {
	case n != 0 && (at.IsZero() || due.Before(at)) && !due.After(r.until):
		*r.at = due
		r.due[n] = due.Add(time.Minute) // should it be due still
		return r.command(fmt.Sprintf("clock:%s:%d", n, due.UnixMilli()), incidents.Fireboss, n, incidents.Remind{OnCall: r.onCall()}), true
	case at.IsZero() || at.After(r.until):
		return incidents.Command{}, false
	case speaker == nil:
		p := r.samples[r.opened]
		r.opened++
		r.last = &telling{past: p}
		*r.at = at
		return r.command(fmt.Sprint(r.opened), r.people[p.who], 0, p.open), true
	}
	s := speaker.past.said[speaker.said]
	speaker.said++
	*r.at = at
	act, err := s.do(r.cast, r.known[speaker.number], at)
	if err != nil {
		r.err = fmt.Errorf("line %d: %w", s.line, err)
		return incidents.Command{}, false
	}
	return r.command(fmt.Sprintf("%s:%d", speaker.number, speaker.said), r.people[s.who], speaker.number, act), true
}

func (r *replay) command(id string, who incidents.Actor, n incidents.Number, act incidents.Act) incidents.Command {
	return incidents.Command{ID: "sample:" + id, Actor: who, At: *r.at, Incident: n, Do: act}
}

// learn keeps what became of the command before.
func (r *replay) learn(out incidents.Outcome, events bolt.Reader) {
	in := out.Incident
	if in.Number == 0 {
		return
	}
	if r.last != nil {
		r.last.number, r.saying = in.Number, append(r.saying, r.last)
		if r.last.label != "" {
			r.called[r.last.label] = in.Number
		}
		r.last = nil
	}
	if in.Postmortem.Version == 0 && (in.EndedAs == incidents.EndedResolved || in.EndedAs == incidents.EndedFalsePositive) && r.known[in.Number].Status.Open() {
		r.draft(in.Number, events)
	}
	r.known[in.Number] = in
	delete(r.due, in.Number)
	for _, d := range in.Deadlines {
		if first, ok := r.due[in.Number]; !ok || d.Due.Before(first) {
			r.due[in.Number] = d.Due
		}
	}
}

// draft has the postmortem drafted soon after an incident has ended, when its
// follow-ups are written down.
func (r *replay) draft(n incidents.Number, events bolt.Reader) {
	i := slices.IndexFunc(r.saying, func(l *telling) bool { return l.number == n })
	if i < 0 {
		return // it was over when it was recorded
	}
	l := r.saying[i]
	now := said{at: r.at.Add(10 * time.Minute), who: recorder, do: func(_ cast, in incidents.Incident, at time.Time) (incidents.Act, error) {
		list, err := events(n)
		doc := postmortem.Draft(r.drafts.Template(in), postmortem.Record{Incident: in, Events: list, Rules: r.rules, Page: r.page + n.String(), At: at})
		doc.Seq = in.Seq
		return incidents.DraftPostmortem{Base: in.Postmortem.Version, Document: doc}, err
	}}
	l.past.said = slices.Insert(slices.Clone(l.past.said), l.said, now)
	slices.SortStableFunc(l.past.said[l.said:], func(a, b said) int { return a.at.Compare(b.at) })
}

// earliest is who speaks next, and when; nobody where the next sample is opened.
func (r *replay) earliest() (speaker *telling, at time.Time) {
	if r.opened < len(r.samples) {
		at = r.samples[r.opened].at
	}
	for _, l := range r.saying {
		if l.said == len(l.past.said) {
			continue
		}
		if next := l.past.said[l.said].at; at.IsZero() || next.Before(at) {
			speaker, at = l, next
		}
	}
	return speaker, at
}

// reminder is the incident in which something is due first, and when.
func (r *replay) reminder() (n incidents.Number, at time.Time) {
	for one, due := range r.due {
		if n == 0 || due.Before(at) || due.Equal(at) && one < n {
			n, at = one, due
		}
	}
	return n, at
}

func (r *replay) onCall() []incidents.Person {
	return []incidents.Person{r.people["alice"].Person(), r.people["bob"].Person()}
}

// settle leaves nothing to be done about the samples: nobody is told anew what was
// said long ago, and Slack gets no channels of things that are over.
func settle(ctx context.Context, db *bolt.DB, known map[incidents.Number]incidents.Incident) error {
	letters, err := db.Outgoing(ctx)
	if err != nil {
		return err
	}
	var all sync.WaitGroup // so that they share a commit
	errs := make([]error, len(letters)+len(known))
	for i, m := range letters {
		m.State = store.Sent
		all.Go(func() { errs[i] = db.PutMessage(ctx, m) })
	}
	for i, n := range slices.Sorted(maps.Keys(known)) {
		i += len(letters)
		all.Go(func() {
			in, err := db.Incident(ctx, n)
			if err == nil {
				err = db.PutRecord(ctx, store.Record{Mirror: slack.Door, Incident: n, SyncedVersion: in.Version, CursorSeq: in.Seq})
			}
			errs[i] = err
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// demoPeople are the people of the simulated workspace by name.
func demoPeople(ctx context.Context, s settings.Settings) (map[string]incidents.Actor, error) {
	client := slack.NewClient(slack.Options{BotToken: s.Slack.BotToken.Reveal(), APIURL: string(s.Slack.APIURL)})
	if err := client.Connect(ctx); err != nil {
		return nil, err
	}
	directory := slack.NewDirectory(client)
	people := map[string]incidents.Actor{}
	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		p, err := directory.Person(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("the workspace has no %s: %w", name, err)
		}
		people[name] = p.Actor()
	}
	return people, nil
}
