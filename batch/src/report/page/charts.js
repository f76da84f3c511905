// Charts, drawn with Observable Plot. What happened is solid; what the webhooks say is dashed or
// hatched, so that no chart rests on colour alone. Colours are variables of the style sheet.

const TRUTH = "var(--truth)";
const NAIVE = "var(--naive)";
const CALLBACK = "var(--callback)";
const INK = "var(--ink)";
const LINE = "var(--line)";

const drawn = [];

/** Draws a chart into an element, again when its width changes. `draw` takes the width. */
function chart(id, label, draw) {
  const place = at(id);
  const known = drawn.find((other) => other.place === place);
  const entry = known ?? { place, width: 0 };
  Object.assign(entry, { label, draw, width: 0 });
  if (!known) {
    drawn.push(entry);
    new ResizeObserver(() => redraw(entry)).observe(place);
  }
  redraw(entry);
}

function redraw(entry) {
  const width = Math.max(280, Math.floor(entry.place.clientWidth));
  if (width === entry.width) return;
  entry.width = width;
  const figure = entry.draw(width);
  figure.setAttribute("aria-label", entry.label);
  figure.setAttribute("role", "img");
  // An image has no parts of its own; the names that Plot gives to groups of marks are no labels.
  for (const part of figure.querySelectorAll("g[aria-label]")) part.removeAttribute("aria-label");
  entry.place.replaceChildren(figure);
}

const STYLE = {
  background: "transparent",
  color: INK,
  fontFamily: "inherit",
  fontSize: "12px",
  overflow: "visible",
};

/** The patterns that charts fill with. */
function patterns() {
  const pattern = (id, color) => {
    const made = d3
      .create("svg:pattern")
      .attr("id", id)
      .attr("width", 6)
      .attr("height", 6)
      .attr("patternUnits", "userSpaceOnUse")
      .attr("patternTransform", "rotate(45)");
    made
      .append("rect")
      .attr("width", 6)
      .attr("height", 6)
      .attr("fill", color)
      .attr("fill-opacity", 0.18);
    made.append("rect").attr("width", 2).attr("height", 6).attr("fill", color);
    return made.node();
  };
  const defs = d3.create("svg:defs").node();
  defs.append(pattern("hatch-naive", NAIVE), pattern("hatch-callback", CALLBACK));
  const holder = d3
    .create("svg")
    .attr("width", 0)
    .attr("height", 0)
    .attr("aria-hidden", "true")
    .style("position", "absolute")
    .node();
  holder.append(defs);
  document.body.append(holder);
}

/** Tasks by what webhooks said, divided by what became of them. */
function outcomesPlot(rows, width) {
  const narrow = width < 620;
  const most =
    d3.max(
      d3
        .rollup(
          rows,
          (of) => d3.sum(of, (row) => row.tasks),
          (row) => row.said,
        )
        .values(),
    ) || 1;
  const margin = narrow ? 84 : 110;
  const fits = (row) =>
    (row.tasks / most) * (width - margin - 20) > 7.2 * `${number(row.tasks)} ${row.is}`.length;
  const fitsNumber = (row) =>
    !fits(row) && (row.tasks / most) * (width - margin - 20) > 9 * number(row.tasks).length;
  const bars = { x: "tasks", y: "said", order: null };
  return Plot.plot({
    width,
    height: 40 + 46 * new Set(rows.map((row) => row.said)).size,
    marginLeft: margin,
    marginRight: 20,
    style: STYLE,
    x: { label: "tasks", tickFormat: number, ticks: Math.min(most, narrow ? 4 : 8) },
    y: {
      label: null,
      domain: [...new Set(rows.map((row) => row.said))],
      padding: 0.25,
      tickSize: 0,
      tickFormat: (said) => `“${said}”`,
    },
    marks: [
      Plot.barX(
        rows,
        Plot.stackX({
          ...bars,
          fill: (row) => (row.right ? "var(--truth-soft)" : "url(#hatch-naive)"),
          stroke: "var(--page)",
          strokeWidth: 1.5,
          insetRight: 0.5,
        }),
      ),
      Plot.text(
        rows,
        Plot.stackX({
          ...bars,
          text: (row) =>
            fits(row) ? `${number(row.tasks)} ${row.is}` : fitsNumber(row) ? number(row.tasks) : "",
          fill: INK,
          stroke: "var(--page)",
          strokeWidth: 4,
          fontWeight: 600,
        }),
      ),
      Plot.tip(
        rows,
        Plot.pointerX(
          Plot.stackX({
            ...bars,
            title: (row) =>
              `webhooks said ${row.said}\nwhat happened: ${row.is}\n${counted(row.tasks, "task")}`,
            ...TIP,
          }),
        ),
      ),
    ],
  });
}

const TIP = { fill: "var(--card)", stroke: LINE, textPadding: 8, fontSize: 12 };

