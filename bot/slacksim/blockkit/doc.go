// Package blockkit says whether a message's blocks or a view keep Slack's Block
// Kit rules, in the words Slack uses, and gives blocks the form in which Slack
// stores them.
//
// It knows JSON and the rules, nothing of channels, people or the network: that
// a user exists, that an image can be fetched or that a file is the app's is for
// others to say.
//
// The rules are tables: blocks.go, elements.go, selects.go, inputs.go,
// objects.go, richtext.go and views.go say what each object holds, how long, how
// many, and where it may stand. One walker (check.go) applies them, another
// (normalize.go) fills in what Slack fills in. To add a block, add a shape to
// its table; only a rule between several fields needs code, in whole.go.
//
// Not here, and so refused as unsupported, are the newest blocks: alert, card,
// carousel, container, data_table, data_visualization, plan and task_card. Where
// Slack's pages allow what its servers refuse, the servers are followed.
//
// The sources are Slack's reference (https://docs.slack.dev/reference/block-kit,
// its blocks.json for the surfaces), the comments of @slack/types, the model of
// java-slack-sdk, and for what those leave open (which texts may be empty, a
// header's level, a skin tone) the tables of TightknitAI/slack-block-kit-validator,
// made from the same pages and tried in Slack's Block Kit Builder. The words
// of the problems are those of Slack's own validator, slackhq/hack-json-schema,
// and of answers seen in public reports; where neither has any they are ours,
// and whole.go marks them so.
package blockkit
