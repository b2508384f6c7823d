package bolt

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"testing"

	"go.uber.org/goleak"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// asChild is the variable that makes this test's binary a process of its own
// that uses a store: what it shall do, and the store's file.
const asChild, childFile = "FIREBOSS_BOLT_CHILD", "FIREBOSS_BOLT_FILE"

func TestMain(m *testing.M) {
	if what := os.Getenv(asChild); what != "" {
		child(what, os.Getenv(childFile))
		return
	}
	goleak.VerifyTestMain(m)
}

// child opens the store, says so, and does what it is told for as long as it
// is let live. What it says it was told by the store.
func child(what, path string) {
	crash := func(point string) {
		if what == point {
			fmt.Println("at", point)
			forever() // it is killed here
		}
	}
	armed := false
	db, err := Open(path, Options{Crash: func(point string) {
		if armed {
			crash(point)
		}
	}})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fmt.Println("open", os.Getpid())
	switch what {
	case "hold":
		forever()
	case "limited":
		limited(db)
		return
	}
	armed = true
	for i := 0; ; i++ {
		go work(db, i%8)
		work(db, 8)
	}
}

// forever waits to be killed.
func forever() {
	never := make(chan os.Signal, 1)
	signal.Notify(never, os.Interrupt)
	<-never
}

// work writes a few things of every kind and says what was acknowledged.
func work(db *DB, i int) {
	ctx := context.Background()
	out, err := db.Apply(ctx, incidents.Command{Actor: alice, Do: incidents.Open{Title: fmt.Sprint("from ", i)}})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("incident", out.Incident.Number, out.Incident.Head)
	n := out.Incident.Number
	out, err = db.Apply(ctx, incidents.Command{Actor: alice, Incident: n, Do: incidents.AddNote{Text: "look"}})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("incident", n, out.Incident.Head)
	id := fmt.Sprint("slack/", n)
	if _, _, err := db.Receive(ctx, store.Delivery{ID: id, Raw: []byte(id)}); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("delivery", id)
}

// process is a child and what it says, line by line.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func start(t testing.TB, what, path string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asChild+"="+what, childFile+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p := &process{t, cmd, bufio.NewScanner(out)}
	t.Cleanup(p.kill)
	return p
}

// kill ends it as kill -9 does; a second time does nothing.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	for p.lines.Scan() {     // what it still said before it was killed
	}
	_ = p.cmd.Wait() // killed, as we know
}

// next is what it says next.
func (p *process) next() string {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatalf("the process says nothing more: %v", p.lines.Err())
	}
	return p.lines.Text()
}
