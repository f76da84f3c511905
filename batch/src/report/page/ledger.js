// The ledger: what was put right, by rule and by day.

const RULES = {
  false_end: ["False end", "A task:ended that ended the offer to one agent, not the task."],
  callback_wait: [
    "Callback wait",
    "The webhooks show someone on the line who had hung up and waited to be called back.",
  ],
  agent_leg: [
    "Agent's leg",
    "The first task:connected of a callback is the agent's leg, not talk.",
  ],
  post_call: ["After the agent left", "The agent left before the customer; talk was over by then."],
  reopened: ["Reopened", "The task went on after an end."],
  end_inferred: ["End from the recording", "The end was not delivered; the recording proves it."],
  presumed_end: ["Presumed end", "Nothing was delivered for so long that the task must be over."],
  callback_withdrawn: [
    "Callback withdrawn",
    "A callback was asked for, but the customer was still on the line and was offered live.",
  ],
  customer_left: ["Customer left", "The customer left a conference that agents went on with."],
  duplicate: ["Repeats", "Tasks with deliveries that came more than once."],
  late: ["Late", "Tasks with deliveries that came after later ones."],
};

function showLedger(data, tasks, pick) {
  const rules = Object.keys(RULES)
    .map((rule) => ({
      rule,
      corrections: d3.sum(data.days, (day) => day.rules[rule]?.corrections ?? 0),
      tasks: d3.sum(data.days, (day) => day.rules[rule]?.tasks ?? 0),
      examples: examplesOf(rule, data, tasks),
    }))
    .filter((row) => row.corrections > 0);
  const falseEnds = d3.sum(data.days, (day) => day.false_ends);
  const falseLive = d3.sum(data.days, (day) => day.false_live_ms);
  const total = data.figures.tasks;
  put(
    "ledger-lead",
    total === 0
      ? "There was nothing to put right."
      : `In 1 000 ${data.several} there were ${decimal((falseEnds / total) * 1000)} false ends${
          data.isCalls
            ? `, and ${decimal((falseLive / 60_000 / total) * 1000)} minutes that the webhooks show as waiting on the line while the customer was off it`
            : ""
        }.`,
  );
  put(
    "ledger-table",
    table({
      file: "corrections-by-rule",
      caption: "Corrections by rule",
      rows: sorted(rules, (row) => row.corrections, true),
      columns: [
        { label: "Rule", value: (row) => RULES[row.rule][0] },
        {
          label: "What was put right",
          value: (row) => RULES[row.rule][1],
          cell: (row) => element("span", { class: "prose" }, RULES[row.rule][1]),
        },
        { label: "Corrections", value: (row) => row.corrections, text: number },
        { label: "Tasks", value: (row) => row.tasks, text: number },
        {
          label: "Of all tasks",
          value: (row) => quotient(row.tasks, total),
          text: percent,
        },
        {
          label: "Examples",
          value: (row) => row.examples.length,
          exports: [
            { label: "Examples", value: (row) => row.examples.map((task) => task.id).join(" ") },
          ],
          cell: (row) =>
            element(
              "span",
              { class: "examples" },
              ...row.examples.map((task) =>
                element(
                  "button",
                  { type: "button", class: "link", title: task.id, onclick: () => pick(task) },
                  shortId(task.id),
                ),
              ),
            ),
        },
      ],
    }),
  );
  showDays(data);
}

/** Three tasks in which a rule stands out: with as little else as possible. */
function examplesOf(rule, data, tasks) {
  const found = tasks.filter(
    (task) =>
      task.channel === data.figures.channel && task.ledger.some((of) => of.rule === rule),
  );
  return sorted(
    found.slice(0, 2_000),
    (task) => new Set(task.ledger.map((of) => of.rule)).size,
  ).slice(0, 3);
}

function showDays(data) {
  const perThousand = (count, day) => quotient(count * 1000, day.tasks);
  const kinds = [
    ["false ends", (day) => day.false_ends, NAIVE],
    ["false-live minutes", (day) => day.false_live_ms / 60_000, "url(#hatch-callback)"],
  ].slice(0, data.isCalls ? 2 : 1);
  at("days-chart").hidden = data.days.length < 2;
  if (data.days.length > 1) {
    const names = kinds.map(([name]) => name).join(" and ");
    chart("days-chart", `${names} per 1 000 tasks, day by day`, (width) =>
      daysPlot(data.days, kinds, perThousand, width),
    );
  }
  put(
    "days-table",
    table({
      file: "corrections-by-day",
      caption: "Corrections by the day on which the task began",
      rows: data.days,
      columns: [
        { label: "Day", value: (day) => day.day },
        { label: "Tasks", value: (day) => day.tasks, text: number },
        {
          label: "Misreported",
          title: "Tasks that were not what the webhooks said: something was put right, or a dashboard shows another outcome, end, wait or talk",
          value: (day) => day.misreported,
          text: number,
        },
        { label: "Share", value: (day) => quotient(day.misreported, day.tasks), text: percent },
        { label: "False ends", value: (day) => day.false_ends, text: number },
        {
          label: "False ends per 1 000 tasks",
          value: (day) => perThousand(day.false_ends, day),
          text: decimal,
        },
        ...(data.isCalls
          ? [
              {
                label: "False-live minutes",
                title: "Shown as waiting on the line, spent off it",
                value: (day) => day.false_live_ms / 60_000,
                text: decimal,
              },
              {
                label: "False-live minutes per 1 000 tasks",
                value: (day) => perThousand(day.false_live_ms / 60_000, day),
                text: decimal,
              },
            ]
          : []),
        ...Object.keys(RULES)
          .filter((rule) => data.days.some((day) => day.rules[rule]))
          .map((rule) => ({
            label: RULES[rule][0],
            value: (day) => day.rules[rule]?.corrections ?? 0,
            text: number,
          })),
      ],
    }),
  );
}

function daysPlot(days, kinds, perThousand, width) {
  const widthOfEach = Math.min(width, Math.max(280, width / 2 - 12));
  const every = Math.ceil((days.length * 16) / widthOfEach);
  const ticks = days.filter((_, at) => at % every === 0).map((day) => day.day);
  const plots = kinds.map(([label, count, fill]) =>
    Plot.plot({
      width: widthOfEach,
      height: 200,
      marginLeft: 52,
      marginTop: 36,
      style: STYLE,
      x: { type: "band", label: null, ticks, tickRotate: days.length > 10 ? -45 : 0, padding: 0.25 },
      y: {
        label: `${label} per 1 000 tasks`,
        grid: true,
        nice: true,
        ticks: 5,
        tickFormat: number,
      },
      marks: [
        Plot.barY(days, {
          x: "day",
          y: (day) => perThousand(count(day), day),
          fill,
        }),
        Plot.text(days.length > 12 ? [] : days, {
          x: "day",
          y: (day) => perThousand(count(day), day),
          text: (day) => decimal(perThousand(count(day), day)),
          dy: -7,
          fill: INK,
          fontWeight: 600,
        }),
        Plot.ruleY([0], { stroke: INK }),
      ],
    }),
  );
  return element("div", { class: "pair" }, ...plots);
}
