package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		err                                     error
		unclear, credentials, temporary, isLost bool
	}{
		{err: nil},
		{err: slackError("name_taken")},
		{err: slackError("invalid_auth"), credentials: true},
		{err: slackError("missing_scope"), credentials: true},
		{err: slackError("is_archived"), isLost: true},
		{err: slackError("not_in_channel"), isLost: true},
		{err: slackError("internal_error"), temporary: true},
		{err: &slackgo.RateLimitedError{RetryAfter: time.Second}},
		{err: &Later{After: time.Second, Err: errBusy}},
		{err: slackgo.StatusCodeError{Code: 503}, unclear: true, temporary: true},
		{err: slackgo.StatusCodeError{Code: 404}},
		{err: io.ErrUnexpectedEOF, unclear: true, temporary: true},
		{err: context.DeadlineExceeded, unclear: true, temporary: true},
		{err: errors.New("connection reset by peer"), unclear: true, temporary: true},
	} {
		if got := [4]bool{unclear(tt.err), credentials(tt.err), temporary(tt.err), lost(tt.err)}; got != [4]bool{tt.unclear, tt.credentials, tt.temporary, tt.isLost} {
			t.Errorf("%v: unclear, credentials, temporary, lost = %v", tt.err, got)
		}
	}
}

// slackError is an answer of Slack's, wrapped as errors are on their way.
func slackError(code string) error {
	return fmt.Errorf("wrapped: %w", slackgo.SlackErrorResponse{Err: code})
}
