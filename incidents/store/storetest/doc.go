// Package storetest holds a store to its contract: call [Run] from a backend's
// test. It uses nothing but the contract, so one suite serves every backend.
//
// The promises that it holds a backend to, each by the test of that sentence:
//
//   - commands (apply.go): numbers without gaps, whoever is refused or panics
//     meanwhile; a refusal, a panic and what cannot be stored change nothing and
//     spoil nobody else's; a command's id is decided once, also after a restart,
//     also many at once, also where it changed nothing; a message is an event
//     and no new state; what is read is what was answered, whatever the texts
//     hold; commits are told; a caller that gives up is let go;
//   - the chain (chain.go): places, hashes and random salts; redaction takes
//     text, data, salts and words and leaves the chain; closing seals, and a seal
//     holds what changed since the one before; the audit counts all of it;
//   - deliveries and messages (inbox.go): taken once, worked in order of arrival,
//     finished once, counted, forgotten by age and only when finished; a message
//     waits until it is sent or given up;
//   - files (file.go): wanted until they are here or given up, in pieces; gone with
//     the text of their event, also while they are being fetched; when recurring
//     work is done next;
//   - postmortems (postmortem.go): every version, and acts decided on their text;
//     what is redacted, or kept no longer, is in none of them;
//   - mirrors (mirror.go): what is behind and since when, in which order, and
//     what no longer is; records, places of now and of the past, outside ids;
//   - reading (read.go): lists by condition, events in pages, words, deadlines;
//     all of it after a restart;
//   - access (access.go): sessions live, are seen, end and stay ended; a link opens
//     one session, however many use it; a token's name is given once; what is over
//     is forgotten;
//   - closing (close.go): what was begun is finished; a slow backup keeps nobody
//     from writing;
//   - everything at random beside a model (walk.go, model.go).
//
// What only a backend itself can try is in the backend's own tests: that a
// commit is on the disk before it is answered, that a damaged file is refused,
// that an audit notices what was changed by hand, that indexes which no method
// reads yet are right.
//
// To add a promise: write it as a function of a world in the file of its noun
// and list it there; then break a backend on purpose and see that it is noticed.
package storetest
