package slacksim

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience is how long the Node program may take for a step.
const patience = 30 * time.Second

// Slack's Bolt, unmodified from npm, works against the workspace: a command, a button, a form, events.
func TestBolt(t *testing.T) {
	s := serveTCP(t)
	startNode(t, s, "app.mjs")

	if r := s.does("slash", map[string]string{"user": "alice", "channel": "#incidents", "command": "/incident", "text": "list"}); r.at("response", "text") != "heard list" && r.at("response") != "heard list" {
		t.Errorf("slash: %s", r.raw)
	}
	s.until("the answer by response_url", func() bool { return slices.Contains(s.texts("incidents"), "and again list") })

	card := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "card", "blocks", strings.ReplaceAll(button, `"action_id":"a"`, `"action_id":"ack"`)).at("ts").(string)
	s.does("click", map[string]string{"user": "bob", "channel": "#incidents", "ts": card, "action_id": "ack"})
	s.until("the changed card", func() bool { return slices.Contains(s.texts("incidents"), "acknowledged by bob") })

	s.does("shortcut", map[string]string{"user": "alice", "callback_id": "declare_incident"})
	var form any
	s.until("the form", func() bool { form = s.get("/sim/state").at("views", 0, "id"); return form != nil })
	submit := func(title string) reply {
		return s.does("submit", map[string]any{"user": "alice", "view_id": form, "values": map[string]string{"title": title}})
	}
	if r := submit("bad"); r.at("response", "errors", "title") != "Say a little more." {
		t.Errorf("refused: %s", r.raw)
	}
	submit("checkout is down")
	s.until("the channel with the file", func() bool {
		list := s.get("/sim/state").at("channels").([]any)
		return dig(list[len(list)-1], "name") == "inc-1" && slices.Contains(s.texts("inc-1"), "checkout is down")
	})
	if files := s.get("/sim/state").at("files"); dig(files, 0, "name") != "title.txt" {
		t.Errorf("files = %v", files)
	}

	s.does("message", map[string]string{"user": "carol", "channel": "#incidents", "text": "@fireboss is there a fire?"})
	s.until("the answer to the mention", func() bool { return slices.Contains(s.texts("incidents"), "6 people") })
	s.until("the emoji", func() bool {
		return slices.ContainsFunc(s.channel("incidents")["messages"].([]any), func(m any) bool { return dig(m, "reactions", 0, "name") == "fire" })
	})
}

// So do its Socket Mode and Web API clients by themselves; errors and scopes come through.
func TestNodeClients(t *testing.T) {
	s := serveTCP(t)
	startNode(t, s, "socket.mjs")
	want := "/inc U0FIREBOSS channel_not_found true"
	if r := s.does("slash", map[string]string{"user": "alice", "channel": "#general", "command": "/inc"}); r.at("response", "text") != want {
		t.Errorf("response = %s, want %q", r.raw, want)
	}
}

// serveTCP is serve on a real address, for programs of their own.
func serveTCP(t *testing.T) *sim {
	t.Helper()
	server, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(func() { server.Close(); listening.CloseClientConnections(); listening.Close() })
	return &sim{t: t, server: server, client: http.DefaultClient, base: listening.URL}
}

// until waits for a change of the workspace after which is holds.
func (s *sim) until(what string, is func() bool) {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		_, more, _ := s.server.feed.since(s.server.feed.revision())
		if is() {
			return
		}
		select {
		case <-more:
		case <-deadline:
			s.t.Fatalf("%s did not come", what)
		}
	}
}

// startNode runs a program of testdata/bolt with its packages, and waits until it is ready.
func startNode(t *testing.T, s *sim, program string) {
	t.Helper()
	dir := nodePackages(t)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "node", program)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+s.base+"/api/", "SLACK_BOT_TOKEN="+BotToken, "SLACK_APP_TOKEN="+AppToken)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(4*patience, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v: %s", program, err, complaints.String())
		}
		watchdog.Stop()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if lines.Text() == "ready" {
			return
		}
	}
	t.Fatalf("%s did not become ready: %s", program, complaints.String())
}

// nodePackages is a folder with the programs and the packages they need, installed once per lock file.
func nodePackages(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("FIREBOSS_TEST_REQUIRE_ALL") == "1" {
				t.Fatalf("%s is missing; install Node.js 20 or later", tool)
			}
			t.Skipf("%s is missing: Slack's SDK for Node is not tried", tool)
		}
	}
	lock, err := os.ReadFile("testdata/bolt/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "fireboss-test", "bolt-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err != nil {
		install(t, dir)
	}
	// The programs run beside their packages, in a folder of this run.
	run := t.TempDir()
	copyFiles(t, run)
	if err := os.Symlink(filepath.Join(dir, "node_modules"), filepath.Join(run, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return run
}

// install runs npm ci in a folder of its own and then moves it to dir, so that what is in dir is whole.
func install(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "install-") //nolint:usetesting // it is to be renamed to dir: same disk
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	copyFiles(t, fresh)
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.Dir = fresh
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	os.RemoveAll(dir) // what an interrupted run left
	if err := os.Rename(fresh, dir); err != nil {
		t.Fatal(err)
	}
}

func copyFiles(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{"package.json", "package-lock.json", "app.mjs", "socket.mjs"} {
		content, err := os.ReadFile(filepath.Join("testdata", "bolt", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
