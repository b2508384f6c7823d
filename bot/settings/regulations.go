package settings

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Regulations are laws and contracts of one's own that set times, by name.
type Regulations map[string]Regulation

var regulationName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CheckKey takes what people can say behind /incident clock start.
func (Regulations) CheckKey(name string) error {
	if !regulationName.MatchString(name) {
		return fmt.Errorf("%q cannot be a name; write a lower-case word like big_customer, with digits and _", name)
	}
	return nil
}

// Regulation is one of them; see incidents.Regulation, which it becomes.
type Regulation struct {
	Title   string            `yaml:"title,required" example:"The contract with Big Customer" doc:"how it is cited"`
	Source  string            `yaml:"source" doc:"where it can be read"`
	AsOf    string            `yaml:"as_of" doc:"the day on which it was read there"`
	Start   string            `yaml:"start,required" example:"the outage" doc:"the moment that starts it, in words"`
	Moments RegulationWords   `yaml:"moments" doc:"further moments that times are counted from, by name, in words"`
	Stages  []RegulationStage `yaml:"stages,required" example:"[{name: call, title: call of the customer, due: 2h from start}]" doc:"what has to be submitted, in order"`
	Days    string            `yaml:"days" enum:"office,us_federal" default:"office" doc:"whose days are counted: those of clock.calendar, or of the federal government of the United States"`
}

// RegulationWords are moments in words, by name.
type RegulationWords map[string]string

// CheckKey takes what people can say behind /incident clock mark NAME.
func (RegulationWords) CheckKey(name string) error { return Regulations(nil).CheckKey(name) }

// RegulationStage is one thing that has to be submitted.
type RegulationStage struct {
	Name    string           `yaml:"name,required" example:"call" doc:"how people say it"`
	Title   string           `yaml:"title,required" example:"call of the customer" doc:"what it is, in words"`
	Due     []RegulationTerm `yaml:"due,required,single" example:"2h from start" doc:"when: 2h, 3d, 1 month or 4 business days from start, from one of the moments, or from submitted STAGE; of several the earliest"`
	Repeats bool             `yaml:"repeats" doc:"true: it is submitted again while things go on"`
}

// RegulationTerm is a time that is counted from a moment.
type RegulationTerm struct {
	Count int
	Unit  string // hour, day, month, business day
	From  string // start, the name of a moment, or submitted STAGE
}

var termForm = regexp.MustCompile(`^([0-9]{1,3}) ?(h|hours?|d|days?|months?|business days?) from (start|submitted [a-z][a-z0-9_]*|[a-z][a-z0-9_]*)$`)

// UnmarshalText reads 72h from start, 1 month from submitted notification, and the like.
func (t *RegulationTerm) UnmarshalText(text []byte) error {
	m := termForm.FindStringSubmatch(string(text))
	if m == nil || m[3] == "submitted" {
		return fmt.Errorf("%q is no time; write one like 72h from start, 14d from fix_available, 4 business days from start or 1 month from submitted notification", text)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n == 0 {
		return fmt.Errorf("%q is no time: there is no length in it", text)
	}
	unit := strings.TrimSuffix(m[2], "s")
	switch unit {
	case "h":
		unit = "hour"
	case "d":
		unit = "day"
	}
	*t = RegulationTerm{n, unit, m[3]}
	return nil
}

// String is the form that reads back.
func (t RegulationTerm) String() string {
	unit := t.Unit
	if t.Count != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s from %s", t.Count, unit, t.From)
}

// MarshalText is String.
func (t RegulationTerm) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Check wants stages that can be told apart, and times that count from something that there is.
func (r Regulation) Check(report func(key, sentence string)) {
	stages := map[string]bool{}
	for i, s := range r.Stages {
		at := fmt.Sprintf("stages[%d].name", i)
		switch {
		case !regulationName.MatchString(s.Name) || s.Name == "before" || s.Name == "at_risk":
			report(at, "cannot be a name; write a lower-case word like early_warning, with digits and _")
		case stages[s.Name]:
			report(at, fmt.Sprintf("an earlier stage is called %q too", s.Name))
		}
		stages[s.Name] = true
	}
	for i, s := range r.Stages {
		for j, t := range s.Due {
			stage, submitted := strings.CutPrefix(t.From, "submitted ")
			_, moment := r.Moments[t.From]
			if submitted && stages[stage] && stage != s.Name || t.From == "start" || moment {
				continue
			}
			report(fmt.Sprintf("stages[%d].due[%d]", i, j), fmt.Sprintf("counts from %q, which is neither start, nor one of its moments, nor submitted and another stage", t.From))
		}
	}
	for name, words := range r.Moments {
		if name == "start" || words == "" {
			report("moments."+name, "needs a name other than start, and words for what it is")
		}
	}
}
