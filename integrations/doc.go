// Package integrations is what an outside system can do for us: the contract of the packages below it, and what they
// share.
//
// An outside system is a [Kind]: a name, its settings, and how to make an [Integration] of them. What it can do are the
// plain fields of that; one that is nil it cannot do. Nothing here starts a goroutine or knows the rest of the program.
//
// All of them call out through one [Outbound]: only the address of the configuration, never a private one or a cloud's
// metadata unless it was allowed, no redirects, bounded in time and size, again as [Judge] says and no more than a
// system can take. And every text that leaves passes one [Egress]: how far it may travel, and without secrets.
//
// What comes in is a [Source]'s: how it proves where it is from, and what it says. It is all a stranger's: [JSON] takes
// whatever is there, and package fireboss/incidents/alerts bounds what is kept of it.
//
// To add one: a folder with its name, a Config whose field tags say everything (see fireboss/bot/settings; secrets are
// of the type [Secret]), a Kind, testdata of the real thing; one line in all/all.go; and
//
//	go test ./bot/settings -update
//
// for config.example.yaml. The tests in all/ hold for each.
package integrations
