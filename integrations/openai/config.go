package openai

import (
	"net/url"
	"time"

	"fireboss/integrations"
)

// Config are the settings.
type Config struct {
	_              struct{}             `doc:"A language model that improves drafts of postmortems; see docs/models.md. What it writes is checked against the timeline, and what does not stand there is left out."`
	BaseURL        integrations.BaseURL `yaml:"base_url" doc:"Where it is: OpenAI, or whatever else speaks its API, such as http://127.0.0.1:11434/v1 for Ollama (with private_network)."`
	APIKey         integrations.Secret  `yaml:"api_key" example:"${OPENAI_API_KEY}" doc:"What it knows us by. Left out: nothing is sent, as for a model of one's own."`
	Model          string               `yaml:"model,required" example:"gpt-5-mini" doc:"Which of its models."`
	Travel         integrations.Travel  `yaml:",inline"`
	PrivateNetwork bool                 `yaml:"private_network" doc:"true: base_url may lead to the own network or this machine."`
	Timeout        time.Duration        `yaml:"timeout" doc:"How long one answer may take."`
	Answer         int                  `yaml:"answer" min:"100" max:"100000" doc:"How many tokens one answer may have. A model that thinks before it answers needs more."`
	Budget         integrations.Budget  `yaml:"budget,flow" doc:"What one document may cost. What is left then is written without it."`
}

func defaults() *Config {
	return &Config{
		BaseURL: "https://api.openai.com/v1", Travel: integrations.DefaultTravel(),
		Timeout: 30 * time.Second, Answer: 2000,
		Budget: integrations.Budget{Calls: 12, Tokens: 60_000, Time: 2 * time.Minute},
	}
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	c.APIKey.Sendable(func(sentence string) { report("api_key", sentence) })
	if at, err := url.Parse(string(c.BaseURL)); err == nil && at.Scheme == "http" && !c.PrivateNetwork {
		report("base_url", "what is sent there can be read on the way; use https, or set private_network where it does not leave the own network")
	}
	if c.Timeout <= 0 || c.Budget.Time <= 0 {
		report("timeout", "has to be more than 0, as has budget.time")
	}
}
