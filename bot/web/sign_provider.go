package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// SignIn is an OpenID Connect provider, and whom of its people to let in
// (https://openid.net/specs/openid-connect-core-1_0.html).
type SignIn struct {
	Issuer       string // as it calls itself
	ClientID     string
	ClientSecret string // empty: a public client, which PKCE alone protects
	Name         string // for the button; empty: made from the issuer
	Scopes       []string
	// GroupsClaim is where it tells groups: a claim's name, or its path with dots.
	GroupsClaim string
	Roles       map[string]Role // what a group makes of who is in it
	// AllowedGroups and AllowedDomains say who may come in; empty: everybody.
	AllowedGroups, AllowedDomains []string
	LinkByEmail                   bool // who has a verified address is the person of the workspace with it
	RequireMFA                    bool
	ACR                           []string     // values of acr that mean a second factor; empty: those in common use
	Client                        *http.Client // how to reach it; nil: the network
}

// Addresses of signing in.
const (
	startPath = "/sign-in/start"
	// CallbackPath is where the provider sends people back.
	CallbackPath = "/sign-in/callback"
)

// Bounds of asking the provider.
const (
	providerIn   = 10 * time.Second // for one question
	askAgain     = 5 * time.Second  // after one that it did not answer
	believeMet   = 24 * time.Hour   // what it said of itself
	maxProvider  = 1 << 20          // bytes of an answer
	maxLogged    = 300              // characters of an error that may repeat an answer
	clockSkew    = 2 * time.Minute  // that its clock may be off
	attemptKey   = "fireboss-attempt"
	attemptLasts = 10 * time.Minute
)

// provider asks an OpenID Connect provider, not before somebody wants to sign in:
// while it is down everything else works.
type provider struct {
	SignIn
	redirect string
	now      func() time.Time

	asking chan struct{} // held by who asks
	met    *acquainted
	tried  time.Time // when it did not answer
	err    error     // and how
}

// acquainted is what a provider said of itself.
type acquainted struct {
	at       time.Time
	oauth    oauth2.Config
	oidc     *oidc.Provider
	verifier *oidc.IDTokenVerifier
}

func newProvider(o *SignIn, public *url.URL, now func() time.Time) *provider {
	if o == nil {
		return nil
	}
	p := &provider{SignIn: *o, redirect: strings.TrimRight(public.String(), "/") + CallbackPath, now: now, asking: make(chan struct{}, 1)}
	if p.Name == "" {
		p.Name = providerName(o.Issuer)
	}
	if !slices.Contains(p.Scopes, oidc.ScopeOpenID) {
		p.Scopes = append([]string{oidc.ScopeOpenID}, p.Scopes...)
	}
	via := http.DefaultTransport
	if o.Client != nil && o.Client.Transport != nil {
		via = o.Client.Transport
	}
	// A provider's addresses do not redirect; one that does is not followed, for
	// what is secret would go along.
	p.Client = &http.Client{Transport: bounded{via}, Timeout: providerIn, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return p
}

func providerName(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil {
		return issuer
	}
	known := map[string]string{"slack.com": "Slack", "slack-gov.com": "Slack", "accounts.google.com": "Google", "login.microsoftonline.com": "Microsoft"}
	if name, ok := known[u.Hostname()]; ok {
		return name
	}
	return u.Host
}

// bounded reads no answer without end.
type bounded struct{ http.RoundTripper }

// RoundTrip is the transport's, with an answer of at most maxProvider bytes.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxProvider), res.Body}
	return res, nil
}

// meet asks the provider what it is, unless that is known.
func (p *provider) meet(ctx context.Context) (*acquainted, error) {
	select {
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := p.now()
	switch {
	case p.met != nil && now.Sub(p.met.at) < believeMet:
		return p.met, nil
	case p.err != nil && now.Sub(p.tried).Abs() < askAgain:
		return p.met, p.unlessKnown(p.err)
	}
	ask, cancel := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), p.Client), providerIn)
	defer cancel()
	found, err := oidc.NewProvider(ask, p.Issuer)
	if err != nil {
		p.tried, p.err = now, err
		return p.met, p.unlessKnown(err)
	}
	p.met, p.err = p.acquaint(found, now), nil
	return p.met, nil
}

// Check asks the provider what it is: whether people could sign in.
func (o SignIn) Check(ctx context.Context) error {
	_, err := newProvider(&o, &url.URL{}, time.Now).meet(ctx)
	var other *oidc.IssuerMismatchError
	switch {
	case errors.As(err, &other):
		return fmt.Errorf("the provider calls itself %q; write it just so", shorten(other.Discovered, 200))
	case err != nil:
		return fmt.Errorf("the provider does not say what it is: %s", shorten(err.Error(), maxLogged))
	}
	return nil
}

// unlessKnown is an error only where nothing is known from before.
func (p *provider) unlessKnown(err error) error {
	if p.met != nil {
		return nil
	}
	return err
}

