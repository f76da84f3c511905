//! Folds one task after the other: sorted rows in, rows of tables and counts out.
//!
//! Invariant: every delivery of a task is counted exactly once: as an event, a repeat or a copy, or
//! with a task that is left out.

use task_timeline::{Delivery, EpochMs, FigureOptions, Figures, Id, Record, Timeline};

use crate::fold::counts::Oddities;
use crate::fold::half_hours::HalfHours;
use crate::fold::part::{FEW_TASKS, Part, ShownTask};
use crate::fold::queue_sums::QueueInterval;
use crate::fold::visits::{Visit, visits};
use crate::input::event_row::EventRow;
use crate::input::intake::Intake;
use crate::job::Job;
use crate::output::tables::{SegmentItem, TaskItem};

/// The inputs of the fold, the same for every task.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// What was read.
    pub intake: &'a Intake,
    /// What was asked for.
    pub job: &'a Job,
    /// The options of the figures.
    pub figure_options: &'a FigureOptions,
}

/// Folds one task after the other into a part.
pub(crate) struct TaskFolder<'a> {
    inputs: Inputs<'a>,
    org: &'a Id,
    half_hours: HalfHours<'a>,
    record: Record,
    part: Part,
}

impl<'a> TaskFolder<'a> {
    /// A folder for the tasks of one organization.
    pub(crate) fn new(inputs: Inputs<'a>, org: &'a Id) -> TaskFolder<'a> {
        let half_hours = HalfHours::new(&inputs.job.timezone);
        TaskFolder {
            inputs,
            org,
            half_hours,
            record: Record::default(),
            part: Part::new(org.clone()),
        }
    }

    /// The result for all tasks so far.
    pub(crate) fn finish(self) -> Part {
        self.part
    }

    /// Folds the rows of a task, which are sorted.
    pub(crate) fn fold(&mut self, task: &Id, rows: &[EventRow]) {
        self.record.clear();
        let mut oddities = Oddities::default();
        let timeline = self.apply_all(rows, &mut oddities);
        let deliveries = rows.len() as u64;
        let Some(figures) = timeline.finish(self.inputs.figure_options, &mut self.record) else {
            self.part.counts.without_timeline += 1;
            self.part.counts.deliveries_without_timeline += deliveries;
            return;
        };
        let is_of_run = self.inputs.job.period.contains(figures.started_at);
        self.part.offers.add(&self.record, figures.channel_kind(), is_of_run);
        if !is_of_run {
            self.part.counts.tasks_outside += 1;
            self.part.counts.deliveries_outside += deliveries;
            return;
        }
        self.record.sort();
        self.part.counts.add_task(&figures, &self.record);
        self.part.counts.add_oddities(oddities);
        self.fill_tables(task, &figures);
        self.count_visits(task, &figures);
        let is_shown = match &self.inputs.job.task {
            Some(begin) => self.is_asked_for(task, begin),
            None => self.part.shown.len() < FEW_TASKS,
        };
        if is_shown {
            let (org, task, record) = (self.org.clone(), task.clone(), self.record.clone());
            self.part.shown.push(ShownTask { org, task, figures, record });
        }
    }

    /// Whether a task begins so; of many that do, only the one that is called so.
    fn is_asked_for(&self, task: &Id, begin: &str) -> bool {
        let mut buffer = [0; 36];
        let task = task.as_text(&mut buffer);
        task == begin || (task.starts_with(begin) && self.part.shown.len() < FEW_TASKS)
    }

    /// Folds sorted rows. A row that arrived at the same moment as another delivery of its event is
    /// the same delivery, archived twice.
    fn apply_all(&mut self, rows: &[EventRow], oddities: &mut Oddities) -> Timeline {
        let intake = self.inputs.intake;
        let deliveries = rows.iter().enumerate().filter_map(|(at, row)| {
            let (earlier, arrived_at) = (&rows[..at], intake.arrived_at(row));
            let is_repeat = earlier.last().is_some_and(|last| last.identity == row.identity);
            if is_repeat && arrived_at.is_some() {
                let mut same = earlier.iter().rev().take_while(|of| of.identity == row.identity);
                if same.any(|of| intake.arrived_at(of) == arrived_at) {
                    oddities.copies += 1;
                    return None;
                }
            }
            let event = intake.event(row)?;
            if !is_repeat {
                oddities.note(row, earlier, &event);
            }
            Some(Delivery { event, arrived_at })
        });
        Timeline::fold_sorted(deliveries, self.inputs.figure_options.limits, &mut self.record)
    }

    fn fill_tables(&mut self, task: &Id, figures: &Figures) {
        let TaskFolder { org, record, part: Part { tables, .. }, .. } = self;
        let mut buffer = [0; 36];
        let task = task.as_text(&mut buffer);
        tables.tasks.push(&TaskItem { org, task, item: figures });
        for segment in &record.segments {
            let offer = segment.offer.and_then(|seq| record.offers.get(seq as usize));
            let agent = offer.and_then(|offer| offer.agent.as_ref());
            tables
                .segments
                .push(&SegmentItem { segment: TaskItem { org, task, item: segment }, agent });
        }
        for offer in &record.offers {
            tables.offers.push(&TaskItem { org, task, item: offer });
        }
        for correction in &record.corrections {
            tables.corrections.push(&TaskItem { org, task, item: correction });
        }
    }

    /// V11: everything of a visit counts where it began, and the naive view where the first one did.
    fn count_visits(&mut self, task: &Id, figures: &Figures) {
        let TaskFolder { org, inputs, half_hours, record, part } = self;
        let service_level_ms = inputs.job.service_level_ms;
        let mut interval = |queue: Option<&Id>, at: EpochMs| QueueInterval {
            org: org.clone(),
            queue: queue.cloned(),
            channel: figures.channel_kind(),
            start: half_hours.start(at),
        };
        let visits = visits(figures, record);
        let first_queue = figures.first_queue.as_ref();
        let is_naive = |visit: &Visit<'_>| visit.seq == 0 && visit.queue == first_queue;
        if !visits.first().is_some_and(is_naive) {
            let began = visits.first().map_or(figures.started_at, |first| first.entered_at);
            let first = interval(first_queue, began);
            part.queue_sums.of(first).add_naive(figures, service_level_ms);
        }
        let mut buffer = [0; 36];
        let task = task.as_text(&mut buffer);
        for visit in &visits {
            let own = part.queue_sums.of(interval(visit.queue, visit.entered_at));
            own.add_visit(visit, service_level_ms);
            if is_naive(visit) {
                own.add_naive(figures, service_level_ms);
            }
            part.visits.push(&TaskItem { org, task, item: visit });
        }
    }
}
