package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// memoryNet is a network in memory, so that the real HTTP and WebSocket code
// runs within a synctest bubble, in virtual time.
type memoryNet struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemoryNet() *memoryNet {
	return &memoryNet{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept waits for the next connection.
func (m *memoryNet) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return newWire(c), nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and refuses further connections.
func (m *memoryNet) Close() error { m.once.Do(func() { close(m.closed) }); return nil }

// Addr is an address that stands for this network.
func (m *memoryNet) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081} }

func (m *memoryNet) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case m.conns <- theirs:
		return newWire(ours), nil
	case <-m.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// wire is a connection with a buffer for what is written, as a real one has: on
// a bare pipe two sides that both write wait for each other for ever.
type wire struct {
	net.Conn
	mu     sync.Mutex
	queue  [][]byte
	closed bool
	more   chan struct{}
}

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c, more: make(chan struct{}, 1)}
	go w.pump()
	return w
}

// Write never waits.
func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, net.ErrClosed
	}
	w.queue = append(w.queue, bytes.Clone(b))
	w.wake()
	return len(b), nil
}

// Close lets what was written arrive, for a second, and closes the connection.
func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		_ = w.Conn.SetDeadline(time.Now().Add(time.Second))
		w.wake()
	}
	return nil
}

// SetDeadline and SetWriteDeadline leave a connection that was closed its last
// second: whoever writes at that moment would take it away, and the pump would
// wait for ever.
func (w *wire) SetDeadline(t time.Time) error { return w.whileOpen(w.Conn.SetDeadline, t) }

// SetWriteDeadline is SetDeadline for what is written.
func (w *wire) SetWriteDeadline(t time.Time) error { return w.whileOpen(w.Conn.SetWriteDeadline, t) }

func (w *wire) whileOpen(set func(time.Time) error, t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return net.ErrClosed
	}
	return set(t)
}

func (w *wire) wake() {
	select {
	case w.more <- struct{}{}:
	default:
	}
}

func (w *wire) pump() {
	defer w.Conn.Close()
	for range w.more {
		for {
			w.mu.Lock()
			queue, closed := w.queue, w.closed
			w.queue = nil
			w.mu.Unlock()
			for _, b := range queue {
				if _, err := w.Conn.Write(b); err != nil {
					w.mu.Lock()
					w.closed = true
					w.mu.Unlock()
					return
				}
			}
			if closed && len(queue) == 0 {
				return
			}
			if len(queue) == 0 {
				break
			}
		}
	}
}

// bubble is the whole world in one process and in virtual time: a workspace,
// and the program that may be stopped and started again on the same store.
type bubble struct {
	dir    string
	slack  *memoryNet
	sim    *slacksim.Server
	server *http.Server
	served chan struct{}
	prog   *program
	log    bytes.Buffer
	change func(*settings.Settings) // of what the bot is configured with; may be nil
	beside map[string]*beside       // other systems, by host and port
	ping   time.Duration            // how often sockets are pinged
}

// beside is another system in a bubble.
type beside struct {
	network *memoryNet
	server  *http.Server
	served  chan struct{}
}

// has puts another system into the world.
func (b *bubble) has(address string, h http.Handler) {
	o := &beside{newMemoryNet(), &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}, make(chan struct{})}
	go func() {
		defer close(o.served)
		_ = o.server.Serve(o.network) // ends with close
	}()
	if b.beside == nil {
		b.beside = map[string]*beside{}
	}
	b.beside[address] = o
}

func (o *beside) close() {
	o.server.Close()
	o.network.Close()
	<-o.served
}

// dial reaches the workspace, or another system.
func (b *bubble) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if o, ok := b.beside[address]; ok {
		return o.network.dial(ctx, network, address)
	}
	return b.slack.dial(ctx, network, address)
}

const bubbleAddress = "http://127.0.0.1:8081"

// bubblePing is how often a bubble's sockets are pinged: less often than Slack does,
// for pings are most of what happens in a virtual day; but so often that the bot has
// no reason to ping.
const bubblePing = 18 * time.Second

