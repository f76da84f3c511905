//! Agent events by agent, in a fixed number of bytes each.
//!
//! Invariant: unpacking a row gives the agent event that was packed. An event that names a task has an
//! [`EventRow`](super::event_row::EventRow) as well: what it says of the task and what it says of the
//! agent are folded apart.

use hashbrown::HashMap;
use task_timeline::{AgentEvent, AgentStatus, ChannelKind, Id, Identity, Position};

use crate::input::chunks::Chunks;
use crate::input::event_row::{Dictionaries, halves, order, task_id, time_of, whole};

/// What one delivery says of its agent.
#[derive(Clone, Copy, Debug)]
pub struct AgentRow {
    /// Time and rank.
    order: u64,
    identity: [u64; 2],
    task: [u64; 2],
    idle_code: u32,
    channel: Option<ChannelKind>,
    status: Option<AgentStatus>,
    is_login: bool,
    /// Whether there is a task, and its id is a text.
    task_is_text: Option<bool>,
}

impl AgentRow {
    /// Packs what an event says of its agent.
    pub fn pack(event: &AgentEvent, dictionaries: &mut Dictionaries) -> AgentRow {
        let Position { at, rank, identity } = event.position;
        let task = event.task.as_ref().map(|task| dictionaries.task(task));
        AgentRow {
            order: order(at, rank),
            identity: halves(identity.0),
            task: task.map_or([0; 2], |(task, _)| task),
            idle_code: dictionaries.id(event.idle_code.as_ref()),
            channel: event.channel,
            status: event.status,
            is_login: event.is_login,
            task_is_text: task.map(|(_, is_text)| is_text),
        }
    }

    /// The agent event, with the dictionaries of the worker that read it.
    pub fn unpack(&self, dictionaries: &Dictionaries) -> AgentEvent {
        let [.., rank] = self.order.to_be_bytes();
        AgentEvent {
            position: Position {
                at: time_of(self.order),
                rank,
                identity: Identity(whole(self.identity)),
            },
            is_login: self.is_login,
            channel: self.channel,
            status: self.status,
            idle_code: dictionaries.known_id(self.idle_code).cloned(),
            task: self.task_is_text.and_then(|is_text| task_id(self.task, is_text, dictionaries)),
        }
    }

    /// I4: the sort key of the rows of an agent.
    pub fn key(&self) -> (u64, [u64; 2]) {
        (self.order, self.identity)
    }
}

/// The rows of all agents that one worker has read, by the numbers of organization and agent.
#[derive(Debug, Default)]
pub struct AgentRows(HashMap<(u16, u32), Chunks<AgentRow>>);

impl AgentRows {
    /// Adds a row.
    pub fn push(&mut self, agent: (u16, u32), row: AgentRow) {
        self.0.entry(agent).or_default().push(row);
    }

    /// The agents of an organization with their rows, in no order. `dictionaries` are those of the
    /// worker.
    pub fn of_org<'a>(
        &'a self,
        org: u16,
        dictionaries: &'a Dictionaries,
    ) -> impl Iterator<Item = (&'a Id, &'a Chunks<AgentRow>)> {
        let of_org = self.0.iter().filter(move |((of, _), _)| *of == org);
        of_org.filter_map(|((_, agent), rows)| Some((dictionaries.known_id(*agent)?, rows)))
    }
}

#[cfg(test)]
mod tests {
    use webhook::Webhook;

    use super::*;

    #[test]
    fn every_agent_event_comes_back_as_it_was() {
        let bodies = [
            r#"{"type":"agent:login","comciscoorgid":"o","data":{"agentId":"a",
                "createdTime":1790000000123}}"#,
            r#"{"type":"agent:channel_state_change","comciscoorgid":"o","data":{"taskId":
                "94d8835d-c749-11ec-8573-7becd36cb425","agentId":"a","createdTime":1790000000123,
                "currentState":"not-responding","channelType":"telephony"}}"#,
            r#"{"type":"agent:channel_state_change","comciscoorgid":"o","data":{"taskId":"t",
                "agentId":"a","createdTime":1790000000123,"currentState":"idle",
                "channelType":"pigeon","idleCodeId":"lunch"}}"#,
        ];
        let mut dictionaries = Dictionaries::default();
        for body in bodies {
            let webhook = Webhook::parse(body.as_bytes()).unwrap();
            let event =
                AgentEvent::new(&webhook.event, webhook.task.as_ref(), webhook.idle_code.as_ref())
                    .unwrap();
            let row = AgentRow::pack(&event, &mut dictionaries);
            assert_eq!(row.unpack(&dictionaries), event);
        }
    }

    #[test]
    fn a_row_stays_small() {
        assert!(size_of::<AgentRow>() <= 48);
    }
}
