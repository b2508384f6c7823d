package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// Away are those of these people who have notifications switched off now. Whom
// Slack does not tell of soon is there.
func (d *Directory) Away(ctx context.Context, ids []string) (away []string) {
	for _, actor := range ids {
		user, ok := d.client.member(actor)
		if !ok {
			continue
		}
		s, err := again(ctx, true, func(ctx context.Context) (*slackgo.DNDStatus, error) {
			return d.client.api.GetDNDInfoContext(ctx, &user)
		})
		if err == nil && rests(*s, time.Now()) {
			away = append(away, actor)
		}
	}
	return away
}

// rests reports whether somebody is not to be disturbed at a moment: they have
// snoozed, or it is within the hours that they set.
func rests(s slackgo.DNDStatus, now time.Time) bool {
	at := int(now.Unix())
	return s.SnoozeEnabled && at < s.SnoozeEndTime || s.Enabled && s.NextStartTimestamp <= at && at < s.NextEndTimestamp
}

// Called are the people of these groups and names, as they are today.
func (d *Directory) Called(ctx context.Context, refs []string) (list []incidents.Person) {
	ids, _, _ := d.resolve(ctx, refs) // who cannot be found out is not called; the channel is told then
	known := map[string]bool{}
	for _, id := range ids {
		m, err := d.member(ctx, id)
		if err == nil && !m.bot && !m.deleted && !known[id] {
			known[id] = true
			list = append(list, d.person(m))
		}
	}
	return list
}
