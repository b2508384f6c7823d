package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// model is a store as simple as can be: it decides like any other and searches
// everything each time it is asked.
type model struct {
	w         *world
	incidents []incidents.Incident // INC-1 first
	events    map[incidents.Number][]incidents.Event
	outside   map[incidents.OutsideID][]store.Due       // Incident, and the seq as Occurrence
	texts     map[incidents.Number][]incidents.Document // of postmortems, version by version
	decided   map[string]incidents.Number
	synced    map[string]map[incidents.Number]store.Record
	queues    map[string][]waiting
	unsent    int
	changed   map[incidents.Number]bool // since the last seal
}

type waiting struct {
	number incidents.Number
	since  time.Time
}

func newModel(w *world) *model {
	return &model{
		w: w, texts: map[incidents.Number][]incidents.Document{}, events: map[incidents.Number][]incidents.Event{}, outside: map[incidents.OutsideID][]store.Due{},
		decided: map[string]incidents.Number{}, synced: map[string]map[incidents.Number]store.Record{},
		queues: map[string][]waiting{}, changed: map[incidents.Number]bool{},
	}
}

// apply is Apply; of the events it answers only how many there are.
func (m *model) apply(c incidents.Command) (n incidents.Number, caused int, err error) {
	if n, known := m.decided[c.ID]; known {
		return n, 0, nil
	}
	var in incidents.Incident
	if _, opening := c.Do.(incidents.Open); opening {
		in.Number = incidents.Number(len(m.incidents) + 1)
	} else if c.Incident > 0 && int(c.Incident) <= len(m.incidents) {
		in = m.incidents[c.Incident-1]
	}
	change, err := incidents.Decide(m.w.policy(), in, m.facts(in.Number, c.Do), c, m.w.now())
	if err != nil {
		return 0, 0, err
	}
	m.decided[c.ID] = change.Incident.Number
	m.record(in, change)
	for _, f := range change.Follow {
		other := m.incidents[f.Incident-1]
		led, err := incidents.Decide(m.w.policy(), other, m.facts(f.Incident, f.Do), f, m.w.now())
		if err != nil {
			return 0, 0, err
		}
		m.decided[f.ID] = f.Incident
		m.record(other, led)
	}
	return change.Incident.Number, len(change.Events), nil
}

func (m *model) facts(n incidents.Number, act incidents.Act) incidents.Facts {
	f := incidents.Facts{Behind: map[incidents.OutsideID][]incidents.Event{}, Others: map[incidents.Number]incidents.Incident{}}
	for _, other := range incidents.Others(act) {
		if other > 0 && int(other) <= len(m.incidents) {
			f.Others[other] = m.incidents[other-1]
		}
	}
	for _, id := range incidents.Needs(act) {
		for _, at := range m.outside[id] {
			if at.Incident == n {
				f.Behind[id] = append(f.Behind[id], m.events[n][at.Deadline.Occurrence-1])
			}
		}
	}
	if after, limit, ok := incidents.Recalls(act); ok && after < uint64(len(m.events[n])) {
		f.Events = m.events[n][after:]
		if limit > 0 {
			f.Events = f.Events[:min(limit, len(f.Events))]
		}
	}
	texts := m.texts[n]
	if base, ok := incidents.Reads(act); ok && len(texts) > 0 {
		f.Document = &texts[len(texts)-1]
		if base > 0 && base <= len(texts) {
			f.Base = &texts[base-1]
		}
	}
	return f
}

// rewrite keeps a new text of a postmortem, and takes out of all what goes.
func (m *model) rewrite(n incidents.Number, change incidents.Change) {
	if change.Document != nil {
		m.texts[n] = append(m.texts[n], *change.Document)
	}
	var gone []incidents.Event
	for _, seq := range change.Redact {
		gone = append(gone, m.events[n][seq-1])
	}
	out, texts := change.Gone(gone), m.texts[n]
	for _, e := range gone {
		if version, slot, edited := e.Edited(); edited {
			out.Texts = append(out.Texts, texts[version-1].Added(texts[version-2], slot)...)
		}
	}
	for i := range texts {
		if out.All {
			texts[i] = texts[i].Emptied()
		} else {
			texts[i] = postmortem.Without(texts[i], out.Seqs, out.Texts)
		}
	}
}

