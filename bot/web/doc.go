// Package web is Fireboss's HTTP door: the JSON API, the pages, and what
// machines ask of a service (/healthz, /readyz, /metrics).
//
// It decodes and answers; what may be done is decided by package incidents,
// and what can be said by package commands. It starts no goroutine and opens
// no socket: [New] makes a handler, and package bot listens.
//
// The API asks for a bearer token on every call. A POST is a delivery: it is
// durable before it is worked, and its answer is durable before it is given, so
// that a call repeated with the same Idempotency-Key is answered as the first
// time, whatever happened in between; see delivery.go.
//
// /healthz, /readyz and /metrics ask for no token, for what watches a service
// seldom has one. They tell no incident: only numbers, and what is not ready.
//
// There is no sign-in yet, and so the pages answer to browsers on this machine
// alone and never show a private incident; see guard.go.
//
// To add an API route: add its row in routes.go, its handler in a file api_….go
// and its description in openapi.json; a test holds the three together. To add
// a page: a row in routes.go, a function in a file page_….go that returns a
// page, and its template.
package web
