package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// publishes writes, approves and publishes a postmortem that is drafted, and lets time
// pass until it is shown.
func (b *bubble) publishes(n, text string) {
	for _, said := range []string{"edit summary " + text, "approve", "publish"} {
		b.says("@bob", "#general", "postmortem "+n+" "+said)
	}
	b.caughtUp()
}

var canvasHeading = regexp.MustCompile(`(?m)^#+ .*$`)

// outline are a canvas's title, its headings and its summary.
func (c simCanvas) outline() string {
	if c.ID == "" {
		return "none"
	}
	_, summary, _ := strings.Cut(c.Markdown, "\n## Summary\n")
	summary, _, _ = strings.Cut(summary, "\n#")
	return c.Title + ": " + strings.Join(append(canvasHeading.FindAllString(c.Markdown, -1), summary), " / ")
}

// checkCanvas wants the canvas of an incident's channel to show what is published, and
// nothing that is not in it any more.
func (b *bubble) checkCanvas(st simState, in incidents.Incident) error {
	rec, err := b.prog.store.Record(context.Background(), "slack", in.Number)
	if err != nil {
		return err
	}
	c, version := st.canvas(rec.Place), in.Postmortem.PublishedVersion
	if version == 0 || c.ID == "" {
		if shut := st.channel(rec.Place).IsArchived; version == 0 && c.ID != "" || version > 0 && !shut {
			return fmt.Errorf("version %d of the postmortem of %s is published, and its canvas is %q", version, in.Number, c.Markdown)
		}
		return nil
	}
	if rec.IDs["told:canvas"] != "" && st.channel(rec.Place).IsArchived {
		return nil // it could not be changed any more, and whoever leads was told
	}
	account, err := b.prog.account(context.Background(), in)
	if err != nil {
		return err
	}
	var wrong []error
	for _, line := range append(canvasHeading.FindAllString(account, -1), fmt.Sprintf("This is version %d.", version)) {
		if !strings.Contains(c.Markdown, line) {
			wrong = append(wrong, fmt.Errorf("the canvas of %s does not say %q", in.Number, line))
		}
	}
	for _, t := range token.FindAllString(c.Markdown, -1) {
		if !strings.Contains(account, t) {
			wrong = append(wrong, fmt.Errorf("the canvas of %s says %s, and its postmortem does not any more", in.Number, t))
		}
	}
	return errors.Join(wrong...)
}

// checkCanvases wants one canvas a channel, and none in a channel that was left, but in
// one that had been archived in its time.
func (b *bubble) checkCanvases(st simState, list []incidents.Incident) error {
	fine := map[string]bool{}
	for _, in := range list {
		rec, err := b.prog.store.Record(context.Background(), "slack", in.Number)
		if err != nil {
			return err
		}
		fine[rec.Place] = true
		for _, c := range st.Channels {
			if strings.Contains(rec.IDs["left:"+c.ID], " shut ") {
				fine[c.ID] = true
			}
		}
	}
	var wrong []error
	for _, c := range st.Canvases {
		if !fine[c.Channel] {
			wrong = append(wrong, fmt.Errorf("in %s there is the canvas %q", c.Channel, c.Markdown))
		}
		fine[c.Channel] = false
	}
	return errors.Join(wrong...)
}

// A postmortem is published: its channel gets a canvas, once, which follows it.
func TestAPublishedPostmortemHasACanvas(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "note the password was hunter2")
		b.says("@alice", ch, "resolve the disk is clean")
		b.caughtUp()
		b.publishes("INC-1", "The password was hunter2.")
		canvas := func() string {
			st, err := b.state()
			if err != nil || len(st.Canvases) != 1 {
				return fmt.Sprint(st.Canvases, err)
			}
			return st.canvas(ch).Markdown
		}
		first := canvas()
		if err := all(map[string]bool{
			"its title":       strings.HasPrefix(first, "# INC-1: checkout is down\n\n[The postmortem's page](http://127.0.0.1:8080/incidents/INC-1/postmortem)"),
			"its text":        strings.Contains(first, "## Summary") && strings.Contains(first, "The password was hunter2."),
			"no timeline":     !strings.Contains(first, "## Timeline") && !strings.Contains(first, "Time (UTC)"),
			"where it stands": strings.Contains(first, "](http://127.0.0.1:8080/incidents/INC-1?at=") && !strings.Contains(first, "]: <"),
		}); err != nil {
			return fmt.Errorf("%w\n%s", err, first)
		}
		b.says("@bob", "#general", "postmortem INC-1 edit summary Nobody has read this yet.")
		if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
			return err
		}
		b.caughtUp()
		if got := canvas(); got != first {
			return fmt.Errorf("though nothing else is published it says %s", got)
		}
		edited, err := b.first(1, incidents.PostmortemEdited)
		if err != nil {
			return err
		}
		b.says("@alice", ch, fmt.Sprintf("redact %d a password", edited.Seq))
		b.caughtUp()
		if got := canvas(); strings.Contains(got, "The password was hunter2.") || !strings.Contains(got, "## Summary") {
			return errors.New(got)
		}
		b.publishes("INC-1", "A password was seen.")
		if got := canvas(); !strings.Contains(got, "A password was seen.") {
			return errors.New(got)
		}
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		b.says("@alice", ch, "private it was a password")
		elapse(time.Minute)
		b.caughtUp()
		st, err := b.state()
		if err != nil {
			return err
		}
		if got := st.canvas(b.room(1).ID).Markdown; len(st.Canvases) != 1 || b.room(1).ID == ch || !strings.Contains(got, "A password was seen.") {
			return fmt.Errorf("%+v", st.Canvases)
		}
		return errors.Join(b.settle(), b.check())
	})
}
