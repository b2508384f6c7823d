package slacksim

// scheduledMessage is a message that is to be posted later.
type scheduledMessage struct {
	ID, Channel string
	PostAt      int64 // Unix seconds
	Created     int64
	Message     *message
}
