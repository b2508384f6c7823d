package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// An export holds what the page with the same query shows, in its order.
func TestExportsHoldWhatIsShown(t *testing.T) {
	h := year(t, 12)
	for _, query := range []string{"", "sort=oldest", "status=open", "type=odd", "from=2026-11-23&to=2026-11-25", "sort=longest", "limit=5", "limit=5&before=INC-8", "q=nowhere", "sort=severity&skip=10"} {
		want := rowsOf(h.page("/incidents?" + query))
		table := h.page("/incidents.csv?" + query)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.body, byteOrderMark))).ReadAll()
		if err != nil || table.StatusCode != 200 || table.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(table.body, byteOrderMark+"id,title,") {
			t.Fatalf("%s: %v, %d %v", query, err, table.StatusCode, table.Header)
		}
		var inTable, inJSON []string
		for _, r := range rows[1:] {
			inTable = append(inTable, strings.TrimPrefix(r[0], "INC-"))
		}
		doc := h.page("/incidents.json?" + query)
		for _, in := range decode[IncidentList](t, doc).Incidents {
			inJSON = append(inJSON, fmt.Sprint(in.Number))
		}
		if a, b := strings.Join(inTable, " "), strings.Join(inJSON, " "); a != want || b != want {
			t.Errorf("%s: the page shows %q, the CSV %q, the JSON %q", query, want, a, b)
		}
		for _, g := range []got{table, doc} {
			if d := g.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; ") || g.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", query, g.Header)
			}
		}
	}
	for _, path := range []string{"/incidents.csv?status=bogus", "/incidents.json?x=1"} {
		if g := h.page(path); g.StatusCode != 400 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
	}
	if !json.Valid([]byte(h.page("/incidents.json?q=nowhere").body)) {
		t.Error("nothing is no JSON")
	}
}

// A text of people stays a text in a spreadsheet.
func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "checkout is down": "checkout is down", "a=b": "a=b", "3 nodes": "3 nodes", "'quoted": "'quoted",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "＝1": "'＝1", "＠x": "'＠x",
	} {
		if got := tame(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
	h := newHouse(t)
	h.open(Write, `{"title":"=cmd|' /C calc'!A0","services":["@SUM(A1:A9)","=x"]}`)
	g := h.page("/incidents.csv")
	g.shows(t, `,'=cmd|' /C calc'!A0,`, `"'@SUM(A1:A9), =x"`)
	g.hides(t, ",=", ",@", `"=`, `"@`)
}
