package bot

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fireboss/bot/settings"
)

// newHealth is for a container without a shell: it asks the bot whether it is ready.
func newHealth(e *env) *cobra.Command {
	var config string
	cmd := &cobra.Command{Use: "health", Short: "Ask the bot of this configuration whether it is ready", Hidden: true, Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		s, err := e.load(config, false)
		if err != nil {
			return err
		}
		address, transport, err := readiness(s.HTTP)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		res, err := (&http.Client{Timeout: 5 * time.Second, Transport: transport}).Do(req)
		if err != nil {
			return fmt.Errorf("the bot does not answer: %w", err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			why, _ := io.ReadAll(io.LimitReader(res.Body, 1000)) // the status says enough
			return fmt.Errorf("the bot is not ready: %s: %s", res.Status, strings.TrimSpace(string(why)))
		}
		return nil
	}}
	configFlag(cmd, &config)
	return cmd
}

// readiness is where the bot of this machine tells whether it is ready, and how
// to get there. Its certificate names the public host and may be nobody's that
// this machine trusts; it has to be the one in the configuration.
func readiness(s settings.HTTP) (address string, t *http.Transport, err error) {
	host, port, err := net.SplitHostPort(string(s.Listen))
	if err != nil {
		return "", nil, err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	address = net.JoinHostPort(host, port) + "/readyz"
	if !s.TLS.On() {
		return "http://" + address, &http.Transport{}, nil
	}
	pair, err := tls.LoadX509KeyPair(s.TLS.Cert, s.TLS.Key)
	if err != nil {
		return "", nil, fmt.Errorf("the certificate of http.tls cannot be used: %w", err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(pair.Leaf)
	names := pair.Leaf.DNSNames
	for _, ip := range pair.Leaf.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "", nil, errors.New("the certificate of http.tls names no host")
	}
	name := strings.Replace(names[0], "*", "fireboss", 1)
	return "https://" + address, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: name, MinVersion: tls.VersionTLS12}}, nil
}
