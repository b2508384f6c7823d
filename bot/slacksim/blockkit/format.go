package blockkit

import (
	"net/url"
	"time"
)

// Forms of strings. The words are hack-json-schema's.
var (
	dateFormat = &format{
		says: "input must be a valid: date",
		ok: func(s string) bool {
			_, err := time.Parse(time.DateOnly, s)
			return err == nil
		},
	}
	timeFormat  = matching(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	httpsFormat = matching(`^https://`)
	// numberFormat is of a number_input's values, which Slack has as strings.
	numberFormat = matching(`^-?[0-9]+(\.[0-9]+)?$`)
	uriFormat    = &format{
		says: "input must be a valid: uri",
		ok: func(s string) bool {
			u, err := url.Parse(s)
			return err == nil && u.IsAbs()
		},
	}
)
