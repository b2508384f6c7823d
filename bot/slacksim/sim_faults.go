package slacksim

import (
	"net/http"
	"slices"
	"strings"
)

// simAddFault orders trouble: POST /sim/faults.
func (s *Server) simAddFault(_ string, f fault) (object, error) {
	if f.Times == 0 {
		f.Times = 1
	}
	switch {
	case f.Method != "*" && methods[f.Method] == nil:
		return nil, malformed("There is no method %q; name one of Slack's that this workspace has, or * for all.", f.Method)
	case !slices.Contains(faultKinds, f.Kind):
		return nil, malformed("There is no kind of fault %q; there are %s.", f.Kind, strings.Join(faultKinds, ", "))
	case f.Times < 0 || f.MS < 0 || f.RetryAfter < 0 || f.Left != 0:
		return nil, malformed("times, ms and retry_after must not be negative, and left is ours to count.")
	case f.Kind == faultError && f.Error == "":
		return nil, malformed("A fault of kind error needs the error, for example channel_not_found.")
	case f.Kind == faultLatency && f.MS == 0:
		return nil, malformed("A fault of kind latency needs ms.")
	}
	s.faults.add(f)
	return nil, nil
}

// simFaults lists what is still to go wrong: GET /sim/faults.
func (s *Server) simFaults(w http.ResponseWriter, _ *http.Request) {
	writeControl(w, http.StatusOK, object{"ok": true, "faults": s.faults.pending()})
}

// simClearFaults ends all trouble: DELETE /sim/faults.
func (s *Server) simClearFaults(w http.ResponseWriter, _ *http.Request) {
	s.faults.clear()
	writeControl(w, http.StatusOK, object{"ok": true})
}

// disconnectReasons are what POST /sim/disconnect can do to sockets.
var disconnectReasons = []string{"warning", "refresh_requested", "link_disabled", "abort"}

func (s *Server) simDisconnect(_ string, req struct {
	Reason string `json:"reason"`
	Socket int    `json:"socket"`
}) (object, error) {
	if !slices.Contains(disconnectReasons, req.Reason) {
		return nil, malformed("There is no reason %q; there are %s.", req.Reason, strings.Join(disconnectReasons, ", "))
	}
	if !s.hub.disconnect(req.Reason, req.Socket) {
		return nil, malformed("No socket %d is connected; /sim/state lists those that are.", req.Socket)
	}
	return nil, nil
}

func (s *Server) simRedeliver(_ string, req struct {
	EnvelopeID string `json:"envelope_id"`
}) (object, error) {
	e, sent := s.hub.redeliver(req.EnvelopeID)
	if e == nil {
		return nil, malformed("No envelope %q was sent lately.", req.EnvelopeID)
	}
	return s.reach(e, sent).json(), nil
}
