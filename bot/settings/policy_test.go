package settings

import (
	"reflect"
	"strings"
	"testing"
)

func TestRolesTypesAndSeverities(t *testing.T) {
	s := parse(t, `
roles:
  - {name: commander, title: Chief, aliases: boss}
  - {name: doctor, title: Doctor, instructions: "Look first.\nThen act."}
types:
  - name: outage
    checklist: look at the graphs
    fields: [{name: cause, required: resolve, values: [us, them]}]
severities: {sev1: the shop is shut}
open: {suggest: {tier1: sev1, tier3: sev4}}
`, Options{})
	want := Roles{{Name: "commander", Title: "Chief", Aliases: []Word{"boss"}}, {Name: "doctor", Title: "Doctor", Instructions: "Look first.\nThen act."}}
	if !reflect.DeepEqual(s.Roles, want) {
		t.Errorf("%+v", s.Roles)
	}
	if want := (Types{{Name: "outage", Checklist: []Line{"look at the graphs"}, Fields: []Field{{Name: "cause", Required: "resolve", Values: []Line{"us", "them"}}}}}); !reflect.DeepEqual(s.Types, want) {
		t.Errorf("%+v", s.Types)
	}
	if !reflect.DeepEqual(s.Severities, Meanings{"sev1": "the shop is shut"}) || !reflect.DeepEqual(s.Open.Suggest, Suggestions{"tier1": "sev1", "tier3": "sev4"}) {
		t.Errorf("%+v, %+v", s.Severities, s.Open.Suggest)
	}
	if s := parse(t, "open: {suggest: {}}\ntypes: []\n", Options{}); len(s.Open.Suggest) != 0 || len(s.Types) != 0 || len(s.Roles) != 3 {
		t.Errorf("%+v", s)
	}
}

func TestMistakesInRolesTypesAndSeverities(t *testing.T) {
	for src, want := range map[string]string{
		"roles: [{name: commander, title: Chief}, {name: Big Doctor, title: Doctor}]\n": `c.yaml:1:49: roles[1].name: "Big Doctor" cannot be said as one word; it takes lower-case letters, digits, hyphens and underscores, at most 40`,
		"roles: [{name: doctor, title: Doctor}]\n":                                      "c.yaml:1:8: roles: there has to be a role named commander, for somebody must lead; a list here replaces all of the default one",
		"roles: []\n": "there has to be a role named commander",
		"roles:\n  - {name: commander, title: Chief}\n  - {name: boss, title: Boss, aliases: [chief, commander]}\n": `c.yaml:3:5: roles[1]: the role commander is called "commander" already; a name means one role`,
		"roles:\n  - {name: commander, title: Chief, aliases: me}\n":                                                `c.yaml:2:5: roles[0]: "me" says who has a role, and cannot be a name of one`,
		"roles: [{name: commander}]\n":                                             "c.yaml:1:9: roles[0].title is missing; write for example title: Incident commander",
		"types: [{name: outage, meaning: \"one\\ntwo\"}]\n":                        "c.yaml:1:33: types[0].meaning: expected one line of at most 200 characters that says something",
		"types: [{name: outage, checklist: [" + strings.Repeat("x", 201) + "]}]\n": "types[0].checklist[0]: expected one line of at most 200 characters",
		"types: [{name: outage, fields: [{name: cause}, {name: cause}]}]\n":        "c.yaml:1:55: types[0].fields[1].name: the type outage has a field cause already",
		"types: [{name: third party}, {name: third-party}]\n":                      "c.yaml:1:37: types[1].name: there is a type third-party already",
		"types: [{name: outage, fields: [{name: cause, required: open}]}]\n":       `types[0].fields[0].required: "open" is not one of resolve or close`,
		"types: [{name: outage, field: []}]\n":                                     "c.yaml:1:24: unknown key types[0].field; did you mean fields?",
		"severities: {sev9: bad}\n":                                                "c.yaml:1:14: severities.sev9: unknown severity; they are sev1, sev2, sev3, sev4, sev5 or unset",
		"severities: {sev1: \"\"}\n":                                               "c.yaml:1:20: severities.sev1: expected one line",
		"open: {suggest: {tier9: sev1}}\n":                                         "c.yaml:1:18: open.suggest.tier9: unknown tier; they are tier1 to tier5",
		"open: {suggest: {tier1: bad}}\n":                                          `open.suggest.tier1: "bad" is not one of sev1, sev2, sev3, sev4 or sev5`,
		"roles:\n  - name: commander\n    title: Chief\n    instructions: |\n      " + strings.Repeat("words ", 400) + "\n": "roles[0].instructions: expected a text of at most 2000 characters",
	} {
		_, err := Parse("c.yaml", []byte(src), Options{Env: env(nil)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.100s\n got  %v\n want %s", src, err, want)
		}
	}
}
