package bolt

// bucket is a kind of row.
type bucket struct{ name []byte }

// buckets are all kinds of rows there are in a file.
var buckets []bucket

func newBucket(name string) bucket {
	b := bucket{[]byte(name)}
	buckets = append(buckets, b)
	return b
}

// The rows. In keys, numbers are 8 bytes big endian, moments 12 bytes that
// sort by time, and names stand behind their length; see [key].
var (
	meta = newBucket("meta") // what concerns the file: see the keys below

	// What is known of incidents.
	states   = newBucket("incidents") // number → the incident as it stands, JSON
	heads    = newBucket("heads")     // number → seq and hash of the last event
	events   = newBucket("events")    // number, seq → the event, JSON
	figures  = newBucket("figures")   // number → what statistics need of it: see figures_row.go
	load     = newBucket("load")      // number, day → when people did something: see load.go
	openings = newBucket("open")      // number: it has not ended
	days     = newBucket("day")       // day of its declaration ("2026-11-20", UTC), number
	words    = newBucket("words")     // word 0 number seq: the word occurs in that event
	traits   = newBucket("traits")    // trait 0 number: the incident has it: see traits.go
	due      = newBucket("due")       // moment, kind, number, rule, occurrence → the rest of the deadline

	postmortems = newBucket("postmortems") // number, version → a postmortem's text without its sections', JSON
	sections    = newBucket("sections")    // number, version, slot → the text of a section that is new in that version, JSON

	changes = newBucket("changes") // moment, id → a change of a service, JSON

	// What is outside.
	outside = newBucket("outside") // mirror, outside id, number, seq → origin of the event
	inside  = newBucket("inside")  // number, seq, mirror, outside id: the same the other way round
	records = newBucket("mirrors") // mirror, number → a mirror's record, JSON
	places  = newBucket("places")  // mirror, place → number
	behind  = newBucket("behind")  // mirror, order → number, since when
	queued  = newBucket("queued")  // mirror, number → order in behind

	// What came and what goes.
	inbox      = newBucket("inbox")      // delivery id → order, the delivery without its raw bytes, JSON
	unfinished = newBucket("unfinished") // order → delivery id, raw bytes
	finished   = newBucket("finished")   // moment of receipt, delivery id
	commands   = newBucket("commands")   // command id → what became of it, JSON
	decided    = newBucket("decided")    // moment of the decision, command id
	outbox     = newBucket("outbox")     // message key → order, the message, JSON
	outgoing   = newBucket("outgoing")   // order → message key
	files      = newBucket("files")      // what was shared in channels: see file.go

	// What monitoring says.
	alertRows   = newBucket("alerts")          // number → an episode of an alert, JSON
	alertKeys   = newBucket("alert_keys")      // source, fingerprint → number of the newest episode
	alertGroups = newBucket("alert_groups")    // source, group, number: it is open or attached to an incident
	alertsOf    = newBucket("incident_alerts") // number of an incident, number: it is attached to it
	alertLapses = newBucket("alert_lapses")    // moment, number: when it is taken to be over

	alertQuiet = newBucket("alert_quiet") // moment, number: when the rules are asked about what is silenced until then

	silences        = newBucket("silences")         // number → a silence, JSON
	silenceEnds     = newBucket("silence_ends")     // moment, number: when it is over
	silencesDue     = newBucket("silences_due")     // moment, number: when there is something to do for it outside
	silenceRequests = newBucket("silence_requests") // id of what was said → number of the silence that it made

	alertNotices    = newBucket("alert_notices")     // number → the message that tells people of it, JSON
	alertNoticesDue = newBucket("alert_notices_due") // moment, number: when that message is to be looked at

	alertRules = newBucket("alert_rules") // name of a rule → that somebody has made it live, JSON
	beats      = newBucket("heartbeats")  // source, name → a heartbeat, JSON
	alertHours = newBucket("alert_hours") // hour, source → how many episodes began; without a source: it was watched

	// Who may come in. Of what they present there is only the hash, in hex.
	sessions = newBucket("sessions")      // hash → a session, JSON
	links    = newBucket("sign_in_links") // hash → a link for one use, JSON
	tokens   = newBucket("api_tokens")    // name → a token, JSON
	tokenIDs = newBucket("api_token_ids") // hash → the token's name

	// What proves that nothing is missing.
	seals = newBucket("seals") // seq → the seal, JSON
	dirty = newBucket("dirty") // number: it changed since the last seal
)

// Keys in meta.
var (
	metaSchema   = []byte("schema")   // version of the schema
	metaIdentity = []byte("identity") // the store's own random name, hex
	metaNumber   = []byte("number")   // the last number that was given
	metaAlert    = []byte("alert")    // the last number that was given to an alert
	metaSilence  = []byte("silence")  // the last number that was given to a silence
	metaProbe    = []byte("probe")    // when Writable last tried, for nobody to read
	// metaMirror is followed by the name of a mirror that is known.
	metaMirror = "mirror "
	// metaTimer is followed by the name of recurring work: when it is due, JSON.
	metaTimer = "timer "
)
