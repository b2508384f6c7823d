// Package insights computes what statistics say of many incidents, from their figures
// alone: how many there were, how long they took, what was kept and missed, and when
// people were at work.
//
// How each figure is made:
//
//   - Durations are between two moments of one incident; see [Measures]. A median and
//     a 90th percentile are by the nearest rank ([incidents.Rank]): each is what one
//     incident took, which is named with both its moments. There are no means.
//   - An incident that is open, and whose clock still runs, is counted as such beside
//     the median, with how long the longest runs already. It is in neither the median
//     nor the percentile, for nobody knows yet how long it takes. So these are of what
//     has ended, and the count says how much they leave out.
//   - What has ended without one of the moments, or with moments that contradict each
//     other, is counted as unknown.
//   - An incident with several services counts with each of them.
//   - Drills and incidents are never in one figure; see [Options].
//   - Load is the quarters of an hour in which somebody did something, each person
//     once in each, in however many incidents; its hours are those of the calendar's
//     zone.
//
// Whoever calls [Of] chooses of which incidents: those that somebody may see.
package insights
