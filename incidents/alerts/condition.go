package alerts

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Env is what a condition sees; its names are the language's (https://expr-lang.org).
type Env struct {
	Alert AlertEnv `expr:"alert"`
	Open  OpenEnv  `expr:"open"`
	Now   NowEnv   `expr:"now"`
}

// AlertEnv is the alert.
type AlertEnv struct {
	Source      string            `expr:"source"`
	Fingerprint string            `expr:"fingerprint"`
	Group       string            `expr:"group"`
	Status      string            `expr:"status"`
	Severity    string            `expr:"severity"`
	Title       string            `expr:"title"`
	Description string            `expr:"description"`
	Service     string            `expr:"service"`
	URL         string            `expr:"url"`
	Count       int               `expr:"count"`
	Labels      map[string]string `expr:"labels"`
}

// OpenEnv is what is open: drills are not counted.
type OpenEnv struct {
	Count           int  `expr:"count"`            // of incidents
	SameService     bool `expr:"same_service"`     // one has the alert's service
	SameGroup       bool `expr:"same_group"`       // one has an alert of the same group
	SameFingerprint bool `expr:"same_fingerprint"` // one had this alert before
}

// NowEnv is the moment, in the time zone of the calendar.
type NowEnv struct {
	Hour    int    `expr:"hour"` // 0 to 23
	Minute  int    `expr:"minute"`
	Weekday string `expr:"weekday"` // Monday
	Office  bool   `expr:"office"`  // the calendar's office hours
}

// Bounds of a condition: real ones have about ten nodes.
const (
	maxConditionNodes  = 500
	maxConditionMemory = 100_000 // elements made while it is asked
)

// Condition is an expression that is true or false.
type Condition struct {
	source  string
	program *vm.Program
}

// ParseCondition compiles an expression. An error says where it is wrong, as "line 1, column 7: …".
func ParseCondition(source string) (Condition, error) {
	if strings.TrimSpace(source) == "" {
		return Condition{}, errors.New(`it is empty. Example: alert.severity == "critical"`)
	}
	program, err := expr.Compile(source, expr.Env(Env{}), expr.AsBool(), expr.MaxNodes(maxConditionNodes))
	var at *file.Error
	switch {
	case errors.As(err, &at):
		return Condition{}, fmt.Errorf(`line %d, column %d: %s. Example: alert.severity == "critical"`, at.Line, at.Column+1, at.Message)
	case err != nil:
		return Condition{}, err
	}
	return Condition{source, program}, nil
}

// UnmarshalText is [ParseCondition].
func (c *Condition) UnmarshalText(text []byte) (err error) {
	*c, err = ParseCondition(string(text))
	return err
}

// MarshalText is the expression.
func (c Condition) MarshalText() ([]byte, error) { return []byte(c.source), nil }

// String is the expression.
func (c Condition) String() string { return c.source }

// Equal says whether both are the same expression.
func (c Condition) Equal(o Condition) bool { return c.source == o.source }

// Holds asks the condition. An error says why it could not be asked, such as that it took too much memory.
func (c Condition) Holds(env Env) (holds bool, err error) {
	if c.program == nil {
		return false, nil
	}
	defer func() {
		if v := recover(); v != nil {
			holds, err = false, fmt.Errorf("%v", v)
		}
	}()
	machine := vm.VM{MemoryBudget: maxConditionMemory}
	out, err := machine.Run(c.program, env)
	var at *file.Error
	if errors.As(err, &at) {
		return false, errors.New(at.Message)
	}
	holds, _ = out.(bool)
	return holds, err
}
