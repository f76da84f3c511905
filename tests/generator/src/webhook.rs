//! A notice as it is sent: a webhook body, or a row with the sample's columns.
//!
//! Invariant: two renderings of one notice differ only in the envelope (id, source, dispatch time)
//! and in whether nulls are written, so they are the same event.

use std::fmt::Write;

use crate::notice::{AgentState, Notice, Telling, Version, What};
use crate::org::{Id, Org};
use crate::story::{Party, Way};

/// Everything about a delivery that is not the event.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Webhook id.
    pub id: Id,
    /// Whether the second subscription delivers it, which leaves nulls out.
    pub second: bool,
    /// `comciscotimestamp`, for a version 2 subscription.
    pub dispatched_at: u64,
    /// Version of the subscription to tasks.
    pub task_version: Version,
    /// Whether the dispatch time is written as a string.
    pub time_as_text: bool,
}

/// Renders the notices of one telling.
#[derive(Clone, Copy, Debug)]
pub struct Renderer<'t> {
    /// The organization.
    pub org: &'t Org,
    /// The story and its notices.
    pub telling: &'t Telling,
}

impl Renderer<'_> {
    /// The body of a webhook, on one line.
    pub fn json(&self, notice: &Notice, envelope: &Envelope) -> String {
        let mut line = String::with_capacity(760);
        let (source, version) = self.source(notice, envelope);
        let mut fields = Fields::open(&mut line, true);
        fields.id("id", envelope.id);
        fields.text("specversion", "1.0");
        fields.text("type", self.type_name(notice));
        fields.text("source", &format!("/com/cisco/wxcc/{source}"));
        fields.id("comciscoorgid", self.org.id);
        if version == Version::V2 {
            fields.dispatch_time(envelope.dispatched_at, envelope.time_as_text);
        }
        fields.text("datacontenttype", "application/json");
        fields.key("data");
        self.data(notice, Fields::open(fields.out, !envelope.second));
        line.push('}');
        line
    }

    /// A row without its `rowid`: type, createdTime, taskId, webhookId, origin, destination,
    /// queueId, direction, outboundType, terminatingParty, reason.
    pub fn row(&self, notice: &Notice, envelope: &Envelope) -> String {
        let task_event = matches!(notice.what, What::Task(_) | What::Ended(..));
        let (origin, destination) =
            if self.names_numbers(notice) { self.numbers(notice) } else { ("", "") };
        let queue = notice.queue.map(|queue| self.org.queues[queue]);
        let direction = if task_event { notice.way.direction() } else { "" };
        let outbound = notice.way.outbound_type().filter(|_| task_event).unwrap_or_default();
        let (party, reason) =
            end_of(notice).map_or(("", ""), |(party, reason)| (party.name(), reason));
        let columns = [
            self.type_name(notice),
            &date_time(notice.created_at()),
            &text_of(self.task_id(notice)),
            &text_of(Some(envelope.id)),
            origin,
            destination,
            &text_of(queue),
            direction,
            outbound,
            party,
            reason,
        ];
        columns.join(",")
    }

    fn data(&self, notice: &Notice, mut fields: Fields<'_>) {
        if let What::Agent(agent, ..)
        | What::OffTask { agent, .. }
        | What::Login(agent)
        | What::Logout(agent) = notice.what
        {
            fields.id("agentId", self.org.agents[agent].id);
            fields.id("teamId", self.org.agents[agent].team);
        }
        if let Some(task_id) = self.task_id(notice) {
            fields.id("taskId", task_id);
        }
        fields.number("createdTime", notice.created_at());
        match &notice.what {
            What::Task(_) | What::Ended(..) | What::Unknown(_) => {
                self.task_data(notice, &mut fields)
            }
            What::Agent(agent, state, version) => {
                self.agent_data(notice, (*agent, *state, *version), &mut fields)
            }
            What::OffTask { agent, state, version, idle_code } => {
                fields.text("currentState", state.name());
                if *version == Version::V2 {
                    fields.id("channelId", self.org.agents[*agent].channel);
                    fields.text("channelType", "telephony");
                    if let Some(code) = idle_code {
                        fields.id("idleCodeId", self.org.idle_codes[*code]);
                    }
                }
            }
            What::Login(agent) | What::Logout(agent) if self.agent_version() == Version::V2 => {
                fields.id("channelId", self.org.agents[*agent].channel);
                fields.text("channelType", "telephony");
            }
            What::Login(_) | What::Logout(_) => (),
            What::Capture => fields.text(
                "filePath",
                &format!("recordings/{}/{}.wav", self.org.id, self.telling.story.task_id),
            ),
            What::CallbackRequested => {
                if let Some(queue) = notice.queue {
                    fields.id("queueId", self.org.queues[queue]);
                }
            }
            What::CallbackFailed { is_final } => fields.truth("final", *is_final),
            What::Message { .. } => {
                fields.text("messageDirection", "INBOUND");
                fields.text("channelType", self.telling.story.channel.name());
            }
            What::TaskFailed => {
                fields.text("channelType", self.telling.story.channel.name());
                fields.text("failureType", "failed");
                fields.text("reason", "ENTRY_POINT_NOT_FOUND");
                fields.text("errorMessage", "The asset does not resolve to an active entry point.");
            }
        }
        fields.close();
    }

    fn task_data(&self, notice: &Notice, fields: &mut Fields<'_>) {
        let (origin, destination) = self.numbers(notice);
        fields.text("channelType", self.telling.story.channel.name());
        fields.text("direction", notice.way.direction());
        fields.text("origin", origin);
        fields.text("destination", destination);
        if let Some(queue) = notice.queue {
            fields.id("queueId", self.org.queues[queue]);
        }
        match notice.way.outbound_type() {
            Some(outbound) => fields.text("outboundType", outbound),
            None => fields.null("outboundType"),
        }
        fields.null("workflowManager");
        if let Some((party, reason)) = end_of(notice) {
            fields.text("terminatingParty", party.name());
            fields.text("reason", reason);
        }
    }

    fn agent_data(
        &self,
        notice: &Notice,
        (agent, state, version): (usize, AgentState, Version),
        fields: &mut Fields<'_>,
    ) {
        if let Some(queue) = notice.queue {
            fields.id("queueId", self.org.queues[queue]);
        }
        if self.names_numbers(notice) {
            fields.text("origin", self.numbers(notice).0);
        }
        if matches!(state, AgentState::Ringing | AgentState::Connected) {
            fields.text("destination", &self.org.agents[agent].number);
        }
        fields.text("currentState", state.name());
        if version == Version::V2 {
            fields.id("channelId", self.org.agents[agent].channel);
            fields.text("channelType", self.telling.story.channel.name());
            if state == AgentState::Idle {
                fields.null("idleCodeId");
            }
            if state == AgentState::WrapupDone {
                fields.null("wrapUpAuxCodeId");
            }
        }
    }

    fn type_name(&self, notice: &Notice) -> &'static str {
        match &notice.what {
            What::Task(event) => event.name(),
            What::Ended(..) => "task:ended",
            What::Capture => "capture:available",
            What::CallbackRequested => "trueline:callback-requested",
            What::Unknown(name) => name,
            What::CallbackFailed { .. } => "trueline:callback-failed",
            What::Message { .. } => "task-message:appended",
            What::Login(_) => "agent:login",
            What::Logout(_) => "agent:logout",
            What::TaskFailed => "task:failed",
            What::Agent(_, state, version) | What::OffTask { state, version, .. } => {
                match (version, state) {
                    (Version::V1, _) => "agent:state_change",
                    (Version::V2, AgentState::Idle | AgentState::Available) => {
                        "agent:channelType_state_change"
                    }
                    (Version::V2, _) => "agent:channel_state_change",
                }
            }
        }
    }

    /// The subscription that delivers it, and its version.
    fn source(&self, notice: &Notice, envelope: &Envelope) -> (Id, Version) {
        let subscriptions = &self.org.subscriptions;
        if envelope.second {
            return (subscriptions.second, Version::V2);
        }
        let of_version = |ids: &[Id; 2], version| match version {
            Version::V1 => (ids[0], version),
            Version::V2 => (ids[1], version),
        };
        match notice.what {
            What::Agent(_, _, version) | What::OffTask { version, .. } => {
                of_version(&subscriptions.agent, version)
            }
            What::Login(_) | What::Logout(_) => {
                of_version(&subscriptions.agent, self.agent_version())
            }
            What::Capture => (subscriptions.capture, envelope.task_version),
            What::CallbackRequested | What::CallbackFailed { .. } => {
                (subscriptions.signal, Version::V1)
            }
            What::Message { .. }
            | What::Task(_)
            | What::Ended(..)
            | What::Unknown(_)
            | What::TaskFailed => of_version(&subscriptions.task, envelope.task_version),
        }
    }

    fn task_id(&self, notice: &Notice) -> Option<Id> {
        let task_id = self.telling.story.task_id;
        match notice.what {
            What::OffTask { .. } | What::Login(_) | What::Logout(_) => None,
            What::TaskFailed => Some(task_id.stillborn()),
            What::Task(_)
            | What::Agent(..)
            | What::Ended(..)
            | What::Capture
            | What::CallbackRequested
            | What::CallbackFailed { .. }
            | What::Message { .. }
            | What::Unknown(_) => Some(task_id),
        }
    }

    /// The version of what agents do beside tasks.
    fn agent_version(&self) -> Version {
        self.telling.agent_versions.last().copied().unwrap_or(Version::V2)
    }

    fn names_numbers(&self, notice: &Notice) -> bool {
        match notice.what {
            What::Task(_) | What::Ended(..) | What::Unknown(_) => true,
            What::Agent(_, state, _) => !state.is_after_the_call(),
            What::Capture
            | What::CallbackRequested
            | What::CallbackFailed { .. }
            | What::Message { .. }
            | What::OffTask { .. }
            | What::Login(_)
            | What::Logout(_)
            | What::TaskFailed => false,
        }
    }

    /// `origin` and `destination`.
    fn numbers(&self, notice: &Notice) -> (&str, &str) {
        match notice.way {
            Way::Inbound => (&self.telling.customer, &self.telling.entry),
            Way::Callback | Way::WebCallback | Way::Outdial | Way::Campaign(_) => {
                (&self.telling.entry, &self.telling.customer)
            }
        }
    }
}

