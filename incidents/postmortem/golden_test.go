package postmortem

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"fireboss/incidents"
)

var update = flag.Bool("update", false, "write the recorded incidents and their golden drafts anew")

var recorded = []struct {
	name string
	play func(testing.TB) *play
}{
	{"outage", outage}, {"security", breach}, {"false-alarm", falseAlarm},
}

// recording is an incident on file, as a store would give it out.
type recording struct {
	Incident incidents.Incident `json:"incident"`
	Events   []incidents.Event  `json:"events"`
}

// TestGolden holds the drafts of three recorded incidents to those that were read
// and found right. To write the recordings and the drafts anew:
//
//	go test -run TestGolden -update ./incidents/postmortem
func TestGolden(t *testing.T) {
	for _, rec := range recorded {
		t.Run(rec.name, func(t *testing.T) {
			p := rec.play(t)
			same(t, rec.name+".json", p.print())
			r := p.record()
			file := recording{}
			if err := json.Unmarshal(read(t, rec.name+".json"), &file); err != nil {
				t.Fatal(err)
			}
			r.Incident, r.Events = file.Incident, file.Events // what is on file is what is told
			doc := Draft(Builtin()[Choose(r.Incident, nil)], r)
			same(t, rec.name+".want.md", []byte(Markdown(doc, Links{})))
		})
	}
}

// print writes a play down, an event a line.
func (p *play) print() []byte {
	var b bytes.Buffer
	write := func(before string, v any, after string) {
		raw, err := json.Marshal(v)
		if err != nil {
			p.t.Fatal(err)
		}
		b.WriteString(before + string(raw) + after)
	}
	write("{\"incident\":", p.in, ",\n\"events\":[\n")
	for i, e := range p.events {
		after := ",\n"
		if i == len(p.events)-1 {
			after = "\n]}\n"
		}
		write("", e, after)
	}
	return b.Bytes()
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// same compares with a file, or writes it.
func same(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, name); !bytes.Equal(got, want) {
		d := lines(string(want), string(got))
		shown := 0
		for _, l := range d {
			if l.Op != Same && shown < 20 {
				shown++
				t.Errorf("%s: %s %s", name, l.Op, l.Text)
			}
		}
	}
}
