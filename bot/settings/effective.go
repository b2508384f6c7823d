package settings

import (
	"errors"
	"reflect"
	"strings"
)

// Effective prints settings as a configuration file that loads back to them, defaults and all. A secret is printed as
// the reference it was given by (${NAME}, file:/path); one that was given in full is printed in full only where
// literal allows it for its key (such as slack.bot_token or api_tokens[0].token), else it is an error that names the
// key. A nil literal allows none.
func Effective(s Settings, literal func(key string) bool) ([]byte, error) {
	o := outline{printer: printer{literal: literal}}
	o.line("", "# The configuration in effect: every key, those with default values too.")
	o.section(reflect.ValueOf(s), "", "")
	if len(o.problems) > 0 {
		return nil, errors.New(strings.Join(o.problems, "\n"))
	}
	return []byte(o.b.String()), nil
}
