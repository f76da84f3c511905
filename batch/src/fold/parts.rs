//! The second half of a rebuild: bucket by bucket, sorted rows through the one state machine.
//!
//! Invariant: the tables come out in the order of organization and task, whoever folded them.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::vec::IntoIter;

use anyhow::Result;
use jiff::tz::TimeZone;
use rayon::ScopeFifo;
use serde::Serialize;
use task_timeline::{
    CallbackOutcome, EpochMs, FigureOptions, Figures, Id, Phase, ReasonGroup, Record, Timeline,
    count_late,
};

use crate::fold::visits::visits;
use crate::input::buckets::{BUCKETS, Bucket};
use crate::input::event_row::EventRow;
use crate::input::intake::Intake;
use crate::output::tables::{Of, SegmentOf, Tables};
use crate::pending::Pending;

/// So few tasks are shown without being asked for.
pub const FEW_TASKS: usize = 4;

/// What a rebuild is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the tenant decides about its figures.
    pub terms: FigureOptions,
    /// Only tasks whose first event is not before this.
    pub from: Option<EpochMs>,
    /// Only tasks whose first event is before this.
    pub until: Option<EpochMs>,
    /// The clocks of the half hours.
    pub zone: TimeZone,
    /// The task to show; if none, the first [`FEW_TASKS`] of each part are kept.
    pub task: Option<Id>,
}

/// Counts over all tasks; with those of the intake they add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FoldCounts {
    /// Tasks in the output.
    pub tasks: u64,
    /// Distinct events of those.
    pub events: u64,
    /// Repeated deliveries of those.
    pub duplicates: u64,
    /// Deliveries of those that the archive holds more than once: it promises at least once.
    pub copies: u64,
    /// Late deliveries of those, where the time of arrival is known.
    pub late: u64,
    /// Distinct events with the delivery id, type and time of another one.
    pub conflicting: u64,
    /// Tasks outside `--from` and `--to`.
    pub tasks_outside: u64,
    /// Deliveries of those.
    pub deliveries_outside: u64,
    /// Histories that no event ever started: stray agent events, `task:failed`.
    pub without_timeline: u64,
    /// Deliveries of those.
    pub deliveries_without_timeline: u64,
    /// Tasks that are still open.
    pub open: u64,
    /// `task:ended` events that did not end the task.
    pub false_ends: u64,
    /// Tasks with a callback.
    pub callbacks: u64,
    /// Rows in the ledger, by rule.
    pub corrections: BTreeMap<&'static str, u64>,
    /// Tasks by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Distinct events with reasons that are not known, by reason.
    pub unknown_reasons: BTreeMap<String, u64>,
    /// The longest live wait of a task, in milliseconds.
    pub longest_live_wait_ms: i64,
    /// The same at face value.
    pub naive_longest_live_wait_ms: i64,
}

impl FoldCounts {
    /// Adds the counts of other tasks.
    pub fn add(&mut self, other: FoldCounts) {
        self.tasks += other.tasks;
        self.events += other.events;
        self.duplicates += other.duplicates;
        self.copies += other.copies;
        self.late += other.late;
        self.conflicting += other.conflicting;
        self.tasks_outside += other.tasks_outside;
        self.deliveries_outside += other.deliveries_outside;
        self.without_timeline += other.without_timeline;
        self.deliveries_without_timeline += other.deliveries_without_timeline;
        self.open += other.open;
        self.false_ends += other.false_ends;
        self.callbacks += other.callbacks;
        self.longest_live_wait_ms = self.longest_live_wait_ms.max(other.longest_live_wait_ms);
        self.naive_longest_live_wait_ms =
            self.naive_longest_live_wait_ms.max(other.naive_longest_live_wait_ms);
        add_all(&mut self.corrections, other.corrections);
        add_all(&mut self.outcomes, other.outcomes);
        add_all(&mut self.unknown_reasons, other.unknown_reasons);
    }

    fn add_task(&mut self, figures: &Figures, record: &Record) {
        self.tasks += 1;
        self.events += u64::from(figures.events);
        self.duplicates += u64::from(figures.duplicates);
        self.late += u64::from(figures.late);
        self.open += u64::from(figures.ended_at.is_none());
        self.false_ends += u64::from(figures.false_ends);
        self.callbacks += u64::from(figures.callback != CallbackOutcome::None);
        *self.outcomes.entry(figures.outcome.name()).or_default() += 1;
        for correction in &record.corrections {
            *self.corrections.entry(correction.rule.name()).or_default() += 1;
        }
        self.longest_live_wait_ms = self.longest_live_wait_ms.max(figures.phases.ms(Phase::Queued));
        self.naive_longest_live_wait_ms =
            self.naive_longest_live_wait_ms.max(figures.naive.live_wait_ms.unwrap_or_default());
    }

    fn add_oddities(&mut self, oddities: Oddities) {
        self.conflicting += oddities.conflicting;
        self.copies += oddities.copies;
        for reason in oddities.unknown_reasons {
            *self.unknown_reasons.entry(reason).or_default() += 1;
        }
    }
}

