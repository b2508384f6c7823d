package sns

import (
	"context"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // G505: for signatures of version 1, which the configuration has to allow
	_ "crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"fireboss/integrations"
)

// tolerance is how long before its arrival a message may have been sent: Amazon tries for an hour.
const tolerance = time.Hour

// waits is how long a delivery waits for its certificate, which has been asked for twice by then.
const waits = 12 * time.Second

// amazon is whom messages come from.
type amazon struct {
	v1           bool
	topics       map[string]region // those that are allowed, by their ARN
	certificates certificates
}

// region is where a topic is.
type region struct {
	base   string
	client *integrations.Client
}

// signed are the fields that a signature covers, in order, by the type of the message.
var signed = map[string][]string{
	"Notification":             {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"},
	"SubscriptionConfirmation": {"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"},
	"UnsubscribeConfirmation":  {"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"},
}

// errForged is all that a wrong signature is answered by.
var errForged = errors.New("the signature is not Amazon's")

// verify says whether a message is Amazon's and of one of our topics. What is looked at first needs no call.
func (a *amazon) verify(r integrations.Request) error {
	m, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return err
	}
	fields, known := signed[m.At("Type").Text()]
	if !known {
		return errors.New("it is no message of Amazon SNS: raw message delivery has to be off")
	}
	at, allowed := a.topics[m.At("TopicArn").Text()]
	if !allowed {
		return fmt.Errorf("it is of a topic that integrations.sns.topics does not have: %.300q", m.At("TopicArn").Text())
	}
	if err := integrations.Recent(m.At("Timestamp").Time(), r.At, tolerance); err != nil {
		return err
	}
	hash := crypto.SHA256
	switch version := m.At("SignatureVersion").Text(); {
	case version == "1" && a.v1:
		hash = crypto.SHA1
	case version == "1":
		return errors.New("its signature is of version 1: set the topic's attribute SignatureVersion to 2, or integrations.sns.signature_v1")
	case version != "2":
		return fmt.Errorf("its signature is of the unknown version %.20q", version)
	}
	signature, err := base64.StdEncoding.DecodeString(m.At("Signature").Text())
	if err != nil || len(signature) == 0 {
		return errForged
	}
	ctx, cancel := context.WithTimeout(context.Background(), waits)
	defer cancel()
	key, err := a.certificates.key(ctx, at, m.At("SigningCertURL").Or(m.At("SigningCertUrl")).Text(), r.At)
	if err != nil {
		return err
	}
	sum := hash.New()
	sum.Write([]byte(text(m, fields)))
	if rsa.VerifyPKCS1v15(key, hash, sum.Sum(nil), signature) != nil {
		return errForged
	}
	return nil
}

// text is what was signed: the name and the value of each field that is there, a line each.
func text(m integrations.JSON, fields []string) string {
	var b strings.Builder
	for _, name := range fields {
		if v := m.At(name); v.Is() {
			b.WriteString(name + "\n" + v.Text() + "\n")
		}
	}
	return b.String()
}

// confirm confirms a subscription of one of our topics. The address is made of the topic and the token, so that what the
// message says of it is not called.
func (a *amazon) confirm(ctx context.Context, r integrations.Request) error {
	m, err := integrations.ReadJSON(r.Body)
	if err != nil || m.At("Type").Text() != "SubscriptionConfirmation" {
		return nil // it asks for nothing
	}
	arn := m.At("TopicArn").Text()
	at, allowed := a.topics[arn]
	if !allowed {
		return fmt.Errorf("the subscription of %.300q is not confirmed: integrations.sns.topics does not have it", arn)
	}
	query := url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {arn}, "Token": {m.At("Token").Text()}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.base+"/?"+query.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	res, err := at.client.Do(req)
	if err != nil {
		return fmt.Errorf("the subscription of %s is not confirmed: %w", arn, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the subscription of %s is not confirmed: Amazon answered HTTP %d; request it again in the console", arn, res.StatusCode)
	}
	return nil
}

// check asks whether Amazon can be reached in each region: without its certificates no message can be taken.
func (a *amazon) check(ctx context.Context) error {
	seen, wrong := map[string]bool{}, []error(nil)
	for _, arn := range slices.Sorted(maps.Keys(a.topics)) {
		at := a.topics[arn]
		if seen[at.base] {
			continue
		}
		seen[at.base] = true
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.base+"/ping", http.NoBody)
		if err != nil {
			return err
		}
		res, err := at.client.Do(req)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("topics: %s cannot be reached, so that nobody can look whether a message is Amazon's: %w", at.base, err))
			continue
		}
		_ = res.Body.Close() // whatever it says: it is there
	}
	return errors.Join(wrong...)
}
