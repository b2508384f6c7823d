package bot

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/integrations/pagertest"
)

// histories is how many random histories to live through, in hundreds. To look for
// more: go test ./bot -run Histories -histories=100000
var histories = flag.Int("histories", theSame, "how many random histories TestHistories lives through; without it always the same 100, or the first 40 of them")

// theSame is how many are lived through whenever everything is, and theFirst of them whenever the suite runs.
const (
	theSame  = 100
	theFirst = 40
)

// A step is one thing that happens in a history. It is plain data, so that a
// history that fails can be printed, made shorter and lived through again.
type step struct {
	Do       string // slash, form, fill, click, alarm, home, knock, message, answer, share, react, unreact, edit, delete, join, leave, unarchive, wait, restart, crash, fault, calm, disconnect, redeliver
	Who      string
	Incident int    // which of those opened so far, counted from 1; 0: none
	Text     string // of a command or message; the label of a button; a reason
	Wait     time.Duration
	Fault    map[string]any
}

func (s step) String() string {
	switch s.Do {
	case "wait":
		return "wait " + s.Wait.String()
	case "fault":
		return fmt.Sprintf("fault %v", s.Fault)
	case "restart", "crash", "calm":
		return s.Do
	}
	return fmt.Sprintf("%s %s in %d: %s", s.Who, s.Do, s.Incident, s.Text)
}

// historyPublish takes a postmortem from its draft to its canvas.
const historyPublish = "postmortem inc-1 draft ; postmortem inc-1 edit summary so it was N ; postmortem inc-1 review me ; postmortem inc-1 approve ; postmortem inc-1 publish"

// Everything that a history may say. N is replaced by a number of its own; what
// stands behind a semicolon is said next.
var (
	historyOpens = []string{"open sev1 fire N", "open sev3 smoke N", "open smell N", "open private secret N", "open private secret N", "drill exercise N", "open sev2 --started 00:00 late N", "open sev4 --started 20m late N", `open sev3 --started "1999-12-31 22:00" --resolved “1999-12-31 23:00” over N`}
	historyVerbs = []string{
		"note written down N", "note written down N", "ack", "lead me", "lead @bob", "role scribe @carol", "role scribe none", "roles", "sev 1", "sev 2 wider N", "sev 4",
		"status identified cause N", "status monitoring", "status triage", "update all is N next 20m", "update all is N", "summary what N is", "decision we do N",
		"task add do N", "task add do N @bob due 30m", "task take 1", "task assign 1 @carol", "task done 1", "task reopen 1", "task drop 1", "task list",
		"followup add later N", "followup take 1", "followup assign 1 @bob", "followup done 1", "followup reopen 1", "followup drop 1",
		"link https://example.com/N a link", "service add checkout", "service remove checkout", "handoff @carol it is yours N", "accept",
		"handoff @bob take it N", "decline", "decline busy N", "merge inc-1 one cause N", "merge inc-2", "task drop 1 no use N", "type availability", "type security", "field root_cause found N",
		"merge inc-3 inc-1", "merge inc-2 inc-1 one cause N", "merge inc-1 inc-2 one cause N", "reopen inc-1 back N", "reopen inc-2 back N", "handoff inc-1 @bob it is yours N", "decline inc-1", "accept inc-1",
		"snooze 20m", "snooze 1h update", "clock", "resolve done N", "close", "reopen again N", "cancel", "cancel false-positive N", "rename named N", "type performance", "field region N",
		"follow", "follow", "unfollow", "follow inc-1", "follow inc-1", "follow inc-2", "unfollow inc-1", "follow inc-1 ; unfollow inc-1", "update inc-1 for all who follow N", "update inc-1 for all who follow N", "close inc-1", "close inc-2", "reopen inc-1 once more N",
		"impact start 00:00", "impact end 00:01", "time detected 00:00", "join", "leave", "invite @carol", "timeline", "catchup", "page checkout wake up N", "page me", "page @carol it is N", "show", "search fire", "list", "list all", "help", "nonsense N", "",
		"redact 2 it slipped out", "redact 3", "redact 4", "redact 5", "hold on N", "hold off", "private leaked N", "private inc-1 leaked N", "public", "public confirm N", "public inc-1 confirm", "tlp red", "tlp green", "access", "access inc-1",
		"clock start gdpr", "clock submitted gdpr notification", "clock start dora at 00:00 ; clock mark dora classified",
		"clock mark dora classified", "clock start dora ; clock submitted dora initial", "clock submitted dora intermediate", "clock start dora ; clock stop dora no bank N", "followup add soon N priority high due tomorrow",
		"postmortem", "postmortem draft", "postmortem show", "postmortem owner @bob", "postmortem owner none", "postmortem review @carol", "postmortem review drop @carol", "postmortem approve", "postmortem publish",
		"postmortem draft ; postmortem review me ; postmortem approve ; postmortem publish", "postmortem draft ; postmortem review drop @carol ; postmortem edit summary so it was N ; postmortem review me ; postmortem approve ; postmortem publish",
		"postmortem draft ; postmortem edit summary so it was N", "postmortem draft ; postmortem edit summary so it was N ; redact 6 N ; redact 4",
		historyPublish, historyPublish, historyPublish, historyPublish + " ; private inc-1 leaked N", historyPublish + " ; redact inc-1 5 N ; redact inc-1 7 N",
		"alert", "alert list", "alert attach AL-1", "alert attach AL-1", "alert attach AL-2", "alert detach AL-1", "alert ignore AL-1 10m N", "alert declare AL-1 sev3 from an alert N", "alert show AL-1", "alert inc-1 attach AL-2", "alert detach AL-2", "alert declare AL-2 private from an alert N", "alert show AL-3",
		"silence source=alertmanager 10m N", "silence severity=critical 3m N", "silence AL-1 20m", "silence severity=critical 30m N ; silence end SI-1", "silence end SI-1", "silence list",
		"note a part of it N ; postmortem draft ; redact 3 ; redact 4", "postmortem inc-1 draft ; postmortem inc-1 edit summary so it was N",
	}
	historyPeople  = []string{"@alice", "@bob", "@carol", "@dave"}
	historyButtons = []string{"Acknowledge", "Take command", "Update", "Severity", "Status", "Tasks", "Resolve", "Done", "Take it", "Add a task"}
	historyEmoji   = []string{"pushpin", "pushpin", "pushpin", "pushpin", "white_check_mark", "memo", "eyes", "tada"}
	historyMethods = append(slackMethods(), "*")
	historyErrors  = []string{"internal_error", "internal_error", "ratelimited", "restricted_action", "missing_scope", "is_archived", "channel_not_found", "token_revoked"}
	historyFaults  = []string{"error", "ratelimit", "latency", "http500", "drop_before", "drop_after"}
)

