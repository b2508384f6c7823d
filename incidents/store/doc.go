// Package store is the contract of what keeps incidents: what a backend
// promises, and nothing of how it does it. The suite that holds every backend
// to it is in storetest; bolt is the embedded one.
//
// To add a backend: implement [Store], call storetest.Run from its test, and
// break it on purpose to see that the suite notices.
package store
