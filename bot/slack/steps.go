package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// firstCard posts the card where there is none.
func (p *pass) firstCard(ctx context.Context) error {
	if p.get(idCard) != "" {
		return nil
	}
	m := p.m.Card.message(p.in, p.asides(), p.troubles()...)
	ts, err := p.m.Client.post(ctx, p.rec.Place, m, metadata(cardMark, map[string]any{"incident": p.in.Number.String(), "store": p.m.StoreID}))
	if err != nil {
		p.doubt(err)
		return err
	}
	p.m.wrote(p.in.Number)
	p.m.Client.said(saidChannel, "card", "")
	p.set(idCard, ts)
	p.set(idCardWas, "")
	p.set(idCardSum, digest(m))
	p.set(idPinned, "")
	return nil
}

// card brings the card up to date in place; one that was deleted is posted anew.
func (p *pass) card(ctx context.Context) error {
	m := p.m.Card.message(p.in, p.asides(), p.troubles()...)
	ts, sum := p.get(idCard), digest(m)
	if ts == "" || p.get(idCardSum) == sum {
		return nil
	}
	err := p.m.Client.update(ctx, p.rec.Place, ts, m)
	if is(err, "message_not_found") {
		p.set(idCardWas, ts)
		p.set(idCard, "")
		return p.firstCard(ctx)
	}
	if err != nil {
		return err
	}
	p.set(idCardSum, sum)
	return nil
}

// doubt makes the next pass look whether a message is there before it is
// posted again.
func (p *pass) doubt(err error) {
	if unclear(err) {
		p.m.Poke(p.in.Number)
	}
}

// digest stands for what a message shows.
func digest(m *message) string {
	b, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// pin pins the card, again where somebody took it down.
func (p *pass) pin(ctx context.Context) error {
	ts := p.get(idCard)
	if ts == "" || p.get(idPinned) == ts {
		return nil
	}
	_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.AddPinContext(ctx, p.rec.Place, slackgo.NewRefToMessage(p.rec.Place, ts))
	})
	if err != nil && !is(err, "already_pinned") {
		return err
	}
	p.set(idPinned, ts)
	return nil
}

// post posts the messages of events, in order, each once.
func (p *pass) post(ctx context.Context) error {
	for _, e := range p.events {
		if e.Posted() {
			if err := p.postEvent(ctx, e); err != nil {
				if refused(err) {
					p.trouble(stepMessages, code(err))
				}
				return err
			}
			p.fine(stepMessages)
		}
		if err := p.unsay(ctx, e); err != nil {
			return err
		}
		p.mu.Lock()
		p.rec.CursorSeq = e.Seq
		p.mu.Unlock()
	}
	return nil
}

func (p *pass) postEvent(ctx context.Context, e incidents.Event) error {
	ts, there := p.found[e.Seq]
	if there && e.Redacted { // it was posted before it was blotted out
		if err := p.replace(ctx, p.rec.Place, ts, removedMessage()); err != nil {
			return err
		}
	}
	if !there {
		var err error
		if ts, err = p.sayEvent(ctx, e); err != nil {
			p.doubt(err)
			return err
		}
		p.m.wrote(p.in.Number)
		p.m.Client.said(saidChannel, string(e.Kind), e.Field("rule"))
	}
	p.set(idPosted, ts)
	p.mu.Lock()
	p.links = append(p.links, store.Link{Outside: place(p.rec.Place, ts), Seq: e.Seq})
	p.mu.Unlock()
	return nil
}

func (p *pass) topic(ctx context.Context) error {
	want := topic(p.in)
	if p.get(idTopic) == want {
		return nil
	}
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.SetTopicOfConversationContext(ctx, p.rec.Place, want)
	})
	if err != nil {
		return err
	}
	p.set(idTopic, want)
	return nil
}

// purpose says what the channel is for, and marks it as this store's.
func (p *pass) purpose(ctx context.Context) error {
	mark := p.m.mark(p.in)
	why := ""
	if taken := p.get(idTaken); taken != "" {
		why = " (#" + cut(taken, 40) + " was taken)"
	}
	said := "Declared by "
	if p.in.Drill {
		said = "PRACTICE, declared by "
	}
	said += cut(p.in.DeclaredBy.Name, 40) + ": " + p.in.Title
	end := why + " · " + mark
	want := fit(said, maxTopic-utf8.RuneCountInString(end), quiet) + end
	if strings.Contains(p.get(idPurpose), mark) && p.get(idPurposed) == want {
		return nil // as we left it, or as people changed it and kept the mark
	}
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.SetPurposeOfConversationContext(ctx, p.rec.Place, want)
	})
	if err != nil {
		return err
	}
	p.set(idPurpose, want)
	p.set(idPurposed, want)
	return nil
}

// bookmark links the incident's page. In a channel that was not made just now it
// looks first: a bookmark may have been made although the answer never came.
func (p *pass) bookmark(ctx context.Context) error {
	if p.m.Card.Dashboard == "" || p.get(idBookmark) != "" {
		return nil
	}
	if !p.fresh {
		if err := p.findBookmark(ctx); err != nil || p.get(idBookmark) != "" {
			return err
		}
	}
	b, err := again(ctx, false, func(ctx context.Context) (slackgo.Bookmark, error) {
		return p.m.Client.api.AddBookmarkContext(ctx, p.rec.Place, slackgo.AddBookmarkParameters{Title: "Dashboard", Type: "link", Link: p.page(), Emoji: ":fire:"})
	})
	if err != nil {
		return err
	}
	p.set(idBookmark, b.ID)
	return nil
}

func (p *pass) page() string { return p.m.Card.Dashboard + "/incidents/" + p.in.Number.String() }