/// What is odd about the events of one task; it counts if the task does.
#[derive(Default)]
struct Oddities {
    conflicting: u64,
    copies: u64,
    unknown_reasons: Vec<String>,
}

fn add_all<K: Ord>(sums: &mut BTreeMap<K, u64>, others: BTreeMap<K, u64>) {
    for (key, count) in others {
        *sums.entry(key).or_default() += count;
    }
}

/// A task to show.
#[derive(Clone, Debug)]
pub struct ShownTask {
    /// The organization.
    pub org: Id,
    /// The task.
    pub task: Id,
    /// The figures.
    pub figures: Figures,
    /// The details.
    pub record: Record,
}

/// A part of the result: the tasks of some buckets.
#[derive(Default)]
pub struct Part {
    /// Their tables.
    pub tables: Tables,
    /// Their counts.
    pub counts: FoldCounts,
    /// Those to show.
    pub shown: Vec<ShownTask>,
}

/// The parts of a result, in order. Workers fold some of them ahead.
pub struct Parts<'a, 'scope> {
    workers: &'a ScopeFifo<'scope>,
    intake: &'scope Intake,
    request: &'scope Request,
    jobs: IntoIter<Job>,
    begun: VecDeque<Pending<Part>>,
}

impl<'a, 'scope> Parts<'a, 'scope> {
    /// Has the workers begin with the first `ahead` parts.
    pub fn of(
        intake: &'scope Intake,
        request: &'scope Request,
        workers: &'a ScopeFifo<'scope>,
        ahead: usize,
    ) -> Parts<'a, 'scope> {
        let jobs = jobs(intake).into_iter();
        let mut parts = Parts { workers, intake, request, jobs, begun: VecDeque::new() };
        (0..ahead).for_each(|_| parts.begin());
        parts
    }

    fn begin(&mut self) {
        let Parts { workers, intake, request, .. } = *self;
        if let Some(job) = self.jobs.next() {
            self.begun.push_back(Pending::spawn(workers, move || job.fold(intake, request)));
        }
    }
}

impl Iterator for Parts<'_, '_> {
    type Item = Result<Part>;

    fn next(&mut self) -> Option<Result<Part>> {
        let part = self.begun.pop_front()?.wait();
        self.begin();
        Some(part)
    }
}

/// About how many deliveries make a part: enough to make a frame worth while, few enough for
/// its memory to be used again soon.
const PART_DELIVERIES: u64 = 1 << 15;

/// Cuts the buckets of each organization into parts; how depends on the archive alone.
fn jobs(intake: &Intake) -> Vec<Job> {
    let parts = (intake.counts.deliveries / PART_DELIVERIES).max(1).next_power_of_two();
    let buckets = BUCKETS / usize::try_from(parts).map_or(BUCKETS, |parts| parts.min(BUCKETS));
    let of_org = |(org, number): (Id, u16)| {
        let first = (0..BUCKETS).step_by(buckets);
        first.map(move |first| Job { org: org.clone(), number, buckets: first..first + buckets })
    };
    intake.orgs.sorted().into_iter().flat_map(of_org).collect()
}

/// Some neighbouring buckets of an organization.
struct Job {
    org: Id,
    number: u16,
    buckets: Range<usize>,
}

impl Job {
    fn fold(&self, intake: &Intake, request: &Request) -> Part {
        let (org, record, part) = (&self.org, Record::default(), Part::default());
        let mut folder = TaskFolder { intake, request, org, record, arrivals: Vec::new(), part };
        let mut rows = SortedRows::default();
        for bucket in self.buckets.clone() {
            rows.fill(intake, self.number, bucket);
            let mut tasks: Vec<(Id, &[EventRow])> = rows
                .rows
                .chunk_by(EventRow::same_task)
                .filter_map(|rows| {
                    let names = &intake.scattered[usize::from(rows[0].worker)].names;
                    Some((rows[0].task_id(names)?, rows))
                })
                .collect();
            // UUIDs are in order already; other ids are in the order of their hashes.
            tasks.sort_by(|a, b| a.0.cmp(&b.0));
            for (task, rows) in &tasks {
                folder.fold(task, rows);
            }
        }
        folder.part
    }
}

/// The rows of a bucket by task, and by place within it.
#[derive(Default)]
struct SortedRows {
    rows: Vec<EventRow>,
    /// Half of a task's id, and where a row of it lies.
    keys: Vec<(u64, u32, u32)>,
}

impl SortedRows {
    /// Takes the rows of a bucket, in the memory of those before.
    ///
    /// Rows are sorted by a short key first and copied once; then each task's dozen of rows is
    /// put in order. That moves a quarter of the bytes that sorting whole rows would.
    fn fill(&mut self, intake: &Intake, org: u16, bucket: usize) {
        let parts: Vec<Bucket> = intake.scattered.iter().map(|of| of.take(org, bucket)).collect();
        let chunks: Vec<&[EventRow]> = parts.iter().flat_map(Bucket::chunks).collect();
        self.keys.clear();
        for (chunk, rows) in (0u32..).zip(&chunks) {
            self.keys.extend((0u32..).zip(*rows).map(|(row, of)| (of.task[0], chunk, row)));
        }
        self.keys.sort_unstable_by_key(|&(half_the_id, ..)| half_the_id);
        self.rows.clear();
        let by_key = self.keys.iter().map(|&(_, chunk, row)| chunks[chunk as usize][row as usize]);
        self.rows.extend(by_key);
        let half_the_id = |a: &EventRow, b: &EventRow| a.task[0] == b.task[0];
        for rows in self.rows.chunk_by_mut(half_the_id) {
            rows.sort_unstable_by_key(EventRow::key);
        }
    }
}

