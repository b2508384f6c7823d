package incidents

import (
	"fmt"
	"strings"
)

// RegulationsMarkdown prints the presets for the documentation.
func RegulationsMarkdown() string {
	var b strings.Builder
	b.WriteString("| name | stage | due | moments to mark | source |\n|---|---|---|---|---|\n")
	for _, law := range Presets() {
		var moments []string
		for _, m := range law.Moments {
			moments = append(moments, fmt.Sprintf("`%s`: %s", m.Name, m.Title))
		}
		for i, s := range law.Stages {
			var terms []string
			for _, t := range s.Terms {
				terms = append(terms, law.words(t))
			}
			due := strings.Join(terms, ", or ")
			if len(terms) > 1 {
				due += ", whichever is earlier"
			}
			if s.Repeats {
				due += "; submitted again while things go on"
			}
			name, where := "", ""
			if i == 0 {
				name, where = "`"+law.Name+"`", fmt.Sprintf("[%s](%s), as of %s", law.Title, law.Source, law.AsOf)
			}
			fmt.Fprintf(&b, "| %s | `%s` (%s) | %s | %s | %s |\n", name, s.Name, s.Title, due, strings.Join(moments, ", "), where)
			moments = nil
		}
	}
	return b.String()
}
