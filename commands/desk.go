package commands

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// Handle carries out one request and says what is now so. It always answers:
// a refusal is an answer, and what nobody foresaw, a panic too, becomes one
// with a reference number.
//
// The same request again gets the same answer and changes nothing again. What
// was already done is recognised by its id; what was refused is judged anew.
func (d *Desk) Handle(ctx context.Context, r Request) (reply Reply) {
	defer func() {
		if v := recover(); v != nil {
			reply = fault(r, fmt.Errorf("commands: panic: %v\n%s", v, debug.Stack()))
		}
	}()
	if r.At.IsZero() {
		r.At = time.Now()
	}
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	r.Text = unseen.Replace(strings.ToValidUTF8(r.Text, "\uFFFD"))
	r.Values = maps.Clone(r.Values)
	for name, list := range r.Values {
		r.Values[name] = slices.Clone(list)
		for i, value := range list {
			r.Values[name][i] = unseen.Replace(value)
		}
	}
	c := &call{Request: r, ctx: ctx, desk: d, verbs: verbs, number: r.Here}
	reply, err := c.answer()
	if err == nil && reply.Text == "" {
		err = errors.New("commands: " + c.verb.Name + " has no answer")
	}
	if err == nil {
		return practice(reply)
	}
	refusal, ok := incidents.AsRefusal(err)
	if !ok {
		return fault(r, err)
	}
	refusal = refusal.In(r.Zone)
	reply.Text, reply.Refused, reply.Want = refusal.Text, refusal.Code, refusal.Want
	if reply.Form == nil {
		c.askFor(&reply, refusal)
	}
	if c.number == c.Here {
		reply.Text = refusal.Here
	}
	if refusal.Incident != 0 {
		reply.Choices = append(reply.Choices, Choice{Label: "Ask for access", Command: "access " + refusal.Incident.String()})
	}
	return reply
}

// unseen takes away what nobody sees and nobody typed: it comes along when somebody copies one of our own messages, in which
// it keeps marks from being read as formatting. What joins letters or emoji (U+200C, U+200D) has a meaning, and stays.
var unseen = strings.NewReplacer("\u200b", "", "\ufeff", "")

// askFor adds the form of a verb that lacks what it needs, and the form once
// more, as it was filled in, where what it held was refused.
func (c *call) askFor(reply *Reply, refusal *incidents.Refusal) {
	filled := c.Values != nil
	if refusal.Want != nil {
		reply.Form, reply.Field = c.askForFields(refusal.Want), refusal.Field
		return
	}
	if c.verb.form == nil || !filled && (!refusal.Missing || c.possibleNow() != nil) {
		return
	}
	if refusal.Code == incidents.CodeNotFound {
		return
	}
	reply.Form, reply.Field = c.asks(), refusal.Field
}

// practice marks what is said of a drill, so that nobody takes it for real.
func practice(r Reply) Reply {
	if r.Incident != nil && r.Incident.Drill && !strings.Contains(strings.ToLower(r.Text), "drill") {
		r.Text = "Drill: " + r.Text
	}
	return r
}

// fault answers what nobody foresaw. The reference is made from the request's
// id, so that the same request shows the same one.
func fault(r Request, err error) Reply {
	sum := sha256.Sum256([]byte(r.ID))
	ref := strings.ToUpper(hex.EncodeToString(sum[:4]))
	return Reply{
		Text:  "Something went wrong on our side, reference " + ref + ". Your command may not have been carried out: look before you repeat it.",
		Fault: err, Reference: ref,
	}
}

// rules is the policy of now.
func (d *Desk) rules() incidents.Rules {
	if d.Rules == nil {
		return incidents.Rules{}
	}
	return d.Rules()
}
