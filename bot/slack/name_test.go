package slack

import (
	"regexp"
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestChannelName(t *testing.T) {
	for _, tt := range []struct {
		title   string
		drill   bool
		attempt int
		want    string
	}{
		{"checkout is down", false, 1, "inc-7-checkout-is-down"},
		{"checkout is down", true, 1, "drill-7-checkout-is-down"},
		{"checkout is down", false, 2, "inc-7-checkout-is-down-2"},
		{"Größe & Maß: don't!", false, 1, "inc-7-groesse-mass-dont"},
		{"数据库 连接", false, 1, "inc-7"},
		{"🔥🔥🔥", false, 3, "inc-7-3"},
		{"--- 100% ---", false, 1, "inc-7-100"},
		{strings.Repeat("database ", 30), false, 1, "inc-7-database-database-database-database-database-database-database-database"},
		{strings.Repeat("x", 200), false, 12, "inc-7-" + strings.Repeat("x", 71) + "-12"},
	} {
		got := channelName(incidents.Incident{Number: 7, Title: tt.title, Drill: tt.drill}, tt.attempt)
		if got != tt.want {
			t.Errorf("channelName(%q, %d) = %q, want %q", tt.title, tt.attempt, got, tt.want)
		}
	}
}

func FuzzChannelName(f *testing.F) {
	f.Add("checkout is down", 1)
	valid := regexp.MustCompile(`^[a-z0-9_-]{1,80}$`)
	f.Fuzz(func(t *testing.T, title string, attempt int) {
		if attempt < 1 || attempt > maxSuffix {
			return
		}
		if got := channelName(incidents.Incident{Number: 123456, Title: title}, attempt); !valid.MatchString(got) {
			t.Errorf("channelName(%q, %d) = %q, which Slack refuses", title, attempt, got)
		}
	})
}
