package bot

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertRules are the rules of alerts as the configuration has them, and as they are at work now: some that are in shadow
// there somebody has made live.
type alertRules struct {
	store      store.Store
	configured alerts.Policy
	log        zerolog.Logger

	mu  sync.Mutex // held while the store is read, so that what is read later counts
	now atomic.Pointer[alerts.Policy]
}

// newAlertRules drops what was said of rules that say something else now, and takes up the rest.
func newAlertRules(ctx context.Context, s store.Store, configured alerts.Policy, log zerolog.Logger) (*alertRules, error) {
	r := &alertRules{store: s, configured: configured, log: log}
	list, err := s.LiveAlertRules(ctx)
	if err != nil {
		return nil, err
	}
	for _, live := range list {
		if rule, there := configured.Rule(live.Rule); there && rule.Shadow && live.Means(rule) {
			continue
		}
		if err := s.DropLiveAlertRule(ctx, "", live.Rule); err != nil {
			return nil, err
		}
		log.Info().Str("rule", live.Rule).Msg("a rule of alerts that was made live is another one now, or is live by the configuration; what the configuration says counts")
	}
	err = r.load(ctx)
	return r, err
}

// policy is what counts now.
func (r *alertRules) policy() alerts.Policy { return *r.now.Load() }

// load takes up what the store has.
func (r *alertRules) load(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	list, err := r.store.LiveAlertRules(ctx)
	if err != nil {
		return err
	}
	p := r.configured.WithLive(list)
	r.now.Store(&p)
	return nil
}

// switched takes up that a rule was made live, or that this was taken back, which is in the store already.
func (r *alertRules) switched(ctx context.Context, rule, what string) {
	if err := r.load(context.WithoutCancel(ctx)); err != nil {
		r.log.Error().Err(err).Str("rule", rule).Msg("which rules of alerts are live could not be read; it counts after the next start")
		return
	}
	r.log.Info().Str("rule", rule).Msg(what)
}

// wireAlerts makes what takes alerts.
func (p *program) wireAlerts(desk *commands.Desk) error {
	policy, err := alertPolicy(p.settings, p.outside)
	if err != nil {
		return err
	}
	rules, err := newAlertRules(context.Background(), p.store, policy, p.log)
	if err != nil {
		return err
	}
	if len(p.outside.paging) == 0 && slices.ContainsFunc(policy.Rules, func(r alerts.Rule) bool { return r.Do == alerts.Page }) {
		p.log.Warn().Msg("a rule of alerts wakes people, and no paging integration is configured: it opens incidents, and nobody is woken")
	}
	p.store.switched, desk.Alerts = rules.switched, rules.policy
	p.alerts = newAlertIntake(p.store, p.outside.sources(), rules.policy, p.log)
	p.alerts.told, p.alerts.watchers = p.metrics.hooked, p.outside.watchers()
	p.alerts.pulse.page = string(p.settings.HTTP.PublicURL) + "/alerts"
	p.silence = newSilencer(p.store, p.outside.quiet, p.log)
	p.store.hushed = func() {
		p.site.TellAlerts()
		p.alerts.mayLapse()
		p.silence.changed()
	}
	return nil
}
