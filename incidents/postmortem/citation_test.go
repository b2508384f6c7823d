package postmortem

import (
	"slices"
	"testing"
)

func TestCites(t *testing.T) {
	for text, want := range map[string][]uint64{
		"It broke. [T4]":                        {4},
		"It broke. [T4, T7]":                    {4, 7},
		"It broke. [T7,T4] [T4]":                {4, 7},
		"It broke. [T4][T7]":                    {4, 7},
		"It broke [T4], and was mended [T7].":   {4, 7},
		`It broke. \[T4\]`:                      nil,
		`A backslash \\[T4]`:                    {4},
		"[T4](https://example.com)":             nil,
		"[T4]: https://example.com":             nil,
		"[T0] [T01] [T] [T4 T7] [T4,, T7] [T4;": nil,
		"[T1-T9] [T1–T9] [t4] [Т4]":             nil, // the last is a Cyrillic Т
		"[T99999999999999999999]":               nil,
		"[T4, 7]":                               nil,
		"":                                      nil,
	} {
		if got := Cites(text); !slices.Equal(got, want) {
			t.Errorf("%q cites %v, want %v", text, got, want)
		}
	}
}

func TestCitationsSayWhereTheyStand(t *testing.T) {
	text := "It broke. [T4, T7] It was mended. [T9]"
	list := Citations(text)
	if len(list) != 2 || text[list[0].Start:list[0].End] != "[T4, T7]" || text[list[1].Start:list[1].End] != "[T9]" {
		t.Errorf("%+v", list)
	}
	if got := Uncited(text); got != "It broke. It was mended." {
		t.Errorf("without them: %q", got)
	}
}

func TestSentences(t *testing.T) {
	text := `> What is asked. It is no statement.

It broke at 10:04. [T1] It said: “Down. All of it!” [T2, T3] He asked (“Why? Who?”) and left. [T4]
It goes on in the next line,
as people write. [T5]

### A heading. With a stop

- An entry. [T6]
- Another entry
  in two lines [T7]
1. A third, of version 1.2.3. [T8]

| Head | Row |
|---|---|
| a. b | c [T9] |`
	want := []Sentence{
		{"It broke at 10:04. [T1]", []uint64{1}},
		{"It said: “Down. All of it!” [T2, T3]", []uint64{2, 3}},
		{"He asked (“Why? Who?”) and left. [T4]", []uint64{4}},
		{"It goes on in the next line, as people write. [T5]", []uint64{5}},
		{"An entry. [T6]", []uint64{6}},
		{"Another entry in two lines [T7]", []uint64{7}},
		{"A third, of version 1.2.3. [T8]", []uint64{8}},
		{"| a. b | c [T9] |", []uint64{9}},
	}
	got := Sentences(text)
	if len(got) != len(want) {
		t.Fatalf("%d sentences, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if got[i].Text != want[i].Text || !slices.Equal(got[i].Cites, want[i].Cites) {
			t.Errorf("%q %v, want %q %v", got[i].Text, got[i].Cites, want[i].Text, want[i].Cites)
		}
	}
}
