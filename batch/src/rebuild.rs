//! The job from end to end: list, read, fold, write, publish.
//!
//! Invariant: a missing input or output place is found before any work, and nothing is visible
//! before everything is written.

use std::collections::BTreeSet;
use std::num::NonZero;

use anyhow::{Result, ensure};
use rayon::ThreadPoolBuilder;
use task_timeline::ChannelKind;

use crate::fold::agent_parts::agent_parts;
use crate::fold::counts::FoldCounts;
use crate::fold::part::{FEW_TASKS, ShownTask};
use crate::fold::parts::parts;
use crate::fold::queue_sums::{QueueSums, Sums};
use crate::fold::staffing::QueueStaff;
use crate::fold::task_folder::Inputs;
use crate::input::display_names::DisplayNames;
use crate::input::gaps;
use crate::input::intake::Intake;
use crate::input::listing;
use crate::input::read_days::ReadDays;
use crate::input::read_files::read_files;
use crate::job::Job;
use crate::location::Location;
use crate::output::csv_folder::CsvFolder;
use crate::output::outputs::Outputs;
use crate::output::receipt::{Options, Receipt};
use crate::output::run_folder::RunFolder;
use crate::progress::Progress;
use crate::report;
use crate::s3::S3;

/// The result of a rebuild.
#[derive(Debug)]
pub struct Rebuilt {
    /// What was read.
    pub intake: Intake,
    /// What was counted.
    pub counts: FoldCounts,
    /// The task that was asked for, or all tasks if there are only a few.
    pub shown: Vec<ShownTask>,
    /// The overall metrics of each kind of channel.
    pub headlines: Vec<(ChannelKind, Sums)>,
    /// Where the outputs are.
    pub folder: Option<Location>,
    /// The display names.
    pub names: DisplayNames,
}

/// Rebuilds all timelines that a job asks for.
///
/// This blocks for long: an async program calls it in `spawn_blocking`.
///
/// # Errors
/// When there is no input, or the output cannot be written.
pub fn rebuild(job: &Job, s3: &S3, progress: &Progress) -> Result<Rebuilt> {
    let names = job.names.as_ref().map(|place| DisplayNames::read(place, s3)).transpose()?;
    let names = names.unwrap_or_default();
    let listing = listing::list_days(&job.events, s3, &ReadDays::new(job)?)?;
    let folder = job.out.as_ref().map(|out| RunFolder::create(out, s3)).transpose()?;
    let csv = job.csv.as_deref().map(CsvFolder::open).transpose()?;
    let gaps = job.gaps.as_ref().map(|place| gaps::read(place, s3, &job.period)).transpose()?;
    let gaps = gaps.unwrap_or_default();
    let workers = match job.threads {
        Some(threads) => threads,
        None => std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
    };

    keep_freed_memory();
    progress.stage("reading events");
    let mut intake = read_files(listing.files, workers, job.now, progress);
    intake.counts.skipped_days = listing.skipped_days;
    intake.counts.other_names = listing.other_names;
    ensure!(intake.counts.deliveries > 0, no_events(&job.events, &intake));

    progress.stage("rebuilding tasks");
    let figure_options = job.figure_options(intake.counts.newest());
    let inputs = Inputs { intake: &intake, job, figure_options: &figure_options };
    let mut outputs = Outputs::create(folder.as_ref())?;
    let (mut counts, mut shown) = (FoldCounts::default(), Vec::new());
    let mut queue_sums = QueueSums::default();
    let (mut offers, mut visits) = (Vec::new(), Vec::new());
    let pool = ThreadPoolBuilder::new().num_threads(workers.get()).build()?;
    let (headlines, files) = pool.in_place_scope_fifo(|workers| {
        let ahead = 2 * pool.current_num_threads();
        for part in parts(inputs, workers, ahead) {
            let part = part?;
            progress.read(part.counts.tasks);
            counts.add(part.counts);
            queue_sums.add(part.queue_sums);
            offers.push((part.org, part.offers));
            visits.push(part.visits);
            shown.extend(part.shown);
            outputs.push(part.tables, workers)?;
        }
        let mut staff = QueueStaff::default();
        for part in agent_parts(inputs, offers, workers, ahead) {
            let part = part?;
            part.staff.into_iter().for_each(|member| staff.add(member));
            outputs.push_agents(part.tables, workers)?;
        }
        progress.stage("writing");
        for visits in visits {
            outputs.push_visits(visits.complete(&staff), workers)?;
        }
        let headlines = queue_sums.channels().into_iter();
        let headlines = headlines.map(|channel| (channel, queue_sums.total(channel))).collect();
        let files = outputs.finish(folder.as_ref(), queue_sums, intake.rejected.kept(), workers)?;
        anyhow::Ok((headlines, files))
    })?;
    if job.task.is_none() && shown.len() > FEW_TASKS {
        shown.clear();
    }
    let task = job.task.as_deref().map(|begin| only_task(begin, &mut shown)).transpose()?;
    let job = &Job { task, ..job.clone() };

    let folder = match folder {
        Some(folder) => {
            let options = Options::new(job, figure_options.as_of, &names)?;
            let mut receipt = Receipt::new(options, gaps, &intake, &counts);
            receipt.add_outputs(files);
            if job.writes_report {
                let report = report::write(&folder, &receipt, &names, job)?;
                receipt.add_outputs([report]);
            }
            if let Some(csv) = &csv {
                progress.stage("writing CSV");
                csv.write(&folder)?;
            }
            Some(folder.publish(&receipt)?)
        }
        None => None,
    };
    csv.map(CsvFolder::publish).transpose()?;
    Ok(Rebuilt { intake, counts, shown, headlines, folder, names })
}

/// The id of the one task that begins so; of an id that is another's beginning, that task. What is
/// shown of other tasks is dropped.
fn only_task(begin: &str, shown: &mut Vec<ShownTask>) -> Result<String> {
    if shown.iter().any(|of| of.task.to_string() == begin) {
        shown.retain(|of| of.task.to_string() == begin);
    }
    let ids: BTreeSet<String> = shown.iter().map(|of| of.task.to_string()).collect();
    let some: Vec<&str> = ids.iter().take(2).map(String::as_str).collect();
    ensure!(ids.len() < 2, "several tasks begin with {begin}, like {}", some.join(" and "));
    Ok(ids.into_iter().next().unwrap_or_else(|| begin.to_owned()))
}

/// Why there is nothing to rebuild, with the first reasons for which files and lines were set aside.
fn no_events(events: &Location, intake: &Intake) -> String {
    const SHOWN: usize = 5;
    let rejections = intake.rejections().concat();
    if rejections.is_empty() {
        return format!(
            "there are no webhooks in {events}: no file is an archive, NDJSON or a table with \
             `type`, `taskId` and `createdTime`, or those are empty"
        );
    }
    let mut text = format!("not one webhook in {events} can be read");
    for rejection in rejections.iter().take(SHOWN) {
        text += &format!("\n  rejected: {rejection}");
    }
    if let Some(more @ 1..) = intake.count_rejected().checked_sub(SHOWN as u64) {
        text += &format!("\n  and {more} more");
    }
    text
}

/// Makes the allocator keep freed memory for later use, because fresh memory is slow.
///
/// glibc maps large blocks anew each time and returns freed memory to the kernel, until it has seen
/// a larger block being freed, of up to 32 MiB. Here it sees one, which is never touched. Other
/// allocators ignore this.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(31 << 20)));
}
