//go:build !race

package bot

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// updateDocs writes the table of docs/calm.md anew.
var updateDocs = flag.Bool("update", false, "write the generated parts of the documentation anew")

const calmFile = "../docs/calm.md"

// deed is something that somebody says in the week, so long after it began.
type deed struct {
	after     time.Duration
	who, text string
}

// weekOf are the severities of the forty incidents, mixed as they come.
var weekOf = strings.Fields("sev3 sev4 sev2 sev5 sev3 unset sev4 sev3 sev1 sev4 sev3 sev2 sev3 sev5 sev4 sev3 sev2 sev4 sev3 unset " +
	"sev5 sev3 sev4 sev1 sev3 sev2 sev4 sev5 sev3 sev2 sev4 sev3 sev4 sev1 sev3 sev5 sev2 unset sev3 sev4")

// calmWeek is what people do: of three incidents two are taken up, told of in time,
// resolved and closed, and one is seen by nobody until somebody ends it.
func calmWeek() (deeds []deed) {
	people := []string{"@alice", "@bob", "@carol", "@dave"}
	began := time.Duration(0)
	for i, sev := range weekOf {
		n, who := i+1, people[i%len(people)]
		say := func(after time.Duration, format string, args ...any) {
			deeds = append(deeds, deed{began + after, who, fmt.Sprintf(format, args...)})
		}
		title := fmt.Sprintf("part %d of the shop is slow", n)
		if sev == "unset" {
			say(0, "open %s", title)
		} else {
			say(0, "open %s %s", sev, title)
		}
		if i%3 == 2 {
			unseen(n, sev, say)
		} else {
			answered(n, sev, say)
		}
		began += 4*time.Hour + 7*time.Minute // so that forty fill a week, at all hours
	}
	slices.SortStableFunc(deeds, func(a, b deed) int { return cmp.Compare(a.after, b.after) })
	return deeds
}

// answered is an incident that somebody takes care of.
func answered(n int, sev string, say func(after time.Duration, format string, args ...any)) {
	last, every := map[string]time.Duration{"sev1": 75 * time.Minute, "sev2": 3 * time.Hour, "sev4": 5 * time.Hour, "sev5": 20 * time.Hour}[sev], time.Duration(0)
	switch sev {
	case "sev1":
		every = 20 * time.Minute
	case "sev2":
		every = 50 * time.Minute
	}
	if last == 0 {
		last = 2 * time.Hour
	}
	say(2*time.Minute, "lead INC-%d me", n)
	if sev == "unset" {
		say(4*time.Minute, "sev INC-%d 3", n)
	}
	for at := every; every > 0 && at < last; at += every {
		say(at, "update INC-%d we are at it", n)
	}
	say(last, "resolve INC-%d it is fast again", n)
	if sev == "sev1" || sev == "sev2" {
		say(last+10*time.Minute, "followup INC-%d add write an alert @bob due 2d", n)
		say(last+11*time.Minute, "followup INC-%d add tell the customers @carol due 2d", n)
		say(last+40*time.Hour, "followup INC-%d done 1", n)
	}
	say(last+time.Hour, "close INC-%d", n)
}

// unseen is an incident that nobody looks at until it is over; nobody closes it.
func unseen(n int, sev string, say func(after time.Duration, format string, args ...any)) {
	over := map[string]time.Duration{"sev1": 6 * time.Hour, "sev2": 10 * time.Hour, "sev3": 26 * time.Hour, "sev4": 70 * time.Hour, "sev5": 90 * time.Hour, "unset": 3 * time.Hour}
	say(over[sev], "resolve INC-%d it went by", n)
}

// TestCalmWeek lives through a week of ordinary work and counts what the bot said,
// to whom and why. The table stands in docs/calm.md; to write it anew:
//
//	go test ./bot -run CalmWeek -update
func TestCalmWeek(t *testing.T) {
	inBubble(t, idle(), func(b *bubble) error {
		if err := b.skips(48 * time.Hour); err != nil { // to Monday
			return err
		}
		begin := time.Now()
		for _, d := range calmWeek() {
			if d.after > 7*24*time.Hour {
				break
			}
			elapse(time.Until(begin.Add(d.after)))
			b.says(d.who, "#general", d.text)
		}
		elapse(time.Until(begin.Add(7 * 24 * time.Hour)))
		if err := b.settle(); err != nil {
			return err
		}
		rows, err := b.noise()
		if err != nil {
			return err
		}
		table := calmTable(rows)
		t.Logf("a week of %d incidents:\n%s", len(weekOf), table)
		checkCalm(t, table)
		return b.checkNoise(t, rows)
	})
}

