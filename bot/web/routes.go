package web

import (
	"net/http"
	"slices"
	"strings"
)

// endpoint answers one call of the API.
type endpoint func(w http.ResponseWriter, c call) error

// route is one method of one path of the API, the least scope that may use it,
// and the parameters that its query may have.
type route struct {
	Method, Path string
	Needs        Scope
	Params       []string
	do           endpoint
}

// api is the one list of the API's routes.
func (s *Site) api() []route {
	return []route{
		{http.MethodGet, "/api/v1/incidents", Read, []string{"status", "severity", "q", "limit", "cursor"}, s.listIncidents},
		{http.MethodPost, "/api/v1/incidents", Write, nil, s.postIncident},
		{http.MethodGet, "/api/v1/incidents/{id}", Read, nil, s.getIncident},
		{http.MethodGet, "/api/v1/incidents/{id}/events", Read, []string{"after", "limit"}, s.listEvents},
		{http.MethodGet, "/api/v1/incidents/{id}/files", Read, nil, s.listFiles},
		{http.MethodGet, "/api/v1/incidents/{id}/files/{event}/{file}", Read, nil, s.getFile},
		{http.MethodGet, "/api/v1/incidents/{id}/postmortem", Read, []string{"version"}, s.getPostmortem},
		{http.MethodPost, "/api/v1/incidents/{id}/commands", Write, nil, s.postCommand},
		{http.MethodGet, "/api/v1/alerts", Read, []string{"source", "status", "incident", "limit", "cursor"}, s.listAlerts},
		{http.MethodGet, "/api/v1/heartbeats", Read, nil, s.listHeartbeats},
		{http.MethodGet, "/api/v1/changes", Read, []string{"service", "limit", "cursor"}, s.listChanges},
		{http.MethodPost, "/api/v1/changes", Write, nil, s.postChange},
		{http.MethodGet, "/api/v1/insights", Read, insightsParams, s.getInsights},
		{http.MethodGet, "/api/v1/tokens", Admin, nil, s.listTokens},
		{http.MethodPost, "/api/v1/tokens", Admin, nil, s.postToken},
		{http.MethodDelete, "/api/v1/tokens/{name}", Admin, nil, s.deleteToken},
		{http.MethodGet, "/api/v1/audit", Admin, nil, s.getAudit},
		{http.MethodGet, "/api/v1/backup", Admin, nil, s.getBackup},
		{http.MethodGet, "/api/v1/openapi.json", Nobody, nil, s.getOpenAPI},
	}
}

// routes makes the one table of everything that answers.
func (s *Site) routes(metrics http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	paths := map[string]methods{}
	for _, r := range s.api() {
		if paths[r.Path] == nil {
			paths[r.Path] = methods{}
		}
		paths[r.Path][r.Method] = s.endpoint(r)
	}
	for path, m := range paths {
		mux.Handle(path, s.only(m))
	}
	mux.HandleFunc("/api/", s.noRoute)

	mux.Handle("/{$}", s.page(s.nowPage))
	mux.Handle("/live", s.inside(s.stream))
	mux.Handle("/incidents", s.page(s.incidentsPage))
	mux.Handle("/incidents.csv", s.inside(s.exported("incidents.csv", asCSV)))
	mux.Handle("/incidents.json", s.inside(s.exported("incidents.json", asJSON)))
	mux.Handle("/incidents/new", s.lookAndAct(s.newPage, s.newAct))
	mux.Handle("/incidents/{id}", s.lookAndAct(s.incidentPage, s.incidentAct))
	mux.Handle("/incidents/{id}/postmortem", s.lookAndAct(s.postmortemPage, s.postmortemAct))
	mux.Handle("/incidents/{id}/postmortem.md", s.inside(s.postmortemFile("text/markdown; charset=utf-8", "md", s.asMarkdown)))
	mux.Handle("/incidents/{id}/postmortem.html", s.inside(s.postmortemFile("text/html; charset=utf-8", "html", s.asHTML)))
	mux.Handle("/postmortems", s.page(s.postmortemsPage))
	mux.Handle("/incidents/{id}/files/{event}/{file}", s.inside(s.filePage))
	mux.Handle("/insights", s.page(s.insightsPage))
	mux.Handle("/alerts", s.lookAndAct(s.alertsPage, s.alertsAct))
	mux.Handle("/alerts/noise", s.page(s.noisePage))
	mux.Handle("/followups", s.lookAndAct(s.followupsPage, s.followupsAct))
	mux.Handle("/", s.page(s.noPage))
	s.signInRoutes(mux)
	mux.Handle("/static/", s.only(methods{http.MethodGet: http.HandlerFunc(s.static)}))

	mux.Handle("/healthz", s.only(methods{http.MethodGet: http.HandlerFunc(s.healthz)}))
	mux.Handle("/readyz", s.only(methods{http.MethodGet: http.HandlerFunc(s.readyz)}))
	if metrics != nil {
		mux.Handle("/metrics", s.only(methods{http.MethodGet: metrics}))
	}
	return mux
}

// methods are the handlers of one path.
type methods map[string]http.Handler

// only answers with the handler of the method; HEAD is a GET whose body
// net/http leaves out.
func (s *Site) only(m methods) http.Handler {
	allow := []string{http.MethodOptions}
	for method := range m {
		allow = append(allow, method)
		if method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	slices.Sort(allow)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if h, ok := m[method]; ok {
			h.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.fail(w, r, wrongMethod(r, allow))
	})
}
