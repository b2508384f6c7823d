//go:build !linux && !darwin

package bolt

func limited(*DB) {}
