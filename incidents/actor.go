package incidents

// ActorKind tells a person from a program.
type ActorKind string

// Who may act.
const (
	User        ActorKind = "user"
	System      ActorKind = "system"
	Integration ActorKind = "integration"
)

// Actor is who did something, with the name of that day. IDs are
// slack:T…/U…, discord:…, oidc:issuer|sub, token:name or system.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   string    `json:"id"`
	Name string    `json:"name"`
	// Admin may see all private incidents: an API token of that scope, or somebody
	// whom the policy lets. It is not kept.
	Admin bool `json:"-"`
	// Standing is what the permissions want to know of a person. It is not kept.
	Standing Standing `json:"-"`
}

// Fireboss is the actor of what the clock and the program itself do.
var Fireboss = Actor{Kind: System, ID: "system", Name: "Fireboss"}

// Person is somebody who can hold a role, a task or an invitation.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Person is the actor as somebody who can be assigned things.
func (a Actor) Person() Person { return Person{ID: a.ID, Name: a.Name} }

// Actor is the person as somebody who does things.
func (p Person) Actor() Actor { return Actor{Kind: User, ID: p.ID, Name: p.Name} }
