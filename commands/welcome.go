package commands

import "fireboss/incidents"

// welcome answers who said nothing: elsewhere what to type, in an incident's
// channel how it stands.
func (c *call) welcome() (Reply, error) {
	if c.number == 0 {
		return Reply{
			Text: "Type what is wrong, and I open a room for it. Example: /incident open sev1 checkout is down",
			Lines: []Line{
				{Text: "/incident open [sevN] TITLE opens an incident"},
				{Text: "/incident list shows those that are open"},
				{Text: "/incident help tells all that can be said"},
			},
		}, nil
	}
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.headline(in), Incident: &in, Card: true}
	for _, line := range c.possible(in) {
		r.Lines = append(r.Lines, Line{Text: line})
	}
	return r, nil
}

// possible is what is mostly said next in this status.
func (c *call) possible(in incidents.Incident) []string {
	help := "/incident help tells all that can be said"
	switch {
	case in.Status == incidents.Resolved:
		return []string{"/incident followup add TEXT @user for the work after it", "/incident close when that is agreed", "/incident reopen WHY if it is back", help}
	case in.Status.Ended():
		return []string{"/incident reopen WHY if it is back", "/incident timeline shows what happened", help}
	}
	return []string{"/incident update TEXT next 30m tells everybody how it stands", "/incident note TEXT keeps what was seen or done", "/incident resolve when the impact is over", help}
}
