package bot

import (
	"fmt"

	"github.com/spf13/cobra"

	"fireboss/bot/slack"
)

func newCheck(e *env) *cobra.Command {
	var config string
	var offline bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the configuration, and whether Slack and other systems accept its tokens",
		Long:  "Check reports every problem of the configuration as FILE:LINE:COL: message, then asks Slack and every configured integration whether tokens and scopes serve, and the sign-in provider, where there is one, what it is.",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := e.load(config, true)
			if err != nil {
				return err
			}
			if s.Store.Postgres() {
				return fmt.Errorf("%s: %w", config, errPostgres)
			}
			if offline {
				fmt.Fprintf(e.stdout, "%s is in order\n", config)
				return nil
			}
			client := slack.NewClient(slack.Options{BotToken: s.Slack.BotToken.Reveal(), AppToken: s.Slack.AppToken.Reveal(), APIURL: string(s.Slack.APIURL)})
			problems := client.Check(cmd.Context(), needs(s))
			if o := signIn(s.SignIn); o != nil {
				if err := o.Check(cmd.Context()); err != nil {
					problems = append(problems, "sign_in.issuer: "+err.Error())
				}
			}
			others, err := newOutside(s, nil, newMetrics(), e.logger())
			if err != nil {
				return err
			}
			defer others.out.Close()
			problems = append(problems, others.check(cmd.Context())...)
			for _, p := range problems {
				fmt.Fprintf(e.stderr, "%s: %s\n", config, p)
			}
			if len(problems) > 0 {
				return errReported
			}
			fmt.Fprintf(e.stdout, "%s is in order; Slack knows us as %s in %s\n", config, client.UserID, client.Team)
			for _, line := range others.tries(public(s)) {
				fmt.Fprintln(e.stdout, line)
			}
			return nil
		},
	}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&offline, "offline", false, "only read the file, ask nobody")
	return cmd
}
