// Queues and half hours: charts of what happened beside what webhooks say, and the tables.

function showQueues(data, metrics) {
  const nameOf = (queue) => labelOf(data.queues, queue, "no queue");
  const rows = sumBy(data.rows, (row) => row.queue).map((row) => ({
    ...row,
    name: nameOf(row.key),
  }));
  const named = rows.filter((row) => row.key != null);
  const charted = metrics.filter((metric) => metric.table != null);
  const show = (metric) =>
    chart(
      "queues-plot",
      `${metric.label} by queue, what happened and what the webhooks alone say`,
      (width) => queuesPlot(named, metric, width),
    );
  if (named.length > 0) {
    put(
      "queues-chart",
      metricChoice("Chart of", charted, "asa", show),
      element("div", { id: "queues-plot" }),
    );
    show(charted.find((metric) => metric.key === "asa"));
  } else {
    put("queues-chart", element("p", { class: "lead" }, "Nothing of this period came to a queue."));
  }
  const tableOf = (file, caption, of, filter) =>
    table({
      file,
      caption,
      rows: sorted(rows, (row) => row.offered, true),
      total: sumOf,
      filter,
      columns: [queueColumn(data), ...metricColumns(metrics, of)],
    });
  const filter = { label: "Filter queues", text: (row) => row.name };
  put("queues-table", tableOf("queues-visits", VISITS_CAPTION, "visits", filter));
  put("queues-service-table", tableOf("queues-service", SERVICE_CAPTION, "service"));
}

const SMALL_FIGURE = "the small figure is what the webhooks alone say";
const VISITS_CAPTION = `What became of visits: offered = answered + abandoned + short + flow-out + open; ${SMALL_FIGURE}`;
const SERVICE_CAPTION = `How they were served; ${SMALL_FIGURE}`;

/** The column that names the queue of a row, which has its number as key. */
function queueColumn(data) {
  return nameColumn("Queue", (row) => data.queues[row.key]?.id);
}

/** The column that names what a row is about; a file has its id too. */
function nameColumn(label, idOf) {
  const value = (row) => row.name;
  return {
    label,
    value,
    cell: (row) => labelled(row.name, idOf(row)),
    exports: [
      { label, value },
      { label: `${label} id`, value: idOf },
    ],
  };
}

/** A label that tells its id. */
function labelled(label, id) {
  return element("span", { title: id && id !== label ? id : null }, label);
}

/** A choice of a metric. */
function metricChoice(label, metrics, chosen, onChange) {
  const options = metrics.map(({ key, label }) =>
    element("option", { value: key, selected: key === chosen }, label),
  );
  const pick = (event) => onChange(metrics.find((metric) => metric.key === event.target.value));
  return element(
    "label",
    { class: "choice" },
    `${label} `,
    element("select", { onchange: pick }, ...options),
  );
}

