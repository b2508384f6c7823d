package blockkit

// Problem is one broken rule.
type Problem struct {
	// Pointer is the JSON pointer (RFC 6901) of the value, from the root of the
	// method's arguments: "/blocks/0/text/text" in a message, "/view/title/text"
	// or "/view/blocks/0" in a view.
	Pointer string
	// Message is what is wrong, as Slack says it: "must be less than 3001 characters".
	Message string
}

// String writes the problem as Slack does in response_metadata.messages:
// "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
func (p Problem) String() string {
	return "[ERROR] " + p.Message + " [json-pointer:" + p.Pointer + "]"
}
