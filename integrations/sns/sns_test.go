package sns_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/sns"
	"fireboss/integrations/sourcetest"
)

func TestPayloads(t *testing.T) {
	var nobody *amazon
	sourcetest.Payloads(t, nobody.source(t, sns.Config{}))
}

func TestRubbish(t *testing.T) {
	var nobody *amazon
	sourcetest.Rubbish(t, nobody.source(t, sns.Config{}))
}

func FuzzRead(f *testing.F) {
	var nobody *amazon
	sourcetest.Fuzz(f, nobody.source(f, sns.Config{}))
}

func TestVerify(t *testing.T) {
	const elsewhere = "https://evil.example.com"
	at := func(d time.Duration) string {
		return sourcetest.Came.Add(d).Format("2006-01-02T15:04:05.000Z")
	}
	certificateAt := func(url string) message { return notification().with("SigningCertURL", url).sign(first) }
	for _, c := range []struct {
		name  string
		m     message
		v1    bool
		right bool
	}{
		{name: "a notification", m: notification().sign(first), right: true},
		{name: "without a subject", m: notification().with("Subject", nil).sign(first), right: true},
		{name: "with null as its subject", m: notification().with("Subject", nil).sign(first).null("Subject"), right: true},
		{name: "the request to confirm", m: confirmation().sign(first), right: true},
		{name: "the end of a subscription", m: confirmation().with("Type", "UnsubscribeConfirmation").sign(first), right: true},
		{name: "version 1, allowed", m: notification().with("SignatureVersion", "1").sign(first), v1: true, right: true},
		{name: "version 2, where 1 is allowed", m: notification().sign(first), v1: true, right: true},
		{name: "version 1, not allowed", m: notification().with("SignatureVersion", "1").sign(first)},
		{name: "version 1 said to be 2", m: notification().with("SignatureVersion", "1").sign(first).with("SignatureVersion", "2"), v1: true},
		{name: "version 3", m: notification().with("SignatureVersion", "3").sign(first), v1: true},
		{name: "no version", m: notification().with("SignatureVersion", nil).sign(first), v1: true},
		{name: "another key", m: notification().sign(second)},
		{name: "no signature", m: notification()},
		{name: "a signature that is none", m: notification().with("Signature", "%%%")},
		{name: "an empty signature", m: notification().with("Signature", "")},
		{name: "a changed signature", m: changed(notification().sign(first))},
		{name: "one byte changed", m: notification().sign(first).with("Message", "Hello\nworld?")},
		{name: "another subject", m: notification().sign(first).with("Subject", "x")},
		{name: "a subject that was not there", m: notification().with("Subject", nil).sign(first).with("Subject", "x")},
		{name: "another id", m: notification().sign(first).with("MessageId", "x")},
		{name: "another of our topics", m: notification().sign(first).with("TopicArn", "arn:aws:sns:eu-west-1:123456789012:others")},
		{name: "another token", m: confirmation().sign(first).with("Token", "x")},
		{name: "a notification as a confirmation", m: notification().sign(first).with("Type", "SubscriptionConfirmation")},
		{name: "somebody's topic, signed by Amazon", m: notification().with("TopicArn", "arn:aws:sns:eu-west-1:999999999999:alarms").sign(first)},
		{name: "no topic", m: notification().with("TopicArn", nil).sign(first)},
		{name: "just young enough", m: notification().with("Timestamp", at(-59*time.Minute)).sign(first), right: true},
		{name: "too old", m: notification().with("Timestamp", at(-61*time.Minute)).sign(first)},
		{name: "of times to come", m: notification().with("Timestamp", at(61*time.Minute)).sign(first)},
		{name: "no time", m: notification().with("Timestamp", nil).sign(first)},
		{name: "raw", m: message{"AlarmName": "x"}},
		{name: "somebody's certificate", m: certificateAt(elsewhere + path(1))},
		{name: "without TLS", m: certificateAt("http://" + host + path(1))},
		{name: "with a port", m: certificateAt("https://" + host + ":8443" + path(1))},
		{name: "with a user", m: certificateAt("https://" + host + "@evil.example.com" + path(1))},
		{name: "of a host that begins like Amazon's", m: certificateAt("https://" + host + ".evil.example.com" + path(1))},
		{name: "of another region than the topic", m: certificateAt("https://sns.us-east-1.amazonaws.com" + path(1))},
		{name: "another file", m: certificateAt("https://" + host + "/latest/meta-data")},
		{name: "a path that leads away", m: certificateAt("https://" + host + "/../SimpleNotificationService-" + strings.Repeat("0", 32) + ".pem")},
		{name: "with a query", m: certificateAt("https://" + host + path(1) + "?x=1")},
		{name: "with a line end", m: certificateAt("https://" + host + path(1) + "\n")},
		{name: "no certificate", m: notification().with("SigningCertURL", nil).sign(first)},
		{name: "the new one during a change", m: notification().with("SigningCertURL", "https://"+host+path(2)).sign(second), right: true},
		{name: "one that has run out", m: certificateAt("https://" + host + path(3))},
		{name: "one that is not valid yet", m: certificateAt("https://" + host + path(4))},
		{name: "one that is not there", m: certificateAt("https://" + host + path(5))},
		{name: "one that is no PEM file", m: certificateAt("https://" + host + path(6))},
		{name: "one that is a PEM file of something else", m: certificateAt("https://" + host + path(7))},
		{name: "one that cannot be read", m: certificateAt("https://" + host + path(8))},
		{name: "one with a key of another sort", m: certificateAt("https://" + host + path(9))},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAmazon(t)
			a.files[path(2)] = valid(second)
			a.files[path(3)] = certificate(first.Public(), first, sourcetest.Came.Add(-48*time.Hour), sourcetest.Came.Add(-time.Hour))
			a.files[path(4)] = certificate(first.Public(), first, sourcetest.Came.Add(time.Hour), sourcetest.Came.Add(48*time.Hour))
			a.files[path(6)] = []byte("no certificate")
			a.files[path(7)] = []byte(strings.ReplaceAll(string(valid(first)), "CERTIFICATE", "PUBLIC KEY"))
			a.files[path(8)] = []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
			a.files[path(9)] = ellipticCertificate()
			err := a.source(t, sns.Config{V1: c.v1}).Verify(c.m.request(t))
			if (err == nil) != c.right {
				t.Errorf("%v", err)
			}
			if says, told := map[string]string{"another file": "its file is not called as Amazon calls them", "with a user": "its certificate is not at", "with a port": "its certificate is not at"}[c.name]; told && !strings.Contains(err.Error(), says) {
				t.Errorf("it says %v", err)
			}
			if errors.Is(err, integrations.ErrUnsure) {
				t.Errorf("it is to be sent again: %v", err)
			}
			if calls := a.called(); calls != "" && !strings.HasPrefix(calls, "GET /SimpleNotificationService-") {
				t.Errorf("Amazon was asked for %s", calls)
			}
		})
	}
}

