//! What the domain crate promises: the state machine case by case, its laws, and the real sample.
#![allow(missing_docs, unreachable_pub, reason = "a test binary has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::wildcard_enum_match_arm,
    reason = "scripts are short and their seconds small"
)]

mod agent_laws;
mod agent_script;
mod agent_timelines;
mod agents;
mod callback_signals;
mod callbacks;
mod conferences;
mod endings;
mod failed_dials;
mod laws;
mod ledger;
mod missing_events;
mod moved_agents;
mod offers;
mod outcomes;
mod outdials;
mod phases;
mod recordings;
mod sample;
mod script;
mod specification;
mod stored;
mod transition_table;
mod transitions;
mod web_callbacks;
mod withdrawn_callbacks;
