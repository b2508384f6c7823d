package slacksim

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// responseURL is the right to answer something a person did: five times in half an hour, whatever channel it is.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
type responseURL struct {
	user    string
	channel *channel
	origin  *message // the message that was acted on; nil after a slash command
	expires time.Time
	uses    int
}

// newResponseURL makes a URL of the given kind: commands or actions.
func (w *world) newResponseURL(base, kind, user string, ch *channel, origin *message) string {
	for path, r := range w.responses {
		if w.now().Sub(r.expires) > time.Hour {
			delete(w.responses, path)
		}
	}
	path := "/" + kind + "/" + teamID + "/" + strconv.FormatInt(w.nextNumber("response"), 10) + "/" + newSecret()
	w.responses[path] = &responseURL{user: user, channel: ch, origin: origin, expires: w.now().Add(responseURLLife)}
	return base + path
}

// serveResponseURL takes an answer.
func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	args := arguments{}
	if err == nil {
		err = args.readJSON(body)
	}
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	saved := s.update(func(world *world) {
		c := &call{world: world, server: s, args: args, name: "chat.postMessage", method: methods["chat.postMessage"]}
		err = c.useResponseURL(r.URL.Path)
	})
	var refused *refusal
	switch {
	case errors.As(err, &refused) && (refused.code == "used_url" || refused.code == "expired_url"):
		http.Error(w, refused.code, http.StatusNotFound)
	case err != nil:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
		w.Write(failed(http.StatusBadRequest, err).body)
	case saved != nil:
		http.Error(w, "the workspace cannot be kept: "+saved.Error(), http.StatusInternalServerError)
	default:
		io.WriteString(w, "ok")
	}
}

func (c *call) useResponseURL(path string) error {
	r := c.responses[path]
	if r == nil || c.now().After(r.expires) {
		return refuse("expired_url")
	}
	if r.uses >= responseURLUses {
		return refuse("used_url")
	}
	r.uses++
	switch {
	case r.origin == nil || r.channel.message(r.origin.TS) == nil:
		return c.respond(r.user, r.channel)
	case c.args.boolean("delete_original"):
		c.remove(r.channel, r.origin)
		return nil
	case c.args.boolean("replace_original"):
		return c.replace(r.channel, r.origin)
	}
	return c.respond(r.user, r.channel)
}

// respond posts the call's message in ch: for all to see where it says in_channel, else for user alone.
func (c *call) respond(user string, ch *channel) error {
	k, err := c.content()
	if err != nil {
		return err
	}
	if k.empty() {
		return refuse("no_text")
	}
	m := k.message()
	if c.args["response_type"] != "in_channel" {
		m.EphemeralTo, m.Metadata = user, nil
	}
	if err := c.thread(ch, m); err != nil {
		return err
	}
	c.post(ch, m)
	return nil
}

// replace puts the call's message in the place of m.
func (c *call) replace(ch *channel, m *message) error {
	k, err := c.content()
	if err != nil {
		return err
	}
	if k.empty() {
		return refuse("no_text")
	}
	previous, with := *m, k.message()
	m.Text, m.Blocks, m.Attachments = with.Text, with.Blocks, with.Attachments
	if m.EphemeralTo == "" {
		m.Edited = &edited{User: botUserID, TS: c.second()}
		c.emitChanged(ch, m, &previous)
	}
	c.messageChanged(ch, m)
	return nil
}
