// Package openaitest is a language model for tests: it speaks OpenAI's protocol over real HTTP and says what a test wants
// it to, well or badly.
//
// It is as strict as a server of that protocol may be, shares no code with the SDK, and keeps what it was asked.
package openaitest
