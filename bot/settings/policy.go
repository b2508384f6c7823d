package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Role is something one person at a time does for an incident.
type Role struct {
	Name         Word   `yaml:"name,required" example:"commander" doc:"how people say it: /incident role NAME @somebody"`
	Title        Line   `yaml:"title,required" example:"Incident commander" doc:"how it is shown"`
	Duty         Line   `yaml:"duty" doc:"what they do, in one clause"`
	Aliases      []Word `yaml:"aliases,single" doc:"other names that people say"`
	Instructions Text   `yaml:"instructions" doc:"sent directly, once an incident, to who takes the role; left out, nothing is"`
}

// Roles are all that there are, in the order in which they are shown.
type Roles []Role

const commander = "commander"

// Check wants a commander, and names that mean one role.
func (all Roles) Check(report func(key, sentence string)) {
	owner := map[Word]Word{}
	for i, r := range all {
		for _, name := range append([]Word{r.Name}, r.Aliases...) {
			if name == "me" || name == "none" {
				report(fmt.Sprintf("[%d]", i), fmt.Sprintf("%q says who has a role, and cannot be a name of one", name))
			}
			if other, taken := owner[name]; taken && name != "" {
				report(fmt.Sprintf("[%d]", i), fmt.Sprintf("the role %s is called %q already; a name means one role", other, name))
			}
			owner[name] = r.Name
		}
	}
	if !slices.ContainsFunc(all, func(r Role) bool { return r.Name == commander }) {
		report("", "there has to be a role named commander, for somebody must lead; a list here replaces all of the default one")
	}
}

// Type is a sort of incident that wants something of its own.
type Type struct {
	Name      IncidentType `yaml:"name,required" example:"availability" doc:"how people say it: /incident type NAME"`
	Meaning   Line         `yaml:"meaning" doc:"when to choose it, in one clause"`
	Checklist []Line       `yaml:"checklist,single" doc:"tasks that an incident gets when it comes to be of this type"`
	Fields    []Field      `yaml:"fields" doc:"what is to be known of such incidents: name (how people say it: /incident field NAME VALUE), ask (the question), values (what it can be; left out, anything), required (resolve or close: what cannot be done before it is set; left out, nothing)"`
}

// Field is something to be known of the incidents of a type.
type Field struct {
	Name     Word   `yaml:"name,required" example:"root_cause" doc:"how people say it: /incident field NAME VALUE"`
	Ask      Line   `yaml:"ask" doc:"the question that it answers"`
	Values   []Line `yaml:"values,single" doc:"what it can be; left out, anything"`
	Required string `yaml:"required" enum:"resolve,close" doc:"what cannot be done before it is set; left out, nothing"`
}

// Check wants fields that can be told apart.
func (t Type) Check(report func(key, sentence string)) {
	for i, f := range t.Fields {
		if slices.ContainsFunc(t.Fields[:i], func(g Field) bool { return g.Name == f.Name }) {
			report(fmt.Sprintf("fields[%d].name", i), fmt.Sprintf("the type %s has a field %s already", t.Name, f.Name))
		}
	}
}

// Types are those that want something; any other can be said as well.
type Types []Type

// Check wants types that can be told apart.
func (all Types) Check(report func(key, sentence string)) {
	plain := strings.NewReplacer(" ", "-", "_", "-")
	first := map[string]bool{}
	for i, t := range all {
		name := plain.Replace(string(t.Name))
		if first[name] {
			report(fmt.Sprintf("[%d].name", i), fmt.Sprintf("there is a type %s already", t.Name))
		}
		first[name] = true
	}
}

// Meanings say what each severity means.
type Meanings map[string]Line

// CheckKey takes a severity.
func (Meanings) CheckKey(key string) error {
	if !KnownSeverity(key) {
		return fmt.Errorf("unknown severity; they are %s", orList(severities[:]))
	}
	return nil
}

// Suggestions are severities by the tier of a service.
type Suggestions map[string]string

// CheckKey takes a tier.
func (Suggestions) CheckKey(key string) error {
	if len(key) != len("tier1") || !strings.HasPrefix(key, "tier") || key[4] < '1' || key[4] > '5' {
		return fmt.Errorf("unknown tier; they are tier1 to tier5")
	}
	return nil
}

