package settings

import (
	"reflect"
	"strings"
	"testing"
)

const tokens = "slack: {bot_token: xoxb-1, app_token: xapp-1}\n"

func TestPermissions(t *testing.T) {
	s := parse(t, tokens+"permissions: {declare: [members, guests], severity: commander, end: [\"@oncall\", commander], private: \"@ciso\"}", Options{})
	want := Permissions{
		Declare: []Grantee{"members", "guests"}, Severity: []Grantee{"commander"}, End: []Grantee{"@oncall", "commander"},
		Others: []Grantee{"members"}, Private: []Grantee{"@ciso"},
	}
	if !reflect.DeepEqual(s.Permissions, want) {
		t.Errorf("%+v", s.Permissions)
	}
}

func TestPermissionsThatCannotBe(t *testing.T) {
	for src, want := range map[string]string{
		"permissions: {declare: commander}":         `c.yaml:2:24: permissions.declare: commander is a role in an incident, which does not count here; name people ("@commander") and groups`,
		"permissions: {private: [members]}":         "permissions.private: a private incident that all members see is none; name people and groups",
		"permissions: {severity: [comander]}":       "permissions.severity: there is no role comander; the roles are commander, communications or scribe",
		"permissions: {end: []}":                    "permissions.end: names nobody; write members for everybody",
		"permissions: {end: \"#incidents\"}":        `"#incidents" is nobody; write "@name" of a person or a user group, a role such as commander, members or guests`,
		"permissions: {resolve: [members]}":         "unknown key permissions.resolve",
		"permissions: {others: [\"@Ann Margret\"]}": `"@Ann Margret" is nobody`,
	} {
		if _, err := Parse("c.yaml", []byte(tokens+src), Options{Env: env(nil)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", src, err, want)
		}
	}
}
