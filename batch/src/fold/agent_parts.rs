//! The fold of agents: each agent's rows and offers, sorted, become rows of tables.
//!
//! Invariant: the tables come out in the order of organization and agent, whichever worker folded
//! them. Offers to an agent whom nobody named come first.

use anyhow::Result;
use hashbrown::HashMap;
use rayon::ScopeFifo;
use task_timeline::{AgentRecord, AgentSpan, AgentTimeline, EpochMs, Id};

use crate::fold::agent_offers::{AgentOffer, AgentOffers};
use crate::fold::agent_sums::AgentIntervalSums;
use crate::fold::half_hours::HalfHours;
use crate::fold::presence::AgentKey;
use crate::fold::staffing::StaffMember;
use crate::fold::task_folder::Inputs;
use crate::input::agent_rows::AgentRow;
use crate::input::buckets::Scattered;
use crate::input::chunks::Chunks;
use crate::input::event_row::Dictionaries;
use crate::input::intake::Intake;
use crate::job::Job;
use crate::output::agent_tables::{AgentIntervalItem, AgentStateItem, AgentTables};
use crate::pending::Ahead;

/// The approximate number of rows and offers in a part.
const PART_ROWS: usize = 1 << 15;

/// The result for some agents.
#[derive(Default)]
pub struct AgentPart {
    /// Their tables.
    pub tables: AgentTables,
    /// G10: those who worked for queues.
    pub staff: Vec<StaffMember>,
}

/// The parts of all agents, in order, with the offers of all tasks. Workers fold `ahead` of them
/// before they are asked for.
pub(crate) fn agent_parts<'scope>(
    inputs: Inputs<'scope>,
    offers: Vec<(Id, AgentOffers)>,
    workers: &ScopeFifo<'scope>,
    ahead: usize,
) -> impl Iterator<Item = Result<AgentPart>> {
    let mut agents = agents(inputs.intake, offers).into_iter().peekable();
    let parts = std::iter::from_fn(move || {
        agents.peek()?;
        let mut size = 0;
        let part: Vec<(AgentKey, Agent<'scope>)> = std::iter::from_fn(|| {
            let next = agents.next_if(|_| size < PART_ROWS)?;
            size += next.1.size();
            Some(next)
        })
        .collect();
        Some(move || fold(inputs, part))
    });
    Ahead::new(workers, parts, ahead)
}

/// What was read of an agent.
#[derive(Default)]
struct Agent<'a> {
    /// What events say of the agent: the rows of each worker, with what they refer to.
    rows: Vec<(&'a Chunks<AgentRow>, &'a Dictionaries)>,
    /// The offers of each part of the tasks.
    offers: Vec<Vec<AgentOffer>>,
}

impl<'a> Agent<'a> {
    /// How many rows and offers there are.
    fn size(&self) -> usize {
        let rows: usize = self.rows.iter().map(|(rows, _)| rows.count()).sum();
        rows + self.offers.iter().map(Vec::len).sum::<usize>()
    }

    fn rows(&self) -> impl Iterator<Item = (&'a AgentRow, &'a Dictionaries)> {
        let of_worker = |&(rows, dictionaries): &(&'a Chunks<AgentRow>, &'a Dictionaries)| {
            rows.iter().map(move |row| (row, dictionaries))
        };
        self.rows.iter().flat_map(of_worker)
    }

    fn offers(&self) -> impl Iterator<Item = &AgentOffer> {
        self.offers.iter().flatten()
    }
}

/// All agents whom an event or an offer names, in order.
fn agents(intake: &Intake, offers: Vec<(Id, AgentOffers)>) -> Vec<(AgentKey, Agent<'_>)> {
    let mut all: HashMap<AgentKey, Agent<'_>> = HashMap::new();
    for (org, number) in intake.orgs.sorted() {
        for Scattered { agents, dictionaries, .. } in &intake.scattered {
            for (agent, rows) in agents.of_org(number, dictionaries) {
                let key = AgentKey { org: org.clone(), agent: Some(agent.clone()) };
                all.entry(key).or_default().rows.push((rows, dictionaries));
            }
        }
    }
    for (org, offers) in offers {
        for (agent, offers) in offers.by_agent() {
            let key = AgentKey { org: org.clone(), agent };
            all.entry(key).or_default().offers.push(offers);
        }
    }
    let mut agents: Vec<_> = all.into_iter().collect();
    agents.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    agents
}

fn fold(inputs: Inputs<'_>, agents: Vec<(AgentKey, Agent<'_>)>) -> AgentPart {
    let mut part = AgentPart::default();
    for (key, agent) in agents {
        let record = fold_rows(agent.rows().collect(), inputs.figure_options.as_of);
        fill_states(inputs.job, &key, &record, &mut part.tables);
        fill_intervals(inputs, &key, &record, agent.offers(), &mut part.tables);
        part.staff.extend(StaffMember::new(key, &record, agent.offers()));
    }
    part
}

/// G1: the timeline of an agent, from the rows of all workers.
fn fold_rows(mut rows: Vec<(&AgentRow, &Dictionaries)>, as_of: EpochMs) -> AgentRecord {
    rows.sort_by_key(|(row, _)| row.key());
    let (mut timeline, mut record) = (AgentTimeline::default(), AgentRecord::default());
    for (row, dictionaries) in rows {
        timeline.apply(&row.unpack(dictionaries), &mut record);
    }
    timeline.finish(as_of, &mut record);
    record.on_channels.sort_by_key(|span| (span.channel, span.started_at));
    record
}

fn fill_states(job: &Job, key: &AgentKey, record: &AgentRecord, tables: &mut AgentTables) {
    let AgentKey { org, agent } = key;
    for spans in record.on_channels.chunk_by(|a, b| a.channel == b.channel) {
        let touches = |span: &&AgentSpan| job.period.overlaps(span.started_at, span.ended_at);
        for (seq, span) in (0..).zip(spans.iter().filter(touches)) {
            tables.states.push(&AgentStateItem { org, agent: agent.as_ref(), seq, span });
        }
    }
}

fn fill_intervals<'a>(
    inputs: Inputs<'_>,
    key: &AgentKey,
    record: &AgentRecord,
    offers: impl Iterator<Item = &'a AgentOffer>,
    tables: &mut AgentTables,
) {
    let (job, as_of) = (inputs.job, inputs.figure_options.as_of);
    let mut sums = AgentIntervalSums::new(HalfHours::new(&job.timezone), &job.period, as_of);
    sums.add_record(record);
    offers.filter(|offer| offer.is_of_run).for_each(|offer| sums.add_offer(offer));
    let AgentKey { org, agent } = key;
    for ((channel, start), sums) in sums.finish() {
        let item = AgentIntervalItem { org, agent: agent.as_ref(), channel, start, sums: &sums };
        tables.intervals.push(&item);
    }
}
