package settings

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// Open is what happens when an incident is opened.
type Open struct {
	Invite       Invitations    `yaml:"invite,single" example:"{sev1: \"@oncall\", tier1: [\"@oncall\", \"@alice\"], security: \"@security\", private: []}" doc:"Who is brought in: people and user groups by severity (sev1 … sev5, unset), by type, by the tier of an affected service (tier1 … tier5), and private, the only one that counts for a private incident. Default: nobody."`
	Announce     Announcements  `yaml:"announce" example:"{sev1: \"#major-incidents\", security: \"#security\"}" doc:"Other channels than slack.announce, by severity or type. Default: none."`
	Alarm        Alarm          `yaml:"alarm" doc:"A reaction that offers to open an incident from a message."`
	PrivateTypes []IncidentType `yaml:"private_types,single" doc:"Types that are private from the start, unless the declarer says otherwise."`
	Suggest      Suggestions    `yaml:"suggest" enum:"sev1,sev2,sev3,sev4,sev5" doc:"How severe it is at least when a service of a tier (tier1 … tier5) is affected: suggested to whoever opens it or adds the service, never set by itself. {} suggests nothing."`
	Archive      Duration       `yaml:"archive" doc:"How long after an incident is closed or called off its channel is archived; 0 is never. Opened again, it goes on in another channel."`
}

// Alarm is a reaction by which people open an incident from a message.
type Alarm struct {
	Reaction Emoji     `yaml:"reaction" doc:"The emoji's name, without colons."`
	Channels []Channel `yaml:"channels,single" example:"[\"#alerts\", \"#support\"]" doc:"Where it counts; Fireboss must be a member there. Default: nowhere."`
}

// Invitations are who is brought into an incident, by what it is.
type Invitations map[string][]Invitee

// CheckKey takes a severity, a tier, private, or a type.
func (Invitations) CheckKey(key string) error {
	if key == "private" {
		return nil
	}
	return checkOccasion(key, true)
}

// Announcements are where an incident is announced, by what it is.
type Announcements map[string]Channel

// CheckKey takes a severity or a type.
func (Announcements) CheckKey(key string) error {
	if key == "private" {
		return fmt.Errorf("a private incident is never announced; leave this out")
	}
	return checkOccasion(key, false)
}

var (
	tierLike  = regexp.MustCompile(`(?i)^tier[\s_-]*[0-9]*$`)
	sevLike   = regexp.MustCompile(`(?i)^(sev|s)[\s_-]*[0-9]+$|^[0-9]+$`)
	typeNames = regexp.MustCompile(`^[a-z][a-z0-9]*([ _-][a-z0-9]+)*$`)
)

func checkOccasion(key string, tiers bool) error {
	switch {
	case KnownSeverity(key):
	case sevLike.MatchString(key):
		return fmt.Errorf("unknown severity; they are %s", orList(severities[:]))
	case tierLike.MatchString(key) && !tiers:
		return fmt.Errorf("tiers do not count here; write a severity or a type")
	case tierLike.MatchString(key):
		if len(key) != len("tier1") || !strings.HasPrefix(key, "tier") || key[4] < '1' || key[4] > '5' {
			return fmt.Errorf("unknown tier; they are tier1 to tier5")
		}
	case !typeNames.MatchString(key):
		return fmt.Errorf("%q is no severity and cannot be a type; types are lower-case words like security", key)
	}
	return nil
}

// IncidentType is a kind of incident, such as security; a lower-case word or two.
type IncidentType string

// UnmarshalText takes lower-case words.
func (t *IncidentType) UnmarshalText(text []byte) error {
	if !typeNames.Match(text) {
		return fmt.Errorf("%q cannot be a type; types are lower-case words like security", text)
	}
	*t = IncidentType(text)
	return nil
}

// Services are what can break, by name.
type Services map[string]Service

// CheckKey takes what people can say and a card can show in one line.
func (Services) CheckKey(name string) error {
	if strings.TrimSpace(name) != name || name == "" || len(name) > maxName || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("a service needs a name of at most %d bytes, on one line and without spaces around it", maxName)
	}
	return nil
}

const maxName = 80

// Service is something that can break.
type Service struct {
	Tier       int     `yaml:"tier" min:"1" max:"5" doc:"how much hangs on it: 1 (everything) to 5; left out where nobody has said"`
	Owner      Invitee `yaml:"owner" doc:"a person or user group, invited when it is affected"`
	Runbook    URL     `yaml:"runbook" doc:"what to do about it"`
	Dashboards []URL   `yaml:"dashboards,single" doc:"where to look"`
}

// Record is what is recorded of an incident's channel.
type Record struct {
	Messages Messages `yaml:"messages" enum:"all,marked,none" doc:"all, only the marked ones, or none"`
	OnDelete OnDelete `yaml:"on_delete" enum:"remove,keep" doc:"remove: what its author deletes loses its text here too; keep: it is marked as deleted"`
	Files    ByteSize `yaml:"files" doc:"files up to this size are kept with their content; 0: only their names"`
}

// Messages says which messages are recorded.
type Messages string

// Which messages are recorded.
const (
	MessagesAll    Messages = "all"
	MessagesMarked Messages = "marked" // those that people marked by a reaction
	MessagesNone   Messages = "none"
)

// OnDelete says what becomes of a recorded message that its author deletes in Slack.
type OnDelete string

// What becomes of it.
const (
	DeleteRemoves OnDelete = "remove"
	DeleteKeeps   OnDelete = "keep"
)

// Retention is how long the record is kept; 0 is for ever.
type Retention struct {
	Messages  Duration `yaml:"messages" doc:"the text of recorded messages, from when they were written"`
	Incidents Duration `yaml:"incidents" doc:"whole incidents, from closing"`
	Drills    Duration `yaml:"drills" doc:"practice incidents, from closing"`
}

// severities are the names of all severities, worst first. An incident whose severity nobody has set is unset.
var severities = [...]string{"sev1", "sev2", "sev3", "sev4", "sev5", "unset"}

// KnownSeverity says whether a name is one of sev1 (worst) to sev5, or unset.
func KnownSeverity(name string) bool {
	for _, s := range severities {
		if s == name {
			return true
		}
	}
	return false
}
