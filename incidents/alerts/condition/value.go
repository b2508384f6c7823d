package condition

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Value is a value of encoding/json, read with UseNumber, as expressions count with it: whole numbers as int, others as
// float64. A number that neither can hold is a text, so that two ids do not become one.
func Value(v any) any {
	switch v := v.(type) {
	case json.Number:
		return number(v)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = Value(v[i])
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name := range v {
			all[name] = Value(v[name])
		}
		return all
	}
	return v
}

func number(n json.Number) any {
	if i, err := strconv.Atoi(string(n)); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil || f == math.Trunc(f) && math.Abs(f) > 1<<53 {
		return string(n)
	}
	return f
}

// Text is a value as a text: numbers in digits, times as RFC 3339 has them, nothing as nothing. A list and an object
// have none.
func Text(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	return "", fmt.Errorf("expected a text, found %s", kind(value))
}
