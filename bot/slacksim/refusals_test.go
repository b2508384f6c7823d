package slacksim

import (
	"strings"
	"testing"
)

// What Slack refuses, call by call. Before each, #incidents holds the app's message at $TS and alice's at $THEIRS,
// #shut is archived ($SHUT, with a message at $OLD), #theirs is a public channel without the app ($OUT), and there is a
// private one that it is in ($IN).
func TestRefusals(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(refusals), "\n") {
		fields := strings.Fields(line)
		code, method := fields[0], fields[1]
		t.Run(strings.Join(fields[:2], " ")+" "+strings.Join(fields[2:], " "), func(t *testing.T) {
			s := serve(t, Options{})
			names := strings.NewReplacer(s.scene()...)
			var pairs []string
			for _, f := range fields[2:] {
				name, value, _ := strings.Cut(names.Replace(f), "=")
				pairs = append(pairs, name, strings.ReplaceAll(value, "LONG", strings.Repeat("x", 2050)))
			}
			s.refused(code, method, pairs...)
		})
	}
}

// scene sets the table for a refusal and says what its names stand for.
func (s *sim) scene() []string {
	ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "ours").at("ts").(string)
	theirs := s.does("message", map[string]string{"user": "alice", "channel": "#incidents", "text": "theirs"}).at("ts").(string)
	shut := s.must("conversations.create", "name", "shut").at("channel", "id").(string)
	old := s.must("chat.postMessage", "channel", shut, "text", "old").at("ts").(string)
	s.must("conversations.archive", "channel", shut)
	out := s.does("create", map[string]any{"user": "alice", "name": "theirs"}).at("channel").(string)
	in := s.must("conversations.create", "name", "in", "is_private", "true").at("channel", "id").(string)
	return []string{"$THEIRS", theirs, "$OLD", old, "$TS", ts, "$SHUT", shut, "$OUT", out, "$IN", in, "$ALICE", aliceID, "$GRACE", graceID, "$BOT", botUserID}
}

