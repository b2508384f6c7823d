package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/bot/web"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// program is the running bot: everything between the listener, the sockets and
// the store.
type program struct {
	settings settings.Settings
	log      zerolog.Logger
	metrics  *metrics

	store   *timedStore
	client  *slack.Client
	people  *slack.Directory
	signed  *visitors
	demo    []string // as whom one signs in with a click
	intake  *slack.Intake
	mirror  *mirrorWorker
	slack   *slack.Mirror
	outbox  *outbox
	improve *outbox // drafts that a model is to write anew
	page    *outbox // people who are to be woken
	clock   *reminders
	alerts  *alertIntake
	notices *notices
	silence *silencer
	library *library
	gaps    *slack.Gaps
	sweeper *sweeper
	digests *digests
	archive *archivist
	outside *outside
	sockets []*slack.Socket
	site    *web.Site
	server  *http.Server
	listen  net.Listener
	dial    dialer

	reading sync.WaitGroup // of the sockets
	work    sync.WaitGroup // loops
	taking  context.CancelFunc
	working context.CancelFunc
	ended   chan error // of the HTTP server
}

// socketCount is how many connections overlap; Slack allows ten an app.
const socketCount = 2

// Bounds of a stop: all of it within ten seconds.
const (
	stopIntake = 4 * time.Second
	stopMirror = 3 * time.Second
	stopHTTP   = 2 * time.Second
)

// dialer reaches an address; nil is the network.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// newProgram opens the store and wires everything; nothing runs yet. listen is
// the listener to serve, or nil to make one from the settings; dial is the way
// to Slack.
func newProgram(s settings.Settings, listen net.Listener, dial dialer, log zerolog.Logger, more ...func(*program)) (*program, error) {
	p := &program{settings: s, log: log, metrics: newMetrics(), listen: listen, dial: dial, ended: make(chan error, 1)}
	for _, f := range more {
		f(p)
	}
	policy := rules(s)
	now := func() incidents.Rules { return policy }
	if s.Store.Postgres() {
		return nil, errors.New("a PostgreSQL store is not supported by this version; set store to the path of a file")
	}
	var err error
	if p.outside, err = newOutside(s, dial, p.metrics, log); err != nil {
		return nil, err
	}
	policy.Model, policy.Paging = p.outside.author != nil, p.outside.paging
	db, err := bolt.Open(s.Store.Reveal(), bolt.Options{Rules: now, Committed: p.committed, Crash: crash})
	if err != nil {
		return nil, err
	}
	p.store = &timedStore{Store: db, metrics: p.metrics}
	if p.listen == nil {
		if p.listen, err = net.Listen("tcp", string(s.HTTP.Listen)); err != nil {
			return nil, errors.Join(fmt.Errorf("cannot listen on http.listen: %w", err), db.Close())
		}
	}
	if err := p.wire(now); err != nil {
		return nil, errors.Join(err, p.listen.Close(), db.Close())
	}
	return p, nil
}

