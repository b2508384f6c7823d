package github_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations/github"
)

// watching runs the watch from a place on for a time, and gives where it got to.
func watching(t *testing.T, d *double, since string, during func()) (place, log string) {
	t.Helper()
	in, said := d.over(t, github.Config{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	place = since
	go func() {
		ended <- in.Watch(ctx, since, func(r alerts.Report, to string) error {
			if len(r.Signals)+len(r.Groups)+len(r.Changes) > 0 {
				t.Errorf("it says %+v", r)
			}
			place = to
			return nil
		})
	}()
	during()
	stop()
	if err := <-ended; ctx.Err() == nil || err == nil {
		t.Errorf("it ended by itself: %v", err)
	}
	return place, said.String()
}

// after lets a time pass.
func after(d time.Duration) { time.Sleep(d); synctest.Wait() }

// After Fireboss was away, what did not arrive is asked for, once, the oldest first.
func TestAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble()
		d.failed("four-days", "workflow_run", 502, 96*time.Hour)
		d.failed("seventy-hours", "release", 0, 70*time.Hour)
		d.failed("two-hours", "workflow_run", 503, 2*time.Hour)
		d.failed("an-hour", "dependabot_alert", 401, time.Hour)
		d.failed("not-read", "push", 502, time.Hour)
		d.failed("a-ping", "ping", 502, time.Hour)
		d.failed("refused-for-good", "workflow_run", 413, time.Hour)
		d.failed("arrived", "workflow_run", 200, time.Hour)
		d.failed("arrived-then", "workflow_run", 502, 50*time.Minute)
		d.failed("arrived-then", "workflow_run", 202, 40*time.Minute)
		d.failed("by-hand-too", "workflow_run", 502, 50*time.Minute)
		d.failed("by-hand-too", "workflow_run", 500, 45*time.Minute)
		d.failed("this-moment", "workflow_run", 502, 0)
		place, log := watching(t, d, "", func() {
			after(11 * time.Second)
			if got, want := d.posts(), []string{"seventy-hours", "two-hours", "an-hour", "by-hand-too"}; !slices.Equal(got, want) {
				t.Errorf("%q is asked for, not %q", got, want)
			}
			after(5 * time.Minute)
			if got := d.posts(); !slices.Equal(got, []string{"this-moment"}) {
				t.Errorf("then %q is asked for", got)
			}
			after(24 * time.Hour)
			if got := d.posts(); got != nil {
				t.Errorf("once all has arrived, %q is asked for", got)
			}
		})
		if strings.Count(log, "was asked to send again") != 5 || strings.Contains(log, "gh-t0ken") {
			t.Errorf("the log says %s", log)
		}
		// The next start begins where this one got to, and reads no more than that.
		d.failed("while-away", "workflow_run", 502, time.Minute)
		after(time.Hour)
		watching(t, d, place, func() {
			after(11 * time.Second)
			d.mu.Lock()
			lists := strings.Count(strings.Join(d.requests, "\n"), "/deliveries?")
			d.mu.Unlock()
			if got := d.posts(); !slices.Equal(got, []string{"while-away"}) || lists != 1 {
				t.Errorf("%q is asked for, after %d pages", got, lists)
			}
		})
	})
}

// What fails again and again is asked for less and less often, and not for ever; nor what GitHub's list does not show.
func TestAgainAndAgain(t *testing.T) {
	for name, set := range map[string]func(*double){
		"it fails each time":      func(d *double) { d.arrives = 502 },
		"GitHub's list is behind": func(d *double) { d.late = true },
		"GitHub will not send again": func(d *double) {
			d.refuse = func(w http.ResponseWriter, r *http.Request) bool { return r.Method == "POST" && refused(w, 422) }
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDouble()
			set(d)
			d.failed("a", "workflow_run", 502, time.Hour)
			watching(t, d, "", func() {
				after(20 * time.Minute)
				if n := len(d.posts()); n != 3 {
					t.Errorf("%s: it is asked for %d times in 20 minutes", name, n)
				}
				after(26 * time.Hour)
				if n := len(d.posts()); n != 6 {
					t.Errorf("%s: it is asked for %d times after that", name, n)
				}
			})
		})
	}
}

func refused(w http.ResponseWriter, code int) bool { refuse(w, code, "no"); return true }

// Of very many, some are asked for at once, and the others a minute later.
func TestManyThatDidNotArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble()
		for i := range 100 {
			d.failed(fmt.Sprint("d", i), "workflow_run", 0, time.Duration(200-i)*time.Minute)
		}
		watching(t, d, "", func() {
			after(11 * time.Second)
			if n := len(d.posts()); n != 60 {
				t.Errorf("%d are asked for at once", n)
			}
			after(time.Minute)
			if n := len(d.posts()); n != 40 {
				t.Errorf("then %d are asked for", n)
			}
		})
	})
}

