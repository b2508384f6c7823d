package postmortem

import (
	"fmt"
	"regexp"
	"strings"

	"fireboss/incidents"
)

// maxFiles is how many files are listed.
const maxFiles = 100

// writeMaterial lists what the account can be checked by: links, files, alerts, and
// where the affected services are described.
func writeMaterial(p *page) {
	items := p.links()
	items = append(items, p.files()...)
	items = append(items, p.alerts()...)
	items = append(items, p.books()...)
	if len(items) == 0 {
		p.ask("The record holds no link, file or alert.")
	}
	p.items(items)
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// cited is an entry of a list in Markdown, with its citations.
func (a *account) cited(text string, cites ...uint64) []string {
	if cites = a.known(cites); len(cites) > 0 {
		return []string{text + " " + cite(cites...)}
	}
	return nil
}

// named is a link with the name that somebody gave it and, since that could claim
// anything, with whose address it is.
func named(name, to string) string {
	_, host, ok := target(to)
	name = term(name)
	if tidy(name) == "(no name)" || !ok {
		return link("", to)
	}
	return link(name, to) + " (" + escape(host) + ")"
}

func (p *page) links() []string {
	added := map[string]uint64{}
	var merges []uint64
	for _, e := range p.a.list {
		switch e.Kind {
		case incidents.LinkAdded:
			added[e.field("url")] = e.Seq
		case incidents.Merged:
			merges = append(merges, e.Seq)
		}
	}
	var items []string
	for _, l := range p.a.Incident.Links {
		cites := merges
		if seq := added[l.URL]; seq != 0 {
			cites = []uint64{seq}
		}
		items = append(items, p.a.cited("Link: "+named(l.Name, l.URL), cites...)...)
	}
	return items
}

// files are those that were shared in the channel, with their names and sizes.
func (p *page) files() []string {
	var items []string
	more := 0
	var rest []*entry
	for _, e := range p.a.told {
		if e.Kind != incidents.MessagePosted || e.hidden || !e.has("files") {
			continue
		}
		list, _ := e.value("files").([]any)
		for _, f := range list {
			m, _ := f.(map[string]any)
			if m == nil {
				continue
			}
			if len(items) >= maxFiles {
				more, rest = more+1, append(rest, e)
				continue
			}
			name, _ := m["name"].(string)
			media, _ := m["type"].(string)
			size, _ := m["size"].(float64)
			line := "File: " + escape(term(name)+" ("+strings.Join(present(mediaType.FindString(media), bytesOf(size)), ", ")+")")
			if to := p.a.Messages[e.Seq]; to != "" {
				line += ", " + link("message", to)
			}
			items = append(items, p.a.cited(line, e.Seq)...)
		}
	}
	if more > 0 {
		items = append(items, p.a.stated(count(more, "file more was", "files more were")+" shared", counting(rest)))
	}
	return items
}

// mediaType is one as RFC 6838 writes it.
var mediaType = regexp.MustCompile(`^[a-z]+/[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,80}$`)

func present(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// bytesOf is a size for people.
func bytesOf(n float64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", n/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0f kB", n/1e3)
	}
	return fmt.Sprintf("%.0f bytes", n)
}

func (p *page) alerts() []string {
	var items []string
	list := p.a.of(incidents.AlertAttached)
	for _, e := range list[:min(len(list), maxFiles)] {
		c, _ := p.claim(e)
		text := "Alert: " + escape(c.text())
		if to := e.field("url"); to != "" && !e.hidden {
			text += ", " + named("alert", to)
		}
		items = append(items, p.a.cited(text, e.Seq)...)
	}
	return items
}

// books are where the settings say that affected services are described.
func (p *page) books() []string {
	var items []string
	for _, name := range p.a.Incident.Services {
		s := p.a.Rules.Services[name]
		var links []string
		if s.Runbook != "" {
			links = append(links, link("runbook", s.Runbook))
		}
		for i, d := range s.Dashboards {
			title := "dashboard"
			if i > 0 {
				title = fmt.Sprintf("dashboard %d", i+1)
			}
			links = append(links, link(title, d))
		}
		if len(links) > 0 {
			items = append(items, p.a.cited("Service "+escape(term(name))+": "+enumerate(links), p.a.sourceOf(serviceFact(name))...)...)
		}
	}
	return items
}
