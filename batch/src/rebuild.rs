//! The job from end to end: list, read, fold, write, publish.
//!
//! Invariant: what can fail for want of input or of a place to write fails before any work,
//! and nothing is visible before everything is written.

use std::num::NonZero;

use anyhow::{Context, Result, ensure};
use polars::prelude::{DataFrame, IntoLazy, UnionArgs, concat};
use rayon::{ScopeFifo, ThreadPoolBuilder};
use task_timeline::{EpochMs, FigureOptions};

use crate::args::Args;
use crate::fold::tasks::{FEW_TASKS, FoldCounts, Parts, Request, ShownTask};
use crate::input::archive;
use crate::input::display_names::DisplayNames;
use crate::input::file_reader::{FileKind, FileReport};
use crate::input::gaps;
use crate::input::intake::{self, Intake};
use crate::input::read_days::ReadDays;
use crate::location::Location;
use crate::output::columns::Table;
use crate::output::metrics;
use crate::output::output_file::OutputFile;
use crate::output::receipt::Receipt;
use crate::output::run_folder::RunFolder;
use crate::output::table_file::{TableFile, write_frame};
use crate::output::tables::{Corrections, Offers, Segments, Tables, Tasks, Visits};
use crate::pending::Pending;
use crate::progress::Progress;
use crate::report;
use crate::s3::S3;

/// Visits are summed up when this many are there.
const SUM_UP_ROWS: usize = 1 << 16;

/// What a rebuild came to.
#[derive(Debug)]
pub struct Rebuilt {
    /// What was read.
    pub intake: Intake,
    /// What it came to.
    pub counts: FoldCounts,
    /// The task that was asked for, or all if they are few.
    pub shown: Vec<ShownTask>,
    /// One row: the metrics of everything together.
    pub headline: DataFrame,
    /// Where the outputs are.
    pub folder: Option<Location>,
}

impl Intake {
    /// Files that could not be read, wholly or in part.
    pub fn rejected_files(&self) -> impl Iterator<Item = &(String, FileReport)> {
        self.files.iter().filter(|(_, file)| file.error.is_some())
    }
}

/// Rebuilds all timelines of the events below `events`.
///
/// It takes its time: a program that runs in a runtime calls it by `spawn_blocking`.
///
/// # Errors
/// When there is no input, the options make no sense, or the output cannot be written.
pub fn rebuild(args: &Args, events: &Location, s3: &S3, progress: &Progress) -> Result<Rebuilt> {
    let (from, until) = args.days()?;
    let task = args.task_id()?;
    let names = args.names.as_ref().map(|place| DisplayNames::read(place, s3)).transpose()?;
    let names = names.unwrap_or_default();
    let listing = archive::list_days(events, s3, &ReadDays::of(args)?)?;
    let folder = args.out.as_ref().map(|out| RunFolder::create(out, s3)).transpose()?;
    let workers = match args.threads {
        Some(threads) => threads,
        None => std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
    };

    let gaps = args.gaps.as_ref().map(|place| gaps::read(place, s3, from, until)).transpose()?;
    let gaps = gaps.unwrap_or_default();

    keep_freed_memory();
    progress.stage("reading events");
    let mut intake = intake::read(listing.files, workers, progress);
    intake.counts.skipped_days = listing.skipped_days;
    let holds_webhooks =
        |(_, file): &(String, FileReport)| file.kind == FileKind::Webhooks || file.error.is_some();
    ensure!(
        intake.files.iter().any(holds_webhooks),
        "there are no webhooks in {events}: no file is an archive, NDJSON or a table with \
         `type`, `taskId` and `createdTime`"
    );

    progress.stage("rebuilding tasks");
    let newest = intake.counts.newest.unwrap_or_default();
    let as_of = args.as_of.map_or(newest, |at| EpochMs(at.as_millisecond()));
    let request = Request {
        terms: FigureOptions {
            as_of,
            stale_after_ms: args.stale_after.ms,
            short_call_ms: args.short_call.ms,
        },
        from,
        until,
        zone: args.timezone.clone(),
        task,
    };
    let mut outputs = Outputs::create(folder.as_ref(), args.service_level.ms)?;
    let (mut counts, mut shown) = (FoldCounts::default(), Vec::new());
    let pool = ThreadPoolBuilder::new().num_threads(workers.get()).build()?;
    let (headline, files) = pool.in_place_scope_fifo(|workers| {
        for part in Parts::of(&intake, &request, workers, 2 * pool.current_num_threads()) {
            let part = part?;
            progress.read(part.counts.tasks);
            counts.add(part.counts);
            shown.extend(part.shown);
            outputs.push(part.tables, workers)?;
        }
        progress.stage("writing");
        outputs.finish(folder.as_ref(), &intake, workers)
    })?;
    if args.task.is_none() && shown.len() > FEW_TASKS {
        shown.clear();
    }

    let folder = match folder {
        Some(folder) => {
            let as_of = jiff::Timestamp::from_millisecond(as_of.0)?.to_string();
            let mut receipt = Receipt::new(args, as_of, &intake, &counts, files, &names);
            receipt.set_gaps(gaps);
            if !args.no_report {
                let report = report::write(&folder, &receipt, &names, &args.timezone)?;
                receipt.add_output(report);
            }
            Some(folder.publish(&receipt)?)
        }
        None => None,
    };
    Ok(Rebuilt { intake, counts, shown, headline, folder })
}

