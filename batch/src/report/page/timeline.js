// One task on an axis of time: what happened above, what the webhooks alone say below.

const PHASES = {
  self_service: ["self-service", "var(--phase-self)"],
  queued: ["waiting on the line", "var(--phase-queued)"],
  callback_wait: ["off the line, waiting to be called back", "url(#hatch-callback)"],
  outbound_queued: ["waiting for an agent who calls", "var(--phase-outbound)"],
  offered: ["an agent's phone rings", "var(--phase-offered)"],
  dialing: ["the customer's phone rings", "var(--phase-dialing)"],
  talking: ["talking", "var(--phase-talking)"],
  on_hold: ["on hold", "var(--phase-hold)"],
  consulting: ["agent consults", "var(--phase-consulting)"],
  conferencing: ["conference", "var(--phase-conferencing)"],
};

/** A chat or an e-mail is on no line, and rings no phone. */
const WITHOUT_A_LINE = { queued: "waiting", offered: "offered to an agent" };

/** A phase of a task in words. */
function phaseWords({ channel }, phase) {
  return (channel === "telephony" ? null : WITHOUT_A_LINE[phase]) ?? PHASES[phase][0];
}

const OFFER_OUTCOMES = {
  answered: ["answered", "circle"],
  no_answer: ["not answered", "times"],
  declined: ["declined", "square"],
  unreachable: ["agent not reachable", "diamond"],
  failed: ["no media to the agent", "diamond"],
  withdrawn: ["customer left meanwhile", "triangle"],
  open: ["still open", "circle"],
};

/**
 * What webhooks alone say: in the flow from the start, waiting from the first `parked`, offered from the
 * first `connect`, talking from the first `connected`, until the first `ended`; a wait that began after
 * that is drawn as well. Of several at once the latest counts.
 */
function naiveSegments({ start, naive, segments }) {
  const { parked, connect, connected, ended, waitedUntil } = naive;
  const until = ended ?? segments.at(-1)?.to ?? start;
  const spans = [
    ["self_service", start, until],
    ["queued", parked, waitedUntil ?? until],
    ["offered", connect, until],
    ["talking", connected, until],
  ].filter(([, from, to]) => from != null && from < to);
  const cuts = d3.sort(new Set(spans.flatMap(([, from, to]) => [from, to])));
  return d3.pairs(cuts).flatMap(([from, to]) => {
    const going = spans.filter((span) => span[1] <= from && to <= span[2]);
    const [latest] = going.sort(
      (one, other) => other[1] - one[1] || spans.indexOf(other) - spans.indexOf(one),
    );
    return latest ? [{ phase: latest[0], from, to, open: ended == null && to === until }] : [];
  });
}

/** Where the drawing of a task ends: it lasts a second at least. */
function endOfDrawing({ start, segments, naive }) {
  return d3.max([...segments.map((of) => of.to), naive.ended ?? start, start + 1000]);
}

/** Tells instants of a task: with their day where it lasts longer than one. */
function instantsOf(task, clock) {
  const isLong = endOfDrawing(task) - task.start > DAY_MS;
  return (ms) => (isLong ? clock.dayAndTime(ms) : clock.time(ms));
}

/** How an axis from `start` to `end` tells its ticks. */
function tickFormat(start, end, clock) {
  const length = end - start;
  if (length > 2 * DAY_MS) return (ms) => clock.day(ms);
  return (ms) => (length > 600_000 ? clock.minute(ms) : clock.time(ms));
}

