//! An archive as files: `events/` in the chosen format, and the truth next to it.
//!
//! Invariant: the same options give the same bytes. Two threads, which share nothing but the
//! options, write events and truth.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::archive::{Archive, Delivery, Summary};
use crate::objects::Objects;
use crate::options::{Deal, Format, Options};

const ZSTD_LEVEL: i32 = 1;
const BUFFER: usize = 1 << 18;
const COLUMNS: &str = concat!(
    "rowid,type,createdTime,taskId,webhookId,origin,destination,queueId,",
    "direction,outboundType,terminatingParty,reason"
);

/// Writes `events/`, `truth.ndjson` (`.zst` if the events are compressed), `truth-agents.ndjson` (if
/// agents work whole shifts) and `truth-summary.json` into the folder.
///
/// # Errors
/// When the options are not valid, when the folder already contains events, or when it cannot be
/// written.
pub fn write_archive(folder: &Path, options: &Options) -> Result<Summary> {
    let archive = Archive::new(options.clone())?;
    let events = folder.join("events");
    fs::create_dir_all(&events).with_context(|| format!("create {}", events.display()))?;
    let empty = fs::read_dir(&events)?.next().is_none();
    ensure!(empty, "{} has files already", events.display());
    let (summary, truth) = thread::scope(|scope| {
        let truth = scope.spawn(|| write_truth(folder, &archive));
        let summary = write_events(&events, &archive);
        (summary, truth.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    truth?;
    let summary = summary?;
    let path = folder.join("truth-summary.json");
    fs::write(&path, serde_json::to_string_pretty(&summary)? + "\n")
        .with_context(|| format!("write {}", path.display()))?;
    Ok(summary)
}

fn write_events(folder: &Path, archive: &Archive) -> Result<Summary> {
    let options = archive.options();
    let extension = match options.format {
        Format::Ndjson => "ndjson",
        Format::Gz => "ndjson.gz",
        Format::Zst => "ndjson.zst",
        Format::Csv => "csv",
        Format::Parquet => "parquet",
    };
    let mut files = Vec::with_capacity(options.files);
    for number in 0..options.files {
        files.push(Sink::create(
            &folder.join(format!("part-{number:05}.{extension}")),
            options.format,
        )?);
    }
    let mut deliveries = archive.deliveries();
    let mut turn = 0;
    for delivery in deliveries.by_ref() {
        turn = match options.deal {
            Deal::RoundRobin => (turn + 1) % files.len(),
            Deal::ByTime => by_time(&delivery, options),
        };
        files[turn].delivery(delivery)?;
    }
    for file in files {
        file.finish()?;
    }
    Ok(deliveries.summary().clone())
}

/// The file for its period of time. What arrives after the last day goes to the last file.
fn by_time(delivery: &Delivery, options: &Options) -> usize {
    let since = delivery.arrives_at.saturating_sub(options.start_ms);
    let files = u64::try_from(options.files).unwrap_or(1);
    let file = since * files / (options.days * 86_400_000);
    usize::try_from(file).unwrap_or_default().min(options.files - 1)
}

fn write_truth(folder: &Path, archive: &Archive) -> Result<()> {
    let (name, format) = match archive.options().format {
        Format::Ndjson | Format::Csv => ("truth.ndjson", Format::Ndjson),
        Format::Gz | Format::Zst | Format::Parquet => ("truth.ndjson.zst", Format::Zst),
    };
    let mut sink = Sink::create(&folder.join(name), format)?;
    let mut order: Vec<_> =
        (0..archive.task_count()).map(|index| (archive.task_id(index), index)).collect();
    order.sort_unstable();
    for (_, index) in order {
        sink.line(&serde_json::to_string(&archive.truth(index))?)?;
    }
    sink.finish()?;
    write_agents(folder, archive)
}

/// Writes the truth about the agents who work whole shifts, if there are any.
fn write_agents(folder: &Path, archive: &Archive) -> Result<()> {
    if archive.agents().is_empty() {
        return Ok(());
    }
    let mut sink = Sink::create(&folder.join("truth-agents.ndjson"), Format::Ndjson)?;
    for agent in archive.agents() {
        sink.line(&serde_json::to_string(agent)?)?;
    }
    sink.finish()
}

/// A file being written, compressed or not.
enum Sink {
    Plain(BufWriter<File>),
    Gz(GzEncoder<BufWriter<File>>),
    Zst(zstd::Encoder<'static, BufWriter<File>>),
    Parquet(Objects),
}

impl Sink {
    fn create(path: &Path, format: Format) -> Result<Self> {
        let file = || -> Result<BufWriter<File>> {
            let file = File::create(path).with_context(|| format!("create {}", path.display()))?;
            Ok(BufWriter::with_capacity(BUFFER, file))
        };
        let mut sink = match format {
            Format::Ndjson | Format::Csv => Sink::Plain(file()?),
            Format::Gz => Sink::Gz(GzEncoder::new(file()?, Compression::fast())),
            Format::Zst => Sink::Zst(zstd::Encoder::new(file()?, ZSTD_LEVEL)?),
            Format::Parquet => Sink::Parquet(Objects::new(path.to_owned())),
        };
        if format == Format::Csv {
            sink.line(COLUMNS)?;
        }
        Ok(sink)
    }

    fn delivery(&mut self, delivery: Delivery) -> Result<()> {
        match self {
            Sink::Parquet(objects) => objects.push(delivery),
            Sink::Plain(_) | Sink::Gz(_) | Sink::Zst(_) => self.line(&delivery.line),
        }
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let writer: &mut dyn Write = match self {
            Sink::Plain(writer) => writer,
            Sink::Gz(writer) => writer,
            Sink::Zst(writer) => writer,
            Sink::Parquet(_) => bail!("an archive has no lines"),
        };
        writer.write_all(line.as_bytes())?;
        Ok(writer.write_all(b"\n")?)
    }

    fn finish(self) -> Result<()> {
        let mut file = match self {
            Sink::Plain(file) => file,
            Sink::Gz(encoder) => encoder.finish()?,
            Sink::Zst(encoder) => encoder.finish()?,
            Sink::Parquet(objects) => return objects.finish(),
        };
        Ok(file.flush()?)
    }
}
