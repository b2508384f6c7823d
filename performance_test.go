package main_test

import (
	"fmt"
	"html"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The figures of docs/performance.md and its picture are made from what the
// benchmarks printed, kept in docs/performance.txt. How to measure anew stands in
// docs/performance.md; then
//
//	go test -run 'TestDocs|TestPerformancePicture' -update .

// claim is a goal with the figure that it is held to.
type claim struct {
	goal      string // its number; empty: of the further ones
	what      string
	benchmark string
	metric    string
	most      bool // the limit is the most; else the least
	limit     float64
	unit      string // behind the figure
	command   string
}

const (
	alertsCommand   = "FIREBOSS_BENCH=full FIREBOSS_BENCH_BINARY=$PWD/fireboss go test ./bot -run '^$' -bench 'Alerts$' -benchtime 1x"
	ackCommand      = "FIREBOSS_BENCH=full go test ./bot/slack -run '^$' -bench Acks -benchtime 1x"
	openCommand     = "FIREBOSS_BENCH=full go test ./bot -run '^$' -bench OpenToReady -benchtime 1x"
	costCommand     = "FIREBOSS_BENCH=full FIREBOSS_BENCH_BINARY=$PWD/fireboss go test ./bot -run '^$' -bench 'Idle|ManyOpen' -benchtime 1x"
	longCommand     = "FIREBOSS_BENCH=full go test ./bot -run '^$' -bench LongChannel -benchtime 1x"
	insightsCommand = "FIREBOSS_BENCH=full go test ./bot -run '^$' -bench Insights -benchtime 1x"
	draftCommand    = "go test ./incidents/postmortem -run '^$' -bench Draft"
	manyCommand     = "FIREBOSS_BENCH=full go test ./bot -run '^$' -bench ManyClosed -benchtime 1x -v"
)

// claims are in the order of the goals.
var claims = []claim{
	{"1", "Alerts taken durably, one a request", "BenchmarkAlerts/1", "×alertmanager", false, 1.5, "× Alertmanager", alertsCommand},
	{"1", "The same, p99", "BenchmarkAlerts/1", "×alertmanager-p99", true, 0.2, "× Alertmanager", alertsCommand},
	{"1", "The same, against doing nothing", "BenchmarkAlerts/1", "×nothing", false, 0.5, "× nothing", alertsCommand},
	{"2", "Alerts taken durably, fifty a request", "BenchmarkAlerts/50", "×alertmanager", false, 8, "× Alertmanager", alertsCommand},
	{"2", "The same, p99", "BenchmarkAlerts/50", "×alertmanager-p99", true, 0.2, "× Alertmanager", alertsCommand},
	{"3", "Clicks acknowledged, 64 in flight", "BenchmarkAcks/block_actions", "×slack-go", false, 4, "× slack-go", ackCommand},
	{"3", "Messages acknowledged, 64 in flight", "BenchmarkAcks/message", "×slack-go", false, 1, "× slack-go", ackCommand},
	{"3", "Commands acknowledged, 64 in flight", "BenchmarkAcks/slash", "×slack-go", false, 1, "× slack-go", ackCommand},
	{"3", "A click's acknowledgement, p99", "BenchmarkAcks/block_actions", "p99×fdatasync", true, 10, "× fdatasync", ackCommand},
	{"5", "Declarer in the channel, over two round trips", "BenchmarkOpenToReady", "ms-over-2-trips", true, 15, " ms", openCommand},
	{"5", "Card pinned, over three round trips", "BenchmarkOpenToReady", "ms-over-3-trips-to-pin", true, 15, " ms", openCommand},
	{"8", "Memory with 10,000 open incidents", "BenchmarkManyOpen", "MB-anonymous-used", true, 40, " MB", costCommand},
	{"9", "Memory when idle", "BenchmarkIdle", "MB-anonymous", true, 25, " MB", costCommand},
	{"9", "From the start to ready", "BenchmarkIdle", "ms-to-ready", true, 300, " ms", costCommand},
	{"9", "Size of the binary", "BenchmarkIdle", "MB-binary", true, 35, " MB", costCommand},
	{"", "The 20,001st message of a channel", "BenchmarkLongChannel", "×record", true, 1.2, "× the first", longCommand},
	{"", "The page of a channel of 20,000", "BenchmarkLongChannel", "×page", true, 1.2, "× one of 600", longCommand},
	{"", "The card of a channel of 20,000", "BenchmarkLongChannel", "×card", true, 1.2, "× one of none", longCommand},
	{"", "With 10,000 closed incidents, half of all acts", "BenchmarkManyClosed", "×few-median", true, 1.2, "× with 100", manyCommand},
	{"", "With 10,000 closed incidents, the slowest act", "BenchmarkManyClosed", "×few-worst", true, 1.2, "× with 100", manyCommand},
	{"", "A postmortem drafted from 2,000 events", "BenchmarkDraft/full", "ms-draft", true, 20, " ms", draftCommand},
	{"", "The same, in memory allocated", "BenchmarkDraft/full", "B/op", true, 20e6, " bytes", draftCommand},
	{"", "The insights of 10,000 incidents", "BenchmarkInsights", "ms-all", true, 100, " ms", insightsCommand},
	{"", "The same, against reading every event", "BenchmarkInsights", "×events", true, 0.1, "× reading them", insightsCommand},
}

// measured reads what the benchmarks printed: by benchmark and metric.
func measured(t *testing.T) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for line := range strings.Lines(read(t, "docs/performance.txt")) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := words[0]
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			name = name[:i] // without the number of processors
		}
		out[name] = map[string]float64{}
		for i := 2; i+1 < len(words); i += 2 {
			v, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				t.Fatalf("docs/performance.txt: %q: %v", line, err)
			}
			out[name][words[i+1]] = v
		}
	}
	return out
}

