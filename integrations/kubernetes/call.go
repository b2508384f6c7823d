package kubernetes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"fireboss/integrations"
)

// events is the path of the warnings that count, of one namespace where there is only one.
func (k *cluster) events(query url.Values) string {
	path := "/api/v1/events"
	if len(k.config.Namespaces) == 1 {
		path = "/api/v1/namespaces/" + k.config.Namespaces[0] + "/events"
	}
	query.Set("fieldSelector", "type=Warning")
	return path + "?" + query.Encode()
}

// call calls the API, for an answer that lasts where there is a time of silence.
func (k *cluster) call(ctx context.Context, method, path string, body []byte, silence time.Duration) (*http.Response, error) {
	token, err := k.config.token()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, string(k.config.URL)+path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the cluster's address is no URL")
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	do := k.wire.Do
	if silence > 0 {
		do = func(req *http.Request) (*http.Response, error) { return k.wire.Stream(req, silence) }
	}
	res, err := do(req)
	if err != nil || res.StatusCode/100 == 2 {
		return res, err
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	status, _ := integrations.ReadJSON(text)
	return nil, refusal(res.StatusCode, status)
}

// ask calls the API for one answer.
func (k *cluster) ask(ctx context.Context, method, path string, body []byte) (integrations.JSON, error) {
	res, err := k.call(ctx, method, path, body, 0)
	if err != nil {
		return integrations.JSON{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return integrations.JSON{}, err
	}
	return integrations.ReadJSON(text)
}

// wrongError is what is wrong with a key of the configuration.
type wrongError struct{ key, sentence string }

// Error says it as the configuration's own problems are said.
func (w *wrongError) Error() string { return w.key + ": " + w.sentence }

// refusal is why the API did not do what it was asked for, by the code and the Status (meta/v1) that it answered with.
func refusal(code int, status integrations.JSON) error {
	reason := status.At("reason").Text()
	for _, cause := range status.At("details", "causes").List() {
		if cause.At("reason").Text() == "ResourceVersionTooLarge" { // it was restored from a backup, or is another one
			reason = "Expired"
		}
	}
	message := status.At("message").Text()
	if runes := []rune(message); len(runes) > 300 {
		message = string(runes[:300]) + "…"
	}
	switch {
	case code == http.StatusGone, reason == "Expired":
		return errExpired
	case code == http.StatusUnauthorized:
		return &wrongError{"token", "the cluster does not take it"}
	case code == http.StatusForbidden:
		return &wrongError{"token", fmt.Sprintf("its service account may not see events, it wants the verbs list and watch: %q", message)}
	case message != "":
		return fmt.Errorf("the cluster answers %d: %q", code, message)
	}
	return fmt.Errorf("the cluster answers %d", code)
}

// check lists one event, and asks whether it may watch as well.
func (k *cluster) check(ctx context.Context) error {
	list, err := k.ask(ctx, http.MethodGet, k.events(url.Values{"limit": {"1"}}), nil)
	var wrong *wrongError
	switch {
	case errors.As(err, &wrong):
		return wrong
	case err != nil:
		return fmt.Errorf("url: %s does not answer as a cluster does: %w", k.config.URL, err)
	case version(list) == "":
		return fmt.Errorf("url: what answers at %s is no API of Kubernetes", k.config.URL)
	}
	namespace := ""
	if len(k.config.Namespaces) == 1 {
		namespace = k.config.Namespaces[0]
	}
	review := fmt.Appendf(nil, `{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":%q,"verb":"watch","resource":"events"}}}`, namespace)
	answer, err := k.ask(integrations.Repeatable(ctx), http.MethodPost, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
	if err == nil && answer.At("status", "allowed").Text() == "false" {
		return &wrongError{"token", "its service account may list events but not watch them; give it the verb watch, too"}
	}
	return nil // clusters may keep that question from it; then the watch itself will say
}
