package alerts

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"fireboss/incidents"
)

// Past is what a replay goes by.
type Past struct {
	Alerts []Alert // as they are stored
	// Incidents are all that there were. Each counts as open from when it was declared until it was resolved, as far as
	// that is known: what it was in between, when it was reopened and which services it had then nobody knows any more.
	Incidents []incidents.Incident
	// Now is when it is replayed: until then the rules are asked about what a window has silenced.
	Now time.Time
}

// Replayed is an alert, and what these rules would have made of it.
type Replayed struct {
	Alert Alert // as it is stored
	Would Decision
	// Into is the incident that it would have been attached to; for one that these rules would have opened, Opens.
	Into incidents.Number
	// Opens says which of the incidents that these rules would have opened, 1, 2, 3 …, it would have opened or been
	// attached to; 0: none.
	Opens int
	// Differs says that something else became of it.
	Differs bool
}

// opened is the first number of an incident that a replay has opened.
const opened = incidents.Number(1 << 62)

// replay is one, as far as it has come.
type replay struct {
	policy  Policy
	past    []incidents.Incident // newest first
	until   map[incidents.Number]time.Time
	newest  map[[2]string]*Alert // by source and fingerprint
	groups  map[[2]string][]Alert
	opening int
	done    []Replayed
	quiet   quietest
}

// Replay is what these rules would have made of stored alerts, in the order in which they came. Each is taken as it was
// heard first, with the texts and labels that are known of it now. An incident that the rules would have opened is open
// as long as the alert that opened it.
func (p Policy) Replay(past Past) []Replayed {
	r := &replay{policy: p, until: map[incidents.Number]time.Time{}, newest: map[[2]string]*Alert{}, groups: map[[2]string][]Alert{}}
	r.past = slices.Clone(past.Incidents)
	slices.SortFunc(r.past, func(a, b incidents.Incident) int { return cmp.Compare(b.Number, a.Number) })
	for i, in := range r.past {
		r.until[in.Number], r.past[i].Alerts.Came = ended(in), in.DeclaredAt // what came to it is said again
	}
	list := slices.Clone(past.Alerts)
	slices.SortStableFunc(list, func(a, b Alert) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.Number, b.Number))
	})
	for _, a := range list {
		r.ask(a.ReceivedAt)
		r.one(a)
	}
	r.ask(past.Now)
	return r.done
}

// ended is when an incident was over; zero: it is not.
func ended(in incidents.Incident) time.Time {
	switch {
	case in.Status.Open():
		return time.Time{}
	case !in.Times.Resolved.IsZero():
		return in.Times.Resolved
	}
	return cmp.Or(in.Over(), in.Times.Closed, in.DeclaredAt)
}

// one replays an alert as it came.
func (r *replay) one(a Alert) {
	at := a.ReceivedAt
	k := [2]string{a.Source, a.Fingerprint}
	as := a.clone()
	as.AskedAt, as.Silenced = time.Time{}, 0
	as.Incident, as.Was, as.Past, as.Auto, as.Decision, as.Quiet, as.Count, as.EndedAt = 0, nil, nil, "", Decision{}, nil, 1, time.Time{}
	if as.Status.Over() {
		as.Status = Firing
	}
	before := r.newest[k]
	if before != nil {
		as.Was, as.Past = before.Was, before.past()
	}
	byHand := a.Quiet != nil && a.Quiet.Silence != 0 && a.Decision.Rule == SilencedRule
	switch {
	case a.Decision.Rule == overRule, a.Flapping && a.Decision.Rule == flappingRule, byHand: // no rule was asked, and none would be
		as.Decision, as.Incident = a.Decision, a.Incident
	default:
		as = r.decide(a, r.policy.settle(as, r.facts(a, before, at), at), at)
	}
	r.done = append(r.done, Replayed{Alert: a})
	r.told(len(r.done)-1, as)
}

// facts are what the rules are asked with.
func (r *replay) facts(a Alert, known *Alert, at time.Time) Facts {
	return Facts{
		Known: known, Open: func() []incidents.Incident { return r.open(at) },
		Group:    func() []Alert { return newestOf(r.groups[[2]string{a.Source, a.Group}]) },
		Incident: func(n incidents.Number) (incidents.Incident, bool) { return r.ended(n, at) },
	}
}

// decide is the alert after what the rules made of it.
func (r *replay) decide(a Alert, c Change, at time.Time) Alert {
	as := *c.Alert
	if len(c.Do) == 1 {
		if open, opening := c.Do[0].Do.(incidents.Open); opening {
			as.Incident = r.opens(a, open, at)
		}
	}
	if i := slices.IndexFunc(r.past, func(in incidents.Incident) bool { return in.Number == as.Incident }); i >= 0 {
		r.past[i].Alerts.Came = at
	}
	return as
}

// told notes what would have become of an alert. Of one that a window silences the rules are asked when that is over.
func (r *replay) told(i int, as Alert) {
	out := &r.done[i]
	a := out.Alert
	if until := as.QuietUntil(); !until.IsZero() && (a.Open() || a.EndedAt.After(until)) {
		heap.Push(&r.quiet, quieted{i, as})
	}
	out.Would, out.Into, out.Opens = as.Decision, as.Incident, 0
	if as.Incident >= opened {
		out.Into, out.Opens = 0, int(as.Incident-opened)
	}
	joins := out.Would.Action == Attach || out.Would.Action == Page && out.Opens == 0
	out.Differs = out.Would.Action != a.Decision.Action || joins && (out.Into != a.Incident || out.Opens > 0)
	if as.Incident == 0 && a.Decision.By != "" { // what people did they would have done all the same
		as.Incident = a.Incident
	}
	as.Was = a.Was
	r.newest[[2]string{a.Source, a.Fingerprint}] = &as
	if a.Group != "" && as.Incident != 0 {
		group := [2]string{a.Source, a.Group}
		r.groups[group] = append(r.groups[group], as)
	}
}

