package slacksim

// suggest asks the app for the options of an external select.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
func (s *Server) suggest(u *user, on target, action, query string) (reached, error) {
	return s.dispatch("interactive", true, func(w *world) (object, error) {
		payload := with(w.interactivePayload("block_suggestion", u), object{"action_id": action, "value": query})
		var blocks []map[string]any
		if on.viewID != "" {
			v := w.anyView(on.viewID, "")
			if v == nil || v.User != u.ID {
				return nil, refuseWith("view_not_found", object{"message": u.Name + " has no view " + on.viewID + " open."})
			}
			blocks = v.blocks()
			with(payload, object{"view": viewJSON(v), "container": object{"type": "view", "view_id": v.ID}})
		} else {
			m := on.channel.message(on.ts)
			if m == nil || !w.visible(on.channel, u.ID) {
				return nil, refuseWith("message_not_found", object{"message": u.Name + " sees no message " + on.ts + " there."})
			}
			blocks = decodeBlocks(m.Blocks)
			with(payload, object{
				"message": w.messageJSON(on.channel, m), "channel": object{"id": on.channel.ID, "name": on.channel.displayName()},
				"container": object{"type": "message", "message_ts": m.TS, "channel_id": on.channel.ID, "is_ephemeral": m.EphemeralTo != ""},
			})
		}
		p, ok := find(blocks, action, "", nil)
		if !ok {
			return nil, refuseWith("action_not_found", object{"message": "There is nothing with the action_id " + action + "."})
		}
		payload["block_id"] = str(p.block, "block_id")
		return payload, nil
	})
}
