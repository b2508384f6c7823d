package settings

// Settings are all that can be configured, with defaults for what the file leaves out.
type Settings struct {
	Store        Store        `yaml:"store,required" example:"fireboss.db" doc:"Where everything is kept: the path of a file, or postgres://USER:${PASSWORD}@HOST/DATABASE."`
	HTTP         HTTP         `yaml:"http" doc:"The one listener: dashboard, API, and alerts coming in."`
	APITokens    []APIToken   `yaml:"api_tokens" example:"[{name: ops, token: \"${FIREBOSS_API_TOKEN}\", scope: admin}]" doc:"Who may use the API, which takes Authorization: Bearer TOKEN. Default: nobody."`
	SignIn       SignIn       `yaml:"sign_in" doc:"Where people sign in to the pages, with OpenID Connect. See docs/sign-in.md."`
	Slack        Slack        `yaml:"slack" doc:"The Slack app. fireboss manifest prints what Slack wants to know to make one."`
	Quiet        bool         `yaml:"quiet" doc:"true: what happened is said in one thread below the card, and the channel is left to people; status updates and reminders are said in the channel all the same."`
	Open         Open         `yaml:"open" doc:"What happens when an incident is opened."`
	Permissions  Permissions  `yaml:"permissions,flow" doc:"Who may do what: people (@alice, as they sign in), user groups (@oncall), roles in the incident (commander), members, and guests, who also are people of other companies. Left out: members. Guests see only the incidents that they are in."`
	Services     Services     `yaml:"services" example:"{checkout: {tier: 1, owner: \"@oncall\", runbook: https://example.com/checkout, dashboards: [https://example.com/d/1]}}" doc:"What can break, by the name that people say. Default: none."`
	Roles        Roles        `yaml:"roles" doc:"What one person at a time does for an incident. A list here replaces all of these; one of them has to be the commander."`
	Types        Types        `yaml:"types" doc:"Sorts of incidents that want something of their own; any other can be said as well, and wants nothing. A list here replaces all of these."`
	Severities   Meanings     `yaml:"severities" doc:"What each severity means, in one clause, shown wherever one is chosen."`
	Record       Record       `yaml:"record,flow" doc:"What is recorded of an incident's channel. The channel's first message says so."`
	Reactions    Reactions    `yaml:"reactions,flow" doc:"What a reaction on a message in an incident's channel means; \"\" is nothing."`
	Retention    Retention    `yaml:"retention,flow" doc:"How long that is kept; 0 is for ever. A legal hold keeps all of it."`
	Clock        Clock        `yaml:"clock" doc:"Who is reminded of what, and when. What is left out keeps its default; 0 switches it off, a whole rule (stale: 0) or one severity of it."`
	Regulations  Regulations  `yaml:"regulations" example:"{big_customer: {title: The contract with Big Customer, start: the outage, stages: [{name: call, title: call of the customer, due: 2h from start}, {name: report, title: written report, due: 4 business days from submitted call}]}}" doc:"Laws and contracts of your own that set times, for /incident clock start NAME, beside those that are known: gdpr, hipaa, nis2, nis2_trust, dora, cra, cra_vulnerability and sec. One of the same name replaces it. Nothing here is legal advice. Default: none."`
	Postmortem   Postmortem   `yaml:"postmortem" doc:"How postmortems are drafted."`
	Digests      Digests      `yaml:"digests" doc:"What is said of all incidents together, at set times. Private incidents and drills are left out. Default: never."`
	Insights     Insights     `yaml:"insights,flow" doc:"What the dashboard tells of all incidents together."`
	Integrations Integrations `yaml:"integrations" doc:"A section for each outside system; the key is the integration's name. Default: none."`
	Alerts       Alerts       `yaml:"alerts" doc:"Alerts that come in, and what becomes of them."`
}

// Integrations holds, by the integration's name, what Options.Integrations made for it, as the file filled it in. Only
// those that the file names are there.
type Integrations map[string]any

// Check finds what is wrong between the sections.
func (s Settings) Check(report func(key, sentence string)) {
	checkTokens(s.APITokens, report)
	s.Permissions.check(roles, report)
	s.HTTP.checkSignIn(s.SignIn, report)
	s.Alerts.checkRoles(s.Roles, report)
}

// Defaults are the settings of an empty file; the Slack app's tokens are missing from them.
func Defaults() Settings {
	return Settings{
		Store: NewStore("fireboss.db"),
		HTTP:  HTTP{Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080"},
		SignIn: SignIn{
			Scopes: []string{"openid", "profile", "email"}, GroupsClaim: "groups", LinkByEmail: true,
			Sessions: Sessions{Idle: 12 * hour, Max: 7 * days},
		},
		Slack: Slack{APIURL: "https://slack.com/api/", Announce: "#incidents"},
		Open: Open{
			PrivateTypes: []IncidentType{"security", "data"},
			Suggest:      Suggestions{"tier1": "sev2"},
			Archive:      30 * Duration(day),
			Alarm:        Alarm{Reaction: "rotating_light"},
		},
		Permissions: Permissions{
			Declare: []Grantee{grantMembers}, Severity: []Grantee{grantMembers}, End: []Grantee{grantMembers}, Others: []Grantee{grantMembers},
		},
		Roles: defaultRoles(), Types: defaultTypes(), Severities: defaultMeanings(),
		Record:     Record{Messages: MessagesAll, OnDelete: DeleteRemoves, Files: 5e6},
		Reactions:  Reactions{Mark: "pushpin", Task: "white_check_mark", Followup: "memo", Acknowledge: "eyes"},
		Retention:  Retention{Messages: 400 * Duration(day), Drills: 30 * Duration(day)},
		Clock:      defaultClock(),
		Postmortem: Postmortem{Templates: Templates{"default": "full", "security": "security", "data": "security"}},
		Alerts:     defaultAlerts(),
	}
}
