package bolt

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// What is found only after more leaps than one transaction makes is found, in both
// orders, and by a search.
func TestListsInShortTransactions(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "fireboss.db"), Options{})
	const many = 400
	var want []incidents.Number
	next := 0
	must(t, db.ApplyAll(t.Context(), func(incidents.Outcome, Reader) (incidents.Command, bool) {
		i := next
		next++
		title := fmt.Sprintf("%s%d", []string{"alpha", "beta"}[i%2], i%60) // never both, but twice
		if i == 0 || i == many-1 {
			title = "alpha1 beta1"
			want = append(want, incidents.Number(i+1))
		}
		return incidents.Command{ID: fmt.Sprint(i), Actor: incidents.Fireboss, At: db.options.Now(), Do: incidents.Open{Title: title}}, i < many
	}))
	both := []string{"alpha", "beta"}
	for _, limit := range []int{0, 1, 2, 3} {
		q := store.Query{Words: both, Limit: limit, Oldest: true}
		for range 2 {
			list, err := db.Incidents(t.Context(), q)
			must(t, err)
			var got []incidents.Number
			for _, in := range list {
				got = append(got, in.Number)
			}
			wanted := slices.Clone(want)
			if !q.Oldest {
				slices.Reverse(wanted)
			}
			if limit == 1 {
				wanted = wanted[:1]
			}
			if !slices.Equal(got, wanted) {
				t.Errorf("%d of the oldest (%v) are %v, want %v", limit, q.Oldest, got, wanted)
			}
			q.Oldest = false
		}
	}
	got, err := db.Search(t.Context(), both, 5)
	if err != nil || !slices.Equal(got, []incidents.Number{many, 1}) {
		t.Errorf("a search finds %v, %v", got, err)
	}
}