// idle is a workspace for stories of days in which little happens: its sockets are
// pinged so seldom that they cost nothing. One that dies without a word is noticed
// that much later.
func idle() slacksim.Options { return slacksim.Options{PingEvery: 15 * time.Minute} }

// newBubble begins a world; end ends it.
func newBubble(o slacksim.Options) (*bubble, error) {
	dir, err := os.MkdirTemp(memoryFolder(), "fireboss-bubble-")
	if err != nil {
		return nil, err
	}
	b := &bubble{dir: dir, slack: newMemoryNet(), served: make(chan struct{})}
	o.PingEvery = cmp.Or(o.PingEvery, bubblePing)
	b.ping = o.PingEvery
	if b.sim, err = slacksim.New(o); err != nil {
		return nil, err
	}
	b.sim.SetBaseURL(bubbleAddress)
	b.server = &http.Server{Handler: b.sim.Handler()}
	go func() {
		defer close(b.served)
		_ = b.server.Serve(b.slack) // ends with end
	}()
	return b, nil
}

// memoryFolder is a folder in memory, where there is one: histories need no
// disk that is waited for.
func memoryFolder() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func (b *bubble) settings() settings.Settings {
	s := builtIn("simulated-key")
	s.Store = settings.NewStore(filepath.Join(b.dir, "fireboss.db"))
	s.Slack.BotToken, s.Slack.AppToken = settings.NewSecret(slacksim.BotToken), settings.NewSecret(slacksim.AppToken)
	s.Slack.APIURL = settings.APIURL(bubbleAddress + "/api/")
	if b.change != nil {
		b.change(&s)
	}
	return s
}

