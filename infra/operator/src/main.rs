//! `trueline`: the operator's command line.
#![allow(clippy::print_stdout, reason = "a command line talks on standard output")]

use std::process::ExitCode;

use clap::Parser;

mod args;
mod commands;

#[tokio::main]
async fn main() -> ExitCode {
    let options = args::Options::parse();
    match commands::run(options.command).await {
        Ok(output) => {
            output.lines.iter().for_each(|line| println!("{line}"));
            ExitCode::from(u8::from(!output.is_well))
        }
        Err(error) => {
            eprintln!("trueline: {error:#}");
            ExitCode::from(2)
        }
    }
}
