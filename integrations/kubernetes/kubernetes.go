package kubernetes

import (
	"crypto/x509"
	"errors"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "kubernetes"

// Config are the settings.
type Config struct {
	_              struct{}                   `doc:"Warnings of a Kubernetes cluster, which is watched; see docs/integrations/kubernetes.md. Left as they are, the keys are right for Fireboss in that cluster."`
	URL            integrations.BaseURL       `yaml:"url" doc:"Where its API is."`
	Token          integrations.Secret        `yaml:"token" example:"\"${KUBERNETES_TOKEN}\"" doc:"The token of a service account. Left out: the one in token_file."`
	TokenFile      string                     `yaml:"token_file" doc:"Where the token stands that Kubernetes itself gives to a pod and renews; read for each call."`
	CAFile         string                     `yaml:"ca_file" doc:"Whose certificate vouches for the API's. Where there is no such file: those that this machine trusts."`
	PrivateNetwork bool                       `yaml:"private_network" doc:"true: url may lead to the own network or this machine."`
	Namespaces     []string                   `yaml:"namespaces,single" example:"[shop, payments]" doc:"Only the warnings in these; empty, in all. With one alone, a Role in it is enough."`
	Reasons        []string                   `yaml:"reasons,single" doc:"Only warnings for these reasons; \"*\" for all of them, which are many."`
	Severity       map[string]alerts.Severity `yaml:"severity,flow" example:"{Unhealthy: low}" doc:"How bad a reason is: critical, high, medium, low or info. Left out, high for what loses nodes or memory, else medium."`
	Quiet          time.Duration              `yaml:"quiet" doc:"A warning that was not repeated for so long is taken to be over: nobody says when it is. 0: never."`
}

// account is where a pod finds what its service account needs.
const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

func defaults() *Config {
	return &Config{
		URL: "https://kubernetes.default.svc", TokenFile: account + "token", CAFile: account + "ca.crt", PrivateNetwork: true, Quiet: 30 * time.Minute,
		Reasons: []string{
			"BackOff", "BackoffLimitExceeded", "DeadlineExceeded", "Evicted", "Failed", "FailedAttachVolume", "FailedCreate", "FailedMount",
			"FailedScheduling", "NodeNotReady", "OOMKilling", "SystemOOM", "Unhealthy",
		},
	}
}

// grave are the reasons that are worse than the rest.
var grave = []string{"Evicted", "NodeNotReady", "OOMKilling", "SystemOOM"}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	c.Token.Sendable(func(sentence string) { report("token", sentence) })
	if at, err := url.Parse(string(c.URL)); err == nil && at.Scheme == "http" && !c.PrivateNetwork {
		report("url", "the token that is sent there can be read on the way; use https, or set private_network where it does not leave the own network")
	}
	if len(c.Reasons) == 0 {
		report("reasons", "is empty: no warning would count; write \"*\" for all of them")
	}
	for _, ns := range c.Namespaces {
		if strings.Trim(ns, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || ns == "" || len(ns) > 63 { // RFC 1123
			report("namespaces", "has a name that no namespace can have")
		}
	}
	if c.Quiet < 0 {
		report("quiet", "has to be 0 or more")
	}
}

// Kind is a Kubernetes cluster.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		own, err := c.authorities()
		if err != nil {
			return integrations.Integration{}, err
		}
		wire, err := deps.Outbound.Client(integrations.Reach{
			Integration: Name, Base: string(c.URL), Private: c.PrivateNetwork, Authorities: own, Body: maxPage,
		})
		if err != nil {
			return integrations.Integration{}, err
		}
		k := &cluster{config: *c, wire: wire}
		return integrations.Integration{Watch: k.watch, Check: k.check}, nil
	},
}

// authorities are those of the file; nil where there is none.
func (c Config) authorities() (*x509.CertPool, error) {
	if c.CAFile == "" {
		return nil, nil //nolint:nilnil // those that the machine trusts
	}
	text, err := os.ReadFile(c.CAFile)
	if errors.Is(err, os.ErrNotExist) && c.CAFile == account+"ca.crt" {
		return nil, nil //nolint:nilnil // it does not run in a cluster
	}
	if err != nil {
		return nil, errors.New("integrations.kubernetes.ca_file: the file cannot be read: " + err.Error())
	}
	own := x509.NewCertPool()
	if !own.AppendCertsFromPEM(text) {
		return nil, errors.New("integrations.kubernetes.ca_file: there is no certificate in the file")
	}
	return own, nil
}

// token is what the API knows us by; empty where there is none, as behind kubectl proxy.
func (c Config) token() (string, error) {
	if t := c.Token.Reveal(); t != "" || c.TokenFile == "" {
		return t, nil
	}
	text, err := os.ReadFile(c.TokenFile)
	if errors.Is(err, os.ErrNotExist) && c.TokenFile == account+"token" {
		return "", &wrongError{"token", "there is none: set it, or let Fireboss run in the cluster with a service account"}
	}
	if err != nil {
		return "", &wrongError{"token_file", "the file cannot be read: " + err.Error()}
	}
	return strings.TrimSpace(string(text)), nil
}

// wants says whether warnings in a namespace and for a reason count.
func (c Config) wants(namespace, reason string) bool {
	return (len(c.Namespaces) == 0 || slices.Contains(c.Namespaces, namespace)) &&
		(slices.Contains(c.Reasons, reason) || slices.Contains(c.Reasons, "*"))
}

// rank is how bad a reason is.
func (c Config) rank(reason string) alerts.Severity {
	if s, ok := c.Severity[reason]; ok {
		return s
	}
	if slices.Contains(grave, reason) {
		return alerts.High
	}
	return alerts.Medium
}
