package sns

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"fireboss/integrations"
)

// certificates are those of Amazon that were seen. Amazon has a handful, for a year or so each. The zero value has none.
type certificates struct {
	mu    sync.Mutex
	known map[string]*x509.Certificate // by address
	// asked is how many were asked for in the minute that began at since: whoever makes addresses up makes us ask Amazon no
	// more often than that.
	asked int
	since time.Time
}

// The bounds of what made-up addresses can do.
const (
	asksPerMinute = 10
	keeps         = 100
)

// file is the path of a certificate.
var file = regexp.MustCompile(`^/SimpleNotificationService-[0-9a-f]{32,64}\.pem$`)

// key is that of the certificate at an address of a region, if it is valid at a moment.
func (c *certificates) key(ctx context.Context, at region, address string, now time.Time) (*rsa.PublicKey, error) {
	path, ours := strings.CutPrefix(address, at.base)
	switch {
	case !ours || !strings.HasPrefix(path, "/"): // a host may begin like Amazon's
		return nil, fmt.Errorf("its certificate is not at %s, where its topic is", at.base)
	case !file.MatchString(path):
		return nil, fmt.Errorf("its certificate is at %s, and its file is not called as Amazon calls them, SimpleNotificationService-….pem: %.100q", at.base, path)
	}
	certificate, err := c.get(ctx, at, address, now)
	if err != nil {
		return nil, err
	}
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		return nil, errors.New("its certificate is not valid any more, or not yet")
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("its certificate is of another sort than RSA")
	}
	return key, nil
}

func (c *certificates) get(ctx context.Context, at region, address string, now time.Time) (*x509.Certificate, error) {
	c.mu.Lock()
	found := c.known[address]
	if found == nil {
		if now.Sub(c.since).Abs() >= time.Minute {
			c.asked, c.since = 0, now
		}
		c.asked++
	}
	asked := c.asked
	c.mu.Unlock()
	if found != nil {
		return found, nil
	}
	if asked > asksPerMinute {
		return nil, fmt.Errorf("%w: too many certificates were asked for within a minute", integrations.ErrUnsure)
	}
	found, err := fetch(ctx, at, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= keeps {
		c.known = map[string]*x509.Certificate{}
	}
	c.known[address] = found
	return found, nil
}

// fetch asks Amazon for a certificate. That it is Amazon's is known by the connection's own certificate.
func fetch(ctx context.Context, at region, address string) (*x509.Certificate, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := at.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", integrations.ErrUnsure, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusOK:
	case res.StatusCode >= 500, res.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("%w: Amazon answered HTTP %d", integrations.ErrUnsure, res.StatusCode)
	default:
		return nil, fmt.Errorf("its certificate is not there (HTTP %d)", res.StatusCode)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(body)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("what is at the address of its certificate is none")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errors.New("its certificate cannot be read")
	}
	return certificate, nil
}
