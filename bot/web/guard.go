package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// policy is what a page may load: our own files. Nothing here needs a script
// within a page, anything from elsewhere or a frame, so none is allowed
// (https://www.w3.org/TR/CSP3/). A form goes to us alone; for that browsers look at
// where it is sent on to, which is why a sign-in begins with a link.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers are those that every answer has. The referrer stays within these pages:
// without any, browsers would not say either which page a form was on.
func (s *Site) headers(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if s.public.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Why somebody may not see the pages.
const (
	shutElsewhere = "Nobody is signed in in this browser, and then Fireboss shows its pages only to one on the machine it runs on. You came from another one."
	shutProxy     = "Nobody is signed in in this browser, and then Fireboss shows its pages only to one on the machine it runs on. You came through a proxy, and behind it nobody can tell where you are."
	shutName      = "Nobody is signed in in this browser, and then Fireboss shows its pages only under this machine's own names, such as localhost, or the host of its public_url. Your browser asked for another name."
)

// shut says why this browser may not see pages; empty where it may. The
// connection has to come from this machine, and the Host has to be a name of
// it: otherwise any page on the Internet could point its own name at 127.0.0.1
// and read ours with its script (DNS rebinding).
func (s *Site) shut(r *http.Request) string {
	if s.proxy || forwarded(r.Header) {
		return shutProxy
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() {
		return shutElsewhere
	}
	host := hostname(r.Host)
	if host == "" || !loopbackName(host) && !strings.EqualFold(host, s.public.Hostname()) {
		return shutName
	}
	return ""
}

// forwarded reports whether a proxy says that it speaks for somebody else.
func forwarded(h http.Header) bool {
	for name := range h {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || name == "X-Client-Ip" || name == "True-Client-Ip" || name == "Cf-Connecting-Ip" || strings.HasPrefix(name, "X-Forwarded") {
			return true
		}
	}
	return false
}

// hostname is a Host header without its port and brackets.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// loopbackName reports whether a name always means this machine: a loopback
// address, or localhost and all below it (RFC 6761, section 6.3).
func loopbackName(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
