package bot

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The figures of docs/reliability.md that the code knows are those of the code.
func TestFiguresOfReliability(t *testing.T) {
	doc, err := os.ReadFile("../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	methods, kinds := len(slackMethods()), len(faultKinds)
	for _, want := range []string{
		fmt.Sprintf("**%d points**", len(points())),
		fmt.Sprintf("%d methods × %d kinds × (once, ten times) are **%d worlds**", methods, kinds, 2*methods*kinds),
	} {
		if !strings.Contains(string(doc), want) {
			t.Errorf("docs/reliability.md does not say %q", want)
		}
	}
}
