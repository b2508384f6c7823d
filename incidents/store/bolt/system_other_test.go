//go:build !linux || !(amd64 || arm64)

package bolt

import (
	"errors"
	"os"
)

func datasync(f *os.File) error { return f.Sync() }

func forget(*os.File) error { return errors.ErrUnsupported }
