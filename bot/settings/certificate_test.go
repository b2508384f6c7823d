package settings

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever listens needs the certificate; whoever only looks at the store need not be able to read its key.
func TestCertificate(t *testing.T) {
	folder := t.TempDir()
	cert, key, text := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"), filepath.Join(folder, "text")
	writeCertificate(t, cert, key)
	if err := os.WriteFile(text, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cert, key, says string }{
		{cert, key, ""},
		{filepath.Join(folder, "nope"), key, "c:1:20: http.tls.cert: the certificate cannot be used: open "},
		{cert, filepath.Join(folder, "nope"), "http.tls.key: the certificate's key cannot be read: open "},
		{text, key, "c:1:20: http.tls.cert: the certificate cannot be used: tls: "},
		{cert, text, "c:1:20: http.tls.cert: the certificate cannot be used: tls: "},
	} {
		src := fmt.Sprintf("http: {tls: {cert: %q, key: %q}}", c.cert, c.key)
		parse(t, src, Options{})
		_, err := Parse("c", []byte(src), Options{Serving: true})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", src, err, c.says)
		}
	}
}

// writeCertificate makes a certificate of its own.
func writeCertificate(t *testing.T, cert, key string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"fireboss.example.com"}}
	signed, err := x509.CreateCertificate(rand.Reader, form, form, public, private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: signed}, key: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
