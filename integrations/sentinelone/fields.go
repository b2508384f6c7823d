package sentinelone

import (
	"strings"

	"fireboss/integrations"
)

// at is what stands at a path of names, in any case: the API has threatInfo, some forwarders threatinfo.
func at(j integrations.JSON, path ...string) integrations.JSON {
	for _, name := range path {
		next := j.At(name)
		if !next.Is() {
			for other, v := range j.Fields() {
				if v.Is() && strings.EqualFold(other, name) {
					next = v
					break
				}
			}
		}
		j = next
	}
	return j
}

// numbered is a fingerprint of an id, or nothing where there is none.
func numbered(prefix string, id integrations.JSON) string {
	if id.Text() == "" {
		return ""
	}
	return prefix + id.Text()
}

// title is what was found where, or what else there is to say.
func title(what, machine, otherwise string) string {
	switch {
	case what == "":
		return otherwise
	case machine == "":
		return what
	}
	return what + " on " + machine
}

// lines are the texts that are not empty, one below the other.
func lines(all ...string) string {
	var some []string
	for _, l := range all {
		if strings.TrimSpace(l) != "" {
			some = append(some, l)
		}
	}
	return strings.Join(some, "\n")
}

// texts are those that have one.
func texts(all map[string]integrations.JSON) map[string]string {
	some := map[string]string{}
	for name, v := range all {
		if v.Text() != "" {
			some[name] = v.Text()
		}
	}
	return some
}
