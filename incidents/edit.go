package incidents

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Rename gives another title.
type Rename struct{ Title string }

// Verb is the row in [Lifecycle].
func (Rename) Verb() string { return "rename" }

func (r Rename) decide(d *decision) error {
	title, err := checkTitle(r.Title, d.say("rename", "checkout rejects all cards"))
	if err != nil || title == d.in.Title {
		return err
	}
	from := d.in.Title
	d.in.Title = title
	d.event(Renamed, "Renamed to: "+title, "from", from, "to", title)
	return nil
}

var word = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`)

// ChangeType says what sort of incident it is.
type ChangeType struct{ Type string }

// Verb is the row in [Lifecycle].
func (ChangeType) Verb() string { return "type" }

func (c ChangeType) decide(d *decision) error {
	typ, err := d.checkType(c.Type, d.say("type", "security"))
	if err != nil || typ == d.in.Type {
		return err
	}
	from := d.in.Type
	d.in.Type = typ
	called := d.call()
	d.event(TypeChanged, "Type changed from "+from+" to "+typ, "from", from, "to", typ, "calls", called)
	d.checklist()
	return nil
}

// checkType reads a type, or refuses what cannot be one.
func (d *decision) checkType(s string, example Say) (string, error) {
	if t, known := d.rules.Type(s); known {
		return t.Name, nil
	}
	typ := strings.ToLower(Tidy(s))
	if typ == "" {
		return "", Missing("type", "Which type? Example: %s", example)
	}
	if !word.MatchString(typ) {
		return "", Invalid("%q is not a type: that is one word of letters, digits and hyphens, at most 40 characters. Example: %s", shorten(typ, 40), example)
	}
	return typ, nil
}

// SetField sets a field of the organisation's own; an empty value clears it.
type SetField struct{ Name, Value string }

// Verb is the row in [Lifecycle].
func (SetField) Verb() string { return "field" }

func (f SetField) decide(d *decision) error {
	name, value := strings.ToLower(Tidy(f.Name)), clean(f.Value)
	example := d.say("field", "region eu-west")
	if !word.MatchString(name) {
		return Invalid("A field's name is one word of letters, digits and hyphens, at most 40 characters. Example: %s", example)
	}
	if len([]rune(value)) > MaxText {
		return Invalid("A field's value has at most %d characters. Example: %s", MaxText, example)
	}
	field, known := d.rules.field(d.in, name)
	if known {
		var err error
		if value, err = field.allows(value, d.say("field", name+" "+strings.Join(field.Values[:min(1, len(field.Values))], ""))); err != nil {
			return err
		}
	}
	from := d.in.Fields[name]
	if value == from {
		return nil
	}
	line := "Field " + name + ": " + Tidy(value)
	if value == "" {
		delete(d.in.Fields, name)
		line = "Field " + name + " was cleared"
	} else {
		if len(d.in.Fields) >= maxList && from == "" {
			return Refused("%s has %d fields already; that is all it can hold.", d.in.Number, maxList)
		}
		d.in.Fields[name] = value
	}
	d.event(FieldChanged, line, "name", name, "from", from, "to", value)
	return nil
}

// ChangeService says that a service is affected, or is not.
type ChangeService struct {
	Name   string
	Remove bool
}

// Verb is the row in [Lifecycle].
func (ChangeService) Verb() string { return "service" }

func (c ChangeService) decide(d *decision) error {
	name, err := d.service(c.Name)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.in.Services, func(s string) bool { return strings.EqualFold(s, name) })
	switch {
	case c.Remove && i < 0:
		have := "it has none"
		if len(d.in.Services) > 0 {
			have = "there are: " + shorten(strings.Join(d.in.Services, ", "), 200)
		}
		return Refused("%q is not among the services of %s; %s.", name, d.in.Number, have)
	case c.Remove:
		name = d.in.Services[i]
		d.in.Services = slices.Delete(d.in.Services, i, i+1)
		d.event(ServiceRemoved, "Service "+name+" is not affected", "service", name)
	case i < 0:
		if len(d.in.Services) >= maxList {
			return Refused("%s has %d services already; that is all it can hold.", d.in.Number, maxList)
		}
		d.in.Services = append(d.in.Services, name)
		called := d.call()
		d.event(ServiceAdded, "Service "+name+" is affected", "service", name, "calls", called)
	}
	return nil
}

// service reads the name of a service, and writes it as the policy does.
func (d *decision) service(s string) (string, error) {
	name := d.rules.ServiceName(s)
	const which = "Which service? Its name has at most %d characters. Example: %s"
	switch {
	case !strings.ContainsFunc(name, visible):
		return "", Missing("name", which, MaxName, d.say("service", "add checkout"))
	case len([]rune(name)) > MaxName:
		return "", About("name", Invalid(which, MaxName, d.say("service", "add checkout")))
	}
	return name, nil
}

// services reads the services of an incident that is being opened, each once.
func (d *decision) services(said []string) ([]string, error) {
	var list []string
	known := map[string]bool{"": true} // a body of a megabyte holds very many
	for _, s := range said {
		if known[strings.ToLower(Tidy(s))] {
			continue
		}
		name, err := d.service(s)
		if err != nil {
			return nil, err
		}
		if folded := strings.ToLower(name); !known[folded] {
			known[folded] = true
			list = append(list, name)
		}
		if len(list) > maxList {
			return nil, Invalid("An incident has at most %d services; these are more.", maxList)
		}
	}
	return list, nil
}

// SetImpact says when the impact began or ended.
type SetImpact struct {
	End bool
	At  time.Time
}

// Verb is the row in [Lifecycle].
func (SetImpact) Verb() string { return "impact" }

func (s SetImpact) decide(d *decision) error {
	name := "impact_started"
	if s.End {
		name = "impact_ended"
	}
	return d.setTime(ImpactChanged, name, s.At)
}

// SetTime sets one of the moments by hand.
type SetTime struct {
	Name string
	At   time.Time
}

// Verb is the row in [Lifecycle].
func (SetTime) Verb() string { return "time" }

func (s SetTime) decide(d *decision) error {
	name := strings.ToLower(strings.ReplaceAll(Tidy(s.Name), "-", "_"))
	if d.in.Times.Named(name) == nil {
		return Invalid("%q is not one of the times. There are: %s. Example: %s", shorten(Tidy(s.Name), 40), strings.Join(TimeNames, ", "), d.say("time", "detected 14:02"))
	}
	kind := TimeChanged
	if strings.HasPrefix(name, "impact_") {
		kind = ImpactChanged
	}
	return d.setTime(kind, name, s.At)
}

// setTime checks that the moments still make sense together, then sets one.
func (d *decision) setTime(kind Kind, name string, at time.Time) error {
	if at.IsZero() {
		return Invalid("When? Example: %s", d.say("time", name+" 14:02"))
	}
	if longAgo(at) {
		return Invalid("That is hardly meant: it was before %d. Example: %s", firstYear, d.say("time", name+" 14:02"))
	}
	if inFuture(at, d.now) {
		return Invalid("%s is in the future; it must have happened. Example: %s", instant(at), d.say("time", name+" 14:02"))
	}
	at = at.UTC().Truncate(time.Millisecond)
	if err := d.canSet(name); err != nil {
		return err
	}
	t := d.in.Times
	*t.Named(name) = at
	if !t.ImpactStarted.IsZero() && !t.ImpactEnded.IsZero() && t.ImpactEnded.Before(t.ImpactStarted) {
		return Refused("The impact cannot end (%s) before it started (%s). To set the start: %s", instant(t.ImpactEnded), instant(t.ImpactStarted), d.say("impact", "start 14:02"))
	}
	was := *d.in.Times.Named(name)
	if was.Equal(at) {
		return nil
	}
	d.in.Times = t
	d.event(kind, title(strings.ReplaceAll(name, "_", " "))+" set to "+told(at)+" by "+d.cmd.Actor.Name, "name", name, "from", stamp(was), "to", stamp(at))
	return nil
}

// canSet refuses moments that the incident has not come to.
func (d *decision) canSet(name string) error {
	switch {
	case name == "resolved" && d.in.Status != Resolved && d.in.Status != Closed:
		return Refused("%s is not resolved. Resolve it first: %s", d.in.Number, d.say("resolve", ""))
	case name == "closed" && d.in.Status != Closed:
		return Refused("%s is not closed. Close it first: %s", d.in.Number, d.say("close", ""))
	}
	return nil
}
