// Package storetest holds a store to its contract: call [Run] from a backend's
// test. It uses nothing but the contract, so one suite serves every backend.
//
// Each promise has a sentence for a name; go test -v lists them. What only a
// backend itself can try (that a commit is on the disk before it is answered,
// that a damaged file is refused, that an audit notices what was changed by
// hand) is in the backend's own tests.
//
// To add a promise: write it as a function of a world in the file of its noun
// and list it there; then break a backend on purpose and see that it is noticed.
package storetest
