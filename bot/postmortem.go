package bot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// readTemplate reads a template of one's own; the error says what is wrong with it,
// and in which line.
func readTemplate(path string) (postmortem.Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return postmortem.Template{}, err
	}
	return postmortem.ParseTemplate(path, string(text))
}

// checkTemplate is readTemplate for who only wants to know whether it is one.
func checkTemplate(path string) error {
	_, err := readTemplate(path)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}

// drafting is how postmortems are drafted by these settings; message is where a
// message of an incident's channel can be read.
func drafting(s settings.Postmortem, message func(id string) string) (commands.Drafting, error) {
	d := commands.Drafting{Names: s.Names, Message: message}
	templates, byType := postmortem.Builtin(), map[string]string{}
	for typ, t := range s.Templates {
		byType[typ] = string(t)
		if !t.File() {
			continue
		}
		own, err := readTemplate(string(t))
		if err != nil {
			return d, fmt.Errorf("postmortem.templates.%s: %w", typ, err)
		}
		templates[string(t)] = own
	}
	rest, said := byType[settings.DefaultTemplate]
	delete(byType, settings.DefaultTemplate)
	d.Template = func(in incidents.Incident) postmortem.Template {
		name := postmortem.Choose(in, byType)
		if _, own := byType[in.Type]; !own && said && name == postmortem.FullTemplate {
			name = rest
		}
		return templates[name]
	}
	return d, nil
}

// drafter drafts the postmortem of what has ended. That it is wanted is a row of
// the outbox, written with the end of the incident; the draft's command has its id
// from that row, so that there is one draft, however often we were killed.
type drafter struct {
	store store.Store
	desk  *commands.Desk
	log   zerolog.Logger
}

// do drafts what a row wants. What the rules refuse is refused for good.
func (d drafter) do(ctx context.Context, m store.Message) error {
	in, err := d.store.Incident(ctx, m.Incident)
	if err != nil {
		return err
	}
	if in.Status.Open() {
		return nil // it was opened again, and is drafted when it ends
	}
	crash(pointDrafting)
	events, err := d.store.Events(ctx, m.Incident, m.Seq-1, 1)
	if err != nil {
		return err
	}
	cmd := incidents.Command{ID: "draft:" + m.Key, Actor: incidents.Fireboss, Incident: m.Incident}
	if len(events) > 0 {
		cmd.At = events[0].RecordedAt
	}
	_, err = d.desk.Draft(ctx, cmd)
	if refusal, no := incidents.AsRefusal(err); no && refusal.Code != incidents.CodeConflict {
		d.log.Warn().Str("incident", m.Incident.String()).Str("refusal", refusal.Text).Msg("a postmortem is not drafted")
		return nil
	}
	crash(pointDrafted)
	return err
}

// account is the published postmortem of an incident, for the canvas of its channel.
// The timeline's table stays on the incident's page, where each citation leads.
func (p *program) account(ctx context.Context, in incidents.Incident) (string, error) {
	doc, err := p.store.Postmortem(ctx, in.Number, in.Postmortem.PublishedVersion)
	if err != nil {
		return "", fmt.Errorf("the published postmortem: %w", err)
	}
	doc.Sections = slices.DeleteFunc(doc.Sections, func(s incidents.Section) bool { return s.Slot == "timeline" })
	page := string(p.settings.HTTP.PublicURL) + "/incidents/" + in.Number.String()
	event := func(seq uint64) string { return fmt.Sprintf("%s?at=%d#e%d", page, seq, seq) }
	return postmortem.Markdown(doc, postmortem.Links{Event: event, Inline: true}), nil
}

// permalink is where a message of a channel can be read in Slack, by the id that its
// event has: the channel, a slash and its moment.
func permalink(c *slack.Client) func(id string) string {
	return func(id string) string {
		channel, ts, ok := strings.Cut(id, "/")
		if !ok || c.TeamURL == "" {
			return ""
		}
		return strings.TrimRight(c.TeamURL, "/") + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	}
}
