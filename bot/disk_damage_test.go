package bot

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"
)

// TestDiskDamage breaks the file of a stopped bot in the ways that disks and
// people do. It is told in one sentence, by the exit code or at /readyz, and the
// backup brings back all that was acknowledged before it was made.
func TestDiskDamage(t *testing.T) {
	const last = "the last thing that was said"
	for _, tt := range []struct {
		name   string
		damage func(t *testing.T, path string)
		says   string // by serve, or at /readyz
		starts bool
		audit  string
	}{
		{"a torn page", func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte {
				at := bytes.LastIndex(b, []byte(last))
				clear(b[at : at-at%os.Getpagesize()+os.Getpagesize()])
				return b
			})
		}, "seems to be damaged", false, "cannot be read"},
		{"a torn page of long ago", func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte {
				at := bytes.Index(b, []byte(`"kind":"declared"`))
				clear(b[at : at+10])
				return b
			})
		}, "seems to be damaged", true, "cannot be read"},
		{"cut in the middle", func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { return b[:len(b)/2] })
		}, "fireboss restore BACKUP --force", false, "seems to be damaged"},
		{"emptied", func(t *testing.T, path string) {
			rewrite(t, path, func([]byte) []byte { return nil })
		}, "it is empty", false, "it is empty"},
		{"overwritten", func(t *testing.T, path string) {
			rewrite(t, path, func(b []byte) []byte { return bytes.Repeat([]byte("store: fireboss.db\n"), len(b)/20) })
		}, "fireboss restore BACKUP --force", false, "seems to be damaged"},
		{"of a version that is too old", func(t *testing.T, path string) { schema(t, path, 0) }, "start the versions between once each", false, "an older Fireboss"},
		{"of a version that is to come", func(t *testing.T, path string) { schema(t, path, 99) }, "a newer Fireboss (schema 99", false, "a newer Fireboss (schema 99"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tellApart(t)
			s.opened("sev2 the disk is dying")
			s.Bob.Says("/incident note " + last).Expect("stands in the timeline")
			s.Settles()
			copied := filepath.Join(t.TempDir(), "copy.db")
			s.says("wrote", "backup", copied, "--server", s.dashboard, "--token", storyToken)
			if code := s.bot.end(15); code != 0 {
				t.Fatalf("stop: %d", code)
			}
			store, config := filepath.Join(s.data, "fireboss.db"), filepath.Join(s.data, "config.yaml")
			s.says("bytes before", "compact", "--config", config) // so that every page of the file counts
			tt.damage(t, store)

			s.damaged(tt.says, tt.starts, config)
			s.refuses(tt.audit, "audit", "verify", "--config", config)
			s.refuses("was not touched", "restore", copied, "--config", config)
			s.says("restored", "restore", copied, "--config", config, "--force")
			s.says("verified", "audit", "verify", "--config", config)
			s.startBot()
			if !s.recorded(last) {
				t.Error("what was said before the backup is not there")
			}
			s.checkWhole("INC-1", "#inc-1-the-disk-is-dying")
		})
	}
}

// damaged expects a bot on this store to say so: it ends with one clear line,
// or it starts and is not ready.
func (s *story) damaged(says string, starts bool, config string) {
	s.t.Helper()
	if !starts {
		s.ends(says, "serve", "--config", config)
		return
	}
	bot := run(s.t, "serve", "--config", config)
	s.dashboard = "http://" + bot.logged("fireboss is running")["listen"].(string)
	s.get("/api/v1/incidents/INC-1/events") // whoever comes upon it, those who watch are told
	s.until("it is told at /readyz", func() bool {
		code, body := s.get("/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, says)
	})
	bot.kill()
}

// ends expects a process that ends by itself with one clear line.
func (s *story) ends(says string, args ...string) {
	s.t.Helper()
	p := run(s.t, args...)
	code := p.wait()
	if log := strings.TrimSpace(p.log()); code != 1 || !strings.Contains(log, says) || strings.Contains(log, "\n") {
		s.t.Errorf("fireboss %s: exit %d, want 1 and one line with %q:\n%s", strings.Join(args, " "), code, says, log)
	}
}

// wait answers the exit code of a process that ends by itself.
func (p *process) wait() int {
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, change(b), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// schema makes a store's file say that another version wrote it.
func schema(t *testing.T, path string, version uint64) {
	t.Helper()
	b, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, version))
	})
	if err == nil {
		err = b.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
