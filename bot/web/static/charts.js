// Draws tables. A figure with data-chart names a kind of drawing, and with data-table
// the table that it draws: a column whose head has data-series is one, its cells have
// their numbers as data-v, and each row begins with its label. Everything here can be
// left out; without it the tables alone tell the same.
(function () {
  "use strict";

  if (!window.uPlot) {
    return;
  }

  var minute = 60, hour = 60 * minute, day = 24 * hour;
  var marks = [1, 10, minute, 5 * minute, 15 * minute, hour, 4 * hour, 12 * hour, day, 3 * day, 7 * day, 30 * day, 180 * day, 720 * day];

  // read is a table as numbers: labels, and for each series its name and values. Where
  // the labels are names, rows in which there is nothing are left out.
  function read(table, names) {
    var heads = Array.prototype.slice.call(table.tHead.rows[table.tHead.rows.length - 1].cells);
    var rows = Array.prototype.slice.call(table.tBodies[0].rows).filter(function (row) {
      return !names || heads.some(function (head, i) { return head.dataset.series && Number(row.cells[i].dataset.v); });
    });
    var series = [];
    heads.forEach(function (head, i) {
      if (head.dataset.series) {
        series.push({
          key: head.dataset.series,
          name: head.dataset.label || head.textContent.trim(),
          values: rows.map(function (row) {
            var v = row.cells[i].dataset.v;
            return v === undefined ? null : Number(v);
          }),
          words: rows.map(function (row) {
            return row.cells[i].dataset.word || row.cells[i].dataset.v || "none";
          })
        });
      }
    });
    return {
      labels: rows.map(function (row) { return row.cells[0].dataset.x || row.cells[0].textContent.trim(); }),
      full: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      series: series
    };
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  // short is a span as a mark on an axis.
  function short(s) {
    if (s < minute) { return s + " s"; }
    if (s < hour) { return s / minute + " min"; }
    if (s < day) { return s / hour + " h"; }
    return s / day + " d";
  }

  // axes are what both kinds have.
  function axes(data, width, y) {
    var base = { stroke: colour("soft"), font: "12px system-ui, sans-serif", ticks: { stroke: colour("line"), width: 1, size: 4 }, grid: { stroke: colour("line"), width: 1 } };
    var widest = Math.max.apply(null, data.labels.map(function (l) { return l.length; }));
    var room = (width - 70) / data.labels.length, needs = 6.5 * widest + 10;
    var slant = data.names && room < needs; // names cannot be left out as dates can
    var each = data.names || room >= needs;
    var x = Object.assign({}, base, {
      grid: { show: false },
      rotate: slant ? 45 : 0,
      size: slant ? Math.min(96, 24 + 4.6 * widest) : 32,
      space: each ? 1 : needs,
      incrs: each ? [1] : [1, 2, 3, 4, 6, 8, 12, 13, 26, 52],
      values: function (u, splits) {
        return splits.map(function (i) { return data.labels[i] || ""; });
      }
    });
    return [x, Object.assign({}, base, y)];
  }

  function whole(u, min, max) {
    return [-0.5, u.data[0].length - 0.5];
  }

  // stack draws counts on top of each other: the sum of all first, and over it what is
  // below.
  function stack(data, width) {
    var sums = data.labels.map(function () { return 0; });
    var layers = data.series.map(function (s) {
      sums = sums.map(function (sum, i) { return sum + (s.values[i] || 0); });
      return { values: sums, colour: colour("chart-" + s.key) };
    }).reverse();
    var most = Math.max.apply(null, sums.concat(1));
    return {
      data: [data.labels.map(function (_, i) { return i; })].concat(layers.map(function (l) { return l.values; })),
      scales: { x: { time: false, range: whole }, y: { range: function () { return [0, most * 1.08]; } } },
      axes: axes(data, width, { size: 44, space: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000] }),
      series: [{}].concat(layers.map(function (l) {
        return { fill: l.colour, stroke: colour("card"), width: 1, points: { show: false }, paths: uPlot.paths.bars({ size: [0.74, 72], align: 0 }) };
      }))
    };
  }

  // lines draws spans of time, on a scale on which each mark is several times the one
  // below.
  function lines(data, width) {
    var all = [];
    data.series.forEach(function (s) {
      s.values.forEach(function (v) { if (v !== null) { all.push(Math.max(1, v)); } });
    });
    var low = all.length ? Math.min.apply(null, all) / 1.6 : 1, high = all.length ? Math.max.apply(null, all) * 1.6 : 10;
    return {
      data: [data.labels.map(function (_, i) { return i; })].concat(data.series.map(function (s) {
        return s.values.map(function (v) { return v === null ? null : Math.max(1, v); });
      })),
      scales: { x: { time: false, range: whole }, y: { distr: 3, log: 10, range: function () { return [low, high]; } } },
      axes: axes(data, width, {
        size: 58,
        filter: function (u, splits) { return splits; }, // not powers of ten alone
        splits: function () { return marks.filter(function (m) { return m >= low && m <= high; }); },
        values: function (u, splits) { return splits.map(short); }
      }),
      series: [{}].concat(data.series.map(function (s, i) {
        var c = colour("chart-" + s.key);
        return { stroke: c, width: 2, dash: [[], [7, 4], [2, 4], [9, 3, 2, 3]][i % 4], spanGaps: true, points: { show: true, size: 8, fill: c, stroke: c } };
      }))
    };
  }

  var kinds = { stack: stack, lines: lines };

  function element(name, classes, text) {
    var e = document.createElement(name);
    e.className = classes;
    if (text) { e.textContent = text; }
    return e;
  }

  // draw fills a figure, and answers how to take the drawing away again.
  function draw(figure) {
    var table = document.getElementById(figure.dataset.table);
    var names = figure.dataset.names !== undefined;
    var data = table && read(table, names);
    if (!data || !data.labels.length || !data.series.length) {
      return function () {};
    }
    data.names = names;
    figure.textContent = "";
    var key = element("ul", "chart-key");
    data.series.forEach(function (s) {
      var item = element("li", "");
      item.append(element("span", "swatch c-" + s.key), document.createTextNode(s.name));
      key.append(item);
    });
    var plot = element("div", "plot");
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", figure.dataset.label);
    var readout = element("p", "readout");
    readout.setAttribute("aria-hidden", "true"); // the table says it
    figure.append(key, plot, readout);
    var chart = kinds[figure.dataset.chart](data, plot.clientWidth);
    chart.width = plot.clientWidth;
    chart.padding = [8, 12, 0, 0];
    chart.height = Math.min(300, Math.max(200, Math.round(plot.clientWidth * 0.32)));
    chart.legend = { show: false };
    chart.cursor = { y: false, drag: { x: false, y: false }, points: { show: false } };
    chart.hooks = {
      setCursor: [function (u) {
        var i = u.cursor.idx;
        if (i === null || i === undefined) {
          readout.textContent = "";
          return;
        }
        readout.textContent = data.full[i] + ": " + data.series.map(function (s) { return s.name + " " + s.words[i]; }).join(", ");
      }]
    };
    var u = new uPlot(chart, chart.data, plot);
    var observer = new ResizeObserver(function () {
      if (plot.clientWidth && plot.clientWidth !== u.width) {
        u.setSize({ width: plot.clientWidth, height: chart.height });
      }
    });
    observer.observe(plot);
    return function () {
      observer.disconnect();
      u.destroy();
    };
  }

  var figures = Array.prototype.slice.call(document.querySelectorAll("[data-chart]"));
  var undo = [];
  function all() {
    undo.forEach(function (f) { f(); });
    undo = figures.map(draw);
    document.documentElement.classList.add("has-charts");
  }
  all();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
