package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the program: stories start it as a real
// process, which can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("FIREBOSS_TEST_PROGRAM") != "" {
		killAt(os.Getenv("FIREBOSS_TEST_KILL_AT"))
		profiled := profile(os.Getenv("FIREBOSS_TEST_PROFILE"))
		code := Main(context.Background(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
		profiled()
		os.Exit(code)
	}
	if os.Getenv("FIREBOSS_TEST_NOTHING") != "" {
		os.Exit(doNothing())
	}
	flag.Parse()
	debug.SetGCPercent(400) // worlds come and go, and hold little each
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set("8") // stories wait more than they compute
	}
	os.Exit(m.Run())
}

// story is a workspace with the bot in it and people who use it.
type story struct {
	t         *testing.T
	Alice     *who
	Bob       *who
	Carol     *who
	Dave      *who
	Grace     *who
	workspace string
	dashboard string
	data      string
	channel   string // where people are
	bot       *process
	sim       *process
	also      string // more lines of the bot's configuration
}

const storyToken = "story-token-with-enough-length"

// tell begins a story: the demo as one real process on free ports, with no
// history.
func tell(t *testing.T, flags ...string) *story {
	t.Helper()
	s := newStory(t)
	s.data = t.TempDir()
	args := append([]string{"demo", "--listen", "127.0.0.1:0", "--workspace", "127.0.0.1:0", "--empty", "--data", s.data}, flags...)
	s.bot = run(t, args...)
	ready := s.bot.line("ready ")
	s.workspace, s.dashboard = field(ready, "workspace"), field(ready, "dashboard")
	return s
}

// tellApart is tell with the workspace and the bot as processes of their own,
// so that the bot can be killed alone.
func tellApart(t *testing.T, simFlags ...string) *story {
	t.Helper()
	s := newStory(t)
	s.data = t.TempDir()
	s.sim = run(t, append([]string{"simulator", "--listen", "127.0.0.1:0"}, simFlags...)...)
	s.workspace = field(s.sim.line("ready "), "workspace")
	s.startBot()
	return s
}

func newStory(t *testing.T) *story {
	t.Parallel()
	s := &story{t: t, channel: "#general"}
	for name, p := range map[string]**who{"@alice": &s.Alice, "@bob": &s.Bob, "@carol": &s.Carol, "@dave": &s.Dave, "@grace": &s.Grace} {
		*p = &who{s, name}
	}
	return s
}

// startBot starts the bot against the workspace, and waits until it is ready.
func (s *story) startBot() {
	s.t.Helper()
	if !s.startBotTo("") {
		s.t.Fatalf("the bot did not start:\n%s", s.bot.log())
	}
}

// startBotTo is startBot for a bot that is to be killed at a point of fault,
// perhaps before it is ready: then it answers false.
func (s *story) startBotTo(point string) bool {
	s.t.Helper()
	config := filepath.Join(s.data, "config.yaml")
	if _, err := os.Stat(config); err != nil {
		s.write(config)
	}
	s.bot = runWith(s.t, "FIREBOSS_TEST_KILL_AT="+point, "serve", "--config", config)
	listening, ok := s.bot.said("fireboss is running")
	if !ok {
		return false
	}
	s.dashboard = "http://" + listening["listen"].(string)
	s.until("the bot is ready", func() bool {
		code, _ := s.get("/readyz")
		return code == http.StatusOK || s.bot.gone()
	})
	return !s.bot.gone()
}

