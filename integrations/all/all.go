package all

import (
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/datadog"
	"fireboss/integrations/eventbridge"
	"fireboss/integrations/github"
	"fireboss/integrations/grafana"
	"fireboss/integrations/openai"
	"fireboss/integrations/opsgenie"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/prometheus"
	"fireboss/integrations/sns"
)

// Kinds are all integrations, by name.
func Kinds() []integrations.Kind {
	return []integrations.Kind{
		alertmanager.Kind,
		datadog.Kind,
		eventbridge.Kind,
		github.Kind,
		grafana.Kind,
		openai.Kind,
		opsgenie.Kind,
		pagerduty.Kind,
		prometheus.Kind,
		sns.Kind,
	}
}

// Configs makes the settings of each, by name, as fireboss/bot/settings wants them.
func Configs() map[string]func() any {
	configs := map[string]func() any{}
	for _, k := range Kinds() {
		configs[k.Name] = k.Config
	}
	return configs
}
