package integrations

import (
	"fmt"
	"net/netip"
	"syscall"
)

// special are addresses that are not of the Internet although they look so: IANA's special-purpose registries (RFC
// 6890), shared address space (RFC 6598), and what leads to an IPv4 address through an IPv6 one (RFC 6052, 3056, 4380).
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
)

// metadata are where clouds tell a machine its credentials, beside the link-local
// 169.254.0.0/16: of AWS and of Google over IPv6, of Alibaba, of Oracle; and Azure's own server (WireServer), which has an
// address of the Internet.
var metadata = prefixes("fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32")

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, p := range list {
		all[i] = netip.MustParsePrefix(p)
	}
	return all
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// guard looks at an address after its name was resolved, right before it is connected to, so that no name can say one
// thing when it is looked at and another when it is used.
func guard(private bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", ErrElsewhere, address)
		}
		return admit(at.Addr(), private)
	}
}

// admit says whether an address may be called. With private, so may the own
// network and this machine; where a machine's credentials are told, never.
func admit(a netip.Addr, private bool) error {
	a = a.Unmap().WithZone("")
	switch {
	case a.IsLinkLocalUnicast(), within(a, metadata):
		return ErrMetadata
	case a.IsUnspecified(), a.IsMulticast():
		return ErrPrivate
	case private && (a.IsPrivate() || a.IsLoopback()):
		return nil
	case a.IsPrivate(), a.IsLoopback(), !a.IsGlobalUnicast(), within(a, special):
		if private && within(a, special[1:2]) { // as some networks number their machines
			return nil
		}
		return ErrPrivate
	}
	return nil
}
