package slacksim

import (
	"cmp"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"
)

// filesGetUploadURLExternal begins an upload. https://docs.slack.dev/reference/methods/files.getUploadURLExternal
func filesGetUploadURLExternal(c *call) (object, error) {
	length, ok := c.args.integer("length", 0)
	if !ok {
		return nil, refuse("invalid_arguments", "[ERROR] must be an integer [json-pointer:/length]")
	}
	switch {
	case length < 1:
		return nil, refuse("missing_argument")
	case length > maxUploadBytes:
		return nil, refuse("file_upload_size_restricted")
	case utf8.RuneCountInString(c.args["alt_txt"]) > maxAltText:
		return nil, refuse("alt_txt_too_large")
	}
	f := &file{
		ID: c.nextID("F"), Name: c.args["filename"], Title: c.args["filename"], User: botUserID, Created: c.unix(),
		Size: length, AltText: c.args["alt_txt"], Ticket: newSecret(),
	}
	c.files = append(c.files, f)
	c.fileChanged(f)
	return object{"upload_url": c.base + "/upload/v1/" + f.Ticket, "file_id": f.ID}, nil
}

// serveUpload takes a file's bytes at its upload URL: as they are, or as the first part of a form.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	content, err := uploaded(r)
	if err != nil {
		http.Error(w, "the file could not be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	status, answer := http.StatusNotFound, "this upload URL is unknown or was used"
	saved := s.update(func(world *world) {
		for _, f := range world.files {
			if f.Ticket == "" || f.Ticket != r.PathValue("ticket") || f.Uploaded {
				continue
			}
			if len(content) != f.Size {
				status, answer = http.StatusBadRequest, "the number of bytes is not the length that was announced"
				return
			}
			f.Uploaded = true
			world.setBytes(f, content)
			world.fileChanged(f)
			status, answer = http.StatusOK, "OK - "+strconv.Itoa(len(content))
			return
		}
	})
	if saved != nil {
		status, answer = http.StatusInternalServerError, saved.Error()
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, answer)
}

func uploaded(r *http.Request) ([]byte, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	body := io.LimitReader(r.Body, maxUploadBytes+1)
	if kind != "multipart/form-data" {
		return io.ReadAll(body)
	}
	part, err := multipart.NewReader(body, params["boundary"]).NextPart()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(part)
}

// filesCompleteUploadExternal ends uploads and shares the files.
// https://docs.slack.dev/reference/methods/files.completeUploadExternal
func filesCompleteUploadExternal(c *call) (object, error) {
	files, titles, err := c.completed()
	if err != nil {
		return nil, err
	}
	channels, err := c.shareChannels()
	if err != nil {
		return nil, err
	}
	m := message{User: botUserID, Bot: true, Text: c.written(c.args["initial_comment"])}
	if raw, ok := c.args.raw("blocks"); m.Text == "" && (raw != nil || !ok) {
		if m.Blocks, err = checkBlocks(raw); err != nil {
			return nil, refuse("invalid_blocks")
		}
	}
	var shares []*message
	for _, ch := range channels {
		share := m
		if err := c.thread(ch, &share); err != nil {
			return nil, refuse("invalid_channel")
		}
		shares = append(shares, &share)
	}
	var ids []string
	for _, f := range files {
		f.Title, f.Announced, f.Ticket = titles[f.ID], true, ""
		ids = append(ids, f.ID)
		c.fileChanged(f)
	}
	for i, ch := range channels {
		shares[i].Files = slices.Clone(ids)
		c.post(ch, shares[i])
		c.shareFiles(ch, shares[i])
	}
	shown := []object{}
	for _, f := range files {
		shown = append(shown, c.fileJSON(f))
	}
	return object{"files": shown}, nil
}

// completed are the files the call names, all of them uploaded and not completed before, and their titles by id.
func (c *call) completed() (files []*file, titles map[string]string, err error) {
	raw, ok := c.args.raw("files")
	var named []struct{ ID, Title string }
	if !ok || json.Unmarshal(raw, &named) != nil || len(named) == 0 {
		return nil, nil, refuse("invalid_arguments", "[ERROR] must be an array of objects with an id [json-pointer:/files]")
	}
	titles = map[string]string{}
	for _, n := range named {
		f := c.file(n.ID)
		if f == nil || !f.Uploaded || f.Announced || slices.Contains(files, f) {
			return nil, nil, refuse("file_not_found")
		}
		files = append(files, f)
		titles[f.ID] = cmp.Or(n.Title, f.Title)
	}
	return files, titles, nil
}

func (c *call) shareChannels() ([]*channel, error) {
	ids := c.args.commaList("channels")
	if c.args["channel_id"] != "" {
		ids = append(ids, c.args["channel_id"])
	}
	if len(ids) > maxShareChannels {
		return nil, refuse("channels_limit_exceeded")
	}
	var channels []*channel
	for _, id := range ids {
		ch := c.byID[id]
		if c.user(id) != nil && id != botUserID {
			ch, _ = c.openDirect(botUserID, id)
		}
		switch {
		case ch == nil || !c.visible(ch, botUserID):
			return nil, refuse("channel_not_found")
		case !ch.has(botUserID):
			return nil, refuse("not_in_channel")
		case ch.Archived:
			return nil, refuse("posting_to_channel_denied")
		}
		channels = append(channels, ch)
	}
	return channels, nil
}

// seenFile is the file that an argument names, as far as the app may know of it.
func (c *call) seenFile() (*file, error) {
	f := c.file(c.args["file"])
	if f == nil || !c.appSees(f) {
		return nil, refuse("file_not_found")
	}
	return f, nil
}

// appSees says whether a file is the app's own, or was given to it, or shared where it is.
func (w *world) appSees(f *file) bool {
	isThere := func(id string) bool { return w.byID[id].has(botUserID) }
	return f.Announced && (f.User == botUserID || f.ForApp || slices.ContainsFunc(f.Channels, isThere))
}

// filesInfo describes a file. https://docs.slack.dev/reference/methods/files.info
func filesInfo(c *call) (object, error) {
	f, err := c.seenFile()
	if err != nil {
		return nil, err
	}
	shares := map[string]object{}
	for id, messages := range f.Shares {
		ch := c.byID[id]
		group := "public"
		if ch.Private {
			group = "private"
		}
		if shares[group] == nil {
			shares[group] = object{}
		}
		shares[group][id] = c.sharesJSON(ch, messages)
	}
	o := with(c.fileJSON(f), object{"shares": shares, "has_more_shares": false})
	return object{"file": o, "comments": []any{}, "paging": object{"count": 0, "total": 0, "page": 1, "pages": 0}}, nil
}

func (w *world) sharesJSON(ch *channel, messages []string) []object {
	shown := []object{}
	for _, ts := range messages {
		shown = append(shown, object{
			"ts": ts, "channel_name": ch.Name, "team_id": teamID, "reply_users": []string{}, "reply_users_count": 0, "reply_count": 0,
		})
	}
	return shown
}

// filesDelete deletes one of the app's files, everywhere. https://docs.slack.dev/reference/methods/files.delete
func filesDelete(c *call) (object, error) {
	f, err := c.seenFile()
	if err != nil {
		return nil, err
	}
	if f.User != botUserID {
		return nil, refuse("cant_delete_file")
	}
	c.deleteFile(f)
	return nil, nil
}

// deleteFile takes a file out of the messages that shared it and deletes its bytes.
func (w *world) deleteFile(f *file) {
	w.files = slices.DeleteFunc(w.files, func(other *file) bool { return other == f })
	w.journal.drop(bucketFiles, f.ID)
	w.journal.drop(bucketBytes, f.ID)
	w.feed.add("file", object{"file": with(fileState(f), object{"deleted": true})})
	for id, shares := range f.Shares {
		for _, ts := range shares {
			if m := w.byID[id].message(ts); m != nil {
				m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(id string) bool { return id == f.ID })
				w.messageChanged(w.byID[id], m)
			}
		}
	}
}

// filesUpload is no more since November 2025. https://docs.slack.dev/reference/methods/files.upload
func filesUpload(*call) (object, error) { return nil, refuse("method_deprecated") }
