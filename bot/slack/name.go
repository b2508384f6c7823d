package slack

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

// maxChannel is Slack's longest channel name.
const maxChannel = 80

// latin writes letters of European alphabets with a to z.
var latin = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "å", "a", "æ", "ae", "ø", "o", "á", "a", "à", "a", "â", "a", "ã", "a",
	"é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i", "ï", "i", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u",
	"ñ", "n", "ç", "c", "č", "c", "ć", "c", "š", "s", "ś", "s", "ž", "z", "ź", "z", "ż", "z", "ł", "l", "ý", "y", "ř", "r", "ě", "e", "ů", "u", "ő", "o", "ű", "u")

// slug makes of a title what a channel's name may hold: a to z, digits and
// single hyphens.
func slug(title string) string {
	var b strings.Builder
	for _, r := range latin.Replace(strings.ToLower(title)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			b.WriteRune(r)
		case r == '\'' || r == '’': // don't -> dont
		case b.Len() > 0 && b.String()[b.Len()-1] != '-':
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-_")
}

// channelName is the name of an incident's channel; attempt 1 is the natural
// one, the following carry a suffix.
func channelName(in incidents.Incident, attempt int) string {
	prefix := "inc"
	if in.Drill {
		prefix = "drill"
	}
	name := fmt.Sprintf("%s-%d", prefix, in.Number)
	if s := slug(in.Title); s != "" {
		name += "-" + s
	}
	suffix := ""
	if attempt > 1 {
		suffix = fmt.Sprintf("-%d", attempt)
	}
	if room := maxChannel - len(suffix); len(name) > room {
		name = name[:room]
		if i := strings.LastIndexByte(name, '-'); i > room/2 {
			name = name[:i]
		}
		name = strings.TrimRight(name, "-_")
	}
	return name + suffix
}
