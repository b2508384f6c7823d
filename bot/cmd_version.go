package bot

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set when a release is built (-ldflags "-X fireboss/bot.version=…").
var version = "0.1.0"

func newVersion(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and Go version",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(e.stdout, "fireboss %s (commit %s, %s)\n", version, revision(), runtime.Version())
			return nil
		},
	}
}

// revision is the commit that the binary was built from, where the build knew it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}
