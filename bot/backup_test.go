package bot

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// cutOff is a bot whose backup ends in the middle, and does not say so.
type cutOff struct{ source }

func (cutOff) backup(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, strings.Repeat("half of a store ", 4096))
	return err
}

// A backup gets its name when it is known to be whole, and takes nobody else's.
func TestABackupIsWholeOrNotThere(t *testing.T) {
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	dir := t.TempDir()
	path := filepath.Join(dir, "backup.db")
	if _, err := writeBackup(cmd, cutOff{}, path); err == nil || !strings.Contains(err.Error(), "not whole") {
		t.Errorf("half of a store: %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("it is there (%v)", err)
	}
	if err := os.WriteFile(path, []byte("the one of yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := writeBackup(cmd, cutOff{}, path); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("over another: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "the one of yesterday" {
		t.Errorf("the other says %q (%v)", b, err)
	}
}
