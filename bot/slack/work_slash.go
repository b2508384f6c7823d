package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// workSlash carries out a slash command.
func (in *Intake) workSlash(ctx context.Context, t *task) answering {
	var s slash
	if err := lenient(t.env.Payload, &s); err != nil || !memberID.MatchString(s.UserID) {
		return nil
	}
	if in.Client.foreign(s.TeamID) {
		in.Log.Warn().Str("delivery", t.row.ID).Msg("a command of another workspace was refused")
		return in.sorry(t, "This Fireboss serves another workspace. Nothing was done.")
	}
	said := in.ask(ctx, question{id: t.row.ID, at: t.row.At, user: s.UserID, userName: s.UserName, channel: s.ChannelID, text: s.Text})
	in.crash(pointApplied)
	return func(ctx context.Context) any {
		if in.showForm(ctx, said.reply, s.TriggerID, t.row.At, carried{Place: s.ChannelID}) {
			if t.a != nil {
				in.acknowledge(t.a, nil)
			}
			return nil
		}
		in.untilPlaced(ctx, said.reply, t.row.At)
		return in.answerSlash(ctx, t, in.draw(ctx, said.reply, said.here))
	}
}

// answerSlash answers a slash command: on the acknowledgement while there is
// time, else by its response_url, else as a direct message.
func (in *Intake) answerSlash(ctx context.Context, t *task, m *message) *message {
	if t.a != nil && in.acknowledge(t.a, m) {
		return m
	}
	var s slash
	_ = lenient(t.env.Payload, &s)
	if t.a == nil {
		m = restarted(m)
	}
	in.answerLater(ctx, s.ResponseURL, s.UserID, t.row.At, m)
	return m
}

// restarted says why an answer comes so late.
func restarted(m *message) *message {
	const why = "You had to wait: Fireboss was restarted meanwhile."
	m.Text, m.Blocks = why+" "+m.Text, clip(append([]slackgo.Block{section("_" + why + "_")}, m.Blocks...))
	return m
}

// untilPlaced waits a little for the channel of an incident that was opened, so
// that the answer can point there.
func (in *Intake) untilPlaced(ctx context.Context, r commands.Reply, asked time.Time) {
	if r.Incident == nil || len(r.Events) == 0 || r.Events[0].Kind != incidents.Declared {
		return
	}
	soon, cancel := context.WithDeadline(ctx, asked.Add(pointIn))
	defer cancel()
	in.Placed(soon, r.Incident.Number)
}

// question is a command as it came through one of Slack's doors.
type question struct {
	id             string
	at             time.Time
	user, userName string
	channel        string
	text           string // Slack's own mrkdwn
	plain          bool   // text is ours, not Slack's: nothing to unwrap
	// values are what a form holds, people the ids of those chosen in it; redraw
	// asks how the form looks with them. source is the message it was asked from.
	values map[string][]string
	people []string
	redraw bool
	source *incidents.Source
}

// said is what the desk replied, and the incident in whose channel it was asked.
type said struct {
	reply commands.Reply
	here  incidents.Number
}

// ask puts a question to the desk.
func (in *Intake) ask(ctx context.Context, q question) said {
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	actor, who := in.Directory.actor(look, q.user, q.userName)
	text, mentions := q.text, map[string]incidents.Person(nil)
	if !q.plain {
		text, mentions = in.Directory.read(look, q.text)
	}
	for _, user := range q.people {
		if mentions == nil {
			mentions = map[string]incidents.Person{}
		}
		chosen, _ := in.Directory.actor(look, user, "")
		mentions["@"+user] = chosen.Person()
	}
	here := in.here(ctx, q, actor)
	reply := in.Desk.Handle(ctx, commands.Request{
		ID: q.id, Actor: actor, At: q.at, Zone: who.zone, Text: text, Mentions: mentions, Here: here, Origin: Door,
		Values: q.values, Redraw: q.redraw, Source: q.source,
	})
	if reply.Fault != nil && in.ctx.Err() == nil {
		in.Log.Error().Err(reply.Fault).Str("reference", reply.Reference).Str("delivery", q.id).Msg("a command failed")
	}
	return said{reply, here}
}

