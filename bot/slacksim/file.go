package slacksim

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// file is something uploaded. Its bytes are kept apart.
type file struct {
	ID, Name, Title, MimeType string
	User                      string
	Created                   int64
	Channels                  []string            `json:",omitempty"` // where it was shared
	Shares                    map[string][]string `json:",omitempty"` // the messages that shared it, by channel
	Size                      int
	AltText                   string `json:",omitempty"`

	ForApp bool `json:",omitempty"` // put into one of the app's forms

	// While it is being uploaded: the secret of its upload URL, and whether the bytes came. Others see it
	// when it is announced.
	Ticket    string `json:",omitempty"`
	Uploaded  bool   `json:",omitempty"`
	Announced bool

	bytes []byte
}

// addFile keeps a whole file that user uploaded.
func (w *world) addFile(user, name, mimeType string, content []byte) *file {
	f := &file{ID: w.nextID("F"), Name: name, Title: name, User: user, Created: w.unix(), MimeType: mimeType, Uploaded: true, Announced: true}
	w.files = append(w.files, f)
	w.setBytes(f, content)
	w.fileChanged(f)
	return f
}

func (w *world) setBytes(f *file, content []byte) {
	f.bytes, f.Size = content, len(content)
	if f.MimeType == "" {
		f.MimeType = mimeType(f.Name, content)
	}
	w.journal.putBytes(bucketBytes, f.ID, append([]byte{}, content...))
}

func mimeType(name string, content []byte) string {
	kind := mime.TypeByExtension(filepath.Ext(name))
	if kind == "" {
		kind = http.DetectContentType(content)
	}
	kind, _, _ = strings.Cut(kind, ";")
	return kind
}

func (w *world) fileChanged(f *file) {
	w.journal.put(bucketFiles, f.ID, f)
	if f.Announced {
		w.feed.add("file", object{"file": fileState(f)})
	}
}

func (w *world) file(id string) *file {
	i := slices.IndexFunc(w.files, func(f *file) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return w.files[i]
}

// shareFiles notes that m shares its files in ch, and tells the app.
func (w *world) shareFiles(ch *channel, m *message) {
	for _, id := range m.Files {
		f := w.file(id)
		if f.Shares == nil {
			f.Shares = map[string][]string{}
		}
		f.Shares[ch.ID] = append(f.Shares[ch.ID], m.TS)
		if !slices.Contains(f.Channels, ch.ID) {
			f.Channels = append(f.Channels, ch.ID)
		}
		w.fileChanged(f)
		w.emit(ch, object{
			"type": "file_shared", "file_id": f.ID, "user_id": f.User, "file": object{"id": f.ID},
			"channel_id": ch.ID, "event_ts": w.stamp(),
		})
	}
}

// fileType is Slack's word for what a file is: its extension.
func (f *file) fileType() string {
	if ext := strings.TrimPrefix(filepath.Ext(f.Name), "."); ext != "" {
		return strings.ToLower(ext)
	}
	return "binary"
}

// fileJSON is f as Slack shows it to the app.
func (w *world) fileJSON(f *file) object {
	private := w.base + "/files-pri/" + teamID + "-" + f.ID + "/" + url.PathEscape(f.Name)
	public, groups, directs := []string{}, []string{}, []string{}
	for _, id := range f.Channels {
		switch ch := w.byID[id]; {
		case ch.Direct || ch.Group:
			directs = append(directs, id)
		case ch.Private:
			groups = append(groups, id)
		default:
			public = append(public, id)
		}
	}
	return object{
		"id": f.ID, "created": f.Created, "timestamp": f.Created, "name": f.Name, "title": f.Title,
		"mimetype": f.MimeType, "filetype": f.fileType(), "pretty_type": strings.ToUpper(f.fileType()), "user": f.User,
		"user_team": teamID, "editable": false, "size": f.Size, "mode": "hosted", "is_external": false,
		"external_type": "", "is_public": len(public) > 0, "public_url_shared": false, "display_as_bot": false,
		"username": "", "url_private": private, "url_private_download": private + "?download=1",
		"permalink": "https://" + teamDomain + ".slack.com/files/" + f.User + "/" + f.ID + "/" + url.PathEscape(f.Name),
		"channels":  public, "groups": groups, "ims": directs, "comments_count": 0, "is_starred": false,
	}
}

func (w *world) filesJSON(ids []string) []object {
	shown := []object{}
	for _, id := range ids {
		if f := w.file(id); f != nil {
			shown = append(shown, w.fileJSON(f))
		}
	}
	return shown
}

// fileState is f in /sim/state. Its URLs need no token: they are for the page.
func fileState(f *file) object {
	return object{
		"url_private": "/sim/files/" + f.ID, "pretty_type": strings.ToUpper(f.fileType()),
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.MimeType, "size": f.Size, "user": f.User,
		"created": f.Created, "channels": list(f.Channels),
	}
}

// filesState is the files with these ids, or all where ids is nil.
func (w *world) filesState(ids []string) []object {
	shown := []object{}
	for _, f := range w.files {
		if f.Announced && (ids == nil || slices.Contains(ids, f.ID)) {
			shown = append(shown, fileState(f))
		}
	}
	return shown
}

// serveFile is url_private: the bytes of what the app may see, for who has its token.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	want := "Bearer " + BotToken
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(want)) != 1 {
		http.Error(w, "a file needs the bot's token in the Authorization header", http.StatusUnauthorized)
		return
	}
	s.sendFile(w, r, strings.TrimPrefix(r.PathValue("id"), teamID+"-"), (*world).appSees)
}

// serveFileOnPage is the same for the page. A browser shows pictures and text; all else it saves.
func (s *Server) serveFileOnPage(w http.ResponseWriter, r *http.Request) {
	s.sendFile(w, r, r.PathValue("id"), func(_ *world, f *file) bool { return f.Announced })
}

// inline are the kinds of file that a browser may show here: none that could run anything.
var inline = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}

func (s *Server) sendFile(w http.ResponseWriter, r *http.Request, id string, may func(*world, *file) bool) {
	var content []byte
	var name, kind string
	found := false
	s.view(func(world *world) {
		if f := world.file(id); f != nil && may(world, f) {
			content, name, kind, found = f.bytes, f.Name, f.MimeType, true
		}
	})
	if !found {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Content-Type", kind)
	if !slices.Contains(inline, kind) {
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	w.Write(content)
}
