package commands

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

var helpVerb = Verb{
	Name: "help", Group: groupHelp,
	Usage:    []string{"help [verb]"},
	Does:     "tells what can be said",
	Examples: []string{"help", "help task"},
	run: func(c *call) (Reply, error) {
		word, _ := cut(c.args)
		if word == "" {
			return c.overview(), nil
		}
		if v, ok := find(c.verbs, word); ok {
			return c.explain(v), nil
		}
		if near, ok := nearest(word, names(c.verbs)); ok {
			return Reply{Choices: choose(nil, "", "help "+near, true)}, incidents.Invalid("%s is not a verb. Did you mean %s? All verbs: /incident help", quote(word), near)
		}
		return Reply{}, incidents.Invalid("%s is not a verb. All verbs: /incident help", quote(word))
	},
}

// overview names all verbs, a line a group, and marks what the caller cannot do
// now where they are.
func (c *call) overview() Reply {
	r := Reply{Text: "Say /incident VERB …, or /incident VERB help for more on one. Example: /incident open sev1 checkout is down"}
	here, barred := c.visibleHere(), false
	for _, group := range groups {
		var list []string
		for _, v := range c.verbs {
			if v.Group != group || v.hidden {
				continue
			}
			name := v.Name
			if c.barred(v, here) != nil {
				name, barred = "("+name+")", true
			}
			list = append(list, name)
		}
		r.Lines = append(r.Lines, Line{Text: group + ": " + strings.Join(list, ", ")})
	}
	if barred {
		where := "now"
		if here.Number != 0 {
			where = "in " + here.Number.String() + " as it is now"
		}
		r.Lines = append(r.Lines, Line{Text: "What stands in parentheses you cannot do " + where + "; /incident VERB help says why."})
	}
	return r
}

// visibleHere is the incident in whose channel it is asked, if the caller may
// know of it; else the zero one.
func (c *call) visibleHere() incidents.Incident {
	if c.number == 0 {
		return incidents.Incident{}
	}
	in, err := c.incident()
	if err != nil {
		return incidents.Incident{} // help is given all the same
	}
	return in
}

// barred says why the caller cannot do something in an incident as it is now.
func (c *call) barred(v Verb, in incidents.Incident) error {
	return c.desk.rules().May(in, c.Actor, v.row())
}

// explain tells all there is to know of one verb.
func (c *call) explain(v Verb) Reply {
	text := v.Name + " – " + v.Does + "."
	if len(v.Aliases) > 0 {
		text += " Also: " + strings.Join(v.Aliases, ", ") + "."
	}
	r := Reply{Text: text}
	if refusal, ok := incidents.AsRefusal(c.barred(v, c.visibleHere())); ok {
		r.Lines = append(r.Lines, Line{Text: "Not for you now: " + refusal.Here})
	}
	for _, u := range v.Usage {
		r.Lines = append(r.Lines, Line{Text: "/incident " + u})
	}
	for _, e := range v.Examples {
		r.Lines = append(r.Lines, Line{Text: "Example: /incident " + e})
	}
	if v.more != nil {
		r.Lines = append(r.Lines, v.more(c)...)
	}
	return r
}

// HelpMarkdown is the table of all verbs for the documentation.
func HelpMarkdown() string {
	var b strings.Builder
	b.WriteString("| say | it | example |\n|---|---|---|\n")
	for _, group := range groups {
		for _, v := range Verbs() {
			if v.Group != group {
				continue
			}
			usage := "`" + strings.Join(v.Usage, "`<br>`") + "`"
			if len(v.Aliases) > 0 {
				usage += " (also `" + strings.Join(v.Aliases, "`, `") + "`)"
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` |\n", cell(usage), cell(v.Does), cell(v.Examples[0]))
		}
	}
	return b.String()
}

// cell keeps a table's columns apart.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