// here is the incident in whose channel the question was asked. Whoever types
// in a private incident's channel is in it, whether or not we saw them come; but
// that they are there Slack has to say, not the payload alone.
func (in *Intake) here(ctx context.Context, q question, actor incidents.Actor) incidents.Number {
	n, err := in.Store.AtPlace(ctx, Door, q.channel)
	if err != nil {
		return 0
	}
	inc, err := in.Store.Incident(ctx, n)
	if err != nil || inc.VisibleTo(actor) {
		return n
	}
	if current, err := in.current(ctx, n, q.channel); err != nil || !current {
		return 0
	}
	if public, err := in.open(ctx, n); err != nil || public && inc.Private {
		return 0 // everybody can be there
	}
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	if there, err := in.Client.isMember(look, q.channel, q.user); !there {
		in.Log.Warn().Err(err).Str("delivery", q.id).Msg("a question from a private channel came from somebody who is not known to be in it")
		return 0
	}
	// They were there before they asked: a leave that is worked again after a stop
	// does not bring them back.
	came := incidents.Arrived{Who: actor.Person(), At: q.at.Add(-time.Millisecond)}
	_, err = in.Store.Apply(ctx, incidents.Command{ID: q.id + "/arrived", Actor: actor, At: q.at, Incident: n, Origin: Door, Do: came})
	if err != nil {
		in.Log.Warn().Err(err).Msg("somebody in a private channel could not be noted")
	}
	return n
}

// answerLater answers after the acknowledgement: where it was asked while
// Slack lets us (30 minutes), else as a direct message.
func (in *Intake) answerLater(ctx context.Context, responseURL, user string, asked time.Time, m *message) {
	var err error
	if time.Since(asked) < 25*time.Minute && responseURL != "" {
		if err = in.respond(ctx, responseURL, m); err == nil {
			return
		}
	}
	if _, dm := in.Client.direct(ctx, user, m); dm != nil {
		in.Log.Error().AnErr("response_url", err).AnErr("direct", dm).Msg("an answer could not be delivered")
	}
}

// respond posts to a response_url. The address came from Slack, and only
// Slack's own hosts are called.
func (in *Intake) respond(ctx context.Context, address string, m *message) error {
	u, err := url.Parse(address)
	if err != nil || !in.Client.ours(u) {
		return errors.New("the response_url is not Slack's")
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return withoutAddress(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	in.crash(before(responseURL))
	start := time.Now()
	res, err := in.Client.http.Do(req)
	if err != nil {
		in.Client.wire.observe(responseURL, "network", time.Since(start))
		return withoutAddress(err)
	}
	defer res.Body.Close()
	in.crash(after(responseURL))
	if res.StatusCode != http.StatusOK {
		in.Client.wire.observe(responseURL, fmt.Sprintf("http %d", res.StatusCode), time.Since(start))
		return fmt.Errorf("the response_url answered %s", res.Status)
	}
	in.Client.wire.observe(responseURL, "ok", time.Since(start))
	return nil
}

// ours reports whether an address is Slack's, or the one we were told is.
func (c *Client) ours(u *url.URL) bool {
	host := u.Hostname()
	if u.Scheme == "https" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com")) {
		return true
	}
	return u.Scheme == c.base.Scheme && u.Host == c.base.Host
}

// direct sends a direct message and answers its place, channel/ts.
func (c *Client) direct(ctx context.Context, user string, m *message, more ...slackgo.MsgOption) (string, error) {
	ch, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		ch, _, _, err := c.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
		return ch, err
	})
	if err != nil {
		return "", explain("conversations.open", err)
	}
	ts, err := c.post(ctx, ch.ID, m, more...)
	return ch.ID + "/" + ts, err
}
