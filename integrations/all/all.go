package all

import (
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/kubernetes"
	"fireboss/integrations/openai"
	"fireboss/integrations/prometheus"
	"fireboss/integrations/webhook"
)

// Kinds are all integrations, by name.
func Kinds() []integrations.Kind {
	return []integrations.Kind{
		alertmanager.Kind,
		kubernetes.Kind,
		openai.Kind,
		prometheus.Kind,
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
