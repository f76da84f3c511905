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

/**
 * The metrics in the order of the page. `value` and `naive` take sums; a metric without `naive`
 * is one that webhooks alone cannot tell. `columns` says whether tables have it.
 */
function metricsOf(options) {
  const threshold = duration(options.service_level_ms);
  return [
    {
      key: "offered",
      label: "Offered",
      note: "visits to queues",
      format: number,
      differ: byCount,
      column: true,
      value: (of) => of.offered,
      naive: (of) => of.naive_offered,
      formula:
        "Visits to a queue; waiting again after a failed ring is the same visit. Sum of offered. Webhooks alone: tasks whose first queue it is.",
    },
    {
      key: "answered",
      label: "Answered live",
      note: "callbacks are apart",
      format: number,
      differ: byCount,
      column: true,
      value: (of) => of.answered,
      naive: (of) => of.naive_answered,
      formula:
        "Visits in which an agent and a customer on the line were connected; callbacks have figures of their own. Sum of answered. Webhooks alone: a task:connected before the first task:ended, on callbacks too.",
    },
    {
      key: "abandoned",
      label: "Abandoned",
      note: "without a callback",
      format: number,
      differ: byCount,
      column: true,
      value: (of) => of.abandoned,
      naive: (of) => of.naive_abandoned,
      formula:
        "The customer left without talk and without a callback, later than the short-call threshold. Sum of abandoned, customers included who left before any queue.",
    },
    {
      key: "service_level",
      label: "Service level",
      note: `within ${threshold}`,
      format: percent,
      differ: byShare,
      column: true,
      value: (of) => quotient(of.answered_in_time, of.answered + of.abandoned),
      naive: (of) => quotient(of.naive_answered_in_time, of.naive_answered + of.naive_abandoned),
      formula: `Answered within ${threshold} of live wait ÷ (answered + abandoned). Sum of answered_in_time ÷ sum of (answered + abandoned).`,
    },
    {
      key: "asa",
      label: "ASA",
      title: "Average speed of answer",
      note: "without ringing",
      format: duration,
      differ: byLength,
      column: true,
      value: (of) => quotient(of.answered_wait_ms, of.answered),
      naive: (of) => quotient(of.naive_answered_wait_ms, of.naive_answered),
      formula:
        "Average speed of answer: the mean live wait of the answered; ringing is not in it. Sum of answered_wait_ms ÷ sum of answered.",
    },
    {
      key: "aht",
      label: "AHT",
      title: "Average handle time",
      note: "talk, hold, wrap-up",
      format: duration,
      differ: byLength,
      column: true,
      value: (of) => quotient(of.talk_ms + of.hold_ms + of.wrapup_ms, of.handled),
      naive: (of) => quotient(of.naive_talk_ms, of.naive_handled),
      formula:
        "Average handle time: talk, hold and after-call work ÷ handled, live or called back. Sum of (talk_ms + hold_ms + wrapup_ms) ÷ sum of handled. Webhooks alone: from the first task:connected to the first task:ended.",
    },
    {
      key: "longest",
      label: "Longest live wait",
      note: "of one customer",
      format: duration,
      differ: byLength,
      value: (of) => of.longest_live_wait_ms,
      naive: (of) => of.naive_longest_live_wait_ms,
      formula:
        "The longest that one customer waited on the line, in all queues together. Maximum of live_wait_ms, and of naive_live_wait_ms, in tasks.parquet.",
    },
    {
      key: "short",
      label: "Short calls",
      note:
        options.short_call_ms > 0 ? `within ${duration(options.short_call_ms)}` : "threshold off",
      format: number,
      column: options.short_call_ms > 0,
      value: (of) => of.short,
      formula:
        "Ended without talk within the short-call threshold of the start; neither answered nor abandoned. Sum of short. Threshold: --short-call.",
    },
    {
      key: "callbacks",
      label: "Callback requests",
      note: "left the line",
      format: number,
      column: true,
      value: (of) => of.callbacks_requested,
      formula: "Visits in which the customer asked to be called back. Sum of callbacks_requested.",
    },
    {
      key: "callback_wait",
      label: "Callback wait",
      note: "off the line, mean",
      format: duration,
      column: true,
      value: (of) => quotient(of.callback_wait_ms, of.callbacks_requested),
      formula:
        "Off the line until the customer's phone rang, without ring time at agents. Sum of callback_wait_ms ÷ sum of callbacks_requested.",
    },
    {
      key: "callback_success",
      label: "Callback success",
      note: "of those closed",
      format: percent,
      column: true,
      value: (of) => quotient(of.callbacks_completed, of.callbacks_completed + of.callbacks_failed),
      formula:
        "Called back and connected ÷ callbacks that are over. Sum of callbacks_completed ÷ sum of (callbacks_completed + callbacks_failed).",
    },
    {
      key: "rona",
      label: "RONA rate",
      title: "Rings that no agent answered",
      note: "rings not answered",
      format: percent,
      column: true,
      value: (of) => quotient(of.rona, of.offers),
      formula:
        "Offers that no agent answered in time ÷ all offers. Sum of rona ÷ sum of offers.",
    },
  ];
}
