// One task: what happened above, what the webhooks alone say below, and the ledger.

const PHASES = {
  self_service: "in the flow",
  queued: "waiting on the line",
  callback_wait: "off the line, waiting to be called back",
  outbound_queued: "waiting for an agent who calls",
  offered: "an agent's phone rings",
  dialing: "the customer's phone rings",
  talking: "talking",
  on_hold: "on hold",
  consulting: "agent consults",
  conferencing: "conference",
};

const RULES = {
  false_end: "A task:ended that ended the offer to one agent, not the task.",
  callback_wait: "The webhooks show someone on the line who had hung up and waits to be called back.",
  agent_leg: "The first task:connected of a callback is the agent's leg, not talk.",
  post_call: "The agent left before the customer; talk was over by then.",
  reopened: "The task went on after an end.",
  end_inferred: "The end was not delivered; the recording proves it.",
  presumed_end: "Nothing was delivered for so long that the task must be over.",
  callback_withdrawn: "A callback was asked for, but the customer was still on the line and was offered live.",
  customer_left: "The customer left a conference that agents went on with.",
  duplicate: "Deliveries came more than once.",
  late: "Deliveries came after later ones.",
};

/**
 * What webhooks alone say: in the flow from the start, waiting from the first `parked`, offered from the
 * first `connect`, talking from the first `connected`, until the first `ended`; a wait that began after
 * that is drawn as well. Of several at once the latest counts.
 */
function naiveSegments(task, now) {
  const { parked_at: parked, connect_at: connect, connected_at: connected, ended_at: ended, waited_until: waitedUntil } = task.naive;
  const until = ended ?? task.ended_at ?? now;
  const spans = [
    ["self_service", task.started_at, until],
    ["queued", parked, waitedUntil ?? until],
    ["offered", connect, until],
    ["talking", connected, until],
  ].filter(([, from, to]) => from != null && from < to);
  const cuts = [...new Set(spans.flatMap(([, from, to]) => [from, to]))].sort((a, b) => a - b);
  return cuts.slice(1).flatMap((to, at) => {
    const from = cuts[at];
    const going = spans.filter((span) => span[1] <= from && to <= span[2]);
    const [latest] = going.sort((one, other) => other[1] - one[1] || spans.indexOf(other) - spans.indexOf(one));
    return latest ? [{ phase: latest[0], from, to }] : [];
  });
}

/** A lane of bars between two instants. */
function lane(label, segments, from, until, className) {
  const scale = 100 / Math.max(1, until - from);
  const bars = segments.map((segment) => {
    const to = segment.to ?? until;
    const text = `${PHASES[segment.phase]}, ${running(to - segment.from)}`;
    const bar = element("span", { className: `segment ${segment.phase}`, title: `${text}, from ${clock(segment.from)}` });
    bar.style.left = `${(segment.from - from) * scale}%`;
    bar.style.width = `${Math.max(0.3, (to - segment.from) * scale)}%`;
    if ((to - segment.from) * scale > 12) bar.append(text);
    return bar;
  });
  return element("div", { className: `lane ${className}` }, element("p", {}, label), element("div", { className: "bars", role: "img", ariaLabel: `${label}: ${segments.map((of) => PHASES[of.phase]).join(", ")}` }, ...bars));
}

function rows(heads, lines) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = lines.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))));
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { className: "wide" }, table);
}

function ledger(task) {
  if (task.corrections.length === 0) {
    const verdict = task.naive.is_true
      ? "The webhooks told the truth so far: nothing was put right."
      : "Nothing had to be put right so far, but the first event of each type does not tell all: compare the two lines.";
    return [element("p", {}, verdict)];
  }
  const entry = (of) =>
    element("li", {}, element("time", {}, clock(of.at)), element("strong", {}, words(of.rule)), element("span", {}, `${RULES[of.rule] ?? ""} They said “${words(of.said)}”; it is “${words(of.is)}”.`));
  return [element("ol", { className: "ledger" }, ...task.corrections.map(entry))];
}

/** The story of a task, as elements. */
function tell(task, now) {
  const until = task.ended_at ?? now;
  const last = task.segments.at(-1);
  const is = task.ended_at == null && last ? PHASES[last.phase] : `${words(task.outcome)}, over since ${clock(until)}`;
  const end = Math.max(until, task.naive.ended_at ?? 0);
  const names = new Map(Object.entries(task.names));
  const named = (id) => (id == null ? "" : nameOf(id, names));
  const segments = task.segments.map((of) => [
    element("span", {}, element("span", { className: `swatch ${of.phase}` }), PHASES[of.phase]),
    clock(of.from), running((of.to ?? now) - of.from) + (of.to == null ? " so far" : ""), named(of.queue), named(of.agent), of.basis,
  ]);
  const rings = task.offers.map((of) => [clock(of.at), named(of.agent), words(of.outcome)]);
  return [
    element("h3", {}, "Task ", element("code", {}, task.task)),
    element("p", { className: "now" }, `${is[0].toUpperCase()}${is.slice(1)}.`, task.naive.ended_at != null && task.ended_at == null ? ` The webhooks said “ended” at ${clock(task.naive.ended_at)}.` : ""),
    lane("what happened", task.segments, task.started_at, end, "truth"),
    lane("webhooks say", naiveSegments(task, now), task.started_at, end, "naive"),
    element("p", { className: "axis" }, element("span", {}, clock(task.started_at)), element("span", {}, task.ended_at == null ? "now" : clock(end))),
    element("h4", {}, "What was put right"),
    ...ledger(task),
    element("h4", {}, "The customer's way"),
    rows(["", "from", "for", "queue", "agent", "known"], segments),
    ...(rings.length === 0 ? [] : [element("h4", {}, "Rings at agents"), rows(["at", "agent", "outcome"], rings)]),
  ];
}
