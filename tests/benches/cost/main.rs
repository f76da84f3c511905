//! What a million webhooks cost in DynamoDB's units, with us and in two plain designs: see
//! BENCHMARKS.md.
//!
//! All three take the same deliveries one after the other and write to the same embedded
//! DynamoDB; units are those that it reports. Nothing is timed, so any profile will do.
#![allow(clippy::print_stdout, reason = "a benchmark talks on standard output")]

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use event_archive::{ArchivedEvent, Headers};
use functions::config::now;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::store::spent::Spent;
use generate_archive::quirks::Quirks;
use generate_archive::{Archive, Options};
use lambda_http::Body;
use local_stack::{Services, Webex, clients};
use webhook::Webhook;

use self::plain::Plain;

mod plain;

/// US dollars for a million units, on demand, us-east-1, since November 2024.
const WRITE_PRICE: f64 = 0.625;
const READ_PRICE: f64 = 0.125;

const TASKS: u64 = 250;
/// Deliveries that are delayed by up to half a minute. Not each is overtaken: 5 % come late.
const DELAYED: f64 = 0.07;
const REPEATED: f64 = 0.02;
const SECRET: &str = "of a benchmark";
/// Of an event's item all but the body: keys, names, times.
const AROUND_BODY: usize = 210;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
    let ingest = IngestWebhook::new(services.task_table(), services.bucket(), secrets);
    let client = clients::dynamodb(&services.dynamodb.endpoint());
    let transactions = Plain::create(client.clone(), "transactions").await?;
    let growing_items = Plain::create(client, "growing-items").await?;

    let webex = Webex::new("", SECRET);
    let quirks = Quirks { disorder: DELAYED, repeats: REPEATED, ..Quirks::default() };
    let archive = Archive::new(Options { tasks: TASKS, quirks, ..Options::default() })?;
    let mut outcomes = BTreeMap::new();
    let [mut ours, mut transaction, mut growing] = [Spent::default(); 3];
    for delivery in archive.deliveries() {
        let request = webex.request(&delivery.line)?;
        let summary = ingest.handle(&request, now()).await.summary;
        *outcomes.entry(summary.outcome.name()).or_insert(0) += 1;

        let Body::Text(body) = request.body() else { bail!("webhooks are text") };
        let webhook = Webhook::parse(body.as_bytes())?;
        let headers = Headers { timestamp: None, version: None };
        let received = ArchivedEvent { webhook, body, arrived_at: now(), headers };
        charge(&mut ours, summary.spent, body);
        charge(&mut transaction, transactions.transaction(&received).await?, body);
        charge(&mut growing, growing_items.growing_item(&received).await?, body);
    }

    let designs = [
        ("conditional writes (ours)", ours),
        ("a transaction for each event", transaction),
        ("a growing item for each task", growing),
    ];
    print(&outcomes, &designs);
    Ok(())
}

/// Adds what a delivery cost. A write whose condition fails is not reported, and costs what its
/// item would have; here that is the event with this body, or an agent's small state.
fn charge(total: &mut Spent, spent: Spent, body: &str) {
    let bytes = u32::try_from(body.len() + AROUND_BODY).unwrap_or(u32::MAX);
    total.write_units += f64::from(spent.failed_conditions * bytes.div_ceil(1_024));
    add(total, spent);
}

fn add(total: &mut Spent, spent: Spent) {
    total.read_units += spent.read_units;
    total.write_units += spent.write_units;
    total.index_write_units += spent.index_write_units;
    total.round_trips += spent.round_trips;
    total.failed_conditions += spent.failed_conditions;
}

fn usd(spent: &Spent) -> f64 {
    spent.read_units * READ_PRICE + (spent.write_units + spent.index_write_units) * WRITE_PRICE
}

fn print(outcomes: &BTreeMap<&str, u32>, designs: &[(&str, Spent)]) {
    let deliveries: u32 = outcomes.values().sum();
    let each = |total: f64| total / f64::from(deliveries);
    println!("{deliveries} deliveries of {TASKS} tasks:");
    for (outcome, count) in outcomes {
        println!("  {outcome:<10}{:>5.1} %", 100.0 * each(f64::from(*count)));
    }
    println!("\nUSD for a million deliveries; a million writes {WRITE_PRICE}, reads {READ_PRICE}:");
    println!("| design | reads | writes | to the index | round trips | USD | ratio |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (design, spent) in designs {
        println!(
            "| {design} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            each(spent.read_units),
            each(spent.write_units),
            each(spent.index_write_units),
            each(spent.round_trips.into()),
            each(usd(spent)),
            usd(spent) / usd(&designs[0].1),
        );
    }
}
