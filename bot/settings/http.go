package settings

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// HTTP is the one listener.
type HTTP struct {
	Listen      Address `yaml:"listen" doc:"HOST:PORT. On any but a loopback address (127.0.0.1, ::1, localhost) it needs tls or behind_proxy. Port 0 is a free one."`
	PublicURL   BaseURL `yaml:"public_url" doc:"Where people reach it: what links in messages point to."`
	TLS         TLS     `yaml:"tls,flow" doc:"Certificate and key, as PEM files; both or neither."`
	BehindProxy bool    `yaml:"behind_proxy" doc:"true where a proxy in front does TLS."`
}

// TLS names the files of a certificate; both are empty where the listener is plain.
type TLS struct {
	Cert string `yaml:"cert" doc:"the certificate, with its chain"`
	Key  string `yaml:"key" doc:"its private key"`
}

// On says whether there is a certificate.
func (t TLS) On() bool { return t.Cert != "" && t.Key != "" }

// Check wants both files or neither.
func (t TLS) Check(report func(key, sentence string)) {
	if t.Cert != "" && t.Key == "" {
		report("cert", "a certificate needs its key; add http.tls.key")
	}
	if t.Key != "" && t.Cert == "" {
		report("key", "a key needs its certificate; add http.tls.cert")
	}
}

// checkFiles wants both to be there and to go together.
func (t TLS) checkFiles(report func(key, sentence string)) {
	if !t.On() {
		return
	}
	_, err := tls.LoadX509KeyPair(t.Cert, t.Key)
	var file *fs.PathError
	switch {
	case errors.As(err, &file) && file.Path == t.Key:
		report("key", "the certificate's key cannot be read: "+err.Error())
	case err != nil:
		report("cert", "the certificate cannot be used: "+err.Error())
	}
}

// Exposed says whether passwords and tokens would cross a network in the clear: a plain listener that
// other machines reach, and no proxy that does TLS in front of it.
func (h HTTP) Exposed() bool { return !h.Listen.Loopback() && !h.TLS.On() && !h.BehindProxy }

// Check refuses an exposed listener.
func (h HTTP) Check(report func(key, sentence string)) {
	half := (h.TLS.Cert == "") != (h.TLS.Key == "")
	if h.Exposed() && !half {
		report("listen", fmt.Sprintf("%s is reached from other machines without encryption; "+
			"give http.tls a certificate, set http.behind_proxy: true where a proxy does TLS, or listen on 127.0.0.1", h.Listen))
	}
}

// APIToken is a program that may use the API.
type APIToken struct {
	Name  string `yaml:"name,required" example:"ops" doc:"what it is called in the timeline (token:ops)"`
	Token Secret `yaml:"token,required" example:"\"${FIREBOSS_API_TOKEN}\"" doc:"what it has to present"`
	Scope Scope  `yaml:"scope" default:"read" enum:"read,write,admin" doc:"read: what any member sees; write: also says commands; admin: private incidents too"`
}

// Scope is what an API token allows; each includes those before it.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeAdmin Scope = "admin"
)

// Check wants a name that can stand in an actor's id.
func (t APIToken) Check(report func(key, sentence string)) {
	if strings.Trim(t.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		report("name", fmt.Sprintf("%q may have letters, digits, and - _ . only", t.Name))
	}
}

func checkTokens(tokens []APIToken, report func(key, sentence string)) {
	for i, t := range tokens {
		for _, before := range tokens[:i] {
			if t.Name == before.Name {
				report(fmt.Sprintf("api_tokens[%d].name", i), fmt.Sprintf("%s is the name of an earlier token; names tell them apart", t.Name))
				break
			}
			if t.Token.Reveal() == before.Token.Reveal() {
				report(fmt.Sprintf("api_tokens[%d].token", i), fmt.Sprintf("this is the token of %s too; each needs its own", before.Name))
				break
			}
		}
	}
}
