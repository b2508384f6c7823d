package web

import (
	"context"
	"encoding/json"
	"fmt"

	"fireboss/incidents/store"
)

// maxAttempts is how often a delivery is taken up again after a start. One that
// ends the process each time is given up then.
const maxAttempts = 5

// Rework works a delivery of the API that was received and not finished when
// the process ended. Nobody waits for the answer any more; it is kept for the
// caller who asks again with the same key. What was applied before is not
// applied again, for the delivery's id is the command's.
//
// An error says that the delivery is unfinished still, or that it was given up.
func (s *Site) Rework(ctx context.Context, d store.Delivery) error {
	if d.Door != Door {
		return fmt.Errorf("web: delivery %s is of the door %q, not of the API", d.ID, d.Door)
	}
	leave, err := s.flights.enter(ctx, d.ID)
	if err != nil {
		return err
	}
	defer leave()
	row, _, err := s.store.Receive(ctx, d) // as it is now: its caller may have come back first
	if err != nil || row.Done {
		return err
	}
	tried, err := s.store.Attempted(ctx, d.ID)
	if err != nil {
		return err
	}
	var o order
	if err := json.Unmarshal(row.Raw, &o); err != nil || tried > maxAttempts {
		return s.giveUp(ctx, d.ID, o, tried, err)
	}
	_, err = s.finish(ctx, delivered{o, d.ID, row.At})
	return err
}

// giveUp finishes a delivery that cannot be worked, for good.
func (s *Site) giveUp(ctx context.Context, id string, o order, tried int, cause error) error {
	a := refusalAnswer(fault(reference(), ""))
	a.Order, a.Scope, a.Again = o.digest(), o.Scope, false
	result, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if err := s.store.Finish(ctx, id, result); err != nil {
		return err
	}
	return fmt.Errorf("web: delivery %s was given up after %d attempts: %w", id, tried, cause)
}