func (s *story) write(config string) {
	s.t.Helper()
	text := fmt.Sprintf("store: %q\nhttp: {listen: 127.0.0.1:0, public_url: \"http://127.0.0.1:8080\"}\nslack: {bot_token: xoxb-simulator, app_token: xapp-simulator, api_url: %q}\n"+
		"api_tokens: [{name: ops, token: %q, scope: admin}]\nopen: {invite: {sev1: [\"@oncall\"]}}\n", filepath.Join(s.data, "fireboss.db"), s.workspace+"/api/", storyToken) + s.also
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// kill ends the bot as a power cut would.
func (s *story) kill() { s.bot.kill() }

// who is a person of the workspace.
type who struct {
	s    *story
	name string
}

// answer is what somebody got to read.
type answer struct {
	s    *story
	Text string // of blocks and fallback together
	raw  map[string]any
}

// Says types something where the people are: a slash command, or a message.
func (p *who) Says(text string) answer {
	p.s.t.Helper()
	return p.SaysIn(p.s.channel, text)
}

// SaysIn types something in a channel.
func (p *who) SaysIn(channel, text string) answer {
	p.s.t.Helper()
	command, rest, _ := strings.Cut(text, " ")
	if !strings.HasPrefix(command, "/") {
		out := p.s.call("message", map[string]any{"user": p.name, "channel": channel, "text": text})
		return answer{s: p.s, raw: out}
	}
	began := time.Now()
	out := p.s.call("slash", map[string]any{"user": p.name, "channel": channel, "command": command, "text": rest})
	if out["ok"] != true {
		p.s.t.Fatalf("%s says %q: %v", p.name, text, out)
	}
	a := answer{s: p.s, raw: out}
	if response, ok := out["response"].(map[string]any); ok {
		a.Text = words(response)
	}
	if ms, _ := out["ack_ms"].(float64); a.Text == "" && ms >= slowAck {
		a.Text = p.late(began)
	}
	return a
}

// slowAck is after how many milliseconds the bot acknowledges without an answer, which it gives later: where the machine
// stands still for a while.
const slowAck = 1900

// late is the answer to what somebody asked at a moment, which came after the acknowledgement.
func (p *who) late(asked time.Time) (text string) {
	p.s.t.Helper()
	after := fmt.Sprintf("%d.%06d", asked.Unix(), asked.Nanosecond()/1000)
	p.s.until("the answer comes late", func() bool {
		for _, c := range p.s.state().Channels {
			for _, m := range c.Messages {
				if m.EphemeralTo == p.s.user(p.name) && m.TS > after {
					text = m.words()
				}
			}
		}
		return text != ""
	})
	return text
}

// Clicks presses the button with this label on the newest message that has it.
func (p *who) Clicks(channel, label string) {
	p.s.t.Helper()
	for _, m := range slices.Backward(p.s.the(channel).Messages) {
		if id := button(m.Blocks, label); id != "" {
			if out := p.s.call("click", map[string]any{"user": p.name, "channel": channel, "ts": m.TS, "action_id": id}); out["ok"] != true {
				p.s.t.Fatalf("%s clicks %q: %v", p.name, label, out)
			}
			return
		}
	}
	p.s.t.Fatalf("there is no button %q in %s", label, channel)
}

// button finds the action id of a button by its label.
func button(blocks []any, label string) string {
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			el, _ := e.(map[string]any)
			text, _ := el["text"].(map[string]any)
			if el["type"] == "button" && text["text"] == label {
				id, _ := el["action_id"].(string)
				return id
			}
		}
	}
	return ""
}

// Expect wants words in the answer, in any case.
func (a answer) Expect(want ...string) answer {
	a.s.t.Helper()
	for _, w := range want {
		if !strings.Contains(strings.ToLower(a.Text), strings.ToLower(w)) {
			a.s.t.Errorf("the answer lacks %q:\n%s", w, a.Text)
		}
	}
	return a
}

// words are all the texts of a message.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return v + "\n"
	case []any:
		var b strings.Builder
		for _, x := range v {
			b.WriteString(words(x))
		}
		return b.String()
	case map[string]any:
		var b strings.Builder
		for _, k := range []string{"text", "title", "blocks", "fields", "elements", "label"} {
			b.WriteString(words(v[k]))
		}
		return strings.ReplaceAll(b.String(), "\u200b", "")
	}
	return ""
}

// simChannel and simMessage are what the workspace shows.
type simChannel struct {
	ID, Name, Topic, Purpose, Creator string
	IsPrivate                         bool `json:"is_private"`
	IsArchived                        bool `json:"is_archived"`
	Members                           []string
	Pins                              []any
	Bookmarks                         []map[string]any
	Messages                          []simMessage
}

type simMessage struct {
	TS, User, Text, Subtype string
	Blocks                  []any
	ThreadTS                string `json:"thread_ts"`
	EphemeralTo             string `json:"ephemeral_to"`
	Metadata                *struct {
		EventType    string         `json:"event_type"`
		EventPayload map[string]any `json:"event_payload"`
	}
}

