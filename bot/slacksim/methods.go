package slacksim

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// method is what Slack's reference says of a Web API method; see gen_methods.go.
type method struct {
	HTTP     string   `json:"http"`
	JSON     bool     `json:"json"`   // takes a JSON body; others see no arguments in one
	Tier     string   `json:"tier"`   // t1 … t5, see tiers
	Scopes   []string `json:"scopes"` // any one of them will do
	Required []string `json:"required"`
	Args     []string `json:"args"`
	Limit    int      `json:"limit"`  // a page's length where none is asked for; 0: all
	Errors   []string `json:"errors"` // besides commonErrors
}

//go:embed methods.json
var methodsFile []byte

// methods are the methods there are, by name.
var methods = func() map[string]*method {
	var table map[string]*method
	if err := json.Unmarshal(methodsFile, &table); err != nil {
		panic("slacksim: methods.json: " + err.Error())
	}
	return table
}()

// commonErrors may come from any method (docs.slack.dev, the list at the foot of every method's page).
var commonErrors = strings.Fields(`
	access_denied account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted fatal_error
	internal_error invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset invalid_form_data
	invalid_json invalid_post_type json_not_object method_deprecated missing_post_type missing_scope no_permission
	not_allowed_token_type not_authed org_login_required ratelimited request_timeout service_unavailable
	team_access_not_granted team_added_to_org token_expired token_revoked two_factor_setup_required unknown_method`)

// tokenless are the methods that ask for no token; appLevel those that take the app-level token and no other.
var (
	tokenless = []string{"api.test", "blocks.validate"}
	appLevel  = []string{"apps.connections.open"}
)

// missingArgument is the error of a required argument that was left out, where a method has one of its own.
var missingArgument = map[string]string{
	"conversations.create name":       "invalid_name_required",
	"conversations.rename name":       "invalid_name_required",
	"conversations.invite users":      "no_user",
	"reactions.add timestamp":         "no_item_specified",
	"usergroups.users.list usergroup": "no_such_subteam",
}

// granted says whether any of the scopes is among those the token has; no scopes need no grant.
func granted(scopes, have []string) bool {
	return len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(have, s) })
}

// scopesFor narrows a method's scopes to those for a conversation's kind: channels:…, groups:…, im:…, mpim:….
func scopesFor(scopes []string, ch *channel) []string {
	prefix := map[string]string{"channel": "channels:", "group": "groups:", "im": "im:", "mpim": "mpim:"}[ch.kind()]
	var narrowed []string
	for _, s := range scopes {
		if strings.HasPrefix(s, prefix) {
			narrowed = append(narrowed, s)
		}
	}
	return narrowed
}
