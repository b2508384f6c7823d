package bot

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/integrations/pagertest"
	"fireboss/integrations/silencetest"
)

// onlyPoints chooses some of the points: go test ./bot -run EveryPoint -points conversations.kick
var onlyPoints = flag.String("points", "", "TestStoryKilledAtEveryPoint takes only points with this in their names")

// killAt makes the program, run by a test, die at a point of fault as it would
// in a power cut. A point that is on no list is a fault of the program.
func killAt(deadly string) {
	known := map[string]bool{}
	for _, p := range points() {
		known[p] = true
	}
	crash = func(point string) {
		if !known[point] {
			panic(fmt.Sprintf("%q is none of the points of fault", point))
		}
		if point == deadly {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // nobody survives this
			select {}
		}
	}
}

// walk is a world in which the bot is killed at one point of fault after
// another, while people run incidents.
type walk struct {
	*story
	point  string // where the bot is to die; empty: nowhere any more
	deaths int    // at this point
	tries  int    // of all commands, so that every one has words of its own
	acked  []string
	pager  *pagertest.Double // PagerDuty
	paging string            // where that is

	silences  *silencetest.Double // Alertmanager
	silencing string              // where that is
}

// lives is how often the bot is killed at each point: the second time while it
// takes up what the first has left, where the point lies on that way.
const lives = 2

// The bot is killed at every point of fault that its code names, and once more
// while it recovers; afterwards everything is there, once.
func TestStoryKilledAtEveryPoint(t *testing.T) {
	all := slices.DeleteFunc(points(), func(p string) bool { return !strings.Contains(p, *onlyPoints) })
	if len(all) == 0 {
		t.Fatalf("-points %q chooses no point", *onlyPoints)
	}
	if !*allPoints && *onlyPoints == "" {
		turn := 0
		all = slices.DeleteFunc(all, func(string) bool { turn++; return turn%pointsToOne != 0 })
	}
	t.Logf("%d points, at each of which it is killed %d times", len(all), lives)
	const worlds = 8
	for i := range worlds {
		var mine []string
		for j := i; j < len(all); j += worlds {
			mine = append(mine, all[j])
		}
		t.Run(fmt.Sprint("world ", i), func(t *testing.T) {
			w := newWalk(t)
			for _, point := range mine {
				w.through(point)
				if t.Failed() {
					t.Fatalf("at the point %q", point)
				}
			}
		})
	}
}

