package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// answers lets somebody say something and answers what they read at once.
func (b *bubble) answers(who, channel, text string) string {
	out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": text})
	elapse(2 * time.Second)
	response, _ := out["response"].(map[string]any)
	return strings.ReplaceAll(words(response), "\u200b", "")
}

// member is the id of somebody by name.
func (b *bubble) member(name string) string {
	st, err := b.state()
	if err != nil {
		return ""
	}
	for _, u := range st.Users {
		if u.Name == name {
			return u.ID
		}
	}
	return ""
}

// presses lets somebody press a button of the last message with these words that
// they were sent alone.
func (b *bubble) presses(name, words, label string) error {
	id := b.member(name)
	found := b.shows(id, words)
	if len(found) == 0 {
		return fmt.Errorf("%s reads nothing of %q", name, words)
	}
	m := found[len(found)-1]
	st, err := b.state()
	if err != nil {
		return err
	}
	for _, c := range st.Channels {
		if slices.Contains(c.Members, id) && slices.ContainsFunc(c.Messages, func(x simMessage) bool { return x.TS == m.TS && x.Text == m.Text }) {
			b.call(http.MethodPost, "/sim/click", map[string]any{"user": "@" + name, "channel": c.ID, "ts": m.TS, "action_id": button(m.Blocks, label)})
			elapse(2 * time.Second)
			return nil
		}
	}
	return errors.New("the message is nowhere")
}

// incident is an incident as it is stored.
func (b *bubble) incident(n incidents.Number) incidents.Incident {
	in, err := b.prog.store.Incident(context.Background(), n)
	if err != nil {
		return incidents.Incident{}
	}
	return in
}

// all is nil if each of these holds, or says which do not.
func all(holds map[string]bool) error {
	var wrong []error
	for what, so := range holds {
		if !so {
			wrong = append(wrong, errors.New("not so: "+what))
		}
	}
	return errors.Join(wrong...)
}

func TestOneIncidentIsMergedIntoAnother(t *testing.T) {
	t.Parallel()
	inBubble(t, idle(), func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		into := b.place(1)
		b.says("@carol", "#general", "open sev2 payments are slow")
		from := b.place(2)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@dave", "channel": from})
		b.says("@carol", from, "task add call the bank")
		answer := b.answers("@carol", from, "merge INC-1 they have one cause")
		elapse(time.Minute)
		st, err := b.state()
		if err != nil {
			return err
		}
		one, two := b.incident(1), b.incident(2)
		if err := all(map[string]bool{
			"carol is told what happened":      strings.Contains(answer, "INC-2 is now merged into INC-1; whoever responded is invited there. 1 open task stays behind"),
			"carol is shown the way":           strings.Contains(answer, "<#"+into+">"),
			"it ends as merged":                two.EndedAs == incidents.EndedMerged && two.MergedInto == 1 && two.Status.Ended(),
			"the other one knows":              slices.Equal(one.Merged, []incidents.Number{2}),
			"both are linked":                  len(one.Links) == 1 && len(two.Links) == 1 && strings.HasSuffix(two.Links[0].URL, "/incidents/INC-1"),
			"dave and carol are in":            slices.Contains(st.channel(into).Members, b.member("dave")) && slices.Contains(st.channel(into).Members, b.member("carol")),
			"dave is told, once":               len(b.shows(b.member("dave"), "INC-2 was merged into")) == 1,
			"dave is told where":               len(b.shows(b.member("dave"), "Go on there in <#"+into+">")) == 1,
			"carol, who did it, is not told":   len(b.shows(b.member("carol"), "was merged into")) == 0,
			"the old channel says where to go": len(b.shows(from, "Merged into INC-1, where the work goes on: they have one cause")) == 1 && len(b.shows(from, "Go on in <#"+into+">")) == 2,
			"the new channel says who comes":   len(b.shows(into, "INC-2 was merged into INC-1")) == 1,
			"its card shows it":                len(b.shows(into, "Merged into this: INC-2 <#"+from+">")) == 1,
			"the topic shows it":               strings.Contains(st.channel(from).Topic, "merged into INC-1"),
		}); err != nil {
			return err
		}
		b.says("@carol", from, "reopen it was another thing")
		if one := b.incident(1); len(one.Merged) > 0 || len(one.Links) > 0 || b.incident(2).MergedInto != 0 {
			return fmt.Errorf("opened again, and still %+v", one)
		}
		b.says("@carol", from, "merge INC-1 no, they are one")
		elapse(time.Minute)
		if got := b.answers("@dave", from, "update here"); !strings.Contains(got, "INC-2 was merged into INC-1, so you cannot post an update. Go on there") {
			return errors.New(got)
		}
		elapse(30 * time.Hour)
		return b.wantsSaid(0, from, "Nobody has")
	})
}

