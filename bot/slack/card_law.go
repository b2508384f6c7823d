package slack

import (
	"fmt"

	"fireboss/incidents"
)

// laws are the clocks of regulations that run: of each stage when it is due, by
// which rule and from which moment, or who submitted it and when.
func (c Card) laws(in incidents.Incident) string {
	if len(in.Clocks) == 0 {
		return ""
	}
	lines := []string{"*Set by law or contract*"}
	for _, clock := range in.Clocks {
		for _, st := range c.Rules().Stages(clock) {
			lines = append(lines, "• "+stageLine(st))
		}
	}
	return clipLines(lines)
}

// stageLine is one stage on one line.
func stageLine(st incidents.StageState) string {
	switch title := plain(st.Title); {
	case st.Submitted != nil:
		return fmt.Sprintf("%s: :white_check_mark: submitted by %s %s", title, person(st.Submitted.By), date(st.Submitted.At))
	case st.Due.IsZero():
		return fmt.Sprintf("%s: %s", title, plain(st.Why))
	default:
		return fmt.Sprintf("%s: *by %s* – %s, which was %s", title, date(st.Due), plain(st.Why), date(st.From))
	}
}