/// Folds one task after the other into a part.
struct TaskFolder<'a> {
    intake: &'a Intake,
    request: &'a Request,
    org: &'a Id,
    record: Record,
    /// When each event of the task arrived first.
    arrivals: Vec<Option<EpochMs>>,
    part: Part,
}

impl TaskFolder<'_> {
    fn fold(&mut self, task: &Id, rows: &[EventRow]) {
        self.record.clear();
        let mut oddities = Oddities::default();
        let timeline = self.apply_all(rows, &mut oddities);
        let deliveries = rows.len() as u64;
        let Some(figures) = timeline.finish(&self.request.terms, &mut self.record) else {
            self.part.counts.without_timeline += 1;
            self.part.counts.deliveries_without_timeline += deliveries;
            return;
        };
        if self.is_outside(figures.started_at) {
            self.part.counts.tasks_outside += 1;
            self.part.counts.deliveries_outside += deliveries;
            return;
        }
        self.record.sort();
        self.part.counts.add_task(&figures, &self.record);
        self.part.counts.add_oddities(oddities);
        self.fill_tables(task, &figures);
        let is_shown = match &self.request.task {
            Some(asked_for) => asked_for == task,
            None => self.part.shown.len() < FEW_TASKS,
        };
        if is_shown {
            let (org, task, record) = (self.org.clone(), task.clone(), self.record.clone());
            self.part.shown.push(ShownTask { org, task, figures, record });
        }
    }

    /// When deliveries arrived, where that is known.
    fn arrivals_of<'r>(
        &self,
        rows: impl Iterator<Item = &'r EventRow>,
    ) -> impl Iterator<Item = Option<EpochMs>> {
        rows.map(|row| row.arrived_at(&self.intake.scattered[usize::from(row.worker)].names))
    }

    fn is_outside(&self, started_at: EpochMs) -> bool {
        self.request.from.is_some_and(|from| started_at < from)
            || self.request.until.is_some_and(|until| started_at >= until)
    }

    /// Applies sorted rows; repeats are neighbours. What arrived at the same moment as another
    /// delivery of the event is that delivery: whatever archived it did so twice.
    fn apply_all(&mut self, rows: &[EventRow], oddities: &mut Oddities) -> Timeline {
        let mut timeline = Timeline::default();
        let mut duplicates = 0;
        self.arrivals.clear();
        for (at, row) in rows.iter().enumerate() {
            let earlier = &rows[..at];
            let names = &self.intake.scattered[usize::from(row.worker)].names;
            let arrived_at = row.arrived_at(names);
            if earlier.last().is_some_and(|last| last.identity == row.identity) {
                let same = earlier.iter().rev().take_while(|of| of.identity == row.identity);
                if arrived_at.is_some() && self.arrivals_of(same).any(|at| at == arrived_at) {
                    oddities.copies += 1;
                    continue;
                }
                duplicates += 1;
                if let Some(first) = self.arrivals.last_mut() {
                    *first = first.iter().copied().chain(arrived_at).min();
                }
                continue;
            }
            self.arrivals.push(arrived_at);
            let same_time = earlier.iter().rev().take_while(|other| other.order == row.order);
            oddities.conflicting +=
                u64::from(same_time.clone().any(|other| other.conflicts_with(row)));
            let Some(event) = row.unpack(names) else { continue };
            if let Some(reason) =
                event.details.reason.as_ref().filter(|r| r.group == ReasonGroup::Unknown)
            {
                oddities.unknown_reasons.push(reason.text.to_string());
            }
            timeline.apply(&event, &mut self.record);
        }
        timeline.count_duplicates(duplicates);
        timeline.count_late(count_late(self.arrivals.iter().copied()));
        timeline
    }

    fn fill_tables(&mut self, task: &Id, figures: &Figures) {
        let TaskFolder { org, request, record, part: Part { tables, .. }, .. } = self;
        let mut buffer = [0; 36];
        let task = task.as_text(&mut buffer);
        tables.tasks.push(&Of { org, task, it: figures });
        for segment in &record.segments {
            let offer = segment.offer.and_then(|seq| record.offers.get(seq as usize));
            let agent = offer.and_then(|offer| offer.agent.as_ref());
            tables.segments.push(&SegmentOf { segment: Of { org, task, it: segment }, agent });
        }
        for offer in &record.offers {
            tables.offers.push(&Of { org, task, it: offer });
        }
        for correction in &record.corrections {
            tables.corrections.push(&Of { org, task, it: correction });
        }
        for visit in visits(org, figures, record, &request.zone) {
            tables.visits.push(&visit);
        }
    }
}
