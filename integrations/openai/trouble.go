package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	sdk "github.com/sashabaranov/go-openai"

	"fireboss/integrations"
)

// reason makes of what went wrong what readers are told.
func reason(ctx context.Context, err error) integrations.Reason {
	var trouble *integrations.Trouble
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	status, _, answered := statusOf(err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return integrations.Slow
	case errors.As(err, &trouble):
		return byOutcome(trouble.Outcome)
	case filtered(err):
		return integrations.Declined
	case answered:
		return byStatus(status)
	case errors.As(err, &syntax), errors.As(err, &kind):
		return integrations.Garbled
	}
	return integrations.Garbled // it came, and was no answer
}

func byOutcome(outcome string) integrations.Reason {
	switch outcome {
	case "timeout":
		return integrations.Slow
	case "too large":
		return integrations.Garbled
	}
	return integrations.Failing
}

func byStatus(status int) integrations.Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return integrations.Busy
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusPaymentRequired:
		return integrations.Denied
	case status == http.StatusRequestTimeout, status == http.StatusGatewayTimeout:
		return integrations.Slow
	case status >= 500:
		return integrations.Failing
	}
	return integrations.Unfit
}

// statusOf is the HTTP status and the error code of an answer that was an error.
func statusOf(err error) (status int, code string, answered bool) {
	var api *sdk.APIError
	var request *sdk.RequestError
	switch {
	case errors.As(err, &api):
		return api.HTTPStatusCode, fmt.Sprint(api.Code), api.HTTPStatusCode > 0
	case errors.As(err, &request):
		return request.HTTPStatusCode, "", request.HTTPStatusCode > 0
	}
	return 0, "", false
}

// filtered says whether a server refused what it was asked about rather than how: Azure
// answers so with a status of 400.
func filtered(err error) bool {
	_, code, _ := statusOf(err)
	return code == "content_filter" || code == "content_policy_violation"
}

var word = regexp.MustCompile(`^[a-z0-9_.-]{1,60}$`)

// harmless is an error for the log: of what the server wrote no more than its code, for
// the rest may repeat what it was asked, or the key.
func harmless(err error) error {
	status, code, answered := statusOf(err)
	switch {
	case !answered:
		return err
	case word.MatchString(code):
		return fmt.Errorf("http %d, %s", status, code)
	}
	return fmt.Errorf("http %d", status)
}

// spent guesses what a request cost that had no answer: nothing, where the server
// refused it.
func spent(err error, asked int) int {
	if _, _, answered := statusOf(err); answered {
		return 0
	}
	return asked
}
