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

/** The metrics of some rows of queue_intervals, by their labels on the page. */
export function metricsOf(rows) {
  const of = (name) => sum(rows, name);
  return {
    Offered: of("offered"),
    "Answered live": of("answered"),
    Abandoned: of("abandoned"),
    // From the quotients, so that the sums beside them are checked too.
    "Service level": quotient(
      sum(rows, (row) => (row.service_level ?? 0) * (row.answered + row.abandoned)),
      of("answered") + of("abandoned"),
    ),
    ASA: quotient(
      sum(rows, (row) => (row.asa_ms ?? 0) * row.answered),
      of("answered"),
    ),
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
    "Service level": quotient(
      sum(
        rows,
        (row) => (row.naive_service_level ?? 0) * (row.naive_answered + row.naive_abandoned),
      ),
      of("naive_answered") + of("naive_abandoned"),
    ),
    ASA: quotient(
      sum(rows, (row) => (row.naive_asa_ms ?? 0) * row.naive_answered),
      of("naive_answered"),
    ),
    AHT: quotient(of("naive_talk_ms"), of("naive_handled")),
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

/** Milliseconds off the line before the first ring, which webhooks show as on the line. */
export function falseLiveMs(segments, offers) {
  const firstRing = new Map();
  for (const offer of offers) if (offer.seq === 0) firstRing.set(offer.task_id, offer.offered_at);
  const counts = (of) =>
    of.phase === "callback_wait" && of.ended_at != null && of.ended_at <= firstRing.get(of.task_id);
  return sum(segments.filter(counts), "duration_ms");
}
