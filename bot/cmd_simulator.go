package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/spf13/cobra"

	"fireboss/bot/slacksim"
)

func newSimulator(e *env) *cobra.Command {
	var listen string
	var o slacksim.Options
	cmd := &cobra.Command{
		Use:   "simulator",
		Short: "Run a Slack workspace on this machine, for trying and testing",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := e.listen(listen, cmd.Flags().Changed("listen"))
			if err != nil {
				return err
			}
			w, err := startWorkspace(l, o)
			if err != nil {
				return errors.Join(err, l.Close())
			}
			fmt.Fprintf(e.stdout, "ready workspace=%s bot_token=%s app_token=%s\n", w.url, slacksim.BotToken, slacksim.AppToken)
			<-cmd.Context().Done()
			return w.stop()
		},
	}
	cmd.Flags().StringVar(&listen, "listen", defaultWorkspace, "the `ADDRESS` to listen on; port 0 picks a free one")
	cmd.Flags().StringVar(&o.Data, "data", "", "the `FOLDER` that keeps the workspace; left out, it is gone at the end")
	simulatorFlags(cmd, &o)
	return cmd
}

func simulatorFlags(cmd *cobra.Command, o *slacksim.Options) {
	cmd.Flags().DurationVar(&o.Latency, "latency", 0, "delay every answer of the workspace's Web API by this `TIME`")
	cmd.Flags().BoolVar(&o.RateLimits, "rate-limits", false, "apply Slack's published rate limits")
}

// Where demo and simulator listen unless told otherwise.
const (
	defaultDashboard = "127.0.0.1:8080"
	defaultWorkspace = "127.0.0.1:8081"
)

// listen opens a listener. A port that was asked for and is taken is an error;
// a default port that is taken is replaced by a free one, and that is said.
func (e *env) listen(address string, asked bool) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	if asked {
		return nil, fmt.Errorf("cannot listen on %s: %w. Name another port, or 0 for a free one", address, err)
	}
	host, _, _ := net.SplitHostPort(address)
	l, other := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if other != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	fmt.Fprintf(e.stderr, "%s is in use; using %s instead\n", address, l.Addr())
	return l, nil
}

// workspace is a simulator that is being served.
type workspace struct {
	url    string
	sim    *slacksim.Server
	server *http.Server
	done   chan struct{}
}

// startWorkspace serves a simulator; wrap may add pages of its own.
func startWorkspace(l net.Listener, o slacksim.Options, wrap ...func(http.Handler) http.Handler) (*workspace, error) {
	sim, err := slacksim.New(o)
	if err != nil {
		return nil, err
	}
	w := &workspace{url: "http://" + l.Addr().String(), sim: sim, done: make(chan struct{})}
	if at, ok := l.Addr().(*net.TCPAddr); ok && at.IP.IsUnspecified() {
		w.url = fmt.Sprintf("http://127.0.0.1:%d", at.Port) // from elsewhere it is reached, and links, by the name that was asked for
	} else {
		sim.SetBaseURL(w.url)
	}
	handler := sim.Handler()
	for _, f := range wrap {
		handler = f(handler)
	}
	w.server = newServer(sim.Guarded(handler)) // also what was added
	go func() {
		defer close(w.done)
		_ = w.server.Serve(l) // ends with stop
	}()
	return w, nil
}

func (w *workspace) stop() error {
	err := w.sim.Close()
	ctx, cancel := context.WithTimeout(context.Background(), stopHTTP)
	defer cancel()
	if w.server.Shutdown(ctx) != nil {
		w.server.Close()
	}
	<-w.done
	return err
}
