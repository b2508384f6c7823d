package webhook_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strconv"
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/sourcetest"
)

func mac(h func() hash.Hash, key, text string) []byte {
	m := hmac.New(h, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// hexed is the code with SHA-256 in hexadecimal.
func hexed(key, text string) string { return hex.EncodeToString(mac(sha256.New, key, text)) }

const delivered = `{"title":"a"}`

func seconds(d time.Duration) string { return strconv.FormatInt(sourcetest.Came.Add(d).Unix(), 10) }

func TestVerify(t *testing.T) {
	now, old := seconds(0), seconds(-time.Hour)
	for _, c := range []struct {
		name, section string
		header        map[string]string
		ok            bool
	}{
		{"right", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-one", delivered)}, true},
		{"the second secret", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-two", delivered)}, true},
		{"two codes", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("other", delivered) + ", sha256=" + hexed("secret-two", delivered)}, true},
		{"another secret", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-three", delivered)}, false},
		{"another body", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-one", delivered+" ")}, false},
		{"no signature", "{}", nil, false},
		{"an empty one", "{}", map[string]string{"X-Hub-Signature-256": "sha256="}, false},
		{"no prefix", "{}", map[string]string{"X-Hub-Signature-256": hexed("secret-one", delivered)}, false},
		{"no hexadecimal", "{}", map[string]string{"X-Hub-Signature-256": "sha256=zz"}, false},
		{"SHA-1", "{}", map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac(sha1.New, "secret-one", delivered))}, false},
		{"no prefix wanted", "{header: x-sign, prefix: \"\"}", map[string]string{"X-Sign": hexed("secret-one", delivered)}, true},
		{"base64", "{header: X-Sign, prefix: \"v=\", encoding: base64}", map[string]string{"X-Sign": "v=" + base64.StdEncoding.EncodeToString(mac(sha256.New, "secret-one", delivered))}, true},
		{"base64 for URLs", "{header: X-Sign, prefix: \"\", encoding: base64}", map[string]string{"X-Sign": base64.RawURLEncoding.EncodeToString(mac(sha256.New, "secret-one", delivered))}, true},
		{"SHA-512", "{algorithm: SHA-512}", map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac(sha512.New, "secret-one", delivered))}, true},
		{"SHA-256 where 512 is wanted", "{algorithm: sha512}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-one", delivered)}, false},
		{"a moment", "{timestamp: X-At}", map[string]string{"X-At": now, "X-Hub-Signature-256": "sha256=" + hexed("secret-one", now+"."+delivered)}, true},
		{"another form", "{timestamp: X-At, signed: \"v0:{timestamp}:{body}\"}", map[string]string{"X-At": now, "X-Hub-Signature-256": "sha256=" + hexed("secret-one", "v0:"+now+":"+delivered)}, true},
		{"too old", "{timestamp: X-At}", map[string]string{"X-At": old, "X-Hub-Signature-256": "sha256=" + hexed("secret-one", old+"."+delivered)}, false},
		{"old, and a longer tolerance", "{timestamp: X-At, tolerance: 1h}", map[string]string{"X-At": old, "X-Hub-Signature-256": "sha256=" + hexed("secret-one", old+"."+delivered)}, true},
		{"the moment was changed", "{timestamp: X-At}", map[string]string{"X-At": now, "X-Hub-Signature-256": "sha256=" + hexed("secret-one", old+"."+delivered)}, false},
		{"no moment", "{timestamp: X-At}", map[string]string{"X-Hub-Signature-256": "sha256=" + hexed("secret-one", "."+delivered)}, false},
		{"a moment that is none", "{timestamp: X-At}", map[string]string{"X-At": "soon", "X-Hub-Signature-256": "sha256=" + hexed("secret-one", "soon."+delivered)}, false},
	} {
		s, err := configured(t, "    secret: [secret-one, secret-two]\n    signature: "+c.section+"\n")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		check(t, c.name, s, c.header, c.ok)
	}
}

func check(t *testing.T, name string, s *integrations.Source, header map[string]string, ok bool) {
	t.Helper()
	r := integrations.Request{Header: http.Header{}, Body: []byte(delivered), At: sourcetest.Came}
	for key, value := range header {
		r.Header.Set(key, value)
	}
	if err := s.Verify(r); (err == nil) != ok {
		t.Errorf("%s: %v", name, err)
	}
	if !ok {
		return
	}
	for i := range r.Body {
		r.Body[i] ^= 1
		if s.Verify(r) == nil {
			t.Errorf("%s: byte %d may be another", name, i)
		}
		r.Body[i] ^= 1
	}
}

// The example of the specification's reference libraries is among these.
func TestStandardWebhooks(t *testing.T) {
	key, _ := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	sign := func(id, at string) string {
		return "v1," + base64.StdEncoding.EncodeToString(mac(sha256.New, string(key), id+"."+at+"."+delivered))
	}
	now, old := seconds(0), seconds(-6*time.Minute)
	for _, c := range []struct {
		name   string
		header map[string]string
		ok     bool
	}{
		{"right", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": now, "Webhook-Signature": sign("msg_1", now)}, true},
		{"two codes", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": now, "Webhook-Signature": "v1,AAAA v1a,BBBB " + sign("msg_1", now)}, true},
		{"as Svix calls it", map[string]string{"Svix-Id": "msg_1", "Svix-Timestamp": now, "Svix-Signature": sign("msg_1", now)}, true},
		{"another id", map[string]string{"Webhook-Id": "msg_2", "Webhook-Timestamp": now, "Webhook-Signature": sign("msg_1", now)}, false},
		{"an id with a dot", map[string]string{"Webhook-Id": "msg." + now, "Webhook-Timestamp": now, "Webhook-Signature": sign("msg."+now, now)}, false},
		{"too old", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": old, "Webhook-Signature": sign("msg_1", old)}, false},
		{"too new", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": seconds(6 * time.Minute), "Webhook-Signature": sign("msg_1", seconds(6*time.Minute))}, false},
		{"another moment", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": seconds(time.Second), "Webhook-Signature": sign("msg_1", now)}, false},
		{"another version", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": now, "Webhook-Signature": "v2" + sign("msg_1", now)[2:]}, false},
		{"no moment", map[string]string{"Webhook-Id": "msg_1", "Webhook-Signature": sign("msg_1", "")}, false},
		{"no signature", map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": now}, false},
		{"nothing", nil, false},
	} {
		s, err := configured(t, "    secret: [whsec_c2VjcmV0LXR3bw==, whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]\n    signature: {scheme: standard}\n")
		if err != nil {
			t.Fatal(err)
		}
		check(t, c.name, s, c.header, c.ok)
	}
}

// The specification's own example: what its libraries are tested with.
func TestStandardWebhooksExample(t *testing.T) {
	s, err := configured(t, "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n    signature: {scheme: standard}\n")
	if err != nil {
		t.Fatal(err)
	}
	r := integrations.Request{At: time.Unix(1614265330, 0), Body: []byte(`{"test": 2432232314}`), Header: http.Header{
		"Webhook-Id": {"msg_p5jXN8AQM9LWM0D4loKWxJek"}, "Webhook-Timestamp": {"1614265330"},
		"Webhook-Signature": {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	}}
	if err := s.Verify(r); err != nil {
		t.Error(err)
	}
}

// Without a secret a key serves, and the door looks at that.
func TestKeyOnly(t *testing.T) {
	s, err := configured(t, "    key: correct-horse\n")
	if err != nil || s.Verify != nil || len(s.Keys) != 1 {
		t.Errorf("%+v %v", s, err)
	}
}
