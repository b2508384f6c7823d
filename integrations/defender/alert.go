package defender

import (
	"net/url"
	"slices"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// alert reads one of Graph's, or of Defender for Endpoint's own API, which writes some names otherwise.
func alert(o integrations.JSON, incident string, in integrations.Inbound) alerts.Signal {
	id := o.At("id").Text()
	machines := devices(o)
	s := alerts.Signal{
		Fingerprint: "defender:" + id,
		Group:       incident,
		Status:      status(o.At("status").Text()),
		Severity:    in.Rank(o.At("severity").Text()),
		Title:       o.At("title").Text(),
		Description: strings.TrimSpace(o.At("description").Text() + "\n\n" + o.At("recommendedActions").Or(o.At("recommendedAction")).Text()),
		URL:         o.At("alertWebUrl").Or(o.At("incidentWebUrl")).Text(),
		StartedAt:   o.At("firstActivityDateTime").Or(o.At("firstEventTime"), o.At("createdDateTime"), o.At("alertCreationTime")).Time(),
		SaidAt:      o.At("lastUpdateDateTime").Or(o.At("lastUpdateTime")).Time(),
		Labels: texts(map[string]integrations.JSON{
			"incident": o.At("incidentId"), "category": o.At("category"), "product": o.At("productName").Or(o.At("serviceSource")),
			"detection_source": o.At("detectionSource"), "threat": o.At("threatDisplayName").Or(o.At("threatName")), "threat_family": o.At("threatFamilyName"),
			"classification": o.At("classification"), "determination": o.At("determination"), "assigned_to": o.At("assignedTo"),
			"machine_id": o.At("machineId"), "user": o.At("relatedUser", "userName"), "tenant": o.At("tenantId").Or(o.At("aadTenantId")),
		}),
	}
	if s.URL == "" {
		s.URL = "https://security.microsoft.com/alerts/" + url.PathEscape(id)
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = o.At("resolvedDateTime").Or(o.At("resolvedTime")).Time()
	}
	if len(machines) > 0 {
		s.Service, s.Labels["devices"] = machines[0], strings.Join(machines, ", ")
	}
	if t := listed(o.At("mitreTechniques")); t != "" {
		s.Labels["techniques"] = t
	}
	return s
}

// status is how an alert or an incident stands. One that was redirected is part of another.
func status(word string) alerts.Status {
	switch strings.ToLower(word) {
	case "resolved", "redirected":
		return alerts.Resolved
	case "inprogress":
		return alerts.Acknowledged
	}
	return alerts.Firing
}

// maxDevices is how many machines of an alert are named.
const maxDevices = 20

// devices are the names of the machines that it happened on, the primary one first.
func devices(o integrations.JSON) []string {
	var all []string
	add := func(name string) {
		if name != "" && len(all) < maxDevices && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	add(o.At("computerDnsName").Text())
	evidence := o.At("evidence").List()
	for _, primary := range []bool{true, false} {
		for _, e := range evidence {
			if strings.Contains(listed(e.At("detailedRoles")), "PrimaryDevice") == primary {
				add(e.At("deviceDnsName").Or(e.At("hostName")).Text())
			}
		}
	}
	return all
}

// listed are the texts of a list in one line.
func listed(list integrations.JSON) string {
	var all []string
	for _, v := range list.List() {
		if v.Text() != "" {
			all = append(all, v.Text())
		}
	}
	return strings.Join(all, ", ")
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