function showIntervals(data, metrics, clock) {
  const byDay = data.intervals.by_day;
  if (byDay) for (const id of ["intervals-title", "intervals-link"]) put(id, "Days");
  const charted = metrics.filter((metric) => metric.table != null);
  const days = [...new Set(data.rows.map((row) => clock.dayKey(row.start)))].sort();
  const state = {
    queue: "all",
    day: "all",
    metric: charted.find((metric) => metric.key === "asa"),
  };

  const queueOptions = [...new Set(data.rows.map((row) => row.queue))]
    .filter((queue) => queue != null)
    .map((queue) => [data.queues[queue].label, queue])
    .sort((a, b) => a[0].localeCompare(b[0]));
  const choice = (label, name, options) =>
    element(
      "label",
      { class: "choice" },
      `${label} `,
      element(
        "select",
        {
          name,
          onchange: (event) => {
            state[name] = event.target.value;
            draw();
          },
        },
        ...options.map(([text, value]) => element("option", { value }, text)),
      ),
    );
  put(
    "intervals-controls",
    choice("Queue", "queue", [["all queues", "all"], ...queueOptions]),
    days.length > 1 && !byDay
      ? choice("Day", "day", [["all days", "all"], ...days.map((day) => [day, day])])
      : null,
    metricChoice("Second chart", charted, state.metric.key, (metric) => {
      state.metric = metric;
      draw();
    }),
  );

  function draw() {
    const visible = data.rows.filter(
      (row) =>
        (state.queue === "all" || row.queue === Number(state.queue)) &&
        (state.day === "all" || clock.dayKey(row.start) === state.day),
    );
    const rows = sorted(
      sumBy(visible, (row) => row.start),
      (row) => row.key,
    );
    const where =
      state.queue === "all" ? "all queues" : `queue ${data.queues[Number(state.queue)].label}`;
    put("trend-title", `${state.metric.label}, what happened and what the webhooks say`);
    if (rows.length === 0) {
      put("waits-chart", element("p", { class: "lead" }, "Nothing happened here."));
    } else {
      const axis = new IntervalAxis(rows, { clock, byDay });
      chart("waits-chart", `${WAITING(data.isCalls)}, hours, ${where}`, (width) =>
        waitsPlot(axis, data.isCalls, width),
      );
      chart("trend-chart", `${state.metric.label}, ${where}`, (width) =>
        trendPlot(axis, state.metric, width),
      );
    }
    const tableOf = (file, caption, columns, filter) =>
      table({
        file: `${byDay ? "days" : "half-hours"}-${file}`,
        caption: `${byDay ? "Days" : "Half hours"}, ${where}. ${caption}`,
        rows,
        limit: 24,
        total: sumOf,
        filter,
        columns: [
          {
            label: byDay ? "Day" : "From",
            value: (row) => row.key,
            cell: (row) => (byDay ? clock.day(row.key) : clock.dayAndMinute(row.key)),
            exports: byDay
              ? [{ label: "Day", value: (row) => clock.dayKey(row.key) }]
              : instantExports("From", (row) => row.key, clock),
          },
          ...columns,
        ],
      });
    put("waits-table", tableOf("waits", WAITING(data.isCalls), waitColumns(data.isCalls)));
    const filter = {
      label: byDay ? "Filter days" : "Filter half hours, such as “Mon” or “09:30”",
      text: (row) => clock.dayAndMinute(row.key),
    };
    const columnsOf = (of) => metricColumns(metrics, of);
    put("intervals-table", tableOf("visits", VISITS_CAPTION, columnsOf("visits"), filter));
    put("intervals-service-table", tableOf("service", SERVICE_CAPTION, columnsOf("service")));
  }
  sayWaiting(data.isCalls);
  draw();
}

/** The title of the chart of waits. */
const WAITING = (isCalls) => (isCalls ? "Waiting, on the line and off it" : "Waiting");

/** What the chart of waits shows, as columns of a table. */
function waitColumns(isCalls) {
  const sum = (label, key) => ({ label, value: (row) => row[key], text: duration });
  return [
    sum(isCalls ? "On the line" : "Waiting", "live_wait_ms"),
    ...(isCalls ? [sum("Off the line", "callback_wait_ms")] : []),
    sum(isCalls ? "On the line, say the webhooks" : "Waiting, say the webhooks", "naive_live_wait_ms"),
  ];
}

/** The words around the chart of waits. */
function sayWaiting(isCalls) {
  const key = (kind, text) => element("span", { class: `key-${kind}` }, text);
  put("waits-title", WAITING(isCalls));
  put(
    "waits-lead",
    "Hours that customers waited, by when their wait began. ",
    isCalls
      ? "The webhooks alone show people on the line who had hung up and waited to be called back."
      : null,
  );
  put(
    "waits-key",
    key("live", isCalls ? "on the line" : "waiting"),
    isCalls ? key("callback", "off the line, waiting to be called back") : null,
    key("naive", isCalls ? "on the line, say the webhooks" : "waiting, say the webhooks"),
  );
}