// genSteps draws a history. A seed makes the steps, so that all of them are as
// likely as one another, and rapid draws which of them are taken: a history that
// fails is made shorter by leaving steps out.
func genSteps(t *rapid.T) []step {
	seed := rapid.Uint64().Draw(t, "seed")
	taken := rapid.SliceOfN(rapid.Bool(), 10, 90).Draw(t, "taken")
	r := rand.New(rand.NewPCG(seed, uint64(len(taken))))
	var steps []step
	for range r.IntN(4) { // mostly there is something to speak of from the start
		steps = append(steps, step{Do: "slash", Who: oneOf(r, historyPeople), Text: oneOf(r, historyOpens)}, step{Do: "wait", Wait: 3 * time.Second})
	}
	for _, take := range taken {
		if s := genStep(r); take {
			steps = append(steps, s)
		}
	}
	return steps
}

func oneOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func genStep(r *rand.Rand) step {
	s := step{Who: oneOf(r, historyPeople), Incident: oneOf(r, []int{0, 1, 1, 1, 2, 3})}
	switch n := r.IntN(106); {
	case n >= 100:
		s.Do, s.Text = oneOf(r, []string{"monitor", "monitor", "monitor", "decide"}), oneOf(r, historyAlerts)
	case n < 12:
		s.Do, s.Text = "slash", oneOf(r, historyOpens)
	case n < 42:
		s.Do, s.Text = "slash", oneOf(r, historyVerbs)
	case n < 44:
		s.Do, s.Text = "slash", oneOf(r, historyForms)
	case n < 48:
		s.Do, s.Text = "form", oneOf(r, historyForms)
	case n < 50:
		s.Do = "fill"
	case n < 53:
		s.Do, s.Text = "knock", oneOf(r, []string{"approve", "deny"})
	case n < 58:
		s.Do, s.Text = "click", oneOf(r, historyButtons)
	case n < 59:
		s.Do, s.Text = oneOf(r, []string{"alarm", "home"}), "an alarm N"
	case n < 61:
		s.Do, s.Text = "message", "somebody said N"
	case n < 62:
		s.Do, s.Text = oneOf(r, []string{"answer", "share"}), "somebody said N"
	case n < 66:
		s.Do, s.Text = oneOf(r, []string{"react", "react", "unreact"}), oneOf(r, historyEmoji)
	case n < 69:
		s.Do, s.Text = "edit", "somebody meant N"
	case n < 72:
		s.Do = "delete"
	case n < 75:
		s.Do = oneOf(r, []string{"join", "join", "leave"})
	case n < 82:
		s.Do, s.Wait = "wait", time.Duration(1+r.IntN(90))*time.Second
	case n < 84:
		s.Do, s.Wait = "wait", time.Duration(1+r.IntN(20))*10*time.Minute
	case n < 87:
		s.Do = "restart"
	case n < 90:
		s.Do = "crash"
	case n < 95:
		s.Do = "fault"
		s.Fault = map[string]any{"method": oneOf(r, historyMethods), "kind": oneOf(r, historyFaults),
			"times": oneOf(r, []int{1, 2, 10}), "error": oneOf(r, historyErrors), "retry_after": 1 + r.IntN(40), "ms": oneOf(r, []int{100, 2500, 15000})}
	case n < 97:
		s.Do, s.Text = "disconnect", oneOf(r, []string{"warning", "refresh_requested", "link_disabled", "abort"})
	case n < 98:
		s.Do = oneOf(r, []string{"redeliver", "unarchive"})
	case n < 99:
		s.Do = "redeliver"
	default:
		s.Do = "calm"
	}
	return s
}

