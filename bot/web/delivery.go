package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Door is the door of the deliveries that the API makes.
const Door = "api"

// Limits of a POST.
const (
	maxKey  = 255              // characters of an Idempotency-Key
	working = 30 * time.Second // what was received is worked so long, even if nobody waits for it any more
)

// order is a POST as the inbox keeps it: all that is needed to work it.
type order struct {
	Token    string           `json:"token"`
	Scope    Scope            `json:"scope"`
	Incident incidents.Number `json:"incident,omitempty"` // 0: the body opens one; else it is a command for this one
	Change   bool             `json:"change,omitempty"`   // the body is a change of a service
	Body     string           `json:"body"`
}

// digest tells one order from another under the same key. The scope is no part
// of it, for a token may have been given another since.
func (o order) digest() string {
	raw, _ := json.Marshal(order{Token: o.Token, Incident: o.Incident, Change: o.Change, Body: o.Body}) // strings and a number
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// actor is who ordered.
func (o order) actor() incidents.Actor { return Token{Name: o.Token, Scope: o.Scope}.actor() }

// delivered is an order that is durable.
type delivered struct {
	order
	id string
	at time.Time
}

// answer is what the inbox keeps of a finished order.
type answer struct {
	Order    string `json:"order"` // its digest
	Scope    Scope  `json:"scope"` // that saw this answer
	Status   int    `json:"status"`
	Location string `json:"location,omitempty"`
	Body     string `json:"body"`
	// Again says that the work failed, so that the same key works it again,
	// under the same command id, and so to the same end each time. The delivery
	// is finished nevertheless: the caller was told that it failed, and a start
	// tomorrow must not do it behind their back.
	Again bool `json:"again,omitempty"`
}

func answerWith(status int, location string, v any) (answer, error) {
	body, err := json.Marshal(v)
	return answer{Status: status, Location: location, Body: string(body)}, err
}

// deliver receives an order, works it and answers: durable before it is worked,
// its answer durable before it is given.
func (s *Site) deliver(w http.ResponseWriter, c call, o order) error {
	o.Token, o.Scope = c.token.Name, c.token.Scope
	id, err := deliveryID(c.Header, o.Token)
	if err != nil {
		return err
	}
	leave, err := s.flights.enter(c.Context(), id)
	if err != nil {
		return err
	}
	defer leave()
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	row, fresh, err := s.store.Receive(c.Context(), store.Delivery{ID: id, Door: Door, Key: o.lane(), At: s.now(), Raw: raw})
	if err != nil {
		return err
	}
	a, known, err := earlier(row, fresh, o)
	if err != nil {
		return err
	}
	if !known {
		if a, err = s.finish(c.Context(), delivered{o, id, row.At}); err != nil {
			return err
		}
	}
	return a.write(w, known)
}

// lane is what must be worked in order.
func (o order) lane() string {
	if o.Incident == 0 {
		return ""
	}
	return o.Incident.String()
}

// deliveryID names a POST: the token's key for it, or a random one. A token's
// name is escaped, so that no two tokens can share an id.
func deliveryID(h http.Header, token string) (string, error) {
	key := h.Get("Idempotency-Key")
	if len(h.Values("Idempotency-Key")) > 1 {
		return "", invalidf("There are several Idempotency-Keys. Send one.")
	}
	if len(key) > maxKey {
		return "", invalidf("The Idempotency-Key has %d characters, at most %d fit. A UUID is long enough.", len(key), maxKey)
	}
	for _, r := range key {
		if r < ' ' || r > '~' {
			return "", invalidf("The Idempotency-Key must be plain ASCII. A UUID is best.")
		}
	}
	if key == "" {
		key = rand.Text()
	}
	return Door + ":" + url.QueryEscape(token) + ":" + key, nil
}

// earlier is the answer that an order was given before, if it was.
func earlier(row store.Delivery, fresh bool, o order) (a answer, known bool, err error) {
	if fresh {
		return answer{}, false, nil
	}
	var digest string
	if row.Done {
		if err := json.Unmarshal(row.Result, &a); err != nil {
			return answer{}, false, err
		}
		digest = a.Order
	} else {
		var was order
		if err := json.Unmarshal(row.Raw, &was); err != nil {
			return answer{}, false, err
		}
		digest = was.digest()
	}
	switch {
	case digest != o.digest():
		return answer{}, false, problemf(conflict, "This Idempotency-Key was used for another call. Use a new key for a new call.")
	case row.Done && !o.Scope.allows(a.Scope):
		return answer{}, false, problemf(forbidden, "This Idempotency-Key was answered when the token had the scope %s. Use a new key.", a.Scope)
	}
	return a, row.Done && !a.Again, nil
}

// finish works an order and makes its answer durable. The caller may hang up;
// the order was accepted, and is worked all the same.
func (s *Site) finish(ctx context.Context, d delivered) (answer, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), working)
	defer cancel()
	a := s.work(ctx, d)
	a.Order, a.Scope = d.digest(), d.Scope
	result, err := json.Marshal(a)
	if err != nil {
		return answer{}, err
	}
	return a, s.store.Finish(ctx, d.id, result)
}

// work does what was ordered. It always has an answer; one that says that
// nobody foresaw this is not the last word.
func (s *Site) work(ctx context.Context, d delivered) (a answer) {
	defer func() {
		if caught := recover(); caught != nil {
			ref := reference()
			s.log.Error().Str("reference", ref).Str("delivery", d.id).Interface("panic", caught).Bytes("stack", debug.Stack()).Msg("an API call panicked")
			a = refusalAnswer(fault(ref, ""))
		}
	}()
	do := s.open
	switch {
	case d.Change:
		do = s.change
	case d.Incident != 0:
		do = s.command
	}
	a, err := do(ctx, d)
	if err != nil {
		return refusalAnswer(s.problem(err))
	}
	return a
}

func refusalAnswer(p *Problem) answer {
	body, _ := json.Marshal(p) // strings and a number
	return answer{Status: p.Status, Body: string(body), Again: p.Status == http.StatusInternalServerError}
}

// write gives an answer; repeated says that it was given before.
func (a answer) write(w http.ResponseWriter, repeated bool) error {
	kind := "application/json"
	if a.Status >= http.StatusBadRequest {
		kind = "application/problem+json"
	}
	if a.Location != "" {
		w.Header().Set("Location", a.Location)
	}
	if repeated {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	send(w, a.Status, kind, []byte(a.Body))
	return nil
}
