package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Scope is a permission that the app needs, and why.
type Scope struct{ Name, Why string }

// Scopes are all that the bot token needs.
var Scopes = []Scope{
	{"commands", "to take the slash commands"},
	{"app_mentions:read", "to answer @fireboss, also in threads"},
	{"chat:write", "to post the card, updates and answers"},
	{"chat:write.public", "to announce in a public channel without joining it"},
	{"channels:manage", "to make an incident's channel, invite people, set its topic"},
	{"channels:read", "to see whether an incident's channel is still there"},
	{"channels:history", "to record what is said in an incident's channel, and to find its own messages after a crash"},
	{"groups:write", "the same for private incidents"},
	{"groups:read", "the same for private incidents"},
	{"groups:history", "the same for private incidents"},
	{"im:write", "to tell people what concerns them alone"},
	{"im:history", "to find its own direct messages after a crash"},
	{"users:read", "to know people by name and time zone"},
	{"usergroups:read", "to know who is in @oncall"},
	{"dnd:read", "to remind somebody else where it is grave and somebody rests"},
	{"reactions:read", "to see what people mark, make a task or say they are on"},
	{"files:read", "to keep what is shared in an incident's channel"},
	{"pins:write", "to pin the card"},
	{"pins:read", "to notice when the card is unpinned"},
	{"reactions:read", "to see who sounds the alarm at a message"},
	{"bookmarks:write", "to bookmark the incident's page"},
	{"bookmarks:read", "to find that bookmark after a crash"},
	{"canvases:write", "to show a published postmortem in its channel's canvas"},
	{"canvases:read", "to find that canvas after a crash"},
}

// Needs are what some configurations need of the app beyond the rest.
type Needs struct {
	// Emails says that who signs in elsewhere is recognised by their address.
	Emails bool
	// Redirect is where Slack sends people back who sign in with it; empty: nobody does.
	Redirect string
}

// scopes are all that the bot token needs.
func (n Needs) scopes() []Scope {
	if !n.Emails {
		return Scopes
	}
	return append(slices.Clone(Scopes), Scope{"users:read.email", "to recognise who signs in to the pages by their address"})
}

// Events are the events that the app subscribes to.
var Events = []string{
	"app_home_opened", "app_mention", "channel_archive", "channel_deleted", "channel_left", "channel_rename", "channel_unarchive",
	"group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive",
	"member_joined_channel", "member_left_channel", "message.channels", "message.groups", "pin_removed",
	"reaction_added", "reaction_removed",
	"subteam_members_changed", "subteam_updated", "team_join", "user_change",
}

// Commands are the slash commands, the second short for the first.
var Commands = []string{"/incident", "/inc"}

// Check asks Slack whether tokens and scopes serve. It answers every problem it
// finds as a sentence.
func (c *Client) Check(ctx context.Context, n Needs) []string {
	if err := c.Connect(ctx); err != nil {
		return []string{"slack.bot_token: " + err.Error()}
	}
	var problems []string
	granted := c.wire.granted()
	for _, s := range n.scopes() {
		if len(granted) > 0 && !slices.Contains(granted, s.Name) {
			problems = append(problems, fmt.Sprintf("slack.bot_token: the scope %s is missing; it is needed %s. Add it under OAuth & Permissions and reinstall the app", s.Name, s.Why))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if _, _, err := c.api.StartSocketModeContext(ctx); err != nil {
		problems = append(problems, "slack.app_token: "+explain("apps.connections.open", err).Error()+" (it needs the scope connections:write, and Socket Mode switched on)")
	}
	return problems
}

// manifest is a Slack app manifest, as far as this app needs one
// (docs.slack.dev/reference/app-manifest).
type manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Background  string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Shortcuts []manifestShortcut `yaml:"shortcuts"`
		Commands  []manifestCommand  `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Redirects []string `yaml:"redirect_urls,omitempty"`
		Scopes    struct {
			User []string `yaml:"user,omitempty"`
			Bot  []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			On bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		OrgDeploy bool `yaml:"org_deploy_enabled"`
		Socket    bool `yaml:"socket_mode_enabled"`
		Rotation  bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

type manifestCommand struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

type manifestShortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

// Callback ids of the shortcuts.
const (
	shortcutDeclare = "declare_incident"
	shortcutMessage = "open_incident_from_message"
)

// shortcut is one of the app's entries in Slack's menus.
type shortcut struct{ Name, Type, CallbackID, Description string }

var shortcuts = []shortcut{
	{"Declare an incident", "global", shortcutDeclare, "Opens a form: what is wrong, and how bad is it?"},
	{"Open an incident", "message", shortcutMessage, "Opens an incident from this message"},
}

// Manifest is the app manifest, in YAML, from which Slack makes the app.
func Manifest(n Needs) ([]byte, error) {
	var m manifest
	m.Metadata.Major, m.Metadata.Minor = 1, 1
	m.Display.Name, m.Display.Description, m.Display.Background = "Fireboss", "Opens a room for every incident, keeps the clock and writes everything down", "#7a1f1f"
	m.Features.AppHome.Messages, m.Features.AppHome.Home = true, true
	for _, s := range shortcuts {
		m.Features.Shortcuts = append(m.Features.Shortcuts, manifestShortcut(s))
	}
	m.Features.Bot.Name, m.Features.Bot.Online = "fireboss", true
	for _, c := range Commands {
		m.Features.Commands = append(m.Features.Commands, manifestCommand{c, "Declare an incident and run it to its end", "open sev1 what is wrong | help", true})
	}
	if n.Redirect != "" { // what Sign in with Slack asks for
		m.OAuth.Redirects, m.OAuth.Scopes.User = []string{n.Redirect}, []string{"openid", "profile", "email"}
	}
	for _, s := range n.scopes() {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
	}
	m.Settings.Events.Bot = Events
	m.Settings.Interactivity.On, m.Settings.Socket = true, true
	b, err := yaml.Marshal(m)
	if err != nil {
		return nil, err
	}
	return append([]byte("# "+strings.TrimSpace("Paste this at api.slack.com/apps → Create New App → From a manifest.")+"\n"), b...), nil
}