// life is a history while it is lived.
type life struct {
	*bubble
	n         int             // numbers for texts that are told apart
	envelopes []string        // of commands so far
	acked     map[string]bool // notes whose command was answered as done
	said      []saying        // messages written in incidents' channels
	put       []any           // reactions that were put on them
	reached   map[string]int
	pager     *pagertest.Double
}

type saying struct{ user, channel, ts string }

// TestHistories lives through random histories of commands by several people,
// clicks, messages, faults, restarts and time that passes, and checks after
// each that nothing is lost, doubled, out of order or told to the wrong people.
func TestHistories(t *testing.T) {
	t.Parallel()
	reached := map[string]int{}
	lived := 0
	if seed := flag.Lookup("rapid.seed"); *histories <= theSame && seed.Value.String() == seed.DefValue {
		// The same ones whenever the whole suite runs, so that it fails for what was changed and nothing else. To find
		// what nobody knows of yet takes thousands, each time others.
		if err := flag.Set("rapid.seed", "2611"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flag.Set("rapid.seed", seed.DefValue) }()
		if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
			*histories = min(*histories, of(theSame, theFirst))
			if err := flag.Set("rapid.checks", fmt.Sprint(*histories)); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = flag.Set("rapid.checks", checks.DefValue) }()
		}
	}
	for lived < *histories {
		rapid.Check(t, func(rt *rapid.T) {
			steps := genSteps(rt)
			var err error
			synctest.Test(t, func(*testing.T) { err = live(steps, reached) })
			if err != nil {
				rt.Fatalf("%v\nafter:\n%s", err, lines(steps))
			}
		})
		lived += rapidChecks()
		if t.Failed() {
			return
		}
	}
	table(t, reached, lived)
}

func lines(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		fmt.Fprintf(&b, "%3d  %s\n", i+1, s)
	}
	return b.String()
}

// rapidChecks is how many histories one run of rapid.Check tries.
func rapidChecks() int {
	n := 0
	_, _ = fmt.Sscan(flag.Lookup("rapid.checks").Value.String(), &n)
	return max(n, 1)
}

