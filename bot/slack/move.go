package slack

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A bot can make no channel private, nor public. An incident that becomes private
// or public therefore moves: into a new channel, of which the record then knows
// nothing but that, while the earlier one is vacated, step by step, each found
// out by looking how things stand there. What the earlier channel's messages were
// is forgotten at once, so that no step can ever be taken in the wrong one.

// Keys of a record's IDs that belong to moves.
const (
	idSecret = "secret"  // yes or no: whether the channel is private; empty: it was not looked at
	idLeft   = "left:"   // + channel -> how far it is vacated; see left
	idStay   = "stay:"   // + channel -> ids of those who were to be removed from it when it was left
	idSilent = "silent:" // + channel as configured -> since when no announcement is there, RFC 3339, or done
)

// kept are the beginnings of those keys that say something beyond one channel.
var kept = []string{idAnnounced, idAnnSum, idLeft, idStay, idCanvasOf, idSilent, idTold, idGone}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// misplaced reports whether the channel is not as private as the incident. One
// that people made private by hand stays the channel of a public incident.
func (p *pass) misplaced() bool {
	secret := p.get(idSecret)
	return p.rec.Place != "" && secret != "" && secret != yesNo(p.in.Private)
}

// move leaves a channel that is not as private as the incident, before any other
// step: whatever fails afterwards, nothing more is said there.
func (p *pass) move() error {
	if !p.misplaced() {
		return nil
	}
	old := left{kind: "public", stage: leaving, since: time.Now()}
	if p.get(idSecret) == "yes" {
		old.kind = "private"
	}
	out, canvas := p.get(idOut), p.get(idCanvas)
	p.forget()
	p.set(idLeft+p.rec.Place, old.String())
	p.set(idStay+p.rec.Place, out)
	p.set(idCanvasOf+p.rec.Place, canvas)
	p.rec.Place, p.rec.PlaceName = "", ""
	p.m.Poke(p.in.Number)
	return p.keep()
}

// forget drops what is known of the channel of now.
func (p *pass) forget() {
	maps.DeleteFunc(p.rec.IDs, func(key, _ string) bool {
		return !slices.ContainsFunc(kept, func(begin string) bool { return strings.HasPrefix(key, begin) })
	})
}

// Stages of a channel that was left.
const (
	shut    = "shut"    // it was archived in its time, as it was
	leaving = "leaving" // our messages may still be there
	telling = "telling" // those in it are being told where it goes on
	clean   = "clean"   // nothing of ours was there, or all is told
	vacated = "done"    // it is archived
)

// left is a channel of the past.
type left struct {
	kind  string // public or private
	stage string
	since time.Time // when it came to this stage
}

func (l left) String() string {
	return l.kind + " " + l.stage + " " + l.since.UTC().Format(time.RFC3339Nano)
}

func readLeft(s string) left {
	var l left
	var at string
	_, _ = fmt.Sscan(s, &l.kind, &l.stage, &at)
	l.since, _ = time.Parse(time.RFC3339Nano, at)
	return l
}

// past are the channels that were left, by id.
func (p *pass) past() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, key := range slices.Sorted(maps.Keys(p.rec.IDs)) {
		if channel, ok := strings.CutPrefix(key, idLeft); ok {
			list = append(list, channel)
		}
	}
	return list
}
