//go:build ignore

// This program writes methods.json from Slack's machine-readable method reference: one JSON file a method, in the
// form of github.com/slack-ruby/slack-api-ref. It takes the reference's folder as an argument:
//
//	go run gen_methods.go DIR
package main

import (
	"encoding/json"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// implemented are the methods the simulator answers; any other is unknown_method.
var implemented = strings.Fields(`
	api.test apps.connections.open auth.test blocks.validate
	bookmarks.add bookmarks.edit bookmarks.list bookmarks.remove bots.info
	canvases.access.delete canvases.access.set canvases.create canvases.delete canvases.edit canvases.sections.lookup
	chat.delete chat.deleteScheduledMessage chat.getPermalink chat.postEphemeral chat.postMessage
	chat.scheduleMessage chat.scheduledMessages.list chat.update
	conversations.archive conversations.canvases.create conversations.close conversations.create
	conversations.history conversations.info conversations.invite conversations.join conversations.kick
	conversations.leave conversations.list conversations.mark conversations.members conversations.open
	conversations.rename conversations.replies conversations.setPurpose conversations.setTopic
	conversations.unarchive
	files.completeUploadExternal files.delete files.getUploadURLExternal files.info files.upload
	pins.add pins.list pins.remove
	reactions.add reactions.get reactions.remove
	team.info usergroups.list usergroups.users.list
	users.conversations users.info users.list users.lookupByEmail
	views.open views.publish views.push views.update`)

type reference struct {
	HTTP  string              `json:"http_method"`
	JSON  bool                `json:"json_input_supported"`
	Tier  string              `json:"rate_limits"`
	Scope map[string][]string `json:"scope"`
	Args  struct {
		Required   []string                   `json:"required"`
		Properties map[string]json.RawMessage `json:"properties"`
	} `json:"args"`
	Errors map[string]any `json:"errors"`
}

type method struct {
	HTTP     string   `json:"http"`
	JSON     bool     `json:"json,omitempty"`
	Tier     string   `json:"tier,omitempty"`
	Scopes   []string `json:"scopes,omitempty"`
	Required []string `json:"required,omitempty"`
	Args     []string `json:"args,omitempty"`
	Limit    int      `json:"limit,omitempty"`
	Errors   []string `json:"errors,omitempty"`
}

// dndInfo is not in the reference; it is taken from Slack's OpenAPI file (slackapi/slack-api-specs).
var dndInfo = method{HTTP: "GET", Tier: "t3", Scopes: []string{"dnd:read"}, Args: []string{"user"}, Errors: []string{"user_not_found"}}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("name the folder with one JSON file a method: go run gen_methods.go DIR")
	}
	dir := os.Args[1]
	table := map[string]method{"dnd.info": dndInfo}
	for _, name := range implemented {
		table[name] = read(filepath.Join(dir, name+".json"))
	}
	out, err := json.MarshalIndent(table, "", "\t")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("methods.json", append(out, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}

func read(path string) method {
	raw, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var ref reference
	if err := json.Unmarshal(raw, &ref); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	isToken := func(name string) bool { return name == "token" }
	var limit struct {
		Default json.Number `json:"default"`
	}
	if p, ok := ref.Args.Properties["limit"]; ok {
		if err := json.Unmarshal(p, &limit); err != nil {
			log.Fatalf("%s: limit: %v", path, err)
		}
	}
	n, _ := limit.Default.Int64()
	return method{
		HTTP: ref.HTTP, JSON: ref.JSON, Tier: ref.Tier, Scopes: ref.Scope["bot"],
		Required: slices.DeleteFunc(ref.Args.Required, isToken),
		Args:     slices.DeleteFunc(slices.Sorted(maps.Keys(ref.Args.Properties)), isToken),
		Limit:    int(n),
		Errors:   slices.Sorted(maps.Keys(ref.Errors)),
	}
}
