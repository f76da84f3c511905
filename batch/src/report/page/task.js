// One task: its timeline drawn, and its ledger in words.

function showTask(task, clock) {
  const phases = [
    ...d3.rollup(
      task.segments,
      (of) => d3.sum(of, (segment) => segment.to - segment.from),
      (of) => of.phase,
    ),
  ];
  const key = phases.map(([phase, ms]) =>
    element(
      "li",
      {},
      swatch(PHASES[phase][1]),
      ` ${phaseWords(task, phase)} `,
      element("strong", {}, duration(ms)),
    ),
  );
  const symbols = [...new Set(task.offers.map((offer) => offer.outcome))].map((outcome) => {
    const count = task.offers.filter((offer) => offer.outcome === outcome).length;
    return element(
      "li",
      {},
      symbolOf(outcome),
      ` ${count === 1 ? "an offer" : `${count} offers`}, ${OFFER_OUTCOMES[outcome][0]}`,
    );
  });
  const falseEnds =
    task.falseEnds > 0
      ? [
          element(
            "li",
            {},
            element("span", { class: "cross", "aria-hidden": "true" }, "✕"),
            ` ${counted(task.falseEnds, "false end")}`,
          ),
        ]
      : [];
  const told = [
    `${clock.date(task.start)}, ${clock.time(task.start)}`,
    task.end == null ? "still open" : `ended ${instantsOf(task, clock)(task.end)}`,
    [task.channel, task.direction.toLowerCase()].filter(Boolean).join(", "),
    task.reason && `${task.reason}${task.party ? ` / ${task.party}` : ""}`,
  ]
    .filter(Boolean)
    .join(" · ");
  const waiting = phaseWords(task, "queued");
  const waits = [
    spoken(task, ["queued"], waiting),
    task.callback === "none" ? null : spoken(task, ["callback_wait"], "waiting off it"),
  ].filter(Boolean);
  const verdict = element(
    "p",
    { class: "verdict" },
    element(
      "span",
      { class: "key-naive" },
      `webhooks: ${OUTCOME_WORDS[task.naive.outcome]}, ${[naiveWait(task.naive, waiting), naiveTalk(task.naive)].join(", ")}`,
    ),
    element(
      "span",
      { class: "key-truth" },
      `what happened: ${OUTCOME_WORDS[task.outcome]}${task.callback === "none" ? "" : `, callback ${task.callback}`}, ${waits.join(", ")}, ${spoken(task, WITH_CUSTOMER, "with an agent")}`,
    ),
  );
  put(
    "task",
    element(
      "article",
      { class: "task" },
      element("h3", { id: "task-title", tabindex: "-1" }, "Task ", element("code", {}, task.id)),
      element("p", { class: "lead" }, told),
      verdict,
      element("div", { id: "task-chart" }),
      element("ul", { class: "legend" }, ...key, ...symbols, ...falseEnds),
      ledgerOf(task, clock),
      element(
        "details",
        {},
        element("summary", {}, "Segments and offers as tables"),
        segmentTable(task, clock),
        offerTable(task, clock),
      ),
    ),
  );
  chart(
    "task-chart",
    `Timeline of task ${task.id}: what happened above, what the webhooks say below; the tables below say the same`,
    (width) => timelinePlot(task, clock, width),
  );
}

/** With an agent, hold included, as webhooks count it too. */
const WITH_CUSTOMER = ["talking", "on_hold", "consulting", "conferencing"];

/** `waiting 3 min 12 s`, `never waiting`, or `still waiting`. */
function saying(what, ms, open) {
  return open ? `still ${what}` : ms > 0 ? `${what} ${duration(ms)}` : `never ${what}`;
}

/** How long the task was in these phases, in words. */
function spoken(task, phases, what) {
  const segments = task.segments.filter((of) => phases.includes(of.phase));
  const ms = d3.sum(segments, (of) => of.to - of.from);
  return saying(what, ms, segments.at(-1)?.open);
}

function naiveWait({ parked, waitedUntil }, what) {
  return saying(what, waitedUntil - parked, parked != null && waitedUntil == null);
}

function naiveTalk({ connected, ended }) {
  const talked = connected == null ? 0 : ended - connected;
  return saying("with an agent", talked, connected != null && ended == null);
}

function swatch(fill) {
  const icon = d3
    .create("svg")
    .attr("width", 14)
    .attr("height", 14)
    .attr("class", "swatch")
    .attr("aria-hidden", "true");
  icon.append("rect").attr("width", 14).attr("height", 14).attr("rx", 3).attr("fill", fill);
  return icon.node();
}

