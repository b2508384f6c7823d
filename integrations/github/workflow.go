package github

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"fireboss/incidents/alerts"
)

// conclusions are those of a run that say something of its workflow: that one was cancelled or skipped does not.
var conclusions = map[string]alerts.Status{
	"failure":         alerts.Firing,
	"timed_out":       alerts.Firing,
	"startup_failure": alerts.Firing,
	"success":         alerts.Resolved,
}

// workflowRun reads a run that has ended. What failed is over when the same workflow succeeds on the same branch.
func workflowRun(d delivery) alerts.Report {
	run := d.At("workflow_run")
	branch, conclusion := run.At("head_branch").Text(), run.At("conclusion").Text()
	status, tells := conclusions[conclusion]
	switch {
	case d.action != "completed":
		return nothing("a run of a workflow that has not ended")
	case !tells:
		return nothing("a run of a workflow that neither failed nor succeeded")
	case run.At("head_repository", "full_name").Text() != "" && run.At("head_repository", "full_name").Text() != d.repo:
		return nothing("a run for somebody's fork") // whose branches may have the names of ours
	case !d.watched(branch):
		return nothing("a run on a branch that integrations.github.branches does not have")
	}
	name := run.At("name").Or(d.At("workflow", "name"), run.At("path")).Text()
	s := d.signal("gh-wf:"+d.repo+":"+run.At("workflow_id").Text()+":"+branch, alerts.Medium)
	s.Status = status
	s.Title = strings.TrimSpace(name + " #" + run.At("run_number").Text() + " " + conclusion)
	s.Description = run.At("display_title").Text() + "\n" + strings.TrimSpace(d.repo+" "+branch+" "+short(run.At("head_sha").Text()))
	s.URL = run.At("html_url").Text()
	s.StartedAt = run.At("run_started_at").Or(run.At("created_at")).Time()
	if status == alerts.Resolved {
		s.EndedAt = run.At("updated_at").Time()
	}
	s = label(s, "workflow", name, "branch", branch, "conclusion", conclusion, "trigger", run.At("event").Text(), "actor", run.At("actor", "login").Text())
	report := one(s)
	if id := run.At("id").Text(); id != "" {
		report.ID = id + "/" + cmp.Or(run.At("run_attempt").Text(), "1")
	}
	return report
}

// watched says whether a workflow that fails on a branch is an alert.
func (d delivery) watched(branch string) bool {
	if len(d.config.Branches) == 0 {
		usual := d.At("repository", "default_branch").Text()
		return usual == "" || branch == usual
	}
	return slices.ContainsFunc(d.config.Branches, func(pattern string) bool {
		ok, err := path.Match(pattern, branch)
		return err == nil && ok
	})
}

// short is a commit as people write it.
func short(sha string) string { return sha[:min(7, len(sha))] }
