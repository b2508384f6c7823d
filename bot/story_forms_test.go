package bot

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// simView is a form or a home, as the workspace shows it.
type simView struct {
	ID, User, Type string
	Title          struct{ Text string }
	Blocks         []map[string]any
}

// label is what stands over the field of that name; empty: there is none.
func (v simView) label(name string) string {
	for _, b := range v.Blocks {
		if e, ok := b["element"].(map[string]any); ok && e["action_id"] == name {
			return words(b["label"])
		}
	}
	return ""
}

func (v simView) words() string {
	var b strings.Builder
	for _, block := range v.Blocks {
		b.WriteString(words(block))
	}
	return v.Title.Text + "\n" + b.String()
}

// form waits for the form that somebody has open to say something.
func (p *who) form(want string) (found simView) {
	p.s.t.Helper()
	p.s.until(fmt.Sprintf("%s has a form that says %q", p.name, want), func() bool {
		for _, v := range p.s.state().Views {
			if found = v; v.User == p.s.user(p.name) && strings.Contains(v.words(), want) {
				return true
			}
		}
		return false
	})
	return found
}

// sends fills in and sends a form, and answers what the acknowledgement carried.
func (p *who) sends(v simView, values map[string]any) map[string]any {
	p.s.t.Helper()
	out := p.s.call("submit", map[string]any{"user": p.name, "view_id": v.ID, "values": values})
	if out["ok"] != true {
		p.s.t.Fatalf("%s sends %q: %v", p.name, v.Title.Text, out)
	}
	response, _ := out["response"].(map[string]any)
	return response
}

func (p *who) presses(v simView, action string, value any) {
	p.s.t.Helper()
	if out := p.s.call("click", map[string]any{"user": p.name, "view_id": v.ID, "action_id": action, "value": value}); out["ok"] != true {
		p.s.t.Fatalf("%s presses %s: %v", p.name, action, out)
	}
}

// opens presses a button that opens a form, and presses again where that comes too late for Slack.
func (p *who) opens(v simView, action string, value any, want string) (found simView) {
	p.s.t.Helper()
	var pressed time.Time
	p.s.until(fmt.Sprintf("%s opens a form that says %q", p.name, want), func() bool {
		if time.Since(pressed) > 5*time.Second {
			pressed = time.Now()
			p.presses(v, action, value)
		}
		for _, one := range p.s.state().Views {
			if found = one; one.User == p.s.user(p.name) && strings.Contains(one.words(), want) {
				return true
			}
		}
		return false
	})
	return found
}

// An incident is run from its opening to its end by forms and buttons alone.
func TestStoryByFormsAlone(t *testing.T) {
	s := tell(t)
	s.Alice.Says("/incident")
	v := s.Alice.form("Open an incident")
	for name, label := range map[string]string{"title": "Title", "severity": "Severity", "type": "Type", "services": "Services", "summary": "Summary", "private": "Private", "started": "Started"} {
		if got := strings.TrimSpace(v.label(name)); got != label {
			t.Errorf("the field %s is labelled %q", name, got)
		}
	}
	wrong := s.Alice.sends(v, map[string]any{"title": "checkout is down", "started": "in a while"})
	if errors, _ := wrong["errors"].(map[string]any); !strings.Contains(fmt.Sprint(errors["started"]), "is not a time") {
		t.Errorf("a wrong time is answered %v", wrong)
	}
	done := s.Alice.sends(v, map[string]any{"title": "checkout is down", "severity": "sev1", "services": []string{"checkout"}, "started": "20m"})
	if !strings.Contains(fmt.Sprint(done), "Opened INC-1.") {
		t.Errorf("the form ends as %v", done)
	}
	ch := "#inc-1-checkout-is-down"
	s.Sees(ch, "INC-1", "checkout is down")
	s.call("join", map[string]any{"user": "@bob", "channel": ch})
	s.Bob.Clicks(ch, "Take command")
	s.Sees(ch, "Incident commander is now bob")
	s.Bob.Clicks(ch, "Severity")
	s.Bob.sends(s.Bob.form("Severity of INC-1"), map[string]any{"severity": "sev2", "why": "half of it works"})
	s.Sees(ch, "sev2", "half of it works")
	s.Bob.Clicks(ch, "Update")
	s.Bob.sends(s.Bob.form("Update INC-1"), map[string]any{"text": "we are failing over", "next": "30m"})
	s.Sees(ch, "we are failing over", "Next update by")
	s.Bob.SaysIn(ch, "/incident task add")
	s.Bob.sends(s.Bob.form("Add a task"), map[string]any{"text": "check the backups", "to": "@carol", "due": "30m"})
	s.Sees(ch, "Task 1: check the backups")
	s.call("join", map[string]any{"user": "@carol", "channel": ch})
	s.Carol.SaysIn(ch, "/incident").Expect("INC-1", "sev2")
	s.Carol.SaysIn(ch, "/incident status")
	s.Carol.sends(s.Carol.form("Status of INC-1"), map[string]any{"status": "monitoring"})
	s.Sees(ch, "monitoring")
	s.Carol.Clicks(ch, "Resolve") // on her own panel
	s.until("it is resolved", func() bool { return s.incident("INC-1")["status"] == "resolved" })
	s.Settles()
	s.checkWhole("INC-1", ch)
}

