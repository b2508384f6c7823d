package splunk

import (
	"net/url"
	"regexp"
	"strings"

	"fireboss/integrations"
)

// texts are the fields of a row that have a value; one with several has them in one line.
func texts(row integrations.JSON) map[string]string {
	all := map[string]string{}
	for name, field := range row.Fields() {
		var values []string
		for _, v := range field.List() {
			if strings.TrimSpace(v.Text()) != "" {
				values = append(values, v.Text())
			}
		}
		if len(values) > 0 {
			all[name] = strings.Join(values, ", ")
		}
	}
	return all
}

// first is the first of the fields that has a value.
func first(row map[string]string, names ...string) string {
	for _, name := range names {
		if row[name] != "" {
			return row[name]
		}
	}
	return ""
}

// ofSplunk are fields that Splunk makes for itself, beside those with an underscore in front.
var ofSplunk = map[string]bool{"punct": true, "timestartpos": true, "timeendpos": true, "linecount": true}

// labels are the row's fields but Splunk's own, and the search's app and owner.
func labels(body integrations.JSON, row map[string]string) map[string]string {
	all := map[string]string{}
	for name, v := range row {
		if !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "date_") && !ofSplunk[name] {
			all[name] = v
		}
	}
	for _, name := range []string{"app", "owner"} {
		if v := body.At(name).Text(); v != "" {
			all["splunk_"+name] = v
		}
	}
	return all
}

// nameless is what stays the same in the sids of a search that has no name, such as
// scheduler__admin__search__RMD5a1b2_at_1483557180_42.
func nameless(sid string) string {
	stays, _, _ := strings.Cut(sid, "_at_")
	return stays
}

// nth finds which row a delivery is about, where the alert triggers for each: its link cuts that row out.
var nth = regexp.MustCompile(`\|\s*head\s+(\d+)\s*\|\s*tail\s+1\s*$`)

// delivery is the sid, and which row of its results this is from the second on: all rows of one run have the same sid.
// Without the link nobody can tell the rows apart, so that there is no id.
func delivery(body integrations.JSON) string {
	sid := body.At("sid").Text()
	link, err := url.Parse(body.At("results_link").Text())
	if sid == "" || err != nil || link.String() == "" {
		return ""
	}
	if m := nth.FindStringSubmatch(link.Query().Get("q")); m != nil && m[1] != "1" {
		return sid + "/" + m[1]
	}
	return sid
}
