package postmortem

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"fireboss/incidents"
)

// Template is how an account is laid out: which sections it has, in which order,
// and what is asked of people in them. It is a file of Markdown: a heading of the
// second level begins a section, a line {{slot}} says what is written in it, and
// what else stands below the heading is asked of people. The slots are [Slots];
// {{ask:name}} is a section of one's own, which is asked for and nothing else. What
// stands before the first slot says what the template is for. {{header}} may stand
// there too, for it needs no heading.
type Template struct {
	Name     string // full
	About    string // what it is for
	sections []layout
}

// layout is one section of a template.
type layout struct {
	slot   string
	title  string
	prompt string // Markdown
}

// Slots are the slots of the template, in its order.
func (t Template) Slots() []string {
	var list []string
	for _, s := range t.sections {
		list = append(list, s.slot)
	}
	return list
}

// Fault is a mistake in a template.
type Fault struct {
	Template string
	Line     int // from 1; 0: it is about the whole
	Problem  string
}

func (f Fault) Error() string {
	if f.Line == 0 {
		return f.Template + ": " + f.Problem
	}
	return fmt.Sprintf("%s:%d: %s", f.Template, f.Line, f.Problem)
}

// The names of the templates that are always there.
const (
	FullTemplate        = "full"
	SecurityTemplate    = "security"
	LightweightTemplate = "lightweight"
)

//go:embed templates/*.md
var embedded embed.FS

// Builtin are the templates that are always there, by name.
func Builtin() map[string]Template {
	list := map[string]Template{}
	for _, name := range []string{FullTemplate, SecurityTemplate, LightweightTemplate} {
		text, err := embedded.ReadFile("templates/" + name + ".md")
		if err != nil { // it is ours
			panic(err)
		}
		t, err := ParseTemplate(name, string(text))
		if err != nil {
			panic(err)
		}
		list[name] = t
	}
	return list
}

// Choose is the name of the template for an incident; byType says which one an
// organisation wants for a type of incident. What was called off, was a false alarm
// or was merged has little to tell, whatever its type: it gets the lightweight one.
// Then counts what byType says. Without that, drills get the lightweight one,
// incidents of security and data the one for these, sev4 and sev5 the lightweight
// one, and all others the full one.
func Choose(in incidents.Incident, byType map[string]string) string {
	wanted, said := byType[in.Type]
	switch {
	case in.Status == incidents.Canceled:
		return LightweightTemplate
	case said:
		return wanted
	case in.Drill:
		return LightweightTemplate
	case in.Type == "security" || in.Type == "data":
		return SecurityTemplate
	case in.Severity >= 4:
		return LightweightTemplate
	}
	return FullTemplate
}

var slotLine = regexp.MustCompile(`^\{\{(.*)\}\}$`)

var ownSlot = regexp.MustCompile(`^ask:\s*([a-z][a-z0-9_]{0,39})$`)

// removedHeading heads what a check has removed. No section can be called so.
const removedHeading = "Removed: not in the record"

// ParseTemplate reads a template. The error names every mistake with its line, as a
// [Fault] each.
func ParseTemplate(name, text string) (Template, error) {
	p := templateReader{t: Template{Name: name}, lines: map[string]int{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		p.line(n, strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD")))
	}
	p.close()
	if len(p.t.sections) == 0 && len(p.faults) == 0 {
		p.fault(0, "the template is empty: it has no slot, such as {{summary}}")
	}
	if len(p.faults) > 0 {
		return Template{}, errors.Join(p.faults...)
	}
	return p.t, nil
}

type templateReader struct {
	t      Template
	faults []error
	lines  map[string]int // where each slot stands
	begun  int            // the line of the heading that has been read last; 0: none yet
	told   bool           // a mistake was told in this section already
	now    layout
	text   []string // below it
}

func (p *templateReader) fault(line int, format string, args ...any) {
	p.told = true
	p.faults = append(p.faults, Fault{p.t.Name, line, fmt.Sprintf(format, args...)})
}

func (p *templateReader) line(n int, line string) {
	if m := slotLine.FindStringSubmatch(line); m != nil {
		p.slot(n, strings.TrimSpace(m[1]))
		return
	}
	title, second := strings.CutPrefix(line, "## ")
	switch {
	case second || line == "##":
		p.close()
		p.begun, p.told, p.now, p.text = n, false, layout{title: strings.TrimSpace(title)}, nil
		switch {
		case p.now.title == "" || line == "##":
			p.fault(n, "this heading has no text")
		case strings.EqualFold(p.now.title, removedHeading):
			p.fault(n, "no section can be called %q: what a check has removed stands there", removedHeading)
		}
	case strings.HasPrefix(line, "# "):
		p.fault(n, "a section begins with a heading of the second level, ##; the title of the document is made of the incident")
	case strings.Contains(line, "{{") || strings.Contains(line, "}}"):
		p.fault(n, "a slot stands alone on its line, such as {{summary}}")
	default:
		p.text = append(p.text, line)
	}
}

// slot reads the name of one.
func (p *templateReader) slot(n int, name string) {
	own := ownSlot.FindStringSubmatch(name)
	if own != nil {
		name = own[1]
	}
	_, known := find(name)
	before, double := p.lines[name]
	switch {
	case own != nil && known:
		p.fault(n, "%q is a slot of its own; name yours otherwise, or write {{%s}}", name, name)
	case own == nil && !known:
		p.fault(n, "there is no slot {{%s}}%s. There are: %s, and {{ask:NAME}} for a section of your own", name, meant(name), strings.Join(Slots(), ", "))
	case double:
		p.fault(n, "the slot {{%s}} stands twice; the first is in line %d", name, before)
	case p.now.slot != "":
		p.fault(n, "a second slot below one heading; give {{%s}} a heading of its own", name)
	case p.begun == 0 && name != "header":
		p.fault(n, "the slot {{%s}} needs a heading above it, such as ## Summary; only {{header}} stands without one", name)
	default:
		if p.begun == 0 {
			p.t.About, p.text = strings.TrimSpace(strings.Join(p.text, " ")), nil
		}
		p.now.slot, p.lines[name] = name, n
	}
}

// close ends the section that is being read.
func (p *templateReader) close() {
	text := strings.TrimSpace(strings.Join(p.text, "\n"))
	switch {
	case p.now.slot != "":
		if _, known := find(p.now.slot); !known && text == "" {
			p.fault(p.lines[p.now.slot], "{{ask:%s}} asks nothing; write the question below it", p.now.slot)
		}
		p.now.prompt = text
		p.t.sections = append(p.t.sections, p.now)
	case p.begun == 0:
		p.t.About = strings.Join(strings.Fields(text), " ")
	case !p.told:
		p.fault(p.begun, "the heading %q has no slot below it, such as {{summary}}", p.now.title)
	}
	p.now, p.text = layout{}, nil
}

// meant proposes the slot whose name is most like a wrong one.
func meant(name string) string {
	best, least := "", 3
	for _, s := range Slots() {
		if d := distance(name, s); d < least {
			best, least = s, d
		}
	}
	if best == "" {
		return ""
	}
	return "; is {{" + best + "}} meant"
}

// distance is how many characters two names differ by, counted at most to where it
// does not matter any more.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
