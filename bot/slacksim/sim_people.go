package slacksim

// membership is a person coming or going: POST /sim/join, /sim/leave.
type membership struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// simJoin brings somebody into a channel. The app may be named too: then it is as if a person had added it.
func (s *Server) simJoin(_ string, req membership) (object, error) {
	return s.member(req, func(w *world, u *user, ch *channel) error {
		switch {
		case ch.Direct || ch.Group:
			return refuse("method_not_supported_for_channel_type")
		case ch.Archived:
			return refuse("is_archived")
		case !u.IsBot && !w.visible(ch, u.ID):
			return refuseWith("channel_not_found", object{"message": u.Name + " cannot see this channel; somebody in it has to invite them."})
		case u.IsBot:
			w.addMember(ch, u.ID, ch.Members[0])
		default:
			w.addMember(ch, u.ID, "")
		}
		return nil
	})
}

// simLeave takes somebody out of a channel; the app, as if a person had removed it.
func (s *Server) simLeave(_ string, req membership) (object, error) {
	return s.member(req, func(w *world, u *user, ch *channel) error {
		switch {
		case ch.General && !u.IsRestricted:
			return refuse("cant_leave_general")
		case !ch.has(u.ID):
			return refuse("not_in_channel")
		case ch.Direct || ch.Group:
			return refuse("method_not_supported_for_channel_type")
		case u.IsBot:
			w.removeMember(ch, u.ID, aliceID)
		default:
			w.removeMember(ch, u.ID, u.ID)
		}
		return nil
	})
}

func (s *Server) member(req membership, do func(w *world, u *user, ch *channel) error) (object, error) {
	var err error
	saved := s.update(func(w *world) {
		var u *user
		var ch *channel
		if u, err = w.person(req.User); err != nil {
			return
		}
		if ch, err = w.namedChannel(req.Channel, ""); err == nil {
			err = do(w, u, ch)
		}
	})
	return nil, orElse(err, saved)
}