func (m *model) record(was incidents.Incident, change incidents.Change) {
	in := change.Incident
	for i, e := range change.Events {
		in.Seq++
		e.Seq = in.Seq
		m.events[in.Number] = append(m.events[in.Number], e)
		if id, ok := change.Links[i]; ok {
			m.outside[id] = append(m.outside[id], store.Due{Incident: in.Number, Deadline: incidents.Deadline{Occurrence: int(e.Seq)}})
		}
	}
	m.rewrite(in.Number, change)
	for _, seq := range change.Redact {
		m.events[in.Number][seq-1] = m.events[in.Number][seq-1].Redact()
	}
	if int(in.Number) > len(m.incidents) {
		m.incidents = append(m.incidents, in)
	} else {
		m.incidents[in.Number-1] = in
	}
	m.unsent += len(change.Messages)
	if len(change.Events) == 0 {
		return
	}
	for mirror := range m.queues {
		m.enqueue(mirror, in.Number)
	}
	m.changed[in.Number] = true
	if in.Status == incidents.Closed && was.Status != incidents.Closed {
		clear(m.changed)
	}
}

func (m *model) addMirror(mirror string) {
	if m.queues[mirror] != nil {
		return
	}
	m.queues[mirror], m.synced[mirror] = []waiting{}, map[incidents.Number]store.Record{}
	for _, in := range m.incidents {
		if in.Status.Open() {
			m.enqueue(mirror, in.Number)
		}
	}
}

func (m *model) enqueue(mirror string, n incidents.Number) {
	if m.place(mirror, n) < 0 {
		m.queues[mirror] = append(m.queues[mirror], waiting{n, m.w.now()})
	}
}

func (m *model) place(mirror string, n incidents.Number) int {
	return slices.IndexFunc(m.queues[mirror], func(x waiting) bool { return x.number == n })
}

func (m *model) putRecord(r store.Record) {
	in, was := m.incidents[r.Incident-1], m.synced[r.Mirror][r.Incident]
	m.synced[r.Mirror][r.Incident] = r
	forward := r.SyncedVersion > was.SyncedVersion || r.CursorSeq > was.CursorSeq
	lags := r.SyncedVersion < in.Version || r.CursorSeq < in.Seq
	if i := m.place(r.Mirror, r.Incident); i >= 0 && (forward || !lags) {
		m.queues[r.Mirror] = slices.Delete(m.queues[r.Mirror], i, i+1)
	}
	if lags {
		m.enqueue(r.Mirror, r.Incident)
	}
}

// compare asks the store all that the model knows.
func (m *model) compare() {
	w := m.w
	w.Helper()
	list, err := w.Store.Incidents(w.ctx, store.Query{})
	w.ok(err)
	if len(list) != len(m.incidents) {
		w.Fatalf("%d incidents, want %d", len(list), len(m.incidents))
	}
	events := 0
	for i, in := range list {
		want := m.incidents[len(list)-1-i]
		want.Head = in.Head
		w.sameIncident("state", in, want)
		m.compareEvents(in)
		same(w, "the texts of the postmortem of "+in.Number.String(), w.texts(in.Number), m.texts[in.Number])
		events += int(in.Seq)
	}
	if a := w.audit(); a.Events != events || len(a.Heads) != len(list) {
		w.Errorf("the audit counts %d events of %d incidents, want %d of %d", a.Events, len(a.Heads), events, len(list))
	}
	m.compareIndexes()
	m.compareFigures()
}

func (m *model) compareEvents(in incidents.Incident) {
	w := m.w
	w.Helper()
	got := w.events(in.Number)
	if len(got) != len(m.events[in.Number]) || got[len(got)-1].Hash != in.Head {
		w.Fatalf("%s has %d events, want %d", in.Number, len(got), len(m.events[in.Number]))
	}
	for i, want := range m.events[in.Number] {
		e := got[i]
		if e.Kind != want.Kind || e.Text != want.Text || string(e.Data) != string(want.Data) || e.Redacted != want.Redacted || !e.At.Equal(want.At) {
			w.Fatalf("%s is %+v, want %+v", e.ID(), e, want)
		}
	}
}

