// The standard contact-centre metrics, each once: its formula over the sums of queue_intervals.parquet.

function quotient(dividend, divisor) {
  return divisor > 0 ? dividend / divisor : null;
}

/** A length as it is shown, so that a difference is that of the figures on the page. */
const wholeSeconds = (ms) => (ms < 10_000 ? ms : Math.round(ms / 1000) * 1000);

/** How two values differ, in words. */
const byCount = (a, b) =>
  a === b
    ? "the same"
    : `${number(Math.abs(a - b))} ${a > b ? "more" : "fewer"} than webhooks show`;
const byLength = (a, b) =>
  duration(a) === duration(b)
    ? "the same"
    : `${duration(Math.abs(wholeSeconds(a) - wholeSeconds(b)))} ${a > b ? "longer" : "shorter"} than webhooks show`;
const byShare = (a, b) => {
  const points = Math.abs(a - b) * 100;
  if (points < 0.05) return "the same";
  return `${points.toFixed(1)} points ${a > b ? "higher" : "lower"} than webhooks show`;
};

/** Left the queue neither answered nor abandoned. */
const flowOut = (of) => of.flow_out_callback + of.flow_out_transferred + of.flow_out_system;

/**
 * The metrics of a kind of channel in the order of the page. `value` and `naive` take sums; a metric
 * without `naive` is one that webhooks alone cannot tell. `table` says which table has it, `card`
 * whether the first screen does. `ringing` says whether ringing counts as waiting.
 */
function metricsOf({ receipt: { options }, isCalls }, ringing) {
  return [
    ...visitMetrics(options, isCalls),
    ...serviceMetrics(options, isCalls, ringing),
    ...(isCalls ? callbackMetrics() : []),
    {
      key: "rona",
      label: "RONA rate",
      title: "Offers that no agent answered",
      note: "offers not answered",
      format: percent,
      table: "service",
      card: true,
      value: (of) => quotient(of.rona, of.offers),
      formula:
        "Offers that no agent answered in time ÷ all offers. Sum of rona ÷ sum of offers.",
    },
  ];
}

/** What became of visits to queues: each is one of these. */
function visitMetrics(options, isCalls) {
  const count = { format: number, differ: byCount, table: "visits", card: true };
  return [
    {
      ...count,
      key: "offered",
      label: "Offered",
      note: "visits to queues",
      value: (of) => of.offered,
      naive: (of) => of.naive_offered,
      formula:
        "Visits to a queue; waiting again after a failed offer is the same visit. Offered = answered + abandoned + short + flow-out + open. Sum of offered. Webhooks alone: tasks whose first queue it is.",
    },
    {
      ...count,
      key: "answered",
      label: isCalls ? "Answered live" : "Answered",
      note: isCalls ? "callbacks are apart" : "by an agent",
      value: (of) => of.answered,
      naive: (of) => of.naive_answered,
      formula: isCalls
        ? "Visits in which an agent and a customer on the line were connected; callbacks have figures of their own. Sum of answered. Webhooks alone: a task:connected before the first task:ended, on callbacks too."
        : "Visits in which an agent and the customer were connected. Sum of answered. Webhooks alone: a task:connected before the first task:ended.",
    },
    {
      ...count,
      key: "abandoned",
      label: "Abandoned",
      note: "left in a queue",
      value: (of) => of.abandoned,
      naive: (of) => of.naive_abandoned,
      formula:
        "The customer left in this visit, waiting or ringing, later than the short-call threshold. Sum of abandoned. Webhooks alone: tasks that a customer ended before any task:connected.",
    },
    {
      ...count,
      key: "short",
      label: isCalls ? "Short calls" : "Short",
      note:
        options.short_call_ms > 0 ? `within ${duration(options.short_call_ms)}` : "threshold off",
      value: (of) => of.short,
      formula:
        "Ended without talk within the short-call threshold of the start; neither answered nor abandoned. Sum of short. Threshold: --short-call.",
    },
    {
      ...count,
      key: "flow_out",
      label: "Flow-out",
      note: "left the queue otherwise",
      value: flowOut,
      detail: (of) =>
        [
          isCalls && `${number(of.flow_out_callback)} callback`,
          `${number(of.flow_out_transferred)} to other queues`,
          `${number(of.flow_out_system)} by the platform`,
        ]
          .filter(Boolean)
          .join(", "),
      formula:
        "Left the queue neither answered nor abandoned: a callback was asked for, the task went to another queue, or the platform ended it. Sum of flow_out, which is the sum of its three kinds.",
    },
    ...flowOutKinds(count, isCalls),
    {
      ...count,
      key: "open",
      label: "Open",
      note: "still in the queue",
      value: (of) => of.open,
      formula: "Still in the queue at the end of the period, neither of the above yet. Sum of open.",
    },
    {
      ...count,
      key: "abandoned_in_flow",
      label: "Left before a queue",
      note: "in no rate",
      value: (of) => of.abandoned_in_flow,
      formula:
        "The customer left before any queue; not offered, and in no other figure of queues. Sum of abandoned_in_flow, on rows without a queue.",
    },
    {
      ...count,
      key: "handled",
      label: "Handled",
      note: isCalls ? "live or called back" : "with an agent",
      value: (of) => of.handled,
      naive: (of) => of.naive_handled,
      formula: `Visits in which an agent and the customer were connected${isCalls ? ", live or called back" : ""}, and direct calls to agents. Sum of handled. Webhooks alone: tasks with a task:connected before the first task:ended.`,
    },
  ];
}

