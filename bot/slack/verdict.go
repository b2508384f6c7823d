package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// errBusy says that a call was put off because others are more urgent.
var errBusy = errors.New("put off: other calls are more urgent")

// Later is an error that goes away by itself: try again after a while. It is
// not counted as a failure.
type Later struct {
	After time.Duration
	Err   error
}

func (l *Later) Error() string {
	return fmt.Sprintf("%v (again in %s)", l.Err, l.After.Round(time.Millisecond))
}

func (l *Later) Unwrap() error { return l.Err }

// RetryAfter is how long to wait.
func (l *Later) RetryAfter() time.Duration { return l.After }

// withoutAddress takes the address out of an error of a call: the ticket of a
// socket or the secret of a response_url may stand in it, and errors are logged.
func withoutAddress(err error) error {
	var u *url.Error
	switch {
	case !errors.As(err, &u):
		return err
	case u.Op == "parse": // what is wrong quotes part of it
		return errors.New("Slack's address cannot be read")
	}
	return fmt.Errorf("%s: %w", strings.ToLower(u.Op), u.Err)
}

// code is Slack's own name of an error, empty where it is none of Slack's.
func code(err error) string {
	var r slackgo.SlackErrorResponse
	if errors.As(err, &r) {
		return r.Err
	}
	return ""
}

// is reports whether err is one of these of Slack's errors.
func is(err error, codes ...string) bool {
	c := code(err)
	for _, want := range codes {
		if c == want {
			return true
		}
	}
	return false
}

// unclear reports whether the call may have been carried out although it
// failed: then one looks before one does it again.
func unclear(err error) bool {
	if err == nil || code(err) != "" {
		return false
	}
	var limited *slackgo.RateLimitedError
	var later *Later
	if errors.As(err, &limited) || errors.As(err, &later) {
		return false
	}
	var status slackgo.StatusCodeError
	if errors.As(err, &status) {
		return status.Code >= 500 || status.Code == http.StatusRequestTimeout
	}
	return true // a cut connection, a time-out, an answer that is no JSON
}

// credentials are errors of a token or an app that no retry mends.
func credentials(err error) bool {
	return is(err, "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"missing_scope", "no_permission", "app_missing_action_url", "team_disabled", "org_login_required", "access_denied", "forbidden_team")
}

// unauthorized are those of a token or an app as a whole: nothing works then.
func unauthorized(err error) bool {
	return credentials(err) && !is(err, "missing_scope", "no_permission", "access_denied")
}

// refused reports whether Slack said no to this one thing, for good: what can do
// without it goes on.
func refused(err error) bool {
	return code(err) != "" && !lost(err) && !temporary(err) && !unauthorized(err)
}

// unfit reports whether Slack refuses what a message says, rather than that we
// say something.
func unfit(code string) bool {
	return strings.HasPrefix(code, "invalid_") || strings.HasPrefix(code, "msg_") || strings.HasPrefix(code, "metadata_")
}

// temporary reports whether it is worth trying again by itself.
func temporary(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) || errors.Is(err, context.DeadlineExceeded) || unclear(err) ||
		is(err, "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "team_added_to_org",
			"canvas_editing_locked") // somebody edits it at this moment
}

// lost are the errors that say that the channel is no place to talk any more.
func lost(err error) bool {
	return is(err, "is_archived", "channel_not_found", "not_in_channel", "channel_is_limited_access")
}
