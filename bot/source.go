package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// source is where the commands that only look get what they show: a store that
// nobody uses, or a running bot.
type source interface {
	incidents(ctx context.Context) ([]web.Incident, error) // newest first
	incident(ctx context.Context, id string) (web.Incident, error)
	events(ctx context.Context, id string) ([]web.Event, error)
	alerts(ctx context.Context, since time.Time) ([]alerts.Alert, error) // newest first
	past(ctx context.Context) ([]incidents.Incident, error)              // as far as a replay goes by them
	audit(ctx context.Context) (web.AuditAnswer, error)
	backup(ctx context.Context, w io.Writer) error
	close() error
}

// sourceFlags say which.
type sourceFlags struct{ config, server, token string }

func (f *sourceFlags) add(cmd *cobra.Command) {
	cmd.PersistentFlags().StringVar(&f.config, "config", "config.yaml", "the configuration `FILE`, whose store is opened")
	cmd.PersistentFlags().StringVar(&f.server, "server", "", "ask the running bot at this `URL` instead")
	cmd.PersistentFlags().StringVar(&f.token, "token", "", "an API token for --server; FIREBOSS_API_TOKEN where left out")
}

func (e *env) source(f sourceFlags) (source, error) {
	if f.server != "" {
		token := f.token
		if token == "" {
			token = e.getenv("FIREBOSS_API_TOKEN")
		}
		u, err := url.Parse(f.server)
		if strings.Contains(f.server, "@") && (err != nil || u.User != nil) { // errors would show the password
			return nil, usageError{errors.New("--server must not have a user or a password in it; give the bot's own token with --token")}
		}
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, usageError{fmt.Errorf("--server %q is no address; write it like http://127.0.0.1:8080", f.server)}
		}
		return &remote{base: strings.TrimRight(f.server, "/"), token: token}, nil
	}
	s, err := e.load(f.config, false)
	if err != nil {
		return nil, err
	}
	return openLocal(s)
}

// local is a store that no bot has open.
type local struct{ db *bolt.DB }

func openLocal(s settings.Settings) (source, error) {
	path := s.Store.Reveal()
	if s.Store.Postgres() {
		return nil, errors.New("a PostgreSQL store is not supported by this version; set store to the path of a file")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no store yet: %w", err)
	}
	db, err := bolt.OpenReadOnly(path)
	var busy *bolt.InUseError
	if errors.As(err, &busy) {
		return nil, fmt.Errorf("%w; add --server %s", err, s.HTTP.PublicURL)
	}
	if err != nil {
		return nil, err
	}
	return &local{db}, nil
}

func (l *local) incidents(ctx context.Context) ([]web.Incident, error) {
	list, err := l.db.Incidents(ctx, store.Query{})
	if err != nil {
		return nil, err
	}
	out := make([]web.Incident, 0, len(list))
	for _, in := range list {
		out = append(out, l.json(ctx, in))
	}
	return out, nil
}

func (l *local) json(ctx context.Context, in incidents.Incident) web.Incident {
	rec, err := l.db.Record(ctx, slack.Door, in.Number)
	if err != nil {
		rec = store.Record{} // an incident without its channel is still an incident
	}
	return web.IncidentJSON(in, rec.Place, rec.PlaceName, time.Now())
}

func (l *local) incident(ctx context.Context, id string) (web.Incident, error) {
	n, err := incidents.ParseNumber(id)
	if err != nil {
		return web.Incident{}, err
	}
	in, err := l.db.Incident(ctx, n)
	if errors.Is(err, store.ErrNotFound) {
		return web.Incident{}, fmt.Errorf("%s does not exist. See them all: fireboss incident list", n)
	}
	return l.json(ctx, in), err
}

func (l *local) events(ctx context.Context, id string) ([]web.Event, error) {
	n, err := incidents.ParseNumber(id)
	if err != nil {
		return nil, err
	}
	list, err := l.db.Events(ctx, n, 0, 0)
	if err != nil {
		return nil, err
	}
	out := make([]web.Event, 0, len(list))
	for _, e := range list {
		out = append(out, web.EventJSON(e))
	}
	return out, nil
}

func (l *local) audit(ctx context.Context) (web.AuditAnswer, error) {
	a, err := l.db.Audit(ctx)
	if err != nil {
		return web.AuditAnswer{}, err
	}
	out := web.AuditAnswer{OK: a.Wrong == "", Says: a.Wrong, Events: a.Events, Seals: a.Seals}
	for _, h := range a.Heads {
		out.Heads = append(out.Heads, h.String())
	}
	return out, nil
}

func (l *local) backup(ctx context.Context, w io.Writer) error { return l.db.Backup(ctx, w) }

func (l *local) close() error { return l.db.Close() }

// remote is a running bot.
type remote struct{ base, token string }

func (r *remote) get(ctx context.Context, path string) (*http.Response, error) {
	return r.ask(ctx, http.MethodGet, path, http.NoBody)
}

// ask makes one call of the API.
func (r *remote) ask(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the bot at %s does not answer: %w", r.base, err)
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated {
		return res, nil
	}
	defer res.Body.Close()
	var p web.Problem
	if json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&p) != nil || p.Detail == "" {
		p.Detail = res.Status
	}
	return nil, fmt.Errorf("the bot at %s says: %s", r.base, p.Detail)
}

func (r *remote) read(ctx context.Context, path string, into any) error {
	res, err := r.get(ctx, path)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

func (r *remote) incidents(ctx context.Context) ([]web.Incident, error) {
	var all []web.Incident
	cursor := ""
	for {
		var page web.IncidentList
		if err := r.read(ctx, "/api/v1/incidents?limit=1000"+cursor, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Incidents...)
		if page.NextCursor == "" {
			return all, nil
		}
		cursor = "&cursor=" + url.QueryEscape(page.NextCursor)
	}
}

func (r *remote) incident(ctx context.Context, id string) (in web.Incident, err error) {
	n, err := incidents.ParseNumber(id)
	if err == nil {
		err = r.read(ctx, "/api/v1/incidents/"+n.String(), &in)
	}
	return in, err
}

func (r *remote) events(ctx context.Context, id string) ([]web.Event, error) {
	n, err := incidents.ParseNumber(id)
	if err != nil {
		return nil, err
	}
	var all []web.Event
	for after := uint64(0); ; after = all[len(all)-1].Seq {
		var page web.EventList
		if err := r.read(ctx, fmt.Sprintf("/api/v1/incidents/%s/events?limit=1000&after=%d", n, after), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Events...)
		if len(page.Events) < 1000 {
			return all, nil
		}
	}
}

func (r *remote) audit(ctx context.Context) (a web.AuditAnswer, err error) {
	err = r.read(ctx, "/api/v1/audit", &a)
	return a, err
}

func (r *remote) backup(ctx context.Context, w io.Writer) error {
	res, err := r.get(ctx, "/api/v1/backup")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(w, res.Body)
	return err
}

func (r *remote) close() error { return nil }