// A private incident is merged into none that more people can see, and a crash
// at any moment leaves both halves of a merge or none.
func TestMergesAndPrivateIncidents(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open private a key was seen")
		secret := b.place(1)
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.says("@alice", "#general", "open private a laptop is gone")
		if got := b.answers("@alice", secret, "merge INC-2"); !strings.Contains(got, "INC-1 is private and INC-2 is not") {
			return errors.New(got)
		}
		b.says("@alice", b.place(3), "invite @bob")
		if got := b.answers("@alice", secret, "merge INC-3"); !strings.Contains(got, "Bring them in first: /incident invite @bob") {
			return errors.New(got)
		}
		if got := b.answers("@carol", "#general", "merge INC-2 INC-1"); !strings.Contains(got, "INC-1 does not exist or is not open to you.") {
			return errors.New(got)
		}
		b.says("@alice", secret, "invite @bob")
		b.says("@alice", secret, "merge INC-3")
		if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
			return err
		}
		elapse(time.Minute)
		return all(map[string]bool{
			"it is merged": b.incident(1).MergedInto == 3 && slices.Contains(b.incident(3).Merged, 1),
			"said once":    len(b.shows(b.place(3), "INC-1 was merged into INC-3")) == 1,
		})
	})
}

func TestCommandIsOffered(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@bob", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "task add call the bank @carol due 30m")
		b.says("@bob", ch, "update half of Europe is out next 20m")
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@dave", "channel": ch})
		asked := b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@dave", "channel": ch, "text": "Is the database up?"})
		b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@dave", "channel": ch, "text": "Who talks to the bank?"})
		b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": ch, "text": "it is", "thread_ts": asked["ts"]})
		elapse(2 * time.Second)
		b.says("@bob", ch, "handoff @carol I must sleep")
		carol, bob := b.member("carol"), b.member("bob")
		offer := b.shows(carol, "bob offers you command of")
		if len(offer) != 1 {
			return fmt.Errorf("carol has %d offers", len(offer))
		}
		packet := offer[0].words()
		if err := all(map[string]bool{
			"his words":             strings.Contains(packet, "I must sleep"),
			"the last update":       strings.Contains(packet, "half of Europe is out"),
			"the open task":         strings.Contains(packet, "1. call the bank – carol, due"),
			"the open question":     strings.Contains(packet, "dave: Who talks to the bank?"),
			"no answered question":  !strings.Contains(packet, "Is the database up?"),
			"what is due next":      strings.Contains(packet, "status update by"),
			"where":                 strings.Contains(packet, "<#"+ch+">"),
			"bob knows his role":    len(b.shows(bob, "You are now Incident commander of")) == 1,
			"what it is about":      len(b.shows(bob, "You decide and delegate")) == 1,
			"nothing has changed":   b.incident(1).Roles["commander"].Name == "bob",
			"carol is told no more": len(b.shows(carol, "You are now")) == 0,
		}); err != nil {
			return err
		}
		if err := b.presses("carol", "bob offers you command of", "Decline"); err != nil {
			return err
		}
		b.says("@bob", ch, "handoff @carol please")
		if err := b.presses("carol", "please", "Accept"); err != nil {
			return err
		}
		elapse(time.Minute)
		return all(map[string]bool{
			"bob is told that she declined": len(b.shows(bob, "carol does not take command of")) == 1,
			"carol commands":                b.incident(1).Roles["commander"].Name == "carol",
			"everybody hears":               len(b.shows(ch, "carol took command: please")) == 1,
			"she learns what it is about":   len(b.shows(carol, "You decide and delegate")) == 1,
		})
	})
}

func TestAnOfferThatNobodyAnswersIsToldOnce(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@bob", "#general", "open sev2 search is slow")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "handoff @carol")
		bob := b.member("bob")
		elapse(8 * time.Minute)
		if err := b.wantsSaid(0, bob, "has not answered"); err != nil {
			return err
		}
		elapse(40 * time.Minute)
		return errors.Join(b.wantsSaid(1, bob, "carol has not answered the offer to command INC-1"), b.wantsSaid(0, ch, "has not answered"))
	})
}

