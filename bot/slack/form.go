package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// formCallback is the callback id of our forms.
const formCallback = "fireboss_form"

// Limits of modals (docs.slack.dev/reference/views/modal-views and the Block Kit
// reference).
const (
	maxViewTitle = 24
	maxMetadata  = 3000
	maxOption    = 75
	maxHint      = 2000
	maxInput     = 3000
)

// carried is what a form remembers until it is sent.
type carried struct {
	Say    string            `json:"say"`              // the command, behind /incident
	Place  string            `json:"place,omitempty"`  // the channel where it was asked
	Source *incidents.Source `json:"source,omitempty"` // the message an incident is opened from
}

// metadata writes it, with as much of the message as there is room for.
func (c carried) metadata() string {
	for limit := 1500; ; limit /= 2 {
		if c.Source != nil {
			s := *c.Source
			s.Text = cut(s.Text, max(limit, 10))
			c.Source = &s
		}
		b, err := json.Marshal(c)
		if err != nil || limit < 10 { // strings and a time
			return ""
		}
		if len([]rune(string(b))) <= maxMetadata {
			return string(b)
		}
	}
}

// drawForm makes a modal of a form. wrong is said above it: what was refused and
// belongs to none of its fields.
func drawForm(f commands.Form, c carried, wrong string) slackgo.ModalViewRequest {
	c.Say = f.Command
	v := modal(f.Title)
	v.CallbackID, v.PrivateMetadata = formCallback, c.metadata()
	v.Submit = plainText(f.Submit, maxViewTitle)
	if wrong != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, section(":warning: "+cutEscaped(wrong, maxSection-20)))
	}
	for i, note := range f.Notes {
		block := section(cutEscaped(note.Text, maxSection))
		if note.Choice != nil {
			block = beside(cutEscaped(note.Text, maxSection), button(fmt.Sprintf("%s%d", sayAction, i), *note.Choice))
		}
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, block)
	}
	for _, field := range f.Fields {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, drawField(field))
	}
	return v
}

// modal is an empty one.
func modal(title string) slackgo.ModalViewRequest {
	return slackgo.ModalViewRequest{Type: slackgo.VTModal, Title: plainText(title, maxViewTitle), Close: plainText("Cancel", maxViewTitle)}
}

// drawField makes a block of a field. Block and element have the field's name.
func drawField(f commands.Field) slackgo.Block {
	var hint *slackgo.TextBlockObject
	if f.Hint != "" {
		hint = plainText(f.Hint, maxHint)
	}
	b := slackgo.NewInputBlock(f.Name, plainText(f.Label, maxHint), hint, element(f))
	b.Optional, b.DispatchAction = f.Optional || f.Kind == commands.FieldTick, f.Redraw
	return b
}

func element(f commands.Field) slackgo.BlockElement {
	options, chosen := optionsOf(f)
	switch f.Kind {
	case commands.FieldChoice:
		e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, f.Name, options...)
		if len(chosen) > 0 {
			e.InitialOption = chosen[0]
		}
		return e
	case commands.FieldMany:
		e := slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeStatic, nil, f.Name, options...)
		e.InitialOptions = chosen
		return e
	case commands.FieldTick:
		e := slackgo.NewCheckboxGroupsBlockElement(f.Name, options...)
		e.InitialOptions = chosen
		return e
	case commands.FieldPerson:
		e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeUser, nil, f.Name)
		if len(f.Value) > 0 {
			e.InitialUser = userOf(f.Value[0])
		}
		return e
	case commands.FieldPeople:
		e := slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeUser, nil, f.Name)
		for _, id := range f.Value {
			e.InitialUsers = append(e.InitialUsers, userOf(id))
		}
		return e
	}
	e := slackgo.NewPlainTextInputBlockElement(nil, f.Name)
	e.Multiline = f.Kind == commands.FieldText
	e.MaxLength = maxInput
	if f.Max > 0 && f.Max < maxInput && f.Kind == commands.FieldLine {
		e.MaxLength = 0 // what is too long is refused with a reason, not cut off in silence
	}
	if len(f.Value) > 0 {
		e.InitialValue = cut(f.Value[0], maxInput)
	}
	return e
}

