package condition

import (
	"strings"
	"unicode/utf8"

	"fireboss/incidents"
)

// Template is a text with expressions in it, each between {{ and }}: what they give stands in their place. In a
// configuration it is compiled to see whether it can be.
type Template[N Names] string

// UnmarshalText takes one that can be compiled.
func (x *Template[N]) UnmarshalText(text []byte) error {
	*x = Template[N](text)
	_, err := x.Compile()
	return err
}

// Wording is a template that can be filled in, by many at a time.
type Wording[N Names] struct{ parts []part[N] }

// part is words as they are, or an expression.
type part[N Names] struct {
	words      string
	expression *Program[N]
}

// maxParts is how many expressions a template may have.
const maxParts = 20

// Compile makes it work; nothing, where it is empty. What is wrong with it is said with its place in the whole template.
func (x Template[N]) Compile() (*Wording[N], error) {
	s := string(x)
	if s == "" {
		return nil, nil //nolint:nilnil // no template is no text
	}
	if len(s) > maxLength {
		return nil, incidents.Invalid("this template has more than %d characters", maxLength)
	}
	t := &Wording[N]{}
	for at := 0; at < len(s); {
		from := strings.Index(s[at:], "{{")
		if from < 0 {
			t.parts = append(t.parts, part[N]{words: s[at:]})
			break
		}
		from += at
		if from > at {
			t.parts = append(t.parts, part[N]{words: s[at:from]})
		}
		to := strings.Index(s[from:], "}}")
		switch inner := s[from+2 : max(from+to, from+2)]; {
		case to < 0:
			return nil, incidents.Invalid("this template is not right at character %d: {{ begins an expression, and no }} ends it", 1+utf8.RuneCountInString(s[:from]))
		case strings.TrimSpace(inner) == "":
			return nil, incidents.Invalid("this template is not right at character %d: there is no expression between {{ and }}", 1+utf8.RuneCountInString(s[:from]))
		case len(t.parts) >= 2*maxParts:
			return nil, incidents.Invalid("this template has more than %d expressions", maxParts)
		}
		p, err := compile[N](blank(s[:from+2]) + s[from+2:from+to])
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, part[N]{expression: p})
		at = from + to + 2
	}
	return t, nil
}

// blank is as much white space as there are characters, so that what stands behind has its place.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, s)
}

// Fill fills it in. No template gives no text.
func (t *Wording[N]) Fill(names N, m *Meter) (string, error) {
	if t == nil {
		return "", nil
	}
	var b strings.Builder
	for _, p := range t.parts {
		words := p.words
		if p.expression != nil {
			value, err := p.expression.Run(names, m)
			if err != nil {
				return "", err
			}
			if words, err = Text(value); err != nil {
				return "", err
			}
		}
		if err := m.make(len(words)); err != nil {
			return "", err
		}
		b.WriteString(words)
	}
	return b.String(), nil
}
