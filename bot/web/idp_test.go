package web

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// idp is an OpenID Connect provider on this machine, over real HTTP: discovery,
// keys, authorize, token and userinfo. It keeps to the specification, and a test can
// make it not to.
type idp struct {
	t      *testing.T
	server *httptest.Server
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey

	alg    string                           // what id_tokens are signed with: RS256, ES256, none, HS256
	who    map[string]any                   // who signs in: claims beyond the necessary ones
	info   map[string]any                   // what userinfo says; nil: there is none
	spoil  func(claims map[string]any)      // what is wrong with the claims
	token  func(w http.ResponseWriter) bool // answers for the token endpoint; true: it did
	down   bool                             // nothing answers
	denies string                           // the error that authorize answers
	secret string                           // the client's; empty: a public client
	tamper func(jwt string) string          // what becomes of an id_token on its way
	stolen bool                             // tokens are signed with a key that nobody has published

	mu    sync.Mutex
	codes map[string]grant
	asked map[string]int // by path
	query url.Values     // of the last authorize
}

// grant is a code that was given.
type grant struct{ nonce, challenge, redirect, client string }

const idpClient, idpSecret = "fireboss", "client-secret-not-for-logs"

// idpKeys are those of every provider; making them takes long.
var idpKeys = sync.OnceValue(func() (k struct {
	rsa, stranger *rsa.PrivateKey
	ec            *ecdsa.PrivateKey
}) {
	var err, err2, err3 error
	k.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	k.stranger, err2 = rsa.GenerateKey(rand.Reader, 2048)
	k.ec, err3 = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err, err2, err3); err != nil {
		panic(err)
	}
	return k
})

func newIDP(t *testing.T) *idp {
	t.Helper()
	p := &idp{t: t, alg: "RS256", secret: idpSecret, codes: map[string]grant{}, asked: map[string]int{}, who: map[string]any{"sub": "7", "name": "Zoe", "email": "zoe@id.example", "email_verified": true}}
	keys := idpKeys()
	p.rsa, p.ec = keys.rsa, keys.ec
	p.server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.server.Close)
	return p
}

func (p *idp) issuer() string { return p.server.URL }

func (p *idp) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	if p.down {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		says := map[string]any{
			"issuer": p.issuer(), "authorization_endpoint": p.issuer() + "/authorize", "token_endpoint": p.issuer() + "/token", "jwks_uri": p.issuer() + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "none", "HS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		}
		if p.info != nil {
			says["userinfo_endpoint"] = p.issuer() + "/userinfo"
		}
		p.json(w, says)
	case "/keys":
		p.json(w, map[string]any{"keys": []any{
			map[string]any{"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": raw64(p.rsa.N.Bytes()), "e": raw64(big.NewInt(int64(p.rsa.E)).Bytes())},
			map[string]any{"kty": "EC", "kid": "ec", "use": "sig", "alg": "ES256", "crv": "P-256", "x": raw64(p.ec.X.FillBytes(make([]byte, 32))), "y": raw64(p.ec.Y.FillBytes(make([]byte, 32)))},
		}})
	case "/authorize":
		p.authorize(w, r)
	case "/token":
		p.exchange(w, r)
	case "/userinfo":
		if r.Header.Get("Authorization") != "Bearer access-token-not-for-logs" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		p.json(w, p.info)
	default:
		http.NotFound(w, r)
	}
}

func (p *idp) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// authorize is asked by the browser; whoever asks is signed in already, and agrees.
func (p *idp) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.query = q
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("response_type") != "code" || q.Get("client_id") != idpClient || q.Get("code_challenge_method") != "S256" || !strings.Contains(" "+q.Get("scope")+" ", " openid ") {
		http.Error(w, "this is no authorization request", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if p.denies != "" {
		answer.Set("error", p.denies)
		answer.Set("error_description", "nobody <b>reads</b> this")
	} else {
		code := "code-not-for-logs-" + rand.Text()
		p.codes[code] = grant{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri"), q.Get("client_id")}
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// exchange gives an id_token for a code, once.
func (p *idp) exchange(w http.ResponseWriter, r *http.Request) {
	if p.token != nil && p.token(w) {
		return
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	g, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	problem := ""
	switch {
	case id != idpClient || secret != p.secret:
		problem = "invalid_client"
	case !ok || r.PostFormValue("grant_type") != "authorization_code" || g.redirect != r.PostFormValue("redirect_uri") || g.challenge != raw64(sum[:]):
		problem = "invalid_grant"
	}
	if problem != "" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.json(w, map[string]any{"error": problem, "error_description": "the code " + r.PostFormValue("code") + " is not one"})
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": p.issuer(), "aud": idpClient, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": g.nonce}
	for name, value := range p.who {
		claims[name] = value
	}
	if p.spoil != nil {
		p.spoil(claims)
	}
	jwt := p.sign(claims)
	if p.tamper != nil {
		jwt = p.tamper(jwt)
	}
	answer := map[string]any{"access_token": "access-token-not-for-logs", "token_type": "Bearer", "expires_in": 300}
	if jwt != "" {
		answer["id_token"] = jwt
	}
	p.json(w, answer)
}

func raw64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sign makes an id_token.
func (p *idp) sign(claims map[string]any) string {
	kid := map[string]string{"RS256": "rsa", "ES256": "ec"}[p.alg]
	head, err := json.Marshal(map[string]any{"alg": p.alg, "typ": "JWT", "kid": kid})
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	input := raw64(head) + "." + raw64(body)
	sum := sha256.Sum256([]byte(input))
	var signature []byte
	switch p.alg {
	case "RS256":
		key := p.rsa
		if p.stolen {
			key = idpKeys().stranger
		}
		signature, err = rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	case "ES256":
		r, s, e := ecdsa.Sign(rand.Reader, p.ec, sum[:])
		signature, err = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), e
	case "HS256": // with what everybody knows as its key: the published one
		mac := hmac.New(sha256.New, p.rsa.N.Bytes())
		mac.Write([]byte(input))
		signature = mac.Sum(nil)
	case "none":
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return input + "." + raw64(signature)
}

// settings are a provider that is this one.
func (p *idp) settings() *SignIn {
	return &SignIn{Issuer: p.issuer(), ClientID: idpClient, ClientSecret: p.secret, Scopes: []string{"openid", "profile", "email"}, GroupsClaim: "groups", LinkByEmail: true}
}

// withIDP gives a site its provider.
func withIDP(p *idp, change ...func(*SignIn)) func(*Options) {
	return func(o *Options) {
		o.SignIn = p.settings()
		for _, f := range change {
			f(o.SignIn)
		}
	}
}

// goes begins to sign in, asks the provider, and answers where that sends the
// browser back to.
func (b *browser) goes(next string) (back string) {
	b.h.t.Helper()
	g := b.get("/sign-in/start?next=" + url.QueryEscape(next))
	if g.StatusCode != http.StatusSeeOther {
		b.h.t.Fatalf("start: %d %s", g.StatusCode, g.body)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(g.Header.Get("Location"))
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || to.Path != CallbackPath {
		b.h.t.Fatalf("the provider answered %s to %s, %v", res.Status, g.Header.Get("Location"), err)
	}
	return to.RequestURI()
}

// signsIn goes all the way.
func (b *browser) signsIn(next string) got {
	b.h.t.Helper()
	return b.get(b.goes(next))
}
