package settings

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// URL is an absolute http or https address without a user or password in it.
type URL string

// UnmarshalText takes only such an address.
func (u *URL) UnmarshalText(text []byte) error {
	if _, err := parseURL(string(text)); err != nil {
		return err
	}
	*u = URL(text)
	return nil
}

// BaseURL is an address that paths are appended to: kept without a slash at its end.
type BaseURL string

// UnmarshalText takes an address without query and fragment, and drops slashes at its end.
func (u *BaseURL) UnmarshalText(text []byte) error {
	if err := plainURL(string(text)); err != nil {
		return err
	}
	*u = BaseURL(strings.TrimRight(string(text), "/"))
	return nil
}

// APIURL is an address that names of methods are appended to: kept with a slash at its end.
type APIURL string

// UnmarshalText takes an address without query and fragment, and sees to the slash at its end.
func (u *APIURL) UnmarshalText(text []byte) error {
	if err := plainURL(string(text)); err != nil {
		return err
	}
	*u = APIURL(strings.TrimRight(string(text), "/") + "/")
	return nil
}

func plainURL(text string) error {
	u, err := parseURL(text)
	if err != nil {
		return err
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#") {
		return fmt.Errorf("%q has a query or a fragment; paths are appended to it, so leave that out", text)
	}
	return nil
}

func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case strings.Contains(text, "@") && (err != nil || u.User != nil): // unquoted: it may hold a password
		return nil, errors.New("a URL here must not have a user or a password in it: people get to see it")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("%q is no URL; write an absolute one like https://example.com/path", text)
	}
	return u, nil
}

// Address is where to listen: HOST:PORT. No host is every address of the machine; port 0 is a free one.
type Address string

// UnmarshalText takes HOST:PORT or :PORT.
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is no address to listen on; write HOST:PORT like 127.0.0.1:8080", text)
	}
	*a = Address(text)
	return nil
}

// Loopback says whether only this machine can reach it.
func (a Address) Loopback() bool {
	host, _, err := net.SplitHostPort(string(a))
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
