package integrations

import (
	"errors"
	"net/netip"
	"testing"
)

func TestAdmit(t *testing.T) {
	const public, own, never, hidden = "public", "own", "never", "metadata"
	for address, is := range map[string]string{
		"8.8.8.8": public, "93.184.216.34": public, "2606:4700::1111": public, "::ffff:8.8.8.8": public,
		"127.0.0.1": own, "127.8.8.8": own, "::1": own, "::ffff:127.0.0.1": own,
		"10.1.2.3": own, "172.16.0.1": own, "172.31.255.255": own, "192.168.1.1": own, "fd12:3456::1": own, "::ffff:10.1.2.3": own, "100.64.0.1": own,
		"172.32.0.1": public, "100.128.0.1": public, "168.63.129.17": public,
		"169.254.169.254": hidden, "169.254.170.2": hidden, "::ffff:169.254.169.254": hidden, "fe80::1": hidden, "fe80::1%eth0": hidden,
		"fd00:ec2::254": hidden, "100.100.100.200": hidden, "192.0.0.192": hidden, "fd20:ce::254": hidden, "168.63.129.16": hidden, "::ffff:168.63.129.16": hidden,
		"0.0.0.0": never, "::": never, "0.1.2.3": never, "224.0.0.1": never, "239.1.2.3": never, "ff02::1": never, "255.255.255.255": never, "240.0.0.1": never,
		"192.0.2.1": never, "198.51.100.1": never, "203.0.113.1": never, "198.18.0.1": never, "192.0.0.8": never,
		"64:ff9b::a9fe:a9fe": never, "64:ff9b::7f00:1": never, "2002:7f00:1::": never, "2001::1": never, "2001:db8::1": never, "fec0::1": never, "100::1": never,
	} {
		a := netip.MustParseAddr(address)
		open, private := admit(a, false), admit(a, true)
		var ok bool
		switch is {
		case public:
			ok = open == nil && private == nil
		case own:
			ok = errors.Is(open, ErrPrivate) && private == nil
		case never:
			ok = errors.Is(open, ErrPrivate) && errors.Is(private, ErrPrivate)
		case hidden:
			ok = errors.Is(open, ErrMetadata) && errors.Is(private, ErrMetadata)
		}
		if !ok {
			t.Errorf("%s is not taken for %s: %v, with private_network %v", address, is, open, private)
		}
	}
	for _, bad := range []string{"", "localhost:80", "1.2.3.4", "[::1]"} {
		if guard(true)("tcp", bad, nil) == nil {
			t.Errorf("%q is called", bad)
		}
	}
}
