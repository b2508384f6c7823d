package integrations

import (
	"context"
	"errors"
	"time"
)

// Author writes short texts from facts alone, as a language model does. Nobody
// believes it: what it writes is checked against the same facts.
type Author struct {
	Budget Budget
	// Write writes one text. An error is an *[Unwritten].
	Write func(ctx context.Context, a Assignment) (Draft, error)
}

// Budget is what one document may cost.
type Budget struct {
	Calls  int           `yaml:"calls" default:"12" min:"1" max:"1000" doc:"requests"`
	Tokens int           `yaml:"tokens" default:"60000" min:"1000" max:"10000000" doc:"tokens, of what is sent and of what comes back"`
	Time   time.Duration `yaml:"time" default:"2m" doc:"how long all of it may take"`
}

// Assignment is what to write.
type Assignment struct {
	Slot  string // the section's name: "summary"
	Title string // its heading
	Want  string // what it is to say, in our own words
	Facts []Fact // all that it may say
	// Words are those that it may use besides the words of the facts; nil: any.
	Words []string
	// Tokens is what it may cost, with the facts; 0: whatever it takes.
	Tokens int
}

// Fact is something that is known, as it may leave.
type Fact struct {
	Seqs []uint64 // the events that say so, all of them together; none: it is only for orientation
	At   time.Time
	Text Cleared
}

// Draft is what an author wrote.
type Draft struct {
	Sentences []Sentence
	Tokens    int // that it cost; where the author does not say, a guess
}

// Sentence is one statement of an author, as it came: any text at all.
type Sentence struct {
	Text  string   // without citations
	Cites []uint64 // the events on which it says to stand
}

// Unwritten is why there is no text.
type Unwritten struct {
	Reason Reason
	Tokens int // that it cost all the same
	Cause  error
}

// Error says it for the log.
func (u *Unwritten) Error() string {
	if u.Cause == nil {
		return string(u.Reason)
	}
	return string(u.Reason) + ": " + u.Cause.Error()
}

// Unwrap is the cause.
func (u *Unwritten) Unwrap() error { return u.Cause }

// Reason is why an author has written nothing that can be used.
type Reason string

// The reasons.
const (
	Slow       Reason = "slow"
	Busy       Reason = "busy"    // too many requests, it says
	Failing    Reason = "failing" // it cannot be reached, or breaks
	Denied     Reason = "denied"  // it does not take the key
	Unfit      Reason = "unfit"   // it does not take the request: no such model, too long
	Declined   Reason = "declined"
	Empty      Reason = "empty"
	Cut        Reason = "cut" // the answer ends in the middle
	Garbled    Reason = "garbled"
	Spent      Reason = "spent"      // the budget is used up
	Held       Reason = "held"       // the egress policy lets nothing leave
	Ungrounded Reason = "ungrounded" // what it wrote does not stand in the record
)

// reasons are what readers of a document are told.
var reasons = map[Reason]string{
	Slow:       "The model was slow",
	Busy:       "The model had too much to do",
	Failing:    "The model could not be reached",
	Denied:     "The model did not take our key",
	Unfit:      "The model did not take our request",
	Declined:   "The model declined to write it",
	Empty:      "The model wrote nothing",
	Cut:        "The model did not come to an end",
	Garbled:    "What the model wrote could not be read",
	Spent:      "The model's budget for this document was used up",
	Held:       "Nothing more of this incident may be sent to the model",
	Ungrounded: "What the model wrote does not stand in the record",
}

// Note is a sentence for readers of what was written without the author.
func (r Reason) Note() string {
	return reasons[r] + ", so this section is from the record alone."
}

// ReasonOf is the reason of an error that an author gave.
func ReasonOf(err error) Reason {
	var u *Unwritten
	if errors.As(err, &u) {
		return u.Reason
	}
	return Failing
}