// findBookmark finds a bookmark that is there already.
func (p *pass) findBookmark(ctx context.Context) error {
	list, err := again(ctx, true, func(ctx context.Context) ([]slackgo.Bookmark, error) {
		return p.m.Client.api.ListBookmarksContext(ctx, p.rec.Place)
	})
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Link == p.page() {
			p.set(idBookmark, b.ID)
		}
	}
	return nil
}

// rename gives the channel the name of the new title, as far as Slack lets us.
func (p *pass) rename(ctx context.Context) error {
	if p.get(idName) == p.in.Title {
		return nil
	}
	for attempt := 1; attempt <= maxSuffix; attempt++ {
		name := channelName(p.in, attempt)
		if name == p.rec.PlaceName {
			break
		}
		_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
			return p.m.Client.api.RenameConversationContext(ctx, p.rec.Place, name)
		})
		if is(err, "name_taken") && !p.named(ctx, name) {
			continue
		}
		if err != nil && !is(err, "name_taken") {
			return err
		}
		p.mu.Lock()
		p.rec.PlaceName = name
		p.mu.Unlock()
		break
	}
	p.set(idName, p.in.Title)
	return nil
}

// named reports whether the channel has this name already: it may have been
// given although the answer never came.
func (p *pass) named(ctx context.Context, name string) bool {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: p.rec.Place})
	})
	return err == nil && info.Name == name
}

// announceAll keeps one message an incident in each channel where incidents of
// its kind are announced, and those up to date that are there already. A private
// incident is announced nowhere, and neither is one that was over when it was recorded.
func (p *pass) announceAll(ctx context.Context) error {
	if p.in.Backfilled {
		return nil
	}
	if p.in.Private {
		return p.unannounce(ctx)
	}
	var errs []error
	for _, where := range p.announced(p.m.Announce(p.in)) {
		p.set(idSilent+where, "")
		errs = append(errs, p.announce(ctx, where))
	}
	return worst(errs...)
}

// announced are these channels and those where it was announced before.
func (p *pass) announced(places []string) []string {
	places = slices.Clone(places)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(p.rec.IDs)) {
		if where, ok := strings.CutPrefix(key, idAnnounced); ok && !slices.Contains(places, where) {
			places = append(places, where)
		}
	}
	return places
}

func (p *pass) announce(ctx context.Context, where string) error {
	trouble := ""
	if why := p.get(idLost); why != "" && !p.in.Status.Ended() {
		trouble = "Attention: " + why + "."
	}
	m := p.m.Card.announcement(p.in, p.rec.Place, trouble)
	sum := digest(m)
	if (p.get(idAnnounced+where) == "" || p.looked) && !p.fresh {
		if err := p.findAnnouncement(ctx, where); err != nil {
			return err
		}
	}
	if channel, ts, ok := strings.Cut(p.get(idAnnounced+where), "/"); ok {
		if p.get(idAnnSum+where) == sum {
			p.fine(stepAnnounce + where) // what was refused is not wanted any more
			return nil
		}
		err := p.m.Client.update(ctx, channel, ts, m)
		if err == nil {
			p.fine(stepAnnounce + where)
			p.set(idAnnSum+where, sum)
			return nil
		}
		if !is(err, "message_not_found") {
			return p.unannounced(where, err)
		}
		p.set(idAnnounced+where, "")
	}
	channel, ts, err := p.m.Client.postTo(ctx, where, m, metadata(announcementMark, map[string]any{"incident": p.in.Number.String(), "store": p.m.StoreID}))
	if err != nil {
		p.doubt(err)
		return p.unannounced(where, err)
	}
	p.m.wrote(p.in.Number)
	p.m.Client.said(saidAnnounce, "announcement", "")
	p.fine(stepAnnounce + where)
	p.set(idAnnounced+where, channel+"/"+ts)
	p.set(idAnnSum+where, sum)
	return nil
}

// unannounced goes on where an announcement is not possible; the errors of the
// announcement's channel say nothing about the incident's.
func (p *pass) unannounced(where string, err error) error {
	if !refused(err) && !lost(err) {
		return err
	}
	p.trouble(stepAnnounce+where, code(err))
	return nil
}

// findAnnouncement finds one that was posted before a crash, and takes away what
// is there twice.
func (p *pass) findAnnouncement(ctx context.Context, where string) error {
	since := p.in.DeclaredAt.Add(-skew)
	if p.get(idAnnounced+where) != "" {
		since = time.Now().Add(-lookBack)
	}
	places, err := p.announcements(ctx, where, since)
	if err != nil || len(places) == 0 {
		return err
	}
	var channel string
	var list []string
	for _, place := range places {
		var ts string
		channel, ts, _ = strings.Cut(place, "/")
		list = append(list, ts)
	}
	_, known, _ := strings.Cut(p.get(idAnnounced+where), "/")
	ts, err := p.single(ctx, channel, known, list)
	if ts != "" {
		p.set(idAnnounced+where, channel+"/"+ts)
	}
	return err
}

// announcements are the messages that announce the incident in a channel since a
// moment, newest first, as channel/ts; none where the channel cannot be read.
func (p *pass) announcements(ctx context.Context, where string, since time.Time) ([]string, error) {
	channel, err := p.m.Directory.channelID(ctx, where)
	if err != nil || channel == "" {
		return nil, err
	}
	var list []string
	err = p.m.Client.history(ctx, channel, formatTS(since), func(m slackgo.Message) {
		if m.Metadata.EventType == announcementMark && p.ours(m) && p.ourStore(m.Metadata) {
			list = append(list, channel+"/"+m.Timestamp)
		}
	})
	if code(err) != "" && !temporary(err) {
		return nil, nil // it cannot be read, so it cannot be found
	}
	return list, err
}
