package bot

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"fireboss/bot/slack"
	"fireboss/bot/slacksim"
)

// faultKinds are what goes wrong with a call; the errors stand for classes:
// Slack stumbles, has too much to do, refuses for good, does not know the
// channel any more, does not take the token.
var faultKinds = []map[string]any{
	{"kind": "error", "error": "internal_error"},
	{"kind": "error", "error": "ratelimited"},
	{"kind": "error", "error": "restricted_action"},
	{"kind": "error", "error": "missing_scope"},
	{"kind": "error", "error": "user_is_restricted"},
	{"kind": "error", "error": "is_archived"},
	{"kind": "error", "error": "channel_not_found"},
	{"kind": "error", "error": "token_revoked"},
	{"kind": "ratelimit", "retry_after": 30},
	{"kind": "http500"},
	{"kind": "latency", "ms": 15000}, // longer than a call is waited for
	{"kind": "drop_before"},
	{"kind": "drop_after"},
}

// slackMethods are all methods that the program calls.
func slackMethods() []string {
	var list []string
	for _, p := range slack.Points() {
		if m, ok := strings.CutPrefix(p, "before "); ok && m != responseURL && m != fileURL {
			list = append(list, m)
		}
	}
	return list
}

// allPoints takes every fault both once and ten times in a row, every point of fault,
// and all of what other tests take only some of, in turns, for the race detector makes
// each ten times as dear. CI takes all of them, without it.
var allPoints = flag.Bool("everything", false, "take every fault once and ten times in a row, every point of fault, and all of what is otherwise sampled")

// oneIn is how many faults there are to one that is taken; pointsToOne is the same of points of fault.
const (
	oneIn       = 40
	pointsToOne = 16
)

// of is how much of what a test goes through is gone through: some of it where not everything is to be.
func of[T any](all, some T) T {
	if *allPoints {
		return all
	}
	return some
}

// Every method fails in every way, once and ten times in a row, while people run
// incidents; after the faults the workspace looks as if they had not been.
func TestFaultsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	want, err := picture(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	var cases []map[string]any
	turn := 0
	for _, method := range slackMethods() {
		for _, kind := range faultKinds {
			if !strings.Contains(fmt.Sprint(method, " ", kind), *onlyPoints) {
				continue
			}
			turn++
			for i, times := range []int{1, 10} {
				if !*allPoints && *onlyPoints == "" && (turn+oneIn/2*i)%oneIn != 0 {
					continue // they take turns
				}
				c := maps.Clone(kind)
				c["method"], c["times"] = method, times
				cases = append(cases, c)
			}
		}
	}
	if len(cases) == 0 {
		t.Fatalf("-points %q chooses no fault", *onlyPoints)
	}
	t.Logf("%d methods, %d kinds of fault, once and ten times: %d worlds", len(slackMethods()), len(faultKinds), len(cases))
	for part := range slices.Chunk(cases, (len(cases)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0)) {
		t.Run("part", func(t *testing.T) {
			t.Parallel()
			for _, fault := range part {
				got, err := picture(t, fault)
				if err != nil {
					t.Errorf("%v: %v", fault, err)
				} else if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%v left a trace (-without +with):\n%s", fault, diff)
				}
			}
		})
	}
}

// picture is what the workspace shows after some incidents were run, with a
// fault on the way.
func picture(t *testing.T, fault map[string]any) (shown map[string][]string, err error) {
	synctest.Test(t, func(t *testing.T) {
		b, e := newBubble(slacksim.Options{})
		if e != nil {
			err = e
			return
		}
		err = b.start(t.Context())
		if err == nil {
			err = b.runIncidents(t.Context(), fault)
		}
		if err == nil {
			err = b.settle()
		}
		if err == nil {
			err = b.check()
		}
		if err == nil {
			shown, err = b.shown()
		}
		err = errors.Join(err, b.end())
	})
	return shown, err
}

