package slacksim

import (
	"net/http"
	"strconv"
)

// simState answers GET /sim/state: all there is.
func (s *Server) simState(w http.ResponseWriter, _ *http.Request) {
	var state []byte
	s.view(func(world *world) { state = mustJSON(with(world.state(), object{"ok": true})) })
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(state)
}

// state is the world as the control API shows it. rev goes first: what changes after it is in the stream.
func (w *world) state() object {
	rev := w.feed.revision()
	users, groups, channels, views, homes := []object{}, []object{}, []object{}, []object{}, []object{}
	for _, u := range w.users {
		users = append(users, userState(u))
	}
	for _, g := range w.groups {
		groups = append(groups, object{"id": g.ID, "handle": g.Handle, "name": g.Name, "description": g.Description, "users": g.Users})
	}
	for _, ch := range w.channels {
		messages := []object{}
		for _, m := range ch.messages {
			messages = append(messages, w.messageState(ch, m))
		}
		channels = append(channels, with(w.channelState(ch), object{"messages": messages}))
	}
	for _, v := range w.views {
		views = append(views, viewInState(v))
	}
	for _, u := range w.users {
		if home := w.homes[u.ID]; home != nil {
			homes = append(homes, viewInState(home))
		}
	}
	return object{
		"rev": rev, "users": users, "usergroups": groups, "channels": channels, "views": views, "homes": homes,
		"files": w.filesState(nil), "canvases": w.canvasesState(), "sockets": w.hub.state(),
		"commands": slashCommands, "shortcuts": shortcuts, "team": object{"id": teamID, "name": teamName, "domain": teamDomain},
		"app": object{"name": appName, "bot_user": botUserID, "app_id": appID, "bot_id": botID},
	}
}

// userState is a person in /sim/state.
func userState(u *user) object {
	return object{
		"id": u.ID, "name": u.Name, "real_name": u.RealName, "tz": u.TZ, "is_bot": u.IsBot, "email": u.Email,
		"is_restricted": u.IsRestricted, "is_admin": u.IsAdmin, "color": u.Color,
	}
}

// simCalls answers GET /sim/calls?since=N: the Web API calls after the Nth, as they were answered.
func (s *Server) simCalls(w http.ResponseWriter, r *http.Request) {
	var n int64
	var err error
	if since := r.URL.Query().Get("since"); since != "" {
		n, err = strconv.ParseInt(since, 10, 64)
	}
	if err != nil {
		writeControlError(w, malformed("since must be the n of a call, a whole number."))
		return
	}
	writeControl(w, http.StatusOK, object{"ok": true, "calls": s.calls.since(n)})
}
