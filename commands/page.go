package commands

import (
	"slices"
	"strings"

	"fireboss/incidents"
)

var pageVerb = Verb{
	Name: "page", Group: groupPeople, about: true,
	Usage:    []string{"page WHO [TEXT]"},
	Does:     "wakes somebody through the paging integration: a service, or whom it knows by name",
	Examples: []string{"page checkout it has been down for ten minutes"},
	form: func(c *call) Form {
		return Form{Title: "Wake somebody", Submit: "Page", Fields: []Field{
			lineField("who", "Whom").hint(whomHint(c.desk.rules().Paging)), areaField("text", "What they should know").optional(),
		}}
	},
	fill: func(c *call) (Reply, error) { return c.page(c.said("who"), c.said("text")) },
	run: func(c *call) (Reply, error) {
		who, text := cutWho(c.args)
		return c.page(who, text)
	},
}

// sortHints are how the sorts of people are written who are found by their names.
var sortHints = []struct{ sort, hint string }{
	{incidents.WhomTeam, "team:NAME"}, {incidents.WhomEscalation, "escalation:NAME"}, {incidents.WhomSchedule, "schedule:NAME"}, {incidents.WhomPerson, "somebody's e-mail address"},
}

// whomHint says who can be woken by these systems.
func whomHint(all []incidents.Paging) string {
	can := []string{"A service"}
	for _, s := range sortHints {
		if slices.ContainsFunc(all, func(p incidents.Paging) bool { return slices.Contains(p.Named, s.sort) }) {
			can = append(can, s.hint)
		}
	}
	if len(can) == 1 {
		return can[0]
	}
	return strings.Join(can[:len(can)-1], ", ") + " or " + can[len(can)-1]
}

// cutWho takes off who is meant: a word, or what stands in quotation marks, also behind a colon: team:"Site Reliability".
func cutWho(s string) (who, rest string) {
	s = strings.NewReplacer("“", `"`, "”", `"`).Replace(s)
	before, behind, quoted := strings.Cut(s, `"`)
	if quoted && !strings.ContainsAny(before, " \t\n") && (before == "" || strings.HasSuffix(before, ":")) {
		if name, after, ok := strings.Cut(behind, `"`); ok {
			return before + name, strings.TrimSpace(after)
		}
	}
	return cut(s)
}

// page has somebody woken, and says what became of it as far as that is known in a moment.
func (c *call) page(who, text string) (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	if strings.TrimSpace(who) == "" {
		return Reply{}, incidents.Missing("who", "Whom? Example: %s", c.say("page", "checkout it has been down for ten minutes"))
	}
	if len(c.desk.rules().Paging) == 0 {
		return Reply{Text: incidents.NobodyWoken + " To call somebody in Slack: " + c.say("invite", "@alice @oncall"), Incident: &in}, nil
	}
	out, err := c.apply(incidents.Wake{Who: who, Text: text})
	if err != nil {
		return Reply{}, err
	}
	wanted, ok := caused(out, incidents.PageRequested)
	page, _ := out.Incident.PageOf(wanted.Seq)
	if ok && c.desk.Woken != nil {
		if e, known := c.desk.Woken(c.ctx, out.Incident.Number, wanted.Seq); known {
			return c.done(out, c.outcome(e))
		}
	}
	return c.done(out, page.Whom.Title+" is asked to wake "+page.Whom.String()+". If it does not accept that within a minute, you are told.")
}

// outcome says what became of a page.
func (c *call) outcome(e incidents.Event) string {
	said := strings.TrimRight(e.Text, ".") + "."
	if e.Field("outcome") == "failed" {
		said += " To call somebody in Slack: " + c.say("invite", "@alice @oncall")
	}
	return said
}
