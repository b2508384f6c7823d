package slacksim

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// A file's way: an upload URL, the bytes, the end, the message, the download.
func TestUpload(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	begin := func(length string) reply {
		return s.must("files.getUploadURLExternal", "filename", "postmortem.md", "length", length)
	}
	up := begin("5")
	id := up.at("file_id").(string)
	s.refused("file_not_found", "files.completeUploadExternal", "files", `[{"id":"`+id+`"}]`) // nothing came yet
	if r := s.request("POST", strings.TrimPrefix(up.at("upload_url").(string), s.base), "", "", "four"); r.status != 400 {
		t.Errorf("four bytes of five: %d %s", r.status, r.raw)
	}
	if r := s.request("POST", strings.TrimPrefix(up.at("upload_url").(string), s.base), "", "", "# Hi\n"); r.status != 200 || string(r.raw) != "OK - 5" {
		t.Errorf("the bytes: %d %s", r.status, r.raw)
	}
	if r := s.request("POST", strings.TrimPrefix(up.at("upload_url").(string), s.base), "", "", "# Ho\n"); r.status != 404 {
		t.Errorf("the bytes again: %d", r.status)
	}
	s.refused("file_not_found", "files.info", "file", id)
	files := `[{"id":"` + id + `","title":"Postmortem"}]`
	// What is refused has done nothing: the file can still be completed.
	s.refused("invalid_channel", "files.completeUploadExternal", "files", files, "channel_id", "CINCIDENTS", "thread_ts", "1.2")
	s.refused("not_in_channel", "files.completeUploadExternal", "files", files, "channels", "CINCIDENTS,C00GENERAL")
	if got := s.texts("incidents"); len(got) != 0 {
		t.Errorf("refused, and still posted: %v", got)
	}
	s.must("files.completeUploadExternal", "files", files, "channel_id", "CINCIDENTS", "initial_comment", "as promised")
	s.refused("file_not_found", "files.completeUploadExternal", "files", files) // once only
	if e := a.event("message"); e["text"] != "as promised" || e["subtype"] != "file_share" || dig(e, "files", 0, "id") != id {
		t.Errorf("message = %v", e)
	}
	if e := a.event("file_shared"); e["file_id"] != id || e["channel_id"] != "CINCIDENTS" {
		t.Errorf("file_shared = %v", e)
	}
	info := s.must("files.info", "file", id)
	link := info.at("file", "url_private").(string)
	if info.at("file", "title") != "Postmortem" || !strings.HasPrefix(link, s.base+"/") {
		t.Errorf("info = %s", info.raw)
	}
	if r := s.request("GET", strings.TrimPrefix(link, s.base), BotToken, "", ""); string(r.raw) != "# Hi\n" {
		t.Errorf("download: %d %s", r.status, r.raw)
	}
	if r := s.request("GET", strings.TrimPrefix(link, s.base), "", "", ""); r.status != http.StatusUnauthorized {
		t.Errorf("download without a token: %d", r.status)
	}
	if r := s.get("/sim/files/" + id); r.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a file that is not plainly shown comes with %v", r.header)
	}

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "x.bin")
	part.Write([]byte("12345"))
	form.Close()
	up = begin("5")
	if r := s.request("POST", strings.TrimPrefix(up.at("upload_url").(string), s.base), BotToken, form.FormDataContentType(), body.String()); r.status != 200 {
		t.Errorf("a form: %d %s", r.status, r.raw)
	}
	s.refused("missing_argument", "files.getUploadURLExternal", "filename", "x", "length", "0")
	s.refused("method_deprecated", "files.upload")
	s.must("files.delete", "file", id)
	s.refused("file_not_found", "files.info", "file", id)
}

// People add files to messages; the app sees them.
func TestPeoplesFiles(t *testing.T) {
	s := serve(t, Options{})
	a := s.connect(ackAll)
	s.does("message", map[string]any{"user": "alice", "channel": "#incidents", "files": []any{
		map[string]string{"name": "graph.png", "base64": "iVBORw0KGgo="}, map[string]string{"name": "log.txt", "content": "boom"},
	}})
	e := a.event("message")
	if dig(e, "files", 0, "mimetype") != "image/png" || dig(e, "files", 1, "name") != "log.txt" {
		t.Errorf("message = %v", e)
	}
	id := dig(e, "files", 1, "id").(string)
	s.must("files.info", "file", id)
	s.refused("cant_delete_file", "files.delete", "file", id)
	if r := s.control("message", map[string]any{"user": "alice", "channel": "#incidents", "files": []any{map[string]string{"name": "x", "base64": "?"}}}); r.status != 400 {
		t.Errorf("broken base64: %d %s", r.status, r.raw)
	}
	link := strings.TrimPrefix(dig(e, "files", 1, "url_private").(string), s.base)
	if r := s.request("GET", link, BotToken, "", ""); string(r.raw) != "boom" {
		t.Errorf("download: %d %s", r.status, r.raw)
	}
	// What is shared where the app is not is hidden from it, its bytes too.
	for _, channel := range []string{"@bob", "#general"} {
		s.does("message", map[string]any{"user": "alice", "channel": channel, "files": []any{map[string]string{"name": "theirs.txt", "content": "x"}}})
		files := s.get("/sim/state").at("files").([]any)
		theirs := dig(files[len(files)-1], "id").(string)
		s.refused("file_not_found", "files.info", "file", theirs)
		if r := s.request("GET", strings.ReplaceAll(link, id, theirs), BotToken, "", ""); r.status != http.StatusNotFound {
			t.Errorf("download from %s: %d %s", channel, r.status, r.raw)
		}
		if r := s.get("/sim/files/" + theirs); string(r.raw) != "x" {
			t.Errorf("on the page: %d %s", r.status, r.raw)
		}
	}
}
