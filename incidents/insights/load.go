package insights

import (
	"cmp"
	"slices"
	"time"

	"fireboss/incidents"
)

// Quarters are quarters of an hour in which somebody did something.
type Quarters int

// Hours are that many in hours.
func (q Quarters) Hours() float64 { return float64(q) / 4 }

// Load is when people were at work on incidents.
type Load struct {
	// Cells are by day of the week, Monday first, and hour, by the calendar's clocks.
	Cells   [7][24]Quarters
	All     Quarters
	Outside Quarters       // of these, those beyond office hours
	Office  bool           // whether the calendar has any
	People  int            // how many there were
	Each    []PersonLoad   // by person, the busiest first; nil where that is not wanted
	Zone    *time.Location // the calendar's
}

// PersonLoad is when one person was.
type PersonLoad struct {
	Who          incidents.Person // by their newest name
	All, Outside Quarters
}

// hoursOfDay is how many hours, as clocks show them, a day has.
const (
	hoursOfDay    = 24
	quartersOfDay = 96
)

// Most is the most that there is in one cell.
func (l Load) Most() Quarters {
	most := Quarters(0)
	for _, day := range l.Cells {
		most = max(most, slices.Max(day[:]))
	}
	return most
}

// person is somebody whose load is counted.
type person struct {
	PersonLoad
	quarters incidents.Quarters // of the day that is being counted
	counted  bool               // on that day
}

// crowd is who did something.
type crowd struct {
	people []person
	places map[string]int // by id
	today  []int          // the places of those who did something on the day that is being counted
}

// join adds what is in an incident's load of the day: who did something in several of
// them within one quarter of an hour did so once.
func (c *crowd) join(l *incidents.Load) {
	for _, a := range l.Acts {
		at, known := c.places[a.Who.ID]
		if !known {
			at = len(c.people)
			c.places[a.Who.ID] = at
			c.people = append(c.people, person{})
		}
		p := &c.people[at]
		p.Who = a.Who // days are in order, so the newest name stays
		p.quarters = joined(p.quarters, a.Quarters)
		if !p.counted {
			p.counted = true
			c.today = append(c.today, at)
		}
	}
}

// loadOf counts each person once in each quarter of an hour.
func loadOf(list []*incidents.Figures, o Options) Load {
	out := Load{Zone: zoneOf(o.Calendar), Office: len(o.Calendar.Hours) > 0}
	var rows []*incidents.Load
	for _, f := range list {
		for i := range f.Load {
			rows = append(rows, &f.Load[i])
		}
	}
	slices.SortStableFunc(rows, func(a, b *incidents.Load) int { return cmp.Compare(a.Day, b.Day) })
	c := crowd{places: map[string]int{}}
	for i, l := range rows {
		c.join(l)
		if i+1 < len(rows) && rows[i+1].Day == l.Day {
			continue
		}
		hours := clockOf(l.Day, o.Calendar)
		for _, at := range c.today {
			p := &c.people[at]
			out.add(hours, p.quarters, &p.PersonLoad)
			p.quarters, p.counted = incidents.Quarters{}, false
		}
		c.today = c.today[:0]
	}
	out.People = len(c.people)
	for _, one := range c.people {
		out.Outside += one.Outside
		out.All += one.All
		if o.People {
			out.Each = append(out.Each, one.PersonLoad)
		}
	}
	slices.SortFunc(out.Each, func(a, b PersonLoad) int {
		return cmp.Or(cmp.Compare(b.All, a.All), cmp.Compare(a.Who.Name, b.Who.Name), cmp.Compare(a.Who.ID, b.Who.ID))
	})
	return out
}

func joined(a, b incidents.Quarters) incidents.Quarters {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

func (l *Load) add(c *clock, q incidents.Quarters, one *PersonLoad) {
	for i := range quartersOfDay {
		if !q.Has(i) {
			continue
		}
		l.Cells[c.cell[i]/hoursOfDay][c.cell[i]%hoursOfDay]++
		one.All++
		if l.Office && !c.office[i] {
			one.Outside++
		}
	}
}

// clock is where the quarters of an hour of a day, in UTC, stand in the calendar.
type clock struct {
	cell   [quartersOfDay]int // 24 × the day of the week, from Monday, plus the hour
	office [quartersOfDay]bool
}

func clockOf(day int, c incidents.Calendar) *clock {
	var out clock
	zone, l := zoneOf(c), incidents.Load{Day: day}
	for i := range quartersOfDay {
		at := l.At(i).In(zone)
		out.cell[i] = (int(at.Weekday())+6)%7*hoursOfDay + at.Hour()
		out.office[i] = c.Open(at)
	}
	return &out
}
