// Package condition is the one language in which a configuration says what to look for in alerts and what to make of
// them: expressions of github.com/expr-lang/expr (https://expr-lang.org/docs/language-definition).
//
// What an expression can speak of are [Names]. An [Expression] or a [Condition] in a configuration is compiled when that
// is read, so that a name that nobody knows is a mistake of the configuration; where it is to work, it is compiled into a
// [Program]. Strangers' JSON is given to it by way of [Value].
//
// It is made for what strangers send. What is missing is nothing and stays nothing: a member of nothing is nothing,
// nothing is not true, not more and not less than anything, and adds nothing to a text. And whatever is sent, an
// expression ends: a [Meter] bounds how often it goes around, how much it makes and how long it takes.
//
// Beside the language's own functions, now, flatten and repeat are left out: the present moment is a name where there is
// one, and the other two make much out of little.
//
// It is pure: no I/O, no goroutine, no time.Now.
package condition
