package bot

import (
	"testing"
	"testing/synctest"
	"time"
)

// A crowd is seen a while longer than it is there, and not before there was one.
func TestACrowdPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd()
		looks := func(when string, want bool) {
			if got := c.there(); got != want {
				t.Errorf("%s there is a crowd: %v", when, got)
			}
		}
		looks("at first", false)
		var gone []func()
		for range crowded {
			gone = append(gone, c.comes())
		}
		looks("of many", true)
		for _, goes := range gone {
			goes()
		}
		time.Sleep(crowdLasts - time.Millisecond)
		looks("right afterwards", true)
		time.Sleep(2 * time.Millisecond)
		looks("later", false)
	})
}
