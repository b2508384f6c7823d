package web

import (
	"net/url"
	"strings"
	"unicode"
)

// maxNext is the longest address that somebody is sent back to, in bytes.
const maxNext = 2000

// local is an address within these pages, where it is one, else the first page:
// nobody is sent anywhere else by what stands in an address. Browsers read a
// backslash as a slash, drop tabs and line breaks, and take what begins with two
// slashes for another host (https://url.spec.whatwg.org).
func local(address string) string {
	if len(address) > maxNext || !strings.HasPrefix(address, "/") || strings.ContainsFunc(address, func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return "/"
	}
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(address, "//") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "/"
	}
	if u.Path == "/sign-in" || strings.HasPrefix(u.Path, "/sign-in/") || u.Path == "/sign-out" {
		return "/"
	}
	return address
}
