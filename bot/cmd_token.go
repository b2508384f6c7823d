package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// tokenDesk is where API tokens are made: a store that nobody uses, or a running bot.
type tokenDesk interface {
	create(ctx context.Context, name string, scope web.Scope) (secret string, err error)
	list(ctx context.Context) ([]web.TokenJSON, error)
	revoke(ctx context.Context, name string) error
	close() error
}

func newToken(e *env) *cobra.Command {
	var from sourceFlags
	var scope string
	cmd := &cobra.Command{
		Use: "token", Short: "Make, list or revoke API tokens",
		Long: "Token makes, lists and revokes the tokens that programs present to the API. They are kept in the store, as\n" +
			"hashes. Those of the configuration (api_tokens) are listed too, and are taken away there.",
		Args: func(_ *cobra.Command, args []string) error {
			return usageError{fmt.Errorf("token wants create NAME, list or revoke NAME; got %q", args)}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	from.add(cmd)
	do := func(use, short string, n int, run func(context.Context, tokenDesk, []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: exactly(n), RunE: func(cmd *cobra.Command, args []string) error {
			desk, err := e.tokenDesk(from)
			if err != nil {
				return err
			}
			return errors.Join(run(cmd.Context(), desk, args), desk.close())
		}}
	}
	create := do("create NAME", "Make a token, and print it: the one time that it is shown", 1, func(ctx context.Context, d tokenDesk, args []string) error {
		secret, err := d.create(ctx, args[0], web.Scope(scope))
		if err != nil {
			return err
		}
		fmt.Fprintln(e.stdout, secret)
		return nil
	})
	create.PreRunE = func(*cobra.Command, []string) error {
		if scope != "read" && scope != "write" && scope != "admin" {
			return usageError{fmt.Errorf("--scope %q is none of read, write, admin", scope)}
		}
		return nil
	}
	create.Flags().StringVar(&scope, "scope", "read", "read: what any member sees; write: also says commands; admin: private incidents too")
	cmd.AddCommand(create,
		do("list", "All tokens, and when they were used last", 0, func(ctx context.Context, d tokenDesk, _ []string) error {
			list, err := d.list(ctx)
			if err != nil {
				return err
			}
			return writeTokens(e.stdout, list)
		}),
		do("revoke NAME", "Revoke a token, for ever", 1, func(ctx context.Context, d tokenDesk, args []string) error {
			if err := d.revoke(ctx, args[0]); err != nil {
				return err
			}
			fmt.Fprintf(e.stdout, "%s is revoked\n", incidents.Tidy(args[0]))
			return nil
		}),
	)
	return cmd
}

func writeTokens(w io.Writer, list []web.TokenJSON) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, k := range list {
		state, by := "never used", ""
		switch {
		case k.Configured:
			state = "in the configuration"
		case k.Revoked != nil:
			state = "revoked " + day(k.Revoked)
		case k.LastUsed != nil:
			state = "used " + day(k.LastUsed)
		}
		if k.By != nil {
			by = "made " + day(k.Created) + " by " + incidents.Tidy(k.By.Name)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", incidents.Tidy(k.Name), k.Scope, state, by)
	}
	return t.Flush()
}

func (e *env) tokenDesk(f sourceFlags) (tokenDesk, error) {
	if f.server != "" {
		src, err := e.source(f)
		if err != nil {
			return nil, err
		}
		return &remoteTokens{src.(*remote)}, nil
	}
	s, err := e.load(f.config, false)
	if err != nil {
		return nil, err
	}
	return openTokens(s)
}

// localTokens are those of a store that no bot has open.
type localTokens struct {
	db         *bolt.DB
	configured []web.Token
}

func openTokens(s settings.Settings) (tokenDesk, error) {
	if s.Store.Postgres() {
		return nil, errPostgres
	}
	path := s.Store.Reveal()
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no store yet; start Fireboss once: %w", err)
	}
	policy := rules(s)
	db, err := bolt.Open(path, bolt.Options{Rules: func() incidents.Rules { return policy }})
	if busy := (*bolt.InUseError)(nil); errors.As(err, &busy) {
		return nil, fmt.Errorf("%w; add --server %s", err, s.HTTP.PublicURL)
	}
	if err != nil {
		return nil, err
	}
	return &localTokens{db, tokens(s)}, nil
}

// operator is who makes a token at the command line.
func operator() incidents.Person {
	name := "the command line"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = incidents.Tidy(u.Username) + ", at the command line"
	}
	return incidents.Person{ID: incidents.Fireboss.ID, Name: name}
}

func (l *localTokens) create(ctx context.Context, name string, scope web.Scope) (string, error) {
	t, secret, err := web.NewToken(name, scope, operator(), time.Now())
	if err != nil {
		return "", err
	}
	for _, k := range l.configured {
		if k.Name == name {
			return "", web.TokenTaken(name)
		}
	}
	if err := l.db.PutAPIToken(ctx, t); errors.Is(err, store.ErrTaken) {
		return "", web.TokenTaken(name)
	} else if err != nil {
		return "", err
	}
	return secret, nil
}

func (l *localTokens) list(ctx context.Context) (out []web.TokenJSON, err error) {
	for _, k := range l.configured {
		out = append(out, web.TokenJSON{Name: k.Name, Scope: k.Scope, Configured: true})
	}
	kept, err := l.db.APITokens(ctx)
	for _, t := range kept {
		out = append(out, web.TokenAsJSON(t))
	}
	return out, err
}

func (l *localTokens) revoke(ctx context.Context, name string) error {
	for _, k := range l.configured {
		if k.Name == name {
			return fmt.Errorf("the token %s stands in the configuration under api_tokens; take it out there", name)
		}
	}
	err := l.db.RevokeAPIToken(ctx, name, time.Now())
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no token %q. See them all: fireboss token list", name)
	}
	return err
}

func (l *localTokens) close() error { return l.db.Close() }

// remoteTokens are those of a running bot.
type remoteTokens struct{ *remote }

func (r *remoteTokens) create(ctx context.Context, name string, scope web.Scope) (string, error) {
	body, err := json.Marshal(map[string]string{"name": name, "scope": string(scope)})
	if err != nil {
		return "", err
	}
	var made web.NewTokenJSON
	err = r.into(ctx, http.MethodPost, "/api/v1/tokens", body, &made)
	return made.Secret, err
}

func (r *remoteTokens) list(ctx context.Context) ([]web.TokenJSON, error) {
	var all web.TokenList
	err := r.into(ctx, http.MethodGet, "/api/v1/tokens", nil, &all)
	return all.Tokens, err
}

func (r *remoteTokens) revoke(ctx context.Context, name string) error {
	var gone web.TokenJSON
	return r.into(ctx, http.MethodDelete, "/api/v1/tokens/"+url.PathEscape(name), nil, &gone)
}

func (r *remoteTokens) into(ctx context.Context, method, path string, body []byte, into any) error {
	res, err := r.ask(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}