func (m simMessage) words() string {
	return strings.ReplaceAll(m.Text, "\u200b", "") + "\n" + words(m.Blocks)
}

// kind is the message's mark.
func (m simMessage) kind() string {
	if m.Metadata == nil {
		return ""
	}
	return m.Metadata.EventType
}

type simState struct {
	Users []struct {
		ID, Name string
		IsBot    bool `json:"is_bot"`
	}
	Channels []simChannel
	Views    []simView
	Homes    []simView
	Sockets  []any
	Canvases []simCanvas
}

type simCanvas struct{ ID, Title, Channel, Markdown string }

// canvas is that of a channel; empty: it has none.
func (st simState) canvas(channel string) (c simCanvas) {
	for _, c := range st.Canvases {
		if c.Channel == channel {
			return c
		}
	}
	return c
}

func (s *story) state() simState {
	s.t.Helper()
	var st simState
	s.fetch(s.workspace+"/sim/state", &st)
	return st
}

// user is a person's id.
func (s *story) user(name string) string {
	s.t.Helper()
	for _, u := range s.state().Users {
		if "@"+u.Name == name {
			return u.ID
		}
	}
	s.t.Fatalf("there is no %s", name)
	return ""
}

// find is the channel of this name.
func (s *story) find(name string) (simChannel, bool) {
	s.t.Helper()
	for _, c := range s.state().Channels {
		if c.Name == strings.TrimPrefix(name, "#") {
			return c, true
		}
	}
	return simChannel{}, false
}

// the is the channel of this name, which must come to be.
func (s *story) the(name string) simChannel {
	s.t.Helper()
	var c simChannel
	s.until("there is a channel "+name, func() bool {
		var ok bool
		c, ok = s.find(name)
		return ok
	})
	return c
}

// Sees waits until a message with these words is in the channel.
func (s *story) Sees(channel string, want ...string) simMessage {
	s.t.Helper()
	var found simMessage
	s.until(fmt.Sprintf("%s shows %q", channel, want), func() bool {
		c, _ := s.find(channel)
		for _, m := range c.Messages {
			text := strings.ToLower(m.words())
			if !slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) }) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// Settles waits until no mirror is behind.
func (s *story) Settles() {
	s.t.Helper()
	s.until("the channel shows all that is stored", func() bool {
		_, body := s.get("/metrics")
		return strings.Contains(body, "\nfireboss_mirror_behind 0\n")
	})
}

// patience is how long a story waits for what has to come: much longer than it
// takes, for many of them run at once on whatever machine there is.
const patience = time.Minute

// until waits for something to become so.
func (s *story) until(what string, so func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(patience)
	wait := 15 * time.Millisecond
	for !so() {
		if time.Now().After(deadline) {
			s.t.Fatalf("it never came to be that %s\n%s", what, s.bot.log())
		}
		<-time.After(wait) // longer each time, for a look at a whole workspace is dear
		wait = min(wait*5/4, 150*time.Millisecond)
	}
}

// call asks the workspace to do something.
func (s *story) call(what string, body any) map[string]any {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.Post(s.workspace+"/sim/"+what, "application/json", bytes.NewReader(raw))
	if err != nil {
		s.t.Fatalf("/sim/%s: %v", what, err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		s.t.Fatalf("/sim/%s: %v", what, err)
	}
	return out
}

func (s *story) fault(f map[string]any) {
	s.t.Helper()
	if out := s.call("faults", f); out["ok"] != true {
		s.t.Fatalf("fault %v: %v", f, out)
	}
}

func (s *story) noFaults() {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodDelete, s.workspace+"/sim/faults", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
}

func (s *story) fetch(address string, into any) {
	s.t.Helper()
	res, err := http.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		s.t.Fatalf("%s: %v", address, err)
	}
}

// get asks the bot's listener, with the API token.
func (s *story) get(path string) (int, string) {
	s.t.Helper()
	return s.api(http.MethodGet, path, nil)
}

// post calls the API.
func (s *story) post(path string, body any) (int, string) {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.api(http.MethodPost, path, bytes.NewReader(raw))
}

func (s *story) api(method, path string, body io.Reader) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.dashboard+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+storyToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(b)
}

