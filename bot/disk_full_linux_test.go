package bot

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// disk is a small disk of its own, in memory.
type disk struct {
	t      *testing.T
	folder string
}

// newDisk mounts a disk of so many bytes. That wants root with CAP_SYS_ADMIN.
func newDisk(t *testing.T, size int) *disk {
	t.Helper()
	d := &disk{t, t.TempDir()}
	if err := syscall.Mount("fireboss-test", d.folder, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", size)); err != nil {
		if os.Getenv("FIREBOSS_TEST_REQUIRE_ALL") == "1" {
			t.Fatalf("a disk cannot be mounted: %v", err)
		}
		t.Skipf("a disk cannot be mounted, which wants root with CAP_SYS_ADMIN: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.folder, syscall.MNT_DETACH); err != nil {
			t.Errorf("the disk stays mounted: %v", err)
		}
	})
	return d
}

// fill leaves no room on it.
func (d *disk) fill() {
	d.t.Helper()
	f, err := os.Create(filepath.Join(d.folder, "filler"))
	if err != nil {
		d.t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 64<<10))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatalf("the disk does not get full: %v", err)
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// free makes room again.
func (d *disk) free() {
	if err := os.Remove(filepath.Join(d.folder, "filler")); err != nil {
		d.t.Fatal(err)
	}
}

