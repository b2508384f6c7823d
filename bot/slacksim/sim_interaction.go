package slacksim

import "encoding/json"

// typedCommand is POST /sim/slash.
type typedCommand struct {
	User     string `json:"user"`
	Channel  string `json:"channel"`
	Command  string `json:"command"`
	Text     string `json:"text"`
	ThreadTS string `json:"thread_ts"`
}

func (s *Server) simSlash(base string, req typedCommand) (object, error) {
	c := slash{command: req.Command, text: req.Text}
	var err error
	saved := s.update(func(w *world) { c.user, c.channel, err = w.where(req.User, req.Channel) })
	if err := orElse(err, saved); err != nil {
		return nil, err
	}
	if req.Command == "" || req.Command[0] != '/' {
		return nil, malformed("command must be a slash command, for example /incident, not %q.", req.Command)
	}
	if req.ThreadTS != "" {
		return nil, refuseWith("not_supported_in_threads", object{"message": req.Command + " is not supported in threads. Sorry!"})
	}
	r, err := s.slashCommand(base, c)
	return r.json(), err
}

// pressed is POST /sim/click, in a message (channel, ts) or a view (view_id). values are what else was entered in
// the view's other fields.
type pressed struct {
	User     string                     `json:"user"`
	Channel  string                     `json:"channel"`
	TS       string                     `json:"ts"`
	ViewID   string                     `json:"view_id"`
	ActionID string                     `json:"action_id"`
	BlockID  string                     `json:"block_id"`
	Value    json.RawMessage            `json:"value"`
	Values   map[string]json.RawMessage `json:"values"`
}

func (s *Server) simClick(base string, req pressed) (object, error) {
	c := click{action: req.ActionID, block: req.BlockID, value: req.Value, values: req.Values}
	c.target = target{ts: req.TS, viewID: req.ViewID}
	var err error
	saved := s.update(func(w *world) {
		if c.user, err = w.human(req.User); err == nil && req.ViewID == "" {
			c.target.channel, err = w.namedChannel(req.Channel, c.user.ID)
		}
	})
	if err := orElse(err, saved); err != nil {
		return nil, err
	}
	if req.ActionID == "" || (req.ViewID == "") == (req.TS == "") {
		return nil, malformed("A click needs an action_id and either channel and ts of a message or the view_id of a view.")
	}
	r, dispatched, err := s.click(base, c)
	if err != nil || !dispatched {
		return object{"dispatched": false}, err
	}
	return r.json(), nil
}

// sentForm is POST /sim/submit and, without values, POST /sim/close.
type sentForm struct {
	User   string                     `json:"user"`
	ViewID string                     `json:"view_id"`
	Values map[string]json.RawMessage `json:"values"`
	All    bool                       `json:"all"` // close: the whole stack
}

// who is the person whose form it is.
func (f sentForm) who(s *Server) (*user, error) {
	if f.ViewID == "" {
		return nil, malformed("view_id must be the id of an open form; /sim/state lists those.")
	}
	return s.human(f.User)
}

func (s *Server) simSubmit(base string, req sentForm) (object, error) {
	u, err := req.who(s)
	if err != nil {
		return nil, err
	}
	r, err := s.submit(base, u, req.ViewID, req.Values)
	return r.json(), err
}

func (s *Server) simClose(_ string, req sentForm) (object, error) {
	u, err := req.who(s)
	if err != nil {
		return nil, err
	}
	r, err := s.closeView(u, req.ViewID, req.All)
	if r.envelope == "" {
		return nil, err // the app did not ask to be told
	}
	return r.json(), err
}

func (s *Server) human(name string) (u *user, err error) {
	s.view(func(w *world) { u, err = w.human(name) })
	return u, err
}

// chosenShortcut is POST /sim/shortcut; with channel and ts it is one on a message.
type chosenShortcut struct {
	User       string `json:"user"`
	CallbackID string `json:"callback_id"`
	Channel    string `json:"channel"`
	TS         string `json:"ts"`
}

func (s *Server) simShortcut(base string, req chosenShortcut) (object, error) {
	if req.CallbackID == "" || (req.Channel == "") != (req.TS == "") {
		return nil, malformed("A shortcut needs a callback_id and, on a message, both channel and ts.")
	}
	var u *user
	var err error
	on := target{ts: req.TS}
	saved := s.update(func(w *world) {
		if u, err = w.human(req.User); err == nil && req.TS != "" {
			on.channel, err = w.namedChannel(req.Channel, u.ID)
		}
	})
	if err := orElse(err, saved); err != nil {
		return nil, err
	}
	r, err := s.shortcut(base, u, req.CallbackID, on)
	return r.json(), err
}

// simHome opens the app's home: POST /sim/home.
func (s *Server) simHome(_ string, req struct {
	User string `json:"user"`
}) (object, error) {
	var err error
	saved := s.update(func(w *world) {
		var u *user
		if u, err = w.human(req.User); err == nil {
			w.openHome(u)
		}
	})
	return nil, orElse(err, saved)
}

// simOptions asks the app what an external select offers for what was typed: POST /sim/options. The answer's
// response is {options} or {option_groups}.
func (s *Server) simOptions(_ string, req pressed) (object, error) {
	u, err := s.human(req.User)
	if err != nil {
		return nil, err
	}
	on := target{ts: req.TS, viewID: req.ViewID}
	saved := s.update(func(w *world) {
		if req.ViewID == "" {
			on.channel, err = w.namedChannel(req.Channel, u.ID)
		}
	})
	var query string
	if err = orElse(err, saved); err == nil && json.Unmarshal(req.Value, &query) != nil {
		err = malformed("value must be what was typed, a string.")
	}
	if err != nil {
		return nil, err
	}
	r, err := s.suggest(u, on, req.ActionID, query)
	return r.json(), err
}