// storyEvent is an event as the API shows it.
type storyEvent struct {
	Seq        int
	Kind, Text string
	At         string
	RecordedAt string `json:"recorded_at"`
	Actor      struct{ Name string }
	Data       map[string]any
	Hash       string
}

// events are an incident's events, by the API.
func (s *story) events(id string) []storyEvent {
	s.t.Helper()
	code, body := s.get("/api/v1/incidents/" + id + "/events?limit=1000")
	if code != http.StatusOK {
		s.t.Fatalf("events of %s: %d %s", id, code, body)
	}
	var list struct{ Events []storyEvent }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		s.t.Fatal(err)
	}
	return list.Events
}

// incident is an incident, by the API.
func (s *story) incident(id string) map[string]any {
	s.t.Helper()
	code, body := s.get("/api/v1/incidents/" + id)
	if code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", id, code, body)
	}
	var in map[string]any
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		s.t.Fatal(err)
	}
	return in
}

// process is the program, running.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr stream
	ended          chan struct{} // closed when the process is gone
}

// run starts the program as a real process; it is killed with the test.
func run(t *testing.T, args ...string) *process {
	t.Helper()
	return runWith(t, "", args...)
}

// runWith is run with a variable of the environment, NAME=value.
func runWith(t *testing.T, variable string, args ...string) *process {
	t.Helper()
	p := &process{t: t, ended: make(chan struct{})}
	p.stdout.wrote, p.stderr.wrote = make(chan struct{}, 1), make(chan struct{}, 1)
	p.cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	p.cmd.Env = append(os.Environ(), "FIREBOSS_TEST_PROGRAM=1", "FIREBOSS_API_TOKEN="+storyToken, variable)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // how it ended is asked of its state
	}()
	t.Cleanup(p.kill)
	return p
}

// stream collects what a process writes.
type stream struct {
	mu    sync.Mutex
	all   bytes.Buffer
	wrote chan struct{} // signalled when there is more
}

// Write takes what the process wrote.
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return s.all.Write(b)
}

// String is all that was written so far.
func (s *stream) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// find waits for a line that fits; false where the process ends without one.
func (p *process) find(s *stream, fits func(line string) bool) bool {
	p.t.Helper()
	deadline := time.After(patience)
	for ended := false; ; {
		for line := range strings.Lines(s.String()) {
			if strings.HasSuffix(line, "\n") && fits(strings.TrimSuffix(line, "\n")) {
				return true
			}
		}
		if ended {
			return false
		}
		select {
		case <-s.wrote:
		case <-p.ended:
			ended = true
		case <-deadline:
			return false
		}
	}
}

func (p *process) log() string { return p.stderr.String() }

// line waits for a line of stdout that begins so.
func (p *process) line(prefix string) (found string) {
	p.t.Helper()
	if !p.find(&p.stdout, func(line string) bool { found = line; return strings.HasPrefix(line, prefix) }) {
		p.t.Fatalf("the program never wrote a line %q:\n%s", prefix, p.log())
	}
	return found
}

// said waits for a log line with this message; false where the process ends
// before.
func (p *process) said(message string) (fields map[string]any, ok bool) {
	p.t.Helper()
	ok = p.find(&p.stderr, func(line string) bool {
		fields = nil
		return json.Unmarshal([]byte(line), &fields) == nil && fields["message"] == message
	})
	return fields, ok
}

// logged is said for what must be logged.
func (p *process) logged(message string) map[string]any {
	p.t.Helper()
	fields, ok := p.said(message)
	if !ok {
		p.t.Fatalf("the program never logged %q:\n%s", message, p.log())
	}
	return fields
}

// gone reports whether the process has ended.
func (p *process) gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends the process with SIGKILL.
func (p *process) kill() { p.end(syscall.SIGKILL) }

// end sends a signal and answers the exit code.
func (p *process) end(sig syscall.Signal) int {
	if !p.gone() {
		_ = p.cmd.Process.Signal(sig)
	}
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// field reads name=value from a line of words.
func field(line, name string) string {
	for _, w := range strings.Fields(line) {
		if v, ok := strings.CutPrefix(w, name+"="); ok {
			return v
		}
	}
	return ""
}
