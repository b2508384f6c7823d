package bot

import (
	"context"
	"sync"

	"fireboss/incidents/store"
)

// lane holds deliveries that are to be worked one behind the other, as many as there are: alertIntake bounds them over
// all lanes. It takes no room for those that do not come. One reads from it, any number add.
type lane struct {
	mu   sync.Mutex
	rows []store.Delivery
	more chan struct{} // there may be some
}

func newLane() *lane { return &lane{more: make(chan struct{}, 1)} }

func (l *lane) add(row store.Delivery) {
	l.mu.Lock()
	l.rows = append(l.rows, row)
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// next waits for the delivery that came first; false where the context ends before there is one.
func (l *lane) next(ctx context.Context) (row store.Delivery, ok bool) {
	for ctx.Err() == nil {
		if row, ok = l.first(); ok {
			return row, true
		}
		select {
		case <-ctx.Done():
		case <-l.more:
		}
	}
	return row, false
}

func (l *lane) first() (row store.Delivery, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rows) == 0 {
		return row, false
	}
	row, l.rows[0] = l.rows[0], store.Delivery{} // its bytes are let go
	if l.rows = l.rows[1:]; len(l.rows) == 0 {
		l.rows = nil
	}
	return row, true
}