// start starts the program and waits until it is connected. Where faults keep
// it from starting it ends as the process would, and is started again by the
// next call.
func (b *bubble) start(ctx context.Context) error {
	if b.prog != nil {
		return nil
	}
	p, err := newProgram(b.settings(), newMemoryNet(), b.dial, zerolog.New(zerolog.SyncWriter(&b.log)).Level(zerolog.WarnLevel))
	if err != nil {
		return err
	}
	for _, s := range p.sockets {
		if b.ping > bubblePing {
			s.Patience = 2 * b.ping
		}
	}
	if err := p.start(ctx); err != nil {
		return errors.Join(err, p.stop())
	}
	b.prog = p
	for range 100 { // where faults keep it from connecting, the world goes on without it
		if p.ready(ctx) == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil
}

// stop stops the program as SIGTERM does.
func (b *bubble) stop() error {
	if b.prog == nil {
		return nil
	}
	p := b.prog
	b.prog = nil
	return p.stop()
}

// crash ends the program without letting anything come to its end: what is
// under way is cut off wherever it is.
func (b *bubble) crash() error {
	if b.prog == nil {
		return nil
	}
	p := b.prog
	b.prog = nil
	p.taking()
	p.working()
	cut, cancel := context.WithCancel(context.Background())
	cancel()
	p.reading.Wait()
	for _, s := range p.sockets {
		s.Close()
	}
	p.server.Close()
	p.intake.Close(cut)
	p.mirror.wait()
	p.work.Wait()
	p.client.Close()
	return p.store.Close()
}

// end ends the world.
func (b *bubble) end() error {
	err := b.stop()
	err = errors.Join(err, b.sim.Close())
	b.server.Close()
	b.slack.Close()
	<-b.served
	for _, o := range b.beside {
		o.close()
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}

// leaks answers the goroutines of this bubble that have not ended with the
// world; synctest would only say that there are some.
func leaks() error {
	time.Sleep(5 * time.Minute) // timers that have nothing left to do
	synctest.Wait()
	buf := make([]byte, 1<<20)
	all := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	_, mine, ok := strings.Cut(strings.SplitN(all[0], "]", 2)[0], "synctest bubble ")
	if !ok {
		return nil
	}
	for _, g := range all[1:] {
		if head, _, _ := strings.Cut(g, "\n"); strings.Contains(head, "synctest bubble "+mine+"]") && !strings.Contains(g, "synctest.Run(") && !strings.Contains(g, "testingSynctestTest") {
			return fmt.Errorf("a goroutine did not end:\n%s", g)
		}
	}
	return nil
}

// calls are the last calls to the workspace, for those who ask what went wrong.
func (b *bubble) calls() string {
	var out strings.Builder
	list, _ := b.call(http.MethodGet, "/sim/calls", nil)["calls"].([]any)
	for _, c := range list[max(0, len(list)-60):] {
		m, _ := c.(map[string]any)
		fmt.Fprintf(&out, "%v %v %v %v\n", m["at"], m["method"], m["error"], m["args"])
	}
	return out.String()
}

// elapse lets virtual time pass; it belongs within a bubble.
func elapse(d time.Duration) { time.Sleep(d) }

// call asks the workspace to do something.
func (b *bubble) call(method, path string, body any) map[string]any {
	raw, err := json.Marshal(body)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	req := httptest.NewRequest(method, bubbleAddress+path, bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	b.sim.Handler().ServeHTTP(rec, req)
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		return map[string]any{"error": rec.Body.String()}
	}
	return out
}

func (b *bubble) state() (st simState, err error) {
	req := httptest.NewRequest(http.MethodGet, bubbleAddress+"/sim/state", nil)
	rec := httptest.NewRecorder()
	b.sim.Handler().ServeHTTP(rec, req)
	err = json.Unmarshal(rec.Body.Bytes(), &st)
	return st, err
}

// settle takes the faults away and lets time pass until everything that is
// stored is shown and everything that arrived is worked.
func (b *bubble) settle() error {
	b.call(http.MethodDelete, "/sim/faults", nil)
	if err := b.start(context.Background()); err != nil {
		return fmt.Errorf("without faults the program does not start: %w", err)
	}
	time.Sleep(7 * time.Minute) // Slack sends what was not acknowledged again after one minute and after five
	// What is due is due at a whole second after something was said: nobody is
	// to be reminded at the very moment at which all is looked at.
	time.Sleep(333 * time.Millisecond)
	var left string
	for range 200 { // of 15 virtual seconds
		if err := b.start(context.Background()); err != nil {
			left = "the program does not start: " + err.Error()
		} else if left = b.unsettled(); left == "" {
			synctest.Wait() // what is due at this very moment
			if left = b.unsettled(); left == "" {
				return nil
			}
		}
		time.Sleep(15 * time.Second)
	}
	return fmt.Errorf("after 50 minutes without faults %s\n%s", left, b.log.String())
}

// unsettled says what is still to come, if anything is.
func (b *bubble) unsettled() string {
	ctx := context.Background()
	if err := b.prog.ready(ctx); err != nil {
		return "it is not ready: " + err.Error()
	}
	behind, err := b.prog.store.BehindMirror(ctx, "slack")
	if err != nil || len(behind) > 0 {
		return fmt.Sprintf("the mirror is behind for %v (%v)", behind, err)
	}
	rows, err := b.prog.store.Unfinished(ctx)
	if err != nil || len(rows) > 0 {
		return fmt.Sprintf("%d deliveries are unfinished (%v)", len(rows), err)
	}
	notices, _, err := b.prog.store.DueAlertNotices(ctx, time.Now().Add(24*time.Hour), 1000)
	for _, n := range notices {
		if n.LastError != "" || !n.NextTry.After(time.Now()) {
			return fmt.Sprintf("people are not told of %s (%s)", n.Alert, n.LastError)
		}
	}
	if err != nil {
		return fmt.Sprintf("the notices of alerts cannot be read (%v)", err)
	}
	out, err := b.prog.store.Outgoing(ctx)
	if err != nil || len(out) > 0 {
		return fmt.Sprintf("%d messages are not sent (%v)", len(out), err)
	}
	return ""
}

// check checks what must hold of every world that has settled.
func (b *bubble) check() error {
	ctx := context.Background()
	st, err := b.state()
	if err != nil {
		return err
	}
	list, err := b.prog.store.Incidents(ctx, store.Query{})
	if err != nil {
		return err
	}
	policy := rules(b.prog.settings)
	var wrong []error
	for i, in := range list {
		if want := incidents.Number(len(list) - i); in.Number != want {
			wrong = append(wrong, fmt.Errorf("%s stands where INC-%d should", in.Number, want))
		}
		if got, want := fmt.Sprint(in.Deadlines), fmt.Sprint(policy.Deadlines(in)); got != want {
			wrong = append(wrong, fmt.Errorf("%s: deadlines are %s, want %s", in.Number, got, want))
		}
		events, err := b.prog.store.Events(ctx, in.Number, 0, 0)
		if err != nil {
			return err
		}
		wrong = append(wrong, checkChannel(st, in, events), checkAnnouncements(st, in), b.checkCanvas(st, in))
	}
	wrong = append(wrong, checkPast(st), checkLetters(st), b.checkCanvases(st, list))
	wrong = append(wrong, checkMerges(list), b.checkNotices(st))
	a, err := b.prog.store.Audit(ctx)
	if err != nil || a.Wrong != "" {
		wrong = append(wrong, fmt.Errorf("audit: %q (%w)", a.Wrong, err))
	}
	return errors.Join(wrong...)
}

// checkChannel wants one channel of the incident, as private as it must be, its
// declarer in it, one card, pinned, and each event that people should see
// posted once, in order.
func checkChannel(st simState, in incidents.Incident, events []incidents.Event) error {
	prefix := fmt.Sprintf("inc-%d", in.Number)
	if in.Drill {
		prefix = fmt.Sprintf("drill-%d", in.Number)
	}
	var mine, shut []simChannel
	for _, c := range st.Channels {
		switch {
		case c.Name != prefix && !strings.HasPrefix(c.Name, prefix+"-"):
		case c.IsArchived:
			shut = append(shut, c)
		default:
			mine = append(mine, c)
		}
	}
	if last := len(shut) - 1; len(mine) == 0 && last >= 0 && !in.Rests().IsZero() { // it is archived
		mine = shut[last:]
	}
	if len(mine) != 1 {
		return fmt.Errorf("%s has %d channels, and %d that are archived", in.Number, len(mine), len(shut))
	}
	c := mine[0]
	if c.IsPrivate != in.Private {
		return fmt.Errorf("%s: private is %v, its channel's is %v", in.Number, in.Private, c.IsPrivate)
	}
	var wrong []error
	cards, lists := 0, 0
	var shown, want []uint64
	for _, m := range c.Messages {
		switch m.kind() {
		case "fireboss_card":
			cards++
		case "fireboss_alerts":
			lists++
		case "fireboss_event":
			shown = append(shown, uint64(m.Metadata.EventPayload["seq"].(float64)))
		}
	}
	for _, e := range events {
		if e.Posted() {
			want = append(want, e.Seq)
		}
	}
	if cards != 1 || len(c.Pins) != 1 {
		wrong = append(wrong, fmt.Errorf("%s has %d cards and %d pins", in.Number, cards, len(c.Pins)))
	}
	if lists > 1 || lists == 0 && in.Alerts.Total > 0 {
		wrong = append(wrong, fmt.Errorf("%s lists its alerts %d times", in.Number, lists))
	}
	if len(shut) > 0 {
		want = stretch(want, shown, c.IsArchived)
		wrong = append(wrong, shownTwice(append(shut, mine...), in))
	}
	if !slices.Equal(shown, sinceMove(events, want, shown)) {
		wrong = append(wrong, fmt.Errorf("%s shows the events %v, want %v", in.Number, shown, want))
	}
	for _, p := range in.Responders {
		if slices.Contains(slices.Collect(maps.Values(in.Roles)), p) {
			continue // may have left: a role stays with its holder until somebody else takes it
		}
		_, user, _ := strings.Cut(strings.TrimPrefix(p.ID, "slack:"), "/")
		if !slices.Contains(c.Members, user) && in.Status.Open() {
			wrong = append(wrong, fmt.Errorf("%s: %s responds and is not in the channel", in.Number, p.Name))
		}
	}
	return errors.Join(wrong...)
}

// checkLetters wants what is said once to one person to be said to them, and once.
func checkLetters(st simState) error {
	seen := map[string]bool{}
	var wrong []error
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			key := m.key()
			if key == "" {
				continue
			}
			_, user, toPerson := strings.Cut(key, "/slack:T0FIREBOSS/")
			if seen[key] || toPerson && !slices.Contains(c.Members, user) {
				wrong = append(wrong, fmt.Errorf("%s is said twice, or to somebody else: %q", key, m.words()))
			}
			seen[key] = true
		}
	}
	return errors.Join(wrong...)
}

