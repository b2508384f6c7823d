package web

import (
	"net/http"
	"time"

	"fireboss/incidents"
)

// tokensData is the page of API tokens.
type tokensData struct {
	Rows    []tokenRow
	Made    string // the name of the one that was just made
	Secret  string // what it has to present: shown this once
	Problem string // why nothing was done
	Name    string // what was filled in
	Scope   Scope
	// SeesAll says that they may see every private incident, so that a token of
	// theirs may too.
	SeesAll bool
}

// tokenRow is one token.
type tokenRow struct {
	Name       string
	Scope      Scope
	By         string
	Created    time.Time
	Used       string
	UsedAt     time.Time
	Revoked    time.Time
	Configured bool
}

// administers refuses whoever may not look after tokens and sessions.
func (s *Site) administers(r *http.Request) (*visitor, error) {
	v := visitorOf(r)
	if v == nil || !v.Administers {
		p := problemf(forbidden, "API tokens are looked after by those whom the configuration names under permissions.admin, or whose group is admin under sign_in.roles.")
		p.Title = "Not open to you"
		return nil, p
	}
	return v, nil
}

func (s *Site) tokensPage(r *http.Request) (page, error) {
	v, err := s.administers(r)
	if err != nil {
		return page{}, err
	}
	return s.tokensWith(r, v, tokensData{Scope: Read})
}

// tokensWith is the page with what was just done.
func (s *Site) tokensWith(r *http.Request, v *visitor, d tokensData) (page, error) {
	now := s.now()
	list, err := s.store.APITokens(r.Context())
	if err != nil {
		return page{}, err
	}
	for _, k := range s.keys {
		d.Rows = append(d.Rows, tokenRow{Name: k.token.Name, Scope: k.token.Scope, Configured: true})
	}
	for _, t := range list {
		row := tokenRow{Name: t.Name, Scope: Scope(t.Scope), By: t.By.Name, Created: t.Created, UsedAt: t.Used, Revoked: t.Revoked}
		if !t.Used.IsZero() {
			row.Used = coarsely(t.Used, now)
		}
		d.Rows = append(d.Rows, row)
	}
	d.SeesAll = v.Admin
	status := http.StatusOK
	if d.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return page{Status: status, Template: "tokens", Title: "API tokens", Here: "tokens", Now: now, Data: d}, nil
}

// coarsely is how long ago something was that is known to the hour.
func coarsely(t, now time.Time) string {
	if now.Sub(t) < usedEvery+seenEvery {
		return "within the last hour"
	}
	return since(t, now)
}

// changeTokens makes or revokes a token.
func (s *Site) changeTokens(r *http.Request) (page, error) {
	v, err := s.administers(r)
	if err != nil {
		return page{}, err
	}
	name, scope := r.PostForm.Get("name"), Scope(r.PostForm.Get("scope"))
	d := tokensData{Name: name, Scope: scope}
	switch act := r.PostForm.Get("act"); {
	case act == "revoke":
		if err := s.revokeToken(r.Context(), name, v.Person()); err != nil {
			return page{}, err
		}
		return page{goTo: "/tokens"}, nil
	case act != "create":
		return page{}, invalidf("This form asks for nothing that there is.")
	case scope == Admin && !v.Admin:
		err = incidents.Refused("A token of scope admin sees every private incident, and you may not. Those may make one whom the configuration names under permissions.private, and whoever runs Fireboss: fireboss token create NAME --scope admin")
	default:
		if _, d.Secret, err = s.makeToken(r.Context(), name, scope, v.Person()); err == nil {
			d.Made, d.Name, d.Scope = name, "", Read
		}
	}
	if refusal, ok := incidents.AsRefusal(err); ok {
		d.Problem, err = refusal.Text, nil
	}
	if err != nil {
		return page{}, err
	}
	return s.tokensWith(r, v, d)
}