/** The kinds of flow-out, each a column of its own. */
function flowOutKinds(count, isCalls) {
  const kind = (key, label, title) => ({
    ...count,
    card: false,
    key,
    label,
    title,
    value: (of) => of[key],
    formula: `${title}. Sum of ${key}.`,
  });
  return [
    ...(isCalls ? [kind("flow_out_callback", "of it callback", "A callback was asked for")] : []),
    kind("flow_out_transferred", "of it transferred", "Went to another queue without an agent"),
    kind("flow_out_system", "of it by the platform", "The platform ended it"),
  ];
}

/** How well visits were served. */
function serviceMetrics(options, isCalls, ringing) {
  const threshold = duration(options.service_level_ms);
  const wait = isCalls ? "live wait" : "wait";
  const share = { format: percent, differ: byShare, table: "service", card: true };
  const length = { format: duration, differ: byLength, table: "service", card: true };
  const inTime = ringing ? "answered_in_time_with_ring" : "answered_in_time";
  const waited = (of) => of.answered_wait_ms + (ringing ? of.answered_ring_ms : 0);
  const sumOfWaits = ringing ? "(answered_wait_ms + answered_ring_ms)" : "answered_wait_ms";
  const ofRinging = ringing ? "ringing counts as waiting" : "ringing is not in the wait";
  return [
    {
      ...share,
      key: "abandon_rate",
      label: "Abandon rate",
      note: "of the offered",
      value: (of) => quotient(of.abandoned, of.offered),
      naive: (of) => quotient(of.naive_abandoned, of.naive_offered),
      formula: "Abandoned ÷ offered. Sum of abandoned ÷ sum of offered.",
    },
    {
      ...share,
      key: "service_level",
      label: "Service level",
      note: `within ${threshold}${ringing ? ", with ringing" : ""}`,
      value: (of) => quotient(of[inTime], of.answered + of.abandoned),
      naive: (of) => quotient(of.naive_answered_in_time, of.naive_answered + of.naive_abandoned),
      formula: `Answered within ${threshold} of ${wait} ÷ (answered + abandoned); ${ofRinging}. Sum of ${inTime} ÷ sum of (answered + abandoned).`,
    },
    {
      ...length,
      key: "asa",
      label: "ASA",
      title: "Average speed of answer",
      note: ringing ? "with ringing" : "without ringing",
      value: (of) => quotient(waited(of), of.answered),
      naive: (of) => quotient(of.naive_answered_wait_ms, of.naive_answered),
      formula: `Average speed of answer: the mean ${wait} of the answered; ${ofRinging}. Sum of ${sumOfWaits} ÷ sum of answered.`,
    },
    {
      ...length,
      key: "aht",
      label: "AHT",
      title: "Average handle time",
      note: "talk, hold, wrap-up",
      value: (of) => quotient(of.talk_ms + of.hold_ms + of.wrapup_ms, of.handled),
      naive: (of) => quotient(of.naive_talk_ms, of.naive_handled),
      formula: `Average handle time: talk, hold and after-call work ÷ handled. Sum of (talk_ms + hold_ms + wrapup_ms) ÷ sum of handled. Webhooks alone: from the first task:connected to the first task:ended.`,
    },
    {
      ...length,
      table: null,
      key: "longest",
      label: isCalls ? "Longest live wait" : "Longest wait",
      note: "of one customer",
      value: (of) => of.longest_live_wait_ms,
      naive: (of) => of.naive_longest_live_wait_ms,
      formula: `The longest that one customer waited${isCalls ? " on the line" : ""}, in all queues together. Maximum of live_wait_ms, and of naive_live_wait_ms, in tasks.parquet.`,
    },
  ];
}

/** Callbacks, which only calls have. */
function callbackMetrics() {
  return [
    {
      key: "callbacks",
      label: "Callback requests",
      note: "left the line",
      format: number,
      table: "service",
      card: true,
      value: (of) => of.callbacks_requested,
      formula: "Visits in which the customer asked to be called back. Sum of callbacks_requested.",
    },
    {
      key: "callback_wait",
      label: "Callback wait",
      note: "off the line, mean",
      format: duration,
      table: "service",
      card: true,
      value: (of) => quotient(of.callback_wait_ms, of.callbacks_requested),
      formula:
        "Off the line until the customer's phone rang, without ring time at agents. Sum of callback_wait_ms ÷ sum of callbacks_requested.",
    },
    {
      key: "callback_success",
      label: "Callback success",
      note: "of those closed",
      format: percent,
      table: "service",
      card: true,
      value: (of) => quotient(of.callbacks_completed, of.callbacks_completed + of.callbacks_failed),
      formula:
        "Called back and connected ÷ callbacks that are over. Sum of callbacks_completed ÷ sum of (callbacks_completed + callbacks_failed).",
    },
  ];
}