// key is that of a message to one person; empty of others.
func (m simMessage) key() string {
	if m.kind() != "fireboss_message" {
		return ""
	}
	key, _ := m.Metadata.EventPayload["key"].(string)
	return key
}

// stretch are those of the posted events that a channel has to show that was archived,
// or that came after one that was: as many as it shows, from the first of them or,
// where it is the channel of now, up to the last of all.
func stretch(want, shown []uint64, archived bool) []uint64 {
	if len(shown) > len(want) {
		return want
	}
	if first := slices.Index(want, slices.Concat(shown, []uint64{0})[0]); archived && first >= 0 {
		return want[first:min(first+len(shown), len(want))]
	}
	return want[len(want)-len(shown):]
}

// shownTwice wants no event of an incident in two channels.
func shownTwice(list []simChannel, in incidents.Incident) error {
	where := map[uint64]string{}
	var wrong []error
	for _, c := range list {
		for _, m := range c.Messages {
			if m.kind() != "fireboss_event" {
				continue
			}
			seq := uint64(m.Metadata.EventPayload["seq"].(float64))
			if before, shown := where[seq]; shown && before != c.ID {
				wrong = append(wrong, fmt.Errorf("%s shows event %d in %s and in %s", in.Number, seq, before, c.ID))
			}
			where[seq] = c.ID
		}
	}
	return errors.Join(wrong...)
}

