package settings

import (
	"reflect"
	"strings"
)

// Example is the text of config.example.yaml: every key with its meaning and its default. It is itself a configuration, and
// one that says nothing but the defaults and the two Slack tokens. The sections of integrations are comments, since
// having one switches the integration on.
func Example(integrations map[string]func() any) []byte {
	o := outline{docs: true}
	o.b.WriteString(exampleHead)
	o.section(reflect.ValueOf(Defaults()), "", "")
	text := o.b.String()
	if len(integrations) > 0 {
		before, after, _ := strings.Cut(text, "integrations: {}\n")
		text = before + "integrations:\n" + exampleIntegrations(integrations) + after
	}
	return []byte(text)
}

const exampleHead = `# Fireboss's configuration: every key, its meaning and its default.
# Generated from the program; copy it to config.yaml and keep what you change.
#
# A key left out keeps its default, a key that is unknown is a mistake, and
#   fireboss check --config config.yaml
# tells all mistakes at once.
#
# ${NAME} in a value is the environment variable of that name; $${ is ${ itself.
# A secret can be in a file that others cannot read: file:/run/secrets/slack_bot_token
# Durations: 90s, 5m, 2h, 1h30m, 3d, 400d, 0. Sizes: 500KB, 5MB, 1GiB, 0.
# Within { } and [ ], and where it begins with @ or #, a value has to be in quotes.
`

// exampleIntegrations has all sections, each to be switched on by taking away the "# " before it.
func exampleIntegrations(integrations map[string]func() any) string {
	var all strings.Builder
	for i, name := range sortedKeys(integrations) {
		if i > 0 {
			all.WriteString("\n")
		}
		o := outline{docs: true, said: map[string]bool{}}
		v := reflect.ValueOf(integrations[name]()).Elem()
		fill(v)
		if doc := docOf(v.Type()); doc != "" {
			o.comment("", doc, "")
		}
		o.line("", name+":")
		o.section(v, join("integrations", name), "  ")
		for line := range strings.Lines(o.b.String()) {
			all.WriteString(strings.TrimRight("  # "+line, " \n") + "\n")
		}
	}
	return all.String()
}
