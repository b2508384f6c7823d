package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
)

// Exit codes of the program.
const (
	exitDone   = 0
	exitFailed = 1 // it failed; one line on stderr says what to do
	exitUsage  = 2 // it was called in a wrong way
)

// env is what a command has of the world around it.
type env struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// usageError is a call in a wrong way.
type usageError struct{ error }

// quiet is a failure that has been reported already.
var errReported = errors.New("reported")

// Main runs the program with these arguments and answers its exit code. A test
// can run it like the real one.
func Main(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	root := newRoot(&env{getenv: getenv, stdout: stdout, stderr: stderr})
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "fireboss: %v\nSee: fireboss --help\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "fireboss: %v\n", err)
	return exitFailed
}

func newRoot(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "fireboss",
		Short: "An incident bot for Slack: a room for every incident, and a record that holds",
		Long: "Fireboss opens a channel for every incident, knows who does what, keeps the clock and writes everything down.\n\n" +
			"To try it without any account:  fireboss demo",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("there is no command %q", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetHelpCommand(newHelp())
	root.AddCommand(
		newDemo(e), newServe(e), newSimulator(e), newCheck(e), newManifest(e), newIncident(e), newAudit(e),
		newBackup(e), newRestore(e), newCompact(e), newRules(e), newToken(e), newVersion(e), newHealth(e),
	)
	return root
}

// newHelp explains one command or all. Of one that does not exist it says so.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usageError{fmt.Errorf("there is no command %q", strings.Join(args, " "))}
			}
			return about.Help()
		},
	}
}

// exactly wants n arguments.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return usageError{fmt.Errorf("%s: %w", cmd.CommandPath(), err)}
		}
		return nil
	}
}

// timesAsWritten has the library write times with milliseconds: it keeps that for all
// loggers of a process, so it is said once.
var timesAsWritten = sync.OnceFunc(func() { zerolog.TimeFieldFormat = "2006-01-02T15:04:05.000Z07:00" })

// logger writes JSON to stderr, or readable lines where that is a terminal.
func (e *env) logger() zerolog.Logger {
	timesAsWritten()
	var w = e.stderr
	if e.terminal() {
		w = zerolog.ConsoleWriter{Out: e.stderr, TimeFormat: "15:04:05"}
	}
	level := zerolog.InfoLevel
	if l, err := zerolog.ParseLevel(e.getenv("FIREBOSS_LOG")); err == nil && l != zerolog.NoLevel {
		level = l
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger()
}

// terminal reports whether a person reads stderr as it is written.
func (e *env) terminal() bool {
	f, ok := e.stderr.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
