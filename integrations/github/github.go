package github

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "github"

// Config are the settings.
type Config struct {
	_        struct{}              `doc:"Workflows, security alerts, deployments and releases of GitHub, sent to /hooks/github; see docs/integrations/github.md. It wants a secret, or a key."`
	Secrets  []integrations.Secret `yaml:"secret,single" example:"\"${GITHUB_WEBHOOK_SECRET}\"" doc:"The webhook's secret. Where it is set, a key alone does not serve. A list while it is being changed, or of several webhooks."`
	Branches []string              `yaml:"branches,single" example:"[main, \"release/*\"]" doc:"On which branches a workflow that fails is an alert; * stands for anything but a slash. Left out: on the default branch of its repository."`
	Inbound  integrations.Inbound  `yaml:",inline"`

	Token   integrations.Secret  `yaml:"token" example:"\"${GITHUB_TOKEN}\"" doc:"Lets check look at the webhooks of hooks, and Fireboss have GitHub send again what it could not deliver: GitHub never does so by itself. It may read and write webhooks, and nothing else."`
	Hooks   []string             `yaml:"hooks,single" example:"[octo-org, octo-org/shop]" doc:"The organizations and repositories that have the webhook. Wants token."`
	URL     integrations.BaseURL `yaml:"url" doc:"Where GitHub's API is; of GitHub Enterprise Server https://HOST/api/v3."`
	Private bool                 `yaml:"private_network" doc:"true: url may lead to the own network."`
}

func defaults() *Config { return &Config{URL: "https://api.github.com"} }

// place is an organization, or a repository with that of its owner before it.
var place = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}(/[A-Za-z0-9_.-]{1,100})?$`)

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets) == 0 && len(c.Inbound.Keys) == 0 {
		report("secret", "is missing, and so is key: without either anybody could send alerts. Make one with: openssl rand -hex 24")
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	integrations.CheckSecrets("key", c.Inbound.Keys, report)
	for _, b := range c.Branches {
		if _, err := path.Match(b, ""); err != nil || b == "" {
			report("branches", "is no pattern of a branch; write it like main or release/*")
		}
	}
	c.checkAgain(report)
}

// checkAgain finds what does not go together where GitHub is asked for something.
func (c Config) checkAgain(report func(key, sentence string)) {
	c.Token.Sendable(func(sentence string) { report("token", sentence) })
	integrations.CheckURL("url", c.URL, report)
	switch token := c.Token.Reveal() != ""; {
	case token && len(c.Hooks) == 0:
		report("hooks", "is missing, and token serves for nothing else; write whose webhooks they are, like [octo-org, octo-org/shop]")
	case !token && len(c.Hooks) > 0:
		report("token", "is missing: without it GitHub tells nothing about hooks; see docs/integrations/github.md for what it has to be allowed")
	}
	for _, h := range c.Hooks {
		if owner, name, _ := strings.Cut(h, "/"); !place.MatchString(h) || strings.Trim(owner, ".") == "" || name != "" && strings.Trim(name, ".") == "" {
			report("hooks", fmt.Sprintf("%.100q is neither an organization nor a repository; write it like octo-org, or octo-org/shop", h))
		}
	}
}

// limit is how large a delivery may be, in bytes: GitHub sends nothing larger.
const limit = 25 << 20

// Kind is GitHub.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		s := &integrations.Source{
			Try:  "press Redeliver at the ping among the webhook's Recent Deliveries",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Limit: limit, Headers: []string{"X-GitHub-Event", "X-GitHub-Delivery", "Content-Type"},
			Read: c.read,
		}
		if len(c.Secrets) > 0 {
			s.Verify = c.verify
		}
		in := integrations.Integration{Alerts: s}
		if len(c.Hooks) == 0 {
			return in, nil
		}
		wire, err := deps.Outbound.Client(integrations.Reach{Integration: Name, Base: string(c.URL), Private: c.Private || c.URL.Here(), Body: maxAnswer})
		if err != nil {
			return in, err
		}
		a := &api{config: *c, wire: wire, public: deps.Public, log: deps.Log, asked: map[string]asked{}}
		in.Watch, in.Check = a.watch, a.check
		return in, nil
	},
}

// verify checks the signature over SHA-256. The older one over SHA-1, which GitHub sends as well, is not looked at.
func (c *Config) verify(r integrations.Request) error {
	code, ok := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	if !ok {
		return errors.New("it has no X-Hub-Signature-256: the webhook has no secret, or something on the way removes it")
	}
	return integrations.Signature{Secrets: c.Secrets}.Verify(r.Body, code)
}

// delivery is one that was read.
type delivery struct {
	integrations.JSON
	came   time.Time
	config *Config
	event  string
	action string
	repo   string // owner/name
}

// events are those that are read.
var events = map[string]func(delivery) alerts.Report{
	"workflow_run":          workflowRun,
	"code_scanning_alert":   codeScanning,
	"secret_scanning_alert": secretScanning,
	"dependabot_alert":      dependabot,
	"security_advisory":     advisory,
	"deployment_status":     deployment,
	"release":               release,
}

func (c *Config) read(r integrations.Request) (alerts.Report, error) {
	event := r.Header.Get("X-GitHub-Event")
	if event == "" {
		return alerts.Report{}, errors.New("it has no X-GitHub-Event: it is no delivery of a webhook of GitHub")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || strings.HasPrefix(string(r.Body[:min(8, len(r.Body))]), "payload=") {
		return alerts.Report{}, errors.New("it is a form: set the content type of the webhook to application/json")
	}
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	id := r.Header.Get("X-GitHub-Delivery")
	if event == "ping" {
		return alerts.Report{ID: id, Nothing: "a ping"}, nil
	}
	read := events[event]
	if read == nil {
		return alerts.Report{ID: id, Nothing: "an event that is not read here; the webhook need not send it"}, nil
	}
	d := delivery{JSON: body, came: r.At, config: c, event: event, action: body.At("action").Text(), repo: body.At("repository", "full_name").Text()}
	if d.repo == "" && event != "security_advisory" {
		return alerts.Report{}, errors.New("it has no \"repository\": it is no delivery of a webhook of GitHub")
	}
	report := read(d)
	if report.ID == "" {
		report.ID = id
	}
	return report, nil
}

// signal is what every signal of a repository has.
func (d delivery) signal(fingerprint string, severity alerts.Severity) alerts.Signal {
	s := alerts.Signal{Fingerprint: fingerprint, Severity: severity, Service: d.At("repository", "name").Text(), Labels: map[string]string{"event": d.event}}
	if known, ok := d.config.Inbound.Known(d.event); ok { // as configured for all of its sort
		s.Severity = known
	}
	return label(s, "repository", d.repo)
}

// label adds labels, of which more are a name and a value each; those without a value are left out.
func label(s alerts.Signal, more ...string) alerts.Signal {
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			s.Labels[more[i]] = more[i+1]
		}
	}
	return s
}

func one(s alerts.Signal) alerts.Report { return alerts.Report{Signals: []alerts.Signal{s}} }

func nothing(why string) alerts.Report { return alerts.Report{Nothing: why} }
