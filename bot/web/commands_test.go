package web

import (
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"checkout is down","severity":"sev3"}`)
	g := h.call(Write, "POST", "/api/v1/incidents/"+id+"/commands", `{"text":"sev 2 wider than thought"}`)
	g.wants(t, 200, "")
	a := decode[CommandAnswer](t, g)
	if a.Reply == "" || a.Incident.Severity != "sev2" || len(a.Events) != 1 || a.Events[0].Kind != "severity_changed" || a.Events[0].Actor.ID != "token:writer" {
		t.Errorf("answer %s", g.body)
	}
	if again := h.say(id, "sev 2"); len(again.Events) != 0 || again.Reply == "" {
		t.Errorf("said twice: %+v", again)
	}
	if list := h.say(id, "timeline"); !strings.Contains(list.Reply, "Z #2 writer: Severity changed") || list.Incident.ID != id {
		t.Errorf("the timeline: %+v", list)
	}
}

func TestCommandsThatAreRefused(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"checkout is down"}`)
	h.say(id, "close")
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{id, `{"text":"ack"}`, 422, "refused"},
		{id, `{"text":"sev 17"}`, 400, "invalid"},
		{id, `{"text":"sev 1","why":"x"}`, 400, "invalid"},
		{id, `{"text":""}`, 400, "invalid"},
		{id, `{"text":" \n"}`, 400, "invalid"},
		{id, `{}`, 400, "invalid"},
		{id, `{"text":null}`, 400, "invalid"},
		{id, `{"text":7}`, 400, "invalid"},
		{id, `nonsense`, 400, "invalid"},
		{"INC-7", `{"text":"ack"}`, 404, "not_found"},
		{"seven", `{"text":"ack"}`, 404, "not_found"},
		{id, `{"text":"show INC-7"}`, 404, "not_found"},
	} {
		h.call(Write, "POST", "/api/v1/incidents/"+c.path+"/commands", c.body).wants(t, c.status, c.code)
	}
}

func TestFaultsHaveAReference(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"checkout is down"}`)
	h.desk.fault = true
	g := h.call(Write, "POST", "/api/v1/incidents/"+id+"/commands", `{"text":"ack"}`)
	g.wants(t, 500, "internal")
	if p := decode[Problem](t, g); p.Reference != "REF1" || strings.Contains(g.body, errDisk.Error()) {
		t.Errorf("told: %s", g.body)
	}
	h.store.read = errDisk
	g = h.call(Read, "GET", "/api/v1/incidents/"+id, "")
	g.wants(t, 500, "internal")
	p := decode[Problem](t, g)
	if strings.Contains(g.body, errDisk.Error()) || !strings.Contains(h.log.String(), p.Reference) || !strings.Contains(h.log.String(), errDisk.Error()) {
		t.Errorf("told: %s\nlogged: %s", g.body, h.log)
	}
}
