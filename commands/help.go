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
			return overview(c.verbs), nil
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

// overview names all verbs, a line a group.
func overview(verbs []Verb) Reply {
	r := Reply{Text: "Say /incident VERB …, or /incident VERB help for more on one. Example: /incident open sev1 checkout is down"}
	for _, group := range groups {
		var list []string
		for _, v := range verbs {
			if v.Group == group && !v.hidden {
				list = append(list, v.Name)
			}
		}
		r.Lines = append(r.Lines, Line{Text: group + ": " + strings.Join(list, ", ")})
	}
	return r
}

// explain tells all there is to know of one verb, with what the policy says of it.
func (c *call) explain(v Verb) Reply {
	r := explain(v)
	if v.more != nil {
		r.Lines = append(r.Lines, v.more(c)...)
	}
	return r
}

// explain tells what a verb is under any policy.
func explain(v Verb) Reply {
	text := v.Name + " – " + v.Does + "."
	if len(v.Aliases) > 0 {
		text += " Also: " + strings.Join(v.Aliases, ", ") + "."
	}
	r := Reply{Text: text}
	for _, u := range v.Usage {
		r.Lines = append(r.Lines, Line{Text: "/incident " + u})
	}
	for _, e := range v.Examples {
		r.Lines = append(r.Lines, Line{Text: "Example: /incident " + e})
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
