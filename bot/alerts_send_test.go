package bot

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// senders is how many connections alerts are sent over at once.
const senders = 64

// sender sends alerts in the protocol in which Prometheus does, over connections that stay. It does as little as it can,
// for what it costs it costs whoever it is measured with.
type sender struct {
	host string
	head string // of a request, without the length
	many int    // alerts a request

	last     atomic.Int64 // the number that an alert was given last
	requests atomic.Int64 // that were begun

	mu       sync.Mutex
	took     []time.Duration
	answered []int64 // the first numbers of the requests that were answered by 200
	busy     int     // that were answered by 503: to be sent again
	err      error   // the first
}

func newSender(address string, many int) (*sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &sender{host: u.Host, head: "POST " + u.Path + " HTTP/1.1\r\nHost: " + u.Host + "\r\nContent-Type: application/json\r\nContent-Length: ", many: many}, nil
}

// send sends so many requests.
func (s *sender) send(requests int) {
	s.requests.Store(0)
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			if err := s.one(int64(requests)); err != nil {
				s.mu.Lock()
				if s.err == nil {
					s.err = err
				}
				s.mu.Unlock()
			}
		})
	}
	all.Wait()
}

// one is one connection.
func (s *sender) one(requests int64) error {
	c, err := net.Dial("tcp", s.host)
	if err != nil {
		return err
	}
	defer c.Close()
	body, places := alertList(s.many)
	request := []byte(s.head + strconv.Itoa(len(body)) + "\r\n\r\n")
	start := len(request)
	request = append(request, body...)
	answers := bufio.NewReader(c)
	var took []time.Duration
	var answered []int64
	busy := 0
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.took, s.answered, s.busy = append(s.took, took...), append(s.answered, answered...), s.busy+busy
	}()
	for s.requests.Add(1) <= requests {
		last := s.last.Add(int64(s.many))
		for i, at := range places {
			number(request[start+at:], last-int64(i))
		}
		began := time.Now()
		if _, err := c.Write(request); err != nil {
			return err
		}
		status, err := statusOf(answers)
		switch {
		case err != nil:
			return err
		case status == 503:
			busy++
		case status != 200:
			return fmt.Errorf("%s answers %d", s.host, status)
		default:
			took, answered = append(took, time.Since(began)), append(answered, last)
		}
	}
	return nil
}

// statusOf reads an answer to its end.
func statusOf(r *bufio.Reader) (status int, err error) {
	length := int64(-1)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if status == 0 {
			if len(line) < 12 {
				return 0, fmt.Errorf("an answer begins with %q", line)
			}
			status, err = strconv.Atoi(string(line[9:12]))
		} else if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, err = strconv.ParseInt(string(v), 10, 64)
		} else if len(line) == 0 {
			if length < 0 {
				return 0, fmt.Errorf("an answer %d does not say how long it is", status)
			}
			_, err = io.CopyN(io.Discard, r, length)
			return status, err
		}
		if err != nil {
			return 0, err
		}
	}
}

// digits is how long an alert's number is in a list.
const digits = 10

// number writes a number over the one that is there.
func number(at []byte, n int64) {
	for i := digits - 1; i >= 0; i-- {
		at[i], n = byte('0'+n%10), n/10
	}
}

// alertList is a list of so many alerts of 820 bytes each, and where in it each has its number.
func alertList(many int) (list []byte, places []int) {
	var b bytes.Buffer
	b.WriteByte('[')
	now := time.Now().UTC()
	for i := range many {
		if i > 0 {
			b.WriteByte(',')
		}
		n := b.Len()
		b.WriteString(`{"labels":{"alertname":"HighErrorRate","cluster":"prod-eu","instance":"10.0.0.1:8080","job":"web","n":"`)
		places = append(places, b.Len())
		b.WriteString(strings.Repeat("0", digits))
		b.WriteString(`","service":"checkout","severity":"warning","team":"sre"},"annotations":{"summary":"5% of the requests fail","runbook_url":"https://runbooks.example.com/HighErrorRate","description":"`)
		tail := fmt.Sprintf(`"},"startsAt":%q,"endsAt":%q,"generatorURL":"http://prometheus:9090/graph?g0.expr=rate"}`, now.Format(time.RFC3339Nano), now.Add(time.Hour).Format(time.RFC3339Nano))
		b.WriteString(strings.Repeat("x", max(0, 820-(b.Len()-n)-len(tail))))
		b.WriteString(tail)
	}
	b.WriteByte(']')
	return b.Bytes(), places
}

// p99 is how long the slowest of a hundred took.
func p99(took []time.Duration) time.Duration {
	took = slices.Sorted(slices.Values(took))
	return took[len(took)*99/100]
}

// doNothing is a process that takes what is sent and does nothing with it. It says where, and ends with its input.
func doNothing() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	})}
	fmt.Println("http://" + l.Addr().String() + "/api/v2/alerts")
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return 1
	}
	return 0
}

// profile has the processor's time written to a file until the end; nothing where there is no name.
func profile(file string) (end func()) {
	if file == "" {
		return func() {}
	}
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}
}
