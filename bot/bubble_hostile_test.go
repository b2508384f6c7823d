package bot

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents/store"
	"fireboss/integrations"
	generic "fireboss/integrations/webhook"
)

// signingSecret is what deliveries to the source of these tests are signed with.
const signingSecret = "whsec_c2VjcmV0IG9mIHRoZSBzdG9yaWVz"

// signing has the bot take signed deliveries, too.
func signing(s *settings.Settings) {
	c := generic.Kind.Config().(*generic.Config)
	c.Signature.Scheme = "standard"
	c.Secrets = make([]integrations.Secret, 1)
	c.Secrets[0].SetSecret(signingSecret, "")
	s.Integrations[generic.Name] = c
}

// signed is a request with a delivery that was signed at a time.
func signed(id, body string, at time.Time) string {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(signingSecret, "whsec_"))
	moment := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + moment + "." + body))
	code := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return posted("webhook", body, "Webhook-Id: "+id, "Webhook-Timestamp: "+moment, "Webhook-Signature: v1,"+code)
}

// posted is a request as it goes over the line.
func posted(to, body string, headers ...string) string {
	return fmt.Sprintf("POST /hooks/%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n\r\n%s", to, len(body), strings.Join(headers, "\r\n"), body)
}

// hostile sends a request to the bot's own listener, then more of it as often as it is asked for, with a pause between,
// until there is an answer or the connection ends. It says what was answered, 0 for nothing, how much was sent, and how
// long it took.
func (b *bubble) hostile(first string, more []byte, times int, pause time.Duration) (status, sent int, took time.Duration, err error) {
	start := time.Now()
	conn, err := b.prog.listen.(*memoryNet).dial(context.Background(), "", "")
	if err != nil {
		return 0, 0, 0, err
	}
	defer conn.Close()
	answer := make(chan int, 1)
	go func() { answer <- answerOn(conn) }()
	sent, _ = io.WriteString(conn, first)
	for range times {
		synctest.Wait()
		select {
		case status = <-answer:
			return status, sent, time.Since(start), nil
		default:
		}
		n, err := conn.Write(more)
		sent += n
		if err != nil {
			break
		}
		time.Sleep(pause)
	}
	if times >= 0 {
		return <-answer, sent, time.Since(start), nil
	}
	return 0, sent, time.Since(start), nil // it goes away in the middle
}

