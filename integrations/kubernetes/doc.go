// Package kubernetes watches the warnings of a cluster: the events of type Warning that its parts write when a pod is
// killed, cannot be placed or does not answer; see docs/integrations/kubernetes.md.
//
// It asks the cluster's API as https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
// has it: a list, then a watch from the list's resourceVersion on. A watch says where it got to in each event and in
// bookmarks, and goes on from there when it was cut; where the cluster no longer knows that place (410 Gone), a new list
// says what was missed. Nothing is sent to us, so there is no door and no key.
package kubernetes
