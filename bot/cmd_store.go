package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/store/bolt"
)

// errPostgres is what the commands say that only know a file.
var errPostgres = errors.New("a PostgreSQL store is not supported by this version; set store to the path of a file")

func newAudit(e *env) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Check that nobody has changed the record",
		Args: func(_ *cobra.Command, args []string) error {
			return usageError{fmt.Errorf("audit wants verify; got %q", strings.Join(args, " "))}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var from sourceFlags
	var heads []string
	verify := &cobra.Command{Use: "verify", Short: "Recompute the hash chains and the seals", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		known, err := parseHeads(heads)
		if err != nil {
			return err
		}
		src, err := e.source(from)
		if err != nil {
			return err
		}
		defer func() { _ = src.close() }() // it was only read
		a, err := src.audit(cmd.Context())
		if err != nil {
			return err
		}
		if !a.OK {
			return errors.New(a.Says)
		}
		for _, h := range known {
			if err := hasHead(cmd.Context(), src, h); err != nil {
				return err
			}
		}
		fmt.Fprintf(e.stdout, "verified %d events\n", a.Events)
		return nil
	}}
	verify.Flags().StringArrayVar(&heads, "head", nil, "also check that an event still has this hash, as `INC-12:41:HASH`")
	from.add(cmd)
	cmd.AddCommand(verify)
	return cmd
}

// parseHeads reads what --head says.
func parseHeads(list []string) (heads []incidents.Head, err error) {
	for _, text := range list {
		parts := strings.Split(text, ":")
		if len(parts) != 3 {
			return nil, badHead(text)
		}
		n, err := incidents.ParseNumber(parts[0])
		seq, err2 := strconv.ParseUint(parts[1], 10, 64)
		sum, err3 := hex.DecodeString(parts[2])
		if errors.Join(err, err2, err3) != nil || seq == 0 || len(sum) != sha256.Size {
			return nil, badHead(text)
		}
		heads = append(heads, incidents.Head{Incident: n, Seq: seq, Hash: strings.ToLower(parts[2])})
	}
	return heads, nil
}

func badHead(text string) error {
	return usageError{fmt.Errorf("--head %q is not written like INC-12:41:HASH", text)}
}

// hasHead checks that an event still has the hash that somebody wrote down.
func hasHead(ctx context.Context, src source, h incidents.Head) error {
	events, err := src.events(ctx, h.Incident.String())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(events, func(ev web.Event) bool { return ev.Seq == h.Seq })
	switch {
	case len(events) == 0:
		return fmt.Errorf("%s:%d is missing: there is no %s", h.Incident, h.Seq, h.Incident)
	case i < 0:
		return fmt.Errorf("%s:%d is missing: the timeline of %s ends at %d", h.Incident, h.Seq, h.Incident, len(events))
	case events[i].Hash != h.Hash:
		return fmt.Errorf("%s:%d has another hash than %s: the record was changed since that was written down", h.Incident, h.Seq, h.Hash)
	}
	return nil
}

func newBackup(e *env) *cobra.Command {
	var from sourceFlags
	cmd := &cobra.Command{Use: "backup FILE", Short: "Write a consistent copy of the store, also while the bot runs", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		src, err := e.source(from)
		if err != nil {
			return err
		}
		defer func() { _ = src.close() }() // it was only read
		n, err := writeBackup(cmd, src, args[0])
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "wrote %s (%d bytes)\n", args[0], n)
		return nil
	}}
	from.add(cmd)
	return cmd
}

// writeBackup writes beside the file and puts it in place when it is whole.
func writeBackup(cmd *cobra.Command, src source, path string) (int64, error) {
	if !notThere(path) {
		return 0, fmt.Errorf("%s is there already. Name another file, or remove it first", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".fireboss-backup-*")
	if err != nil {
		return 0, fmt.Errorf("cannot write the backup. Name a file in a folder that can be written: %w", err)
	}
	defer os.Remove(f.Name())
	defer os.Remove(f.Name() + ".lock") // of looking it over
	defer f.Close()
	if stopped, ok := src.(*local); ok {
		err = stopped.db.CopyTo(f.Name())
	} else {
		err = src.backup(cmd.Context(), f)
	}
	if err != nil {
		return 0, err
	}
	if err := f.Sync(); err != nil {
		return 0, fmt.Errorf("cannot write the backup: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if err := whole(cmd, f.Name()); err != nil {
		return 0, fmt.Errorf("the copy is not whole, and was not kept: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return 0, fmt.Errorf("cannot write the backup: %w", err)
	}
	return info.Size(), durable(filepath.Dir(path))
}

// durable makes the names in a folder outlive a loss of power.
func durable(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// whole opens a copy and checks all of it.
func whole(cmd *cobra.Command, path string) error {
	db, err := bolt.OpenReadOnly(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	a, err := db.Audit(cmd.Context())
	if err == nil && a.Wrong != "" {
		err = errors.New(a.Wrong)
	}
	return err
}

func newRestore(e *env) *cobra.Command {
	var config string
	var force bool
	cmd := &cobra.Command{Use: "restore FILE", Short: "Put a backup in the place of the store", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		s, err := e.load(config, false)
		if err != nil {
			return err
		}
		if s.Store.Postgres() {
			return errPostgres
		}
		a, err := bolt.Restore(cmd.Context(), args[0], s.Store.Reveal(), force)
		if err != nil {
			return notHere(err, "stop it first")
		}
		fmt.Fprintf(e.stdout, "restored %s from %s: %d incidents, %d events\n", s.Store, args[0], len(a.Heads), a.Events)
		return nil
	}}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&force, "force", false, "replace a store that is there")
	return cmd
}

func newCompact(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{Use: "compact", Short: "Rewrite a stopped store's file without its free pages", Args: exactly(0), RunE: func(*cobra.Command, []string) error {
		s, err := e.load(config, false)
		if err != nil {
			return err
		}
		if s.Store.Postgres() {
			return errPostgres
		}
		before, after, err := bolt.Compact(s.Store.Reveal())
		if err != nil {
			return notHere(err, "stop it first")
		}
		fmt.Fprintf(e.stdout, "%s: %d bytes before, %d after\n", s.Store, before, after)
		return nil
	}}
	configFlag(cmd, &config)
	return cmd
}
