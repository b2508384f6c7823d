package slacksim

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Guarded keeps other sites' pages from using the workspace through a browser on this machine. The workspace lets
// in whoever reaches it, for it is a toy; but every page on the Internet reaches 127.0.0.1 through the browser that
// shows it, and would act as its people and through them on the bot:
//
//   - by a form or a fetch: a browser says where such a request comes from (Sec-Fetch-Site, Origin);
//   - by pointing a name of its own at 127.0.0.1 (DNS rebinding): then the Host is that name.
//
// [Server.Handler] is guarded; whoever serves more beside it guards that too.
func (s *Server) Guarded(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		switch {
		case !s.isOurs(r):
			http.Error(w, "This workspace answers under this machine's own names, such as 127.0.0.1 or localhost.", http.StatusForbidden)
		case origins.Check(r) != nil:
			http.Error(w, "A page of another site sent this; the workspace takes it from its own page and from programs.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOurs says whether a request that came by way of this machine asks for a name that means this machine. From
// elsewhere the workspace may have any name. One without a dot is no name on the Internet, so nobody else's.
func (s *Server) isOurs(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback() || s.known(host)
	}
	return host != "" && !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") || s.known(host)
}

// known says whether a host is that of the address we were told to have.
func (s *Server) known(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.world.baseFixed {
		return false
	}
	u, err := url.Parse(s.world.base)
	return err == nil && strings.EqualFold(u.Hostname(), host)
}
