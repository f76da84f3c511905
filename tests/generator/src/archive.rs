//! An archive as a pure function: the nth task with its truth and its deliveries, and all
//! deliveries in the order of arrival.
//!
//! Invariant: a task depends only on the options and its own number. So tasks can be generated in
//! any order and any number of times, and need not be kept: the truth is written in the order of
//! task ids by generating every task a second time, and [`Deliveries`] holds only the tasks that
//! are in progress.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::agent_truth::AgentTruth;
use crate::dice::{Dice, Stream};
use crate::kinds::{self, KINDS, Kind};
use crate::naive::Naive;
use crate::notice::{Telling, What};
use crate::options::{Format, Options};
use crate::org::{Id, Org};
use crate::quirks::{self, Plan, Sending};
use crate::record::Truth;
use crate::roster::Roster;
use crate::truth::{self, Delivered, Sight};
use crate::webhook::Renderer;

/// Load by hour of the day: a contact centre is busy in the morning and quiet at night.
const LOAD: [u64; 24] =
    [2, 1, 1, 1, 2, 4, 9, 20, 38, 52, 55, 50, 42, 46, 50, 46, 40, 32, 24, 16, 11, 8, 5, 3];
/// Number of tasks from which the number of lines per task is estimated.
const ESTIMATE_FROM: u64 = 2_000;

/// An archive, generated on demand.
#[derive(Debug)]
pub struct Archive {
    options: Options,
    org: Org,
    kinds: Vec<(u64, &'static Kind)>,
    tasks: u64,
    /// Calls of whole shifts, each with its deliveries. They are few, and kept.
    desk_calls: Vec<(Telling, Plan)>,
    agents: Vec<AgentTruth>,
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// The truth about it.
    pub truth: Truth,
    /// Its deliveries, in the order of their events; there may be one that belongs to no task.
    pub deliveries: Vec<Delivery>,
}

/// One line of the archive: one request to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// When it arrives, epoch milliseconds.
    pub arrives_at: u64,
    /// The task that it is about.
    pub task_id: Option<Id>,
    /// The body, or the row.
    pub line: String,
}

/// What is in an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Lines, readable or not.
    pub lines: u64,
    /// Different events that happened, lost ones included.
    pub distinct_events: u64,
    /// Deliveries of an event beyond its first, lost ones included.
    pub repeats: u64,
    /// Deliveries that are not in the archive.
    pub lost: u64,
    /// Lines that cannot be read.
    pub unreadable_lines: u64,
    /// Events that belong to no task; among the distinct ones.
    pub events_without_task: u64,
    /// Events with one webhook id, type and time but different data: never generated.
    pub conflicting: u64,
    /// Distinct events of unlisted types.
    pub unknown_types: BTreeMap<&'static str, u64>,
    /// Tasks.
    pub tasks: u64,
    /// Tasks by kind.
    pub kinds: BTreeMap<&'static str, u64>,
}

impl Archive {
    /// # Errors
    /// When the options are not valid.
    pub fn new(options: Options) -> Result<Self> {
        options.check()?;
        let kinds = cumulated(&options.weights);
        ensure!(!kinds.is_empty(), "some kind must have a weight");
        let org = Org::new(options.seed);
        let (desk_calls, agents) = desk(&options, &org);
        let tasks = options.tasks;
        let mut archive = Archive { org, kinds, tasks, options, desk_calls, agents };
        if let Some(lines) = archive.options.events {
            archive.tasks = archive.tasks_for(lines);
        }
        Ok(archive)
    }

    /// Its options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// How many tasks there are; they are numbered from 0 in the order in which they start, and then
    /// come the calls of whole shifts.
    pub fn task_count(&self) -> u64 {
        self.tasks + count(self.desk_calls.len())
    }

    /// The truth about the agents who work whole shifts, if there are any.
    pub fn agents(&self) -> &[AgentTruth] {
        &self.agents
    }

    /// Every task, by its number.
    pub fn tasks(&self) -> impl Iterator<Item = Task> {
        (0..self.task_count()).map(|index| {
            let (telling, plan) = self.tell(index);
            Task {
                truth: self.truth_of(&telling, &plan),
                deliveries: self.deliveries_of(&telling, &plan),
            }
        })
    }

