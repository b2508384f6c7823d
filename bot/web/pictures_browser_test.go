package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// picture writes what the window shows, for the documentation, where that is asked for.
func (b *tab) picture(name string) {
	b.t.Helper()
	if *pictures == "" {
		return
	}
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		shot, err = light(shot)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(*pictures, name+".png"), shot, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// light is a picture with the 256 colours that it has most of, which a page is hardly
// told apart by and weighs half.
func light(shot []byte) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	many, area := map[color.RGBA]int{}, from.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			many[at(x, y)]++
		}
	}
	var colours color.Palette
	for c := range many {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.Color) int { return many[b.(color.RGBA)] - many[a.(color.RGBA)] })
	to := image.NewPaletted(area, colours[:min(256, len(colours))])
	nearest := map[color.RGBA]uint8{}
	for c := range many {
		nearest[c] = uint8(to.Palette.Index(c))
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			to.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}

// TestPicturesOfTheDocumentation shows what the documentation shows. With -pictures it
// takes the pictures; without, it says whether there is still something to take.
func TestPicturesOfTheDocumentation(t *testing.T) {
	d, b, fire := burning(t)
	for _, p := range []struct {
		name, path    string
		width, height int64
		dark          bool
		ready         string // a condition
	}{
		{"now", "/", 1280, 640, false, `document.querySelectorAll(".rows .row").length > 3`},
		{"now-dark", "/", 1280, 640, true, `document.querySelectorAll(".rows .row").length > 3`},
		{"incidents", "/incidents", 1280, 800, false, `document.querySelectorAll(".row").length > 10`},
		{"incident", fire, 1280, 1000, false, `document.querySelector("#do-resolve") && document.querySelector(".picture svg")`},
		{"incident-phone", fire, 390, 844, true, `document.querySelector("#do-resolve")`},
		{"picture", "/incidents/INC-19#picture-h", 1280, 760, false, `document.querySelector(".picture svg")`},
		{"postmortem", "/incidents/INC-32/postmortem#s-summary", 1280, 960, false, `document.querySelectorAll(".cite").length > 3`},
		{"postmortem-changes", "/incidents/INC-32/postmortem?from=1&to=2", 1280, 700, false, `document.querySelector(".d-added")`},
		{"postmortems", "/postmortems", 1280, 640, false, `document.querySelectorAll(".row").length > 5`},
		{"insights", "/insights", 1280, 1000, false, `document.querySelectorAll("[data-chart] canvas").length === 3`},
		{"followups", "/followups", 1280, 640, false, `document.querySelector("main table, main .task")`},
	} {
		b.look(p.width, p.height, p.dark)
		b.open(d.dashboard + p.path)
		b.wait(p.ready)
		b.picture(p.name)
	}
}
