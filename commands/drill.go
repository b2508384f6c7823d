package commands

import "strings"

// drillTitle is what a practice incident is called of which nobody said more.
const drillTitle = "Practice incident"

var drillVerb = Verb{
	Name: "drill", act: "open", Group: groupOpen,
	Usage:    []string{"drill [sevN] [private] [TITLE]"},
	Does:     "opens a practice incident, marked as one everywhere and left out of figures",
	Examples: []string{"drill", "drill sev2 the database is gone"},
	run: func(c *call) (Reply, error) {
		o, err := c.declaration()
		if err != nil {
			return Reply{}, err
		}
		o.Drill = true
		if strings.TrimSpace(o.Title) == "" {
			o.Title = drillTitle
		}
		return c.open(o)
	},
}
