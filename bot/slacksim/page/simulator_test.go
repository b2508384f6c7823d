package page_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"fireboss/bot/slacksim"
)

// app is a small app in the real simulator. A command opens a form, a form posts a card, its button answers.
type app struct {
	t    *testing.T
	base string
}

// frame is what comes over the socket.
type frame struct {
	Type     string `json:"type"`
	Envelope string `json:"envelope_id"`
	Payload  struct {
		Type    string `json:"type"`
		Trigger string `json:"trigger_id"`
		Text    string `json:"text"`
		Channel struct{ ID string }
		User    struct{ ID string }
		View    struct {
			State struct {
				Values map[string]map[string]struct{ Value string }
			}
		}
		Value string `json:"value"`
	} `json:"payload"`
}

// startSimulator serves a real workspace and, in it, the app; both end with the test.
func startSimulator(t *testing.T) (w *workspace, stopApp func()) {
	t.Helper()
	needBrowser(t)
	server, err := slacksim.New(slacksim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	serving := httptest.NewServer(server.Handler())
	ctx, stop := context.WithCancel(t.Context())
	a := &app{t, serving.URL}
	done := make(chan struct{})
	conn := a.connect(ctx)
	go func() {
		defer close(done)
		a.run(ctx, conn)
	}()
	stopApp = func() {
		stop()
		conn.CloseNow()
		<-done
	}
	t.Cleanup(func() {
		stopApp()
		server.Close()
		serving.CloseClientConnections()
		serving.Close()
	})
	return &workspace{t: t, url: serving.URL}, stopApp
}

// call calls a method of the Web API, with a token of the workspace.
func (a *app) call(ctx context.Context, token, method string, args url.Values) map[string]any {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/api/"+method, strings.NewReader(args.Encode()))
	if err != nil {
		a.t.Error(err)
		return nil
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer["ok"] != true {
		a.t.Errorf("%s: %v %v", method, answer, err)
	}
	return answer
}

func (a *app) connect(ctx context.Context) *websocket.Conn {
	a.t.Helper()
	address, _ := a.call(ctx, slacksim.AppToken, "apps.connections.open", nil)["url"].(string)
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	return conn
}

func (a *app) run(ctx context.Context, conn *websocket.Conn) {
	for {
		var f frame
		if wsjson.Read(ctx, conn, &f) != nil {
			return
		}
		if f.Envelope == "" {
			continue
		}
		ack := map[string]any{"envelope_id": f.Envelope}
		if payload := a.answer(ctx, f); payload != nil {
			ack["payload"] = payload
		}
		if wsjson.Write(ctx, conn, ack) != nil {
			return
		}
	}
}

const formView = `{"type":"modal","callback_id":"open","title":{"type":"plain_text","text":"Open an incident"},"submit":{"type":"plain_text","text":"Open"},"blocks":[
	{"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title"},"element":{"type":"plain_text_input","action_id":"title"}},
	{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Customer"},"element":{"type":"external_select","action_id":"who","min_query_length":1}}]}`

func (a *app) answer(ctx context.Context, f frame) any {
	p := f.Payload
	switch {
	case f.Type == "slash_commands" && p.Text == "help":
		return map[string]any{"text": "Say *open*."}
	case f.Type == "slash_commands":
		a.call(ctx, slacksim.BotToken, "views.open", url.Values{"trigger_id": {p.Trigger}, "view": {formView}})
	case p.Type == "block_suggestion":
		return map[string]any{"options": []any{map[string]any{"text": map[string]any{"type": "plain_text", "text": "Customer " + p.Value}, "value": p.Value}}}
	case p.Type == "view_submission":
		title := p.View.State.Values["title"]["title"].Value
		if title == "bad" {
			return map[string]any{"response_action": "errors", "errors": map[string]any{"title": "That says too little"}}
		}
		blocks, _ := json.Marshal([]any{map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": "*INC-1* " + title}},
			map[string]any{"type": "actions", "elements": []any{map[string]any{"type": "button", "action_id": "ack", "text": map[string]any{"type": "plain_text", "text": "Acknowledge"}}}}})
		a.call(ctx, slacksim.BotToken, "chat.postMessage", url.Values{"channel": {"CINCIDENTS"}, "text": {"INC-1 " + title}, "blocks": {string(blocks)}})
	case p.Type == "block_actions":
		a.call(ctx, slacksim.BotToken, "chat.postEphemeral", url.Values{"channel": {p.Channel.ID}, "user": {p.User.ID}, "text": {"You acknowledged it."}})
	}
	return nil
}

// The page and the real simulator understand each other: a command, its form, the app's message, its button.
func TestPageOnTheRealSimulator(t *testing.T) {
	w, stopApp := startSimulator(t)
	b := w.open("#/alice/CINCIDENTS")
	b.shows(".status", "is connected")
	b.write("#composer", "/incident help\r")
	b.shows(".msg.ephemeral strong", "open")
	b.shows(".msg.ephemeral .msg-author", "Fireboss")
	b.write("#composer", "/incident open\r")
	b.focusIs("dialog [data-action-id=title]")
	b.keys("bad\t")
	b.keys("ac")
	b.shows(".choice", "Customer ac")
	b.keys("\r")
	b.click("dialog [data-act=submit]")
	b.shows("[data-block-id=title] .field-error", "That says too little")
	b.eval(`document.querySelector("[data-action-id=title]").select()`)
	b.keys("checkout is down\r")
	b.gone("dialog")
	b.shows(".msg-blocks.from-app", "INC-1 checkout is down")
	b.click("[data-action-id=ack]")
	b.shows(".msg.ephemeral", "You acknowledged it.")

	bob := w.open("#/bob/CINCIDENTS")
	bob.write("#composer", "on it, @alice <b>&amp; *fast*\r")
	b.shows(".msg[data-user=U000000BOB] .mention.mine", "@alice")
	b.shows(".msg[data-user=U000000BOB]", "<b>")
	if bob.count(".msg.ephemeral") != 0 {
		t.Error("Bob sees what only Alice may see")
	}
	b.eval(`document.querySelector(".msg[data-user=U000000BOB]").focus()`)
	b.click(".msg[data-user=U000000BOB] [data-act=react]")
	b.keys("fire_e\r")
	bob.see(`.reaction[data-reaction=fire_engine][aria-pressed=false]`)
	b.eval(`document.querySelector(".msg[data-user=U000000BOB]").focus()`)
	b.click(".msg[data-user=U000000BOB] [data-act=more]")
	b.click(".menu [data-act=pin]")
	bob.shows("[data-act=pins]", "1")
	b.click(".msg[data-user=U000000BOB] [data-act=more]")
	b.click(".menu [data-act=unpin]")
	bob.gone("[data-act=pins]")
	b.click(".msg[data-user=U000000BOB] [data-act=reply]")
	b.write("#thread-composer", "/incident help\r")
	b.shows("#pane .msg.ephemeral", "/incident is not supported in threads. Sorry!")
	b.eval(`document.querySelector("#thread-composer").select()`) // what was refused is there still
	b.write("#thread-composer", "thanks\r")
	bob.shows(".thread-summary", "1 reply")
	b.click(".msg.ephemeral [data-act=dismiss]")

	b.click("a[data-channel=app]")
	b.click("[data-tab=messages]")
	b.write("#composer", "hello app\r")
	b.shows("#main .msg", "hello app")
	stopApp()
	b.shows(".banner.problem", "not connected")
	b.write("#composer", "/incident help\r")
	b.shows("#main .msg.ephemeral", "/incident failed with the error “dispatch_failed”")
}