/// Has the allocator keep what is freed for whoever asks next, for fresh memory is slow.
///
/// glibc maps large blocks anew each time, and hands freed memory back to the kernel, until it has
/// seen a larger block freed, of at most 32 MiB. Here it sees one, which nobody touches. Other
/// allocators take no notice.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(31 << 20)));
}

/// The files that grow while tasks are folded, and the sums for the metrics.
struct Outputs {
    files: Option<Files>,
    service_level_ms: i64,
    visits: Vec<Visits>,
    visits_rows: usize,
    sums: Vec<Pending<Result<DataFrame>>>,
}

struct Files {
    segments: TableFile<Segments>,
    tasks: TableFile<Tasks>,
    offers: TableFile<Offers>,
    corrections: TableFile<Corrections>,
}

impl Outputs {
    fn create(folder: Option<&RunFolder>, service_level_ms: i64) -> Result<Outputs> {
        let files = match folder {
            None => None,
            Some(folder) => Some(Files {
                segments: TableFile::create(folder, "segments.parquet")?,
                tasks: TableFile::create(folder, "tasks.parquet")?,
                offers: TableFile::create(folder, "offers.parquet")?,
                corrections: TableFile::create(folder, "corrections.parquet")?,
            }),
        };
        Ok(Outputs {
            files,
            service_level_ms,
            visits: vec![Visits::default()],
            visits_rows: 0,
            sums: Vec::new(),
        })
    }

    fn push(&mut self, tables: Tables, workers: &ScopeFifo<'_>) -> Result<()> {
        if let Some(files) = &mut self.files {
            files.segments.push(tables.segments, workers)?;
            files.tasks.push(tables.tasks, workers)?;
            files.offers.push(tables.offers, workers)?;
            files.corrections.push(tables.corrections, workers)?;
        }
        self.visits_rows += tables.visits.height();
        self.visits.push(tables.visits);
        if self.visits_rows >= SUM_UP_ROWS {
            self.sum_up(workers);
        }
        Ok(())
    }

    fn sum_up(&mut self, workers: &ScopeFifo<'_>) {
        let visits = std::mem::take(&mut self.visits);
        self.visits_rows = 0;
        let service_level_ms = self.service_level_ms;
        self.sums.push(Pending::spawn(workers, move || {
            let frames = visits.into_iter().map(|visits| Ok(visits.into_frame()?.lazy()));
            let visits = concat(frames.collect::<Result<Vec<_>>>()?, UnionArgs::default())?;
            Ok(metrics::partial_sums(visits, service_level_ms).collect()?)
        }));
    }

    fn finish(
        mut self,
        folder: Option<&RunFolder>,
        intake: &Intake,
        workers: &ScopeFifo<'_>,
    ) -> Result<(DataFrame, Vec<OutputFile>)> {
        self.sum_up(workers);
        if let Some(files) = &mut self.files {
            files.segments.complete(workers);
            files.tasks.complete(workers);
            files.corrections.complete(workers);
            files.offers.complete(workers);
        }
        let sums = self.sums.into_iter().map(|sums| Ok(sums.wait()??.lazy()));
        let sums = metrics::total_sums(sums.collect::<Result<_>>()?)?;
        let sums = sums.collect().context("cannot sum up")?;
        let headline = metrics::headline(sums.clone().lazy()).collect()?;
        let mut written = Vec::new();
        if let (Some(files), Some(folder)) = (self.files, folder) {
            let intervals = metrics::queue_intervals(sums.lazy()).collect()?;
            written.push(files.corrections.finish()?);
            written.push(files.offers.finish()?);
            written.push(write_frame(folder, "queue_intervals.parquet", &intervals)?);
            written.push(files.segments.finish()?);
            written.push(files.tasks.finish()?);
            written.extend(write_rejected(folder, intake)?);
        }
        Ok((headline, written))
    }
}

/// The lines that could not be read, so that nothing is lost; no file where there are none.
fn write_rejected(folder: &RunFolder, intake: &Intake) -> Result<Option<OutputFile>> {
    use std::io::Write;
    if intake.rejected.is_empty() {
        return Ok(None);
    }
    let name = "rejected.ndjson";
    let mut file = folder.file(name)?;
    for line in &intake.rejected {
        serde_json::to_writer(&mut file, line)?;
        file.write_all(b"\n")?;
    }
    file.finish(intake.rejected.len() as u64).map(Some)
}
