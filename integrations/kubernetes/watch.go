package kubernetes

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// The types of what a watch tells.
const (
	added    = "ADDED"
	modified = "MODIFIED"
	deleted  = "DELETED"
	bookmark = "BOOKMARK"
	failed   = "ERROR"
)

const (
	pageSize  = 250      // events of a page of a list
	maxPage   = 16 << 20 // bytes of it
	maxPages  = 400      // of a list
	maxLine   = 2 << 20  // bytes of an event; the cluster's own bound is about 1.5 MiB
	lasts     = 4 * time.Minute
	grace     = 30 * time.Second // after which a watch should have been ended by the cluster
	pauseFor  = time.Second      // between two watches
	maxRelist = 3                // tries of a list whose pages run out
)

// errExpired is that the cluster no longer knows the place from which on it was asked.
var errExpired = errors.New("the cluster no longer knows what happened since")

// teller tells what happened, and knows how far what was kept of that goes.
type teller struct {
	told func(report alerts.Report, since string) error
	kept string
}

func (t *teller) tell(report alerts.Report, to string) error {
	err := t.told(report, to)
	if err == nil {
		t.kept = to
	}
	return err
}

// cluster is a cluster that is watched.
type cluster struct {
	config Config
	wire   *integrations.Client
}

// watch tells what happens, from a place on, until the context ends. A watch that was ended or cut goes on where it got
// to; an error is whatever keeps the next one from getting anywhere.
func (k *cluster) watch(ctx context.Context, since string, told func(report alerts.Report, since string) error) error {
	t := &teller{told, since}
	known := since != ""
	for {
		var err error
		fresh := !known
		if fresh {
			if since, err = k.catchUp(ctx, since, t); err != nil {
				return err
			}
		}
		before := since
		since, err = k.follow(ctx, since, t)
		known = !errors.Is(err, errExpired)
		var cut *integrations.Trouble
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !known && (!fresh || since != before): // a new list will tell
		case errors.As(err, &cut) && since != before:
		case err != nil:
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// pause waits a little, and not the same for everybody: a cluster whose API was restarted has enough to do.
func pause(ctx context.Context) error {
	t := time.NewTimer(pauseFor + rand.N(pauseFor)) //nolint:gosec // G404: when to ask again is no secret
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// follow is one watch: it says where it got to.
func (k *cluster) follow(ctx context.Context, since string, t *teller) (string, error) {
	length := lasts + rand.N(lasts/4) //nolint:gosec // G404: so that not all watches end at once; no secret
	res, err := k.call(ctx, http.MethodGet, k.events(url.Values{
		"watch": {"1"}, "allowWatchBookmarks": {"true"}, "resourceVersion": {since}, "timeoutSeconds": {strconv.Itoa(int(length / time.Second))},
	}), nil, length+grace)
	if err != nil {
		return since, err
	}
	defer res.Body.Close()
	lines := bufio.NewReaderSize(res.Body, 64<<10)
	for {
		text, err := line(lines)
		if err == io.EOF { //nolint:errorlint // line gives it as it is
			return since, nil
		}
		if err != nil {
			return since, err
		}
		if len(text) == 0 { // too long
			continue
		}
		if since, err = k.hear(text, since, t); err != nil {
			return since, err
		}
	}
}

// line is the next whole line; empty where it was too long. The end of a line that was cut is nobody's.
func line(r *bufio.Reader) ([]byte, error) {
	var all []byte
	for long := false; ; {
		part, err := r.ReadSlice('\n')
		if long = long || len(all)+len(part) > maxLine; long {
			all = nil
		} else {
			all = append(all, part...)
		}
		if err == nil {
			return bytes.TrimSpace(all), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// hear tells of one line of a watch, and says where it got to with that.
func (k *cluster) hear(text []byte, since string, t *teller) (string, error) {
	change, err := integrations.ReadJSON(text)
	if err != nil {
		return since, fmt.Errorf("what the cluster told cannot be read: %w", err)
	}
	object := change.At("object")
	if change.At("type").Text() == failed {
		return since, refusal(object.At("code").Count(), object)
	}
	to := version(object)
	mark := change.At("type").Text() == bookmark
	if again := mark && to == since && to != t.kept; to == "" || !again && !later(to, since) {
		return since, nil
	}
	report, err := k.config.Read(change, time.Now())
	if err != nil || report.Nothing != "" && !mark {
		return to, nil //nolint:nilerr // what is no event says nothing, and must not keep the others from being heard
	}
	if err := t.tell(report, to); err != nil {
		return since, err
	}
	return to, nil
}

// catchUp tells of what the cluster has of warnings after a place, and says where it got to. An empty place is the
// beginning. Warnings that would be over by now are left out.
func (k *cluster) catchUp(ctx context.Context, since string, t *teller) (string, error) {
	for try := 1; ; try++ {
		report, to, err := k.list(ctx, since)
		if errors.Is(err, errExpired) && try < maxRelist {
			if err := pause(ctx); err != nil {
				return since, err
			}
			continue
		}
		if err != nil {
			return since, err
		}
		return to, t.tell(report, to)
	}
}

// list reads all pages of a list, which are all of one moment.
func (k *cluster) list(ctx context.Context, since string) (alerts.Report, string, error) {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	var report alerts.Report
	for range maxPages {
		page, err := k.ask(ctx, http.MethodGet, k.events(query), nil)
		if err != nil {
			return report, "", err
		}
		to, now := version(page), time.Now()
		if to == "" {
			return report, "", errors.New("the cluster's list of events says no resourceVersion")
		}
		from := since
		if from != "" && !later(to, from) && to != from { // it was restored from a backup, or is another one
			from = ""
		}
		for _, event := range page.At("items").List() {
			if v := version(event); from != "" && !later(v, from) {
				continue
			}
			read, err := k.config.Read(event, now)
			if err == nil && len(read.Signals) == 1 && (k.config.Quiet == 0 || read.Signals[0].Expires.After(now)) {
				report.Signals = append(report.Signals, read.Signals[0])
			}
		}
		next := page.At("metadata", "continue").Text()
		if next == "" {
			report.ID = "list/" + to
			if len(report.Signals) == 0 {
				report.Nothing = "a list without anything new"
			}
			return report, to, nil
		}
		query.Set("continue", next)
	}
	return report, "", fmt.Errorf("the cluster has more than %d events", maxPages*pageSize)
}
