package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// vacate vacates the channels that were left.
func (p *pass) vacate(ctx context.Context) error {
	var errs []error
	for _, channel := range p.past() {
		l := readLeft(p.get(idLeft + channel))
		if l.stage == vacated || l.stage == shut && (l.kind == "private" || !p.in.Private) {
			continue
		}
		err := p.vacateOne(ctx, channel)
		if refused(err) || lost(err) {
			p.trouble(stepVacate+channel, code(err))
			err = nil
		} else if err == nil {
			p.fine(stepVacate + channel)
		}
		errs = append(errs, err)
	}
	return worst(errs...)
}

// vacateOne takes one channel as far as it goes in one pass. It gives up neither
// its name nor its members before there is another: a channel whose making was
// not answered is found by the name that it could not have.
func (p *pass) vacateOne(ctx context.Context, channel string) error {
	l := readLeft(p.get(idLeft + channel))
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: channel})
	})
	switch {
	case err != nil:
		return err
	case info.IsArchived && l.stage == clean:
		return p.stage(channel, l, vacated)
	case info.IsArchived:
		return slackgo.SlackErrorResponse{Err: "is_archived"} // by somebody else: nothing can be taken back
	}
	if l.kind == "private" {
		return p.leaveWord(ctx, info, l)
	}
	if err := worst(p.sweep(ctx, channel), p.tearCanvas(ctx, info)); err != nil {
		return err
	}
	if l.stage != clean {
		if err := p.stage(channel, l, clean); err != nil {
			return err
		}
		l = readLeft(p.get(idLeft + channel))
	}
	if err := p.blank(ctx, info); err != nil {
		return err
	}
	if p.rec.Place == "" {
		return nil
	}
	if err := p.retire(ctx, info); err != nil {
		return err
	}
	// What was under way when the program last ended may arrive yet.
	if wait := secondLook - time.Since(l.since); wait > 0 {
		return &Later{After: wait, Err: errSecondLook}
	}
	return p.archive(ctx, channel, l)
}

// stage notes how far a channel is vacated.
func (p *pass) stage(channel string, l left, stage string) error {
	l.stage, l.since = stage, time.Now()
	p.set(idLeft+channel, l.String())
	return p.keep()
}

// sweepAtOnce bounds the messages that a pass deletes in one channel, so that
// nobody waits in the new one until the old one is clean.
const sweepAtOnce = 20

// sweep deletes all that we wrote in a channel. What Slack itself noted there in
// our name cannot be deleted.
func (p *pass) sweep(ctx context.Context, channel string) error {
	list, err := p.written(ctx, channel)
	if err != nil {
		return err
	}
	for i, ts := range list {
		if i == sweepAtOnce {
			return &Later{After: time.Second, Err: fmt.Errorf("%d messages are still to be deleted", len(list)-i)}
		}
		if err := p.erase(ctx, channel, ts); err != nil {
			return err
		}
	}
	return nil
}

// written are our messages in a channel, replies before what they reply to: what
// has replies leaves a mark of itself behind.
func (p *pass) written(ctx context.Context, channel string) (list []string, err error) {
	var roots, threads []string
	ours := func(m slackgo.Message) bool {
		return (m.User == p.m.Client.UserID || m.BotID != "" && m.BotID == p.m.Client.BotID) && (m.SubType == "" || m.SubType == slackgo.MsgSubTypeBotMessage)
	}
	err = p.m.Client.history(ctx, channel, "0", func(m slackgo.Message) {
		if ours(m) {
			roots = append(roots, m.Timestamp)
		}
		if m.ReplyCount > 0 {
			threads = append(threads, m.Timestamp)
		}
	})
	for _, root := range threads {
		if err != nil {
			break
		}
		err = p.m.Client.replies(ctx, channel, root, "", "", func(m slackgo.Message) {
			if m.Timestamp != root && ours(m) {
				list = append(list, m.Timestamp)
			}
		})
	}
	return append(list, roots...), err
}

// erase deletes one message of ours.
func (p *pass) erase(ctx context.Context, channel, ts string) error {
	_, err := again(ctx, true, func(ctx context.Context) (string, error) {
		_, _, err := p.m.Client.api.DeleteMessageContext(ctx, channel, ts)
		return "", err
	})
	if is(err, "message_not_found") {
		return nil
	}
	return err
}

// pastPurpose is what a channel is for that was left.
const pastPurpose = "This channel is not used any more."

// blank takes away what the head of a channel says of the incident.
func (p *pass) blank(ctx context.Context, info *slackgo.Channel) error {
	if info.Topic.Value != "" {
		if _, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
			return p.m.Client.api.SetTopicOfConversationContext(ctx, info.ID, "")
		}); err != nil {
			return err
		}
	}
	if info.Purpose.Value == pastPurpose {
		return nil
	}
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.SetPurposeOfConversationContext(ctx, info.ID, pastPurpose)
	})
	return err
}

// retire gives a channel a name that says nothing of what it was about.
func (p *pass) retire(ctx context.Context, info *slackgo.Channel) error {
	natural := fmt.Sprintf("was-inc-%d", p.in.Number)
	if strings.HasPrefix(info.Name, natural) {
		return nil
	}
	for attempt := 1; attempt <= maxSuffix; attempt++ {
		name := natural
		if attempt > 1 {
			name = fmt.Sprintf("%s-%d", natural, attempt)
		}
		_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
			return p.m.Client.api.RenameConversationContext(ctx, info.ID, name)
		})
		if !is(err, "name_taken") {
			return err
		}
	}
	return slackgo.SlackErrorResponse{Err: "name_taken"}
}

// archive shuts a channel that is vacated.
func (p *pass) archive(ctx context.Context, channel string, l left) error {
	_, err := again(ctx, true, func(ctx context.Context) (string, error) {
		return "", p.m.Client.api.ArchiveConversationContext(ctx, channel)
	})
	if err != nil && !is(err, "already_archived") {
		return err
	}
	return p.stage(channel, l, vacated)
}

// leaveWord says in a private channel where its incident goes on in public, and
// shuts it. What was said there stays with those who are in it.
func (p *pass) leaveWord(ctx context.Context, info *slackgo.Channel, l left) error {
	if p.rec.Place == "" {
		return nil
	}
	channel := info.ID
	if err := p.tearCanvas(ctx, info); err != nil { // it is in the new channel, and follows there what is published
		return err
	}
	there := l.stage == clean
	if l.stage == telling {
		err := p.m.Client.history(ctx, channel, formatTS(l.since.Add(-skew)), func(m slackgo.Message) {
			there = there || p.ours(m) && m.Metadata.EventType == movedMark
		})
		if err != nil {
			return err
		}
	}
	if !there {
		if err := p.stage(channel, l, telling); err != nil {
			return err
		}
		m := &message{Text: icons[incidents.VisibilityChanged] + " " + p.in.Number.String() + " is public now and goes on in <#" + p.rec.Place + ">. What was written here stays with those who are here."}
		if _, err := p.m.Client.post(ctx, channel, m, metadata(movedMark, map[string]any{"incident": p.in.Number.String(), "store": p.m.StoreID})); err != nil {
			return err
		}
	}
	if l.stage != clean {
		if err := p.stage(channel, l, clean); err != nil {
			return err
		}
	}
	for _, user := range strings.Fields(p.get(idStay + channel)) {
		if err := p.kick(ctx, channel, user); err != nil {
			return err
		}
		p.drop(idStay+channel, user)
	}
	return p.archive(ctx, channel, readLeft(p.get(idLeft+channel)))
}
