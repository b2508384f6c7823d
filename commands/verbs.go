package commands

import "strings"

// Verb is one thing that can be said, and how it is carried out.
type Verb struct {
	Name     string
	Aliases  []string
	Group    string   // the heading under which help lists it
	Usage    []string // its forms, behind /incident
	Does     string   // one line
	Examples []string // whole, behind /incident

	about  bool // it is about one incident: the one named first, or the one where it is said
	alone  bool // nothing stands behind it but that incident
	hidden bool // buttons say it; help does not list it
	run    func(*call) (Reply, error)
	more   func(*call) []Line // what help tells besides, of the policy; nil: nothing
	// form asks for what the verb needs, and fill carries it out with what was
	// filled in; both or neither.
	form func(*call) Form
	fill func(*call) (Reply, error)
	act  string // its row in the lifecycle, where that is not its name
}

// row is the verb's row in [incidents.Lifecycle].
func (v Verb) row() string {
	if v.act != "" {
		return v.act
	}
	return v.Name
}

// The headings of help, in order.
const (
	groupOpen    = "Open and find"
	groupRun     = "Run it"
	groupPeople  = "People"
	groupRecord  = "Write it down"
	groupWork    = "Work"
	groupEnd     = "End it"
	groupCorrect = "Correct it"
	groupHelp    = "Help"
)

var groups = []string{groupOpen, groupRun, groupPeople, groupRecord, groupWork, groupEnd, groupCorrect, groupHelp}

// verbs are all there are, in the order in which help tells them.
var verbs = []Verb{
	openVerb, drillVerb, listVerb, showVerb, searchVerb, dashboardVerb,
	ackVerb, sevVerb, statusVerb, updateVerb, summaryVerb, clockVerb, snoozeVerb,
	leadVerb, roleVerb, rolesVerb, joinVerb, leaveVerb, inviteVerb, handoffVerb, acceptVerb, declineVerb, accessVerb, catchupVerb, followVerb, unfollowVerb, pageVerb, privateVerb, publicVerb,
	noteVerb, decisionVerb, timelineVerb, redactVerb, holdVerb, linkVerb,
	taskVerb, followupVerb, alertVerb, silenceVerb,
	resolveVerb, closeVerb, reopenVerb, cancelVerb, mergeVerb, postmortemVerb,
	renameVerb, typeVerb, serviceVerb, fieldVerb, impactVerb, timeVerb, tlpVerb,
	helpVerb,
}

// Verbs are all verbs that help lists, for tables in documentation.
func Verbs() []Verb {
	var list []Verb
	for _, v := range verbs {
		if !v.hidden {
			list = append(list, v)
		}
	}
	return list
}

// find is the verb of that name or alias, in any case.
func find(list []Verb, word string) (Verb, bool) {
	for _, v := range list {
		for _, name := range v.names() {
			if strings.EqualFold(name, word) {
				return v, true
			}
		}
	}
	return Verb{}, false
}

// names are the name and the aliases.
func (v Verb) names() []string { return append([]string{v.Name}, v.Aliases...) }