// runIncidents lets people do all that makes the bot call Slack. Between two
// steps enough time passes for everything to be shown where nothing goes wrong.
func (b *bubble) runIncidents(ctx context.Context, fault map[string]any) error {
	time.Sleep(time.Minute) // the directory is read
	if fault != nil {
		if out := b.call(http.MethodPost, "/sim/faults", fault); out["ok"] != true {
			return fmt.Errorf("the fault %v: %v", fault, out)
		}
	}
	b.says("@alice", "#general", "open sev1 checkout is down")
	ch := b.place(1)
	b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@dave", "channel": ch})
	said := b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": ch, "text": "it began at noon"})
	b.call(http.MethodPost, "/sim/edit", map[string]any{"user": "@bob", "channel": ch, "ts": said["ts"], "text": "it began at one"})
	b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": ch, "text": "<@U0FIREBOSS> note by a mention"})
	b.reactTo(ch, fmt.Sprint(said["ts"]))
	time.Sleep(2 * time.Second)
	b.fills("@bob", ch, "summary", "Summary of INC-1", map[string]any{"text": "cards are rejected"})
	b.says("@dave", "#general", "follow INC-1")
	for _, text := range []string{"ack", "rename checkout is slow", "lead me", "note looked at the log", "sev 2 only half", "update half of it works", "handoff @carol it is yours"} {
		b.says("@bob", ch, text)
	}
	b.fills("@carol", "#general", "open", "Open an incident", nil)
	b.looksHome("@carol")
	b.says("@alice", "#general", "open sev4 private passwords were seen")
	secret := b.place(2)
	b.says("@alice", secret, "invite @dave")
	b.until(func(st simState) bool { return slices.Contains(st.channel(secret).Members, "U00000DAVE") })
	b.says("@dave", secret, "leave")
	if err := b.comeBack(ctx, ch); err != nil {
		return err
	}
	b.unsure()
	b.says("@alice", "#general", "open sev4 search is slow")
	b.says("@bob", ch, "resolve all works")
	b.monitors(warning("firing", "mail"), warning("firing", "disk"))
	b.says("@bob", "#general", "alert attach AL-2 INC-3")
	b.monitors(warning("resolved", "mail"))
	b.caughtUp()
	b.publishes("INC-1", "so it was")
	b.publishes("INC-1", "so it was, or so")
	b.says("@alice", "#general", "postmortem INC-3 draft")
	b.publishes("INC-3", "keys were seen")
	b.says("@alice", "#general", "private INC-3 keys are in the log")
	b.says("@alice", "#general", "public INC-2 confirm")
	return nil
}

// monitors has monitoring say some things, again where they were not taken.
func (b *bubble) monitors(bodies ...string) {
	for _, body := range bodies {
		for range 60 {
			if b.prog != nil && b.sends("alertmanager", body) == nil {
				break
			}
			time.Sleep(20 * time.Second)
		}
		time.Sleep(5 * time.Second)
	}
}

// reactTo answers a message, with a file, and puts reactions on both.
func (b *bubble) reactTo(ch, ts string) {
	reply := b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": ch, "text": "somebody should look", "thread_ts": ts, "files": []any{map[string]any{"name": "a.txt", "content": "so"}}})
	for _, name := range []string{"pushpin", "eyes"} {
		b.call(http.MethodPost, "/sim/react", map[string]any{"user": "@dave", "channel": ch, "ts": ts, "name": name})
	}
	b.call(http.MethodPost, "/sim/react", map[string]any{"user": "@dave", "channel": ch, "ts": reply["ts"], "name": "memo"})
	b.call(http.MethodPost, "/sim/unreact", map[string]any{"user": "@dave", "channel": ch, "ts": ts, "name": "pushpin"})
}

// says says a command, again where it did not get through, and lets what follows
// from it happen.
func (b *bubble) says(who, channel, text string) {
	for range 60 {
		out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": text})
		time.Sleep(2 * time.Second)
		if out["ok"] == true {
			return
		}
		time.Sleep(20 * time.Second)
	}
}

// fills opens a form by a command that lacks what the form asks for, again where
// it was answered in words, and sends it; without values it is changed and left.
func (b *bubble) fills(who, channel, text, title string, values map[string]any) {
	for range 60 {
		b.call(http.MethodPost, "/sim/slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": text})
		time.Sleep(4 * time.Second)
		st, err := b.state()
		if err != nil {
			return
		}
		i := slices.IndexFunc(st.Views, func(v simView) bool { return v.Title.Text == title })
		if i < 0 {
			time.Sleep(20 * time.Second)
			continue
		}
		v := st.Views[i]
		if values == nil {
			b.call(http.MethodPost, "/sim/click", map[string]any{"user": who, "view_id": v.ID, "action_id": "type", "value": "security"})
			time.Sleep(time.Minute)
			b.call(http.MethodPost, "/sim/close", map[string]any{"user": who, "view_id": v.ID})
			return
		}
		if out := b.call(http.MethodPost, "/sim/submit", map[string]any{"user": who, "view_id": v.ID, "values": values}); out["ok"] == true {
			time.Sleep(2 * time.Second)
			return
		}
	}
}

// looksHome looks at the app's home until there is one.
func (b *bubble) looksHome(who string) {
	for range 60 {
		b.call(http.MethodPost, "/sim/home", map[string]any{"user": who})
		time.Sleep(20 * time.Second)
		if st, err := b.state(); err != nil || len(st.Homes) > 0 {
			return
		}
	}
}

// caughtUp lets time pass until all is shown, or nobody believes in it any more:
// what was not shown in a channel that is left is not shown there later.
func (b *bubble) caughtUp() {
	for range 240 {
		if b.prog != nil && b.unsettled() == "" {
			return
		}
		time.Sleep(15 * time.Second)
	}
}

// until lets time pass until the workspace looks so, or nobody believes in it any more.
func (b *bubble) until(so func(simState) bool) {
	for range 3600 {
		if st, err := b.state(); err != nil || so(st) {
			return
		}
		time.Sleep(time.Second)
	}
}

func (st simState) channel(id string) simChannel {
	for _, c := range st.Channels {
		if c.ID == id {
			return c
		}
	}
	return simChannel{}
}