func (p *provider) acquaint(found *oidc.Provider, now time.Time) *acquainted {
	var says struct {
		Auth []string `json:"token_endpoint_auth_methods_supported"`
	}
	_ = found.Claims(&says) // what it does not say holds as the specification has it
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader // a code is tried once, not in one way and then in another
	if len(says.Auth) > 0 && !slices.Contains(says.Auth, "client_secret_basic") || p.ClientSecret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &acquainted{
		at: now, oidc: found,
		oauth: oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: endpoint, RedirectURL: p.redirect, Scopes: p.Scopes},
		// go-oidc grants no time for clocks that differ, so its clock goes a little late.
		verifier: found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return p.now().Add(-clockSkew) }}),
	}
}

// attempt is a sign-in that was begun in a browser, and is kept there alone: what
// the provider sends back is taken in the browser that asked for it.
type attempt struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"` // of PKCE (RFC 7636)
	Next     string    `json:"t"`
	At       time.Time `json:"a"`
}

func (a attempt) encode() string {
	raw, _ := json.Marshal(a) // strings and a time
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readAttempt(cookie string) (a attempt, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || json.Unmarshal(raw, &a) != nil {
		return attempt{}, false
	}
	return a, a.State != "" && a.Nonce != "" && a.Verifier != ""
}

// start sends somebody to the provider.
func (s *Site) start(w http.ResponseWriter, r *http.Request) {
	if s.provider == nil {
		s.render(w, r, lostPage(r))
		return
	}
	if err := s.tried(r); err != nil {
		s.render(w, r, s.trouble(r, err))
		return
	}
	met, err := s.provider.meet(r.Context())
	if err != nil {
		s.log.Error().Str("error", shorten(err.Error(), maxLogged)).Str("issuer", s.provider.Issuer).Msg("the sign-in provider did not answer")
		s.render(w, r, s.providerDown())
		return
	}
	a := attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: local(r.URL.Query().Get("next")), At: s.now()}
	s.setCookie(w, attemptKey, a.encode(), attemptLasts)
	with := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	if s.provider.RequireMFA && len(s.provider.ACR) > 0 {
		with = append(with, oauth2.SetAuthURLParam("acr_values", strings.Join(s.provider.ACR, " ")))
	}
	http.Redirect(w, r, met.oauth.AuthCodeURL(a.State, with...), http.StatusSeeOther)
}

// errProvider is a sign-in that the provider, or what came from it, does not bear out.
var errProvider = errors.New("the sign-in did not hold")

// claim is what the provider says of who signs in, as far as it is borne out.
func (p *provider) claim(ctx context.Context, a attempt, code string) (identity, error) {
	met, err := p.meet(ctx)
	if err != nil {
		return identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.Client), 2*providerIn)
	defer cancel()
	token, err := met.oauth.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return identity{}, withoutSecrets(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return identity{}, fmt.Errorf("%w: the provider gave no id_token", errProvider)
	}
	id, err := met.verifier.Verify(ctx, raw)
	if err != nil {
		return identity{}, fmt.Errorf("%w: %w", errProvider, err)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return identity{}, fmt.Errorf("%w: %w", errProvider, err)
	}
	switch azp, _ := claims["azp"].(string); {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1:
		return identity{}, fmt.Errorf("%w: the id_token has another nonce", errProvider)
	case id.Subject == "":
		return identity{}, fmt.Errorf("%w: the id_token names nobody", errProvider)
	case azp != "" && azp != p.ClientID, azp == "" && len(id.Audience) > 1:
		return identity{}, fmt.Errorf("%w: the id_token was made for another client", errProvider)
	case id.IssuedAt.After(p.now().Add(clockSkew)):
		return identity{}, fmt.Errorf("%w: the id_token is from the future", errProvider)
	}
	who := identityOf(p.Issuer, id.Subject, claims, p.GroupsClaim)
	if met.oidc.UserInfoEndpoint() != "" && who.lacks(p.SignIn) {
		who = p.askMore(ctx, met, token, who, claims)
	}
	return who, nil
}

// askMore asks the provider for what it did not put into the id_token; some put
// there nothing but who it is. Without an answer, what is known has to do.
func (p *provider) askMore(ctx context.Context, met *acquainted, token *oauth2.Token, who identity, claims map[string]any) identity {
	info, err := met.oidc.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != who.Subject { // of somebody else (section 5.3.2)
		return who
	}
	more := map[string]any{}
	if info.Claims(&more) != nil {
		return who
	}
	for name, value := range claims { // what is signed counts
		more[name] = value
	}
	return identityOf(p.Issuer, who.Subject, more, p.GroupsClaim)
}

// withoutSecrets is an answer of the token endpoint as a log may have it: not its
// body, which is anybody's guess.
func withoutSecrets(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return err
	}
	status := 0
	if refused.Response != nil {
		status = refused.Response.StatusCode
	}
	return fmt.Errorf("%w: the provider answered %d %q to the code", errProvider, status, shorten(refused.ErrorCode, 40))
}
