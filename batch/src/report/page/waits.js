// How long customers waited in queues, by percentiles, and who was free when they gave up.

/** Rows of `waits` with the names of their queues, and the one of all queues. */
function waitsOf(data) {
  const rows = data.waits
    .filter((row) => row.queue != null)
    .map((row) => ({ ...row, key: row.queue, name: labelOf(data.queues, row.queue) }));
  const all = data.waits.find((row) => row.queue == null);
  return { rows, all };
}

function showWaits(data) {
  const { rows, all } = waitsOf(data);
  const columns = (kind, visits, wait) => [
    { label: visits, value: (row) => row[kind].visits, text: number },
    ...["p50", "p90", "p95"].map((percentile) => ({
      label: `${wait} ${percentile}`,
      value: (row) => row[kind][percentile],
      text: duration,
    })),
  ];
  put(
    "percentiles-table",
    table({
      file: "queues-wait-percentiles",
      caption:
        "Percentiles of the wait in a queue, without ringing: half of the visits waited no longer than p50, nine in ten no longer than p90",
      rows: sorted(rows, (row) => row.live.visits, true),
      total: all && (() => all),
      columns: [
        queueColumn(data),
        ...columns("live", "Answered or abandoned", data.isCalls ? "Live wait" : "Wait"),
        ...(data.isCalls ? columns("callback", "Callbacks over", "Callback wait") : []),
      ],
    }),
  );
}

/** What the agents of a queue did when a caller gave up. */
const STAFFING = {
  available: "An agent was free",
  all_busy: "All were busy",
  idle: "Logged in, none ready",
  nobody_logged_in: "Nobody logged in",
  unknown: "Not known",
};

/** Of agents on other channels than the telephone that is not asked. */
function showStaffing(data) {
  const { rows, all } = waitsOf(data);
  const of = (row, staffing) => row.staffing[staffing] ?? 0;
  const abandoned = (row) => d3.sum(Object.values(row.staffing));
  at("staffing").hidden = !data.isCalls || !all || abandoned(all) === 0;
  if (at("staffing").hidden) return;
  const kinds = Object.entries(STAFFING).map(([staffing, label]) => ({
    label,
    value: (row) => of(row, staffing),
    text: number,
  }));
  put(
    "staffing-table",
    table({
      file: "queues-staffing",
      caption: "Abandoned visits by what the agents of the queue did at that moment",
      rows: sorted(rows.filter(abandoned), abandoned, true),
      total: all && (() => all),
      columns: [queueColumn(data), { label: "Gave up", value: abandoned, text: number }, ...kinds],
    }),
  );
}