    /// Every delivery, in the order of arrival.
    pub fn deliveries(&self) -> Deliveries<'_> {
        let mut deliveries = Deliveries {
            archive: self,
            next_task: 0,
            next_start: self.start(0),
            waiting: BinaryHeap::new(),
            order: 0,
            rows: 0,
            summary: Summary::default(),
        };
        for (telling, plan) in &self.desk_calls {
            deliveries.tell_task(telling, plan);
        }
        deliveries
    }

    /// The truth about one task.
    pub fn truth(&self, index: u64) -> Truth {
        let (telling, plan) = self.tell(index);
        self.truth_of(&telling, &plan)
    }

    /// The id of one task.
    pub fn task_id(&self, index: u64) -> Id {
        if let Some((telling, _)) = self.desk_call(index) {
            return telling.story.task_id;
        }
        Id::random(&mut Dice::new(self.options.seed, Stream::TaskId, index))
    }

    /// When one task starts: tasks are spread evenly over the load of the days.
    pub fn start(&self, index: u64) -> u64 {
        const HOUR: u128 = 3_600_000;
        const SLOT: u128 = 1_000;
        let within = Dice::new(self.options.seed, Stream::Start, index).between(0..=899);
        let position = u128::from(index) * SLOT + u128::from(within);
        let day_load = u128::from(LOAD.iter().sum::<u64>()) * HOUR;
        let load =
            position * u128::from(self.options.days) * day_load / (u128::from(self.tasks) * SLOT);
        let (mut at, mut rest) = (load / day_load * 24 * HOUR, load % day_load);
        for hour in LOAD.map(u128::from) {
            if rest < hour * HOUR {
                at += rest / hour;
                break;
            }
            rest -= hour * HOUR;
            at += HOUR;
        }
        self.options.start_ms + u64::try_from(at).unwrap_or_default()
    }

    fn desk_call(&self, index: u64) -> Option<&(Telling, Plan)> {
        let number = index.checked_sub(self.tasks)?;
        self.desk_calls.get(usize::try_from(number).ok()?)
    }

    fn tell(&self, index: u64) -> (Telling, Plan) {
        if let Some(call) = self.desk_call(index) {
            return call.clone();
        }
        let mut dice = Dice::new(self.options.seed, Stream::Story, index);
        let kind = self.kind(&mut dice);
        let telling = kinds::tell(kind, &self.org, self.task_id(index), self.start(index), dice);
        let mut dice = Dice::new(self.options.seed, Stream::Quirks, index);
        let plan = quirks::plan(&telling, &self.options.quirks, &mut dice);
        (telling, plan)
    }

    fn kind(&self, dice: &mut Dice) -> &'static Kind {
        let total = self.kinds.last().map_or(1, |(upto, _)| *upto);
        let throw = dice.between(1..=total);
        let position = self.kinds.partition_point(|(upto, _)| *upto < throw);
        self.kinds[position].1
    }

    fn tasks_for(&self, lines: u64) -> u64 {
        let mut sent = 0;
        for index in 0..ESTIMATE_FROM {
            sent += count(self.tell(index).1.sendings.len());
            if sent >= lines {
                return index + 1;
            }
        }
        (lines * ESTIMATE_FROM).div_ceil(sent.max(1))
    }

    fn truth_of(&self, telling: &Telling, plan: &Plan) -> Truth {
        let sight =
            if self.options.format == Format::Csv { Sight::SampleColumns } else { Sight::Full };
        let delivered = Delivered {
            events: telling.notices.len(),
            duplicates: plan.repeats,
            naive: Naive::new(&telling.notices),
        };
        truth::from_story(&telling.story, &self.org, sight, delivered)
    }

    fn deliveries_of(&self, telling: &Telling, plan: &Plan) -> Vec<Delivery> {
        let renderer = Renderer { org: &self.org, telling };
        let delivery = |sending: &Sending| Delivery {
            arrives_at: sending.arrives_at,
            task_id: (sending.notice < telling.notices.len()).then_some(telling.story.task_id),
            line: self.line(renderer, plan, sending),
        };
        plan.sendings.iter().map(delivery).collect()
    }

    fn line(&self, renderer: Renderer<'_>, plan: &Plan, sending: &Sending) -> String {
        let notice = &plan.notices[sending.notice];
        match (self.options.format == Format::Csv, sending.spoiled) {
            (true, false) => renderer.row(notice, &sending.envelope),
            (true, true) => spoiled_row(&renderer.row(notice, &sending.envelope)),
            (false, false) => renderer.json(notice, &sending.envelope),
            (false, true) => spoiled(renderer.json(notice, &sending.envelope)),
        }
    }
}

