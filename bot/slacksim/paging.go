package slacksim

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// page picks the part of n items that the arguments limit and cursor ask for. key names an item: a cursor holds the
// key and the place of the last item given, so that items that come in between neither repeat nor hide others; where
// that item is gone, the one now in its place comes next. It returns the items' indexes and response_metadata.
func (c *call) page(n int, key func(i int) string) (page []int, next object, err error) {
	return c.pageAfter(n, key, func(last string, at int) int {
		if i := slices.IndexFunc(indexes(n), func(i int) bool { return key(i) == last }); i >= 0 {
			return i + 1
		}
		return at
	})
}

// pageAfter is page where the items' order tells where to go on after the cursor's item: start is the index of the
// first item after the one that had the key and was at the place.
func (c *call) pageAfter(n int, key func(i int) string, start func(last string, at int) int) (page []int, next object, err error) {
	limit, ok := c.args.integer("limit", c.method.Limit)
	if !ok || limit < 0 || limit > maxListPage {
		return nil, nil, c.badArgument("limit", "invalid_limit")
	}
	if limit == 0 {
		limit = c.method.Limit
	}
	if limit == 0 {
		limit = maxListPage
	}
	first := 0
	if cursor := c.args["cursor"]; cursor != "" {
		last, at, ok := readCursor(cursor)
		if !ok {
			return nil, nil, c.badArgument("cursor", "invalid_cursor")
		}
		first = min(n, start(last, at))
	}
	end := min(n, first+limit)
	cursor := ""
	if end < n {
		cursor = writeCursor(key(end-1), end-1)
	}
	return indexes(n)[first:end], object{"next_cursor": cursor}, nil
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// badArgument is a method's own error where it has one, else the general one.
func (c *call) badArgument(name, own string) error {
	if slices.Contains(c.method.Errors, own) {
		return refuse(own)
	}
	return refuse("invalid_arguments", "[ERROR] invalid value [json-pointer:/"+name+"]")
}

func writeCursor(key string, at int) string {
	return base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(at) + ":" + key))
}

func readCursor(cursor string) (key string, at int, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	rest, ours := strings.CutPrefix(string(raw), "next:")
	place, key, whole := strings.Cut(rest, ":")
	if err != nil || !ours || !whole {
		return "", 0, false
	}
	at, err = strconv.Atoi(place)
	return key, at, err == nil && at >= 0
}
