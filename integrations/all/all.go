package all

import (
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/crowdstrike"
	"fireboss/integrations/defender"
	"fireboss/integrations/elastic"
	"fireboss/integrations/falco"
	"fireboss/integrations/openai"
	"fireboss/integrations/prometheus"
	"fireboss/integrations/sentinelone"
	"fireboss/integrations/sentry"
	"fireboss/integrations/splunk"
	"fireboss/integrations/thehive"
	"fireboss/integrations/wazuh"
)

// Kinds are all integrations, by name.
func Kinds() []integrations.Kind {
	return []integrations.Kind{
		alertmanager.Kind,
		crowdstrike.Kind,
		defender.Kind,
		elastic.Kind,
		falco.Kind,
		openai.Kind,
		prometheus.Kind,
		sentinelone.Kind,
		sentry.Kind,
		splunk.Kind,
		thehive.Kind,
		wazuh.Kind,
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