func (p *program) wire(now func() incidents.Rules) error {
	s := p.settings
	dashboard := string(s.HTTP.PublicURL)
	card := slack.Card{Rules: now, Dashboard: dashboard, Notice: notice(s), Place: p.place, Suspects: p.suspects}
	p.client = slack.NewClient(slack.Options{
		BotToken: s.Slack.BotToken.Reveal(), AppToken: s.Slack.AppToken.Reveal(), APIURL: string(s.Slack.APIURL), Dial: p.dial, Observe: p.metrics.call, Said: p.metrics.said, Crash: crash,
	})
	p.people = slack.NewDirectory(p.client)
	p.people.Rules = now
	p.signed = &visitors{Directory: p.people}
	drafts, err := drafting(s.Postmortem, permalink(p.client))
	if err != nil {
		return err
	}
	desk := &commands.Desk{Store: p.store, Rules: now, People: p.people, Dashboard: dashboard, Drafting: drafts, Silencers: p.outside.quiets}
	p.slack = &slack.Mirror{
		Client: p.client, Directory: p.people, Card: card, Log: p.log, StoreID: p.store.Identity(), Announce: announcements(s), Said: p.store, Account: p.account, Alerts: p.alertsOf, Quiet: s.Quiet, ArchiveAfter: s.Open.Archive.Std(),
	}
	p.mirror = newMirrorWorker(slack.Door, p.store, p.slack.Sync, p.metrics.lagged, p.log)
	p.archive = &archivist{store: p.store, after: s.Open.Archive.Std(), changed: p.mirror.changed, log: p.log}
	p.outbox = newOutbox(p.store, slack.Courier{Client: p.client, Store: p.store, Rules: now}, p.log)
	p.outbox.others = append([]string{incidents.ModelWanted}, pagerKinds...)
	p.page, desk.Woken = p.pager(now)
	p.improve = newImprover(p.store, desk, p.outside.author, p.log)
	p.outbox.errands = map[string]errand{incidents.DraftWanted: drafter{store: p.store, desk: desk, log: p.log}.do, incidents.RolesDue: roleGiver{store: p.store, people: p.people}.do}
	p.clock = newReminders(p.store, p.people, now, p.log)
	p.digests = newDigests(p.store, slack.Bulletin{Client: p.client, Directory: p.people, StoreID: p.store.Identity()}, s, p.log)
	p.intake = &slack.Intake{
		Client: p.client, Store: p.store, Desk: desk, Directory: p.people, Card: card, Log: p.log, Alarm: alarm(s.Open.Alarm), Silent: silent(s), Meanings: meanings(s.Reactions), Poke: p.poke, Placed: p.mirror.untilPlaced, Acked: p.metrics.acked,
	}
	p.library = newLibrary(p.store, p.client, int64(s.Record.Files), p.log)
	p.gaps = slack.NewGaps(p.intake)
	p.sweeper = &sweeper{store: p.store, rules: now, alerts: s.Alerts.Keep.Std(), log: p.log}
	for range socketCount {
		p.sockets = append(p.sockets, &slack.Socket{Client: p.client, Dial: p.dial, Log: p.log, Frame: p.intake.Frame, Greeted: p.gaps.Connected})
	}
	for i, s := range p.sockets {
		s.Others = slices.Concat(p.sockets[:i], p.sockets[i+1:])
	}
	p.metrics.watch(p.behind, p.connected, func() int64 { return p.alerts.waiting.Load() })
	if err := p.wireAlerts(desk); err != nil {
		return err
	}
	p.site = web.New(web.Options{
		Store: p.store, Desk: desk, People: p.signed, Rules: now, Tokens: tokens(s), PublicURL: dashboard, BehindProxy: s.HTTP.BehindProxy,
		Metrics: p.metrics.handler(), Ready: p.ready, Log: p.log, Changed: p.serviceChanged, Roster: p.people.Known,
		Hooks: p.alerts.door(p.metrics.hooked), Alerts: desk.Alerts, Heartbeats: p.alerts.pulse.pulses,
		LoadByPerson: s.Insights.ByPerson, SignIn: signIn(s.SignIn), Sessions: web.Sessions{Idle: s.SignIn.Sessions.Idle.Std(), Max: s.SignIn.Sessions.Max.Std()}, Demo: p.demo,
	})
	p.mirror.showed = func(n incidents.Number) { p.site.Tell(n) }
	p.notices = p.newNotices()
	p.store.listed = p.mirror.changed
	p.store.alerted = func() {
		p.site.TellAlerts()
		p.notices.changed()
	}
	p.server = newServer(p.site)
	p.server.RegisterOnShutdown(p.site.HangUp)
	return nil
}

// place is the channel of an incident; empty while it has none.
func (p *program) place(of incidents.Incident, n incidents.Number) string {
	other, err := p.store.Incident(context.Background(), n)
	if err != nil || other.Private && !of.Private {
		return ""
	}
	rec, err := p.store.Record(context.Background(), slack.Door, n)
	if err != nil {
		return ""
	}
	return rec.Place
}

func tokens(s settings.Settings) []web.Token {
	var list []web.Token
	for _, t := range s.APITokens {
		list = append(list, web.Token{Name: t.Name, Secret: t.Token.Reveal(), Scope: web.Scope(t.Scope)})
	}
	return list
}

// start begins to work. What was left from before a crash is taken up first.
func (p *program) start(ctx context.Context) error {
	taking, stopTaking := context.WithCancel(context.WithoutCancel(ctx))
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	p.taking, p.working = stopTaking, stopWorking
	crash(pointOpened)
	p.work.Go(func() { p.serve() })
	if err := p.client.Connect(ctx); err != nil {
		return err
	}
	p.signed.connected.Store(true)
	crash(pointKnown)
	if err := p.mirror.start(working); err != nil {
		return err
	}
	crash(pointMirroring)
	if err := p.rework(ctx); err != nil {
		return err
	}
	crash(pointTakenUp)
	p.work.Go(func() { p.alerts.run(working) })
	if err := p.alerts.resume(working); err != nil {
		return err
	}
	for _, s := range p.sockets {
		p.reading.Go(func() { s.Run(taking) })
	}
	p.work.Go(func() { p.notices.run(working) })
	p.work.Go(func() { p.silence.run(working) })
	p.work.Go(func() { p.outbox.run(working) })
	p.work.Go(func() { p.improve.run(working) })
	p.work.Go(func() { p.page.run(working) })
	p.work.Go(func() { p.clock.run(working) })
	p.work.Go(func() { p.people.Warm(working, called(rules(p.settings))) })
	p.work.Go(func() { p.library.run(working) })
	p.work.Go(func() { p.gaps.Run(working) })
	p.work.Go(func() { p.sweeper.run(working) })
	p.work.Go(func() { p.digests.run(working) })
	p.work.Go(func() { p.archive.run(working) })
	p.work.Go(func() { p.housekeep(working) })
	crash(pointStarted)
	return nil
}

