package blockkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The samples are real payloads: the showcase of tyom/botarium, whose blocks stand
// in messages, and modals of slackapi/java-slack-sdk (both MIT).
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) != 17 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			expect(t, written(checkSample(sample(t, file))))
		})
	}
}

// As it stands, this sample is refused: its dates are {{placeholders}} for the
// program that posts it, no days in the form YYYY-MM-DD and no number of seconds.
func TestSampleWithPlaceholders(t *testing.T) {
	data, err := os.ReadFile("testdata/botarium-05-date-and-time-pickers.json")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, written(checkSample(data)),
		"[ERROR] input must be a valid: date [json-pointer:/blocks/1/elements/0/initial_date]",
		"[ERROR] must provide an integer [json-pointer:/blocks/1/elements/2/initial_date_time]",
		"[ERROR] input must be a valid: date [json-pointer:/blocks/2/accessory/initial_date]")
}

// sample reads a file with its placeholders filled in.
func sample(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.NewReplacer(`{{TODAY_DATE}}`, `2026-11-23`, `"{{TODAY_NOON_UNIX}}"`, `1795435200`).Replace(string(data)))
}

func checkSample(data []byte) []Problem {
	var s struct {
		Type   string
		Blocks json.RawMessage
	}
	if json.Unmarshal(data, &s) != nil || s.Blocks == nil {
		return []Problem{{Message: "no blocks"}}
	}
	if s.Type != "" {
		return View(data)
	}
	return Message(s.Blocks)
}
