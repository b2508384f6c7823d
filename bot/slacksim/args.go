package slacksim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is the longest body of a Web API call that is read.
const maxBody = 16 << 20

// arguments are a call's, each as the text that a form would carry: JSON values keep their JSON.
type arguments map[string]string

// credentials are the tokens that came with a call: in the Authorization header, and as a field of a form.
type credentials struct{ header, form string }

// either is the header's token or else the form's.
func (c credentials) either() string { return cmp.Or(c.header, c.form) }

// readArguments takes a call's arguments from query and body, and its token from the Authorization header or
// a form field, never from the query.
func readArguments(r *http.Request, takesJSON bool) (args arguments, token credentials, err error) {
	args = arguments{}
	for name, values := range r.URL.Query() {
		if name != "token" {
			args.set(name, values[0])
		}
	}
	if scheme, value, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		token.header = strings.TrimSpace(value)
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return args, token, refuse("request_timeout") // "the POST data was either missing or truncated"
	}
	if len(body) > 0 {
		err = args.readBody(r.Header.Get("Content-Type"), body, takesJSON)
	}
	token.form = args["token"]
	delete(args, "token")
	return args, token, err
}

// set takes an argument. What is no UTF-8 in it is replaced: a socket's frames may hold nothing else.
func (a arguments) set(name, value string) { a[name] = strings.ToValidUTF8(value, "\uFFFD") }

func (a arguments) readBody(contentType string, body []byte, takesJSON bool) error {
	if contentType == "" {
		return refuse("missing_post_type")
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return refuse("invalid_post_type")
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return a.readForm(string(body))
	case "multipart/form-data":
		return a.readMultipart(body, params["boundary"])
	case "application/json":
		if !takesJSON {
			return nil // the method sees no arguments
		}
		return a.readJSON(body)
	}
	return refuse("invalid_post_type")
}

func (a arguments) readForm(body string) error {
	form, err := url.ParseQuery(body)
	if err != nil {
		return refuse("invalid_form_data")
	}
	for name, values := range form {
		a.set(name, values[0])
	}
	return nil
}

func (a arguments) readMultipart(body []byte, boundary string) error {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("invalid_form_data")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return refuse("invalid_form_data")
		}
		a.set(part.FormName(), string(value))
	}
}

func (a arguments) readJSON(body []byte) error {
	if !json.Valid(body) {
		return refuse("invalid_json")
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return refuse("json_not_object")
	}
	for name, raw := range fields {
		if name == "token" {
			continue // a JSON body's token does not count
		}
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			a.set(name, text)
		default:
			a.set(name, string(raw))
		}
	}
	return nil
}

// boolean reads "true", "1"; anything else is false.
func (a arguments) boolean(name string) bool {
	return a[name] == "1" || strings.EqualFold(a[name], "true")
}

// integer reads a whole number; ok is false where there is something else. Absent, it is def.
func (a arguments) integer(name string, def int) (n int, ok bool) {
	if a[name] == "" {
		return def, true
	}
	n, err := strconv.Atoi(a[name])
	return n, err == nil
}

// raw is an argument that is JSON; nil where it is absent or empty, ok false where it is not JSON.
func (a arguments) raw(name string) (raw json.RawMessage, ok bool) {
	if strings.TrimSpace(a[name]) == "" {
		return nil, true
	}
	raw = json.RawMessage(a[name])
	return raw, json.Valid(raw)
}

// has says whether an argument was given, be it empty.
func (a arguments) has(name string) bool { _, ok := a[name]; return ok }

// commaList reads "U1,U2, U3".
func (a arguments) commaList(name string) []string {
	var items []string
	for item := range strings.SplitSeq(a[name], ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// record is the arguments for /sim/calls: what is a JSON object or array stands as such, all else as text.
func (a arguments) record() object {
	o := object{}
	for name, value := range a {
		o[name] = value
		if jsonArguments[name] && json.Valid([]byte(value)) {
			o[name] = json.RawMessage(value)
		}
	}
	return o
}

// jsonArguments are the arguments whose value is JSON, whatever carries it.
var jsonArguments = map[string]bool{
	"attachments": true, "blocks": true, "changes": true, "channel_ids": true, "criteria": true,
	"document_content": true, "files": true, "message": true, "metadata": true, "user_ids": true, "view": true,
}