func TestWhatIsOverIsRecorded(t *testing.T) {
	t.Parallel()
	inBubble(t, idle(), func(b *bubble) error {
		b.change = func(s *settings.Settings) { s.Open.Invite = settings.Invitations{"sev1": {"@oncall"}} }
		if err := errors.Join(b.stop(), b.start(context.Background())); err != nil {
			return err
		}
		elapse(72 * time.Hour) // the world begins with the year 2000
		day := time.Now().Add(-48 * time.Hour).UTC().Format("2006-01-02")
		text := fmt.Sprintf("open sev1 —started “%s 14:00” --resolved \"%s 16:10\" checkout was down", day, day)
		answer := b.answers("@alice", "#general", text)
		if !strings.Contains(answer, "Recorded INC-1, resolved at") || !strings.Contains(answer, "nobody is called or reminded, and it is not announced") {
			return errors.New(answer)
		}
		ch := b.place(1)
		elapse(4 * 24 * time.Hour)
		st, err := b.state()
		if err != nil {
			return err
		}
		in := b.incident(1)
		own := 0
		for _, m := range st.channel(ch).Messages {
			if m.User == "U0FIREBOSS" && m.Subtype == "" && m.EphemeralTo == "" {
				own++
			}
		}
		return all(map[string]bool{
			"all its times":              *in.Times.Durations().Resolve == 130*time.Minute && in.Times.Durations().Basis == "impact_started" && in.Times.Durations().Detect == nil,
			"nobody is called":           len(st.channel(ch).Members) == 2,
			"nothing is due":             len(in.Deadlines) == 0,
			"nobody is told":             len(b.shows(b.member("alice"), "INC-1")) == 0,
			"the card and what happened": own == 2,
			"the card says what it is":   len(b.shows(ch, "recorded afterwards")) >= 1,
		})
	})
}

func TestFieldsAreAskedForBeforeTheEnd(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "type availability")
		if err := b.wantsSaid(1, ch, "Checklist for availability: 1. Look at what was changed"); err != nil {
			return err
		}
		b.says("@alice", ch, "resolve")
		b.fills("@alice", ch, "close", "Close INC-1", map[string]any{"set_root_cause": "a full disk"})
		if in := b.incident(1); in.Status != incidents.Closed || len(in.Tasks) != 2 {
			return fmt.Errorf("it is %+v", in)
		}
		return nil
	})
}

// A drill is marked wherever it shows.
func TestADrillIsMarked(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "drill sev1 the database is gone")
		elapse(30 * time.Second)
		st, err := b.state()
		if err != nil {
			return err
		}
		ch := ""
		for _, c := range st.Channels {
			if strings.HasPrefix(c.Name, "drill-1-") {
				ch = c.ID
			}
		}
		b.says("@bob", ch, "note looked at it")
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "handoff @carol yours")
		if err := b.presses("carol", "offers you command", "Decline"); err != nil {
			return err
		}
		b.says("@alice", "#general", "drill and another")
		answer := b.answers("@bob", ch, "sev 2")
		elapse(70 * time.Minute) // until updates are due
		if st, err = b.state(); err != nil {
			return err
		}
		wrong := []error{all(map[string]bool{"the answer": strings.Contains(answer, "Drill: INC-1 is now sev2"), "reminded": len(b.shows(ch, "is due")) > 0})}
		for _, c := range st.Channels {
			for _, m := range c.Messages {
				if m.User == "U0FIREBOSS" && m.Subtype == "" && !strings.Contains(strings.ToUpper(m.words()), "PRACTICE") && !strings.Contains(strings.ToLower(m.words()), "drill") {
					wrong = append(wrong, fmt.Errorf("#%s: %q", c.Name, m.words()))
				}
			}
			if c.ID == ch && !strings.HasPrefix(c.Topic, "PRACTICE") {
				wrong = append(wrong, errors.New("the topic is "+c.Topic))
			}
		}
		return errors.Join(wrong...)
	})
}

// checkMerges wants both halves of every merge: who was merged has ended and
// leads, in however many steps, to one that was not; that one knows of it; and
// nobody came to see what they could not see before (either may have become private
// since).
func checkMerges(list []incidents.Incident) error {
	by := map[incidents.Number]incidents.Incident{}
	for _, in := range list {
		by[in.Number] = in
	}
	var wrong []error
	for _, in := range list {
		if (in.MergedInto != 0) != (in.EndedAs == incidents.EndedMerged) {
			wrong = append(wrong, fmt.Errorf("%s ended as %q and is merged into %s", in.Number, in.EndedAs, in.MergedInto))
		}
		for _, n := range in.Merged {
			if by[n].MergedInto != in.Number {
				wrong = append(wrong, fmt.Errorf("%s says that %s was merged into it, which says %s", in.Number, n, by[n].MergedInto))
			}
		}
		if in.MergedInto == 0 {
			continue
		}
		into := by[in.MergedInto]
		if !slices.Contains(into.Merged, in.Number) || in.Private && !in.WasPublic && !into.Private || into.Drill != in.Drill {
			wrong = append(wrong, fmt.Errorf("%s was merged into %+v", in.Number, into))
		}
		for steps := 0; into.MergedInto != 0; into = by[into.MergedInto] {
			if steps++; steps > len(list) {
				wrong = append(wrong, fmt.Errorf("whoever follows %s goes round in circles", in.Number))
				break
			}
		}
	}
	return errors.Join(wrong...)
}