// figure is what was measured for a claim, and how many times better that is than
// the limit.
func (c claim) figure(t *testing.T, all map[string]map[string]float64) (v, better float64) {
	v, ok := all[c.benchmark][c.metric]
	if !ok {
		t.Errorf("docs/performance.txt has no %s of %s", c.metric, c.benchmark)
		return c.limit, 1
	}
	better = v / c.limit
	if c.most {
		better = c.limit / max(v, c.limit/1000) // less than nothing is as good as next to nothing
	}
	return v, better
}

func number(v float64) string {
	switch {
	case math.Abs(v) >= 10:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case math.Abs(v) >= 2:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func (c claim) bound() string {
	if c.most {
		return "≤ " + strconv.FormatFloat(c.limit, 'f', -1, 64)
	}
	return "≥ " + strconv.FormatFloat(c.limit, 'f', -1, 64)
}

// performanceTable is the table of docs/performance.md.
func performanceTable(t *testing.T) string {
	all := measured(t)
	var b strings.Builder
	b.WriteString("| goal | | figure | wanted | |\n|---|---|---|---|---|\n")
	for _, c := range claims {
		v, better := c.figure(t, all)
		verdict := "holds"
		if better < 1 {
			verdict = "falls short"
		}
		fmt.Fprintf(&b, "| %s | %s | %s%s | %s | %s |\n", c.goal, c.what, number(v), c.unit, c.bound(), verdict)
	}
	b.WriteString("\n```sh\n")
	seen := map[string]bool{}
	for _, c := range claims {
		if !seen[c.command] {
			b.WriteString(c.command + "\n")
		}
		seen[c.command] = true
	}
	b.WriteString("```\n")
	return b.String()
}

// TestPerformancePicture holds the picture to the figures.
func TestPerformancePicture(t *testing.T) {
	const file = "docs/performance.svg"
	want := performancePicture(t)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if read(t, file) != want {
		t.Errorf("%s is not what docs/performance.txt says; run: go test -run 'TestDocs|TestPerformancePicture' -update .", file)
	}
}

// The picture's measures, in pixels.
const (
	picWidth = 960
	picTop   = 112
	picRow   = 34
	picGoal  = 540  // where the goal stands
	picTwice = 38.0 // to the right is twice as good
	picEnds  = 4.0  // so many times twice, on either side
)

// performancePicture draws each claim as a bar from its goal to its figure, on a
// scale on which every step is twice as good.
func performancePicture(t *testing.T) string {
	all := measured(t)
	height := picTop + picRow*len(claims) + 56
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="t d">
<title id="t">What Fireboss costs, against its goals</title>
<desc id="d">%s</desc>
<style>
svg{--paper:#faf8f5;--ink:#201c18;--soft:#5c554d;--line:#e3ddd4;--good:#23663a;--bad:#b3480a;--tint:#f3efe8;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
@media (prefers-color-scheme:dark){svg{--paper:#161412;--ink:#ebe6df;--soft:#aaa196;--line:#35302b;--good:#86cf9b;--bad:#f0a060;--tint:#1f1c19}}
text{fill:var(--ink);font-size:14px}.soft{fill:var(--soft);font-size:12px}.head{font-size:22px;font-weight:650}.end{text-anchor:end}.mid{text-anchor:middle}.num{font-variant-numeric:tabular-nums;font-weight:600}
.wanted{fill:var(--soft);font-variant-numeric:tabular-nums}.good{fill:var(--good)}.bad{fill:var(--bad)}.line{stroke:var(--line);stroke-width:1}.goal{stroke:var(--soft);stroke-width:1.5}
</style>
<rect width="%d" height="%d" rx="12" fill="var(--paper)"/>
<text class="head" x="32" y="46">What it costs, against the goals</text>
<text class="soft" x="32" y="68">Each step to the right of the goal is twice as good as wanted; to the left it falls short.</text>
`, picWidth, height, html.EscapeString(spoken(t, all)), picWidth, height)
	bottom := picTop + picRow*len(claims)
	for step := -picEnds; step <= picEnds; step++ {
		x := picGoal + step*picTwice
		class, label := "line", fmt.Sprintf("%g×", math.Pow(2, math.Abs(step)))
		switch {
		case step == 0:
			class, label = "goal", "goal"
		case step < 0:
			label = fmt.Sprintf("1/%g", math.Pow(2, -step))
		}
		fmt.Fprintf(&b, `<line class="%s" x1="%g" x2="%g" y1="%d" y2="%d"/><text class="soft mid" x="%g" y="%d">%s</text>`+"\n", class, x, x, picTop-8, bottom, x, picTop-16, label)
	}
	fmt.Fprintf(&b, `<text class="soft end" x="%d" y="%d">measured</text><text class="soft end" x="%d" y="%d">wanted</text>`+"\n", picWidth-102, picTop-16, picWidth-32, picTop-16)
	last := ""
	for i, c := range claims {
		b.WriteString(c.row(t, all, i, i > 0 && c.goal != last))
		last = c.goal
	}
	fmt.Fprintf(&b, `<text class="soft" x="32" y="%d">Medians of interleaved rounds in one run, from docs/performance.txt.</text>`+"\n</svg>\n", bottom+34)
	return b.String()
}

// row is a claim's row of the picture; parted says that another goal begins here.
func (c claim) row(t *testing.T, all map[string]map[string]float64, i int, parted bool) string {
	v, better := c.figure(t, all)
	y := picTop + picRow*i + picRow/2
	steps := max(-picEnds, min(picEnds, math.Log2(better)))
	x := picGoal + steps*picTwice
	class := "good"
	if better < 1 {
		class = "bad"
	}
	var b strings.Builder
	if parted {
		fmt.Fprintf(&b, `<line class="line" x1="32" x2="%d" y1="%d" y2="%d"/>`+"\n", picWidth-32, y-picRow/2, y-picRow/2)
	}
	fmt.Fprintf(&b, `<text x="32" y="%d">%s</text>`, y+5, html.EscapeString(c.what))
	fmt.Fprintf(&b, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="8" rx="4"/>`, class, min(x, picGoal), y-4, math.Abs(x-picGoal))
	if math.Abs(math.Log2(better)) <= picEnds {
		fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%d" r="6.5"/>`, class, x, y)
	} else { // an arrow: it is further away than the scale reaches
		out := math.Copysign(12, steps)
		fmt.Fprintf(&b, `<path class="%s" d="M%.1f %dL%.1f %dL%.1f %dZ"/>`, class, x, y-8, x+out, y, x, y+8)
	}
	fmt.Fprintf(&b, `<text class="num end %s" x="%d" y="%d">%s%s</text>`, class, picWidth-102, y+5, number(v), html.EscapeString(c.unit))
	fmt.Fprintf(&b, `<text class="wanted end" x="%d" y="%d">%s</text>`+"\n", picWidth-32, y+5, c.bound())
	return b.String()
}

// spoken is the picture in words.
func spoken(t *testing.T, all map[string]map[string]float64) string {
	var list []string
	for _, c := range claims {
		v, _ := c.figure(t, all)
		list = append(list, fmt.Sprintf("%s: %s%s, wanted %s", c.what, number(v), c.unit, c.bound()))
	}
	return strings.Join(list, "; ") + "."
}
