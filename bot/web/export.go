package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

// export is a list of incidents as a file.
type export func(list []Incident) (body []byte, kind string, err error)

// exported answers with exactly the incidents that the page with the same query
// shows, in its order.
func (s *Site) exported(name string, as export) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		list, err := s.exportedList(r)
		if err == nil {
			var body []byte
			var kind string
			if body, kind, err = as(list); err == nil {
				w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
				w.Header().Set("Content-Type", kind)
				w.Header().Set("Cache-Control", "no-store")
				_, _ = w.Write(body)
				return
			}
		}
		s.render(w, r, s.trouble(r, err))
	}
}

func (s *Site) exportedList(r *http.Request) ([]Incident, error) {
	q := readQuery(r.URL.RawQuery, listParams...)
	l := q.listing(s.rules())
	if q.err != nil {
		return nil, q.err
	}
	l.Who = s.viewer(r)
	found, err := s.list(r.Context(), l)
	if err != nil {
		return nil, err
	}
	out := []Incident{}
	for _, in := range found.List {
		doc, err := s.document(r.Context(), in)
		if err != nil {
			return nil, err
		}
		out = append(out, doc)
	}
	return out, nil
}

// asJSON writes the incidents as the API does.
func asJSON(list []Incident) ([]byte, string, error) {
	body, err := json.MarshalIndent(IncidentList{Incidents: list}, "", "  ")
	return append(body, '\n'), "application/json", err
}

// column is one of a table of incidents.
type column struct {
	name string
	of   func(in Incident) string
}

// columns are those of the CSV. Names and times are as in the API; spans are in
// seconds.
var columns = []column{
	{"id", func(in Incident) string { return in.ID }},
	{"title", func(in Incident) string { return in.Title }},
	{"severity", func(in Incident) string { return in.Severity }},
	{"status", func(in Incident) string { return in.Status }},
	{"ended_as", func(in Incident) string { return in.EndedAs }},
	{"type", func(in Incident) string { return in.Type }},
	{"services", func(in Incident) string { return strings.Join(in.Services, ", ") }},
	{"commander", func(in Incident) string { return in.Roles[incidents.CommanderRole].Name }},
	{"declared_by", func(in Incident) string { return in.DeclaredBy.Name }},
	{"private", func(in Incident) string { return strconv.FormatBool(in.Private) }},
	{"drill", func(in Incident) string { return strconv.FormatBool(in.Drill) }},
	{"reopened", func(in Incident) string { return strconv.Itoa(in.Reopened) }},
	{"impact_started", func(in Incident) string { return cellTime(in.Timestamps.ImpactStarted) }},
	{"detected", func(in Incident) string { return cellTime(in.Timestamps.Detected) }},
	{"declared", func(in Incident) string { return cellTime(in.Timestamps.Declared) }},
	{"acknowledged", func(in Incident) string { return cellTime(in.Timestamps.Acknowledged) }},
	{"mitigated", func(in Incident) string { return cellTime(in.Timestamps.Mitigated) }},
	{"resolved", func(in Incident) string { return cellTime(in.Timestamps.Resolved) }},
	{"closed", func(in Incident) string { return cellTime(in.Timestamps.Closed) }},
	{"detect_seconds", func(in Incident) string { return cellSpan(in.DurationsSeconds.Detect) }},
	{"acknowledge_seconds", func(in Incident) string { return cellSpan(in.DurationsSeconds.Acknowledge) }},
	{"mitigate_seconds", func(in Incident) string { return cellSpan(in.DurationsSeconds.Mitigate) }},
	{"resolve_seconds", func(in Incident) string { return cellSpan(in.DurationsSeconds.Resolve) }},
	{"basis", func(in Incident) string { return in.DurationsSeconds.Basis }},
	{"postmortem", func(in Incident) string { return in.Postmortem.State }},
}

func cellTime(t *Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func cellSpan(seconds *float64) string {
	if seconds == nil {
		return ""
	}
	return strconv.FormatFloat(*seconds, 'f', -1, 64)
}

// byteOrderMark begins the CSV. A spreadsheet reads UTF-8 as something else without
// it, and is what people open a CSV with; programs have the JSON.
const byteOrderMark = "\ufeff"

// asCSV writes a table as RFC 4180 has it.
func asCSV(list []Incident) ([]byte, string, error) {
	b := bytes.NewBufferString(byteOrderMark)
	w := csv.NewWriter(b)
	w.UseCRLF = true
	var cells []string
	for _, c := range columns {
		cells = append(cells, c.name)
	}
	err := w.Write(cells)
	for _, in := range list {
		cells = cells[:0]
		for _, c := range columns {
			cells = append(cells, tame(c.of(in)))
		}
		if err == nil {
			err = w.Write(cells)
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	return b.Bytes(), "text/csv; charset=utf-8", err
}

// tame keeps a cell from being taken for a formula by a spreadsheet: one that begins
// as a formula does is given an apostrophe, which says that it is text
// (https://owasp.org/www-community/attacks/CSV_Injection). The wide forms are those
// of East Asian keyboards, which some spreadsheets take for the same.
func tame(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}