// null is a message with null at a name.
func (m message) null(name string) message {
	m = m.with("SignatureVersion", m["SignatureVersion"])
	m[name] = nil
	return m
}

// changed is a message with one bit of its signature changed.
func changed(m message) message {
	signature, _ := base64.StdEncoding.DecodeString(m["Signature"].(string))
	signature[7] ^= 1
	return m.with("Signature", base64.StdEncoding.EncodeToString(signature))
}

// A certificate is asked for once, and is valid no longer for that.
func TestCertificateIsKept(t *testing.T) {
	a := newAmazon(t)
	s := a.source(t, sns.Config{})
	for range 3 {
		if err := s.Verify(notification().sign(first).request(t)); err != nil {
			t.Fatal(err)
		}
	}
	if got := a.called(); got != "GET "+path(1) {
		t.Errorf("Amazon was asked for %s", got)
	}
	r := notification().with("Timestamp", sourcetest.Came.Add(48*time.Hour).Format(time.RFC3339)).sign(first).request(t)
	r.At = sourcetest.Came.Add(48 * time.Hour)
	if err := s.Verify(r); err == nil {
		t.Error("a certificate that has run out is taken, because it was seen before")
	}
}

// Where Amazon cannot be asked, the message is neither taken nor refused for good.
func TestAmazonIsAway(t *testing.T) {
	for name, breaks := range map[string]func(*amazon){
		"it cannot be reached": func(a *amazon) { a.down = true },
		"it is overloaded":     func(a *amazon) { a.status[path(1)] = http.StatusServiceUnavailable },
	} {
		a := newAmazon(t)
		breaks(a)
		s := a.source(t, sns.Config{})
		if err := s.Verify(notification().sign(first).request(t)); !errors.Is(err, integrations.ErrUnsure) {
			t.Errorf("%s: %v", name, err)
		}
		a.down, a.status = false, map[string]int{}
		if err := s.Verify(notification().sign(first).request(t)); err != nil {
			t.Errorf("%s no more: %v", name, err)
		}
	}
}

