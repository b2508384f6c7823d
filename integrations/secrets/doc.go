// Package secrets knows what secrets look like, and takes them out of texts before these leave the house.
//
// It knows three sorts: those of the configuration, by their very text; the tokens of some two hundred services, by the
// rules of gitleaks (rules.json); and what people type in a hurry, such as "password: hunter2" or a URL with a
// password in it, by rules of its own (prose.go). A text without any comes back as it is. What nobody can tell from an
// ordinary word, it leaves; a bare identifier, such as a commit's or a trace's, is none.
//
// To take a newer gitleaks: change the version in gen_rules.go, and run
//
//	go generate ./integrations/secrets
package secrets

//go:generate go run -modfile=../../tools/go.mod gen_rules.go