// table shows what the histories reached, and fails where they left something out.
func table(t *testing.T, reached map[string]int, lived int) {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(reached)) {
		fmt.Fprintf(&b, "%8d  %s\n", reached[k], k)
	}
	t.Logf("%d histories reached:\n%s", lived, b.String())
	if lived < 5000 {
		return // too few to reach everything by chance
	}
	for _, v := range historyVerbs {
		if v != "" && reached["verb "+strings.Fields(v)[0]] == 0 {
			t.Errorf("no history said %q", v)
		}
	}
	for _, do := range []string{"form", "fill", "alarm", "home", "monitor", "decide", "an alert of a private incident", "an alert ignored", "an alert silenced", "a page accepted"} {
		if reached[do] == 0 {
			t.Errorf("no history did %q", do)
		}
	}
	for _, kind := range []incidents.Kind{incidents.VisibilityChanged, incidents.TLPChanged, incidents.AccessRequested, incidents.AccessGranted, incidents.AccessDenied} {
		if reached["event "+string(kind)] == 0 {
			t.Errorf("no history has an event %s", kind)
		}
	}
	for _, kind := range []incidents.Kind{incidents.FollowerAdded, incidents.FollowerRemoved, incidents.AlertAttached, incidents.AlertDetached, incidents.AlertResolved} {
		if reached["event "+string(kind)] == 0 {
			t.Errorf("no history has an event %s", kind)
		}
	}
	for _, what := range []string{"a follower told", "a channel archived", "an archived channel left", "a canvas shown"} {
		if reached[what] == 0 {
			t.Errorf("no history had %s", what)
		}
	}
	for _, s := range incidents.Statuses {
		if reached["status "+string(s)] == 0 {
			t.Errorf("no history reached the status %s", s)
		}
	}
	for _, k := range []incidents.Kind{incidents.MessageMarked, incidents.MessageUnmarked, incidents.Redacted, incidents.HoldChanged, incidents.TaskAdded, incidents.FollowupAdded} {
		if reached["event "+string(k)] == 0 {
			t.Errorf("no history had the event %s", k)
		}
	}
	for _, k := range []incidents.Kind{incidents.ClockStarted, incidents.ClockMarked, incidents.ClockSubmitted, incidents.ClockStopped, incidents.FollowupAdded} {
		if reached["event "+string(k)] == 0 {
			t.Errorf("no history has an event %s", k)
		}
	}
	for _, k := range []incidents.Kind{incidents.PostmortemDrafted, incidents.PostmortemEdited, incidents.PostmortemAssigned, incidents.PostmortemReviewed, incidents.PostmortemApproved, incidents.PostmortemPublished} {
		if reached["event "+string(k)] == 0 {
			t.Errorf("no history has an event %s", k)
		}
	}
	for _, f := range historyFaults {
		if reached["fault "+f] == 0 {
			t.Errorf("no history had a fault %s", f)
		}
	}
}