// quieted is an alert that a window silences.
type quieted struct {
	place int // in done
	as    Alert
}

// quietest are those, as a heap: the one first whose window is over first, of several the one that came first.
type quietest []quieted

func (q quietest) Len() int { return len(q) }
func (q quietest) Less(i, j int) bool {
	return cmp.Or(q[i].as.Quiet.Until.Compare(q[j].as.Quiet.Until), cmp.Compare(q[i].place, q[j].place)) < 0
}
func (q quietest) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *quietest) Push(x any)   { *q = append(*q, x.(quieted)) }
func (q *quietest) Pop() any {
	last := (*q)[len(*q)-1]
	*q = slices.Delete(*q, len(*q)-1, len(*q))
	return last
}

// ask asks the rules about what was silenced until a moment, in order.
func (r *replay) ask(until time.Time) {
	for len(r.quiet) > 0 && !r.quiet[0].as.Quiet.Until.After(until) {
		first := heap.Pop(&r.quiet).(quieted)
		a, at := r.done[first.place].Alert, first.as.Quiet.Until
		r.told(first.place, r.decide(a, r.policy.Ask(first.as, r.facts(a, &first.as, at), at), at))
	}
}

// newestOf are the newest of a list, newest first, as many as are looked at.
func newestOf(list []Alert) []Alert {
	const looked = 20
	list = slices.Clone(list[max(0, len(list)-looked):])
	slices.Reverse(list)
	return list
}

// open are the incidents that were open at a moment, newest first.
func (r *replay) open(at time.Time) (list []incidents.Incident) {
	for _, in := range r.past {
		if until := r.until[in.Number]; in.DeclaredAt.Before(at) && (until.IsZero() || until.After(at)) {
			list = append(list, in)
		}
	}
	return list
}

// ended is an incident as far as it had ended by a moment.
func (r *replay) ended(n incidents.Number, at time.Time) (incidents.Incident, bool) {
	i := slices.IndexFunc(r.past, func(in incidents.Incident) bool { return in.Number == n })
	if until := r.until[n]; i < 0 || until.IsZero() || until.After(at) {
		return incidents.Incident{}, false
	}
	return r.past[i], true
}

// opens is the incident that an alert would have opened: the one that it did open, or else one that there never was.
func (r *replay) opens(a Alert, open incidents.Open, at time.Time) incidents.Number {
	if i := slices.IndexFunc(r.past, func(in incidents.Incident) bool { return in.Number == a.Incident }); a.Incident != 0 && i >= 0 && !r.past[i].DeclaredAt.Before(at) {
		return a.Incident
	}
	r.opening++
	in := incidents.Incident{
		Number: opened + incidents.Number(r.opening), Title: open.Title, Services: open.Services, Storm: open.Storm, Private: open.Private != nil && *open.Private, DeclaredBy: a.Actor().Person(), DeclaredAt: at, Times: incidents.Times{Declared: at},
	}
	r.past = slices.Insert(r.past, 0, in)
	r.until[in.Number] = a.EndedAt
	return in.Number
}

// ReplayTally is what a rule would have done, in numbers.
type ReplayTally struct {
	Rule                          string // empty: none held
	Shadow                        bool
	Attach, Declare, Notify, Page int
	Ignore                        int
	Differ                        int // of them, those of which something else became; not of a rule in shadow
}

// All is how many alerts the rule held for.
func (t ReplayTally) All() int { return t.Attach + t.Declare + t.Notify + t.Page + t.Ignore }

// TallyReplay counts by rule, in the order of the rules; what no rule held for is last.
func (p Policy) TallyReplay(list []Replayed) []ReplayTally {
	type name struct {
		rule   string
		shadow bool
	}
	all := map[name]*ReplayTally{}
	count := func(n name, action Action) *ReplayTally {
		if all[n] == nil {
			all[n] = &ReplayTally{Rule: n.rule, Shadow: n.shadow}
		}
		t := all[n]
		switch action {
		case Attach:
			t.Attach++
		case Declare:
			t.Declare++
		case Notify:
			t.Notify++
		case Page:
			t.Page++
		default:
			t.Ignore++
		}
		return t
	}
	for _, one := range list {
		if t := count(name{one.Would.Rule, false}, one.Would.Action); one.Differs {
			t.Differ++
		}
		for _, s := range one.Would.Shadow {
			count(name{s.Rule, true}, s.Action)
		}
	}
	var out []ReplayTally
	for _, rule := range p.Rules {
		n := name{rule.Name, rule.Shadow}
		if all[n] == nil {
			all[n] = &ReplayTally{Rule: rule.Name, Shadow: rule.Shadow}
		}
		out = append(out, *all[n])
		delete(all, n)
	}
	rest := len(out)
	for _, t := range all {
		out = append(out, *t)
	}
	slices.SortFunc(out[rest:], func(a, b ReplayTally) int { return cmp.Compare(b.Rule, a.Rule) })
	return out
}
