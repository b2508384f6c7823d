package page_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"fireboss/bot/slacksim/page"
)

func get(t *testing.T, method, target string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	page.Handler().ServeHTTP(w, r)
	return w.Result()
}

// Every answer carries the policy, so that no file of the page can be used outside it.
func TestHandlerServesThePageUnderItsPolicy(t *testing.T) {
	for target, kind := range map[string]string{
		"/": "text/html; charset=utf-8", "/index.html": "text/html; charset=utf-8", "/style.css": "text/css; charset=utf-8",
		"/js/main.js": "text/javascript; charset=utf-8", "/favicon.svg": "image/svg+xml",
	} {
		got := get(t, "GET", target, nil)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != kind {
			t.Errorf("GET %s: %d %s, want 200 %s", target, got.StatusCode, got.Header.Get("Content-Type"), kind)
		}
		for name, value := range map[string]string{
			"Content-Security-Policy": page.Policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		} {
			if got.Header.Get(name) != value {
				t.Errorf("GET %s: %s is %q, want %q", target, name, got.Header.Get(name), value)
			}
		}
	}
}

func TestPolicyAllowsNoInlineCodeAndNoOtherHost(t *testing.T) {
	policy := get(t, "GET", "/", nil).Header.Get("Content-Security-Policy")
	for _, word := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
		if strings.Contains(policy, word) {
			t.Errorf("the policy says %s", word)
		}
	}
	want(t, policy, "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
}

func TestHandlerRefusesWhatItDoesNotServe(t *testing.T) {
	for _, c := range []struct {
		method, target string
		status         int
	}{{"GET", "/js", 404}, {"GET", "/js/", 404}, {"GET", "/static/index.html", 404}, {"GET", "/../page.go", 404}, {"POST", "/", 405}, {"HEAD", "/", 200}} {
		if got := get(t, c.method, c.target, nil); got.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.target, got.StatusCode, c.status)
		}
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	first := get(t, "GET", "/style.css", nil)
	again := get(t, "GET", "/style.css", http.Header{"If-None-Match": {first.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("with the ETag: %d, want 304", again.StatusCode)
	}
}

// sources are the page's own files, by path below static.
func sources(t *testing.T, ext string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS("static"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ext {
			return err
		}
		raw, err := os.ReadFile("static/" + name)
		found[name] = string(raw)
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatal(len(found), err)
	}
	return found
}

// What the browser's policy would stop must not even be tried.
func TestScriptsNeverParseTextAsCode(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|createContextualFragment|setAttribute\("on`)
	for name, source := range sources(t, ".js") {
		if found := forbidden.FindString(source); found != "" {
			t.Errorf("%s uses %s", name, found)
		}
	}
}

func TestScriptsImportOnlyWhatIsThere(t *testing.T) {
	scripts := sources(t, ".js")
	imported := regexp.MustCompile(`import (?:\{([^}]*)\} )?from "([^"]*)"|import \{([^}]*)\} from "([^"]*)"`)
	for name, source := range scripts {
		for _, m := range imported.FindAllStringSubmatch(source, -1) {
			target, ok := scripts[path.Join(path.Dir(name), m[2])]
			if !ok {
				t.Errorf("%s imports %s, which does not exist", name, m[2])
				continue
			}
			for _, wanted := range strings.Split(m[1], ",") {
				wanted = strings.TrimSpace(wanted)
				declared := regexp.MustCompile(`export (?:async )?(?:function|const|let) ` + regexp.QuoteMeta(wanted) + `\b`)
				if !declared.MatchString(target) {
					t.Errorf("%s imports %s from %s, which does not export it", name, wanted, m[2])
				}
				if used := strings.Count(source, wanted); used < 2 {
					t.Errorf("%s imports %s and does not use it", name, wanted)
				}
			}
		}
	}
}

func TestScriptsAreShort(t *testing.T) {
	for name, source := range sources(t, ".js") {
		if lines := strings.Count(source, "\n"); lines > 400 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}
