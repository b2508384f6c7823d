package integrations

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
)

// DoorPath is where sources send to: /hooks/NAME, or /hooks/NAME/KEY where they cannot send headers.
const DoorPath = "/hooks/"

// Door takes what sources send. It verifies the raw bytes, has them made durable and answers: 2xx says that they are kept,
// 503 that they should be sent again, and 4xx that they never should, for many senders drop what is answered so. What a
// delivery says is found out afterwards.
type Door struct {
	Sources map[string]*Source // by the integration's name
	// Keep makes a delivery durable.
	Keep func(ctx context.Context, source string, r Request) error
	// Ready says whether deliveries can be taken now; nil: always.
	Ready func() error
	// Told is told what became of a delivery: "kept", "unknown", "forged", "unreadable", "too large", "busy"; nil: nobody is.
	Told func(source, outcome string)
	Now  func() time.Time // nil: the clock
	Log  zerolog.Logger

	held atomic.Int64 // bytes of bodies that are being read or verified
}

// mostHeld bounds the bodies that are held at a time, in bytes: a stranger proves nothing before the end of what is signed.
const mostHeld = 256 << 20

// errCrowded is that there is no room for a body now.
var errCrowded = errors.New("too much is being read at a time")

// comeBack is what a sender is told to wait where a delivery cannot be taken now, in seconds.
const comeBack = 5

// jsonType is shared by all answers: nobody changes it.
var jsonType = []string{"application/json"}

// refused is why a delivery is not taken.
type refused struct {
	status  int
	outcome string // of [Door.Told]
	says    string // to the sender
	why     error  // to the log
}

// ServeHTTP takes a delivery.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, DoorPath), "/")
	source := d.Sources[name]
	no := d.take(w, r, name, rest, source)
	segment := name
	if source == nil {
		name = "" // a stranger chose it
	}
	if no == nil {
		d.tell(name, "kept")
		w.Header()["Content-Type"] = jsonType
		_, _ = io.WriteString(w, "{}\n")
		return
	}
	d.tell(name, no.outcome)
	log := d.Log.Warn().Err(no.why).Str("source", name)
	if source == nil {
		log.Str("path", DoorPath+d.shown(segment))
	}
	log.Int("status", no.status).Msg("a delivery was not taken: " + no.says)
	if no.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(comeBack))
	}
	if no.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(no.status)
	_, _ = io.WriteString(w, no.says+"\n")
}

// pathShown is how much of an unknown address the log has, in characters.
const pathShown = 60

// shown is what a stranger wrote where an integration's name has to stand, for the log: somebody may have left the name
// out before a key, which is no text for a log.
func (d *Door) shown(segment string) string {
	for _, s := range d.Sources {
		for _, k := range s.Keys {
			if k.Reveal() != "" && strings.Contains(segment, k.Reveal()) {
				return "<secret>"
			}
		}
	}
	segment = incidents.Tidy(strings.ToValidUTF8(segment, "\uFFFD"))
	if r := []rune(segment); len(r) > pathShown {
		segment = string(r[:pathShown-1]) + "…"
	}
	return segment
}

func (d *Door) tell(source, outcome string) {
	if d.Told != nil {
		d.Told(source, outcome)
	}
}

// take takes a delivery, or says why not.
func (d *Door) take(w http.ResponseWriter, r *http.Request, name, rest string, s *Source) *refused {
	switch {
	case s == nil:
		return &refused{http.StatusNotFound, "unknown", "Nothing is configured here. The address is /hooks/ and the name of an integration of the configuration.", nil}
	case r.Method != http.MethodPost:
		return &refused{http.StatusMethodNotAllowed, "unreadable", "Send a POST.", nil}
	}
	if d.Ready != nil {
		if err := d.Ready(); err != nil {
			return &refused{http.StatusServiceUnavailable, "busy", "Fireboss cannot take this now. Send it again.", err}
		}
	}
	keyed, rest := s.keyed(r, rest)
	if s.Verify == nil && !keyed {
		return forged(errors.New("no key, or a wrong one"))
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return &refused{http.StatusUnsupportedMediaType, "unreadable", "Send it without Content-Encoding.", nil}
	}
	body, no := d.body(w, r, s)
	defer func() { d.held.Add(-int64(cap(body))) }()
	if no != nil {
		return no
	}
	in := Request{Path: rest, Header: r.Header, Body: body, At: d.now()}
	if s.Verify != nil {
		switch err := s.Verify(in); {
		case errors.Is(err, ErrUnsure):
			return &refused{http.StatusServiceUnavailable, "busy", "Fireboss cannot find out now who sent this. Send it again.", err}
		case err != nil:
			return forged(err)
		}
	}
	if !Valid(body, MaxDepth) {
		return &refused{http.StatusBadRequest, "unreadable", "The body is not JSON, or is nested too deeply." + hint(r), nil}
	}
	in.Header = s.kept(r.Header)
	if err := d.Keep(r.Context(), name, in); err != nil {
		return &refused{http.StatusServiceUnavailable, "busy", "Fireboss could not keep this. Send it again.", err}
	}
	return nil
}

