package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// sessionsData is the page of sessions.
type sessionsData struct {
	Mine   []sessionRow
	Others []signedInPerson // for who looks after them
}

// signedInPerson is somebody else who is signed in.
type signedInPerson struct {
	incidents.Person
	Rows []sessionRow
}

// sessionRow is one session.
type sessionRow struct {
	ID      string
	Browser string
	How     string
	Created time.Time
	Seen    string
	SeenAt  time.Time
	Here    bool // this very browser
}

// howSignedIn says it in words.
var howSignedIn = map[store.SignedInBy]string{
	store.ByProvider: "signed in", store.ByLink: "came with a link from Slack", store.ByDemo: "clicked a name of the demo",
}

func (s *Site) sessionsPage(r *http.Request) (page, error) {
	v, now := visitorOf(r), s.now()
	if v == nil {
		return page{goTo: "/sign-in?next=%2Fsessions"}, nil
	}
	person := v.session.Person.ID
	if v.Administers {
		person = ""
	}
	list, err := s.store.Sessions(r.Context(), person)
	if err != nil {
		return page{}, err
	}
	var d sessionsData
	others := map[string]*signedInPerson{}
	for _, sess := range list {
		if !sess.Live(now) || now.Sub(sess.Created) >= s.sessions.Max {
			continue
		}
		row := sessionRow{
			ID: sess.ID, Browser: sess.Browser, How: howSignedIn[sess.By], Created: sess.Created, SeenAt: sess.Seen, Seen: lately(sess.Seen, now), Here: sess.ID == v.session.ID,
		}
		if sess.Person.ID == v.session.Person.ID {
			d.Mine = append(d.Mine, row)
			continue
		}
		p := others[sess.Person.ID]
		if p == nil {
			p = &signedInPerson{Person: sess.Person}
			others[sess.Person.ID] = p
		}
		p.Rows = append(p.Rows, row)
	}
	for _, p := range others {
		d.Others = append(d.Others, *p)
	}
	slices.SortFunc(d.Others, func(a, b signedInPerson) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return page{Status: http.StatusOK, Template: "sessions", Title: "Sessions", Here: "sessions", Now: now, Data: d}, nil
}

// lately is how long ago something was that is known to a few minutes.
func lately(t, now time.Time) string {
	if now.Sub(t) < 2*seenEvery {
		return "just now"
	}
	return since(t, now)
}

// endSessions ends sessions: one, all others of one's own, or of somebody else.
func (s *Site) endSessions(r *http.Request) (page, error) {
	v := visitorOf(r)
	mine := func(o store.Session) bool { return o.Person.ID == v.session.Person.ID }
	var which func(store.Session) bool
	switch act, id := r.PostForm.Get("act"), r.PostForm.Get("id"); {
	case act == "one":
		which = func(o store.Session) bool { return o.ID == id && (v.Administers || mine(o)) }
	case act == "mine":
		which = func(o store.Session) bool { return mine(o) && o.ID != v.session.ID }
	case act == "person" && v.Administers:
		which = func(o store.Session) bool { return o.Person.ID == id && id != "" }
	case act == "others" && v.Administers:
		which = func(o store.Session) bool { return !mine(o) }
	default:
		return page{}, invalidf("This form asks for nothing that you may do.")
	}
	n, err := s.store.EndSessions(r.Context(), s.now(), which)
	if err != nil {
		return page{}, err
	}
	s.log.Info().Str("by", v.ID).Int("sessions", n).Msg("sessions were ended")
	if which(v.session) {
		return page{goTo: "/sign-in?out"}, nil
	}
	return page{goTo: "/sessions"}, nil
}
