// Package bot is the running program: command line, settings, wiring, workers
// and lifecycle. It alone starts long-lived goroutines, and it knows all the
// other rooms; none of them knows it.
//
// To add a command of the command line: write its file cmd_NAME.go with a
// function that returns the cobra command, and list it in main.go. To add a
// worker: give it a Run(ctx) and start it in program.go.
package bot
