//! The summary that is printed after a run, 80 columns wide.
//!
//! Invariant: every number is a count of the run or a metric of its tables.

use std::fmt::Write as _;

use task_timeline::ChannelKind;

use crate::duration_text::duration_text;
use crate::fold::queue_sums::Sums;
use crate::job::Job;
use crate::location::Location;
use crate::output::pointer::POINTER;
use crate::rebuild::Rebuilt;
use crate::report;

/// The text that is printed after a run: figures, and where the outputs are.
pub fn summary(job: &Job, rebuilt: &Rebuilt) -> String {
    let mut out = figures(job, rebuilt);
    if let (Some(out_folder), Some(folder)) = (&job.out, &rebuilt.folder) {
        let _infallible = writeln!(
            out,
            "outputs     {}\nthis run    {folder}",
            out_folder.join(match folder {
                Location::Folder(_) => "latest",
                Location::S3 { .. } => POINTER,
            })
        );
        if job.writes_report {
            let _infallible = writeln!(out, "report      {}", folder.join(report::NAME));
        }
        if let Some(csv) = &job.csv {
            let _infallible = writeln!(out, "CSV         {}", csv.display());
        }
    }
    out
}

/// Counts, headline figures and what was rejected.
pub fn figures(job: &Job, rebuilt: &Rebuilt) -> String {
    let mut out = String::new();
    write_counts(&mut out, rebuilt);
    write_headline(&mut out, job, rebuilt);
    write_rejected(&mut out, rebuilt);
    write_unrelated(&mut out, rebuilt);
    out
}

fn write_counts(out: &mut String, rebuilt: &Rebuilt) {
    let (intake, counts) = (&rebuilt.intake, &rebuilt.counts);
    let files = intake.files.len() as u64;
    let pairs = [
        ("tasks", counts.tasks, "still open", counts.open),
        ("deliveries", intake.counts.deliveries, "files", files),
        ("events", counts.events, "repeats", counts.duplicates),
        ("without a task", intake.counts.without_task, "conflicting", counts.conflicting),
        ("false ends", counts.false_ends, "callbacks", counts.callbacks),
        (
            "rejected lines",
            intake.rejected.count(),
            "rejected files",
            intake.rejected_files().count() as u64,
        ),
        (
            "unknown types",
            intake.counts.unknown_types.len() as u64,
            "unknown reasons",
            counts.unknown_reasons.len() as u64,
        ),
    ];
    for (left, left_count, right, right_count) in pairs {
        let (left_count, right_count) = (grouped(left_count), grouped(right_count));
        let _infallible =
            writeln!(out, "{left:<18}{left_count:>16}      {right:<18}{right_count:>16}");
    }
    for (what, count) in [
        ("outside --from and --to", counts.tasks_outside),
        ("histories without any task event", counts.without_timeline),
        ("days of the archive not read, too far from these", intake.counts.skipped_days),
        ("deliveries dated long after they were sent: clocks ahead", intake.counts.clock_ahead),
        ("more names (links) of files and folders, each read once", intake.counts.other_names),
        (
            "archives without a checksum, in which not all damage is noticed",
            intake.files_without_checksum(),
        ),
    ] {
        if count > 0 {
            let _infallible = writeln!(out, "{} {what}", grouped(count));
        }
    }
}

fn write_headline(out: &mut String, job: &Job, rebuilt: &Rebuilt) {
    for (channel, sums) in &rebuilt.headlines {
        let name = match rebuilt.headlines.len() {
            1 => "",
            _ => channel.name(),
        };
        let naive = "webhooks alone";
        let _infallible = writeln!(out, "{name:<32}{:>16}{naive:>20}", "what happened");
        write_sums(out, job, *channel, sums);
        if *channel == ChannelKind::Telephony {
            write_calls(out, rebuilt, sums);
        }
    }
}

fn write_line(out: &mut String, what: &str, value: &str, naive: &str) {
    let _infallible = writeln!(out, "{what:<32}{value:>16}{naive:>20}");
}