// userOf is a person's id in Slack: behind @ where they were chosen, else behind
// the workspace's.
func userOf(value string) string {
	value = value[strings.LastIndexByte(value, '/')+1:]
	return strings.TrimPrefix(value, "@")
}

// optionsOf are a field's options, and those that are chosen.
func optionsOf(f commands.Field) (all, chosen []*slackgo.OptionBlockObject) {
	for _, o := range f.Options {
		var detail *slackgo.TextBlockObject
		if o.Detail != "" {
			detail = plainText(o.Detail, maxOption)
		}
		option := slackgo.NewOptionBlockObject(o.Value, plainText(o.Label, maxOption), detail)
		all = append(all, option)
		if slices.Contains(f.Value, o.Value) {
			chosen = append(chosen, option)
		}
	}
	return all, chosen
}

// shownView is a view as an interaction brings it along.
type shownView struct {
	ID         string `json:"id"`
	Hash       string `json:"hash"`
	Type       string `json:"type"` // modal or home
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	State      struct {
		Values map[string]map[string]entered `json:"values"`
	} `json:"state"`
}

// entered is what an element holds.
type entered struct {
	Type     string          `json:"type"`
	Value    string          `json:"value"`
	Option   *enteredOption  `json:"selected_option"`
	Options  []enteredOption `json:"selected_options"`
	User     string          `json:"selected_user"`
	Users    []string        `json:"selected_users"`
	RichText map[string]any  `json:"rich_text_value"`
}

type enteredOption struct {
	Value string `json:"value"`
}

// carried reads what the form remembered.
func (v shownView) carried() (c carried, ok bool) {
	if v.CallbackID != formCallback || json.Unmarshal([]byte(v.Metadata), &c) != nil {
		return carried{}, false
	}
	return c, c.Say != ""
}

// values are what the form holds, by field, and the ids of the people chosen. A
// field that is shown and empty is there with nothing in it.
func (v shownView) values() (values map[string][]string, people []string) {
	values = map[string][]string{}
	for _, block := range v.State.Values {
		for name, h := range block {
			list := []string{}
			for _, o := range h.Options {
				list = append(list, o.Value)
			}
			if h.Option != nil {
				list = append(list, h.Option.Value)
			}
			for _, user := range append([]string{h.User}, h.Users...) {
				if memberID.MatchString(user) {
					people = append(people, user)
					list = append(list, "@"+user)
				}
			}
			if h.Value != "" {
				list = append(list, h.Value)
			}
			values[name] = list
		}
	}
	return values, people
}

// commandID is what a form's command is recognised by: whoever sends the same
// form with the same words again, because Slack told them that it had failed,
// wants one thing.
func (v shownView) commandID() string {
	state, _ := json.Marshal(v.State) // maps are written in order
	sum := sha256.Sum256(append(state, v.Metadata...))
	return bounded("slack:view:" + v.ID + "/" + hex.EncodeToString(sum[:8]))
}

// formAnswer is what the acknowledgement of a form carries: errors at fields, or
// another view in its place. The zero value closes the form.
type formAnswer struct {
	Action string                    `json:"response_action,omitempty"`
	Errors map[string]string         `json:"errors,omitempty"`
	View   *slackgo.ModalViewRequest `json:"view,omitempty"`
}

// resultView shows what became of something in the place of the form.
func resultView(m *message) slackgo.ModalViewRequest {
	v := modal("Fireboss")
	v.Close = plainText("Close", maxViewTitle)
	if v.Blocks.BlockSet = m.Blocks; len(m.Blocks) == 0 {
		v.Blocks.BlockSet = []slackgo.Block{section(clipped(m.Text, maxSection))}
	}
	return v
}

// workingView is shown while a form is worked for longer than Slack waits.
func workingView(external string) slackgo.ModalViewRequest {
	v := resultView(&message{Text: ":hourglass_flowing_sand: Working on it …"})
	v.ExternalID = external
	return v
}

// tooOld is when a trigger is not worth trying any more: Slack takes it for three
// seconds (docs.slack.dev/interactivity/handling-user-interaction).
const tooOld = 3 * time.Second
