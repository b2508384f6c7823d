package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever the bytes: either problems, each at a place that the file has and on a line of its own, or settings that
// print and load back to themselves.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "../../config.example.yaml") {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(contract))
	o := Options{
		NeedSlack: true, Integrations: fakeIntegrations(),
		Env: env(map[string]string{
			"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "FIREBOSS_API_TOKEN": "${x}\n: {", "OPS": "o", "EMPTY": "",
		}),
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("c", src, o)
		var problems Problems
		switch {
		case err == nil:
			if diff := cmp.Diff(s, again(t, s, o, all)); diff != "" {
				t.Error(diff)
			}
		case !errors.As(err, &problems) || len(problems) == 0:
			t.Errorf("not problems: %v", err)
		}
		lines := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(src)), "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Col < 1 || p.Message == "" || strings.ContainsAny(p.Message, "\r\n") {
				t.Errorf("%+v in %d lines", p, lines)
			}
		}
	})
}
