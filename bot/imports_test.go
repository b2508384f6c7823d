package bot

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// room says what a package may import directly: which of our own packages, and
// which libraries of others. The standard library is open to all.
type room struct {
	ours   []string // a package, or one with everything below it: "fireboss/x/..."
	others []string // prefixes of import paths
}

const (
	slackGoPath = "github.com/slack-go/slack"
	zerologPath = "github.com/rs/zerolog"
	yamlPath    = "github.com/goccy/go-yaml"
)

// inbound is what an integration knows that takes alerts.
var inbound = []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/integrations"}

// rooms are the house's arrows: everything points at incidents, which points at
// nothing. A package that is not here may import nothing.
var rooms = map[string]room{
	"fireboss":                            {ours: []string{"fireboss/bot"}},
	"fireboss/incidents":                  {},
	"fireboss/incidents/insights":         {ours: []string{"fireboss/incidents"}},
	"fireboss/incidents/alerts":           {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts/condition"}},
	"fireboss/incidents/alerts/condition": {ours: []string{"fireboss/incidents"}, others: []string{"github.com/expr-lang/expr"}},
	"fireboss/incidents/postmortem":       {ours: []string{"fireboss/incidents"}},
	"fireboss/incidents/store":            {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts"}},
	"fireboss/incidents/store/storetest":  {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/postmortem", "fireboss/incidents/store"}, others: []string{"github.com/google/go-cmp", "pgregory.net/rapid"}},
	"fireboss/incidents/store/bolt":       {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/postmortem", "fireboss/incidents/store"}, others: []string{"go.etcd.io/bbolt"}},
	"fireboss/commands":                   {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/postmortem", "fireboss/incidents/store"}},
	// gorilla/websocket is what slack-go itself stands on; the frames are read
	// raw because its own loop decodes before it acknowledges.
	"fireboss/bot/slack":    {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/store", "fireboss/commands"}, others: []string{slackGoPath, zerologPath, yamlPath, "github.com/gorilla/websocket"}},
	"fireboss/bot/web":      {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/insights", "fireboss/incidents/postmortem", "fireboss/incidents/store", "fireboss/commands"}, others: []string{zerologPath, "github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday", "github.com/coreos/go-oidc/v3", "golang.org/x/oauth2"}},
	"fireboss/bot/settings": {ours: []string{"fireboss/incidents/alerts"}, others: []string{yamlPath, "github.com/robfig/cron"}},
	// The simulator shares nothing with the bot but the file format under
	// --data, so that it can disagree with the bot and with slack-go.
	"fireboss/bot/slacksim":          {ours: []string{"fireboss/bot/slacksim/..."}, others: []string{"github.com/coder/websocket", "go.etcd.io/bbolt"}},
	"fireboss/bot/slacksim/blockkit": {},
	"fireboss/bot/slacksim/page":     {},
	// Outside systems: each has its own SDK, and none knows the program.
	"fireboss/integrations":                   {ours: []string{"fireboss/incidents", "fireboss/incidents/alerts", "fireboss/incidents/postmortem", "fireboss/integrations/secrets"}, others: []string{zerologPath}},
	"fireboss/integrations/all":               {ours: []string{"fireboss/integrations", "fireboss/integrations/..."}},
	"fireboss/integrations/secrets":           {},
	"fireboss/integrations/sourcetest":        {ours: []string{"fireboss/incidents/alerts", "fireboss/integrations"}, others: []string{"github.com/google/go-cmp"}},
	"fireboss/integrations/pagertest":         {ours: []string{"fireboss/incidents", "fireboss/integrations"}},
	"fireboss/integrations/alertmanager":      {ours: inbound},
	"fireboss/integrations/crowdstrike":       {ours: inbound},
	"fireboss/integrations/defender":          {ours: inbound},
	"fireboss/integrations/elastic":           {ours: inbound},
	"fireboss/integrations/falco":             {ours: inbound},
	"fireboss/integrations/sentinelone":       {ours: inbound},
	"fireboss/integrations/sentry":            {ours: inbound},
	"fireboss/integrations/splunk":            {ours: inbound},
	"fireboss/integrations/thehive":           {ours: inbound},
	"fireboss/integrations/webhook":           {ours: append([]string{"fireboss/incidents/alerts/condition"}, inbound...)},
	"fireboss/integrations/wazuh":             {ours: inbound},
	"fireboss/integrations/datadog":           {ours: inbound},
	"fireboss/integrations/eventbridge":       {ours: inbound},
	"fireboss/integrations/github":            {ours: inbound, others: []string{zerologPath}},
	"fireboss/integrations/grafana":           {ours: append([]string{"fireboss/integrations/alertmanager"}, inbound...)},
	"fireboss/integrations/opsgenie":          {ours: inbound},
	"fireboss/integrations/pagerduty":         {ours: inbound},
	"fireboss/integrations/sns":               {ours: append([]string{"fireboss/integrations/eventbridge"}, inbound...)},
	"fireboss/integrations/prometheus":        {ours: append([]string{"fireboss/integrations/alertmanager"}, inbound...)},
	"fireboss/integrations/kubernetes":        {ours: inbound},
	"fireboss/integrations/openai":            {ours: []string{"fireboss/integrations"}, others: []string{"github.com/sashabaranov/go-openai"}},
	"fireboss/integrations/openai/openaitest": {},
	"fireboss/bot": {ours: []string{"fireboss/..."}, others: []string{
		"github.com/spf13/cobra", zerologPath, "github.com/prometheus/client_golang", "github.com/mattn/go-isatty", "github.com/robfig/cron",
	}},
}

func (r room) allows(path string) bool {
	for _, p := range r.ours {
		if below, all := strings.CutSuffix(p, "/..."); path == p || all && strings.HasPrefix(path, below+"/") {
			return true
		}
	}
	return slices.ContainsFunc(r.others, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "fireboss/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen[p.ImportPath] = true
		for _, path := range p.Imports {
			standard := !strings.Contains(strings.Split(path, "/")[0], ".") && !strings.HasPrefix(path, "fireboss")
			if !standard && !rooms[p.ImportPath].allows(path) {
				t.Errorf("%s imports %s, which its room does not allow", p.ImportPath, path)
			}
		}
	}
	for path := range rooms {
		if !seen[path] {
			t.Errorf("the room %s does not exist", path)
		}
	}
}
