package slacksim

import (
	"encoding/base64"
	"slices"
	"strings"
)

// page picks the part of n items that the arguments limit and cursor ask for. key names an item: a cursor holds the
// key of the last item given, so that items that come in between neither repeat nor hide others. It returns the
// items' indexes and response_metadata.
func (c *call) page(n int, key func(i int) string) (page []int, next object, err error) {
	return c.pageAfter(n, key, func(last string) int {
		return slices.IndexFunc(indexes(n), func(i int) bool { return key(i) == last }) + 1
	})
}

// pageAfter is page where the items' order tells where to go on even after the cursor's item is gone: start is the
// index of the first item after the one with a key, or 0 where there is none.
func (c *call) pageAfter(n int, key func(i int) string, start func(last string) int) (page []int, next object, err error) {
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
		last, ok := readCursor(cursor)
		if first = start(last); !ok || first == 0 {
			return nil, nil, c.badArgument("cursor", "invalid_cursor")
		}
	}
	end := min(n, first+limit)
	cursor := ""
	if end < n {
		cursor = writeCursor(key(end - 1))
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

func writeCursor(key string) string { return base64.StdEncoding.EncodeToString([]byte("next:" + key)) }

func readCursor(cursor string) (key string, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return "", false
	}
	return strings.CutPrefix(string(raw), "next:")
}
