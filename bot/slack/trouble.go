package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A trouble is a step that Slack refuses for good: only a person can mend it.
// The incident goes on without it. Its card says what is refused and what to do,
// until a later try succeeds; what keeps the card itself from being seen is told
// to whoever leads, and with every answer.

// Keys of a record's IDs that belong to troubles.
const (
	idTrouble   = "trouble:" // + step -> Slack's code
	idTroubleAt = "trouble_at"
	idTold      = "told:" // + step -> what whoever leads was told
)

// Steps that Slack may refuse; those of one person or channel have its id behind.
const (
	stepAll      = "slack" // the token or the app as a whole
	stepChannel  = "channel"
	stepCard     = "card"
	stepMessages = "messages"
	stepPin      = "pin"
	stepTopic    = "topic"
	stepPurpose  = "purpose"
	stepBookmark = "bookmark"
	stepRename   = "rename"
	stepDouble   = "double"
	stepCanvas   = "canvas"
	stepAlerts   = "alerts"
	stepInvite   = "invite:"
	stepCall     = "call:" // of a name of the policy
	stepRemove   = "remove:"
	stepAnnounce = "announce:"
	stepUnsay    = "unsay:"
	stepVacate   = "vacate:"
	stepArchive  = "archive"
)

// deeds say what a step would do, behind "Slack does not let Fireboss".
var deeds = map[string]string{
	stepAll: "do anything", stepChannel: "make its channel", stepCard: "post its card", stepMessages: "write in its channel", stepPin: "pin the card",
	stepTopic: "set the topic", stepPurpose: "describe the channel", stepBookmark: "bookmark the incident's page", stepRename: "rename the channel",
	stepDouble: "delete a message that is there twice", stepArchive: "archive this channel", stepCanvas: "show the postmortem in the channel's canvas", stepAlerts: "list its alerts",
}

// loud are the troubles that keep people from seeing the card.
var loud = []string{stepAll, stepChannel, stepCard, stepMessages}

// sentence says what Slack refuses and what to do about it. name makes a name of
// a user's id.
func sentence(step, code string, name func(string) string) string {
	deed, why := deeds[step], advice[code]
	if user, ok := strings.CutPrefix(step, stepInvite); ok {
		deed = "invite " + plain(name(user))
		if why == "" || code == "restricted_action" {
			why = "ask somebody who may, a workspace admin perhaps, to invite them"
		}
	}
	if ref, ok := strings.CutPrefix(step, stepCall); ok {
		return fmt.Sprintf("Fireboss could not call %s: nobody here and no group goes by that name, or more than one do. Invite who is meant with /incident invite, and put the name right in the configuration, where open.invite, a service or a rule of alerts has it.", plain(ref))
	}
	if user, ok := strings.CutPrefix(step, stepRemove); ok {
		deed = "remove " + plain(name(user)) + " from this private channel, who left the incident"
		if why == "" || code == "restricted_action" {
			why = "do it by hand"
		}
	}
	if channel, ok := strings.CutPrefix(step, stepAnnounce); ok {
		deed = "announce this in " + plain(channel)
		if why == "" {
			why = "invite Fireboss to that channel, or name another one at slack.announce"
		}
	}
	if channel, ok := strings.CutPrefix(step, stepUnsay); ok {
		deed, why = "delete what announced this in "+plain(channel), "do it by hand, for it is private now"
	}
	if channel, ok := strings.CutPrefix(step, stepVacate); ok {
		deed, why = "clear and archive the channel that this had before, <#"+channel+">", "ask a workspace admin to do it by hand"
	}
	if step == stepCanvas && why == "" {
		why = "read it on the incident's page, or ask a workspace admin"
	}
	if why == "" {
		why = "ask a workspace admin"
	}
	return fmt.Sprintf("Slack does not let Fireboss %s: %s (%s).", deed, strings.TrimSuffix(why, "."), code)
}

// sentences are all troubles of a record among these steps; nil: all that stand
// on the card, which is not there where Slack refuses everything.
func sentences(rec store.Record, steps []string, name func(string) string) []string {
	var list []string
	for key, code := range rec.IDs {
		if step, ok := strings.CutPrefix(key, idTrouble); ok && (slices.Contains(steps, step) || steps == nil && step != stepAll) {
			list = append(list, sentence(step, code, name))
		}
	}
	slices.Sort(list)
	return list
}

// try takes a step that an incident can do without.
func (p *pass) try(step string, do func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := do(ctx)
		if refused(err) {
			p.trouble(step, code(err))
			return nil
		}
		if err == nil {
			p.fine(step)
		}
		return err
	}
}

