package commands

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"fireboss/incidents"
)

// cutPerson takes the first name off, which may have spaces in it where the
// door recognised it as a mention.
func (c *call) cutPerson(s string) (name, rest string) {
	s = strings.TrimSpace(s)
	for mention := range c.Mentions {
		key := at(mention)
		if len(key) > len(name) && strings.HasPrefix(s, key) && ends(s[len(key):]) {
			name = key
		}
	}
	if name != "" {
		return name, strings.TrimSpace(strings.TrimLeft(s[len(name):], ",;"))
	}
	return cut(s)
}

// cutLastPerson takes a name off the end; name is empty where none stands there.
func (c *call) cutLastPerson(s string) (before, name string) {
	s = strings.TrimSpace(s)
	for mention := range c.Mentions {
		key := at(mention)
		if len(key) > len(name) && strings.HasSuffix(s, key) && begins(s[:len(s)-len(key)]) {
			name = key
		}
	}
	if name != "" {
		return strings.TrimSpace(s[:len(s)-len(name)]), name
	}
	if before, word := cutLast(s); len(word) > 1 && word[0] == '@' {
		return before, word
	}
	return s, ""
}

// at is a name with its @.
func at(name string) string { return "@" + strings.TrimPrefix(name, "@") }

// ends reports whether a name can end before s.
func ends(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s == "" || unicode.IsSpace(r) || r == ',' || r == ';'
}

// begins reports whether a name can begin behind s.
func begins(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s == "" || unicode.IsSpace(r)
}

// bare is a name without @ and without the comma of a list. A program may
// write a mention as chats do, <@U123> or <@U123|alice>, at a door that knows
// no chat.
func bare(word string) string {
	word = strings.TrimRight(word, ",;:")
	if inner, ok := strings.CutPrefix(word, "<@"); ok && strings.HasSuffix(inner, ">") {
		word, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), "|")
	}
	return strings.TrimPrefix(word, "@")
}

// person is who is meant by @name or me.
func (c *call) person(word string) (incidents.Person, error) {
	name := bare(word)
	if strings.EqualFold(name, "me") {
		return c.Actor.Person(), nil
	}
	if p, ok := c.mentioned(word); ok {
		return p, nil
	}
	if name == "" || c.desk.People == nil {
		return incidents.Person{}, stranger(name)
	}
	p, err := c.desk.People.Person(c.ctx, name)
	if !errors.Is(err, ErrUnknown) {
		return p, err
	}
	if _, err := c.desk.People.Group(c.ctx, name); err == nil {
		return p, incidents.Invalid("@%s is a group, and this goes to one person. Type @ and pick the person from the list.", brief(name, 40))
	}
	return p, stranger(name)
}

// mentioned is whom the door recognised by this word.
func (c *call) mentioned(word string) (incidents.Person, bool) {
	for _, key := range []string{word, at(bare(word)), bare(word)} {
		if p, ok := c.Mentions[key]; ok {
			return p, true
		}
	}
	return incidents.Person{}, false
}

func stranger(name string) error {
	return incidents.Invalid("I know nobody called @%s here. Type @ and pick the person from the list.", brief(name, 40))
}

// people are the persons and the members of the groups that a list names, each once.
func (c *call) people(s string) ([]incidents.Person, error) {
	var all []incidents.Person
	known := map[string]bool{}
	for s = strings.TrimLeft(s, " \t\n,;"); s != ""; s = strings.TrimLeft(s, " \t\n,;") {
		var word string
		word, s = c.cutPerson(s)
		words := []string{word}
		if _, ok := c.mentioned(word); !ok {
			words = strings.FieldsFunc(word, func(r rune) bool { return r == ',' || r == ';' })
		}
		for _, one := range words {
			found, err := c.oneOrMany(one)
			if err != nil {
				return nil, err
			}
			for _, p := range found {
				if !known[p.ID] {
					known[p.ID] = true
					all = append(all, p)
				}
			}
		}
	}
	return all, nil
}

// oneOrMany is a person, or the members of a group.
func (c *call) oneOrMany(word string) ([]incidents.Person, error) {
	name := bare(word)
	_, isMention := c.mentioned(word)
	if !isMention && !strings.EqualFold(name, "me") && name != "" && c.desk.People != nil {
		members, err := c.desk.People.Group(c.ctx, name)
		if err == nil && len(members) == 0 {
			return nil, incidents.Refused("Nobody is in @%s. Invite people by name. Example: /incident invite @alice", brief(name, 40))
		}
		if !errors.Is(err, ErrUnknown) {
			return members, err
		}
	}
	p, err := c.person(word)
	return []incidents.Person{p}, err
}

// called is a person's name in a sentence: you, where it is the caller.
func (c *call) called(p incidents.Person) string {
	if p.ID == c.Actor.ID {
		return "you"
	}
	return p.Name
}