// rework takes up what was received and not finished when the program ended.
func (p *program) rework(ctx context.Context) error {
	if err := p.intake.Resume(ctx); err != nil {
		return err
	}
	rows, err := p.store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Door == web.Door {
			if err := p.site.Rework(ctx, row); err != nil {
				p.log.Error().Err(err).Str("delivery", row.ID).Msg("an API call left from before the start could not be finished")
			}
		}
	}
	return nil
}

func (p *program) serve() {
	var err error
	if tls := p.settings.HTTP.TLS; tls.On() {
		err = p.server.ServeTLS(p.listen, tls.Cert, tls.Key)
	} else {
		err = p.server.Serve(p.listen)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		p.ended <- fmt.Errorf("the HTTP server ended: %w", err)
	}
}

// wait runs until the context ends or something breaks, then stops.
func (p *program) wait(ctx context.Context) error {
	var err error
	select {
	case <-ctx.Done():
		p.log.Info().Msg("stopping")
	case err = <-p.ended:
	}
	return errors.Join(err, p.stop())
}

// stop takes no more work, finishes what was acknowledged, and closes the
// store, all within ten seconds. The sockets stay until what came over them is
// acknowledged.
func (p *program) stop() error {
	if p.taking != nil {
		p.taking()
	}
	p.reading.Wait()
	crash(pointStopping)
	var ending sync.WaitGroup
	ending.Go(func() { within(stopHTTP, p.hangUp) })
	ending.Go(func() { within(stopIntake, p.intake.Close) })
	ending.Go(func() { within(stopIntake, p.alerts.rest) })
	ending.Wait()
	crash(pointTaken)
	for _, s := range p.sockets {
		s.Close()
	}
	if p.working != nil {
		within(stopMirror, p.mirror.settle)
		p.working()
		p.mirror.wait()
	}
	p.work.Wait()
	crash(pointSettled)
	p.client.Close()
	p.outside.out.Close()
	err := p.store.Close()
	crash(pointClosed)
	return err
}

// hangUp ends the HTTP server, with what it is answering if it must be.
func (p *program) hangUp(ctx context.Context) {
	if p.server.Shutdown(ctx) != nil {
		p.server.Close()
	}
}

func within(d time.Duration, f func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	f(ctx)
}

// committed is told of every commit by the store's writer; it must not block.
func (p *program) committed(changed []incidents.Number) {
	if p.site == nil {
		return // the store is being opened
	}
	for _, n := range changed {
		p.mirror.changed(n)
	}
	p.site.Tell(changed...)
	p.notices.changed()
	p.outbox.changed()
	p.improve.changed()
	p.page.changed()
	p.clock.changed()
	p.library.changed()
}

// poke makes the mirror look at an incident's outside again.
func (p *program) poke(n incidents.Number) {
	p.slack.Poke(n)
	p.mirror.changed(n)
}

// ready reports what is missing for work: the store and a socket.
func (p *program) ready(ctx context.Context) error {
	if err := p.store.Writable(ctx); err != nil {
		return err
	}
	if up, trouble := p.connected(); up == 0 {
		if trouble != nil {
			return fmt.Errorf("not connected to Slack: %w", trouble)
		}
		return errors.New("not connected to Slack yet")
	}
	return p.client.Denied(ctx)
}

// connected counts the sockets that Slack has said hello on.
func (p *program) connected() (up int, trouble error) {
	for _, s := range p.sockets {
		ok, err := s.Up()
		if ok {
			up++
		} else if err != nil {
			trouble = err
		}
	}
	return up, trouble
}

func (p *program) behind() int {
	list, err := p.store.BehindMirror(context.Background(), slack.Door)
	if err != nil {
		return -1
	}
	return len(list)
}
