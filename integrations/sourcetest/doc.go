// Package sourcetest holds every [integrations.Source] to what it promises: [Payloads] to what is expected of real
// deliveries, [Rubbish] to taking whatever a stranger sends, [Fuzz] to both with bytes that nobody thought of.
//
// A delivery is a file testdata/NAME.json, what it has to say is testdata/NAME.want (made by go test -update, then
// read), and headers that count stand in testdata/NAME.headers as "Name: value" lines.
package sourcetest
