// Package web is Fireboss's HTTP door: the JSON API, the pages, and what
// machines ask of a service (/healthz, /readyz, /metrics).
//
// It decodes and answers; what may be done is decided by package incidents,
// and what can be said by package commands. It starts no goroutine and listens
// nowhere: [New] makes a handler, and package bot serves it.
//
// The API asks for a bearer token on every call. A POST is a delivery: it is
// durable before it is worked, and its answer is durable before it is given, so
// that a call repeated with the same Idempotency-Key is answered as the first
// time, whatever happened in between; see delivery.go.
//
// /healthz, /readyz and /metrics ask for no token, for what watches a service
// seldom has one. They tell no incident: only numbers, and what is not ready.
//
// Whoever looks at a page is an actor ([incidents.Actor]) with the rights that they
// have in the workspace now: who is signed in (session.go), or nobody in particular,
// on this machine and where no provider is configured (guard.go). One signs in with
// an OpenID Connect provider (sign_provider.go), with a link for one use
// (sign_link.go) or, in a demo, with a click. Forms are taken from our own pages
// alone (csrf.go). The package opens no socket but to that provider.
//
// Pages are HTML from the server; with scripts, htmx swaps parts of them. A page that
// names its Parts answers a request for one of them (HX-Target) with that part alone.
// One that is Live has its browser listen to a stream (live.go), which says that
// something changed, and then asks for its part anew; [Site.Tell] passes on what
// changed, and [Site.HangUp] ends all streams.
//
// What is done on a page (say.go) is a command for the desk, as it is typed or as one of
// its forms (ask.go) filled in; each form carries a token by which the same is done once.
//
// To add an API route: add its row in routes.go, its handler in a file api_….go
// and its description in openapi.json; a test holds the three together. To add
// a page: a row in routes.go, a function in a file page_….go that returns a
// page, and its template; one that does something is wrapped in act or lookAndAct.
package web