// writable makes it a disk that can be written, or only read.
func (d *disk) writable(yes bool) {
	d.t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if !yes {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("fireboss-test", d.folder, "tmpfs", flags, ""); err != nil {
		d.t.Fatal(err)
	}
}

// onDisk is a workspace, and a bot whose data is on a disk of its own.
func onDisk(t *testing.T) (*story, *disk) {
	t.Helper()
	s := newStory(t)
	d := newDisk(t, 20<<20)
	s.data = d.folder
	s.sim = run(t, "simulator", "--listen", "127.0.0.1:0")
	s.workspace = field(s.sim.line("ready "), "workspace")
	return s, d
}

// readyz waits for this answer.
func (s *story) readyz(code int, says string) {
	s.t.Helper()
	s.until(fmt.Sprintf("/readyz answers %d %s", code, says), func() bool {
		got, body := s.get("/readyz")
		return got == code && strings.Contains(body, says)
	})
}

// restart starts a bot that need not be ready.
func (s *story) restart() {
	s.bot = run(s.t, "serve", "--config", filepath.Join(s.data, "config.yaml"))
	s.dashboard = "http://" + s.bot.logged("fireboss is running")["listen"].(string)
}

// TestDiskFull lets the disk get full while people work, and the power go then:
// what was acknowledged is there, once; what was refused was said to be.
func TestDiskFull(t *testing.T) {
	s, d := onDisk(t)
	s.startBot()
	s.opened("sev2 the disk gets full")
	s.Settles()
	d.fill()
	s.readyz(http.StatusServiceUnavailable, "is full")

	var kept, doubtful []string
	refused := ""
	for i := 0; refused == ""; i++ { // until the pages that the file has already are used up
		if i == 2000 {
			t.Fatal("there is always room on a full disk")
		}
		text := fmt.Sprintf("note-%d-%s", i, strings.Repeat("x", 2000))
		switch said := s.Bob.Says("/incident note " + text); {
		case strings.Contains(said.Text, "stands in the timeline"):
			kept = append(kept, text)
		case strings.Contains(said.Text, "may not have been carried out"): // it was received, and is worked when there is room
			doubtful = append(doubtful, text)
		case strings.Contains(said.Text, "cannot write to its store"):
			refused = text
		default:
			t.Fatalf("on a full disk it says %q", said.Text)
		}
	}
	s.kill()
	s.restart()
	s.readyz(http.StatusServiceUnavailable, "is full")
	if code, _, err := cli(t, "incident", "list", "--server", s.dashboard, "--token", storyToken); code != 0 {
		t.Errorf("what is there cannot be read: %s", err)
	}
	d.free()
	s.readyz(http.StatusOK, "")
	// What was received and not worked on the full disk is worked first, in its turn.
	s.until("there is room again", func() bool {
		return strings.Contains(s.Bob.Says("/incident note and there is room again").Text, "stands in the timeline")
	})
	s.Settles()
	s.checkWhole("INC-1", "#inc-1-the-disk-gets-full")
	count := map[string]int{}
	for _, e := range s.events("INC-1") {
		count[e.Text]++
	}
	for _, text := range kept {
		if count[text] != 1 {
			t.Errorf("%.10s was acknowledged and is there %d times", text, count[text])
		}
	}
	for _, text := range doubtful {
		if count[text] > 1 {
			t.Errorf("%.10s was received once and is there %d times", text, count[text])
		}
	}
	if count[refused] != 0 {
		t.Errorf("%.10s was refused and is there", refused)
	}
	if code := s.bot.end(syscall.SIGTERM); code != 0 {
		t.Errorf("stop: %d", code)
	}
	s.says("verified", "audit", "verify", "--config", filepath.Join(s.data, "config.yaml"))
}

// TestDiskFullAtTheStart starts on a full disk, and saves from it what is there.
func TestDiskFullAtTheStart(t *testing.T) {
	s, d := onDisk(t)
	config := filepath.Join(s.data, "config.yaml")
	s.write(config)
	d.fill()
	s.ends("free some space", "serve", "--config", config)
	d.free()
	s.startBot()
	s.opened("sev2 the disk is full")
	if code := s.bot.end(syscall.SIGTERM); code != 0 {
		t.Errorf("stop: %d", code)
	}
	d.fill()
	s.restart()
	s.readyz(http.StatusServiceUnavailable, "is full")
	if code := s.bot.end(syscall.SIGTERM); code != 0 {
		t.Errorf("stop on a full disk: %d", code)
	}
	elsewhere := filepath.Join(t.TempDir(), "copy.db")
	s.says("wrote", "backup", elsewhere, "--config", config)
	s.says("verified", "audit", "verify", "--config", config)
	s.refuses("free some space", "compact", "--config", config)
	s.refuses("free some space", "restore", elsewhere, "--config", config, "--force")
	s.refuses("free some space", "backup", filepath.Join(d.folder, "copy.db"), "--config", config)
	s.says("the disk is full", "incident", "list", "--config", config)
	d.alone("config.yaml", "filler", "fireboss.db", "fireboss.db.lock")
}

// TestDiskReadOnly starts on a disk that can only be read.
func TestDiskReadOnly(t *testing.T) {
	s, d := onDisk(t)
	config := filepath.Join(s.data, "config.yaml")
	s.startBot()
	s.opened("sev2 the disk is worn out")
	if code := s.bot.end(syscall.SIGTERM); code != 0 {
		t.Errorf("stop: %d", code)
	}
	if err := os.Chmod(filepath.Join(d.folder, "fireboss.db"), 0o644); err != nil { // which a reader cannot mend
		t.Fatal(err)
	}
	d.writable(false)
	s.ends("mount its disk for writing", "serve", "--config", config)
	s.says("the disk is worn out", "incident", "list", "--config", config)
	s.says("verified", "audit", "verify", "--config", config)
	elsewhere := filepath.Join(t.TempDir(), "copy.db")
	s.says("wrote", "backup", elsewhere, "--config", config)
	s.refuses("mount its disk for writing", "compact", "--config", config)
	s.refuses("mount its disk for writing", "restore", elsewhere, "--config", config, "--force")
	d.writable(true)
	s.says("restored", "restore", elsewhere, "--config", config, "--force")
	s.startBot()
	s.checkWhole("INC-1", "#inc-1-the-disk-is-worn-out")
}

// alone expects these files on it and no others.
func (d *disk) alone(names ...string) {
	d.t.Helper()
	list, err := os.ReadDir(d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		d.t.Errorf("on the disk are %v, want %v", got, names)
	}
}