// Whoever declares what is open already is shown it, and can join it instead.
func TestStoryJoinInstead(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev1 checkout is down")
	s.Alice.SaysIn(ch, "/incident service add checkout")
	s.call("shortcut", map[string]any{"user": "@carol", "callback_id": "declare_incident"})
	v := s.Carol.form("Open an incident")
	s.Carol.presses(v, "services", []string{"checkout"})
	v = s.Carol.form("INC-1 is open for checkout")
	s.Carol.presses(v, "say:0", "join INC-1")
	s.Carol.form("You are now a responder of INC-1")
	s.until("carol is in the channel", func() bool { return slices.Contains(s.the(ch).Members, s.user("@carol")) })
}

// An incident opened from a message links it and begins with it, whether it comes
// from a menu or from the alarm that somebody sounds at it.
func TestStoryFromAMessage(t *testing.T) {
	s := tell(t)
	from := func(how string, ask func(ts string)) {
		said := s.call("message", map[string]any{"user": "@dave", "channel": "#incidents", "text": "payments fail with 502, " + how})
		ask(said["ts"].(string))
		s.Alice.sends(s.Alice.form("From a message by dave"), map[string]any{"severity": "sev2"})
		s.until("it is opened", func() bool { return strings.Contains(fmt.Sprint(s.incident(s.newest())["title"]), how) })
		id := s.newest()
		kinds := strings.Join(s.kinds(id), " ")
		if !strings.HasPrefix(kinds, "declared message_posted link_added") {
			t.Errorf("%s begins with %s", id, kinds)
		}
		if e := s.events(id)[1]; e.Actor.Name != "dave" || e.At >= e.RecordedAt {
			t.Errorf("the message stands there as %+v", e)
		}
	}
	from("a menu", func(ts string) {
		s.call("shortcut", map[string]any{"user": "@alice", "callback_id": "open_incident_from_message", "channel": "#incidents", "ts": ts})
	})
	from("an alarm", func(ts string) {
		s.call("react", map[string]any{"user": "@alice", "channel": "#incidents", "ts": ts, "name": "rotating_light"})
		s.Sees("#incidents", "Shall I open an incident from this message?")
		s.Alice.Clicks("#incidents", "Open an incident")
	})
	// Another reaction is none of our business.
	s.call("react", map[string]any{"user": "@alice", "channel": "#incidents", "ts": s.the("#incidents").Messages[0].TS, "name": "eyes"})
	s.Settles()
}

// A home shows a person what is theirs, and what they do there is done.
func TestStoryHome(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev2 search is slow")
	s.Alice.SaysIn(ch, "/incident task add look at the index @bob")
	home := func(want string) (found simView) {
		s.t.Helper()
		s.until("bob's home says "+want, func() bool {
			for _, v := range s.state().Homes {
				if found = v; v.User == s.user("@bob") && strings.Contains(v.words(), want) {
					return true
				}
			}
			return false
		})
		return found
	}
	s.call("home", map[string]any{"user": "@bob"})
	v := home("INC-1 task 1: look at the index")
	s.Bob.presses(v, "say:line0", "task INC-1 done 1")
	home("Nothing waits for you.")
	s.Bob.sends(s.Bob.opens(v, "say:0", "open", "Open an incident"), map[string]any{"title": "search is gone"})
	s.call("home", map[string]any{"user": "@bob"})
	home("search is gone")
}

// What was changed about a service shortly before its incident began stands on
// the card, also where we hear of it afterwards.
func TestStoryWhatWasChanged(t *testing.T) {
	s := tell(t)
	changed := func(title string) {
		s.t.Helper()
		if code, body := s.post("/api/v1/changes", map[string]any{"service": "checkout", "title": title, "url": "https://ci.example.com/builds/1"}); code != http.StatusCreated {
			t.Fatalf("%d %s", code, body)
		}
	}
	changed("deployed v123")
	ch := s.opened("sev2 checkout is slow")
	s.Alice.SaysIn(ch, "/incident service add checkout")
	s.Sees(ch, "Changed in the two hours before", "deployed v123")
	s.Alice.SaysIn(ch, "/incident time detected now")
	changed("flag new-cart on") // after it began, by a moment
	s.Settles()
	if c := s.the(ch); strings.Contains(fmt.Sprint(c.Messages), "new-cart") {
		t.Error("what was changed after it began is under suspicion")
	}
}
