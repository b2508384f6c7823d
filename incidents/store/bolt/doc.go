// Package bolt keeps incidents in one file, with bbolt.
//
// A commit is one fsynced transaction. One goroutine at a time writes: the
// writer, which executes whatever waits in one transaction, or in its place a
// caller who finds that nobody does (see writer.go). Each write first decides
// what it wants written (a plan, see plan.go) and writes only when that has
// succeeded, so that a refusal or a panic has touched nothing and spoils nobody
// else's. Reads are short transactions beside it;
// what could be long (a list, an audit) is read in pieces, because a long
// read transaction keeps the file from growing and with it every write from
// being made.
//
// The file's rows are described in schema.go, its keys in key.go. To add a kind
// of row: name its bucket there, write its migration in migrate.go, and keep
// its indexes in the same plan that writes the row.
//
// bbolt never overwrites a page in use, so what was removed stays in free pages
// of the file until they are used again. Backups and compact copy rows and not
// pages: they hold nothing that was removed.
package bolt
