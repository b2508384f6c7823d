package bot

import (
	"fmt"

	"github.com/spf13/cobra"

	"fireboss/bot/slack"
)

func newManifest(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "manifest",
		Short: "Print the Slack app manifest that Fireboss needs",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			b, err := slack.Manifest()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(e.stdout, string(b))
			return err
		},
	}
}
