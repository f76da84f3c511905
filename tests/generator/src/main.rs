//! `generate-archive`: writes an archive of webhooks and the truth about its tasks.
//!
//! Invariant: only the summary goes to standard output.

use std::io::{Write, stdout};
use std::path::PathBuf;

use clap::Parser;
use generate_archive::{Options, write_archive};

/// Generates an archive of webhooks under OUT/events, and writes the truth about its tasks next to
/// it.
#[derive(Parser, Debug)]
#[command(version)]
struct CommandLine {
    /// The folder to write to.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn main() -> anyhow::Result<()> {
    let command_line = CommandLine::parse();
    let summary = write_archive(&command_line.out, &command_line.options)?;
    writeln!(stdout(), "{}", serde_json::to_string_pretty(&summary)?)?;
    Ok(())
}
