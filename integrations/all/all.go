package all

import (
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/crowdstrike"
	"fireboss/integrations/datadog"
	"fireboss/integrations/defender"
	"fireboss/integrations/elastic"
	"fireboss/integrations/eventbridge"
	"fireboss/integrations/falco"
	"fireboss/integrations/github"
	"fireboss/integrations/grafana"
	"fireboss/integrations/kubernetes"
	"fireboss/integrations/openai"
	"fireboss/integrations/opsgenie"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/prometheus"
	"fireboss/integrations/sentinelone"
	"fireboss/integrations/sentry"
	"fireboss/integrations/sns"
	"fireboss/integrations/splunk"
	"fireboss/integrations/thehive"
	"fireboss/integrations/wazuh"
	"fireboss/integrations/webhook"
)

// Kinds are all integrations, by name.
func Kinds() []integrations.Kind {
	return []integrations.Kind{
		alertmanager.Kind,
		crowdstrike.Kind,
		datadog.Kind,
		defender.Kind,
		elastic.Kind,
		eventbridge.Kind,
		falco.Kind,
		github.Kind,
		grafana.Kind,
		kubernetes.Kind,
		openai.Kind,
		opsgenie.Kind,
		pagerduty.Kind,
		prometheus.Kind,
		sentinelone.Kind,
		sentry.Kind,
		sns.Kind,
		splunk.Kind,
		thehive.Kind,
		wazuh.Kind,
		webhook.Kind,
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
