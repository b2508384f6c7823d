package sentry

import (
	"net/url"
	"strings"

	"fireboss/integrations"
)

// numbered is a fingerprint of an id, or nothing where there is none.
func numbered(prefix string, id integrations.JSON) string {
	if id.Text() == "" {
		return ""
	}
	return prefix + id.Text()
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

// tagged are an event's tags: pairs of a name and a value.
func tagged(tags integrations.JSON) map[string]string {
	all := map[string]string{}
	for _, pair := range tags.List() {
		if p := pair.List(); len(p) == 2 && p[0].Text() != "" && p[1].Text() != "" {
			all[p[0].Text()] = p[1].Text()
		}
	}
	return all
}

// project is the slug in an address of Sentry's API, …/projects/ORGANISATION/PROJECT/…: an event has only the number of
// its project.
func project(addresses ...string) string {
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil {
			continue
		}
		if _, after, ok := strings.Cut(u.Path, "/projects/"); ok {
			if parts := strings.Split(after, "/"); len(parts) > 1 && parts[1] != "" {
				return parts[1]
			}
		}
	}
	return ""
}