// place is the channel of an incident, once somebody is in it.
func (b *bubble) place(n int) (id string) {
	b.until(func(st simState) bool {
		for _, c := range st.Channels {
			if strings.HasPrefix(c.Name, fmt.Sprintf("inc-%d-", n)) && len(c.Members) > 1 {
				id = c.ID
			}
		}
		return id != ""
	})
	return id
}

// comeBack stops the bot for a while, lets things happen that it does not see,
// and starts it at a moment when the people cannot be listed.
func (b *bubble) comeBack(ctx context.Context, ch string) error {
	if err := b.stop(); err != nil {
		return err
	}
	st, err := b.state()
	if err != nil {
		return err
	}
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if c.ID == ch && m.kind() == "fireboss_card" { // carried out late by Slack, so it is there twice
				b.post("chat.postMessage", ch, m)
			}
		}
	}
	b.call(http.MethodPost, "/sim/leave", map[string]any{"user": "@dave", "channel": ch})
	b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@dave", "channel": ch})
	time.Sleep(10 * time.Second)
	b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "users.list", "kind": "error", "error": "internal_error", "times": 5})
	for range 100 { // as whoever runs it would
		if err = b.start(ctx); err == nil {
			break
		}
		time.Sleep(10 * time.Second)
	}
	b.call(http.MethodPost, "/sim/message", map[string]any{"user": "@bob", "channel": ch, "text": "I am back"})
	time.Sleep(2 * time.Minute)
	return err
}

// unsure makes the next opening one of which Slack does not say what came of it.
func (b *bubble) unsure() {
	for _, method := range []string{"conversations.create", "bookmarks.add", "conversations.canvases.create"} {
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": method, "kind": "drop_after", "times": 1})
	}
}

// post posts a message again, as the bot did.
func (b *bubble) post(method, channel string, m simMessage) {
	mark, err := json.Marshal(map[string]any{"event_type": m.Metadata.EventType, "event_payload": m.Metadata.EventPayload})
	if err != nil {
		panic(err)
	}
	form := url.Values{"token": {slacksim.BotToken}, "channel": {channel}, "text": {m.Text}, "metadata": {string(mark)}}
	req := httptest.NewRequest(http.MethodPost, bubbleAddress+"/api/"+method, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.sim.Handler().ServeHTTP(httptest.NewRecorder(), req)
}

// momentary is what differs from one world to the next: moments, how things stand
// when a letter is sent, the ids of channels, and the store's own name.
var momentary = regexp.MustCompile(`\*Next\*(?:\n• [^\n]*)+|<#C\d+>|\(sev\d, \w+\)|<!date\^[^>]*>|Fireboss [0-9a-f]{8} |\b\d\d:\d\d( UTC)?\b|\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// shown is what people find in the workspace, by channel: its looks, who is in
// it, what the bot wrote there in order, and what people did.
func (b *bubble) shown() (map[string][]string, error) {
	st, err := b.state()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, u := range st.Users {
		names[u.ID] = u.Name
	}
	all := map[string][]string{}
	for _, c := range st.Channels {
		var members []string
		for _, id := range c.Members {
			members = append(members, names[id])
		}
		slices.Sort(members)
		key := c.Name
		if key == "" {
			key = strings.Join(members, " and ")
		}
		lines := []string{"topic: " + c.Topic, "purpose: " + c.Purpose, "members: " + strings.Join(members, " "), fmt.Sprintf("%d pins, %d bookmarks", len(c.Pins), len(c.Bookmarks)), "canvas: " + st.canvas(c.ID).outline()}
		if c.IsArchived { // what was still to be done there was dropped when it was left
			lines = []string{"members: " + strings.Join(members, " ")}
		}
		var ours, theirs, lists []string
		told := map[string]bool{}
		for _, m := range c.Messages {
			switch {
			case m.EphemeralTo != "" || m.Subtype != "": // for one person, and Slack's own words
			case strings.Contains(m.Text, ":alarm_clock:"): // it took longer, so that somebody was reminded
			case c.Name == "" && m.kind() == "": // an answer that could not be given where it was asked
			case c.Name == "" && strings.HasPrefix(fmt.Sprint(m.Metadata.EventPayload["key"]), "trouble:"): // said once, and not taken back
				if told[m.Text] {
					ours = append(ours, "said twice: "+m.Text)
				}
				told[m.Text] = true
			case c.IsArchived && m.kind() == "fireboss_card": // as it was when that channel was left
			case strings.HasPrefix(m.kind(), "fireboss_alert"): // a state, which has no place among what was said
				lists = append(lists, m.kind()+": "+m.words())
			case names[m.User] == "fireboss":
				ours = append(ours, m.kind()+": "+m.words())
			default:
				theirs = append(theirs, names[m.User]+": "+m.Text)
			}
		}
		slices.Sort(lists)
		for _, line := range slices.Concat(lines, ours, theirs, lists) {
			all[key] = append(all[key], strings.ReplaceAll(momentary.ReplaceAllString(line, "…"), "*…* ", "")) // it was posted late
		}
	}
	return all, nil
}