const refusals = `
user_not_found users.info user=U0NOBODY00
invalid_arguments users.conversations user=U0NOBODY00
user_not_found dnd.info user=U0NOBODY00
bot_not_found bots.info bot=B0NOBODY00
team_not_found team.info team=T0NOBODY00
channel_not_found conversations.info channel=C0NOBODY00
channel_not_found conversations.members channel=C0NOBODY00
channel_not_found conversations.history channel=C0NOBODY00
channel_not_found conversations.open channel=C0NOBODY00
channel_not_found conversations.open users=$ALICE,$GRACE prevent_creation=true
method_not_supported_for_channel_type conversations.open channel=CINCIDENTS
invalid_user_combination conversations.open users=$BOT
too_many_users conversations.open users=1,2,3,4,5,6,7,8,9
is_archived conversations.invite channel=$SHUT users=$ALICE
not_in_channel conversations.invite channel=$OUT users=$GRACE
no_user conversations.invite channel=CINCIDENTS users=,
method_not_supported_for_channel_type conversations.invite channel=D0000ALICE users=$GRACE
is_archived conversations.join channel=$SHUT
method_not_supported_for_channel_type conversations.join channel=$IN
method_not_supported_for_channel_type conversations.join channel=D0000ALICE
is_archived conversations.leave channel=$SHUT
last_member conversations.leave channel=$IN
user_not_found conversations.kick channel=$IN user=U0NOBODY00
not_in_channel conversations.kick channel=$IN user=$ALICE
not_in_channel conversations.kick channel=$OUT user=$ALICE
cant_kick_from_general conversations.kick channel=C00GENERAL user=$ALICE
is_archived conversations.rename channel=$SHUT name=x
not_in_channel conversations.rename channel=$OUT name=x
name_taken conversations.rename channel=$IN name=general
not_in_channel conversations.archive channel=$OUT
cant_archive_general conversations.archive channel=C00GENERAL
not_archived conversations.unarchive channel=$IN
not_in_channel conversations.setTopic channel=$OUT topic=x
is_archived conversations.setTopic channel=$SHUT topic=x
invalid_timestamp conversations.mark channel=$IN ts=yesterday
not_in_channel conversations.replies channel=$OUT ts=$TS
channel_not_found chat.postMessage channel=C0NOBODY00 text=x
channel_not_found chat.postMessage channel=#nowhere text=x
channel_not_found chat.postMessage channel=$BOT text=x
is_archived chat.postEphemeral channel=$SHUT user=$ALICE text=x
user_not_in_channel chat.postEphemeral channel=CINCIDENTS user=$GRACE text=x
no_text chat.postEphemeral channel=CINCIDENTS user=$ALICE
is_inactive chat.update channel=$SHUT ts=$OLD text=x
cant_update_message chat.update channel=CINCIDENTS ts=$THEIRS text=x
invalid_attachments chat.update channel=CINCIDENTS ts=$TS attachments={
channel_not_found chat.delete channel=C0NOBODY00 ts=$TS
message_not_found chat.getPermalink channel=CINCIDENTS message_ts=1.2
invalid_time chat.scheduleMessage channel=CINCIDENTS text=x post_at=tomorrow
time_too_far chat.scheduleMessage channel=CINCIDENTS text=x post_at=9223372036854775807
time_in_past chat.scheduleMessage channel=CINCIDENTS text=x post_at=-9223372036854775808
channel_not_found chat.scheduleMessage channel=C0NOBODY00 text=x post_at=9
channel_not_found chat.deleteScheduledMessage channel=C0NOBODY00 scheduled_message_id=Q1
invalid_channel chat.scheduledMessages.list channel=C0NOBODY00
message_not_found pins.add channel=CINCIDENTS timestamp=1234567890.000001
bad_timestamp pins.add channel=CINCIDENTS timestamp=soon
no_item_specified pins.add channel=CINCIDENTS
not_in_channel pins.add channel=$OUT timestamp=$TS
not_pinnable pins.add channel=$SHUT timestamp=$OLD
channel_not_found pins.list channel=C0NOBODY00
channel_not_found bookmarks.list channel_id=C0NOBODY00
invalid_arguments bookmarks.add channel_id=$IN type=link link=https://x title=LONG
invalid_arguments bookmarks.add channel_id=$IN type=link link=https://LONG title=x
invalid_emoji bookmarks.add channel_id=$IN type=link link=https://x title=x emoji=:no?:
not_found bookmarks.edit channel_id=$IN bookmark_id=Bk1
is_archived reactions.add channel=$SHUT timestamp=$OLD name=eyes
no_item_specified reactions.get channel=CINCIDENTS
channel_not_found reactions.get channel=C0NOBODY00 timestamp=$TS
alt_txt_too_large files.getUploadURLExternal filename=x length=1 alt_txt=LONG
file_upload_size_restricted files.getUploadURLExternal filename=x length=9999999999
invalid_arguments files.getUploadURLExternal filename=x length=much
invalid_arguments files.completeUploadExternal files=[]
file_not_found files.info file=F1
file_not_found files.delete file=F1
restricted_action conversations.canvases.create channel_id=$OUT
invalid_arguments canvases.create document_content=x
canvas_not_found canvases.edit canvas_id=F1 changes=[]
canvas_not_found canvases.sections.lookup canvas_id=F1 criteria={}
invalid_arguments canvases.access.set canvas_id=F1 access_level=all
invalid_arguments views.open trigger_id=1 view={
invalid_arguments views.open trigger_id=1 view=[]
invalid_arguments views.publish user_id=U0NOBODY00 view={}
invalid_arguments views.publish user_id=$ALICE view={"type":"modal","title":{"type":"plain_text","text":"T"},"blocks":[]}
invalid_arguments blocks.validate message={ 
`
