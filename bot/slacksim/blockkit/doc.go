// Package blockkit says whether a message's blocks or a view keep Slack's Block
// Kit rules, in the words Slack uses.
//
// It knows JSON and the rules, nothing of channels, people or the network.
package blockkit
