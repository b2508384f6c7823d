package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A channel is archived a while after its incident is over, and nothing is deleted
// by that. A bot cannot open it again: an incident that is taken up goes on in
// another channel, unless a person has opened this one by hand.

// Keys of a record's IDs that belong to archiving.
const (
	idArchive    = "archive"     // how far its channel is archived; see archiving
	idArchiveSeq = "archive_seq" // the last event that the archived channel shows
	idMade       = "made"        // when the channel was made, RFC 3339
)

// Stages of archiving.
const (
	archives = "archives" // it is being archived, or was just now
	archived = "archived" // it is
	reopened = "opened"   // a person has opened it by hand; it is left as it is
)

// archiving is how far a channel is archived, and since when.
type archiving struct {
	stage string
	since time.Time
}

func (a archiving) String() string { return a.stage + " " + a.since.UTC().Format(time.RFC3339Nano) }

// shut reports whether it is archived, or about to be.
func (a archiving) shut() bool { return a.stage == archives || a.stage == archived }

func readArchiving(rec store.Record) (a archiving) {
	stage, at, _ := strings.Cut(rec.IDs[idArchive], " ")
	a.stage = stage
	a.since, _ = time.Parse(time.RFC3339Nano, at)
	return a
}

// ArchiveAt is when an incident's channel is to be archived, so long after the
// incident is over and the channel was made; ok is false where it is not, or is
// already.
func ArchiveAt(in incidents.Incident, rec store.Record, after time.Duration) (at time.Time, ok bool) {
	since, a := in.Rests(), readArchiving(rec)
	if after <= 0 || since.IsZero() || rec.Place == "" || a.stage == archived || a.stage == reopened && a.since.After(since) {
		return time.Time{}, false
	}
	if made, err := time.Parse(time.RFC3339, rec.IDs[idMade]); err == nil && made.After(since) {
		since = made
	}
	return since.Add(after), true
}

// record is the record as it is now.
func (p *pass) record() store.Record {
	p.mu.Lock()
	defer p.mu.Unlock()
	rec := p.rec
	rec.IDs = maps.Clone(rec.IDs)
	return rec
}

// due reports whether the channel is to be archived now.
func (p *pass) due() bool {
	at, ok := ArchiveAt(p.in, p.record(), p.m.ArchiveAfter)
	return ok && !time.Now().Before(at)
}

// putAway archives the channel when its time has come, at the end of a pass that
// did everything else. What is written down first says, after a crash at any
// moment, that it was us; the card says what to expect.
func (p *pass) putAway(ctx context.Context) error {
	if !p.due() {
		p.fine(stepArchive)
		return nil
	}
	now, err := p.m.Said.Incident(ctx, p.in.Number)
	if err != nil || now.Version != p.in.Version || p.rec.CursorSeq < now.Seq {
		return err // something has happened since: the next pass shows it, and decides anew
	}
	if err := p.stageArchive(archives); err != nil {
		return err
	}
	card := p.try(stepCard, p.card)
	if err := card(ctx); err != nil {
		return err
	}
	_, err = again(ctx, true, func(ctx context.Context) (string, error) {
		return "", p.m.Client.api.ArchiveConversationContext(ctx, p.rec.Place)
	})
	switch {
	case refused(err) && !is(err, "already_archived"):
		p.trouble(stepArchive, code(err))
		p.set(idArchive, "")
		return card(ctx)
	case err != nil && !is(err, "already_archived"):
		return err
	}
	return p.shut()
}

// shut notes that the channel is archived, and what it shows.
func (p *pass) shut() error {
	p.set(idArchiveSeq, strconv.FormatUint(p.rec.CursorSeq, 10))
	p.fine(stepArchive)
	p.regain()
	return p.stageArchive(archived)
}

func (p *pass) stageArchive(stage string) error {
	p.set(idArchive, archiving{stage, time.Now()}.String())
	return p.keep()
}

// stillUnderWay is how long a call to archive a channel that was under way may still be
// carried out.
const stillUnderWay = 2 * secondLook

// rested deals with a channel that is archived, or may be; done says that the pass
// ends with that.
func (p *pass) rested(ctx context.Context) (done bool, err error) {
	a, rests := readArchiving(p.record()), !p.in.Rests().IsZero()
	if !a.shut() {
		return false, nil
	}
	if a.stage == archived && rests && !p.m.mustLook(p.in.Number, false) {
		return true, p.besides(ctx)
	}
	is, err := p.m.Client.isShut(ctx, p.rec.Place)
	switch {
	case err != nil:
		p.m.Poke(p.in.Number)
		return true, err
	case is && rests && a.stage == archives:
		if err := p.shut(); err != nil {
			return true, err
		}
		return true, p.besides(ctx)
	case is && rests:
		return true, p.besides(ctx)
	case is:
		return true, p.elsewhere()
	case a.stage == archived:
		return true, p.openedByHand()
	case !rests && time.Since(a.since) > stillUnderWay:
		p.set(idArchive, "") // it was taken up before it was archived
	}
	return false, nil
}

