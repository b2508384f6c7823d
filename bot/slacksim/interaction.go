package slacksim

import "encoding/json"

// reached is what came of something a person did that the app had to acknowledge.
type reached struct {
	envelope string
	ms       float64
	response json.RawMessage // what the ack carried, or nil
	err      error           // dispatch_failed, operation_timeout
}

// json is the answer of the control API.
func (r reached) json() object {
	if r.err != nil {
		return object{"ok": false, "error": r.err.Error(), "envelope_id": r.envelope}
	}
	return object{"ok": true, "envelope_id": r.envelope, "ack_ms": r.ms, "response": r.response}
}

// dispatch sends a person's act to the app and waits for its ack. make builds the payload while the world stands
// still; where it fails, nothing was sent.
func (s *Server) dispatch(kind string, accepts bool, build func(w *world) (object, error)) (reached, error) {
	var e *envelope
	var sent, err error
	saved := s.update(func(w *world) {
		var payload object
		if payload, err = build(w); err != nil {
			return
		}
		e = newEnvelope(kind, mustJSON(payload), accepts, nil)
		sent = s.hub.send(e)
	})
	if err != nil || saved != nil {
		return reached{}, orElse(err, saved)
	}
	return s.reach(e, sent), nil
}

// reach waits for the ack of an envelope that was sent, or could not be.
func (s *Server) reach(e *envelope, sent error) reached {
	if sent == nil {
		sent = s.hub.await(e)
	}
	if sent != nil {
		return reached{envelope: e.id, err: sent}
	}
	r := reached{envelope: e.id, ms: float64(e.ackedAt.Sub(e.sentAt).Microseconds()) / 1000}
	if answered(e.response) {
		r.response = e.response
	}
	return r
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// The parts that all interactive payloads share.
func (w *world) interactivePayload(kind string, u *user) object {
	return object{
		"type": kind, "token": verificationToken, "api_app_id": appID, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": teamID, "domain": teamDomain},
		"user": object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": teamID},
	}
}
