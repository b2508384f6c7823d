package condition

import "errors"

// Meter bounds what the expressions of one piece of work may take together.
type Meter struct {
	steps int // that are left
	bytes int // of texts that are left to be made
	late  func() bool
}

// ErrSpent is what an expression that takes too much ends with.
var ErrSpent = errors.New("the expressions take too much time or memory for what was sent")

const (
	meter     = "meter!"  // no name that an expression could write
	maxValues = 1_000_000 // of the lists and objects that one expression makes
	often     = 256       // steps between two looks at the clock
)

// NewMeter allows so many steps (a round of a loop each, and each expression) and bytes, as long as it is not late; a
// nil late is never.
func NewMeter(steps, bytes int, late func() bool) *Meter { return &Meter{steps, bytes, late} }

func (m *Meter) step() error {
	if m.steps--; m.steps < 0 || m.late != nil && m.steps%often == 0 && m.late() {
		m.steps = 0
		return ErrSpent
	}
	return nil
}

// make takes the bytes of a text that is about to be made.
func (m *Meter) make(bytes int) error {
	if bytes < 0 || bytes > m.bytes {
		m.bytes = 0
		return ErrSpent
	}
	m.bytes -= bytes
	if bytes >= 1<<10 { // a long one takes its time
		return m.step()
	}
	return nil
}
