package settings

import (
	"slices"
	"strings"
	"testing"
)

func TestSignIn(t *testing.T) {
	s := parse(t, tokens+`http: {public_url: "https://fires.example.com"}
permissions: {admin: ["@alice", "@sre"]}
sign_in:
  issuer: https://id.example.com/realms/x/
  client_id: fireboss
  client_secret: ${SIGN_IN_SECRET}
  roles: {SRE Leads: admin, contractors: guest}
  allowed_domains: Example.com
  allowed_groups: [staff]
  require_mfa: true
  sessions: {idle: 1h, max: 2d}
`, Options{Env: env(map[string]string{"SIGN_IN_SECRET": "s3"})}).SignIn
	if s.Issuer != "https://id.example.com/realms/x/" || s.ClientSecret.Reveal() != "s3" || s.Roles["SRE Leads"] != "admin" || !slices.Equal(s.AllowedDomains, []Domain{"example.com"}) ||
		!slices.Equal(s.Scopes, []string{"openid", "profile", "email"}) || s.GroupsClaim != "groups" || !s.LinkByEmail || s.Sessions != (Sessions{hour, 2 * days}) || s.Slack() || !s.On() {
		t.Errorf("%+v", s)
	}
	if s := Defaults().SignIn; s.On() || s.Slack() {
		t.Errorf("%+v", s)
	}
}

func TestSignInThatCannotBe(t *testing.T) {
	const public = `http: {public_url: "https://fires.example.com"}` + "\n"
	for src, want := range map[string]string{
		public + `sign_in: {issuer: "http://id.example.com", client_id: x}`:                                                   `is not https; whoever is in between could sign in as anybody`,
		public + `sign_in: {issuer: "https://id.example.com/?x=1", client_id: x}`:                                             `has a query or a fragment`,
		public + `sign_in: {issuer: id.example.com, client_id: x}`:                                                            `is no URL`,
		public + `sign_in: {issuer: "https://id.example.com"}`:                                                                `sign_in.client_id: is missing`,
		`sign_in: {issuer: "https://id.example.com", client_id: x}` + "\n" + `http: {public_url: "http://fires.example.com"}`: `http.public_url: must be https where people sign in`,
		public + `sign_in: {client_id: x}`:                                                                                    `sign_in.client_id: means nothing without sign_in.issuer`,
		public + `sign_in: {require_mfa: true}`:                                                                               `sign_in.require_mfa: means nothing without sign_in.issuer`,
		public + `sign_in: {issuer: "https://slack.com", client_id: "1.2"}`:                                                   `sign_in.client_secret: is missing`,
		public + `sign_in: {issuer: "https://slack.com", client_id: "1.2", client_secret: s, require_mfa: true}`:              `Slack does not say whether there was a second factor`,
		public + `sign_in: {issuer: "https://slack.com", client_id: "1.2", client_secret: s, roles: {a: admin}}`:              `name admins under permissions.admin`,
		public + `sign_in: {issuer: "https://slack.com", client_id: "1.2", client_secret: s, allowed_groups: [a]}`:            `Slack tells no groups`,
		public + `sign_in: {issuer: "https://accounts.google.com", client_id: x, client_secret: s}`:                           `say which are yours with sign_in.allowed_domains`,
		public + `sign_in: {issuer: "https://login.microsoftonline.com/common/v2.0", client_id: x}`:                           `in place of common`,
		public + `sign_in: {issuer: "https://id.example.com", client_id: x, roles: {a: owner}}`:                               `sign_in.roles.a: "owner" is not one of admin, member or guest`,
		public + `sign_in: {issuer: "https://id.example.com", client_id: x, allowed_domains: ["*"]}`:                          `"*" is no domain`,
		public + `sign_in: {sessions: {idle: 0}}`:                                                                             `sign_in.sessions.idle: must be at least 1m`,
		public + `sign_in: {sessions: {idle: 2h, max: 1h}}`:                                                                   `sign_in.sessions.max: must not be shorter`,
		public + `sign_in: {demo: true}`:                                                                                      `unknown key sign_in.demo`,
		public + `permissions: {admin: members}`:                                                                              `who may make API tokens is not for all members`,
		public + `permissions: {admin: commander}`:                                                                            `commander is a role in an incident`,
	} {
		_, err := Parse("c.yaml", []byte(tokens+src), Options{Env: env(nil)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", src, err, want)
		}
	}
}

// A provider double on this machine needs no certificate.
func TestSignInOnThisMachine(t *testing.T) {
	parse(t, tokens+`sign_in: {issuer: "http://127.0.0.1:9000", client_id: x}`, Options{Env: env(nil)})
}
