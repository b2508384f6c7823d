package bot

import (
	"fmt"

	"github.com/spf13/cobra"

	"fireboss/bot/slack"
)

func newManifest(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print the Slack app manifest that Fireboss needs",
		Long: "Manifest prints what Slack wants to know to make the app. It is the same for every configuration so far;\n" +
			"one that is named by --config is looked over, but its tokens need not be there yet.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("config") {
				if _, err := e.load(config, false); err != nil {
					return err
				}
			}
			b, err := slack.Manifest()
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
