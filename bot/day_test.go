package bot

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// dayOf is how many incidents TestAnOrdinaryDay has. CI takes a few; a whole day:
// go test ./bot -run AnOrdinaryDay -v -day=40
var dayOf = flag.Int("day", 3, "how many incidents TestAnOrdinaryDay has, with 150 messages each")

// What a day may leave behind. With all else that a day brings a message took
// 4,300 bytes of the file in a day of 30,000: its event, the words by which it is
// found, and for 48 hours the ids by which its delivery and its command would be
// known if they came again.
const (
	messagesEach  = 150
	bytesAMessage = 6000
	bytesAtFirst  = 34 << 20 // bbolt makes the file longer by 16 MB at a time
	heapAtMost    = 16 << 20 // of the program
)

// TestAnOrdinaryDay lives through a day of incidents one after another, in virtual
// time: in each somebody takes command, people write, updates are given, it is
// resolved and closed. At the end the program holds no more than at the start.
func TestAnOrdinaryDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := newBubble(slacksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{b.day(t), b.end(), leaks()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// day is the day, and what is checked at its end.
func (b *bubble) day(t *testing.T) error {
	if err := b.start(t.Context()); err != nil {
		return err
	}
	time.Sleep(10 * time.Minute)
	started := b.goroutines()
	many := of(max(*dayOf, 12), *dayOf)
	for i := range many {
		begin := time.Now()
		if err := b.ordinary(i); err != nil {
			return err
		}
		time.Sleep(time.Until(begin.Add(24 * time.Hour / time.Duration(many))))
	}
	if err := b.settle(); err != nil {
		return err
	}
	if err := b.check(); err != nil {
		return err
	}
	messages := many * messagesEach
	if recorded, err := b.messages(); err != nil || recorded != messages {
		t.Errorf("%d messages are recorded, want %d (%v)", recorded, messages, err)
	}
	time.Sleep(10 * time.Minute)
	ended := b.goroutines()
	if ended > started+2 { // a connection or two that wait to be used again
		t.Errorf("%d goroutines at the end, %d at the start", ended, started)
	}
	info, err := os.Stat(filepath.Join(b.dir, "fireboss.db"))
	if err != nil {
		return err
	}
	if most := int64(bytesAtFirst + bytesAMessage*messages); info.Size() > most {
		t.Errorf("the store has %d bytes, want at most %d", info.Size(), most)
	}
	with := heap()
	if err := b.stop(); err != nil {
		return err
	}
	held := with - heap()
	if held > heapAtMost {
		t.Errorf("the program holds %d bytes, want at most %d", held, heapAtMost)
	}
	t.Logf("%d incidents, %d messages: the store has %.1f MB, the program holds %.1f MB and %d goroutines (%d at the start)",
		many, messages, float64(info.Size())/1e6, float64(held)/1e6, ended, started)
	return nil
}

// ordinary is an incident of about half an hour, the i-th.
func (b *bubble) ordinary(i int) error {
	people := []string{"@alice", "@bob", "@carol", "@dave"}
	say := func(channel, text string) error {
		out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": people[i%4], "channel": channel, "command": "/incident", "text": text})
		if out["ok"] != true || out["response"] == nil {
			return fmt.Errorf("%s: %v", text, out)
		}
		return nil
	}
	if err := say("#general", fmt.Sprintf("open sev%d checkout is slow in region %d", 1+i%4, i)); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	rec, err := b.prog.store.Record(context.Background(), "slack", incidents.Number(i+1))
	if err != nil || rec.Place == "" {
		return fmt.Errorf("INC-%d has no channel (%w)", i+1, err)
	}
	for _, who := range people {
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": who, "channel": rec.Place})
	}
	for _, text := range []string{"ack", "lead me", "update we look into it next 20m", "status identified a bad deploy", "decision we roll back", "task add roll back", "task done 1", "update it is rolled back", "resolve it is over", "close"} {
		if err := say(rec.Place, text); err != nil {
			return err
		}
		for m := range messagesEach / 10 {
			out := b.call(http.MethodPost, "/sim/message", map[string]any{"user": people[m%4], "channel": rec.Place, "text": fmt.Sprintf("I see %d errors in the payments service since %d", m, i)})
			if out["ok"] != true {
				return fmt.Errorf("a message: %v", out)
			}
			time.Sleep(10 * time.Second)
		}
	}
	return nil
}

// messages counts the messages in the record.
func (b *bubble) messages() (n int, err error) {
	many := of(max(*dayOf, 12), *dayOf)
	for i := range many {
		events, err := b.prog.store.Events(context.Background(), incidents.Number(i+1), 0, 0)
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			if e.Kind == incidents.MessagePosted {
				n++
			}
		}
	}
	return n, nil
}

// goroutines counts those of this bubble.
func (b *bubble) goroutines() int {
	synctest.Wait()
	buf := make([]byte, 4<<20)
	all := strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
	_, mine, _ := strings.Cut(strings.SplitN(all[0], "]", 2)[0], "synctest bubble ")
	n := 0
	for _, g := range all {
		if head, _, _ := strings.Cut(g, "\n"); strings.Contains(head, "synctest bubble "+mine+"]") {
			n++
		}
	}
	return n
}

// heap is what is reachable.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what finalizers held is freed by the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
