package slacksim

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// slackGo is a slack-go client of the workspace.
func (s *sim) slackGo() *slack.Client {
	return slack.New(BotToken, slack.OptionAppLevelToken(AppToken), slack.OptionAPIURL(s.base+"/api/"), slack.OptionHTTPClient(s.client))
}

// slack-go's client does with the workspace what an incident bot does with Slack.
func TestSlackGoClient(t *testing.T) {
	s := serve(t, Options{})
	ctx := t.Context()
	api := s.slackGo()
	check := func(what string, err error) { t.Helper(); worked(t, what, err) }
	auth, err := api.AuthTestContext(ctx)
	check("auth.test", err)
	if auth.UserID != botUserID || auth.BotID != botID || auth.TeamID != teamID {
		t.Errorf("auth.test = %+v", auth)
	}
	ch, err := api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "inc-1"})
	check("conversations.create", err)
	_, err = api.InviteUsersToConversationContext(ctx, ch.ID, aliceID, bobID)
	check("conversations.invite", err)
	blocks := slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*INC-1* checkout is down", false, false), nil, nil),
		slack.NewActionBlock("card", slack.NewButtonBlockElement("ack", "INC-1", slack.NewTextBlockObject("plain_text", "Acknowledge", false, false))),
	)
	metadata := slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "fireboss_card", EventPayload: map[string]any{"incident": "INC-1"}})
	_, ts, err := api.PostMessageContext(ctx, ch.ID, slack.MsgOptionText("INC-1", false), blocks, metadata)
	check("chat.postMessage", err)
	check("pins.add", api.AddPinContext(ctx, ch.ID, slack.NewRefToMessage(ch.ID, ts)))
	_, err = api.SetTopicOfConversationContext(ctx, ch.ID, "SEV-1")
	check("conversations.setTopic", err)
	_, err = api.AddBookmarkContext(ctx, ch.ID, slack.AddBookmarkParameters{Title: "Dashboard", Type: "link", Link: "https://example.com"})
	check("bookmarks.add", err)
	_, _, _, err = api.UpdateMessageContext(ctx, ch.ID, ts, slack.MsgOptionText("INC-1 acknowledged", false))
	check("chat.update", err)
	_, err = api.PostEphemeralContext(ctx, ch.ID, aliceID, slack.MsgOptionText("psst", false))
	check("chat.postEphemeral", err)
	check("reactions.add", api.AddReactionContext(ctx, "eyes", slack.NewRefToMessage(ch.ID, ts)))
	history, err := api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: ch.ID, IncludeAllMetadata: true})
	check("conversations.history", err)
	card := history.Messages[slices.IndexFunc(history.Messages, func(m slack.Message) bool { return m.Timestamp == ts })]
	if card.Metadata.EventPayload["incident"] != "INC-1" || card.Reactions[0].Name != "eyes" || card.Edited == nil {
		t.Errorf("card = %+v", card)
	}
	link, err := api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: ch.ID, Ts: ts})
	check("chat.getPermalink", err)
	if link == "" {
		t.Error("no permalink")
	}
	_, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: aliceID, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
	}})
	check("views.publish", err)
	file, err := api.UploadFileContext(ctx, slack.UploadFileParameters{Channel: ch.ID, Filename: "x.md", FileSize: 3, Content: "# x", Title: "X"})
	check("files.uploadV2", err)
	whole, _, _, err := api.GetFileInfoContext(ctx, file.ID, 0, 0)
	check("files.info", err)
	var content bytes.Buffer
	check("download", api.GetFileContext(ctx, whole.URLPrivateDownload, &content))
	if content.String() != "# x" {
		t.Errorf("downloaded %q", content.String())
	}
	_, err = api.CreateChannelCanvasContext(ctx, ch.ID, slack.DocumentContent{Type: "markdown", Markdown: "# Postmortem"})
	check("conversations.canvases.create", err)
	check("conversations.archive", api.ArchiveConversationContext(ctx, ch.ID))
	if err := api.ArchiveConversationContext(ctx, ch.ID); err == nil || err.Error() != "already_archived" {
		t.Errorf("archived twice: %v", err)
	}
	_, _, err = api.PostMessageContext(ctx, "CINCIDENTS", slack.MsgOptionBlocks(slack.NewSectionBlock(nil, nil, nil)))
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "invalid_blocks" || len(refused.ResponseMetadata.Messages) == 0 {
		t.Errorf("wrong blocks: %v", err)
	}
	s.does("faults", map[string]any{"method": "auth.test", "kind": "ratelimit", "retry_after": 2})
	var limited *slack.RateLimitedError
	if _, err := api.AuthTestContext(ctx); !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("rate limited: %v", err)
	}
}

