// Package slacksim is a Slack workspace on this machine: Slack's Web API, Socket Mode and the people
// behind them, for trying a bot, testing it and drilling with it.
//
// It knows Slack's documented behaviour and nothing of any bot. It shares no code with the bot or with a
// Slack SDK, so that it can disagree with both. What it answers is made from tables: methods.json (arguments,
// scopes, tiers and error codes of each method, generated from Slack's reference by gen_methods.go), limits.go
// (every number of Slack's that is checked) and subscriptions.go (the events an app gets).
//
// # Tour
//
//	server.go            the Server: options, lifetime, the one lock around the world
//	world.go             what exists: people.go, channel.go, message.go, pin.go, bookmark.go, …
//	webapi.go, args.go   one call of the Web API: decoding, token, faults, limits, answer, record
//	api_*.go             one file a method or a family of methods
//	hub.go, socket.go    Socket Mode: connections, envelopes, acks, deadlines, retries
//	frames.go            which messages came in one frame: others Slack drops
//	events.go            what the app is told
//	interaction*.go      slash commands, clicks, forms, shortcuts
//	sim_*.go             the control API below /sim/
//	change.go, stream.go what changed, for the page and for the file
//	journal.go, load.go  the file
//	blockkit/, page/     Block Kit's rules; what a person sees in a browser
//
// To add a method: name it in gen_methods.go and run SLACK_API_REF=DIR go generate, write its handler in an api_
// file, list it in handlers.go. A test fails when a table and a handler disagree, and when an answer has a field or
// an error that Slack's has not (testdata/shapes.json, made by gen_shapes.go).
//
// Everything works inside a testing/synctest bubble over an in-memory listener: time comes from Options.Now
// and package time, and no goroutine outlives [Server.Close].
package slacksim

//go:generate go run gen_methods.go $SLACK_API_REF
