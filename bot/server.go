package bot

import (
	"net/http"
	"time"
)

// Bounds of what somebody can make a connection cost. Who sends or reads a byte
// now and then keeps none of them open (a "slow loris"); what takes longer than
// this by itself, a backup or the workspace's stream, lifts its own.
const (
	headersIn  = 10 * time.Second
	requestIn  = time.Minute
	answerIn   = 2 * time.Minute
	idleFor    = 2 * time.Minute
	maxHeaders = 64 << 10
)

// newServer is the server of everything that we listen with.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headersIn, ReadTimeout: requestIn, WriteTimeout: answerIn, IdleTimeout: idleFor, MaxHeaderBytes: maxHeaders,
	}
}