func newWalk(t *testing.T) *walk {
	s := newStory(t)
	s.data = t.TempDir()
	sim, err := slacksim.New(slacksim.Options{RetryDelays: []time.Duration{0, time.Second, 6 * time.Second, 6 * time.Second, 6 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	sim.SetBaseURL(server.URL)
	s.workspace = server.URL
	w := &walk{story: s, pager: &pagertest.Double{Keys: []string{pagertest.Key}}, silences: &silencetest.Double{}}
	silences := httptest.NewServer(w.silences)
	t.Cleanup(silences.Close)
	w.silencing = silences.URL
	pages := httptest.NewServer(w.pager)
	t.Cleanup(pages.Close)
	w.paging = pages.URL
	s.also = w.settings()
	s.startBot()
	return w
}

// settings are those of a walk.
func (w *walk) settings() string {
	return fmt.Sprintf(walkSettings, w.silencing, pagertest.Key, w.paging)
}

// walkSettings remind somebody in every life, and open an incident for every alert but those that people are told of.
const walkSettings = "clock: {update: {sev1: 3s, before: 1s}}\nintegrations: {prometheus: {key: walking-key}, alertmanager: {key: walking-key, url: %q}, pagerduty: {routing_key: %s, url: %q}}\n" +
	"alerts: {storm: {declared: 0}, flapping: {turns: 0}, heartbeats: [{name: walk, when: 'alert.labels.alertname == \"Walk\"', within: 1s, severity: low}], rules: [{name: told, when: 'alert.severity == \"low\"', do: notify}, {name: all, when: 'true', do: declare, severity: sev1}]}\n"

// through lets people run incidents while the bot dies at a point, twice, and
// looks at everything afterwards.
func (w *walk) through(point string) {
	w.t.Helper()
	w.point, w.deaths = point, 0
	if w.also = w.settings(); strings.HasSuffix(point, "conversations.replies") {
		w.also += "quiet: true\n"
	}
	w.stop()
	w.write(filepath.Join(w.data, "config.yaml"))
	w.revive()
	w.life()
	if w.deaths == 0 {
		w.t.Errorf("the bot never came by %q", point)
	}
	w.point = ""
	w.stop()
	w.revive()
	w.noFaults()
	w.whole()
}

// stop ends the bot as an operator does. One that is to die meanwhile may.
func (w *walk) stop() {
	if !w.bot.gone() && w.bot.end(syscall.SIGTERM) < 0 {
		w.deaths++
	}
}

// revive starts the bot where it is dead, until it stays alive.
func (w *walk) revive() {
	w.t.Helper()
	for w.bot.gone() {
		point := w.point
		if w.deaths >= lives {
			point = ""
		}
		if !w.startBotTo(point) {
			if point == "" {
				w.t.Fatalf("the bot does not start any more:\n%s", w.bot.log())
			}
			w.deaths++
		}
	}
}

// alive starts the bot again where it has died since it was looked at last.
func (w *walk) alive() {
	w.t.Helper()
	if w.bot.gone() {
		w.deaths++
		w.revive()
	}
}

// eventually waits until something is so, whatever happens to the bot.
func (w *walk) eventually(what string, so func() bool) {
	w.t.Helper()
	w.until(what, func() bool {
		w.alive()
		return so()
	})
}

// insist says a command until it is answered, or seen to be done: then what was
// answered, or that nobody knows. Each try has words of its own (# in the text).
func (w *walk) insist(who, channel, text string, done func(said string) bool) (said string) {
	w.t.Helper()
	for range 12 {
		w.alive()
		w.tries++
		said = strings.ReplaceAll(text, "#", fmt.Sprint(w.tries))
		out := w.call("slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": said})
		if out["ok"] == true {
			w.acked = append(w.acked, said)
			return said
		}
		w.alive()
		if w.soon(func() bool { return done(said) }) {
			return said
		}
	}
	w.t.Fatalf("%s never got through with %q", who, text)
	return ""
}

// soon reports whether something comes to be within a moment.
func (w *walk) soon(so func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 25 {
		if so() {
			return true
		}
		<-tick.C
	}
	return false
}

// monitor sends an alert until it is taken. It opens one incident, however often it was sent.
func (w *walk) monitor() {
	w.t.Helper()
	w.tries++
	title := fmt.Sprint("disk ", w.tries, " is full")
	body := fmt.Sprintf(`[{"labels":{"alertname":%q},"annotations":{"summary":%q}}]`, title, title)
	w.eventually("the alert is taken", func() bool {
		code, _ := w.api(http.MethodPost, "/hooks/prometheus/walking-key/api/v2/alerts", strings.NewReader(body))
		return code == http.StatusOK
	})
	w.stop() // what was taken is worked, in this life or the next
	w.revive()
	w.eventually("the alert has opened an incident", func() bool { return w.titled("an alert: "+title) != nil })
	w.insist("@alice", "#general", "cancel "+w.titled("an alert: " + title)["id"].(string), never)
	if n := strings.Count(fmt.Sprint(w.list()), title); n != 1 {
		w.t.Errorf("%d incidents were opened for one alert", n)
	}
}

// tells sends an alert that people are told of, once, whatever happens to the bot.
func (w *walk) tells() {
	w.t.Helper()
	w.tries++
	title := fmt.Sprint("disk ", w.tries, " is slow")
	body := fmt.Sprintf(`[{"labels":{"alertname":%q,"severity":"low"},"annotations":{"summary":%q}}]`, title, title)
	w.eventually("the alert is taken", func() bool {
		code, _ := w.api(http.MethodPost, "/hooks/prometheus/walking-key/api/v2/alerts", strings.NewReader(body))
		return code == http.StatusOK
	})
	told := func() (n int) {
		for _, c := range w.state().Channels {
			for _, m := range c.Messages {
				if m.kind() == "fireboss_alert" && strings.Contains(m.words(), title) {
					n++
				}
			}
		}
		return n
	}
	w.eventually("people are told of the alert", func() bool { return told() > 0 })
	w.eventually("the bot has died over it, and over finding it", func() bool { return w.deaths >= lives })
	w.stop()
	w.revive()
	w.eventually("people are told of it once", func() bool { return told() == 1 })
}

// beats sends a heartbeat that stops, twice: each time that is one alert, and it is over when the heartbeat is back.
func (w *walk) beats() {
	w.t.Helper()
	ours := func(status string) int {
		_, body := w.api(http.MethodGet, "/api/v1/alerts?source=fireboss&limit=1000", http.NoBody)
		var page struct {
			Alerts []struct {
				Status string
				Count  int
			}
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			return -1
		}
		n := 0
		for _, a := range page.Alerts {
			if a.Count != 1 {
				w.t.Errorf("what Fireboss raised it raised %d times", a.Count)
			}
			if a.Status == status {
				n++
			}
		}
		return n
	}
	for range 2 {
		over := -1
		w.eventually("it can be asked", func() bool { over = ours("resolved"); return over >= 0 })
		w.eventually("the heartbeat is taken", func() bool {
			code, _ := w.api(http.MethodPost, "/hooks/prometheus/walking-key/api/v2/alerts", strings.NewReader(`[{"labels":{"alertname":"Walk"}}]`))
			return code == http.StatusOK
		})
		w.eventually("it is missed", func() bool { return ours("firing") == 1 })
		if now := ours("resolved"); now > over+1 {
			w.t.Errorf("%d are over after one heartbeat, %d before it", now, over)
		}
	}
}

// never is for commands that do no harm when they are said again.
func never(string) bool { return false }

// life is an incident, run from its opening to its end by people who do all
// that makes the bot do something.
func (w *walk) life() {
	w.t.Helper()
	w.arrange()
	id, ch := w.open("open sev1 walk #")
	w.call("join", map[string]any{"user": "@bob", "channel": ch})
	said := w.call("message", map[string]any{"user": "@bob", "channel": ch, "text": "it began at noon"})
	w.call("edit", map[string]any{"user": "@bob", "channel": ch, "ts": said["ts"], "text": "it began at one"})
	w.call("message", map[string]any{"user": "@bob", "channel": ch, "text": "<@" + w.user("@fireboss") + "> note by a mention"})
	w.react(id, ch, fmt.Sprint(said["ts"]))
	w.insist("@bob", ch, "ack", never)
	w.insist("@bob", ch, "lead me", never)
	for range 3 {
		w.insist("@bob", ch, "note written down #", func(said string) bool { return w.noted(id, said) })
	}
	w.insist("@bob", ch, "rename walk on #", never)
	w.eventually("bob was reminded", func() bool { return strings.Contains(w.kindsOf(id), "reminder_sent") })
	w.insist("@bob", ch, "handoff @carol it is yours #", never)
	if strings.Contains(w.point, responseURL) {
		w.longAnswer(ch)
	}
	if slices.Contains([]string{pointHookKept, pointHookHeard}, w.point) {
		w.monitor()
	}
	if w.point == pointAlertShown {
		w.tells()
	}
	if slices.Contains([]string{pointBeat, pointPulse}, w.point) {
		w.beats()
	}
	if slices.Contains([]string{pointPaging, pointPaged}, w.point) {
		w.wake(ch)
	}
	if slices.Contains([]string{pointSilencing, pointSilenced, pointUnsilenced}, w.point) {
		w.silence()
	}
	w.secret()
	w.forms()
	w.hushed()
	w.doubleCard(ch)
	w.backup()
	w.alive()
	w.stop() // everything is looked at again after a start
	w.revive()
	w.leaveUnseen(ch)
	w.insist("@bob", ch, "resolve done #", never)
	w.eventually("the postmortem is drafted", func() bool { return strings.Contains(w.kindsOf(id), "postmortem_drafted") })
	w.published(id, ch)
	w.insist("@bob", ch, "close", never)
	w.eventually("everything is shown", func() bool {
		_, body := w.get("/metrics")
		return strings.Contains(body, "\nfireboss_mirror_behind 0\n")
	})
}

// wake has somebody woken, and wants that to happen once.
func (w *walk) wake(ch string) {
	w.t.Helper()
	before := len(w.pager.Asked())
	w.insist("@bob", ch, "page checkout #", never)
	w.eventually("somebody is woken", func() bool { return len(w.pager.Asked()) > before })
	for _, r := range w.pager.Asked() {
		if n := w.pager.Alert(r.Key).Woken; n != 1 {
			w.t.Errorf("by %s somebody is woken %d times", r.Key, n)
		}
	}
}

// silence has alerts silenced and that ended again, and wants each to be done once.
func (w *walk) silence() {
	w.t.Helper()
	before := len(w.silences.Silences())
	w.insist("@bob", "#general", "silence labels.service=walk-# 1h", never)
	w.eventually("it is silenced", func() bool { return len(w.silences.Silences()) > before })
	w.eventually("the bot has died over it, and over finding it", func() bool { return w.deaths >= lives || w.point == pointUnsilenced })
	mark, _, _ := strings.Cut(w.silences.Last().Comment, "#") // another may be on its way, of a try before
	_, number, _ := strings.Cut(strings.TrimSpace(mark), " ")
	w.insist("@bob", "#general", "silence end "+number, never)
	w.eventually("it is silenced no longer", func() bool { return strings.Contains(strings.Join(w.silences.Silences(), "\n"), "expired "+mark) })
	w.eventually("the bot has died over that", func() bool { return w.deaths >= lives })
	made := map[string]bool{}
	for _, s := range w.silences.Silences() {
		_, mark, _ := strings.Cut(s, " ")
		if made[mark] {
			w.t.Errorf("%s is set twice", mark)
		}
		made[mark] = true
	}
}

// What is called there is no method of Slack's.
const (
	responseURL = "response_url"
	fileURL     = "file"
)

// react shares a file, and puts a reaction on a message and takes it off again.
func (w *walk) react(id, ch, ts string) {
	w.t.Helper()
	w.call("message", map[string]any{"user": "@bob", "channel": ch, "text": "look", "files": []any{map[string]any{"name": "a.txt", "content": "so"}}})
	w.call("react", map[string]any{"user": "@bob", "channel": ch, "ts": ts, "name": "pushpin"})
	w.eventually("the message is marked", func() bool { return strings.Contains(w.kindsOf(id), "message_marked") })
	w.call("unreact", map[string]any{"user": "@bob", "channel": ch, "ts": ts, "name": "pushpin"})
	w.eventually("the message is not marked", func() bool { return strings.Contains(w.kindsOf(id), "message_unmarked") })
}

// arrange makes it so that the bot comes by a point that it seldom does.
func (w *walk) arrange() {
	for method, fault := range map[string]map[string]any{
		"users.conversations":      {"method": "conversations.create", "kind": "drop_after", "times": 1},                   // whose is the channel of that name?
		"bookmarks.list":           {"method": "bookmarks.add", "kind": "drop_after", "times": 1},                          // is it there?
		"canvases.sections.lookup": {"method": "conversations.canvases.create", "kind": "drop_after", "times": 1},          // is it ours?
		"users.info":               {"method": "users.list", "kind": "error", "error": "internal_error", "times": 1 << 20}, // who is that?
	} {
		if strings.HasSuffix(w.point, " "+method) {
			w.fault(fault)
		}
	}
}

// open opens an incident and waits until alice is in its channel.
func (w *walk) open(text string) (id, channel string) {
	w.t.Helper()
	said := w.insist("@alice", "#general", text, func(said string) bool { return w.titled(said) != nil })
	var in map[string]any
	w.eventually("alice is in the channel of what she opened", func() bool {
		if in = w.titled(said); in == nil {
			return false
		}
		where, _ := in["channel"].(map[string]any)
		channel, _ = where["id"].(string)
		for _, c := range w.state().Channels {
			if c.ID == channel {
				return slices.Contains(c.Members, w.user("@alice"))
			}
		}
		return false
	})
	return in["id"].(string), channel
}

// titled is the incident that a command opened; nil while there is none.
func (w *walk) titled(said string) map[string]any {
	for _, in := range w.list() {
		if title, _ := in["title"].(string); strings.HasSuffix(said, " "+title) {
			return in
		}
	}
	return nil
}

func (w *walk) list() []map[string]any {
	_, body := w.get("/api/v1/incidents?limit=1000")
	var list struct{ Incidents []map[string]any }
	_ = json.Unmarshal([]byte(body), &list) // the bot may be dead
	return list.Incidents
}

func (w *walk) kindsOf(id string) string {
	_, body := w.get("/api/v1/incidents/" + id + "/events?limit=1000")
	return body
}

func (w *walk) noted(id, said string) bool {
	_, body := w.get("/api/v1/incidents/" + id + "/events?limit=1000")
	return strings.Contains(body, strings.TrimPrefix(said, "note "))
}

// secret is a private incident that somebody leaves, and is removed from.
func (w *walk) secret() {
	w.t.Helper()
	if !strings.HasSuffix(w.point, "conversations.kick") {
		return
	}
	_, ch := w.open("open private secret #")
	w.insist("@alice", ch, "invite @dave", never)
	w.eventually("dave is in the channel", func() bool { return slices.Contains(w.members(ch), w.user("@dave")) })
	w.insist("@dave", ch, "leave", func(string) bool { return !slices.Contains(w.members(ch), w.user("@dave")) })
	w.eventually("dave is out of the channel", func() bool { return !slices.Contains(w.members(ch), w.user("@dave")) })
}

// forms opens a form, changes it, and looks at a home.
func (w *walk) forms() {
	w.t.Helper()
	if !strings.Contains(w.point, " views.") {
		return
	}
	var v simView
	w.eventually("bob has a form", func() bool {
		w.call("slash", map[string]any{"user": "@bob", "channel": "#general", "command": "/incident", "text": "open"})
		return w.soon(func() bool {
			open := w.state().Views
			if len(open) > 0 {
				v = open[len(open)-1]
			}
			return len(open) > 0
		})
	})
	w.eventually("bob's form asks for more", func() bool {
		w.call("click", map[string]any{"user": "@bob", "view_id": v.ID, "action_id": "type", "value": "security"})
		return w.soon(func() bool {
			return slices.ContainsFunc(w.state().Views, func(v simView) bool { return v.label("private_security") != "" })
		})
	})
	w.eventually("bob has a home", func() bool {
		w.call("home", map[string]any{"user": "@bob"})
		return w.soon(func() bool { return len(w.state().Homes) > 0 }) && (w.deaths >= lives || !strings.HasSuffix(w.point, "views.publish"))
	})
}

// hushed is an incident that becomes private.
func (w *walk) hushed() {
	w.t.Helper()
	if !strings.HasSuffix(w.point, "conversations.archive") && !strings.HasSuffix(w.point, "canvases.delete") {
		return
	}
	id, ch := w.open("open sev4 hushed #")
	if strings.HasSuffix(w.point, "canvases.delete") {
		w.insist("@bob", "#general", "postmortem "+id+" draft", never)
		w.published(id, ch)
	}
	archived := func(string) bool {
		return slices.ContainsFunc(w.state().Channels, func(c simChannel) bool { return c.ID == ch && c.IsArchived })
	}
	w.insist("@alice", "#general", "private "+id+" keys #", archived)
	w.eventually("the earlier channel is archived", func() bool { return archived("") })
}

// published publishes the postmortem of an incident, and a newer version of it.
func (w *walk) published(id, ch string) {
	w.t.Helper()
	if !strings.Contains(w.point, "canvases.") {
		return
	}
	for range 2 {
		said := w.insist("@bob", "#general", "postmortem "+id+" edit summary so it was #", never)
		_, text, _ := strings.Cut(said, "summary ")
		w.insist("@bob", "#general", "postmortem "+id+" approve", never)
		w.insist("@bob", "#general", "postmortem "+id+" publish", never)
		w.eventually("the canvas shows it", func() bool { return strings.Contains(w.state().canvas(ch).Markdown, text+"\n") })
	}
}

func (w *walk) members(channel string) []string {
	for _, c := range w.state().Channels {
		if c.ID == channel {
			return c.Members
		}
	}
	return nil
}

// longAnswer asks for something that is too long for an acknowledgement.
func (w *walk) longAnswer(ch string) {
	w.t.Helper()
	for range 30 {
		w.call("message", map[string]any{"user": "@bob", "channel": ch, "text": strings.Repeat("🔥", 300)})
	}
	w.eventually("bob has read the timeline", func() bool {
		w.call("slash", map[string]any{"user": "@bob", "channel": ch, "command": "/incident", "text": "timeline"})
		return w.deaths >= lives || w.soon(w.bot.gone)
	})
}

// doubleCard posts the card once more, as Slack does when it carries out a call
// after its caller is dead.
func (w *walk) doubleCard(ch string) {
	w.t.Helper()
	w.eventually("there is a card", func() bool {
		for _, c := range w.state().Channels {
			for _, m := range c.Messages {
				if c.ID == ch && m.kind() == "fireboss_card" {
					mark, err := json.Marshal(map[string]any{"event_type": m.Metadata.EventType, "event_payload": m.Metadata.EventPayload})
					if err != nil {
						w.t.Fatal(err)
					}
					return w.callSlack("chat.postMessage", url.Values{"channel": {ch}, "text": {"the card again"}, "metadata": {string(mark)}})
				}
			}
		}
		return false
	})
}

// callSlack calls Slack as the bot does.
func (w *walk) callSlack(method string, form url.Values) bool {
	w.t.Helper()
	form.Set("token", slacksim.BotToken)
	res, err := http.PostForm(w.workspace+"/api/"+method, form)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ OK bool }
	return json.NewDecoder(res.Body).Decode(&out) == nil && out.OK
}

// backup takes one, hot, until there is one.
func (w *walk) backup() {
	w.t.Helper()
	if !strings.Contains(w.point, "backup") {
		return
	}
	w.eventually("a backup was made", func() bool {
		code, body := w.get("/api/v1/backup")
		return code == http.StatusOK && body != ""
	})
}

// leaveUnseen lets bob leave while the bot is dead, for so long that what Slack
// says of it may not be so any more.
func (w *walk) leaveUnseen(ch string) {
	w.t.Helper()
	if !strings.HasSuffix(w.point, "conversations.members") {
		return
	}
	asked := w.called("conversations.members")
	w.bot.kill()
	w.until("the workspace has noticed", func() bool { return len(w.state().Sockets) == 0 })
	w.call("leave", map[string]any{"user": "@dave", "channel": ch})
	w.call("join", map[string]any{"user": "@dave", "channel": ch})
	wait := time.NewTimer(2 * time.Second) // the first tries to deliver it fail
	<-wait.C
	w.revive()
	w.eventually("dave was seen", func() bool { return strings.Contains(fmt.Sprint(w.list()), "dave") })
	// The channel's history tells of him sooner than the events that come again.
	w.eventually("it was asked who is there", func() bool { return w.called("conversations.members") > asked })
}

// whole checks all incidents, as they are and as they are shown.
func (w *walk) whole() {
	w.t.Helper()
	w.Settles()
	seen := map[string]int{}
	for _, in := range w.list() {
		id, where := in["id"].(string), in["channel"].(map[string]any)
		name := "#" + where["name"].(string)
		if in["private"] == true {
			w.checkAnnounced(id, 0)
		} else {
			w.checkWhole(id, name)
		}
		if c := w.the(name); !slices.Contains(c.Members, w.user("@alice")) {
			w.t.Errorf("alice, who opened %s, is not in %s", id, name)
		}
		drafts := 0
		for _, e := range w.events(id) {
			switch e.Kind {
			case "note_added":
				seen[e.Text]++
			case "postmortem_drafted":
				drafts++
			}
		}
		if in["status"] == "closed" && drafts != 1 {
			w.t.Errorf("the postmortem of %s is drafted %d times", id, drafts)
		}
	}
	channels, canvases := 0, map[string]int{}
	for _, c := range w.state().Canvases {
		canvases[c.Channel]++
	}
	for _, c := range w.state().Channels {
		if strings.HasPrefix(c.Name, "inc-") {
			channels++
		} else if canvases[c.ID] > 0 {
			w.t.Errorf("in #%s there is a canvas", c.Name)
		}
		if canvases[c.ID] > 1 {
			w.t.Errorf("in #%s there are %d canvases", c.Name, canvases[c.ID])
		}
	}
	if n := len(w.list()); channels != n {
		w.t.Errorf("there are %d channels of %d incidents", channels, n)
	}
	for text, n := range seen {
		if n != 1 && strings.Contains(text, "written down") {
			w.t.Errorf("the note %q is there %d times", text, n)
		}
	}
	for _, said := range w.acked {
		if note, ok := strings.CutPrefix(said, "note "); ok && seen[note] != 1 {
			w.t.Errorf("the note %q was acknowledged and is there %d times", note, seen[note])
		}
	}
}
