// Command fireboss opens a room for every incident, keeps the clock, writes
// everything down, and afterwards hands over an account that holds.
package main

import (
	"context"
	"os"

	"fireboss/bot"
)

func main() {
	os.Exit(bot.Main(context.Background(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}
