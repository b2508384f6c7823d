package settings

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// SignIn is where people sign in to the pages, and for how long.
type SignIn struct {
	Issuer         Issuer     `yaml:"issuer" example:"https://slack.com" doc:"The provider's issuer, exactly as it calls itself: https://slack.com for Sign in with Slack, https://accounts.google.com, https://login.microsoftonline.com/TENANT/v2.0, https://keycloak.example.com/realms/REALM. Left out: there is no provider, browsers on this machine see what any member does, and others come in with the link of /incident dashboard."`
	ClientID       Line       `yaml:"client_id" example:"\"1234.5678\"" doc:"What the provider calls Fireboss. There, the redirect URL is http.public_url with /sign-in/callback behind it."`
	ClientSecret   Secret     `yaml:"client_secret" example:"\"${SIGN_IN_SECRET}\"" doc:"What Fireboss has to present there; left out for a client that has none."`
	Name           Line       `yaml:"name" example:"Example SSO" doc:"What the button says behind \"Sign in with\". Left out: Slack, Google, Microsoft, or else the issuer's host."`
	Scopes         []string   `yaml:"scopes" doc:"What the provider is asked for. openid is asked for in any case."`
	GroupsClaim    string     `yaml:"groups_claim" doc:"The claim in which the provider tells somebody's groups."`
	Roles          GroupRoles `yaml:"roles" enum:"admin,member,guest" example:"{sre: member, platform-admins: admin, contractors: guest}" doc:"What a group makes of those who are in it. admin: also looks after API tokens and everybody's sessions; which incidents somebody sees is still decided as in Slack. member: what any member may. guest: sees what they are in. Who is in several gets the most of it; who is in none is a member."`
	AllowedGroups  []string   `yaml:"allowed_groups,single" doc:"Who may sign in: people in one of these groups. Left out: everybody whom the provider lets in."`
	AllowedDomains []Domain   `yaml:"allowed_domains,single" example:"[example.com]" doc:"Who may sign in: people with a verified address at one of these domains. Left out: any."`
	LinkByEmail    bool       `yaml:"link_by_email" doc:"true: who signs in is taken for the member of the Slack workspace who has their verified address (needs the scope users:read.email; see fireboss manifest). false, or nobody has it: they are somebody of their own. With Sign in with Slack it is not needed."`
	RequireMFA     bool       `yaml:"require_mfa" doc:"true: only who the provider says has shown a second factor (in amr, or in acr) may sign in."`
	ACR            []string   `yaml:"acr,single" example:"[\"urn:example:mfa\"]" doc:"Values of acr by which this provider says that there was a second factor; they are asked for. Left out: those that are commonly used."`
	Sessions       Sessions   `yaml:"sessions,flow" doc:"How long somebody stays signed in, also who came in with a link."`
}

// Sessions are for how long somebody stays signed in.
type Sessions struct {
	Idle Duration `yaml:"idle" doc:"after the last look"`
	Max  Duration `yaml:"max" doc:"in all"`
}

// GroupRoles are what groups make of people.
type GroupRoles map[string]string

// Slack says whether people sign in with Slack itself.
func (s SignIn) Slack() bool { return s.host() == "slack.com" || s.host() == "slack-gov.com" }

// On says whether there is a provider.
func (s SignIn) On() bool { return s.Issuer != "" }

func (s SignIn) host() string {
	u, err := url.Parse(string(s.Issuer))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// Check wants all that a provider needs, and nothing that it cannot do.
func (s SignIn) Check(report func(key, sentence string)) {
	s.checkSessions(report)
	if !s.On() {
		for key, there := range map[string]bool{"client_id": s.ClientID != "", "roles": len(s.Roles) > 0, "allowed_groups": len(s.AllowedGroups) > 0, "allowed_domains": len(s.AllowedDomains) > 0, "require_mfa": s.RequireMFA, "acr": len(s.ACR) > 0} {
			if there {
				report(key, "means nothing without sign_in.issuer, the provider")
			}
		}
		return
	}
	if s.ClientID == "" {
		report("client_id", "is missing; it is what the provider calls Fireboss")
	}
	s.checkSlack(report)
	s.checkOthers(report)
}

func (s SignIn) checkSessions(report func(key, sentence string)) {
	if s.Sessions.Idle < minute {
		report("sessions.idle", "must be at least 1m, or nobody stays signed in")
	} else if s.Sessions.Max < s.Sessions.Idle {
		report("sessions.max", "must not be shorter than sessions.idle")
	}
}

// checkSlack refuses what Slack does not tell.
func (s SignIn) checkSlack(report func(key, sentence string)) {
	if !s.Slack() {
		return
	}
	if s.ClientSecret.IsZero() {
		report("client_secret", "is missing; Slack shows it under Basic Information, App Credentials")
	}
	if s.RequireMFA {
		report("require_mfa", "Slack does not say whether there was a second factor, so nobody could sign in; require it in the workspace's own settings")
	}
	if len(s.AllowedGroups) > 0 {
		report("allowed_groups", "Slack tells no groups when somebody signs in, so nobody could; every member of the workspace may")
	}
	if len(s.Roles) > 0 {
		report("roles", "Slack tells no groups when somebody signs in; name admins under permissions.admin, user groups too")
	}
}

// checkOthers refuses providers that let in anybody at all.
func (s SignIn) checkOthers(report func(key, sentence string)) {
	u, _ := url.Parse(string(s.Issuer)) // it was read before
	switch path := strings.ToLower(u.Path); {
	case s.host() == "accounts.google.com" && len(s.AllowedDomains) == 0:
		report("issuer", "at Google anybody on earth can have an account; say which are yours with sign_in.allowed_domains")
	case s.host() == "login.microsoftonline.com" && (strings.HasPrefix(path, "/common") || strings.HasPrefix(path, "/organizations") || strings.HasPrefix(path, "/consumers")):
		report("issuer", "this lets in everybody with any Microsoft account; write your tenant's id in place of "+strings.Split(path, "/")[1])
	}
}

// Issuer is what an OpenID Connect provider calls itself.
type Issuer string

// UnmarshalText takes an address that nobody in between can speak for. It is kept
// as it is written: with a slash more or less it is another one.
func (i *Issuer) UnmarshalText(text []byte) error {
	if err := plainURL(string(text)); err != nil {
		return err
	}
	if u, err := url.Parse(string(text)); err != nil || u.Scheme != "https" && !loopbackHost(u.Hostname()) {
		return fmt.Errorf("%q is not https; whoever is in between could sign in as anybody", text)
	}
	*i = Issuer(text)
	return nil
}

func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkSignIn wants the pages to be reached safely where there is a provider.
func (h HTTP) checkSignIn(s SignIn, report func(key, sentence string)) {
	u, err := url.Parse(string(h.PublicURL))
	if s.On() && err == nil && u.Scheme != "https" && !loopbackHost(u.Hostname()) {
		report("http.public_url", "must be https where people sign in: their sessions would cross the network in the clear")
	}
}

// Domain is the part of an e-mail address behind the @, in small letters.
type Domain string

var domains = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$`)

// UnmarshalText takes a name such as example.com.
func (d *Domain) UnmarshalText(text []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(text)))
	if !domains.MatchString(s) {
		return fmt.Errorf("%q is no domain; write it like example.com", text)
	}
	*d = Domain(s)
	return nil
}