// answerOn is the status that comes on a connection; 0 where it ends without one.
func answerOn(c net.Conn) int {
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

const keyed = "Authorization: Bearer simulated-key"

// What is forged, old, cut off, far too large, far too slow or far too deep changes nothing, costs little, and is answered
// as the sender has to know it.
func TestHostileDeliveries(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, signing, func(b *bubble) error {
		good := notification("firing", "db", "critical", "checkout")
		chunk := []byte(fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat(" ", 64<<10)))
		old := time.Now().Add(-6 * time.Minute)
		var wrong []error
		var before, after runtime.MemStats
		elapse(time.Minute)
		runtime.ReadMemStats(&before)
		goroutines := b.goroutines()
		for _, c := range []struct {
			name, first string
			more        []byte
			times       int
			pause       time.Duration
			status      int
			sent        int           // at most
			within      time.Duration // of virtual time
		}{
			{"forged", posted("alertmanager", good, "Authorization: Bearer wrong-key"), nil, 0, 0, 401, 1 << 10, time.Second},
			{"forged signature", strings.Replace(signed("msg_1", `{"title":"db is down"}`, time.Now()), "v1,", "v1,A", 1), nil, 0, 0, 401, 1 << 10, time.Second},
			{"signed and changed", strings.Replace(signed("msg_1", `{"title":"db is down"}`, time.Now()), "db is", "db we", 1), nil, 0, 0, 401, 1 << 10, time.Second},
			{"expired", signed("msg_1", `{"title":"db is down"}`, old), nil, 0, 0, 401, 1 << 10, time.Second},
			{"of the future", signed("msg_1", `{"title":"db is down"}`, time.Now().Add(6*time.Minute)), nil, 0, 0, 401, 1 << 10, time.Second},
			{"JSON that is cut off", posted("alertmanager", good[:len(good)/2], keyed), nil, 0, 0, 400, 1 << 10, time.Second},
			{"a body that breaks off", strings.TrimSuffix(posted("alertmanager", good, keyed), good[len(good)/2:]), nil, -1, 0, 0, 1 << 10, time.Second},
			{"10,000 deep", posted("alertmanager", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000), keyed), nil, 0, 0, 400, 32 << 10, time.Second},
			{"10,000 objects deep", posted("alertmanager", strings.Repeat(`{"a":`, 10_000)+"1"+strings.Repeat("}", 10_000), keyed), nil, 0, 0, 400, 128 << 10, time.Second},
			{"100 MB, as it says", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n" + keyed + "\r\n\r\n", chunk, 1600, 0, 413, 1 << 20, time.Second},
			{"100 MB in chunks", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n" + keyed + "\r\n\r\n", chunk, 1600, 0, 413, 2 << 20, time.Second},
			{"100 MB that nobody signed", "POST /hooks/webhook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 1600, 0, 413, 2 << 20, time.Second},
			{"100 MB without a key", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 1600, 0, 401, 1 << 20, time.Second},
			{"headers, a byte now and then", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nX: ", []byte("a"), 1000, 3 * time.Second, 0, 1 << 10, 15 * time.Second},
			{"a body, a byte now and then", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n" + keyed + "\r\n\r\n", []byte(" "), 1000, 3 * time.Second, 400, 1 << 10, 70 * time.Second},
			{"chunks, one now and then", "POST /hooks/webhook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", []byte("1\r\n \r\n"), 1000, 3 * time.Second, 400, 1 << 10, 70 * time.Second},
			{"headers without end", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\n", []byte(strings.Repeat("X: "+strings.Repeat("a", 1000)+"\r\n", 16)), 100, 0, 431, 2 << 20, time.Second},
			{"a length that is none", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n" + keyed + "\r\n\r\n", nil, 0, 0, 400, 1 << 10, time.Second},
			{"two lengths", "POST /hooks/alertmanager HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n" + keyed + "\r\n\r\n{} ", nil, 0, 0, 400, 1 << 10, time.Second},
		} {
			status, sent, took, err := b.hostile(c.first, c.more, c.times, c.pause)
			if err != nil || status != c.status || sent > c.sent || took > c.within {
				wrong = append(wrong, fmt.Errorf("%s: it is answered %d (want %d) after %d bytes (at most %d) and %s (at most %s) (%w)", c.name, status, c.status, sent, c.sent, took, c.within, err))
			}
		}
		runtime.ReadMemStats(&after)
		if cost := after.TotalAlloc - before.TotalAlloc; cost > 64<<20 {
			wrong = append(wrong, fmt.Errorf("all of them took %d bytes of memory", cost))
		}
		elapse(3 * time.Minute)
		if n := b.goroutines(); n > goroutines+2 { // a connection or two that wait to be used again
			wrong = append(wrong, fmt.Errorf("%d goroutines are left, %d were there", n, goroutines))
		}
		return errors.Join(append(wrong, b.untouched(), b.replayed(), b.oddOne())...)
	})
}

// untouched wants nothing to have come of what was sent.
func (b *bubble) untouched() error {
	list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{})
	open, err2 := b.prog.store.Incidents(context.Background(), store.Query{})
	rows, err3 := b.prog.store.Unfinished(context.Background())
	if len(list)+len(open)+len(rows) > 0 {
		err = errors.Join(err, fmt.Errorf("there are %d alerts, %d incidents and %d deliveries", len(list), len(open), len(rows)))
	}
	return errors.Join(err, err2, err3)
}

// replayed sends a good delivery several times, and wants it to count once.
func (b *bubble) replayed() error {
	same := signed("msg_2", `{"title":"db is down","severity":"critical"}`, time.Now())
	for i := range 3 {
		if status, _, _, err := b.hostile(same, nil, 0, 0); status != http.StatusOK || err != nil {
			return fmt.Errorf("time %d is answered %d (%w)", i+1, status, err)
		}
		elapse(10 * time.Second)
	}
	if a := b.alert(1); a.Count != 1 || a.Incident != 1 {
		return fmt.Errorf("sent three times it is %+v", a)
	}
	elapse(10 * time.Minute) // it may be copied no longer
	if status, _, _, err := b.hostile(same, nil, 0, 0); status != http.StatusUnauthorized || err != nil {
		return fmt.Errorf("a copy ten minutes later is answered %d (%w)", status, err)
	}
	return nil
}

// oddOne sends three alerts of which the middle one has not even a title, and wants the others taken, and that said.
func (b *bubble) oddOne() error {
	three := signed("msg_3", `{"alerts":[{"title":"one"},{"x":1},{"title":"three"}]}`, time.Now())
	if status, _, _, err := b.hostile(three, nil, 0, 0); status != http.StatusOK || err != nil {
		return fmt.Errorf("three alerts are answered %d (%w)", status, err)
	}
	elapse(10 * time.Second)
	list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{})
	if err != nil || len(list) != 3 || list[0].Title != "three" || list[1].Title != "one" {
		return fmt.Errorf("of three with an odd one there are %d alerts beside the first (%w)", len(list)-1, err)
	}
	if log := b.log.String(); strings.Count(log, "something in a delivery could not be read; the rest is taken") != 1 || !strings.Contains(log, "alert 2 of 3 has nothing that is known as its title") {
		return errors.New("the log does not say what was left out")
	}
	return nil
}
