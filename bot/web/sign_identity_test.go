package web

import (
	"encoding/json"
	"errors"
	"testing"
)

// TestAdmission is who may come in, and as what.
func TestAdmission(t *testing.T) {
	const google = "https://accounts.google.com"
	groups := SignIn{GroupsClaim: "groups", Roles: map[string]Role{"sre": RoleMember, "admins": RoleAdmin, "contractors": RoleGuest}}
	allowed := SignIn{GroupsClaim: "groups", AllowedGroups: []string{"staff", "sre"}}
	domain := SignIn{AllowedDomains: []string{"example.com", "example.org"}}
	atGoogle := SignIn{Issuer: google, AllowedDomains: []string{"example.com"}}
	mfa := SignIn{RequireMFA: true}
	for name, c := range map[string]struct {
		o      SignIn
		claims string
		role   Role
		err    error
	}{
		"nothing is asked":               {SignIn{}, `{}`, RoleMember, nil},
		"no group":                       {groups, `{}`, RoleMember, nil},
		"a group that means nothing":     {groups, `{"groups":["dev"]}`, RoleMember, nil},
		"one group, not in a list":       {groups, `{"groups":"admins"}`, RoleAdmin, nil},
		"guests":                         {groups, `{"groups":["dev","contractors"]}`, RoleGuest, nil},
		"a guest who is a member":        {groups, `{"groups":["contractors","sre"]}`, RoleMember, nil},
		"a member who is a guest":        {groups, `{"groups":["sre","contractors"]}`, RoleMember, nil},
		"the most of it":                 {groups, `{"groups":["contractors","admins","sre"]}`, RoleAdmin, nil},
		"groups that are no texts":       {groups, `{"groups":[1,null,{"admins":true},["admins"]]}`, RoleMember, nil},
		"a claim of another name":        {groups, `{"roles":["admins"]}`, RoleMember, nil},
		"in another case":                {groups, `{"groups":["Admins"]}`, RoleMember, nil},
		"a path":                         {SignIn{GroupsClaim: "realm_access.roles", Roles: groups.Roles}, `{"realm_access":{"roles":["admins"]}}`, RoleAdmin, nil},
		"a name with dots":               {SignIn{GroupsClaim: "https://id.example.com/groups", Roles: groups.Roles}, `{"https://id.example.com/groups":["admins"]}`, RoleAdmin, nil},
		"in an allowed group":            {allowed, `{"groups":["x","sre"]}`, RoleMember, nil},
		"in no allowed group":            {allowed, `{"groups":["x"]}`, "", errNoGroup},
		"in no group at all":             {allowed, `{}`, "", errNoGroup},
		"an address at a domain":         {domain, `{"email":"a@example.org","email_verified":true}`, RoleMember, nil},
		"in capitals":                    {domain, `{"email":"A@Example.ORG","email_verified":true}`, RoleMember, nil},
		"not verified":                   {domain, `{"email":"a@example.org","email_verified":false}`, "", errNoDomain},
		"verified by nobody":             {domain, `{"email":"a@example.org"}`, "", errNoDomain},
		"at another domain":              {domain, `{"email":"a@example.net","email_verified":true}`, "", errNoDomain},
		"below the domain":               {domain, `{"email":"a@x.example.org","email_verified":true}`, "", errNoDomain},
		"two domains in one":             {domain, `{"email":"a@evil.example@example.org","email_verified":true}`, "", errNoDomain},
		"no address":                     {domain, `{"email_verified":true}`, "", errNoDomain},
		"hd of another provider":         {domain, `{"hd":"example.com","email":"a@evil.example","email_verified":true}`, "", errNoDomain},
		"Google's organisation":          {atGoogle, `{"hd":"example.com","email":"a@example.com","email_verified":true}`, RoleMember, nil},
		"an account that Google has not": {atGoogle, `{"email":"a@example.com","email_verified":true}`, "", errNoDomain},
		"mfa":                            {mfa, `{"amr":["pwd","mfa"]}`, RoleMember, nil},
		"two kinds":                      {mfa, `{"amr":["pwd","otp"]}`, RoleMember, nil},
		"a key and a finger":             {mfa, `{"amr":["hwk","fpt"]}`, RoleMember, nil},
		"two of a kind":                  {mfa, `{"amr":["pwd","pin"]}`, "", errNoMFA},
		"one alone":                      {mfa, `{"amr":["pwd"]}`, "", errNoMFA},
		"one alone that is strong":       {mfa, `{"amr":["otp"]}`, "", errNoMFA},
		"nothing said":                   {mfa, `{}`, "", errNoMFA},
		"words that are none":            {mfa, `{"amr":["sso","rsa","user"]}`, "", errNoMFA},
		"acr in common use":              {mfa, `{"acr":"phr"}`, RoleMember, nil},
		"acr that says little":           {mfa, `{"acr":"0"}`, "", errNoMFA},
		"no acr where none is asked":     {SignIn{RequireMFA: true, ACR: []string{"gold"}}, `{"acr":""}`, "", errNoMFA},
		"acr of this provider":           {SignIn{RequireMFA: true, ACR: []string{"gold"}}, `{"acr":"gold"}`, RoleMember, nil},
		"acr of others":                  {SignIn{RequireMFA: true, ACR: []string{"gold"}}, `{"acr":"phr"}`, "", errNoMFA},
	} {
		claims := map[string]any{}
		if err := json.Unmarshal([]byte(c.claims), &claims); err != nil {
			t.Fatal(err)
		}
		role, err := c.o.admit(identityOf(c.o.Issuer, "7", claims, c.o.GroupsClaim))
		if role != c.role || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %v, want %q %v", name, role, err, c.role, c.err)
		}
	}
}

func TestNames(t *testing.T) {
	for claims, want := range map[string]string{
		`{"name":"Zoe","email":"z@example.com"}`: "Zoe", `{"name":" \n","preferred_username":"zoe"}`: "zoe", `{"email":"z@example.com"}`: "z@example.com",
		`{}`: "7", `{"name":5}`: "7", `{"name":"a\nb"}`: "a b",
	} {
		m := map[string]any{}
		if err := json.Unmarshal([]byte(claims), &m); err != nil {
			t.Fatal(err)
		}
		if got := identityOf("https://id.example", "7", m, "groups").Name; got != want {
			t.Errorf("%s: %q, want %q", claims, got, want)
		}
	}
}