// forged is all that somebody is told who proves nothing.
func forged(why error) *refused {
	return &refused{http.StatusUnauthorized, "forged", "This is not signed, or has no key, as the configuration of Fireboss wants it.", why}
}

// hint says what to do about a form.
func hint(r *http.Request) string {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		return " Set the content type to application/json in the other system."
	}
	return ""
}

func (d *Door) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return time.Now()
}

// keyed says whether one of the source's keys was presented, and what of the path is left then. Every key is compared, in
// constant time each.
func (s *Source) keyed(r *http.Request, rest string) (ok bool, left string) {
	_, password, _ := r.BasicAuth()
	bearer := r.Header.Get("Authorization")
	if scheme, rest, ok := strings.Cut(bearer, " "); ok && strings.EqualFold(scheme, "Bearer") { // RFC 9110, section 11.1: in any case
		bearer = strings.TrimLeft(rest, " ")
	}
	first, behind, more := strings.Cut(rest, "/")
	inHeader, inPath := 0, 0
	for _, k := range s.Keys {
		key := []byte(k.Reveal())
		if len(key) == 0 {
			continue
		}
		inHeader |= subtle.ConstantTimeCompare(key, []byte(bearer)) | subtle.ConstantTimeCompare(key, []byte(password))
		inPath |= subtle.ConstantTimeCompare(key, []byte(first))
	}
	if inPath == 1 {
		rest = behind
		if more {
			rest = "/" + behind
		}
		return true, rest
	}
	if rest != "" {
		rest = "/" + rest
	}
	return inHeader == 1, rest
}

// body reads what was sent, up to the source's limit. What it returns is held, also where there is an error.
func (d *Door) body(w http.ResponseWriter, r *http.Request, s *Source) ([]byte, *refused) {
	limit := s.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	large := &refused{http.StatusRequestEntityTooLarge, "too large", fmt.Sprintf("A delivery may have at most %d bytes here.", limit), nil}
	if r.ContentLength > limit {
		return nil, large
	}
	body, err := d.read(http.MaxBytesReader(w, r.Body, limit), r.ContentLength)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return body, large
	case errors.Is(err, errCrowded):
		return body, &refused{http.StatusServiceUnavailable, "busy", "Fireboss is being sent too much now. Send it again.", err}
	case err != nil:
		return body, &refused{http.StatusBadRequest, "unreadable", "The body broke off.", err}
	}
	return body, nil
}

// read reads to the end. Room is taken as bytes come, whatever length somebody says.
func (d *Door) read(from io.Reader, says int64) ([]byte, error) {
	body := make([]byte, 0, min(max(says, 511), 16<<10)+1) // with room to see the end
	d.held.Add(int64(cap(body)))
	for {
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF:
			return body, nil
		case err != nil:
			return body, err
		case len(body) < cap(body):
			continue
		case d.held.Load() > mostHeld:
			return body, errCrowded
		}
		was := cap(body)
		body = slices.Grow(body, was)
		d.held.Add(int64(cap(body) - was))
	}
}

// kept are the headers that the source reads.
func (s *Source) kept(all http.Header) http.Header {
	kept := http.Header{}
	for _, name := range s.Headers {
		for _, v := range all.Values(name) {
			kept.Add(name, v)
		}
	}
	return kept
}

// meta is what is kept of a delivery beside its body.
type meta struct {
	Path   string      `json:"path,omitempty"`
	Header http.Header `json:"header,omitempty"`
}

// Pack makes the bytes under which a delivery is kept: the length of what is kept beside the body, in 4 bytes big endian,
// that, and the body as it came.
func (r Request) Pack() ([]byte, error) {
	beside, err := json.Marshal(meta{r.Path, r.Header})
	if err != nil {
		return nil, err
	}
	raw := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(beside)+len(r.Body)), uint32(len(beside)))
	return append(append(raw, beside...), r.Body...), nil
}

// Unpack is the delivery that was kept, which came at a time.
func Unpack(raw []byte, at time.Time) (Request, error) {
	if len(raw) < 4 || uint64(binary.BigEndian.Uint32(raw)) > uint64(len(raw)-4) {
		return Request{}, errors.New("a stored delivery is cut off")
	}
	end := 4 + int(binary.BigEndian.Uint32(raw))
	var m meta
	if err := json.Unmarshal(raw[4:end], &m); err != nil {
		return Request{}, errors.New("a stored delivery is damaged")
	}
	if m.Header == nil {
		m.Header = http.Header{}
	}
	return Request{Path: m.Path, Header: m.Header, Body: raw[end:], At: at}, nil
}
