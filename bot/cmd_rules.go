package bot

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

func newRules(e *env) *cobra.Command {
	var from sourceFlags
	since := settings.Duration(7 * 24 * time.Hour)
	cmd := &cobra.Command{Use: "rules", Short: "Try the rules of alerts",
		Args: func(_ *cobra.Command, args []string) error {
			return usageError{fmt.Errorf("rules wants test FILE; got %q", strings.Join(args, " "))}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	test := &cobra.Command{Use: "test FILE", Short: "Replay stored alerts against the rules of a configuration file, and print what would happen",
		Long: "Replays the alerts of the last days against the rules under alerts in FILE, a configuration file of which nothing else has to be there, and prints what would have become of each " +
			"and where something else did; then a line for each rule. Nothing is changed.\n\n" +
			"It goes by the incidents that there were: each counts as open from when it was declared until it was resolved.",
		Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
			if since <= 0 {
				return usageError{errors.New("--since must be longer than nothing, such as 7d")}
			}
			s, err := e.load(args[0], false)
			var unread *settings.UnreadError
			if errors.As(err, &unread) {
				return fmt.Errorf("the rules cannot be read: %w; name a file that has alerts.rules, such as your configuration. Example: fireboss rules test config.yaml", unread.Err)
			}
			if err != nil {
				return err
			}
			src, err := e.source(from)
			if err != nil {
				return err
			}
			defer func() { _ = src.close() }() // it was only read
			begin := time.Now().Add(-since.Std())
			past := alerts.Past{Now: time.Now()}
			if past.Alerts, err = src.alerts(cmd.Context(), begin); err != nil {
				return err
			}
			if past.Incidents, err = src.past(cmd.Context()); err != nil {
				return err
			}
			policy := decisions(s)
			if err := policy.Compile(); err != nil {
				return err
			}
			if reflect.DeepEqual(s.Alerts.Rules, settings.Defaults().Alerts.Rules) {
				fmt.Fprintf(e.stdout, "%s has no alerts.rules of its own: these are the default rules.\n\n", args[0])
			}
			return writeReplay(e.stdout, policy, policy.Replay(past), begin)
		}}
	test.Flags().TextVar(&since, "since", since, "how far back, as `DURATION`: 12h, 7d")
	from.add(cmd)
	cmd.AddCommand(test)
	return cmd
}

// titleShown is how much of an alert's title a line shows, in characters.
const titleShown = 60

// writeReplay prints what would have become of alerts, and what each rule would have done.
func writeReplay(w io.Writer, p alerts.Policy, list []alerts.Replayed, begin time.Time) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	differ := 0
	for _, r := range list {
		a := r.Alert
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s", a.Number, a.ReceivedAt.UTC().Format("2006-01-02 15:04"), incidents.Tidy(a.Source), a.Severity, cutTitle(a.Title), wouldWords(r))
		if r.Differs {
			differ++
			fmt.Fprintf(t, "\t!= %s", wasWords(a))
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(list) > 0 {
		fmt.Fprintln(w)
	}
	t = tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "rule\tholds for\tdeclare\tattach\tnotify\tpage\tignore\tdiffers")
	for _, one := range p.TallyReplay(list) {
		name := incidents.Tidy(one.Rule)
		switch {
		case name == "":
			name = "(none holds)"
		case one.Shadow:
			name += " (in shadow)"
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", name, one.All(), one.Declare, one.Attach, one.Notify, one.Page, one.Ignore, one.Differ)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d alerts since %s UTC; of %d something else became.\n", len(list), begin.UTC().Format("2006-01-02 15:04"), differ)
	return err
}

func cutTitle(s string) string {
	if r := []rune(incidents.Tidy(s)); len(r) > titleShown {
		return string(r[:titleShown-1]) + "…"
	}
	return incidents.Tidy(s)
}

// wouldWords say what would have become of an alert.
func wouldWords(r alerts.Replayed) string {
	said := string(r.Would.Action)
	switch {
	case r.Opens > 0:
		said += fmt.Sprintf(" new-%d", r.Opens)
	case r.Into != 0:
		said += " " + r.Into.String()
	}
	said += ruleWords(r.Would.Rule)
	for _, s := range r.Would.Shadow {
		said += fmt.Sprintf(", in shadow %s%s", s.Action, ruleWords(s.Rule))
	}
	return said
}

// wasWords say what did.
func wasWords(a alerts.Alert) string {
	said := string(a.Decision.Action)
	if a.Incident != 0 {
		said += " " + a.Incident.String()
	}
	if a.Decision.By != "" {
		return said + ", by " + incidents.Tidy(a.Decision.By)
	}
	return said + ruleWords(a.Decision.Rule)
}

func ruleWords(name string) string {
	if name == "" {
		return ", no rule"
	}
	return " (" + incidents.Tidy(name) + ")"
}
