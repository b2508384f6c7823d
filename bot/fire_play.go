package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// stage is the story while it plays.
type stage struct {
	*fire
	before  map[string]bool // the channels that there were
	channel string          // of the incident
	said    map[string]bool // the parts that were said
	inside  map[string]bool // who has come into the incident's channel
}

// play plays the story, and answers what people should know when it is over.
func (f *fire) play(ctx context.Context) (note string) {
	s := &stage{fire: f, before: map[string]bool{}, said: map[string]bool{}, inside: map[string]bool{}}
	list, err := f.channels(ctx)
	if err != nil {
		return unreachable
	}
	for _, c := range list {
		s.before[c.ID] = true
	}
	for i, a := range fireStory {
		next := s.next(i)
		if next == "" {
			break // nobody is left who would say more
		}
		s.show(next, s.channel, "")
		if !pause(ctx, a.wait*f.pace) {
			return ""
		}
		if !s.speaks(a) {
			continue
		}
		if note := s.perform(ctx, a); note != "" || ctx.Err() != nil {
			return note
		}
	}
	switch {
	case s.said[partResolve]:
		return "The story is over, and its incident is resolved. What is left is to close it."
	case s.channel == "":
		return "The story is over: everybody in it is yours."
	}
	return "The story is over. What its people left undone in the incident is yours to do."
}

const unreachable = "The story stopped: the workspace did not answer."

// speaks says whether the story still has this line: its person was not taken
// over, and what it answers was said.
func (s *stage) speaks(a act) bool {
	return !s.isTaken(a.who) && (a.after == "" || s.said[a.after])
}

// next is who says the first line from i on that the story still has; empty
// where there is none.
func (s *stage) next(i int) string {
	for _, a := range fireStory[i:] {
		if s.speaks(a) {
			return a.who
		}
	}
	return ""
}

// perform does one act; note is why the story cannot go on.
func (s *stage) perform(ctx context.Context, a act) (note string) {
	if a.part == partOpen {
		return s.open(ctx, a)
	}
	in := a.in
	if in == "" {
		if !s.follow(ctx) || s.isTaken(a.who) { // it may have been waited for long
			return ""
		}
		if in = s.channel; !s.inside[a.who] {
			s.inside[a.who] = true
			s.show(a.who, s.channel, "")
			if _, err := s.does(ctx, act{who: a.who, verb: "join"}, in); err != nil {
				return unreachable
			}
		}
	}
	if a.verb == "join" {
		return ""
	}
	refused, err := s.does(ctx, a, in)
	if err != nil {
		return unreachable
	}
	if a.part != "" && refused == "" {
		s.said[a.part] = true
	}
	return ""
}

// open declares the incident, unless somebody else did since the story began.
func (s *stage) open(ctx context.Context, a act) (note string) {
	if s.look(ctx) {
		return ""
	}
	refused, err := s.does(ctx, a, a.in)
	switch {
	case err != nil:
		return unreachable
	case refused != "":
		return fmt.Sprintf("The story stopped: the app did not take what %s typed, %q (%s). Is it connected?", a.who, "/incident "+a.text, refused)
	}
	wait, cancel := context.WithTimeout(ctx, 10*s.pace)
	defer cancel()
	for !s.look(ctx) {
		if !pause(wait, s.pace/5) {
			return "The story stopped: no channel came for the incident that " + a.who + " opened."
		}
	}
	return ""
}

// follow waits until there is an incident, which may be anybody's: where the
// one who should have opened it was taken over, that is for a person to do.
func (s *stage) follow(ctx context.Context) bool {
	for !s.look(ctx) {
		if s.next(0) == "" {
			return false // and nobody to follow it
		}
		s.show("", "", "It waits for an incident: open one, as anybody.")
		if !pause(ctx, s.pace) {
			return false
		}
	}
	return true
}

// look says whether an incident was opened since the story began. The first
// one is the story's, and stays it.
func (s *stage) look(ctx context.Context) bool {
	if s.channel != "" {
		return true
	}
	list, err := s.channels(ctx)
	if err != nil {
		return false
	}
	for _, c := range list {
		if !s.before[c.ID] && !c.Private && !c.Archived && (strings.HasPrefix(c.Name, "inc-") || strings.HasPrefix(c.Name, "drill-")) {
			s.channel = c.ID
			return true
		}
	}
	return false
}

// does does something as somebody; refused is the workspace's word for why not.
func (f *fire) does(ctx context.Context, a act, channel string) (refused string, err error) {
	body := map[string]string{"user": a.who, "channel": channel}
	switch a.verb {
	case "slash":
		body["command"], body["text"] = "/incident", a.text
	case "message":
		body["text"] = a.text
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	var answer struct {
		OK    bool
		Error string
	}
	if err := f.call(ctx, http.MethodPost, "/sim/"+a.verb, bytes.NewReader(raw), &answer); err != nil {
		return "", err
	}
	if !answer.OK && answer.Error == "" {
		answer.Error = "refused"
	}
	return answer.Error, nil
}

// stageChannel is a channel of the workspace.
type stageChannel struct {
	ID, Name string
	Private  bool `json:"is_private"`
	Archived bool `json:"is_archived"`
}

// channels are all that there are, the oldest first.
func (f *fire) channels(ctx context.Context) ([]stageChannel, error) {
	var state struct{ Channels []stageChannel }
	err := f.call(ctx, http.MethodGet, "/sim/state", http.NoBody, &state)
	return state.Channels, err
}

func (f *fire) call(ctx context.Context, method, path string, body io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, f.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := f.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

// pause waits; false where the story was ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
