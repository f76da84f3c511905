//! States of agents: what an agent does according to the last event.
//!
//! Invariants:
//! - A state is replaced only by that of a later event, and a logout not by what only trails it (G4).
//! - An event whose clock is ahead gives no state: no later event could replace it for years.

use event_archive::ArchivedEvent;
use task_timeline::{AgentStatus, EpochMs, Event, EventType, SHIFT_EDGE_MS};
use webhook::Webhook;

use super::item::{Item, expires, item, number, text, time};
use super::key::{Partition, STATE_KEY, event_key};
use super::session::Session;
use super::table::TableError;
use crate::store::retention::STATE_DAYS;

impl Session {
    /// Moves an agent to the state that the event gives, unless a later event has done so.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn move_agent(&self, received: &ArchivedEvent<'_>) -> Result<(), TableError> {
        let Some(item) = agent_item(received) else { return Ok(()) };
        let event = &received.webhook.event;
        let put = self
            .put(item)
            .condition_expression(
                "attribute_not_exists(pk) OR \
                 (#last < :last AND (attribute_not_exists(#out) OR #out < :out))",
            )
            .expression_attribute_names("#last", "last")
            .expression_attribute_names("#out", "logged_out_at")
            .expression_attribute_values(":last", text(&event_key(event.position())))
            .expression_attribute_values(":out", number(logged_out_before(event)));
        self.write(put, "move the agent").await.map(drop)
    }

    /// Moves an agent as [`Session::move_agent`] does, if its state is behind the event. Returns
    /// whether it was. A read costs a tenth of a write that turns out to be for nothing.
    ///
    /// # Errors
    /// When it is not certain that the agent is where it should be.
    pub async fn catch_up_agent(&self, received: &ArchivedEvent<'_>) -> Result<bool, TableError> {
        let (Some(next), Some(agent)) = (agent_item(received), &received.webhook.event.agent)
        else {
            return Ok(false);
        };
        let partition = Partition::agent(&received.webhook.org, agent);
        let there = self.state_item(&partition).await?;
        let last = |item: &Item| item.get("last").and_then(|last| last.as_s().ok().cloned());
        let logged_out_at = there.as_ref().and_then(|there| time(there, "logged_out_at"));
        let trails =
            logged_out_at.is_some_and(|out| out >= logged_out_before(&received.webhook.event));
        let is_behind = !trails && there.as_ref().and_then(last) < last(&next);
        if is_behind {
            self.move_agent(received).await?;
        }
        Ok(is_behind)
    }
}

/// The state of its agent that an event gives, if it gives one.
fn agent_item(received: &ArchivedEvent<'_>) -> Option<Item> {
    let Webhook { org, event, .. } = &received.webhook;
    let state = agent_status(received)?;
    let partition = Partition::agent(org, event.agent.as_ref()?);
    let mut item = item(&partition, STATE_KEY);
    item.insert("last".to_owned(), text(&event_key(event.position())));
    item.insert("expires".to_owned(), expires(received.arrived_at, STATE_DAYS));
    if state == AgentStatus::LoggedOut {
        item.insert("logged_out_at".to_owned(), number(event.at.0));
    } else {
        item.insert("live".to_owned(), text(&partition.live()));
        item.insert("phase".to_owned(), text(state.name()));
        item.insert("since".to_owned(), number(event.at.0));
        item.extend(event.queue.as_ref().map(|id| ("queue".to_owned(), text(&id.to_string()))));
    }
    Some(item)
}

/// G4: an event replaces a logout only if that was before this moment.
fn logged_out_before(event: &Event) -> EpochMs {
    let ends_or_begins_a_shift = event.kind == EventType::AgentLogin
        || AgentStatus::from_event(event) == Some(AgentStatus::LoggedOut);
    if ends_or_begins_a_shift { event.at + 1 } else { event.at + -SHIFT_EDGE_MS }
}

/// Whether an event gives the state of its agent.
pub(crate) fn tells_agent_state(received: &ArchivedEvent<'_>) -> bool {
    received.webhook.event.agent.is_some() && agent_status(received).is_some()
}

/// I9: nothing, where the clock is ahead.
fn agent_status(received: &ArchivedEvent<'_>) -> Option<AgentStatus> {
    match received.webhook.is_clock_ahead(received.arrived_at) {
        true => None,
        false => AgentStatus::from_event(&received.webhook.event), // G2, as by night
    }
}