// Whoever makes addresses of certificates up makes us ask Amazon no more than now and then.
func TestMadeUpAddresses(t *testing.T) {
	a := newAmazon(t)
	s := a.source(t, sns.Config{})
	if err := s.Verify(notification().sign(first).request(t)); err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		m := notification().with("SigningCertURL", "https://"+host+path(100+n)).sign(second)
		if err := s.Verify(m.request(t)); err == nil {
			t.Error("a made-up certificate is taken")
		}
	}
	if n := strings.Count(a.called(), "GET"); n != 10 {
		t.Errorf("Amazon was asked %d times", n)
	}
	if err := s.Verify(notification().sign(first).request(t)); err != nil {
		t.Errorf("meanwhile what is known is not taken: %v", err)
	}
	r := notification().with("SigningCertURL", "https://"+host+path(2)).sign(second).request(t)
	a.files[path(2)] = valid(second)
	if err := s.Verify(r); !errors.Is(err, integrations.ErrUnsure) {
		t.Errorf("the eleventh within a minute: %v", err)
	}
	r.At = r.At.Add(time.Minute)
	if err := s.Verify(r); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestConfirm(t *testing.T) {
	const asked = "GET /?Action=ConfirmSubscription&Token=2336412f37fb&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aalarms"
	for _, c := range []struct {
		name   string
		m      message
		status int
		calls  string
		wrong  bool
	}{
		{name: "the request", m: confirmation(), calls: asked},
		{name: "an address of somebody", m: confirmation().with("SubscribeURL", "https://evil.example.com/"), calls: asked},
		{name: "an address within", m: confirmation().with("SubscribeURL", "http://169.254.169.254/latest/meta-data"), calls: asked},
		{name: "a token with more in it", m: confirmation().with("Token", "x&Action=DeleteTopic"), calls: strings.Replace(asked, "2336412f37fb", "x%26Action%3DDeleteTopic", 1)},
		{name: "somebody's topic", m: confirmation().with("TopicArn", "arn:aws:sns:eu-west-1:999999999999:alarms"), wrong: true},
		{name: "a topic that is none", m: confirmation().with("TopicArn", "evil.example.com"), wrong: true},
		{name: "the end of a subscription", m: confirmation().with("Type", "UnsubscribeConfirmation")},
		{name: "a notification", m: notification()},
		{name: "refused", m: confirmation(), status: http.StatusForbidden, calls: asked, wrong: true},
		{name: "sent on", m: confirmation(), status: http.StatusFound, calls: asked, wrong: true},
	} {
		a := newAmazon(t)
		a.files["/"] = []byte("<ConfirmSubscriptionResponse/>")
		if c.status != 0 {
			a.status["/"] = c.status
		}
		if err := a.source(t, sns.Config{}).After(t.Context(), c.m.request(t)); (err != nil) != c.wrong {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := a.called(); got != c.calls {
			t.Errorf("%s: Amazon was asked for %q, not %q", c.name, got, c.calls)
		}
	}
}

func TestCheck(t *testing.T) {
	for arn, right := range map[string]bool{
		ours: true, "arn:aws-cn:sns:cn-north-1:123456789012:a": true, "arn:aws-us-gov:sns:us-gov-west-1:123456789012:a_B-1": true,
		"alarms": false, "arn:aws:sqs:eu-west-1:123456789012:alarms": false, "arn:aws:sns:eu-west-1:123456789012:*": false, "": false,
		"arn:aws:sns:evil.example.com/:123456789012:a": false, "arn:aws:sns:eu-west-1:123456789012:a.fifo": false, "arn:evil:sns:eu-west-1:123456789012:a": false,
		"arn:aws:sns:eu-west-1@evil:1:a": false, "arn:aws:sns:EU:123456789012:a": false, ours + "\n": false, ours + ":5be6-subscription": false,
	} {
		reported := false
		sns.Config{Topics: []string{arn}}.Check(func(string, string) { reported = true })
		if reported == right {
			t.Errorf("%q is reported: %v", arn, reported)
		}
		if _, err := sns.Kind.New(&sns.Config{Topics: []string{arn}}, integrations.Deps{Outbound: &integrations.Outbound{}}); (err == nil) != right {
			t.Errorf("%q: %v", arn, err)
		}
	}
}

// That Amazon is there is asked once a region.
func TestCheckReachesAmazon(t *testing.T) {
	a := newAmazon(t)
	in := a.made(t, sns.Config{})
	if err := in.Check(t.Context()); err != nil || a.called() != "GET /ping" {
		t.Errorf("%v, asked for %q", err, a.called())
	}
	a.down = true
	if err := a.made(t, sns.Config{}).Check(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "topics: https://"+host+" cannot be reached") {
		t.Errorf("where it is not: %v", err)
	}
}
