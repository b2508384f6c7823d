package commands

import (
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Of links by which somebody signs in to the pages.
const (
	// SignInPath is where a link leads, behind the address of the pages; what has
	// to be presented stands behind it.
	SignInPath = "/sign-in/link/"
	// linkServes is how long a link can be used.
	linkServes = 10 * time.Minute
)

var dashboardVerb = Verb{
	Name: "dashboard", Group: groupOpen, alone: true,
	Usage:    []string{"dashboard"},
	Does:     "gives you a link to the pages that signs you in, once",
	Examples: []string{"dashboard"},
	run: func(c *call) (Reply, error) {
		switch {
		case c.Actor.Kind != incidents.User || c.Actor.ID == "":
			return Reply{}, incidents.Refused("A sign-in link is for a person, and this was said by a program. Programs use the API with their token; it is described at /api/v1/openapi.json.")
		case c.Actor.Standing.Outside:
			return Reply{}, incidents.Refused("Only members of this workspace get a sign-in link, and you are a guest here. What you are in is shown by: /incident list")
		case c.desk.Dashboard == "":
			return Reply{}, incidents.Refused("There are no pages to sign in to: http.public_url is not set. Ask whoever runs Fireboss. Here you see incidents with: /incident list")
		}
		secret, id := store.NewSecret("")
		now := time.Now() // not when it was said: it may have had to wait
		until := now.Add(linkServes)
		err := c.desk.Store.PutSignInLink(c.ctx, store.SignInLink{ID: id, Person: c.Actor.Person(), Created: now, Expires: until})
		if err != nil {
			return Reply{}, err
		}
		return Reply{
			Text:   "This link signs you in as " + c.Actor.Name + ", once, until " + c.clock(until) + ". Keep it to yourself: " + c.desk.Dashboard + SignInPath + secret,
			Secret: true,
		}, nil
	},
}