fn text_of(id: Option<Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn end_of(notice: &Notice) -> Option<(Party, &str)> {
    if let What::Ended(party, reason) = &notice.what { Some((*party, reason)) } else { None }
}

/// Writes the fields of one JSON object. None of our texts needs escapes.
struct Fields<'o> {
    out: &'o mut String,
    empty: bool,
    nulls: bool,
}

impl<'o> Fields<'o> {
    fn open(out: &'o mut String, nulls: bool) -> Self {
        out.push('{');
        Fields { out, empty: true, nulls }
    }

    fn close(self) {
        self.out.push('}');
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(if self.empty { "\"" } else { ",\"" });
        self.out.push_str(key);
        self.out.push_str("\":");
        self.empty = false;
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.out.push('"');
        self.out.push_str(value);
        self.out.push('"');
    }

    fn id(&mut self, key: &str, value: Id) {
        self.key(key);
        self.out.push('"');
        value.write(self.out);
        self.out.push('"');
    }

    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        write_number(self.out, value);
    }

    fn truth(&mut self, key: &str, value: bool) {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
    }

    fn null(&mut self, key: &str) {
        if self.nulls {
            self.key(key);
            self.out.push_str("null");
        }
    }

    fn dispatch_time(&mut self, value: u64, as_text: bool) {
        if as_text {
            self.text("comciscotimestamp", &value.to_string());
        } else {
            self.number("comciscotimestamp", value);
        }
    }
}

fn write_number(out: &mut String, value: u64) {
    if write!(out, "{value}").is_err() {
        unreachable!("a string takes everything");
    }
}

/// In the format of the sample: `2022-10-14 18:34:03.000`, UTC.
pub fn date_time(epoch_ms: u64) -> String {
    let (days, ms) = (epoch_ms / 86_400_000, epoch_ms % 86_400_000);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
}

/// The date of a day counted from 1970-01-01, in the Gregorian calendar, which repeats every 400
/// years.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (400 * era + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_look_like_those_of_the_sample() {
        assert_eq!(date_time(1_665_772_443_000), "2022-10-14 18:34:03.000");
        assert_eq!(date_time(1_709_164_799_999), "2024-02-28 23:59:59.999");
        assert_eq!(date_time(1_709_164_800_000), "2024-02-29 00:00:00.000");
    }
}
