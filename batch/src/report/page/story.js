// The first screen: what happened, in words and in figures beside their naive twins.

function showSummary(data, metrics) {
  const sentences = storyOf(data);
  put("summary-title", headlineOf(data));
  put("story", ...sentences.map((parts) => element("li", {}, ...parts)));
  const sums = { ...sumOf(data.rows), ...data.figures };
  put("cards", ...metrics.filter((metric) => metric.card).map((metric) => card(metric, sums)));
  put(
    "formulas",
    ...metrics.flatMap(({ label, formula }) => [
      element("dt", {}, label),
      element("dd", {}, formula),
    ]),
  );
}

function showPeriod(data, clock) {
  const { options } = data.receipt;
  const until = Date.parse(options.as_of);
  const from = data.totals.first_started_at ?? until;
  const sameDay = clock.dayKey(from) === clock.dayKey(until);
  const range = sameDay
    ? `${clock.date(from)}, ${clock.minute(from)} to ${clock.minute(until)}`
    : `${clock.date(from)}, ${clock.minute(from)}, to ${clock.date(until)}, ${clock.minute(until)}`;
  const { tasks, channels } = data.totals;
  const kinds = channels.map((of) => counted(of.tasks, ...CHANNELS[of.channel].slice(1)));
  const parts = [
    `${range} (${options.timezone})`,
    counted(tasks, "task") + (kinds.length > 1 ? ` (${kinds.join(", ")})` : ""),
    counted(data.queues.length, "queue"),
  ];
  put("period", parts.join(" · "));
  document.title = `What really happened, ${sameDay ? clock.date(from) : `${clock.date(from)} to ${clock.date(until)}`}`;
}

function headlineOf(data) {
  const misreported = data.days.reduce((sum, day) => sum + day.misreported, 0);
  const { one, several } = data;
  const { tasks } = data.figures;
  if (tasks === 0) return "No task began in this period.";
  if (misreported === 0) {
    return tasks === 1
      ? `The webhooks told the truth about the one ${one}.`
      : `The webhooks told the truth about all ${number(tasks)} ${several}.`;
  }
  if (tasks === 1) return `The one ${one} was not what the webhooks said.`;
  if (misreported === 2 && tasks === 2) return `Both ${several} were not what the webhooks said.`;
  const of =
    misreported === tasks
      ? `All ${number(tasks)} ${several} were`
      : `${number(misreported)} of ${number(tasks)} ${several} (${percent(misreported / tasks)}) were`;
  return `${of} not what the webhooks said.`;
}

/** The largest differences, each as text and emphasis. */
function storyOf(data) {
  const strong = (text) => element("strong", {}, text);
  const tasksIn = (rows) => rows.reduce((sum, row) => sum + row.tasks, 0);
  const lost = data.outcomes.filter((row) => ["abandoned", "failed"].includes(row.naive));
  const calledOf = (rows) => [...new Set(rows.map((row) => row.naive))].sort().join(" or ");
  const sentences = [];

  const callbacks = lost.filter((row) => row.callback !== "none");
  if (callbacks.length > 0) {
    const count = tasksIn(callbacks);
    const succeeded = tasksIn(callbacks.filter((row) => row.callback === "completed"));
    const called = calledOf(callbacks);
    sentences.push(
      count === 1
        ? [
            strong(data.counted(1)),
            ` that the webhooks called ${called} was a callback; ${succeeded === 1 ? "it succeeded" : "it did not succeed"}.`,
          ]
        : [
            strong(data.counted(count)),
            ` that the webhooks called ${called} were callbacks; `,
            strong(number(succeeded)),
            " of them succeeded.",
          ],
    );
  }

  const alive = lost.filter(
    (row) => row.callback === "none" && row.falsely_ended > 0 && !row.right,
  );
  if (alive.length > 0) {
    const count = tasksIn(alive);
    const handled = tasksIn(alive.filter((row) => row.outcome === "handled"));
    sentences.push([
      strong(data.counted(count)),
      ` that the webhooks called ${calledOf(alive)} ${count === 1 ? "was" : "were"} still in the queue after an agent did not pick up; `,
      strong(number(handled)),
      ` ${handled === 1 ? "was" : "were"} answered after all.`,
    ]);
  }

  const ghosts = data.outcomes.filter(
    (row) =>
      row.naive === "handled" &&
      row.callback !== "none" &&
      !["handled", "open"].includes(row.outcome),
  );
  if (ghosts.length > 0) {
    const count = tasksIn(ghosts);
    sentences.push([
      strong(data.counted(count)),
      ` that the webhooks count as handled never reached the customer: only the agent's leg of a callback was up.`,
    ]);
  }

  const sums = sumOf(data.rows);
  const falseLive = data.days.reduce((sum, day) => sum + day.false_live_ms, 0);
  if (falseLive > 0) {
    sentences.push([
      `Of ${hours(sums.naive_live_wait_ms)} that the webhooks show as waiting on the line, `,
      strong(hours(falseLive)),
      ` (${percent(falseLive / sums.naive_live_wait_ms)}) were spent off the line, waiting to be called back.`,
    ]);
  }
  return sentences;
}