/// What every kind of channel has.
fn write_sums(out: &mut String, job: &Job, channel: ChannelKind, sums: &Sums) {
    let mut line = |what: &str, value: String, naive: String| write_line(out, what, &value, &naive);
    let unsaid = || "-".to_owned();
    let answered = match channel {
        ChannelKind::Telephony => "  answered live",
        ChannelKind::Chat | ChannelKind::Email | ChannelKind::Social | ChannelKind::Other => {
            "  answered"
        }
    };
    line("offered to queues", count(sums.offered), count(sums.naive_offered));
    line(answered, count(sums.answered), count(sums.naive_answered));
    line("  abandoned", count(sums.abandoned), count(sums.naive_abandoned));
    line("  short", count(sums.short), unsaid());
    line("  flow-out", count(sums.flow_out()), unsaid());
    line("  open", count(sums.open), unsaid());
    line("abandoned before a queue", count(sums.abandoned_in_flow), unsaid());
    line("handled, live or called back", count(sums.handled), count(sums.naive_handled));
    line("abandon rate", percent(sums.abandon_rate()), percent(sums.naive_abandon_rate()));
    let level = format!("service level ({})", duration_text(job.service_level_ms));
    line(&level, percent(sums.service_level()), percent(sums.naive_service_level()));
    line("  with ringing", percent(sums.service_level_with_ring()), unsaid());
    line("ASA (without ringing)", mean(sums.asa_ms()), mean(sums.naive_asa_ms()));
    line("  with ringing", mean(sums.asa_ms_with_ring()), unsaid());
    line("AHT", mean(sums.aht_ms()), mean(sums.naive_aht_ms()));
    line("RONA rate", percent(sums.rona_rate()), unsaid());
}

/// What only calls have.
fn write_calls(out: &mut String, rebuilt: &Rebuilt, sums: &Sums) {
    let mut line = |what: &str, value: String, naive: String| write_line(out, what, &value, &naive);
    let unsaid = || "-".to_owned();
    line(
        "longest live wait",
        duration_text(rebuilt.counts.longest_live_wait_ms),
        duration_text(rebuilt.counts.naive_longest_live_wait_ms),
    );
    line("callback requests", count(sums.callbacks_requested), unsaid());
    line("mean callback wait", mean(sums.mean_callback_wait_ms()), unsaid());
    line("callback success", percent(sums.callback_success()), unsaid());
}

/// How many rejected lines or files, or files that were not read, are shown.
pub(crate) const SHOWN: usize = 5;

fn write_rejected(out: &mut String, rebuilt: &Rebuilt) {
    for rejection in rebuilt.intake.rejections().iter().flat_map(|some| some.iter().take(SHOWN)) {
        let _infallible = writeln!(out, "rejected: {rejection}");
    }
    let (count, kept) = (rebuilt.intake.rejected.count(), rebuilt.intake.rejected.kept().len());
    let more = count.saturating_sub(SHOWN as u64);
    if more > 0 {
        let kept = match kept as u64 {
            kept if kept == count => "all".to_owned(),
            kept => format!("the first {}", grouped(kept)),
        };
        let _infallible =
            writeln!(out, "rejected: {} lines more, {kept} in rejected.ndjson", grouped(more));
    }
}

fn write_unrelated(out: &mut String, rebuilt: &Rebuilt) {
    let files: Vec<_> = rebuilt.intake.unrelated_files().collect();
    for (name, reason) in files.iter().take(SHOWN) {
        let _infallible = writeln!(out, "not read: {name} {reason}");
    }
    if files.len() > SHOWN {
        let more = files.len() - SHOWN;
        let _infallible = writeln!(out, "not read: {} files more", grouped(more as u64));
    }
}

/// `1 234 567`
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

fn count(count: i64) -> String {
    grouped(count.unsigned_abs())
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{:.1} %", value * 100.0))
}

/// A mean: below a minute to a tenth of a second, else to a second.
#[allow(clippy::cast_possible_truncation, reason = "means of milliseconds are far below 2^53")]
fn mean(ms: Option<f64>) -> String {
    let Some(ms) = ms else { return "-".to_owned() };
    let to = if ms < 59_950.0 { 100.0 } else { 1_000.0 };
    duration_text(((ms / to).round() * to) as i64)
}
