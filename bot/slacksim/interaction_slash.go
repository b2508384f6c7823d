package slacksim

import (
	"encoding/json"
	"slices"
)

// slash is a slash command as a person types it.
type slash struct {
	user          *user
	channel       *channel
	command, text string
}

// slashCommand sends a command to the app and shows what its ack says.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func (s *Server) slashCommand(base string, c slash) (reached, error) {
	r, err := s.dispatch("slash_commands", true, func(w *world) (object, error) {
		if err := w.maySlash(c); err != nil {
			return nil, err
		}
		return object{
			"token": verificationToken, "team_id": teamID, "team_domain": teamDomain, "api_app_id": appID,
			"channel_id": c.channel.ID, "channel_name": c.channel.displayName(), "user_id": c.user.ID,
			"user_name": c.user.Name, "command": c.command, "text": w.typed(c.text, true),
			"is_enterprise_install": "false", "trigger_id": w.newTrigger(c.user.ID),
			"response_url": w.newResponseURL(base, "commands", c.user.ID, c.channel, nil),
		}, nil
	})
	if err == nil && r.response != nil {
		err = s.showAck(c.user.ID, c.channel, r.response)
	}
	return r, err
}

func (w *world) maySlash(c slash) error {
	declared := func(o object) bool { return o["command"] == c.command }
	switch {
	case !slices.ContainsFunc(slashCommands, declared):
		return refuseWith("invalid_command", object{"message": c.command + " is not a valid command."})
	case !c.channel.has(c.user.ID):
		return refuseWith("not_in_channel", object{"message": c.user.Name + " is not in this channel; they have to join it first."})
	case c.channel.Archived:
		return refuseWith("is_archived", object{"message": "This channel is archived: commands cannot be used in it."})
	}
	return nil
}

// showAck posts the message that a command's ack carried, where it is one. What cannot be shown is not: the person
// sees nothing, as in Slack.
func (s *Server) showAck(user string, ch *channel, response json.RawMessage) error {
	args := arguments{}
	if err := args.readJSON(response); err != nil {
		return nil //nolint:nilerr // an ack that is no message is as good as an empty one
	}
	return s.update(func(w *world) {
		c := &call{world: w, server: s, args: args, name: "chat.postMessage", method: methods["chat.postMessage"]}
		_ = c.respond(user, ch)
	})
}
