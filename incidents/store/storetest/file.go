package storetest

import (
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"a file is wanted until it is here or given up", filesWanted},
	promise{"a file goes with the text of its event", filesGone},
	promise{"what an act recalls is what has happened", recalled},
	promise{"an event knows what stands for it outside", outsideOf},
)

// share records a message with files that are to be kept.
func (w *world) share(n incidents.Number, id string, names ...string) incidents.Outcome {
	w.Helper()
	w.mu.Lock()
	w.rules.Record.Files = 1000
	w.mu.Unlock()
	var list []incidents.File
	for _, name := range names {
		list = append(list, incidents.File{ID: "F" + name, Name: name, Type: "text/plain", Size: 10, From: "https://files.example.com/" + name})
	}
	return w.apply(n, incidents.RecordMessage{ID: message(id), Text: "look", At: w.now(), Files: list})
}

func (w *world) wanted() []store.File {
	w.Helper()
	list, err := w.Store.WantedFiles(w.ctx)
	w.ok(err)
	return list
}

func (w *world) filesOf(n incidents.Number) []store.File {
	w.Helper()
	list, err := w.Store.FilesOf(w.ctx, n)
	w.ok(err)
	return list
}

func filesWanted(w *world) {
	n, other := w.open("checkout is down"), w.open("search is slow")
	seq := w.share(n, "1", "a", "b").Events[0].Seq
	w.later(time.Minute)
	w.share(other, "2", "c")
	w.again()
	list := w.wanted()
	if len(list) != 3 || list[2].Name != "c" || list[0].From != "https://files.example.com/a" || list[0].Seq != seq || list[0].State != store.FileWanted || !list[0].At.Equal(noon) {
		w.Fatalf("wanted are %+v", list)
	}
	for _, e := range w.events(n) {
		if strings.Contains(string(e.Data), "files.example.com") {
			w.Errorf("%s tells where the file can be fetched: %s", e.ID(), e.Data)
		}
	}
	f := list[0]
	for i, piece := range []string{"wrong", "\x00two", "three"} {
		w.ok(w.Store.PutPiece(w.ctx, f, i, []byte(piece)))
	}
	w.ok(w.Store.PutPiece(w.ctx, f, 0, []byte("one")))
	f.State, f.Pieces = store.FileKept, 3
	w.ok(w.Store.PutFile(w.ctx, f))
	g := list[1]
	g.State, g.Error = store.FileFailed, "nobody has it"
	w.ok(w.Store.PutFile(w.ctx, g))
	again := list[2]
	again.Attempts, again.NextTry, again.Error = 1, w.now().Add(time.Minute), "try later"
	w.ok(w.Store.PutFile(w.ctx, again))
	w.again()
	same(w, "what is still wanted", w.wanted(), []store.File{again})
	f.From, g.From = "", ""
	same(w, "the files", w.filesOf(n), []store.File{f, g})
	same(w, "the other's files", w.filesOf(other), []store.File{again})
	for i, want := range []string{"one", "\x00two", "three"} {
		if got, err := w.Store.Piece(w.ctx, f, i); err != nil || string(got) != want {
			w.Errorf("piece %d is %q, %v", i, got, err)
		}
	}
	_, err := w.Store.Piece(w.ctx, f, 3)
	w.missing(err)
	w.missing(w.Store.PutFile(w.ctx, store.File{Incident: n, Seq: seq, File: incidents.File{ID: "Fx"}}))
	w.missing(w.Store.PutPiece(w.ctx, store.File{Incident: 99, Seq: seq, File: f.File}, 0, nil))
}

func filesGone(w *world) {
	n := w.open("checkout is down")
	w.share(n, "1", "a")
	w.share(n, "2", "b", "c")
	list := w.wanted()
	w.ok(w.Store.PutPiece(w.ctx, list[1], 0, []byte("half of it")))
	kept := list[2]
	kept.State, kept.Pieces = store.FileKept, 1
	w.ok(w.Store.PutPiece(w.ctx, kept, 0, []byte("all of it")))
	w.ok(w.Store.PutFile(w.ctx, kept))
	w.apply(n, incidents.RecordDeletion{ID: message("2"), At: w.now()})
	w.again()
	same(w, "what is wanted", w.wanted(), list[:1])
	same(w, "the files", w.filesOf(n), list[:1])
	for _, f := range list[1:] {
		_, err := w.Store.Piece(w.ctx, f, 0)
		w.missing(err)
		w.missing(w.Store.PutPiece(w.ctx, f, 1, []byte("the rest")))
		w.missing(w.Store.PutFile(w.ctx, f))
	}
	w.apply(n, incidents.Redact{Seq: list[0].Seq})
	if len(w.filesOf(n)) != 0 || len(w.wanted()) != 0 {
		w.Errorf("left are %v", w.filesOf(n))
	}
	w.audit()
}

func recalled(w *world) {
	n := w.open("checkout is down")
	for range 3 {
		w.say(n, w.id(), "the same words again")
	}
	w.apply(n, incidents.AddTask{List: incidents.Tasks, Text: "read the log"})
	w.apply(n, incidents.MoveTask{List: incidents.Tasks, Number: 1, To: incidents.TaskFinished})
	out := w.apply(n, incidents.Redact{Seq: 5})
	same(w, "what was redacted", out.Events[0].Field("seqs"), "[5 6]")
	w.mu.Lock()
	w.rules.Retention.Messages = time.Hour
	w.mu.Unlock()
	w.later(2 * time.Hour)
	out = w.apply(n, incidents.Expire{After: 2})
	if first, last := out.Events[0].Field("first"), out.Events[0].Field("last"); first != "3" || last != "4" || out.Incident.Swept != 7 {
		w.Errorf("redacted are %s to %s, looked at is all to %d", first, last, out.Incident.Swept)
	}
	for _, word := range []string{"read", "log"} {
		if found, err := w.Store.Search(w.ctx, []string{word}, 0); err != nil || len(found) > 0 {
			w.Errorf("%q is found in %v, %v", word, found, err)
		}
	}
	w.audit()
}

func outsideOf(w *world) {
	n := w.open("checkout is down")
	seq := w.say(n, "1", "look").Events[0].Seq
	w.ok(w.Store.PutRecord(w.ctx, store.Record{Mirror: "discord", Incident: n}, store.Link{Outside: incidents.OutsideID{Mirror: "discord", ID: "9/9"}, Seq: seq}))
	list, err := w.Store.Outside(w.ctx, n, seq)
	w.ok(err)
	same(w, "what stands for a message", list, []incidents.OutsideID{{Mirror: "slack", ID: "C1/1"}, {Mirror: "discord", ID: "9/9"}})
	list, err = w.Store.Outside(w.ctx, n, 1)
	if err != nil || len(list) != 0 {
		w.Errorf("for the declaration stands %v, %v", list, err)
	}
}
