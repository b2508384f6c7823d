package bot

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
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
			others, err := newOutside(s, nil, newMetrics(), e.logger())
			if err != nil {
				return err
			}
			defer others.out.Close()
			notes := remarks(s, others)
			if offline {
				fmt.Fprintf(e.stdout, "%s is in order\n", config)
				return printed(e.stdout, notes)
			}
			client := slack.NewClient(slack.Options{BotToken: s.Slack.BotToken.Reveal(), AppToken: s.Slack.AppToken.Reveal(), APIURL: string(s.Slack.APIURL)})
			problems := client.Check(cmd.Context(), needs(s))
			if o := signIn(s.SignIn); o != nil {
				if err := o.Check(cmd.Context()); err != nil {
					problems = append(problems, "sign_in.issuer: "+err.Error())
				}
			}
			wrong, fine := others.check(cmd.Context())
			problems = append(problems, wrong...)
			for _, p := range problems {
				fmt.Fprintf(e.stderr, "%s: %s\n", config, p)
			}
			if len(problems) > 0 {
				return errReported
			}
			fmt.Fprintf(e.stdout, "%s is in order; Slack knows us as %s in %s\n", config, client.UserID, client.Team)
			notes = append(notes, strangers(cmd.Context(), slack.NewDirectory(client), s, others)...)
			return printed(e.stdout, slices.Concat(notes, fine, others.tries(public(s))))
		},
	}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&offline, "offline", false, "only read the file, ask nobody")
	return cmd
}

// printed writes lines.
func printed(to io.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}

// remarks are about what of a configuration is in order, and does not do what was meant by it.
func remarks(s settings.Settings, o *outside) (notes []string) {
	for i, r := range s.Alerts.Rules {
		declares := r.Do == settings.AlertDeclare || r.Do == settings.AlertPage
		if r.Do == settings.AlertPage && len(o.paging) == 0 {
			notes = append(notes, fmt.Sprintf("alerts.rules[%d]: the rule %q wakes people, and nothing that can is configured: it opens incidents, and nobody is woken. Add integrations.pagerduty or integrations.opsgenie", i, r.Name))
		}
		private := r.Private || r.Type != "" && slices.Contains(s.Open.PrivateTypes, r.Type)
		if declares && private && len(r.Roles)+len(s.Open.Invite["private"]) == 0 {
			notes = append(notes, fmt.Sprintf("alerts.rules[%d]: the rule %q opens private incidents that nobody is in, so that nobody sees them. Say who is, in its roles or with open.invite.private", i, r.Name))
		}
	}
	return notes
}

// strangersFor is how long Slack is asked for names.
const strangersFor = 30 * time.Second

// strangers are about names of the configuration that Slack does not know: nobody hears what is for them. Rules of alerts
// count only where there is something that sends some.
func strangers(ctx context.Context, d *slack.Directory, s settings.Settings, o *outside) (notes []string) {
	ctx, cancel := context.WithTimeout(ctx, strangersFor)
	defer cancel()
	channels, people := map[string]string{}, map[string]string{} // the place in the configuration -> what stands there
	channels["slack.announce"] = string(s.Slack.Announce)
	for on, list := range s.Open.Invite {
		for i, who := range list {
			people[fmt.Sprintf("open.invite.%s[%d]", on, i)] = string(who)
		}
	}
	if len(o.sources())+len(o.watchers()) > 0 {
		for i, r := range s.Alerts.Rules {
			channels[fmt.Sprintf("alerts.rules[%d].channel", i)] = string(r.Channel)
			for role, who := range r.Roles {
				people[fmt.Sprintf("alerts.rules[%d].roles.%s", i, role)] = string(who)
			}
		}
	}
	unknown := func(all map[string]string, known func(context.Context, string) (bool, error), sentence string) {
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if all[key] == "" {
				continue
			}
			switch ok, err := known(ctx, all[key]); {
			case err != nil:
				notes = append(notes, fmt.Sprintf("%s: Slack could not be asked for %s: %v", key, all[key], err))
			case !ok:
				notes = append(notes, fmt.Sprintf("%s: "+sentence, key, all[key]))
			}
		}
	}
	unknown(channels, d.KnowsChannel, "Fireboss sees no channel %s, so that nothing can be said there. Make it, or invite Fireboss to it where it is private")
	unknown(people, d.KnowsPeople, "nobody and no user group goes by %s, or several people do. Write a name as Slack has it, such as @alice or @oncall")
	return notes
}
