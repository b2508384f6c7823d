package web

import (
	"errors"
	"slices"
	"strings"

	"fireboss/incidents"
)

// identity is who somebody is, as their provider says.
type identity struct {
	Issuer, Subject string
	Name            string
	Email           string // in small letters; empty: unknown, or not verified
	Hosted          string // Google's hd: the organisation that the account belongs to
	Groups          []string
	AMR             []string // how they showed who they are (RFC 8176)
	ACR             string
	Team, User      string // of Slack
}

// Claims of Sign in with Slack
// (https://docs.slack.dev/authentication/sign-in-with-slack).
const (
	slackTeam = "https://slack.com/team_id"
	slackUser = "https://slack.com/user_id"
)

// maxGroups bounds how many groups of one person are looked at.
const maxGroups = 5000

// identityOf reads claims.
func identityOf(issuer, subject string, claims map[string]any, groupsClaim string) identity {
	text := func(name string) string { s, _ := claims[name].(string); return s }
	id := identity{
		Issuer: issuer, Subject: subject, Hosted: strings.ToLower(text("hd")), Groups: texts(dig(claims, groupsClaim)),
		AMR: texts(claims["amr"]), ACR: text("acr"), Team: text(slackTeam), User: text(slackUser),
	}
	for _, name := range []string{"name", "preferred_username", "email"} {
		if id.Name == "" {
			id.Name = shorten(incidents.Tidy(text(name)), 80)
		}
	}
	if id.Name == "" {
		id.Name = shorten(incidents.Tidy(subject), 80)
	}
	if verified := claims["email_verified"]; verified == true || verified == "true" { // some say it in quotes
		id.Email = strings.ToLower(strings.TrimSpace(text("email")))
	}
	return id
}

// dig finds a claim by its name, or by the path to it.
func dig(claims map[string]any, path string) any {
	if v, ok := claims[path]; ok {
		return v
	}
	name, rest, deeper := strings.Cut(path, ".")
	if inner, ok := claims[name].(map[string]any); ok && deeper {
		return dig(inner, rest)
	}
	return nil
}

// texts are those of a claim: a list, or one alone.
func texts(v any) (list []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v[:min(len(v), maxGroups)] {
			if s, ok := e.(string); ok {
				list = append(list, s)
			}
		}
	}
	return list
}

// lacks reports whether something is unknown that would be of use.
func (i identity) lacks(o SignIn) bool {
	wantsGroups := len(o.Roles) > 0 || len(o.AllowedGroups) > 0
	wantsEmail := o.LinkByEmail || len(o.AllowedDomains) > 0
	return i.User == "" && wantsEmail && i.Email == "" || wantsGroups && len(i.Groups) == 0 || i.Name == i.Subject
}

// actorID is who it is where nobody of the workspace is.
func (i identity) actorID() string { return "oidc:" + i.Issuer + "|" + i.Subject }

// Why somebody is not let in, for themselves.
var (
	errNoMFA    = errors.New("Your provider did not say that you showed a second factor, and Fireboss asks for one. Set one up there, or sign in there again with it.")
	errNoGroup  = errors.New("You are in none of the groups that may sign in here. Ask whoever runs Fireboss.")
	errNoDomain = errors.New("Only people with a verified address at one of this organisation's domains may sign in here. Perhaps you signed in at the provider with another account.")
	errNoMember = errors.New("You are not a member of the Slack workspace that this Fireboss serves. Perhaps you signed in to Slack with another workspace.")
)

// admit decides whether the provider's word is enough, and what its groups make of
// somebody.
func (o SignIn) admit(i identity) (Role, error) {
	if o.RequireMFA && !i.secondFactor(o.ACR) {
		return "", errNoMFA
	}
	if len(o.AllowedDomains) > 0 && !slices.Contains(o.AllowedDomains, i.domain(o.Issuer)) {
		return "", errNoDomain
	}
	if len(o.AllowedGroups) > 0 && !slices.ContainsFunc(i.Groups, func(g string) bool { return slices.Contains(o.AllowedGroups, g) }) {
		return "", errNoGroup
	}
	return o.role(i.Groups), nil
}

// role is the most that any of the groups gives; without one people are members.
func (o SignIn) role(groups []string) Role {
	best := Role("")
	for _, g := range groups {
		switch r := o.Roles[g]; {
		case r == RoleAdmin, r == RoleMember && best != RoleAdmin, r == RoleGuest && best == "":
			best = r
		}
	}
	if best == "" {
		return RoleMember
	}
	return best
}

// domain is that of their address. At Google an account can have an address of a
// company and not belong to it, or not any more; hd says whose it is
// (https://developers.google.com/identity/openid-connect/openid-connect).
func (i identity) domain(issuer string) string {
	if issuer == "https://accounts.google.com" {
		return i.Hosted
	}
	_, domain, _ := strings.Cut(i.Email, "@")
	return domain
}

// strongACR are values of acr in common use that mean a second factor: OpenID's EAP
// (phr, phrh), its PAPE policy, and NIST SP 800-63B as some providers write it.
var strongACR = []string{
	"phr", "phrh", "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "http://schemas.openid.net/pape/policies/2007/06/multi-factor-physical",
	"urn:okta:loa:2fa:any", "urn:okta:loa:2fa:any:ifpossible", "aal2", "aal3",
}

// factors are methods of RFC 8176 by what they prove: that somebody knows something,
// has something, or is somebody.
var factors = map[string]string{
	"pwd": "knows", "pin": "knows", "kba": "knows",
	"otp": "has", "hwk": "has", "swk": "has", "pop": "has", "sc": "has", "sms": "has", "tel": "has",
	"face": "is", "fpt": "is", "iris": "is", "retina": "is", "vbm": "is",
}

// secondFactor reports whether the provider says that two things were shown.
func (i identity) secondFactor(acr []string) bool {
	if len(acr) == 0 {
		acr = strongACR
	}
	if slices.Contains(acr, i.ACR) || slices.Contains(i.AMR, "mfa") || slices.Contains(i.AMR, "mca") {
		return true
	}
	kinds := map[string]bool{}
	for _, method := range i.AMR {
		if kind := factors[method]; kind != "" {
			kinds[kind] = true
		}
	}
	return len(kinds) > 1
}
