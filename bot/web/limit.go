package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits of how often somebody may try, and may ask. They are far above what people
// and well-meaning programs do; they keep one who means ill, or a loop, from being a
// burden to others.
var (
	tryLimit  = Limit{PerSecond: 0.5, Burst: 30}    // signing in, by address
	wrongOnes = Limit{PerSecond: 2, Burst: 100}     // calls of the API with a token that nobody has, by address
	callLimit = Limit{PerSecond: 1000, Burst: 5000} // calls of the API, by token
)

// Limit is how often something may be done: so often at once, and then so often in
// a second.
type Limit struct {
	PerSecond float64
	Burst     float64
}

// mostBuckets is how many are kept apart. Where there are more, those that are full
// again are forgotten, and if need be all.
const mostBuckets = 20_000

// limiter counts what each key does.
type limiter struct {
	limit   Limit
	mu      sync.Mutex
	buckets map[string]bucket
}

// bucket is what somebody may still do, as of a moment.
type bucket struct {
	left float64
	at   time.Time
}

func newLimiter(l Limit) *limiter { return &limiter{limit: l, buckets: map[string]bucket{}} }

// take lets a key do it once more, or says how long it has to wait.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known {
		l.makeRoom(now)
		b = bucket{l.limit.Burst, now}
	}
	left := l.filled(b, now)
	if left < 1 {
		return time.Duration((1 - left) / l.limit.PerSecond * float64(time.Second))
	}
	l.buckets[key] = bucket{left - 1, now}
	return 0
}

// filled is what is in a bucket now. A clock that was set back takes nothing away.
func (l *limiter) filled(b bucket, now time.Time) float64 {
	return min(l.limit.Burst, b.left+max(0, now.Sub(b.at).Seconds())*l.limit.PerSecond)
}

func (l *limiter) makeRoom(now time.Time) {
	if len(l.buckets) < mostBuckets {
		return
	}
	for key, b := range l.buckets {
		if l.filled(b, now) >= l.limit.Burst {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
}

// tooOften is the answer to whoever has to wait.
func tooOften(wait time.Duration, what string) error {
	seconds := int(wait.Seconds()) + 1
	p := problemf(tooMany, "%s Wait %d s and try again.", what, seconds)
	p.wait = seconds
	return p
}

// tried counts an attempt to sign in.
func (s *Site) tried(r *http.Request) error {
	if wait := s.tries.take(s.from(r), s.now()); wait > 0 {
		return tooOften(wait, "Somebody tries to sign in very often from where you are.")
	}
	return nil
}

// retryAfter says in a header how long to wait (RFC 9110, section 10.2.3).
func retryAfter(h http.Header, seconds int) {
	if seconds > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
}

// from is the address that a request comes from: where a proxy of ours stands in
// front, what that proxy says, which is the last thing that it added. Of IPv6 it is
// the network, for everybody has as many addresses as they like (RFC 6177).
func (s *Site) from(r *http.Request) string {
	addr := r.RemoteAddr
	if hops := r.Header.Values("X-Forwarded-For"); s.proxy && len(hops) > 0 {
		all := strings.Split(hops[len(hops)-1], ",")
		addr = strings.TrimSpace(all[len(all)-1])
	}
	if p, err := netip.ParseAddrPort(addr); err == nil {
		addr = p.Addr().String()
	}
	ip, err := netip.ParseAddr(strings.Trim(addr, "[]"))
	if err != nil {
		return "elsewhere"
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	net, err := ip.Prefix(64)
	if err != nil {
		return "elsewhere"
	}
	return fmt.Sprint(net)
}
