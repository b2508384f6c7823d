// Package openai asks a language model behind any OpenAI-compatible API to write sections of documents.
//
// One request a section, with the facts of that section as JSON and nothing else; the answer is JSON too, a sentence
// an entry, each with the facts it stands on. What goes wrong becomes one of the reasons of [integrations.Unwritten].
// It believes nothing that comes back: whoever asked checks it.
package openai
