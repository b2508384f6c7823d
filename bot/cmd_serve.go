package bot

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/incidents/store/bolt"
	kinds "fireboss/integrations/all"
)

func newServe(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the bot against your Slack workspace",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := e.load(config, true)
			if err != nil {
				return err
			}
			p, err := newProgram(s, nil, nil, e.logger())
			if err != nil {
				return notHere(err, "stop that one first, or give this one another store")
			}
			if err := p.start(cmd.Context()); err != nil {
				return errors.Join(err, p.stop())
			}
			p.log.Info().Str("listen", p.listen.Addr().String()).Str("store", s.Store.String()).Str("workspace", p.client.Team).Msg("fireboss is running")
			return p.wait(cmd.Context())
		},
	}
	configFlag(cmd, &config)
	return cmd
}

func configFlag(cmd *cobra.Command, config *string) {
	cmd.Flags().StringVar(config, "config", "config.yaml", "the configuration `FILE`")
}

// load reads the configuration and reports everything that is wrong with it. Who
// does not need Slack needs no other outside system either.
func (e *env) load(path string, needSlack bool) (settings.Settings, error) {
	return e.read(path, settings.Options{NeedSlack: needSlack, Serving: needSlack, SkipIntegrations: !needSlack})
}

func (e *env) read(path string, o settings.Options) (settings.Settings, error) {
	o.Integrations, o.Template, o.Env = kinds.Configs(), checkTemplate, e.lookup
	s, err := settings.Load(path, o)
	var problems settings.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Fprintln(e.stderr, p)
		}
		return s, errReported
	}
	return s, err
}

func (e *env) lookup(name string) (string, bool) {
	v := e.getenv(name)
	return v, v != ""
}

// notHere is for commands that need the store for themselves: what to do where
// another process has it.
func notHere(err error, instead string) error {
	var busy *bolt.InUseError
	if errors.As(err, &busy) {
		return fmt.Errorf("%w; %s", err, instead)
	}
	return err
}
