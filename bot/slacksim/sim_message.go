package slacksim

import (
	"encoding/base64"
	"unicode/utf8"
)

// writing is what a person writes: POST /sim/message.
type writing struct {
	User     string        `json:"user"`
	Channel  string        `json:"channel"`
	Text     string        `json:"text"`
	ThreadTS string        `json:"thread_ts"`
	Files    []writtenFile `json:"files"`
}

// writtenFile is a file that a person adds to a message or a form: its content as text, or its bytes in base64.
type writtenFile struct {
	Name     string `json:"name"`
	Content  string `json:"content"`
	Base64   string `json:"base64"`
	MimeType string `json:"mimetype"`
}

func (f writtenFile) bytes() ([]byte, error) {
	if f.Name == "" {
		return nil, malformed("A file needs a name.")
	}
	if f.Base64 == "" {
		return []byte(f.Content), nil
	}
	b, err := base64.StdEncoding.DecodeString(f.Base64)
	if err != nil {
		return nil, malformed("The base64 of %s cannot be read: %v.", f.Name, err)
	}
	return b, nil
}

func (s *Server) simMessage(_ string, req writing) (answer object, err error) {
	saved := s.update(func(w *world) { answer, err = w.write(req) })
	return answer, orElse(err, saved)
}

// write posts what a person wrote.
func (w *world) write(req writing) (object, error) {
	u, ch, err := w.where(req.User, req.Channel)
	if err != nil {
		return nil, err
	}
	if err := mayWrite(u, ch); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(req.Text) > maxText {
		return nil, refuseWith("msg_too_long", object{"message": "A message holds at most 40,000 characters."})
	}
	if req.Text == "" && len(req.Files) == 0 {
		return nil, malformed("A message needs a text or files.")
	}
	m := &message{User: u.ID, Text: w.typed(req.Text, false), ClientMsgID: newUUID()}
	if req.ThreadTS != "" {
		root := ch.lasting(req.ThreadTS)
		if root == nil {
			return nil, refuseWith("thread_not_found", object{"message": "There is no message " + req.ThreadTS + " to reply to."})
		}
		if m.ThreadTS = req.ThreadTS; root.ThreadTS != "" {
			m.ThreadTS = root.ThreadTS
		}
	}
	for _, f := range req.Files {
		content, err := f.bytes()
		if err != nil {
			return nil, err
		}
		m.Files = append(m.Files, w.addFile(u.ID, f.Name, f.MimeType, content).ID)
	}
	w.post(ch, m)
	w.shareFiles(ch, m)
	return object{"ts": m.TS}, nil
}

func mayWrite(u *user, ch *channel) error {
	switch {
	case !ch.has(u.ID):
		return refuseWith("not_in_channel", object{"message": u.Name + " is not in this channel; they have to join it first."})
	case ch.Archived:
		return refuseWith("is_archived", object{"message": "This channel is archived."})
	}
	return nil
}

// messageAct is what people do to a message.
type messageAct struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Text    string `json:"text"`
	Name    string `json:"name"`   // of an emoji
	Remove  bool   `json:"remove"` // pin: take it down instead
}

// onMessage finds the person, the place and the message of an act, and does it.
func (s *Server) onMessage(req messageAct, do func(w *world, u *user, ch *channel, m *message) error) (object, error) {
	if req.TS == "" {
		return nil, malformed("ts must be a message's timestamp, for example 1700000000.000001.")
	}
	var err error
	saved := s.update(func(w *world) {
		var u *user
		var ch *channel
		if u, ch, err = w.where(req.User, req.Channel); err != nil {
			return
		}
		m := ch.message(req.TS)
		if m == nil || (m.EphemeralTo != "" && m.EphemeralTo != u.ID) || !w.visible(ch, u.ID) {
			err = refuseWith("message_not_found", object{"message": u.Name + " sees no message " + req.TS + " there."})
			return
		}
		err = do(w, u, ch, m)
	})
	return nil, orElse(err, saved)
}

// onOpenMessage is onMessage for what an archived channel does not allow.
func (s *Server) onOpenMessage(req messageAct, do func(w *world, u *user, ch *channel, m *message) error) (object, error) {
	return s.onMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		if ch.Archived {
			return refuseWith("is_archived", object{"message": "This channel is archived."})
		}
		return do(w, u, ch, m)
	})
}

func (s *Server) simEdit(_ string, req messageAct) (object, error) {
	return s.onOpenMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		if m.User != u.ID || m.EphemeralTo != "" || m.Subtype == "tombstone" {
			return refuseWith("cant_update_message", object{"message": "People edit their own messages only."})
		}
		if req.Text == "" {
			return malformed("The edited message needs a text; to remove it, use /sim/delete.")
		}
		previous := *m
		m.Text, m.Edited = w.typed(req.Text, false), &edited{User: u.ID, TS: w.second()}
		w.messageChanged(ch, m)
		w.emitChanged(ch, m, &previous)
		return nil
	})
}

// simDelete deletes a person's own message, or any where they are the workspace's admin, or puts away what only
// they see.
func (s *Server) simDelete(_ string, req messageAct) (object, error) {
	return s.onMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		if m.User != u.ID && !u.IsAdmin && m.EphemeralTo == "" {
			return refuseWith("cant_delete_message", object{"message": "Only @alice, the workspace's admin, deletes what others wrote."})
		}
		w.remove(ch, m)
		return nil
	})
}

func (s *Server) simReact(_ string, req messageAct) (object, error) {
	return s.onOpenMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		name, err := emojiName(req.Name)
		if err == nil && !w.react(ch, m, u.ID, name) {
			err = refuse("already_reacted")
		}
		return err
	})
}

func (s *Server) simUnreact(_ string, req messageAct) (object, error) {
	return s.onOpenMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		name, err := emojiName(req.Name)
		if err == nil && !w.unreact(ch, m, u.ID, name) {
			err = refuse("no_reaction")
		}
		return err
	})
}

func (s *Server) simPin(_ string, req messageAct) (object, error) {
	if req.Remove {
		return s.simUnpin("", req)
	}
	return s.onOpenMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		if m.EphemeralTo != "" || !w.pin(ch, m, u.ID) {
			return refuse("already_pinned")
		}
		return nil
	})
}

func (s *Server) simUnpin(_ string, req messageAct) (object, error) {
	return s.onOpenMessage(req, func(w *world, u *user, ch *channel, m *message) error {
		if !w.unpin(ch, m, u.ID, true) {
			return refuse("no_pin")
		}
		return nil
	})
}
