package postmortem

import (
	"slices"
	"time"

	"fireboss/incidents"
)

// How much is told one by one.
const (
	maxTold     = 40 // of one phase; the rest is counted
	maxListed   = 12 // of what bears on a section that is asked for
	maxCited    = 12 // events of one statement that counts them; of more, the first and the last
	paragraphOf = 5  // sentences in a paragraph
)

// teller turns statements into sentences with their times. A time is not said again
// for what happened within the same minute.
type teller struct {
	day, minute string
}

// when is how a sentence about a moment begins.
func (t *teller) when(at time.Time) string {
	day, minute := date(at), clock(at)
	sameDay, sameMinute := t.day == day, t.minute == minute
	t.day, t.minute = day, minute
	switch {
	case !sameDay:
		return "at " + minute + " on " + day + ", "
	case sameMinute:
		return ""
	}
	return "at " + minute + ", "
}

// again has the next sentence say its time in any case.
func (t *teller) again() { t.minute = "" }

// tell makes sentences of statements: what one actor did within a minute is one.
func (p *page) tell(t *teller, list []claim) (sentences []string) {
	for i := 0; i < len(list); {
		if len(sentences)%paragraphOf == 0 && i > 0 {
			t.again()
		}
		n := 1
		for i+n < len(list) && joins(list[i:i+n], list[i+n]) {
			n++
		}
		if s := p.a.stated(together(t, list[i:i+n])); s != "" {
			sentences = append(sentences, s)
		}
		i += n
	}
	return sentences
}

// maxJoined is how many statements become one sentence.
const maxJoined = 3

// joins reports whether a statement goes on where others end.
func joins(list []claim, next claim) bool {
	last := list[len(list)-1]
	return len(list) < maxJoined && last.tail == "" && last.until.IsZero() && next.until.IsZero() && last.subject == next.subject &&
		clock(last.at) == clock(next.at) && date(last.at) == date(next.at)
}

// together is one sentence of some statements with the same subject.
func together(t *teller, list []claim) (string, []uint64) {
	first := list[0]
	when := ""
	if first.until.IsZero() {
		when = t.when(first.at)
	} else {
		t.day = date(first.until)
		t.again()
	}
	var verbs []string
	var cites []uint64
	for _, c := range list {
		verbs, cites = append(verbs, c.verb), append(cites, c.cites...)
	}
	whole := claim{subject: first.subject, verb: enumerate(verbs), tail: list[len(list)-1].tail}
	return when + whole.text(), cites
}

// claims are those of some entries.
func (v *voice) claims(list []*entry) []claim {
	var out []claim
	for _, e := range list {
		if c, ok := v.claim(e); ok {
			out = append(out, c)
		}
	}
	return out
}

// quiet is what is said of a long silence.
func (s silence) claim() claim {
	return claim{at: s.from.At, until: s.to.At, cites: []uint64{s.from.Seq, s.to.Seq},
		subject: "the record", verb: "holds nothing that people did " + between(s.from.At, s.to.At) + ", for " + incidents.Span(s.length())}
}

// between is a time from one moment to another, for those who know the day.
func between(from, to time.Time) string {
	if date(from) == date(to) {
		return "from " + clock(from) + " to " + clock(to)
	}
	return stretch(from, to)
}

// counting are the events that a count stands on: all of them, or of very many the
// first and the last.
func counting(list []*entry) []uint64 {
	all := seqs(list)
	if len(all) > maxCited {
		slices.Sort(all)
		return []uint64{all[0], all[len(all)-1]}
	}
	return all
}

// ends are the first and the last of some events, which stand for all of them.
func ends(list []*entry) []uint64 {
	all := slices.Sorted(slices.Values(seqs(list)))
	if len(all) > 2 {
		return []uint64{all[0], all[len(all)-1]}
	}
	return all
}
