//go:build ignore

// This program writes testdata/shapes.json: of every answer and payload that the workspace sends, which fields Slack
// has been seen to send and of which JSON type. It takes the file of all shapes as an argument (an object: name of the
// sample → path → types), made from the json-logs of github.com/slackapi/java-slack-sdk (MIT):
//
//	go run gen_shapes.go SHAPES
package main

import (
	"encoding/json"
	"log"
	"os"
	"regexp"
	"strings"
)

// events are the Events API samples for what the workspace sends.
var events = strings.Fields(`
	AppHomeOpened AppMention ChannelArchive ChannelLeft ChannelRename ChannelUnarchive FileShared GroupArchive GroupLeft
	GroupRename GroupUnarchive MemberJoinedChannel MemberLeftChannel Message MessageBot MessageChanged
	MessageChannelArchive MessageChannelJoin MessageChannelLeave MessageChannelName MessageChannelPurpose
	MessageChannelTopic MessageChannelUnarchive MessageDeleted MessageFileShare MessageThreadBroadcast PinAdded PinRemoved
	ReactionAdded ReactionRemoved`)

// payloads are the samples of what people do to an app.
var payloads = strings.Fields(`BlockAction MessageShortcut SlashCommand ViewClosed ViewSubmission`)

// elsewhere are parts of Slack that the workspace does not have: lists, huddles, assistants, pictures' thumbnails, …
var elsewhere = regexp.MustCompile(`list_metadata|list_limits|\.room\b|media_progress|assistant_app_thread|huddle|\.saved\b|` +
	`transcription|favorites|headers|\.(from|to|cc)\b|title_blocks|thumb_|attachments\[\]|initial_comment|dm_mpdm|simplified|` +
	`preview|template|\.comment\.|C03E94MKU_|quip`)

// aChannel is an id that stands as a field's name in the samples.
const aChannel = ".C03E94MKU"

// dndInfo is from Slack's OpenAPI file; the samples lack it.
var dndInfo = map[string]string{
	"ok": "bool", "error": "string", "dnd_enabled": "bool", "next_dnd_start_ts": "number", "next_dnd_end_ts": "number",
	"snooze_enabled": "bool",
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("name the file of all shapes: go run gen_shapes.go SHAPES")
	}
	var all map[string]map[string]string
	read(os.Args[1], &all)
	var methods map[string]json.RawMessage
	read("methods.json", &methods)
	kept := map[string]map[string]string{"api/dnd.info": dndInfo}
	keep := func(name string) {
		if all[name] == nil {
			return
		}
		kept[name] = map[string]string{}
		for path, kind := range all[name] {
			if !elsewhere.MatchString(path) {
				kept[name][strings.ReplaceAll(path, aChannel, ".*")] = kind
			}
		}
	}
	for name := range methods {
		keep("api/" + name)
	}
	for _, name := range events {
		keep("events/" + name + "Payload")
	}
	for _, name := range payloads {
		keep("app-backend/" + name + "Payload")
	}
	out, err := json.MarshalIndent(kept, "", "\t")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("testdata/shapes.json", append(out, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}

func read(path string, v any) {
	raw, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
}
