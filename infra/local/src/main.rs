//! `local-stack`: all of Trueline on one machine, with something to see.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use local_stack::{Trueline, Webex, secrets};

use crate::say::say;

mod busy_hour;
mod demo;
mod replay;
mod say;

/// Run all of Trueline on this machine: DynamoDB, S3 and the functions, on loopback.
///
/// Delivers the real sample and some generated traffic as signed webhooks, shows the live state at
/// the interesting moments, archives, rebuilds, and shows what really happened. Then it serves
/// until Ctrl-C, with generated calls for the wallboard.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
struct Options {
    /// Folder for all data, kept between runs [default: a new one in the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Port of 127.0.0.1 for webhooks and signals; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// Exit after the timelines are shown, instead of serving until Ctrl-C
    #[arg(long)]
    once: bool,

    /// Only serve, and deliver nothing: for your own webhooks
    #[arg(long, conflicts_with_all = ["replay", "once"])]
    serve: bool,

    /// Deliver this archive of webhooks instead of the sample: NDJSON, CSV or Parquet
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,

    /// How many times faster than real time events are delivered
    #[arg(long, default_value_t = 600.0, value_name = "TIMES")]
    speed: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let folder = data_folder(&options)?;
    log_to(&folder.join("log.ndjson"))?;
    let secrets = secrets::load(&folder)?;
    let trueline = Trueline::start(&folder, options.port, secrets.clone()).await?;
    say!("Trueline on one machine");
    say!("  webhooks    {}/webhooks", trueline.url());
    say!("  signals     {}/signals/callback-requested", trueline.url());
    say!("  secrets     {}", folder.join(secrets::FILE).display());
    say!("  log         {}\n", folder.join("log.ndjson").display());
    let is_demo = !options.serve && options.replay.is_none();
    if !options.serve {
        let webex = Webex::with_secrets(&trueline.url(), &secrets)?;
        match &options.replay {
            Some(archive) => replay::deliver(&webex, archive, options.speed).await?,
            None => demo::deliver(&trueline, &webex, options.speed).await?,
        }
        let report = demo::rebuild(&trueline, &folder, is_demo).await?;
        say!("report");
        say!("  file://{}{}", report.display(), if is_demo { SAMPLE_CALL } else { "" });
    }
    if !options.once {
        say!("wallboard");
        if is_demo {
            let webex = Webex::with_secrets(&trueline.url(), &secrets)?;
            tokio::spawn(async move { busy_hour::deliver(&webex).await });
            say!("  {}/#org={}", trueline.url(), busy_hour::org());
            say!("\nCalls keep coming, made up, until Ctrl-C");
        } else {
            say!("  {}/\n\nServing until Ctrl-C", trueline.url());
        }
        tokio::signal::ctrl_c().await?;
    }
    trueline.stop().await
}

/// Opens the report on the call of the sample that rang three times.
const SAMPLE_CALL: &str = "#task=3b71ea1d";

/// The folder that was asked for, or one that is new for this run.
fn data_folder(options: &Options) -> Result<PathBuf> {
    let folder = options
        .data
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("trueline-{}", std::process::id())));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::canonicalize(&folder).context("the data folder has no path")
}

/// The functions' JSON logs go to a file: the terminal is for people.
fn log_to(file: &Path) -> Result<()> {
    let file = File::options().create(true).append(true).open(file)?;
    let level = tracing_subscriber::filter::LevelFilter::INFO;
    tracing_subscriber::fmt().json().with_max_level(level).with_writer(file).init();
    Ok(())
}