function card(metric, sums) {
  const value = metric.value(sums) ?? null;
  const naive = metric.naive?.(sums) ?? null;
  const known = metric.naive != null;
  const difference = value == null || naive == null ? null : metric.differ(value, naive);
  return element(
    "div",
    { class: "card", "data-metric": metric.key },
    element(
      "dt",
      {},
      metric.title ? element("abbr", { title: metric.title }, metric.label) : metric.label,
      element("span", { class: "note" }, metric.note),
    ),
    element("dd", { class: "value", "data-value": value ?? "" }, metric.format(value)),
    metric.detail ? element("dd", { class: "detail" }, metric.detail(sums)) : null,
    known
      ? element(
          "dd",
          { class: "naive", "data-value": naive ?? "" },
          element("span", { class: "said" }, "webhooks "),
          element("span", { class: "figure" }, metric.format(naive)),
        )
      : element("dd", { class: "naive unknown" }, "webhooks cannot tell"),
    difference ? element("dd", { class: "difference" }, difference) : null,
  );
}

/** Outcomes that name themselves well enough, and those that do not. */
const OUTCOME_WORDS = {
  handled: "handled",
  callback_failed: "callback failed",
  not_reached: "not reached",
  short: "short",
  abandoned: "abandoned",
  failed: "failed",
  open: "still open",
  presumed_ended: "presumed ended",
};

function showOutcomes(data) {
  const wordsOf = ({ outcome, callback }) =>
    outcome === "handled" && callback === "completed"
      ? "handled by callback"
      : outcome === "open" && callback === "pending"
        ? "callback pending"
        : OUTCOME_WORDS[outcome];
  const order = ["handled", "abandoned", "failed", "open"];
  const rows = data.outcomes
    .map((row) => ({
      ...row,
      said: OUTCOME_WORDS[row.naive],
      is: wordsOf(row),
    }))
    .sort(
      (a, b) =>
        order.indexOf(a.naive) - order.indexOf(b.naive) || b.right - a.right || b.tasks - a.tasks,
    );
  const wrong = rows.filter((row) => !row.right).reduce((sum, row) => sum + row.tasks, 0);
  put(
    "outcomes-lead",
    wrong === 0
      ? `Every ${data.one} came out as the webhooks say at face value.`
      : `The first task:ended is taken at face value here, as dashboards do. ${data.counted(wrong)} came out otherwise; ${wrong === 1 ? "it is" : "these are"} hatched.`,
  );
  chart(
    "outcomes-chart",
    "Tasks by what the webhooks said, divided by what became of them",
    (width) => outcomesPlot(rows, width),
  );
  put(
    "outcomes-table",
    table({
      file: "outcomes",
      caption: "Tasks by what the webhooks said and what became of them",
      rows,
      columns: [
        { label: "Webhooks said", value: (row) => row.said },
        { label: "What happened", value: (row) => row.is },
        { label: "Tasks", value: (row) => row.tasks, text: number },
        { label: "With a false end", value: (row) => row.falsely_ended, text: number },
      ],
    }),
  );
}