/// All deliveries of an archive, in the order of arrival.
#[derive(Debug)]
pub struct Deliveries<'a> {
    archive: &'a Archive,
    next_task: u64,
    next_start: u64,
    waiting: BinaryHeap<Reverse<(u64, u64, Box<Delivery>)>>,
    order: u64,
    rows: u64,
    summary: Summary,
}

impl Deliveries<'_> {
    /// What has been delivered; complete once the iterator is exhausted.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Generates tasks until no later task can arrive before the next waiting delivery.
    fn tell_tasks(&mut self) {
        while self.next_task < self.archive.tasks {
            if self
                .waiting
                .peek()
                .is_some_and(|Reverse((arrives_at, ..))| *arrives_at < self.next_start)
            {
                return;
            }
            let (telling, plan) = self.archive.tell(self.next_task);
            self.tell_task(&telling, &plan);
            self.next_task += 1;
            self.next_start = self.archive.start(self.next_task);
        }
    }

    fn tell_task(&mut self, telling: &Telling, plan: &Plan) {
        self.summary.add(telling, plan);
        for delivery in self.archive.deliveries_of(telling, plan) {
            self.waiting.push(Reverse((delivery.arrives_at, self.order, Box::new(delivery))));
            self.order += 1;
        }
    }
}

impl Iterator for Deliveries<'_> {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        self.tell_tasks();
        let Reverse((_, _, mut delivery)) = self.waiting.pop()?;
        self.rows += 1;
        if self.archive.options.format == Format::Csv {
            delivery.line.insert_str(0, &format!("{},", self.rows));
        }
        Some(*delivery)
    }
}

impl Summary {
    fn add(&mut self, telling: &Telling, plan: &Plan) {
        self.lines += count(plan.sendings.len());
        self.distinct_events += count(plan.notices.len());
        self.repeats += count(plan.repeats);
        self.lost += count(plan.lost);
        self.unreadable_lines +=
            count(plan.sendings.iter().filter(|sending| sending.spoiled).count());
        self.events_without_task += count(plan.notices.len() - telling.notices.len());
        self.tasks += 1;
        *self.kinds.entry(telling.story.kind).or_default() += 1;
        for notice in &plan.notices {
            if let What::Unknown(name) = notice.what {
                *self.unknown_types.entry(name).or_default() += 1;
            }
        }
    }
}

/// The calls of whole shifts, and the truth about their agents.
fn desk(options: &Options, org: &Org) -> (Vec<(Telling, Plan)>, Vec<AgentTruth>) {
    let (mut calls, mut agents) = (Vec::new(), Vec::new());
    for number in 0..options.shifts {
        let roster = Roster::new(org, options, number);
        agents.push(AgentTruth::new(org, &roster));
        calls.extend(roster.calls);
    }
    let plan = |(index, telling): (usize, Telling)| {
        let mut dice = Dice::new(options.seed, Stream::Quirks, u64::MAX - count(index));
        let plan = quirks::plan(&telling, &options.quirks, &mut dice);
        (telling, plan)
    };
    (calls.into_iter().enumerate().map(plan).collect(), agents)
}

/// The kinds that occur, each with the sum of the weights up to it.
fn cumulated(weights: &[(String, u32)]) -> Vec<(u64, &'static Kind)> {
    let mut upto = 0;
    let mut kinds = Vec::new();
    for kind in KINDS {
        let given = weights.iter().rfind(|(name, _)| name == kind.name);
        let weight = given.map_or(kind.weight, |(_, weight)| *weight);
        if weight > 0 {
            upto += u64::from(weight);
            kinds.push((upto, kind));
        }
    }
    kinds
}

/// A truncated body, no JSON at all, or JSON that is not a webhook.
fn spoiled(mut line: String) -> String {
    match line.len() % 3 {
        0 => "<html><body>502 Bad Gateway</body></html>".to_owned(),
        1 => r#"{"specversion":"1.0","datacontenttype":"application/json"}"#.to_owned(),
        _ => {
            line.truncate(line.len() / 2);
            line
        }
    }
}

/// A row with an invalid time.
fn spoiled_row(row: &str) -> String {
    let mut columns: Vec<&str> = row.split(',').collect();
    columns[1] = "yesterday";
    columns.join(",")
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
