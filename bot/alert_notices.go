package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"

	"fireboss/bot/slack"
)

// A Board keeps a message of each alert that people are told of: what a door has to offer for notices.
type Board interface {
	// Show makes the message of an alert match it; the notice that is answered is to be stored, also with an error.
	Show(ctx context.Context, n store.AlertNotice, t slack.Told, now time.Time) (store.AlertNotice, error)
	// Flooded says how many alerts were too many to be told one by one, and after how long there is more to say; 0: not.
	Flooded(ctx context.Context, now time.Time) (time.Duration, error)
	// LookAgain looks whether something is there twice, and says after how long it wants to look again; 0: not.
	LookAgain(ctx context.Context, now time.Time) (time.Duration, error)
}

// notices tells people in channels of the alerts that are up to them, and shows there what becomes of each. Which notices
// are due stands in the store, so that whatever ends the program, each alert has its one message in the end.
type notices struct {
	store store.Store
	board Board
	place func(n incidents.Number) string // the channel of an incident; empty while it has none
	rules func() alerts.Policy            // nil: nothing is suggested
	log   zerolog.Logger
	wake  bell
}

// Bounds of telling of alerts.
const (
	noticesAtOnce = 100
	noticeTimeout = time.Minute
	noticeMending = 6 * time.Hour   // the longest wait before one is tried again that fails
	placeAwaited  = 5 * time.Minute // for so long an incident may have no channel yet, which the message names
	placeLook     = 5 * time.Second
)

func newNotices(s store.Store, b Board, place func(incidents.Number) string, log zerolog.Logger) *notices {
	return &notices{store: s, board: b, place: place, log: log, wake: newBell()}
}

// newNotices are the program's.
func (p *program) newNotices() *notices {
	s := p.settings
	board := &slack.Board{
		Client: p.client, Directory: p.people, StoreID: p.store.Identity(), Dashboard: string(s.HTTP.PublicURL), Announce: string(s.Slack.Announce), Notices: p.store, Log: p.log,
	}
	place := func(n incidents.Number) string { return p.place(incidents.Incident{}, n) }
	n := newNotices(p.store, board, place, p.log)
	n.rules = p.alerts.policy
	return n
}

// alertsOf are the newest alerts of an incident.
func (p *program) alertsOf(ctx context.Context, n incidents.Number, limit int) ([]alerts.Alert, error) {
	return p.store.Alerts(ctx, store.AlertQuery{Incident: n, Limit: limit})
}

// changed says that a notice may be due; it does not block.
func (n *notices) changed() {
	n.wake.ring()
}

// run shows what is due until the context ends.
func (n *notices) run(ctx context.Context) {
	rounds(ctx, n.wake, n.once)
}

// once shows what is due, and answers how long there is nothing more to do.
func (n *notices) once(ctx context.Context, now time.Time) time.Duration {
	due, next, err := n.store.DueAlertNotices(ctx, now, noticesAtOnce)
	for _, notice := range due {
		if ctx.Err() != nil {
			return 0
		}
		if putErr := n.one(ctx, notice); putErr != nil {
			err = putErr
		}
	}
	again := n.besides(ctx)
	wait := longestSleep
	switch {
	case err != nil && ctx.Err() == nil:
		n.log.Error().Err(err).Msg("what people are told of alerts could not be read or stored")
		wait = hookWait
	case len(due) > 0: // some of them may be due again before the next of the others
		wait = 0
	case !next.IsZero():
		wait = time.Until(next)
	}
	if again > 0 {
		wait = min(wait, again)
	}
	return max(wait, time.Millisecond)
}

// besides does what concerns no single notice, and answers in how long there is more of it; 0: not.
func (n *notices) besides(ctx context.Context) (wait time.Duration) {
	again, err := n.board.LookAgain(ctx, time.Now())
	if err != nil && ctx.Err() == nil {
		n.log.Warn().Err(err).Msg("whether an alert was told twice could not be looked at; it is tried again")
	}
	more, err := n.board.Flooded(ctx, time.Now())
	if err != nil && ctx.Err() == nil {
		n.log.Warn().Err(err).Msg("how many alerts were not told one by one could not be said; it is tried again")
	}
	if more > 0 && (again == 0 || more < again) {
		return more
	}
	return again
}

// one shows one notice, and stores how far that came. An error is the store's.
func (n *notices) one(ctx context.Context, notice store.AlertNotice) error {
	told, err := n.told(ctx, notice.Alert)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := time.Now()
	shown, err := n.show(ctx, notice, told, now)
	crash(pointAlertShown)
	if ctx.Err() != nil && err != nil {
		return nil //nolint:nilerr // the next start shows it
	}
	var later interface{ RetryAfter() time.Duration }
	switch {
	case err == nil:
		shown.Attempts, shown.LastError = 0, ""
		if told.Alert.Incident != 0 && told.Place == "" && now.Sub(told.Alert.Decision.At) < placeAwaited && shown.NextTry.IsZero() {
			shown.NextTry = now.Add(placeLook)
		}
	case errors.As(err, &later):
		shown.LastError, shown.NextTry = err.Error(), now.Add(later.RetryAfter())
	default:
		shown.Attempts++
		wait := min(time.Second<<min(shown.Attempts, 20), noticeMending)
		shown.LastError, shown.NextTry = err.Error(), now.Add(wait)
		n.log.Warn().Err(err).Str("alert", notice.Alert.String()).Int("attempt", shown.Attempts).Dur("again_in", wait).Msg("what people are told of an alert is behind")
	}
	err = n.store.PutAlertNotice(context.WithoutCancel(ctx), shown)
	if errors.Is(err, store.ErrNotFound) { // it was forgotten meanwhile
		return nil
	}
	return err
}

// show is the board's, with a panic made an error.
func (n *notices) show(ctx context.Context, notice store.AlertNotice, told slack.Told, now time.Time) (shown store.AlertNotice, err error) {
	defer func() {
		if v := recover(); v != nil {
			n.log.Error().Interface("panic", v).Bytes("stack", debug.Stack()).Str("alert", notice.Alert.String()).Msg("showing an alert panicked")
			shown, err = notice, errors.New("showing it panicked; see the log")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, noticeTimeout)
	defer cancel()
	return n.board.Show(ctx, notice, told, now)
}

// told is an alert as everybody in its channel may know it. Of incidents it names only the one that it belongs to, for
// what is said of another one would stay there when that becomes private; what rules would have done is told without
// numbers.
func (n *notices) told(ctx context.Context, number alerts.Number) (slack.Told, error) {
	a, err := n.store.Alert(ctx, number)
	if err != nil {
		return slack.Told{}, err
	}
	public := func(of incidents.Number) bool {
		in, err := n.store.Incident(ctx, of)
		return err == nil && !in.Private
	}
	own := a.Incident
	t := slack.Told{Where: a.Channel, Alert: a.SeenBy(func(of incidents.Number) bool { return of == own && public(of) })}
	t.Alert.Decision.Shadow = a.SeenBy(public).Decision.Shadow
	if t.Alert.Incident != 0 {
		t.Place = n.place(own)
	}
	if t.Alert.Undecided() && t.Alert.Decision.Action == alerts.Notify && n.rules != nil {
		find := func(of incidents.Number) (incidents.Incident, bool) {
			in, err := n.store.Incident(ctx, of)
			return in, err == nil
		}
		before := a.Before(find, func(in incidents.Incident) bool { return !in.Private })
		t.Suggested = n.rules().Triage(a, before, time.Now()).Line(nil)
	}
	return t, nil
}