// trouble notes that Slack refuses a step.
func (p *pass) trouble(step, code string) {
	if p.get(idTrouble+step) == code {
		return
	}
	p.m.Log.Warn().Str("incident", p.in.Number.String()).Str("step", step).Str("error", code).Msg("Slack refused; the incident goes on without it")
	p.set(idTrouble+step, code)
	if p.get(idTroubleAt) == "" {
		p.set(idTroubleAt, time.Now().UTC().Format(time.RFC3339))
	}
}

// fine notes that a step is taken.
func (p *pass) fine(step string) { p.set(idTrouble+step, "") }

// troubles are the sentences about all that is refused now.
func (p *pass) troubles() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sentences(p.rec, nil, p.m.Directory.knownName)
}

// mending is after how long to try again what was refused; 0 where nothing was,
// or where it does not matter any more: an incident that is over is given a day.
func (p *pass) mending() time.Duration {
	if p.onlyLasting() {
		p.set(idTroubleAt, "")
		return 0
	}
	wait := patience(p.get(idTroubleAt))
	if p.in.Status.Ended() && wait == lastMending {
		return 0
	}
	return wait
}

// lasting are refusals that nobody is expected to mend soon: the workspace has no
// canvases, or people use the channel's. They are said, and tried again when there
// is something else to show; so is a name of the policy that nobody has.
var lasting = []string{"channel_canvas_already_exists", "free_team_canvas_tab_already_exists", "canvas_disabled_user_team", "team_tier_cannot_create_channel_canvases"}

// onlyLasting reports whether all that is refused, if anything is, is refused for long.
func (p *pass) onlyLasting() bool {
	for key, code := range p.record().IDs {
		step, ok := strings.CutPrefix(key, idTrouble)
		if ok && step != stepAll && !strings.HasPrefix(step, stepCall) && !slices.Contains(lasting, code) {
			return false
		}
	}
	return true
}

// Bounds of the time after which something is tried again that only a person can
// mend. Slack tells when a channel comes back; this is for what it does not tell.
const (
	firstMending = 15 * time.Second
	lastMending  = 24 * time.Hour
)

// patience is as long as a trouble has lasted already, since is when it began.
func patience(since string) time.Duration {
	began, err := time.Parse(time.RFC3339, since)
	if err != nil {
		return firstMending
	}
	return min(max(time.Since(began), firstMending), lastMending)
}

// warn tells whoever leads, or else the declarer, once and directly, of a
// trouble that the channel cannot show.
func (p *pass) warn(ctx context.Context, step, text string) error {
	user, ok := p.leader()
	told, key := p.get(idTold+step), user+" "+text
	if !ok || told == key {
		return nil
	}
	mark := fmt.Sprintf("trouble:%s:%s:%s", p.in.Number, step, p.get(idTroubleAt)+p.get(idLostAt))
	courier := Courier{Client: p.m.Client}
	if told == "trying "+key {
		if found, err := courier.find(ctx, user, mark); err != nil || found != "" {
			p.toldAs(step, key, found)
			return err
		}
	}
	p.set(idTold+step, "trying "+key)
	if err := p.keep(); err != nil {
		return err
	}
	m := &message{Text: clipped(plain(heading(p.in))+": "+text, maxText)}
	place, err := p.m.Client.direct(ctx, user, m, metadata(messageMark, map[string]any{"key": mark}))
	if refused(err) {
		place, err = "nowhere: "+code(err), nil // there is no way to tell anybody
	}
	if err == nil {
		p.m.Client.said(saidPerson, "warning", "")
	}
	p.toldAs(step, key, place)
	return err
}

func (p *pass) toldAs(step, key, place string) {
	if place != "" {
		p.set(idTold+step, key)
	}
}

// leader is who commands, or else who declared, or else who responds longest, if
// they are here and may see the incident.
func (p *pass) leader() (user string, ok bool) {
	c, _ := p.in.Commander()
	for _, who := range append([]incidents.Person{c, p.in.DeclaredBy}, p.in.Responders...) {
		if user, ok = p.m.Client.member(who.ID); ok && p.in.VisibleTo(who.Actor()) {
			return user, true
		}
	}
	return "", false
}

// judge notes, at the end of a pass, whether Slack lets us do anything at all.
func (p *pass) judge(err error) {
	switch {
	case unauthorized(err):
		p.trouble(stepAll, code(err))
	case err == nil || !temporary(err):
		p.fine(stepAll)
	}
}

// warning is what people should know of an incident's outside when they are
// answered about it; empty where it is well.
func (in *Intake) warning(ctx context.Context, n incidents.Number) string {
	rec, err := in.Store.Record(ctx, Door, n)
	if err != nil {
		return ""
	}
	return strings.Join(sentences(rec, loud, in.Directory.knownName), " ")
}

var errRefused = errors.New("Slack refuses something")