func worked(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// It reads people, groups and members too.
func TestSlackGoPeople(t *testing.T) {
	s := serve(t, Options{})
	ctx := t.Context()
	api := s.slackGo()
	check := func(what string, err error) { t.Helper(); worked(t, what, err) }
	people, err := api.GetUsersContext(ctx)
	check("users.list", err)
	if len(people) != 6 || people[0].TZ != "Europe/Berlin" || people[0].Profile.Email != "alice@example.com" {
		t.Errorf("people = %+v", people)
	}
	groups, err := api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
	check("usergroups.list", err)
	if groups[0].Handle != "oncall" || len(groups[0].Users) != 2 {
		t.Errorf("groups = %+v", groups)
	}
	members, _, err := api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: "CINCIDENTS"})
	check("conversations.members", err)
	if !slices.Equal(members, []string{aliceID, bobID, carolID, daveID, botUserID}) {
		t.Errorf("members = %v", members)
	}
}

// slack-go's Socket Mode client stays connected for a day, through the refreshes, and understands all it is sent.
func TestSlackGoSocketMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, Options{})
		network := s.client.Transport.(*http.Transport).DialContext
		api := s.slackGo()
		client := socketmode.New(api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: network}))
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan struct{})
		go func() { defer close(ran); client.RunContext(ctx) }()
		kinds := make(chan string, 1000)
		pumped := make(chan struct{})
		go func() { defer close(pumped); pump(ctx, t, client, kinds) }()
		defer func() { cancel(); <-ran; <-pumped }()

		want := func(kind string) {
			t.Helper()
			for {
				select {
				case got := <-kinds:
					if got == kind {
						return
					}
				case <-time.After(time.Minute):
					t.Fatalf("%s did not come", kind)
				}
			}
		}
		want("hello")
		for range 48 {
			later(30*time.Minute + 7*time.Second) // of the bubble's clock; not the moment of a refresh
			if r := s.does("slash", map[string]string{"user": "bob", "channel": "#alerts", "command": "/inc", "text": "list"}); r.at("response", "text") != "heard" {
				t.Fatalf("slash: %s", r.raw)
			}
			want("slash_commands")
		}
		ts := s.must("chat.postMessage", "channel", "CINCIDENTS", "text", "card", "blocks", button).at("ts").(string)
		want("message")
		s.does("message", map[string]any{"user": "alice", "channel": "#incidents", "text": "@fireboss help", "files": []any{map[string]string{"name": "x", "content": "x"}}})
		want("app_mention")
		want("file_shared")
		s.does("click", map[string]string{"user": "alice", "channel": "#incidents", "ts": ts, "action_id": "a"})
		want("block_actions")
		s.does("shortcut", map[string]string{"user": "alice", "callback_id": "x"})
		want("shortcut")
		s.does("shortcut", map[string]string{"user": "alice", "callback_id": "x", "channel": "#incidents", "ts": ts})
		want("message_action")
		for _, act := range []string{"react", "unreact"} {
			s.does(act, map[string]string{"user": "alice", "channel": "#incidents", "ts": ts, "name": "eyes"})
		}
		want("reaction_removed")
		for _, act := range []string{"pin", "unpin"} {
			s.does(act, map[string]string{"user": "alice", "channel": "#incidents", "ts": ts})
		}
		want("pin_removed")
		s.does("home", map[string]string{"user": "alice"})
		want("app_home_opened")
		for _, act := range []string{"leave", "join"} {
			s.does(act, map[string]string{"user": "dave", "channel": "#incidents"})
		}
		want("member_joined_channel")
		s.does("rename", map[string]string{"user": "alice", "channel": "#incidents", "name": "fires"})
		want("channel_rename")
		s.does("archive", map[string]string{"user": "alice", "channel": "#fires"})
		want("channel_archive")
	})
}

// pump acknowledges everything and says what it was; what slack-go cannot read fails the test.
func pump(ctx context.Context, t *testing.T, client *socketmode.Client, kinds chan<- string) {
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-client.Events:
			kind := string(event.Type)
			switch data := event.Data.(type) {
			case slack.SlashCommand:
				client.AckCtx(ctx, event.Request.EnvelopeID, map[string]any{"text": "heard"})
			case slackevents.EventsAPIEvent:
				kind = data.InnerEvent.Type
				client.AckCtx(ctx, event.Request.EnvelopeID, nil)
			case slack.InteractionCallback:
				kind = string(data.Type)
				client.AckCtx(ctx, event.Request.EnvelopeID, nil)
			case *socketmode.ErrorBadMessage:
				t.Errorf("slack-go cannot read %s: %v", data.Message, data.Cause)
			}
			kinds <- kind
		}
	}
}