// isShut looks whether nobody can write in a channel any more.
func (c *Client) isShut(ctx context.Context, channel string) (bool, error) {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return c.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: channel})
	})
	if lost(err) {
		return true, nil
	}
	if err != nil {
		return false, explain("conversations.info", err)
	}
	return info.IsArchived, nil
}

// besides does what there is to do of an incident whose channel is archived: what
// is said elsewhere. What is written about it now no channel shows, unless it is
// taken up again.
func (p *pass) besides(ctx context.Context) error {
	if err := worst(p.vacate(ctx), p.announceAll(ctx), p.canvasShut(ctx)); err != nil {
		return err
	}
	for _, e := range p.events {
		if err := p.unsayShut(ctx, e); err != nil {
			return err
		}
		p.rec.CursorSeq = e.Seq
	}
	p.rec.SyncedVersion = p.in.Version
	return nil
}

// unsayShut is [pass.unsay] while the channel is archived: no app can change what
// stands there (https://docs.slack.dev/reference/methods/chat.update: is_inactive),
// so whoever leads is told.
func (p *pass) unsayShut(ctx context.Context, e incidents.Event) error {
	for _, seq := range unsaid(e) {
		if err := p.unsayTo(ctx, seq); err != nil {
			return err
		}
		places, err := p.m.Said.Outside(ctx, p.in.Number, seq)
		if err != nil {
			return err
		}
		here := slices.ContainsFunc(places, func(id incidents.OutsideID) bool {
			return id.Mirror == Door && strings.HasPrefix(id.ID, p.rec.Place+"/")
		})
		if !here {
			continue
		}
		const text = "what was blotted out still stands in its channel, which is archived: Slack lets no app change that. Unarchive <#%s>, and Fireboss takes it out there."
		if err := p.warn(ctx, stepArchive, fmt.Sprintf(text, p.rec.Place)); err != nil {
			return err
		}
	}
	return nil
}

var (
	errElsewhere = errors.New("its channel is archived, and it goes on in another one")
	errOpened    = errors.New("its channel was opened by hand")
)

// elsewhere leaves an archived channel of an incident that is taken up: it goes on
// in another one, which shows what was said since. As with [pass.move] what the
// earlier channel's messages were is forgotten at once.
func (p *pass) elsewhere() error {
	old := left{kind: "public", stage: shut, since: time.Now()}
	if secret := p.get(idSecret); secret == "yes" || secret == "" && p.in.Private {
		old.kind = "private"
	}
	seq, canvas := p.get(idArchiveSeq), p.get(idCanvas)
	p.forget()
	p.set(idLeft+p.rec.Place, old.String())
	p.set(idCanvasOf+p.rec.Place, canvas)
	p.rec.Place, p.rec.PlaceName = "", ""
	return p.onceMore(seq, errElsewhere)
}

// openedByHand goes on in a channel that a person has unarchived: it shows what
// was said meanwhile, and is left open until the incident is over once more.
func (p *pass) openedByHand() error {
	seq := p.get(idArchiveSeq)
	p.set(idArchiveSeq, "")
	p.set(idTold+stepArchive, "")
	p.set(idArchive, archiving{reopened, time.Now()}.String())
	return p.onceMore(seq, errOpened)
}

// onceMore ends a pass so that the next one begins behind an event.
func (p *pass) onceMore(seq string, why error) error {
	if shown, err := strconv.ParseUint(seq, 10, 64); err == nil {
		p.rec.CursorSeq = min(p.rec.CursorSeq, shown)
	}
	p.m.Poke(p.in.Number)
	if err := p.keep(); err != nil {
		return err
	}
	return &Later{After: time.Millisecond, Err: why}
}

// leaves reports whether an incident is about to leave its channel because it is
// archived.
func leaves(in incidents.Incident, rec store.Record) bool {
	return in.Rests().IsZero() && readArchiving(rec).stage == archived
}

// archivedAway reports whether nobody can come into an incident's channel or leave
// it, because it was archived in its time.
func (in *Intake) archivedAway(ctx context.Context, n incidents.Number, channel string) (bool, error) {
	rec, err := in.Store.Record(ctx, Door, n)
	if err != nil || !readArchiving(rec).shut() {
		return false, err
	}
	return in.Client.isShut(ctx, channel)
}

// shutChannels are the channels of the past that were archived in their time.
func shutChannels(rec store.Record) (list []string) {
	for _, key := range slices.Sorted(maps.Keys(rec.IDs)) {
		if channel, ok := strings.CutPrefix(key, idLeft); ok && readLeft(rec.IDs[key]).stage == shut {
			list = append(list, channel)
		}
	}
	return list
}

// asides are lines of the card about the channel itself.
func (p *pass) asides() (lines []string) {
	if earlier := shutChannels(p.record()); len(earlier) > 0 {
		lines = append(lines, "Earlier, and archived since: <#"+strings.Join(earlier, ">, <#")+">")
	}
	if a := readArchiving(p.record()); a.shut() && !p.in.Rests().IsZero() {
		where := "`/incident show " + p.in.Number.String() + "` names."
		if p.m.Card.Dashboard != "" {
			where = link(p.page(), "its page") + " and " + where
		}
		lines = append(lines, ":file_cabinet: Archived "+date(a.since)+". If it is opened again, it goes on in another channel, which "+where)
	}
	return lines
}
