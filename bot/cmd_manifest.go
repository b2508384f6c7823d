package bot

import (
	"fmt"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/bot/web"
)

func newManifest(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print the Slack app manifest that Fireboss needs",
		Long: "Manifest prints what Slack wants to know to make the app. A configuration that is named by --config may need\n" +
			"more of it, where people sign in to the pages; its tokens need not be there yet.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var n slack.Needs
			if cmd.Flags().Changed("config") {
				s, err := e.load(config, false)
				if err != nil {
					return err
				}
				n = needs(s)
			}
			b, err := slack.Manifest(n)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(e.stdout, string(b))
			return err
		},
	}
	configFlag(cmd, &config)
	return cmd
}

// needs are what this configuration needs of the Slack app.
func needs(s settings.Settings) slack.Needs {
	n := slack.Needs{Emails: s.SignIn.On() && !s.SignIn.Slack() && s.SignIn.LinkByEmail}
	if s.SignIn.Slack() {
		n.Redirect = string(s.HTTP.PublicURL) + web.CallbackPath
	}
	return n
}
