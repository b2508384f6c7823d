package grafana

import (
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
)

// unified reads what Alertmanager's own integration reads, and what Grafana alone sends.
func unified(body integrations.JSON, in integrations.Inbound) (alerts.Report, error) {
	report, err := alertmanager.Read(body, in)
	if err != nil {
		return alerts.Report{}, err
	}
	n := 0
	for _, a := range body.At("alerts").List() {
		if a.Object() { // each of these is a signal, in order
			report.Signals[n] = more(report.Signals[n], a)
			n++
		}
	}
	return report, nil
}

// more is a signal with what Grafana says beside what Alertmanager does.
func more(s alerts.Signal, a integrations.JSON) alerts.Signal {
	notes := a.At("annotations").Texts()
	switch name := s.Labels["alertname"]; {
	case name == "DatasourceNoData" || name == "DatasourceError":
		// The name of the rule gave way to these; that the rule could not be looked at is no more than that.
		if s.Status == alerts.Firing {
			s.Status = alerts.NoData
		}
		if rule := s.Labels["rulename"]; rule != "" && s.Title == alertmanager.Title(s.Labels, nil) {
			s.Title = rule
		}
	case name == "TestAlert" && s.Labels["instance"] == "Grafana" && s.Status == alerts.Firing:
		s.Status = alerts.Info // the button of a contact point: nobody would say that it is over
	}
	if s.URL == "" {
		s.URL = a.At("panelURL").Or(a.At("dashboardURL")).Text()
	}
	lines := []string{s.Description}
	if problem := notes["Error"]; problem != "" {
		lines = append(lines, problem)
	}
	if values := values(a.At("values")); values != "" {
		lines = append(lines, values)
	}
	s.Description = strings.Join(lines, "\n")
	return s
}

// values are those of the rule's queries and expressions, such as B = 44.2.
func values(of integrations.JSON) string {
	var all []string
	for name, v := range of.Fields() {
		if v.Text() != "" {
			all = append(all, name+" = "+v.Text())
		}
	}
	return strings.Join(all, ", ")
}
