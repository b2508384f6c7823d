package slacksim

import (
	"math"
	"sync"
	"time"
)

// limiter is Slack's rate limits: a bucket of calls per method, which starts full and fills at the tier's rate.
// https://docs.slack.dev/apis/web-api/rate-limits
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	left   float64
	filled time.Time
}

// allowance is how many calls fit into a bucket and how many a minute fill it.
type allowance struct {
	key              string
	burst, perMinute int
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[string]*bucket{}}
}

// allowances are the buckets a call draws from: its method's and, for a posted message, its channel's.
func allowances(name string, m *method, channel string) []allowance {
	if name == "chat.postMessage" {
		return []allowance{
			{name, postPerWorkspace, postPerWorkspace},
			{name + " " + channel, postPerChannelBurst, postPerChannel},
		}
	}
	n := tiers[m.Tier]
	if n == 0 {
		return nil
	}
	return []allowance{{name, n, n}}
}

// take draws one call from each bucket, or from none and says in how many whole seconds there is one in all.
func (l *limiter) take(from []allowance) (retryAfter int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, a := range from {
		b := l.buckets[a.key]
		if b == nil {
			b = &bucket{left: float64(a.burst), filled: now}
			l.buckets[a.key] = b
		}
		perSecond := float64(a.perMinute) / 60
		b.left = min(float64(a.burst), b.left+now.Sub(b.filled).Seconds()*perSecond)
		b.filled = now
		if b.left < 1 {
			retryAfter = max(retryAfter, int(math.Ceil((1-b.left)/perSecond)))
		}
	}
	if retryAfter > 0 {
		return retryAfter
	}
	for _, a := range from {
		l.buckets[a.key].left--
	}
	return 0
}