/** A metric by queue: where the webhooks put it, and where it is. */
function queuesPlot(rows, metric, width) {
  const unit = unitOf(metric);
  const points = rows
    .map((row) => ({
      name: row.name,
      value: unit.of(metric.value(row)),
      naive: metric.naive ? unit.of(metric.naive(row)) : null,
    }))
    .filter((point) => point.value != null || point.naive != null);
  const names = points.sort((a, b) => (b.value ?? -1) - (a.value ?? -1)).map((point) => point.name);
  const text = (point) =>
    `${point.name}\n${metric.label}: ${unit.text(point.value)}${point.naive == null ? "" : `\nwebhooks: ${unit.text(point.naive)}`}`;
  const margin = Math.min(width * 0.34, 24 + 7 * d3.max(names, (name) => name.length) || 60);
  return Plot.plot({
    width,
    height: 54 + 26 * points.length,
    marginLeft: margin,
    marginRight: 30,
    style: STYLE,
    x: { label: `${metric.label}${unit.label}`, zero: true, grid: true, nice: true },
    y: { type: "point", label: null, domain: names, tickSize: 0 },
    marks: [
      Plot.ruleY(
        points.filter((point) => point.value != null && point.naive != null),
        {
          y: "name",
          x1: "naive",
          x2: "value",
          stroke: NAIVE,
          strokeDasharray: "3 3",
          strokeWidth: 1.5,
        },
      ),
      Plot.dot(points, {
        y: "name",
        x: "naive",
        r: 5,
        stroke: NAIVE,
        strokeWidth: 2,
        fill: "var(--page)",
      }),
      Plot.dot(points, { y: "name", x: "value", r: 5.5, fill: TRUTH }),
      Plot.tip(points, Plot.pointerY({ y: "name", x: "value", title: text, ...TIP })),
    ],
  });
}

/** Hours, minutes, percent: what an axis shows of a metric. */
function unitOf(metric) {
  const of = (factor) => (value) => (value == null ? null : value * factor);
  if (metric.format === percent)
    return {
      of: of(100),
      label: " (%)",
      text: (value) => (value == null ? NOTHING : `${value.toFixed(1)}${THIN_SPACE}%`),
    };
  if (metric.format === duration)
    return {
      of: of(1 / 60_000),
      label: " (minutes)",
      text: (value) => (value == null ? NOTHING : duration(value * 60_000)),
    };
  return { of: of(1), label: "", text: number };
}

/** Waits by interval: on the line, off it, and what webhooks show as on the line. */
function waitsPlot(axis, isCalls, width) {
  const HOUR = 3_600_000;
  const { rows } = axis;
  const inset = width / axis.end > 4 ? 0.5 : 0;
  const bars = rows.flatMap((row) => [
    { place: row.place, hours: row.live_wait_ms / HOUR, fill: TRUTH },
    { place: row.place, hours: row.callback_wait_ms / HOUR, fill: "url(#hatch-callback)" },
  ]);
  const waits = (row) =>
    isCalls
      ? [
          `on the line: ${duration(row.live_wait_ms)}`,
          `off the line: ${duration(row.callback_wait_ms)}`,
          `webhooks show on the line: ${duration(row.naive_live_wait_ms)}`,
        ]
      : [
          `waiting: ${duration(row.live_wait_ms)}`,
          `webhooks show waiting: ${duration(row.naive_live_wait_ms)}`,
        ];
  const text = (row) => [axis.intervalOf(row.key), ...waits(row)].join("\n");
  return Plot.plot({
    width,
    height: 280,
    marginLeft: 48,
    marginRight: 32,
    marginBottom: 40,
    style: STYLE,
    x: { type: "linear", domain: [0, axis.end] },
    y: { label: "hours of waiting", grid: true, nice: true },
    marks: [
      ...axis.cutMarks(width),
      Plot.rectY(bars, {
        x1: "place",
        x2: (bar) => bar.place + 1,
        y: "hours",
        fill: "fill",
        insetLeft: inset,
        insetRight: inset,
        order: null,
      }),
      Plot.lineY([...rows, { ...rows.at(-1), place: axis.end }], {
        x: "place",
        y: (row) => row.naive_live_wait_ms / HOUR,
        stroke: NAIVE,
        strokeWidth: 2,
        strokeDasharray: "5 3",
        curve: "step-after",
      }),
      axis.ticks(width),
      Plot.ruleY([0], { stroke: INK }),
      Plot.tip(
        rows,
        Plot.pointerX({
          x: (row) => row.place + 0.5,
          y: (row) => (row.live_wait_ms + row.callback_wait_ms) / HOUR,
          title: text,
          ...TIP,
        }),
      ),
    ],
  });
}

/** A metric by interval, beside its naive twin. */
function trendPlot(axis, metric, width) {
  const { rows } = axis;
  const unit = unitOf(metric);
  const value = (row) => unit.of(metric.value(row));
  const naive = (row) => (metric.naive ? unit.of(metric.naive(row)) : null);
  const text = (row) =>
    `${axis.intervalOf(row.key)}\n${metric.label}: ${unit.text(value(row))}${metric.naive ? `\nwebhooks: ${unit.text(naive(row))}` : ""}`;
  return Plot.plot({
    width,
    height: 240,
    marginLeft: 48,
    marginRight: 32,
    marginBottom: 40,
    style: STYLE,
    x: { type: "linear" },
    y: { label: `${metric.label}${unit.label}`, grid: true, zero: true, nice: true },
    marks: [
      ...axis.cutMarks(width),
      metric.naive
        ? Plot.lineY(rows, {
            x: "place",
            y: naive,
            stroke: NAIVE,
            strokeWidth: 1.8,
            strokeDasharray: "5 3",
          })
        : null,
      Plot.lineY(rows, { x: "place", y: value, stroke: TRUTH, strokeWidth: 2.2 }),
      rows.length < 60 && metric.naive
        ? Plot.dot(rows, {
            x: "place",
            y: naive,
            r: 3,
            stroke: NAIVE,
            strokeWidth: 1.5,
            fill: "var(--page)",
          })
        : null,
      rows.length < 60 ? Plot.dot(rows, { x: "place", y: value, r: 3, fill: TRUTH }) : null,
      axis.ticks(width),
      Plot.ruleY([0], { stroke: INK }),
      Plot.tip(rows, Plot.pointerX({ x: "place", y: value, title: text, ...TIP })),
    ],
  });
}
