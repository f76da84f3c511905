//! One task on a terminal: its corrected timeline, its offers, its ledger.
//!
//! Invariant: at most 80 columns where ids are UUIDs; names and ids of agents and queues are cut.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use task_timeline::{Basis, EpochMs, Figures, Id, OfferOutcome, Phase, Record};

use crate::duration_text::duration_text;
use crate::fold::part::ShownTask;
use crate::input::display_names::DisplayNames;

/// The task as aligned tables, with times in the time zone `zone`.
pub fn view(shown: &ShownTask, zone: &TimeZone, names: &DisplayNames) -> String {
    let ShownTask { org, task, figures, record } = shown;
    let org = names.name_of(&org.to_string()).map_or_else(|| org.to_string(), str::to_owned);
    let mut out = format!("task {task}\nof organization {org}\n\n");
    let clock = Clock(zone);
    write_segments(&mut out, record, &clock, names);
    write_end(&mut out, figures, &clock);
    write_naive(&mut out, figures, &clock);
    write_ledger(&mut out, record, &clock);
    out
}

struct Clock<'a>(&'a TimeZone);

impl Clock<'_> {
    /// `18:34:03`, or with milliseconds where there are any.
    fn time(&self, at: EpochMs) -> String {
        let form = if at.0 % 1_000 == 0 { "%H:%M:%S" } else { "%H:%M:%S.%3f" };
        self.format(at, form)
    }

    fn day_and_time(&self, at: EpochMs) -> String {
        self.format(at, "%Y-%m-%d %H:%M:%S %Z")
    }

    fn format(&self, at: EpochMs, form: &str) -> String {
        Timestamp::from_millisecond(at.0).map_or_else(
            |_| at.to_string(),
            |at| at.to_zoned(self.0.clone()).strftime(form).to_string(),
        )
    }
}

fn write_segments(out: &mut String, record: &Record, clock: &Clock<'_>, names: &DisplayNames) {
    let is_whole = |at: EpochMs| at.0 % 1_000 == 0;
    let are_whole = record.segments.iter().all(|segment| is_whole(segment.started_at));
    // Milliseconds take four columns of each time, and leave as many less for names.
    let (time, who) = if are_whole { (10, 11) } else { (13, 8) };
    let _infallible = writeln!(
        out,
        "{:<14}{:<time$}{:<time$}{:>11} {:<who$}agent",
        "phase", "from", "to", "length", "queue"
    );
    let short = |id: Option<&Id>| {
        id.map_or_else(String::new, |id| {
            let id = id.to_string();
            match names.name_of(&id) {
                Some(name) => name.chars().take(who - 1).collect(),
                None => id.chars().take(7).collect(),
            }
        })
    };
    for segment in &record.segments {
        let offer = segment.offer.and_then(|seq| record.offers.get(seq as usize));
        let outcome = offer.filter(|_| segment.phase == Phase::Offered).map(|offer| offer.outcome);
        let note = match (outcome, segment.basis) {
            (Some(outcome), _) => OfferOutcome::name(outcome),
            (None, Basis::Observed) => "",
            (None, basis) => basis.name(),
        };
        let line = format!(
            "{:<14}{:<time$}{:<time$}{:>11} {:<who$}{:<who$}{note}",
            segment.phase.name(),
            clock.time(segment.started_at),
            segment.ended_at.map_or_else(|| "open".to_owned(), |at| clock.time(at)),
            segment.duration_ms().map_or_else(String::new, duration_text),
            short(segment.queue.as_ref()),
            short(offer.and_then(|offer| offer.agent.as_ref())),
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn write_end(out: &mut String, figures: &Figures, clock: &Clock<'_>) {
    let end = figures
        .ended_at
        .map_or_else(|| "not ended".to_owned(), |at| format!("ended {}", clock.day_and_time(at)));
    let _infallible = write!(
        out,
        "\n{end}, {}, {}\n{} offers, {} of them RONA; {} false ends; callback {}\n",
        figures.outcome.name(),
        duration_text(figures.total_ms()),
        figures.offers,
        figures.rona_count,
        figures.false_ends,
        figures.callback.name(),
    );
}

fn write_naive(out: &mut String, figures: &Figures, clock: &Clock<'_>) {
    let naive = &figures.naive;
    let maybe = |ms: Option<i64>| ms.map_or_else(|| "never".to_owned(), duration_text);
    let end = naive
        .ended_at
        .map_or_else(|| "not ended".to_owned(), |at| format!("ended {}", clock.time(at)));
    let _infallible = writeln!(
        out,
        "webhooks alone: {end}, {};\n{:16}waited live {}, talked {}",
        naive.outcome.name(),
        "",
        maybe(naive.live_wait_ms),
        maybe(naive.talk_ms),
    );
}

fn write_ledger(out: &mut String, record: &Record, clock: &Clock<'_>) {
    if record.corrections.is_empty() {
        return;
    }
    let _infallible =
        writeln!(out, "\n{:<14}{:<14}{:<15}{:<}", "corrected at", "rule", "is", "webhooks said");
    for row in &record.corrections {
        let _infallible = writeln!(
            out,
            "{:<14}{:<14}{:<15}{}",
            clock.time(row.at),
            row.rule.name(),
            row.is,
            row.said,
        );
    }
}
