package blockkit

import (
	"slices"
	"strings"
	"testing"
)

// typed is every shape that has a type, with a rule that lets it stand where it
// may have all its fields, on the surface where it may.
func typed() map[string]struct {
	shape *shape
	rule  rule
	on    surfaces
} {
	all := make(map[string]struct {
		shape *shape
		rule  rule
		on    surfaces
	})
	for _, s := range slices.Concat(views, blocks, elements, richTextParts, richTextWords, texts(maxText), []*shape{rawText}) {
		place, on := place(-1), nowhere
		for p, surfaces := range s.stands {
			if place < 0 || p == inInput {
				place, on = p, surfaces
			}
		}
		for _, one := range []surfaces{modal, message, home} {
			if on&one != 0 {
				on = one
				break
			}
		}
		if s == image {
			continue // as a block it has more
		}
		all[s.name] = struct {
			shape *shape
			rule  rule
			on    surfaces
		}{s, among(place, []*shape{s}), on}
	}
	return all
}

func checkOne(text string, r rule, on surfaces) []string {
	c := newChecker(on)
	c.value("", "", parse([]byte(text)), r)
	return written(c.problems)
}

func written(problems []Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func TestEveryFieldIsTaken(t *testing.T) {
	all := typed()
	for name, x := range all {
		text, ok := full[name]
		if !ok {
			t.Errorf("%s: no sample in full", name)
			continue
		}
		if got := checkOne(text, x.rule, x.on); got != nil {
			t.Errorf("%s: %q", name, got)
		}
		n := parse([]byte(text))
		for _, f := range x.shape.fields {
			if n.member(f.name) == nil && !alternative(x.shape, f.name) {
				t.Errorf("%s: the sample has no %s", name, f.name)
			}
		}
	}
	for name := range full {
		if _, ok := all[name]; !ok {
			t.Errorf("%s: no shape of this type", name)
		}
	}
}

// alternative tells whether the field excludes another.
func alternative(s *shape, name string) bool {
	return slices.ContainsFunc(s.needs, func(n need) bool { return n.exactly && slices.Contains(n.fields, name) })
}

func TestRequiredFields(t *testing.T) {
	want := map[string]string{
		"header": "text", "context": "elements", "actions": "elements", "context_actions": "elements",
		"input": "label element", "video": "alt_text title video_url thumbnail_url", "image": "alt_text",
		"file": "external_id source", "call": "call_id", "markdown": "text", "table": "rows", "rich_text": "elements",
		"button": "text", "workflow_button": "text workflow", "feedback_buttons": "positive_button negative_button", "icon_button": "icon text",
		"checkboxes": "options", "radio_buttons": "options", "overflow": "options", "number_input": "is_decimal_allowed",
		"plain_text": "text", "mrkdwn": "text", "raw_text": "text",
		"rich_text_section": "elements", "rich_text_list": "elements style", "rich_text_preformatted": "elements", "rich_text_quote": "elements",
		"text": "text", "link": "url", "user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id", "team": "team_id",
		"broadcast": "range", "color": "value", "emoji": "name", "date": "timestamp format",
		"modal": "blocks title", "home": "blocks",
	}
	for name, x := range typed() {
		var required []string
		for _, f := range x.shape.fields {
			if !f.rule.required {
				continue
			}
			required = append(required, f.name)
			got := checkOne(without(full[name], f.name), x.rule, x.on)
			if problem := "[ERROR] missing required field: " + f.name + " [json-pointer:]"; !slices.Contains(got, problem) {
				t.Errorf("%s without %s: %q", name, f.name, got)
			}
		}
		if got := strings.Join(required, " "); got != want[name] {
			t.Errorf("%s requires %q, want %q", name, got, want[name])
		}
	}
}

func TestUnknownFieldsAndKinds(t *testing.T) {
	wrong := map[kind][2]string{
		kindString: {`1`, "must provide a string"},
		kindBool:   {`"true"`, "must be a boolean"},
		kindNumber: {`1.5`, "must provide an integer"},
		kindList:   {`{}`, "must provide an array"},
		kindObject: {`[]`, "must provide an object"},
	}
	for name, x := range typed() {
		got := checkOne(strings.Replace(full[name], "{", `{"surprise":1,`, 1), x.rule, x.on)
		if want := []string{"[ERROR] invalid additional property: surprise [json-pointer:]"}; !slices.Equal(got, want) {
			t.Errorf("%s with a surprise: %q", name, got)
		}
		for _, f := range x.shape.fields {
			for _, value := range []string{wrong[f.rule.kind][0], "null"} {
				changed := strings.Replace(without(full[name], f.name), "{", `{"`+f.name+`":`+value+",", 1)
				got := checkOne(changed, x.rule, x.on)
				want := "[ERROR] " + wrong[f.rule.kind][1] + " [json-pointer:/" + f.name + "]"
				if !slices.Contains(got, want) {
					t.Errorf("%s with %s %s: %q", name, f.name, value, got)
				}
			}
		}
	}
}

// without returns the object without one member.
func without(object, name string) string {
	n := parse([]byte(object))
	n.members = slices.DeleteFunc(n.members, func(m member) bool { return m.name == name })
	return compact(n)
}

// Where everything stands: S section, A actions, I input, C context, X
// context_actions; behind each the surfaces: m message, v modal view, h home.
func TestPlaces(t *testing.T) {
	want := map[string]string{
		"button": "Smvh Amvh", "workflow_button": "Sm Am", "overflow": "Smvh Amvh",
		"image": "Smvh Cmvh", "feedback_buttons": "Xm", "icon_button": "Xm",
		"checkboxes": "Smvh Amvh Imvh", "radio_buttons": "Smvh Amvh Imvh",
		"datepicker": "Smvh Amvh Imvh", "timepicker": "Smvh Amvh Imvh", "datetimepicker": "Amv Imv",
		"static_select": "Smvh Amvh Imvh", "external_select": "Smvh Amvh Imvh", "users_select": "Smvh Amvh Imvh",
		"conversations_select": "Smvh Amvh Imvh", "channels_select": "Smvh Amvh Imvh",
		"multi_static_select": "Smvh Am Imvh", "multi_external_select": "Smvh Am Imvh", "multi_users_select": "Smvh Am Imvh",
		"multi_conversations_select": "Smvh Am Imvh", "multi_channels_select": "Smvh Am Imvh",
		"plain_text_input": "Imvh", "email_text_input": "Iv", "url_text_input": "Iv", "number_input": "Iv",
		"rich_text_input": "Avh Ivh", "file_input": "Iv",
		"plain_text": "Cmvh", "mrkdwn": "Cmvh",
	}
	slots := []struct {
		letter, before, after, pointer string
	}{
		{"S", `{"type":"section","text":{"type":"mrkdwn","text":"t"},"accessory":`, `}`, "/accessory"},
		{"A", `{"type":"actions","elements":[`, `]}`, "/elements/0"},
		{"I", `{"type":"input","label":{"type":"plain_text","text":"l"},"element":`, `}`, "/element"},
		{"C", `{"type":"context","elements":[`, `]}`, "/elements/0"},
		{"X", `{"type":"context_actions","elements":[`, `]}`, "/elements/0"},
	}
	for name := range want {
		element := full[name]
		if name == "image" {
			element = `{"type":"image","alt_text":"a","image_url":"https://example.com/a.png"}`
		}
		var got []string
		for _, slot := range slots {
			var on string
			for _, s := range allSurfaces {
				if slot.letter == "X" && s.name != "message" {
					continue // the block itself stands in messages only
				}
				// What depends on the place (response_url_enabled) is tested apart.
				refused := slices.Contains(s.check(slot.before+element+slot.after),
					"[ERROR] unsupported type: "+name+" [json-pointer:"+s.root+slot.pointer+"/type]")
				if !refused {
					on += s.letter
				}
			}
			if on != "" {
				got = append(got, slot.letter+on)
			}
		}
		if got := strings.Join(got, " "); got != want[name] {
			t.Errorf("%s stands in %q, want %q", name, got, want[name])
		}
	}
	for _, s := range elements {
		if _, ok := want[s.name]; !ok {
			t.Errorf("%s: not in this test", s.name)
		}
	}
}

func TestSurfaces(t *testing.T) {
	want := map[string]string{
		"section": "mvh", "header": "mvh", "context": "mvh", "actions": "mvh", "divider": "mvh", "image": "mvh",
		"input": "mvh", "video": "mvh", "rich_text": "mvh",
		"context_actions": "m", "file": "m", "call": "m", "markdown": "m", "table": "m",
	}
	for _, b := range blocks {
		var on string
		for _, s := range allSurfaces {
			switch got := s.check(full[b.name]); {
			case got == nil:
				on += s.letter
			case !slices.Equal(got, []string{"[ERROR] unsupported type: " + b.name + " [json-pointer:" + s.root + "/type]"}):
				t.Errorf("%s in a %s: %q", b.name, s.name, got)
			}
		}
		if on != want[b.name] {
			t.Errorf("%s stands on %q, want %q", b.name, on, want[b.name])
		}
	}
}

// allSurfaces are the three with a check of one block on each.
var allSurfaces = []struct {
	name, letter, root string
	check              func(block string) []string
}{
	{"message", "m", "/blocks/0", func(b string) []string { return inMessage(b) }},
	{"modal", "v", "/view/blocks/0", func(b string) []string { return inModal(b) }},
	{"home", "h", "/view/blocks/0", func(b string) []string { return inHome(b) }},
}
