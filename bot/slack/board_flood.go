package slack

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// flood is when so much is to be told in a channel that nobody could read it: then
// one message counts what is not told one by one. How many these are is not known any
// more after a restart; another message then goes on counting.
type flood struct {
	channel, ts string // of that message
	since, last time.Time
	count       int
	shown       int       // of these, how many the message says
	at          time.Time // when it was changed last
}

// So many alerts are told one by one in a channel within so long.
const (
	floodAfter  = 30
	floodWithin = 5 * time.Minute
)

// floods reports whether an alert that nobody was told of yet is only to be counted.
func (b *Board) floods(where string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sight(where)
	s.posted = slices.DeleteFunc(s.posted, func(t time.Time) bool { return now.Sub(t) >= floodWithin })
	if len(s.posted) < floodAfter {
		return false
	}
	if now.Sub(s.flood.last) >= floodWithin {
		s.flood = flood{since: now}
	}
	s.flood.count++
	s.flood.last = now
	return true
}

// Flooded says in each channel how many alerts were only counted there, and in how
// long there is more to say; 0: not.
func (b *Board) Flooded(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	b.mu.Lock()
	due := map[string]flood{}
	for where, s := range b.boards {
		if s.flood.count == s.flood.shown {
			continue
		}
		left := max(s.flood.at.Add(countEvery).Sub(now), s.until.Sub(now))
		if left <= 0 {
			due[where] = s.flood
		} else if wait == 0 || left < wait {
			wait = left
		}
	}
	b.mu.Unlock()
	for where, f := range due {
		said, sayErr := b.sayFlood(putOff(ctx), where, f)
		said.at = now
		if sayErr != nil {
			err, wait = sayErr, countEvery
		}
		b.mu.Lock()
		if s := b.sight(where); s.flood.since.Equal(f.since) {
			said.count, said.last = s.flood.count, s.flood.last
			s.flood = said
		}
		b.mu.Unlock()
	}
	return wait, err
}

// sayFlood posts the message, or changes it.
func (b *Board) sayFlood(ctx context.Context, where string, f flood) (flood, error) {
	lists := "/incident alert list names the newest."
	if b.Dashboard != "" {
		lists = link(b.Dashboard+"/alerts", "The dashboard") + " has all of them, and /incident alert list the newest."
	}
	what := "alerts are"
	if f.count == 1 {
		what = "alert is"
	}
	text := fmt.Sprintf(":ocean: Many alerts at once: since %s %d more %s not told one by one here. %s", clock(f.since), f.count, what, lists)
	m := &message{Text: fmt.Sprintf("Many alerts at once: %d more %s not told one by one here.", f.count, what)}
	m.Blocks = append(m.Blocks, section(text))
	var err error
	if f.ts == "" {
		f.channel, f.ts, err = b.Client.postTo(ctx, where, m, metadata(alertFloodMark, map[string]any{"since": formatTS(f.since), "store": b.StoreID}))
	} else {
		err = b.Client.update(ctx, f.channel, f.ts, m)
	}
	if err == nil {
		f.shown = f.count
	}
	return f, err
}