// noise is how much of what the bot said to whom, as its metric counts it.
func (b *bubble) noise() (map[string]map[string]int, error) {
	families, err := b.prog.metrics.registry.Gather()
	if err != nil {
		return nil, err
	}
	rows := map[string]map[string]int{}
	for _, f := range families {
		if f.GetName() != "fireboss_bot_messages_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			l := map[string]string{}
			for _, pair := range m.GetLabel() {
				l[pair.GetName()] = pair.GetValue()
			}
			what := l["kind"]
			if l["rule"] != "" {
				what = "reminder: " + l["rule"]
			}
			if rows[what] == nil {
				rows[what] = map[string]int{}
			}
			rows[what][l["to"]] += int(m.GetCounter().GetValue())
		}
	}
	return rows, nil
}

// calmTable is the table of the documentation.
func calmTable(rows map[string]map[string]int) string {
	var names []string
	for what := range rows {
		names = append(names, what)
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString("| what | in incidents' channels | to people | in #incidents |\n|---|---|---|---|\n")
	sum := map[string]int{}
	cells := func(of map[string]int) string {
		line := ""
		for _, to := range []string{"channel", "person", "announce"} {
			if of[to] == 0 {
				line += " |"
				continue
			}
			line += fmt.Sprintf(" %d |", of[to])
			sum[to] += of[to]
		}
		return line
	}
	for _, what := range names {
		fmt.Fprintf(&out, "| %s |%s\n", what, cells(rows[what]))
	}
	total := fmt.Sprintf("| **all** | **%d** | **%d** | **%d** |\n", sum["channel"], sum["person"], sum["announce"])
	return out.String() + total
}

// checkCalm holds the documentation to the table.
func checkCalm(t *testing.T, table string) {
	t.Helper()
	const begin, end = "<!-- calm: written by go test ./bot -run CalmWeek -update -->\n", "<!-- end calm -->"
	doc, err := os.ReadFile(calmFile)
	if err != nil {
		t.Error(err)
		return
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Errorf("%s has no place for the table", calmFile)
		return
	}
	want := before + begin + table + end + after
	switch {
	case want == string(doc):
	case *updateDocs:
		if err := os.WriteFile(calmFile, []byte(want), 0o644); err != nil {
			t.Error(err)
		}
	default:
		t.Errorf("%s is stale; run: go test ./bot -run CalmWeek -update\n%s", calmFile, table)
	}
}

// maxQuiet is how many messages a sev3 may bring that somebody takes up at once,
// resolves and closes, its card and its announcement among them.
const maxQuiet = 6

// checkNoise compares the metric with what stands in the workspace, and looks at
// every quiet sev3 by itself.
func (b *bubble) checkNoise(t *testing.T, rows map[string]map[string]int) error {
	t.Helper()
	st, err := b.state()
	if err != nil {
		return err
	}
	stands, each := 0, map[string]int{}
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if m.kind() == "" {
				continue
			}
			stands++
			of, _ := m.Metadata.EventPayload["incident"].(string)
			if key, ok := m.Metadata.EventPayload["key"].(string); ok {
				of, _, _ = strings.Cut(key, ":")
			}
			each[of]++
		}
	}
	counted := 0
	for _, of := range rows {
		for _, n := range of {
			counted += n
		}
	}
	if stands != counted {
		t.Errorf("%d messages stand in the workspace, the metric counts %d", stands, counted)
	}
	quiet := 0
	for i, sev := range weekOf {
		if sev != "sev3" || i%3 == 2 {
			continue
		}
		quiet++
		if n := each[fmt.Sprintf("INC-%d", i+1)]; n == 0 || n > maxQuiet {
			t.Errorf("the quiet INC-%d brought %d messages, want at most %d", i+1, n, maxQuiet)
		}
	}
	if quiet < 5 {
		t.Errorf("only %d quiet sev3", quiet)
	}
	return nil
}
