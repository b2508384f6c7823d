//go:debug x509usefallbackroots=1

package sns_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/sns"
	"fireboss/integrations/sourcetest"
)

const (
	host = "sns.eu-west-1.amazonaws.com"
	ours = "arn:aws:sns:eu-west-1:123456789012:alarms"
)

// The keys of the tests: of the connection's certificate, and of two that sign messages.
var connection, first, second = makeKey(), makeKey(), makeKey()

func makeKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

// certificate is one of a key, as a PEM file.
func certificate(public crypto.PublicKey, signer *rsa.PrivateKey, from, to time.Time) []byte {
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, public, signer)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// connects is the certificate of the connection to Amazon, which is trusted.
var connects = certificate(connection.Public(), connection, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))

func TestMain(m *testing.M) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(connects)
	x509.SetFallbackRoots(roots)
	os.Exit(m.Run())
}

// amazon is a server that takes itself for Amazon SNS in eu-west-1.
type amazon struct {
	mu     sync.Mutex
	calls  []string          // paths and queries, in order
	status map[string]int    // by path; else 200
	files  map[string][]byte // by path
	down   bool
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
}

func newAmazon(t *testing.T) *amazon {
	a := &amazon{status: map[string]int{}, files: map[string][]byte{}}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.calls = append(a.calls, r.Method+" "+r.URL.RequestURI())
		if status := a.status[r.URL.Path]; status != 0 {
			w.WriteHeader(status)
			return
		}
		if body, ok := a.files[r.URL.Path]; ok {
			_, _ = w.Write(body)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	pair, err := tls.X509KeyPair(connects, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(connection)}))
	if err != nil {
		t.Fatal(err)
	}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	t.Cleanup(s.Close)
	a.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != host+":443" {
			t.Errorf("%s was called", address)
		}
		if a.down {
			return nil, net.ErrClosed
		}
		var d net.Dialer
		return d.DialContext(ctx, network, s.Listener.Addr().String())
	}
	a.files[path(1)] = valid(first)
	return a
}

func path(n int) string { return fmt.Sprintf("/SimpleNotificationService-%032x.pem", n) }

func valid(k *rsa.PrivateKey) []byte {
	return certificate(k.Public(), k, sourcetest.Came.Add(-24*time.Hour), sourcetest.Came.Add(24*time.Hour))
}

func (a *amazon) called() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.calls, "\n")
}

// source is our side of it.
func (a *amazon) source(t testing.TB, c sns.Config) *integrations.Source {
	t.Helper()
	return a.made(t, c).Alerts
}

func (a *amazon) made(t testing.TB, c sns.Config) integrations.Integration {
	t.Helper()
	out := &integrations.Outbound{}
	if a != nil {
		out.Dial = a.dial
	}
	t.Cleanup(out.Close)
	c.Topics = []string{ours, "arn:aws:sns:eu-west-1:123456789012:others"}
	in, err := sns.Kind.New(&c, integrations.Deps{Outbound: out})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// message is one that Amazon would sign.
type message map[string]any

func notification() message {
	return message{
		"Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": ours, "Subject": "My first message", "Message": "Hello\nworld!",
		"Timestamp": sourcetest.Came.Add(-time.Minute).Format("2006-01-02T15:04:05.000Z"), "SignatureVersion": "2", "SigningCertURL": "https://" + host + path(1),
	}
}

func confirmation() message {
	return message{
		"Type": "SubscriptionConfirmation", "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b", "Token": "2336412f37fb", "TopicArn": ours, "Message": "You have chosen to subscribe.",
		"SubscribeURL": "https://" + host + "/?Action=ConfirmSubscription&TopicArn=" + ours + "&Token=2336412f37fb",
		"Timestamp":    sourcetest.Came.Add(-time.Minute).Format("2006-01-02T15:04:05.000Z"), "SignatureVersion": "2", "SigningCertURL": "https://" + host + path(1),
	}
}

func (m message) with(name string, value any) message {
	m = maps.Clone(m)
	if m[name] = value; value == nil {
		delete(m, name)
	}
	return m
}

// sign signs it as its version says.
func (m message) sign(k *rsa.PrivateKey) message {
	var text strings.Builder
	for _, name := range []string{"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"} {
		if v, ok := m[name]; ok && v != nil {
			fmt.Fprintf(&text, "%s\n%s\n", name, v)
		}
	}
	hash, sum := crypto.SHA256, sha256.Sum256([]byte(text.String()))
	digest := sum[:]
	if m["SignatureVersion"] == "1" {
		old := sha1.Sum([]byte(text.String()))
		hash, digest = crypto.SHA1, old[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, k, hash, digest)
	if err != nil {
		panic(err)
	}
	return m.with("Signature", base64.StdEncoding.EncodeToString(signature))
}

func (m message) request(t testing.TB) integrations.Request {
	t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return integrations.Request{Header: http.Header{}, Body: body, At: sourcetest.Came}
}

// ellipticCertificate is a certificate with a key of another sort than RSA.
func ellipticCertificate() []byte {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return certificate(k.Public(), first, sourcetest.Came.Add(-time.Hour), sourcetest.Came.Add(time.Hour))
}
