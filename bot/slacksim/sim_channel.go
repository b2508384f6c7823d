package slacksim

import "unicode/utf8"

// channelAct is what people do to a channel.
type channelAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Name    string `json:"name"`       // rename, create
	Topic   string `json:"topic"`      // topic
	Who     string `json:"who"`        // invite, kick: somebody, or the app
	Private bool   `json:"is_private"` // create
}

// onChannel finds the person and the channel of an act and does it; the person has to be in the channel.
func (s *Server) onChannel(req channelAct, do func(w *world, u *user, ch *channel) error) (object, error) {
	var err error
	saved := s.update(func(w *world) {
		var u *user
		var ch *channel
		if u, ch, err = w.where(req.User, req.Channel); err != nil {
			return
		}
		switch {
		case !ch.has(u.ID):
			err = refuseWith("not_in_channel", object{"message": u.Name + " is not in this channel; they have to join it first."})
		case ch.Direct || ch.Group:
			err = refuse("method_not_supported_for_channel_type")
		default:
			err = do(w, u, ch)
		}
	})
	return nil, orElse(err, saved)
}

// simCreate makes a channel as a person does: POST /sim/create. The app is not in it.
func (s *Server) simCreate(_ string, req channelAct) (answer object, err error) {
	saved := s.update(func(w *world) {
		var u *user
		if u, err = w.human(req.User); err != nil {
			return
		}
		if err = w.checkName(req.Name); err != nil {
			return
		}
		ch := &channel{ID: w.nextID("C"), Name: req.Name, Private: req.Private, Creator: u.ID, Created: w.unix()}
		w.addChannel(ch)
		w.addMember(ch, u.ID, "")
		answer = object{"channel": ch.ID}
	})
	return answer, orElse(err, saved)
}

func (s *Server) simArchive(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		switch {
		case ch.Archived:
			return refuse("already_archived")
		case ch.General:
			return refuse("cant_archive_general")
		}
		w.archive(ch, u.ID)
		return nil
	})
}

func (s *Server) simUnarchive(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		if !ch.Archived {
			return refuse("not_archived")
		}
		w.unarchive(ch, u.ID)
		return nil
	})
}

func (s *Server) simRename(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		if ch.Archived {
			return refuse("is_archived")
		}
		if err := w.checkName(req.Name); err != nil {
			return err
		}
		w.rename(ch, req.Name, u.ID)
		return nil
	})
}

func (s *Server) simTopic(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		switch {
		case ch.Archived:
			return refuse("is_archived")
		case utf8.RuneCountInString(req.Topic) > maxTopicChars:
			return refuse("too_long")
		}
		w.relabel(ch, "topic", &ch.Topic, req.Topic, u.ID)
		return nil
	})
}

func (s *Server) simInvite(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		who, err := w.person(req.Who)
		switch {
		case err != nil:
			return err
		case ch.Archived:
			return refuse("is_archived")
		case ch.has(who.ID):
			return refuse("already_in_channel")
		}
		w.addMember(ch, who.ID, u.ID)
		return nil
	})
}

func (s *Server) simKick(_ string, req channelAct) (object, error) {
	return s.onChannel(req, func(w *world, u *user, ch *channel) error {
		who, err := w.person(req.Who)
		switch {
		case err != nil:
			return err
		case ch.General:
			return refuse("cant_kick_from_general")
		case !ch.has(who.ID):
			return refuse("not_in_channel")
		}
		w.removeMember(ch, who.ID, u.ID)
		return nil
	})
}