// Word is one that people say in a command.
type Word string

var words = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`)

// UnmarshalText takes a lower-case word.
func (w *Word) UnmarshalText(text []byte) error {
	if !words.Match(text) {
		return fmt.Errorf("%q cannot be said as one word; it takes lower-case letters, digits, hyphens and underscores, at most 40", text)
	}
	*w = Word(text)
	return nil
}

// Line is a sentence, or less, on one line.
type Line string

// maxLine is how long a line can be, so that a list or a button can show it.
const maxLine = 200

// UnmarshalText takes what a list can show.
func (l *Line) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "" || utf8.RuneCountInString(s) > maxLine || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("expected one line of at most %d characters that says something", maxLine)
	}
	*l = Line(s)
	return nil
}

// Text is one or more lines.
type Text string

// maxText is how long a text can be, so that one message shows it.
const maxText = 2000

// UnmarshalText takes what one message can show.
func (t *Text) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "" || utf8.RuneCountInString(s) > maxText {
		return fmt.Errorf("expected a text of at most %d characters", maxText)
	}
	*t = Text(s)
	return nil
}

func defaultRoles() Roles {
	return Roles{
		{
			Name: commander, Title: "Incident commander", Duty: "decides, delegates and keeps everybody in step",
			Aliases:      []Word{"ic", "lead", "incident-commander"},
			Instructions: "You decide and delegate; you do not debug. Say what is known and who does what, choose a severity, and ask for a status update at least as often as the clock says. To hand over: /incident handoff @somebody.",
		}, {
			Name: "communications", Title: "Communications lead", Duty: "tells customers and colleagues what they need to know",
			Aliases:      []Word{"comms", "communication", "communications-lead"},
			Instructions: "You speak to everybody who is not in the channel: customers, support, management. Write what they notice and when they hear again, not what you guess: /incident update TEXT next 30m.",
		}, {
			Name: "scribe", Title: "Scribe", Duty: "writes down what is decided and done",
			Aliases:      []Word{"scribes", "secretary"},
			Instructions: "You keep the timeline complete, so that others can act: /incident note TEXT for what was seen or done (at 14:02 in front of it, if it was earlier), /incident decision TEXT for what was decided and why.",
		},
	}
}

func defaultTypes() Types {
	rootCause := Field{Name: "root_cause", Ask: "What caused it?", Required: "close"}
	return Types{
		{
			Name: "availability", Meaning: "something does not work, or is too slow",
			Checklist: []Line{"Look at what was changed in the last two hours", "Say on the status page what customers notice"},
			Fields:    []Field{rootCause},
		}, {
			Name: "security", Meaning: "somebody got in, or may have",
			Checklist: []Line{"Keep the evidence: logs and images, before anything is restarted", "Change the credentials that may be known", "Ask legal whether somebody has to be notified"},
			Fields:    []Field{rootCause},
		}, {
			Name: "data", Meaning: "data was lost, spoiled, or seen by somebody who should not have",
			Checklist: []Line{"Find out whose data it is, and how much", "Ask legal whether somebody has to be notified"},
			Fields:    []Field{{Name: "personal_data", Ask: "Is it data about people?", Values: []Line{"yes", "no"}, Required: "close"}, rootCause},
		}, {
			Name: "third-party", Meaning: "the trouble is a supplier's, and ours through it",
			Checklist: []Line{"Open a ticket with the supplier, and link it", "Follow the supplier's status page"},
			Fields:    []Field{{Name: "supplier", Ask: "Whose trouble is it?", Required: "close"}},
		},
	}
}

func defaultMeanings() Meanings {
	return Meanings{
		"sev1":  "critical: customers cannot use what they pay for, or data is at risk",
		"sev2":  "major: an important part is broken or very slow for many",
		"sev3":  "moderate: some people are affected, or there is a way around it",
		"sev4":  "minor: hardly anybody notices",
		"sev5":  "informational: worth a record, nothing is broken",
		"unset": "nobody has judged it yet",
	}
}