// live lives through a history and answers what was wrong at its end.
func live(steps []step, reached map[string]int) (err error) {
	defer func() {
		if p := recover(); p != nil { // synctest would say of it only that goroutines are left
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	b, err := newBubble(slacksim.Options{})
	if err != nil {
		return err
	}
	l := &life{bubble: b, acked: map[string]bool{}, reached: reached, pager: &pagertest.Double{Keys: []string{pagertest.Key}}}
	b.has("pager.test:80", l.pager)
	b.change = func(s *settings.Settings) {
		alerted(s)
		if len(steps)%3 == 0 { // in some the bot keeps to a thread, and says digests
			s.Quiet, s.Digests.Daily = true, settings.Digest{Cron: "*/20 * * * *", Channel: "#general"}
		}
		if len(steps)%2 == 0 { // in some channels are archived soon
			s.Open.Archive = settings.Duration(4 * time.Minute)
		}
	}
	err = l.start(context.Background())
	for _, s := range steps {
		if err != nil {
			break
		}
		err = l.take(s)
	}
	if err == nil {
		if err = l.settle(); err != nil && l.unarchived() {
			time.Sleep(time.Hour) // it is tried once an hour
			err = l.settle()
		}
	}
	if err == nil {
		if err = errors.Join(l.check(), l.complete(), l.alerts(), l.pages()); err != nil {
			err = fmt.Errorf("%w\nthe last calls:\n%s\nthe log:\n%s", err, l.calls(), l.log.String())
		}
	}
	return errors.Join(err, l.end(), leaks())
}

// take takes one step. It fails only where the program itself breaks; what
// people are refused is part of life.
func (l *life) take(s step) error {
	l.n++
	text := strings.ReplaceAll(s.Text, "N", fmt.Sprintf("n%dn", l.n))
	switch s.Do {
	case "slash":
		for said := range strings.SplitSeq(text, " ; ") {
			l.slash(s, said)
		}
	case "knock": // and whoever declared the first one answers
		l.slash(step{Who: s.Who}, "access inc-1")
		time.Sleep(time.Second)
		l.slash(step{Who: "@alice"}, "access inc-1 "+s.Text+" "+s.Who)
	case "click":
		l.click(s)
	case "form":
		l.slash(s, text)
		l.fill()
	case "fill":
		l.fill()
	case "alarm":
		l.alarm(s, text)
	case "home":
		l.call(http.MethodPost, "/sim/home", map[string]any{"user": s.Who})
	case "monitor":
		l.monitor(text)
	case "decide":
		l.decide(s)
	case "message", "answer", "share":
		l.says(s, text)
	case "react", "unreact":
		l.react(s)
	case "edit", "delete":
		if len(l.said) > 0 {
			m := l.said[l.n%len(l.said)]
			body := map[string]any{"user": m.user, "channel": m.channel, "ts": m.ts}
			if s.Do == "edit" {
				body["text"] = text
			}
			l.call(http.MethodPost, "/sim/"+s.Do, body)
		}
	case "join", "leave":
		if ch := l.channel(s); ch != "" {
			l.call(http.MethodPost, "/sim/"+s.Do, map[string]any{"user": s.Who, "channel": ch})
		}
	case "wait":
		time.Sleep(s.Wait)
	case "fault":
		l.reached["fault "+fmt.Sprint(s.Fault["kind"])]++
		l.call(http.MethodPost, "/sim/faults", s.Fault)
	case "calm":
		l.call(http.MethodDelete, "/sim/faults", nil)
	case "unarchive":
		if ch := l.channel(s); ch != "" {
			l.call(http.MethodPost, "/sim/unarchive", map[string]any{"user": s.Who, "channel": ch})
		}
	case "disconnect":
		l.call(http.MethodPost, "/sim/disconnect", map[string]any{"reason": s.Text})
	case "redeliver":
		if len(l.envelopes) > 0 {
			l.call(http.MethodPost, "/sim/redeliver", map[string]any{"envelope_id": l.envelopes[l.n%len(l.envelopes)]})
		}
	default:
		return l.again(s.Do)
	}
	l.reached[s.Do]++
	return nil
}

// says writes a message, an answer to one, or one with a file.
func (l *life) says(s step, text string) {
	ch := l.channel(s)
	if ch == "" {
		return
	}
	l.call(http.MethodPost, "/sim/join", map[string]any{"user": s.Who, "channel": ch}) // where they are not and may
	body := map[string]any{"user": s.Who, "channel": ch, "text": text}
	if s.Do == "share" {
		body["files"] = []any{map[string]any{"name": text + ".txt", "content": text}}
	}
	if s.Do == "answer" && len(l.said) > 0 {
		m := l.said[l.n%len(l.said)]
		ch, body["channel"], body["thread_ts"] = m.channel, m.channel, m.ts
	}
	if out := l.call(http.MethodPost, "/sim/message", body); out["ok"] == true {
		l.said = append(l.said, saying{s.Who, ch, out["ts"].(string)})
	}
}

// react puts a reaction on a message, or takes off one that is there.
func (l *life) react(s step) {
	if s.Do == "react" && len(l.said) > 0 {
		m := l.said[l.n%len(l.said)]
		l.put = append(l.put, map[string]any{"user": s.Who, "channel": m.channel, "ts": m.ts, "name": s.Text})
		l.call(http.MethodPost, "/sim/react", l.put[len(l.put)-1])
	}
	if s.Do == "unreact" && len(l.put) > 0 {
		l.call(http.MethodPost, "/sim/unreact", l.put[len(l.put)-1])
		l.put = l.put[:len(l.put)-1]
	}
}

// again stops or crashes the program and starts it again; where faults keep it
// from starting, the settling does.
func (l *life) again(how string) error {
	l.reached[how]++
	end := l.stop
	if how == "crash" {
		end = l.crash
	}
	if err := end(); err != nil {
		return fmt.Errorf("%s: %w", how, err)
	}
	_ = l.start(context.Background())
	return nil
}

// channel is the id of the channel of the step's incident, or of an earlier one
// where there are not so many yet; empty where there is none.
func (l *life) channel(s step) string {
	if l.prog == nil {
		return ""
	}
	for n := s.Incident; n > 0; n-- {
		rec, err := l.prog.store.Record(context.Background(), "slack", incidents.Number(n))
		if err == nil && rec.Place != "" {
			return rec.Place
		}
	}
	return ""
}

func (l *life) slash(s step, text string) {
	ch, whole := l.channel(s), text
	if ch == "" || l.n%2 == 0 { // who is not in the channel can still name the incident
		ch = "#general"
		if verb, rest, _ := strings.Cut(text, " "); slices.Contains(historyVerbs, s.Text) && s.Incident > 0 && !strings.Contains(rest, "inc-") {
			whole = fmt.Sprintf("%s INC-%d %s", verb, s.Incident, rest)
		}
	}
	if f := strings.Fields(text); len(f) > 0 {
		l.reached["verb "+f[0]]++
	}
	out := l.call(http.MethodPost, "/sim/slash", map[string]any{"user": s.Who, "channel": ch, "command": "/incident", "text": whole})
	if id, ok := out["envelope_id"].(string); ok {
		l.envelopes = append(l.envelopes, id)
	}
	response, _ := out["response"].(map[string]any)
	if note, ok := strings.CutPrefix(text, "note "); ok && out["ok"] == true && strings.Contains(words(response), "timeline") {
		l.acked[note] = true
	}
}

func (l *life) click(s step) {
	ch := l.channel(s)
	st, err := l.state()
	if ch == "" || err != nil {
		return
	}
	for _, c := range st.Channels {
		if c.ID != ch {
			continue
		}
		for _, m := range slices.Backward(c.Messages) {
			if action := button(m.Blocks, s.Text); action != "" {
				l.call(http.MethodPost, "/sim/click", map[string]any{"user": s.Who, "channel": ch, "ts": m.TS, "action_id": action})
				return
			}
		}
	}
}

// complete checks that every acknowledged note is there once, every message that
// people left in a channel is recorded once, as Slack has it, and no text is
// there that was taken back or blotted out.
func (l *life) complete() error {
	ctx := context.Background()
	list, err := l.prog.store.Incidents(ctx, store.Query{})
	if err != nil {
		return err
	}
	notes, messages := map[string]int{}, map[string]int{}
	gone := map[string]bool{}
	blotted := 0 // notes
	var wrong []error
	for _, in := range list {
		l.reached["status "+string(in.Status)]++
		events, err := l.prog.store.Events(ctx, in.Number, 0, 0)
		if err != nil {
			return err
		}
		for _, e := range events {
			l.reached["event "+string(e.Kind)]++
			switch {
			case e.Kind == incidents.NoteAdded && e.Redacted:
				blotted++
			case e.Kind == incidents.NoteAdded:
				notes[e.Text]++
			case e.Kind == incidents.MessagePosted:
				if e.Field("source") == "" { // of one message several can be opened
					messages[e.Text]++
				}
			case e.Kind == incidents.MessageDeleted && !strings.HasSuffix(e.Text, "kept"):
				gone[e.Field("id")] = true
			}
		}
		for _, e := range events {
			if e.Text != "" && (e.Kind == incidents.MessagePosted || e.Kind == incidents.MessageEdited || e.Kind == incidents.MessageMarked) && gone[e.Field("id")] {
				wrong = append(wrong, fmt.Errorf("%s still has %q, which was taken back", e.ID(), e.Text))
			}
		}
		wrong = append(wrong, l.files(in, events), l.postmortem(in, events))
	}
	l.counts()
	for note := range l.acked {
		if notes[note] == 0 {
			if blotted--; blotted < 0 {
				wrong = append(wrong, fmt.Errorf("the note %q was acknowledged and is not there", note))
			}
		}
	}
	for text, n := range notes {
		if n > 1 {
			wrong = append(wrong, fmt.Errorf("the note %q is there %d times", text, n))
		}
	}
	for text, n := range messages {
		if n > 1 && text != "" {
			wrong = append(wrong, fmt.Errorf("the message %q is there %d times", text, n))
		}
	}
	return errors.Join(errors.Join(wrong...), l.asSlackHasIt())
}

// unarchived has somebody do what cards ask for: open the archived channels that incidents left when they became private,
// in which Slack lets no bot take anything back. It says whether there are any.
func (l *life) unarchived() (found bool) {
	st, err := l.state()
	if err != nil {
		return false
	}
	for _, c := range st.Channels {
		n, err := l.prog.store.AtPlace(context.Background(), "slack", c.ID)
		if !c.IsArchived || c.IsPrivate || strings.HasPrefix(c.Name, "was-") || err != nil || l.place(n) == c.ID {
			continue
		}
		if in, err := l.prog.store.Incident(context.Background(), n); err == nil && in.Private {
			opened := slices.ContainsFunc(historyPeople, func(who string) bool { // one of those who were in it
				return l.call(http.MethodPost, "/sim/unarchive", map[string]any{"user": who, "channel": c.ID})["ok"] == true
			})
			if opened {
				l.reached["an archived channel opened, to be cleared"]++
			}
			found = found || opened
		}
	}
	return found
}

// counts notes who was told because they follow, and which channels were archived.
func (l *life) counts() {
	st, err := l.state()
	if err != nil {
		return
	}
	l.reached["a canvas shown"] += len(st.Canvases)
	for _, c := range st.Channels {
		if c.IsArchived && !strings.HasPrefix(c.Name, "was-") {
			l.reached["a channel archived"]++
			if n, err := l.prog.store.AtPlace(context.Background(), "slack", c.ID); err == nil && l.place(n) != c.ID {
				l.reached["an archived channel left"]++
			}
		}
		for _, m := range c.Messages {
			if strings.Contains(m.key(), "/"+incidents.FollowedUpdate+"/") {
				l.reached["a follower told"]++
			}
		}
	}
}

// files checks that nothing is kept of a file whose message is gone, and all of
// the others.
func (l *life) files(in incidents.Incident, events []incidents.Event) error {
	list, err := l.prog.store.FilesOf(context.Background(), in.Number)
	for _, f := range list {
		if e := events[f.Seq-1]; e.Redacted || f.State != store.FileKept {
			err = errors.Join(err, fmt.Errorf("the file %s of %s is %s (redacted is %v)", f.Name, e.ID(), f.State, e.Redacted))
		}
	}
	return err
}

// place is the channel that an incident has now.
func (l *life) place(n incidents.Number) string {
	return l.prog.place(incidents.Incident{Private: true}, n)
}

// asSlackHasIt checks that every message that is in an incident's channel is
// recorded as it is there; of a channel that it had before only what is taken back
// is.
func (l *life) asSlackHasIt() error {
	st, err := l.state()
	if err != nil {
		return err
	}
	var wrong []error
	for _, said := range l.said {
		if n, err := l.prog.store.AtPlace(context.Background(), "slack", said.channel); err == nil && l.place(n) != said.channel {
			continue
		}
		i := slices.IndexFunc(st.channel(said.channel).Messages, func(m simMessage) bool { return m.TS == said.ts && m.Subtype == "" })
		if i < 0 {
			continue
		}
		text := st.channel(said.channel).Messages[i].Text
		behind, err := l.prog.store.Behind(context.Background(), incidents.OutsideID{Mirror: "slack", ID: said.channel + "/" + said.ts})
		last := ""
		for _, e := range behind {
			if e.Kind == incidents.MessagePosted || e.Kind == incidents.MessageEdited {
				last = e.Text
			}
		}
		redacted := slices.ContainsFunc(behind, func(e incidents.Event) bool { return e.Redacted })
		if err != nil || len(behind) == 0 || last != text && !redacted {
			wrong = append(wrong, fmt.Errorf("the message %q in %s is recorded as %q (%w)", text, said.channel, last, err))
		}
	}
	return errors.Join(wrong...)
}