function symbolOf(outcome) {
  const shapes = {
    circle: d3.symbolCircle,
    times: d3.symbolTimes,
    square: d3.symbolSquare,
    diamond: d3.symbolDiamond,
    triangle: d3.symbolTriangle,
  };
  const icon = d3
    .create("svg")
    .attr("viewBox", "-7 -7 14 14")
    .attr("width", 14)
    .attr("height", 14)
    .attr("class", "swatch")
    .attr("aria-hidden", "true");
  icon
    .append("path")
    .attr("d", d3.symbol(shapes[OFFER_OUTCOMES[outcome][1]], 50)())
    .attr("stroke", "currentColor")
    .attr("stroke-width", 1.5)
    .attr("fill", outcome === "answered" ? "currentColor" : "none");
  return icon.node();
}

function ledgerOf(task, clock) {
  const instant = instantsOf(task, clock);
  if (task.ledger.length === 0)
    return element(
      "p",
      { class: "lead" },
      task.asWebhooksSay
        ? "The webhooks told the truth: nothing was put right."
        : "Nothing had to be put right, but the first event of each type does not tell all: compare the two lines.",
    );
  const entry = (of) =>
    element(
      "li",
      {},
      element("time", {}, instant(of.at)),
      element("span", { class: "rule" }, words(of.rule)),
      element("span", {}, inWords(of)),
    );
  return element(
    "ol",
    { class: "entries", "aria-label": "Ledger of this task" },
    ...task.ledger.map(entry),
  );
}

function segmentTable(task, clock) {
  const instant = instantsOf(task, clock);
  return table({
    file: "segments",
    caption: "Segments",
    rows: task.segments,
    columns: [
      { label: "Phase", value: (of) => phaseWords(task, of.phase) },
      {
        label: "From",
        value: (of) => of.from,
        cell: (of) => instant(of.from),
        exports: instantExports("From", (of) => of.from, clock),
      },
      {
        label: "To",
        value: (of) => of.to,
        cell: (of) => (of.open ? "open" : instant(of.to)),
        exports: instantExports("To", (of) => (of.open ? null : of.to), clock),
      },
      { label: "Length", value: (of) => of.to - of.from, text: duration },
      { label: "Queue", value: (of) => of.queue ?? "" },
      { label: "Agent", value: (of) => of.agent ?? "" },
      { label: "Known", value: (of) => of.basis },
    ],
  });
}

function offerTable(task, clock) {
  const instant = instantsOf(task, clock);
  const time = (label, key) => ({
    label,
    value: (of) => of[key],
    cell: (of) => (of[key] == null ? NOTHING : instant(of[key])),
    exports: instantExports(label, (of) => of[key], clock),
  });
  return task.offers.length === 0
    ? null
    : table({
        file: "offers",
        caption: "Offers",
        rows: task.offers,
        columns: [
          time("Offered", "at"),
          { label: "Agent", value: (of) => of.agent },
          { label: "Outcome", value: (of) => OFFER_OUTCOMES[of.outcome][0] },
          time("Answered", "answered"),
          time("Customer on", "connected"),
          time("Released", "released"),
        ],
      });
}

/** What a correction says, in a sentence. */
function inWords({ rule, said, is }) {
  const reason = said.startsWith("ended: ") ? ` (${said.slice(7)})` : "";
  const now =
    {
      queued: "kept waiting in the queue",
      callback_wait: "kept waiting to be called back",
      open: "was still there",
    }[is] ?? `was ${words(is)}`;
  switch (rule) {
    case "false_end":
      return `The webhooks said that the task was over${reason}. Only the offer to one agent was; the customer ${now}.`;
    case "callback_wait":
      return "From here on the webhooks show the customer waiting on the line. They were off it, waiting to be called back.";
    case "agent_leg":
      return "The webhooks said connected. That was the agent's leg; the customer's phone had yet to be answered.";
    case "post_call":
      return `The webhooks go on with ${words(said)}. The agent had left; the customer was back in self-service.`;
    case "reopened":
      return `The webhooks said that the task was over${reason}. It went on: the customer ${now}.`;
    case "end_inferred":
      return "No end was delivered. The recording proves that the task was over.";
    case "presumed_end":
      return "No end was delivered, nor anything else for so long that the task must have been over.";
    case "callback_withdrawn":
      return "A callback had been asked for. The customer was still on the line, and was offered to an agent live.";
    case "customer_left":
      return "The customer left the conference, and so the task was over for them. The agents went on.";
    case "duplicate":
      return `${words(said)} were delivered for ${words(is)}; repeats count once.`;
    case "late":
      return `${said}; put in order.`;
    default:
      return `${words(rule)}: said ${words(said)}, is ${words(is)}.`;
  }
}
