// The figures of the page, computed anew from the tables as the definitions say.

export function sum(rows, of) {
  return rows.reduce((total, row) => total + (typeof of === "string" ? row[of] : of(row)), 0);
}

function quotient(dividend, divisor) {
  return divisor > 0 ? dividend / divisor : null;
}

/** Rows by what they have in common. */
export function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

/** Where the visits of some rows of queue_intervals went, by the labels of the page. */
export function visitsOf(rows) {
  const of = (name) => sum(rows, name);
  return {
    Offered: of("offered"),
    "Answered live": of("answered"),
    Abandoned: of("abandoned"),
    "Short calls": of("short"),
    "Flow-out": of("flow_out"),
    "of it callback": of("flow_out_callback"),
    "of it transferred": of("flow_out_transferred"),
    "of it by the platform": of("flow_out_system"),
    Open: of("open"),
    "Left before a queue": of("abandoned_in_flow"),
    Handled: of("handled"),
  };
}

/** A mean or a share, from the quotients of rows, so that the sums beside them are checked too. */
function meanOf(rows, name, weight) {
  return quotient(
    sum(rows, (row) => (row[name] ?? 0) * weight(row)),
    sum(rows, weight),
  );
}

/** How well the visits of some rows of queue_intervals were served; ringing counts as waiting or not. */
export function serviceOf(rows, ringing = false) {
  const of = (name) => sum(rows, name);
  const judged = (row) => row.answered + row.abandoned;
  const answered = (row) => row.answered;
  return {
    "Abandon rate": quotient(of("abandoned"), of("offered")),
    "Service level": meanOf(rows, ringing ? "service_level_with_ring" : "service_level", judged),
    ASA: meanOf(rows, ringing ? "asa_ms_with_ring" : "asa_ms", answered),
    // An outdial that nobody answers has wrap-up, and nothing handled to divide by.
    AHT: quotient(of("talk_ms") + of("hold_ms") + of("wrapup_ms"), of("handled")),
    "Callback requests": of("callbacks_requested"),
    "Callback wait": quotient(of("callback_wait_ms"), of("callbacks_requested")),
    "Callback success": quotient(
      of("callbacks_completed"),
      of("callbacks_completed") + of("callbacks_failed"),
    ),
    "RONA rate": quotient(of("rona"), of("offers")),
  };
}

/** The naive twins, where there are any. */
export function naiveMetricsOf(rows) {
  const of = (name) => sum(rows, name);
  return {
    Offered: of("naive_offered"),
    "Answered live": of("naive_answered"),
    Abandoned: of("naive_abandoned"),
    Handled: of("naive_handled"),
    "Abandon rate": quotient(of("naive_abandoned"), of("naive_offered")),
    "Service level": meanOf(
      rows,
      "naive_service_level",
      (row) => row.naive_answered + row.naive_abandoned,
    ),
    ASA: meanOf(rows, "naive_asa_ms", (row) => row.naive_answered),
    AHT: meanOf(rows, "naive_aht_ms", (row) => row.naive_handled),
  };
}

/** p50, p90 and p95 by nearest rank, of no waits nothing. */
function percentiles(label, waits) {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (percent) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
  return Object.fromEntries([50, 90, 95].map((percent) => [`${label} p${percent}`, at(percent)]));
}

/** How long some rows of visits waited. */
export function waitsOf(visits) {
  const live = visits.filter((of) => ["answered", "abandoned"].includes(of.result));
  const callback = visits.filter((of) => of.result === "callback" && of.left_at != null);
  return {
    "Answered or abandoned": live.length,
    ...percentiles("Live wait", live.map((of) => of.live_wait_ms)),
    "Callbacks over": callback.length,
    ...percentiles("Callback wait", callback.map((of) => of.callback_wait_ms)),
  };
}

/** What the agents did when customers gave up in some rows of visits. */
export function staffingOf(visits) {
  const count = (staffing) => visits.filter((of) => of.staffing === staffing).length;
  return {
    "Gave up": visits.filter((of) => of.result === "abandoned").length,
    "An agent was free": count("available"),
    "All were busy": count("all_busy"),
    "Logged in, none ready": count("idle"),
    "Nobody logged in": count("nobody_logged_in"),
    "Not known": count("unknown"),
  };
}

/** The offers of an agent, and the agent's time by rows of agent_intervals. */
export function agentFigures(offers, intervals) {
  const outcome = (name) => offers.filter((offer) => offer.outcome === name).length;
  const whole = intervals.filter((row) => row.channel === "all");
  const loggedIn = sum(whole, "logged_in_ms");
  const time = (name) => (loggedIn > 0 ? sum(whole, name) : null);
  const occupied = ["ringing_ms", "talk_ms", "hold_ms", "wrapup_ms"].map((name) => sum(whole, name));
  return {
    "Logged in": time("logged_in_ms"),
    Occupancy: quotient(
      occupied.reduce((a, b) => a + b),
      loggedIn - sum(whole, "idle_ms"),
    ),
    Offers: offers.length,
    Answered: outcome("answered"),
    RONA: outcome("no_answer"),
    "RONA rate": quotient(outcome("no_answer"), offers.length),
    Declined: outcome("declined"),
    Talk: time("talk_ms"),
    Hold: time("hold_ms"),
    "Wrap-up": time("wrapup_ms"),
  };
}

/** Milliseconds off the line while the webhooks show a wait on it. */
export function falseLiveMs(segments, tasks) {
  const naiveWait = new Map(
    tasks
      .filter((task) => task.naive_live_wait_ms != null)
      .map((task) => [
        task.task_id,
        [task.naive_parked_at, task.naive_parked_at + task.naive_live_wait_ms],
      ]),
  );
  const overlap = (of) => {
    const [from, to] = naiveWait.get(of.task_id) ?? [0, 0];
    return Math.max(0, Math.min(of.ended_at ?? to, to) - Math.max(of.started_at, from));
  };
  return sum(segments.filter((of) => of.phase === "callback_wait"), overlap);
}
