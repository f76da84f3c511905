//! `trueline`: the operator's command line.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

mod args;
mod commands;

#[tokio::main]
async fn main() -> ExitCode {
    let options = args::Options::parse();
    match commands::run(options.command).await {
        Ok(output) => {
            let text: String = output.lines.iter().map(|line| format!("{line}\n")).collect();
            // A reader that has seen enough, like `head`, is no error.
            let _read = io::stdout().write_all(text.as_bytes()).is_ok();
            ExitCode::from(u8::from(!output.is_well))
        }
        Err(error) => {
            eprintln!("trueline: {error:#}");
            ExitCode::from(2)
        }
    }
}