// GitHub is left in peace for as long as it says; one webhook that cannot be seen does not keep the others from being.
func TestGitHubIsAway(t *testing.T) {
	for name, c := range map[string]struct {
		header map[string]string
		code   int
		peace  time.Duration
	}{
		"too much is asked":            {map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "reset"}, 403, 40 * time.Minute},
		"too much at once":             {map[string]string{"Retry-After": "1800"}, 403, 30 * time.Minute},
		"too much at once, by its 429": {map[string]string{"Retry-After": "1800"}, 429, 30 * time.Minute},
		"it is down":                   {nil, 503, 5 * time.Minute},
		"the token has run out":        {nil, 401, 5 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDouble()
			ends := time.Now().Add(40*time.Minute + 10*time.Second)
			d.refuse = func(w http.ResponseWriter, r *http.Request) bool {
				for k, v := range c.header {
					if v == "reset" {
						v = strconv.FormatInt(ends.Unix(), 10)
					}
					w.Header().Set(k, v)
				}
				return refused(w, c.code)
			}
			d.failed("a", "workflow_run", 502, time.Hour)
			_, log := watching(t, d, "not what was kept", func() {
				after(15 * time.Second)
				d.mu.Lock()
				d.refuse, d.requests = nil, nil
				d.mu.Unlock()
				after(c.peace - 10*time.Second)
				d.mu.Lock()
				asked := len(d.requests)
				d.mu.Unlock()
				if asked != 0 {
					t.Errorf("%s: GitHub is asked before", name)
				}
				after(time.Minute)
				if got := d.posts(); !slices.Equal(got, []string{"a"}) {
					t.Errorf("%s: %q is asked for after that", name, got)
				}
			})
			if !strings.Contains(log, "could not be asked") {
				t.Errorf("%s: the log says %s", name, log)
			}
		})
	}
}

func TestLookAtWebhooks(t *testing.T) {
	with := func(was, is string) string { return strings.Replace(one, was, is, 1) }
	const org = "/orgs/octo-org/hooks"
	for _, c := range []struct {
		name  string
		hooks string
		want  string // every line of what is wrong begins so
	}{
		{"as it should be", one, ""},
		{"one of somebody else beside", with(`fires.example.com/hooks/github`, "ci.example.com/github-webhook/") + "," + one, ""},
		{"one of another Fireboss beside", with(`fires.example.com`, "stage.example.com") + "," + one, ""},
		{"with a key behind it", with(`/hooks/github"`, `/hooks/github/THE-KEY"`), ""},
		{"by another name", with("fires.example.com", "hooks.example.com"), ""},
		{"none", "", "hooks: octo-org has no webhook whose address ends in /hooks/github"},
		{"of another system", with("/hooks/github", "/hooks/gitlab"), "hooks: octo-org has no webhook"},
		{"switched off", with(`"active": true`, `"active": false`), "hooks: the webhook of octo-org that sends to fires.example.com is switched off there"},
		{"forms", with(`"json"`, `"form"`), "hooks: the webhook of octo-org that sends to fires.example.com sends forms"},
		{"no secret", with(`"secret": "********"`, `"x": 1`), "hooks: the webhook of octo-org that sends to fires.example.com has no secret there"},
		{"no look at certificates", with(`"insecure_ssl": "0"`, `"insecure_ssl": "1"`), "hooks: the webhook of octo-org that sends to fires.example.com does not look whose certificate"},
		{"nothing that is read", with(`"push", "workflow_run"`, `"push"`), "hooks: the webhook of octo-org that sends to fires.example.com sends no event"},
		{"everything", with(`"push", "workflow_run"`, `"*"`), ""},
		{"another secret", with(`"code": 202`, `"code": 401`), "hooks: the webhook of octo-org that sends to fires.example.com was last answered 401"},
		{"never used", with(`"code": 202`, `"code": null`), ""},
		{"two that are wrong", with(`"json"`, `"form"`) + "," + with(`"active": true`, `"active": false`), "hooks: the webhook of octo-org"},
	} {
		d := newDouble()
		d.hooks = map[string]string{org: "[" + c.hooks + "]"}
		err := d.served(t, github.Config{Secrets: secrets("correct-horse"), Hooks: []string{"octo-org"}}).Check(t.Context())
		switch {
		case (err == nil) != (c.want == ""):
			t.Errorf("%s: %v", c.name, err)
		case err == nil:
		case !strings.HasPrefix(err.Error(), c.want), strings.Contains(err.Error(), "THE-KEY"):
			t.Errorf("%s: %v, not %s", c.name, err, c.want)
		}
		if posted := d.posts(); posted != nil || len(d.requests) > 0 {
			t.Errorf("%s: %q was asked for", c.name, posted)
		}
	}
}

func TestCheckSaysWhy(t *testing.T) {
	for _, c := range []struct {
		code int
		of   string
		want string
	}{
		{401, "octo-org", "token: GitHub does not take it"},
		{403, "octo-org", "hooks: octo-org is not there, or the token may not see its webhooks; it has to be allowed to read and write the webhooks of the organization"},
		{404, "octo-org/shop", "hooks: octo-org/shop is not there, or the token may not see its webhooks; it has to be allowed to read and write the webhooks of repositories"},
		{418, "octo-org/shop", `hooks: octo-org/shop: GitHub answers 418: "I took your <secret>"`},
	} {
		d := newDouble()
		d.refuse = func(w http.ResponseWriter, _ *http.Request) bool {
			refuse(w, c.code, "I took your gh-t0ken")
			return true
		}
		err := d.served(t, github.Config{Hooks: []string{c.of}}).Check(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "gh-t0ken") {
			t.Errorf("%d: %v", c.code, err)
		}
	}
	out := newDouble()
	in := out.served(t, github.Config{})
	if err := in.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if none, err := github.Kind.New(&github.Config{}, deps()); err != nil || none.Watch != nil || none.Check != nil {
		t.Errorf("without a token GitHub is asked: %v", err)
	}
}