// checkPast wants the public channels of incidents that have become private to be
// archived, and nothing of ours left in them.
func checkPast(st simState) error {
	var wrong []error
	for _, c := range st.Channels {
		if c.IsPrivate || !strings.HasPrefix(c.Name, "was-inc-") {
			continue
		}
		if !c.IsArchived || c.Topic != "" || c.Purpose != "This channel is not used any more." {
			wrong = append(wrong, fmt.Errorf("#%s is archived: %v, topic %q, purpose %q", c.Name, c.IsArchived, c.Topic, c.Purpose))
		}
		for _, m := range c.Messages {
			if m.User == "U0FIREBOSS" && m.Subtype == "" && m.EphemeralTo == "" {
				wrong = append(wrong, fmt.Errorf("#%s still says %q", c.Name, m.words()))
			}
		}
	}
	return errors.Join(wrong...)
}

// sinceMove are those of the posted events that the channel of now has to show: all
// of them or, of an incident that moved into another channel when it became private
// or public, at least those from then on.
func sinceMove(events []incidents.Event, want, shown []uint64) []uint64 {
	for _, e := range slices.Backward(events) {
		if e.Kind == incidents.VisibilityChanged {
			i := slices.Index(want, e.Seq)
			return want[min(i, max(0, len(want)-len(shown))):]
		}
	}
	return want
}

// checkAnnouncements wants one announcement of a public incident that was not over
// when it was recorded, and not a
// word of a private one outside its own channel and the ears of those in it.
func checkAnnouncements(st simState, in incidents.Incident) error {
	n := 0
	var wrong []error
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if m.kind() == "fireboss_announcement" && m.Metadata.EventPayload["incident"] == in.Number.String() {
				n++
			}
			if in.Private && !c.IsPrivate && !c.IsArchived && m.EphemeralTo == "" && m.Subtype == "" && len(c.Members) > 2 && m.User == "U0FIREBOSS" && strings.Contains(m.words(), in.Title) {
				wrong = append(wrong, fmt.Errorf("#%s shows %q of the private %s", c.Name, in.Title, in.Number))
			}
		}
	}
	want := 1
	if in.Private || in.Backfilled {
		want = 0
	}
	if n != want {
		wrong = append(wrong, fmt.Errorf("%s is announced %d times, want %d", in.Number, n, want))
	}
	return errors.Join(wrong...)
}
