package bot

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what /metrics shows.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	callTime *prometheus.HistogramVec
	ackTime  *prometheus.HistogramVec
	storing  *prometheus.HistogramVec
	lag      prometheus.Histogram
	messages *prometheus.CounterVec
	systems  *prometheus.CounterVec
	sysTime  *prometheus.HistogramVec
	hooks    *prometheus.CounterVec
	sections *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fireboss_slack_calls_total", Help: "Calls to Slack, by method and outcome (ok, Slack's error code, ratelimited, http STATUS, network).",
		}, []string{"method", "outcome"}),
		callTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "fireboss_slack_call_seconds", Help: "How long calls to Slack took, by method.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 11),
		}, []string{"method"}),
		ackTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "fireboss_ack_seconds", Help: "From an envelope's arrival to its acknowledgement, by type. Slack waits three seconds.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}, []string{"type"}),
		storing: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "fireboss_store_seconds", Help: "How long a durable write took, by what was written.", Buckets: prometheus.ExponentialBuckets(0.0001, 2, 14),
		}, []string{"write"}),
	}
	m.lag = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "fireboss_mirror_lag_seconds", Help: "From a change to Slack showing all of it.", Buckets: prometheus.ExponentialBuckets(0.05, 2, 14),
	})
	m.messages = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "fireboss_bot_messages_total", Help: "Messages that the bot posted of its own accord, by to (channel, person, announce), kind (of event or message) and, for reminders, rule.",
	}, []string{"to", "kind", "rule"})
	m.systems = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "fireboss_integration_calls_total", Help: "Calls to outside systems, by integration and outcome (ok, http STATUS, timeout, network, too large, open: left in peace for a while, blocked: an address that may not be called).",
	}, []string{"integration", "outcome"})
	m.sysTime = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "fireboss_integration_call_seconds", Help: "How long calls to outside systems took, by integration.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
	}, []string{"integration"})
	m.sections = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "fireboss_model_sections_total", Help: "Sections that a language model was to write, by outcome (written, or why the record's own text stands: slow, busy, failing, denied, unfit, declined, empty, cut, garbled, spent, held, ungrounded).",
	}, []string{"outcome"})
	m.hooks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "fireboss_hooks_total", Help: "Deliveries of alerts, by source (empty where there is none such) and outcome (kept, unknown, forged, unreadable, too large, busy; of those that were kept also seen: it came before, and partly unreadable).",
	}, []string{"source", "outcome"})
	m.registry.MustRegister(m.hooks, m.systems, m.sysTime, m.sections, m.messages, m.lag, m.calls, m.callTime, m.ackTime, m.storing,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds what is asked for when somebody looks.
func (m *metrics) watch(behind func() int, connected func() (int, error), undecided func() int64) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fireboss_mirror_behind", Help: "Incidents whose Slack channel does not yet show all that is stored."},
			func() float64 { return float64(behind()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fireboss_slack_sockets", Help: "Socket Mode connections that are up."},
			func() float64 { up, _ := connected(); return float64(up) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fireboss_hooks_waiting", Help: "Deliveries of alerts that are kept and not yet decided about."},
			func() float64 { return float64(undecided()) }),
	)
}

func (m *metrics) call(method, outcome string, took time.Duration) {
	m.calls.WithLabelValues(method, outcome).Inc()
	m.callTime.WithLabelValues(method).Observe(took.Seconds())
}

func (m *metrics) acked(kind string, took time.Duration) {
	m.ackTime.WithLabelValues(kind).Observe(took.Seconds())
}

func (m *metrics) stored(what string, since time.Time) {
	m.storing.WithLabelValues(what).Observe(time.Since(since).Seconds())
}

func (m *metrics) said(to, kind, rule string) { m.messages.WithLabelValues(to, kind, rule).Inc() }

func (m *metrics) lagged(d time.Duration) { m.lag.Observe(d.Seconds()) }

// outside is told of every call to an outside system.
func (m *metrics) outside(integration, outcome string, took time.Duration) {
	m.systems.WithLabelValues(integration, outcome).Inc()
	m.sysTime.WithLabelValues(integration).Observe(took.Seconds())
}

func (m *metrics) authored(outcome string) { m.sections.WithLabelValues(outcome).Inc() }

// hooked is told of every delivery of alerts.
func (m *metrics) hooked(source, outcome string) { m.hooks.WithLabelValues(source, outcome).Inc() }

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