func (m *model) compareIndexes() {
	w := m.w
	w.Helper()
	open, err := w.Store.Incidents(w.ctx, store.Query{Open: true})
	w.ok(err)
	var deadlines int
	for _, in := range m.incidents {
		deadlines += len(in.Deadlines)
		if slices.ContainsFunc(open, func(o incidents.Incident) bool { return o.Number == in.Number }) != in.Status.Open() {
			w.Errorf("%s is %s, and the list of open ones says otherwise", in.Number, in.Status)
		}
	}
	dues := w.due(noon.Add(1e6*time.Hour), 0)
	for _, d := range dues {
		if !slices.ContainsFunc(m.incidents[d.Incident-1].Deadlines, func(have incidents.Deadline) bool { return indexed(have) == d.Deadline }) {
			w.Errorf("%v is due and no deadline of its incident", d)
		}
	}
	if len(dues) != deadlines {
		w.Errorf("%d deadlines, want %d", len(dues), deadlines)
	}
	for mirror, queue := range m.queues {
		var want []incidents.Number
		for _, x := range queue {
			want = append(want, x.number)
			if r := w.record(mirror, x.number); !r.BehindSince.Equal(x.since) {
				w.Errorf("%s waits for %s since %s, want %s", x.number, mirror, r.BehindSince, x.since)
			}
		}
		w.behind(mirror, want...)
	}
	if got := len(w.unsent()); got != m.unsent {
		w.Errorf("%d messages to be sent, want %d", got, m.unsent)
	}
	for id, at := range m.outside {
		if list, err := w.Store.Behind(w.ctx, id); err != nil || len(list) != len(at) {
			w.Errorf("%d events behind %v, want %d: %v", len(list), id, len(at), err)
		}
	}
	m.compareLists()
	for i, word := range vocabulary {
		m.compareSearch(word)
		m.compareSearch(word[:2])
		m.compareSearch(word, vocabulary[(i+1)%len(vocabulary)][:1])
	}
}

// compareLists asks for lists by all that incidents are and were found by.
func (m *model) compareLists() {
	w := m.w
	w.Helper()
	list := []store.Query{{Drill: true}, {Postmortem: true}}
	for _, s := range incidents.Severities {
		list = append(list, store.Query{Severity: &s}, store.Query{Severity: &s, Open: true}, store.Query{Severity: &s, Status: incidents.Closed})
	}
	for _, s := range incidents.Statuses {
		list = append(list, store.Query{Status: s})
	}
	for i, word := range vocabulary {
		list = append(list, store.Query{Words: []string{word}}, store.Query{Words: []string{word[:1], vocabulary[(i+1)%len(vocabulary)]}}, store.Query{Service: word})
	}
	for _, in := range m.incidents {
		list = append(list, store.Query{Type: in.Type, Severity: &in.Severity}, store.Query{Words: in.Words()})
		for _, s := range in.Services {
			list = append(list, store.Query{Service: s, Type: in.Type})
		}
	}
	for i, q := range list {
		q.Oldest = i%2 == 0
		var got, want []incidents.Number
		found, err := w.Store.Incidents(w.ctx, q)
		w.ok(err)
		for _, in := range found {
			got = append(got, in.Number)
		}
		for _, in := range m.incidents {
			if q.Matches(in) {
				want = append(want, in.Number)
			}
		}
		if !q.Oldest {
			slices.Reverse(want)
		}
		same(w, fmt.Sprintf("the list of %+v", q), got, want)
	}
}

// compareSearch looks for words of the vocabulary in every text; for some of what
// it finds too, for a store may find the newest in another way than all.
func (m *model) compareSearch(words ...string) {
	w := m.w
	w.Helper()
	with := map[incidents.Number]int{} // how many of the words
	for _, word := range words {
		for n, list := range m.events {
			if slices.ContainsFunc(list, func(e incidents.Event) bool { return saysWord(e, word) }) {
				with[n]++
			}
		}
	}
	maps.DeleteFunc(with, func(_ incidents.Number, n int) bool { return n < len(words) })
	want := slices.Sorted(maps.Keys(with))
	slices.Reverse(want)
	for _, limit := range []int{0, 1, 3, 1000} {
		some := want
		if limit > 0 {
			some = want[:min(limit, len(want))]
		}
		got, err := w.Store.Search(w.ctx, words, limit)
		w.ok(err)
		if !slices.Equal(got, some) {
			w.Errorf("search for %q, at most %d, finds %v, want %v", words, limit, got, some)
		}
	}
}

// saysWord reports whether a word of an event's text begins so.
func saysWord(e incidents.Event, word string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(e.Text), func(r rune) bool { return r < '0' || r > 'z' || r > '9' && r < 'a' }),
		func(said string) bool { return strings.HasPrefix(said, word) })
}
