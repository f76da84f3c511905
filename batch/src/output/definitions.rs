//! What the columns of the tables mean, in words.

/// What the columns of `queue_intervals.parquet`, and of `agent_intervals.parquet` where that is
/// said, mean; written into every receipt.
pub const DEFINITIONS: &[(&str, &str)] = &[
    ("offered", "visits to the queue; waiting again after a failed offer is the same visit"),
    ("answered", "agent and live customer connected; callbacks have columns of their own"),
    ("answered_in_time", "answered within the threshold of the service level"),
    ("abandoned", "the customer left without talk and without a callback, above short_call"),
    ("short", "ended without talk within short_call of the start"),
    ("flow_out", "left the queue otherwise: callback taken, transferred, ended by the system"),
    ("open", "still waiting live when the archive ends"),
    ("handled", "agent and customer connected, live or called back"),
    ("service_level", "answered within the threshold / (answered + abandoned)"),
    ("asa_ms", "mean live wait of the answered; ringing is not in it"),
    ("answered_wait_ms", "live wait of the answered, the sum behind asa_ms"),
    ("live_wait_ms", "on the line in the queue, without ringing"),
    ("callback_wait_ms", "off the line until the customer's phone rang, without ringing"),
    ("talk_ms", "talk and conferences"),
    ("hold_ms", "hold and consultations"),
    ("wrapup_ms", "after-call work (wrap-up) of agents whose offer it was"),
    ("aht_ms", "(talk + hold + wrap-up) / handled"),
    ("rona", "offers that rang out; the RONA rate is rona / offers"),
    ("interval_start", "half hour, in the time zone of the run, in which the visit began"),
    ("agent_intervals.channel", "`all` is the agent as a whole, each moment once; not a sum"),
    ("agent_intervals.logged_in_ms", "the sum of the time in all states"),
    ("agent_intervals.idle_code_ms", "idle time by code, in the order of idle_codes"),
    ("agent_intervals.talk_ms", "connected and conferencing"),
    ("agent_intervals.hold_ms", "on hold and consulting"),
    ("agent_intervals.offers", "offers to the agent, in the half hour of the offer"),
    ("agent_intervals.occupancy", "(ringing + talk + hold + wrap-up) / (logged in - idle)"),
    ("naive_*", "from the first event of each type, counted where the task began"),
];
