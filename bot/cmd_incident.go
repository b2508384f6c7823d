package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"fireboss/bot/web"
	"fireboss/incidents"
)

func newIncident(e *env) *cobra.Command {
	var from sourceFlags
	var format string
	cmd := &cobra.Command{
		Use:   "incident",
		Short: "List, show or export incidents",
		Args: func(_ *cobra.Command, args []string) error {
			return usageError{fmt.Errorf("incident wants list, show INC-n or export INC-n; got %q", strings.Join(args, " "))}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	from.add(cmd)
	cmd.PersistentFlags().StringVar(&format, "format", "text", "text, json or markdown")
	look := func(use, short string, n int, run func(context.Context, source, io.Writer, []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: exactly(n), RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" && format != "markdown" {
				return usageError{fmt.Errorf("--format %q is none of text, json, markdown", format)}
			}
			src, err := e.source(from)
			if err != nil {
				return err
			}
			return errors.Join(run(cmd.Context(), src, e.stdout, args), src.close())
		}}
	}
	cmd.AddCommand(
		look("list", "All incidents, newest first", 0, func(ctx context.Context, src source, w io.Writer, _ []string) error {
			return listIncidents(ctx, src, w, format)
		}),
		look("show ID", "One incident as it stands", 1, func(ctx context.Context, src source, w io.Writer, args []string) error {
			in, err := src.incident(ctx, args[0])
			if err != nil {
				return err
			}
			return writeIncident(w, in, nil, format)
		}),
		look("export ID", "One incident with its whole timeline", 1, func(ctx context.Context, src source, w io.Writer, args []string) error {
			in, err := src.incident(ctx, args[0])
			if err != nil {
				return err
			}
			events, err := src.events(ctx, args[0])
			if err != nil {
				return err
			}
			return writeIncident(w, in, events, format)
		}),
	)
	return cmd
}

func listIncidents(ctx context.Context, src source, w io.Writer, format string) error {
	list, err := src.incidents(ctx)
	if err != nil {
		return err
	}
	switch format {
	case "json":
		return writeJSON(w, web.IncidentList{Incidents: list})
	case "markdown":
		fmt.Fprintln(w, "| id | severity | status | declared | title |\n|---|---|---|---|---|")
		for _, in := range list {
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", in.ID, in.Severity, standing(in), day(in.Timestamps.Declared), cell(titled(in)))
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, in := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", in.ID, in.Severity, standing(in), day(in.Timestamps.Declared), incidents.Tidy(titled(in)))
	}
	return t.Flush()
}

// writeIncident writes an incident, and its timeline where events are not nil.
func writeIncident(w io.Writer, in web.Incident, events []web.Event, format string) error {
	if format == "json" {
		if events == nil {
			return writeJSON(w, in)
		}
		return writeJSON(w, struct {
			Incident web.Incident `json:"incident"`
			Events   []web.Event  `json:"events"`
		}{in, events})
	}
	md := format == "markdown"
	heading, item := "%s  %s\n\n", "%-12s %s\n"
	if md {
		heading, item = "# %s: %s\n\n", "- **%s**: %s\n"
	}
	text := incidents.Tidy // a terminal obeys what it is shown
	if md {
		text = cell
	}
	fmt.Fprintf(w, heading, in.ID, text(titled(in)))
	for _, f := range facts(in) {
		fmt.Fprintf(w, item, f[0], text(f[1]))
	}
	if len(events) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	if md {
		fmt.Fprintln(w, "## Timeline (UTC)\n\n| # | when | who | what |\n|---|---|---|---|")
	}
	for _, ev := range events {
		what := ev.Text
		if ev.Redacted {
			what = "(removed)"
		}
		line := "%4d  %s  %s  %s\n"
		if md {
			line = "| %d | %s | %s | %s |\n"
		}
		fmt.Fprintf(w, line, ev.Seq, ev.At.UTC().Format("2006-01-02 15:04:05"), text(ev.Actor.Name), text(strings.ReplaceAll(what, "\n", " ")))
	}
	return nil
}

// facts are the lines that say how an incident stands.
func facts(in web.Incident) [][2]string {
	list := [][2]string{{"severity", in.Severity}, {"status", standing(in)}, {"type", in.Type}, {"declared", day(in.Timestamps.Declared) + " by " + in.DeclaredBy.Name}}
	add := func(name, value string) {
		if value != "" {
			list = append(list, [2]string{name, value})
		}
	}
	add("resolved", day(in.Timestamps.Resolved))
	add("closed", day(in.Timestamps.Closed))
	if p, ok := in.Roles["commander"]; ok {
		add("commander", p.Name)
	}
	add("services", strings.Join(in.Services, ", "))
	add("summary", strings.ReplaceAll(in.Summary, "\n", " "))
	for _, name := range slices.Sorted(maps.Keys(in.Fields)) {
		add(name, strings.ReplaceAll(in.Fields[name], "\n", " "))
	}
	add("merged", strings.Join(in.Merged, ", "))
	if in.Channel != nil {
		add("channel", "#"+in.Channel.Name)
	}
	return list
}

// titled is the title, marked where it is a drill's.
func titled(in web.Incident) string {
	if in.Drill {
		return "PRACTICE  " + in.Title
	}
	return in.Title
}

// standing is the status, or where it was merged.
func standing(in web.Incident) string {
	if in.MergedInto != "" {
		return "merged into " + in.MergedInto
	}
	return in.Status
}

func day(t *web.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// cell is text of people as one line that is read neither as Markdown nor as HTML.
func cell(s string) string { return markdown.Replace(incidents.Tidy(s)) }

var markdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "&", "&amp;", "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "~", `\~`, "[", `\[`, "]", `\]`, "#", `\#`, "$", `\$`)

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