/** The drawing. */
function timelinePlot(task, clock, width) {
  const instant = instantsOf(task, clock);
  const lanes = ["what happened", "webhooks say"];
  const narrow = width < 620;
  const last = endOfDrawing(task);
  const scale = (width - (narrow ? 70 : 120)) / (last - task.start);
  const bars = [
    ...task.segments.map((of) => ({ ...of, lane: lanes[0] })),
    ...naiveSegments(task).map((of) => ({ ...of, lane: lanes[1] })),
  ];
  const roomy = bars.filter(
    (bar) => (bar.to - bar.from) * scale > 7 * phaseWords(task, bar.phase).length + 8,
  );
  const timed = bars.filter((bar) => !roomy.includes(bar) && (bar.to - bar.from) * scale > 46);
  const text = (bar) =>
    [
      phaseWords(task, bar.phase),
      `${instant(bar.from)} to ${bar.open ? "now" : instant(bar.to)}`,
      duration(bar.to - bar.from),
      bar.queue && `queue ${bar.queue}`,
      bar.agent && `agent ${bar.agent}`,
      bar.basis && bar.basis !== "observed" && `known because ${bar.basis}`,
    ]
      .filter(Boolean)
      .join("\n");
  const falseEnds = task.ledger.filter((of) => of.rule === "false_end" || of.rule === "reopened");
  const naiveEnd = task.naive.ended == null ? [] : [task.naive.ended];
  return Plot.plot({
    width,
    height: 190,
    marginTop: 40,
    marginLeft: narrow ? 70 : 100,
    marginRight: 44,
    marginBottom: 34,
    style: STYLE,
    x: {
      type: "utc",
      domain: [task.start, last],
      label: null,
      ticks: narrow ? 3 : 7,
      tickFormat: tickFormat(task.start, last, clock),
    },
    y: {
      domain: lanes,
      label: null,
      tickSize: 0,
      padding: 0.28,
      tickFormat: (lane) => (narrow ? lane.replace(" ", "\n") : lane),
    },
    symbol: {
      domain: Object.keys(OFFER_OUTCOMES),
      range: Object.values(OFFER_OUTCOMES).map(([, symbol]) => symbol),
    },
    marks: [
      Plot.barX(bars, {
        y: "lane",
        x1: "from",
        x2: (bar) => Math.max(bar.to, bar.from + 1.5 / scale),
        fill: (bar) => PHASES[bar.phase][1],
        stroke: (bar) => (bar.lane === lanes[1] ? NAIVE : "var(--card)"),
        strokeWidth: (bar) => (bar.lane === lanes[1] ? 1.5 : 0.75),
        strokeDasharray: (bar) => (bar.lane === lanes[1] ? "4 3" : null),
        fillOpacity: (bar) => (bar.lane === lanes[1] ? 0.55 : 1),
      }),
      Plot.text(roomy, {
        y: "lane",
        x: (bar) => (bar.from + bar.to) / 2,
        text: (bar) => `${phaseWords(task, bar.phase)}\n${duration(bar.to - bar.from)}`,
        fill: "var(--ink)",
        stroke: "var(--card)",
        strokeWidth: 3.5,
        strokeOpacity: 0.85,
        fontWeight: 600,
        lineHeight: 1.2,
      }),
      Plot.text(timed, {
        y: "lane",
        x: (bar) => (bar.from + bar.to) / 2,
        text: (bar) => duration(bar.to - bar.from),
        fill: "var(--ink)",
        stroke: "var(--card)",
        strokeWidth: 3.5,
        strokeOpacity: 0.85,
      }),
      Plot.dot(task.offers, {
        x: "at",
        frameAnchor: "top",
        dy: -14,
        symbol: "outcome",
        r: 4.5,
        stroke: INK,
        strokeWidth: 1.5,
        fill: (offer) => (offer.outcome === "answered" ? INK : "var(--card)"),
      }),
      Plot.ruleX(falseEnds, {
        x: "at",
        y: undefined,
        stroke: NAIVE,
        strokeWidth: 1.5,
        strokeDasharray: "2 2",
      }),
      Plot.text(falseEnds, {
        x: "at",
        frameAnchor: "bottom",
        dy: -2,
        text: () => "✕",
        fill: NAIVE,
        stroke: "var(--card)",
        strokeWidth: 4,
        fontSize: 15,
        fontWeight: 700,
      }),
      Plot.text(naiveEnd, {
        x: (end) => end,
        y: () => lanes[1],
        text: () => "over",
        dx: 8,
        textAnchor: "start",
        fill: NAIVE,
        stroke: "var(--card)",
        strokeWidth: 4,
        fontWeight: 600,
      }),
      Plot.tip(
        bars,
        Plot.pointer({ y: "lane", x: (bar) => (bar.from + bar.to) / 2, title: text, ...TIP }),
      ),
    ].filter(Boolean),
  });
}
