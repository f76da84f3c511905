//! What a delivery costs, as DynamoDB reports it: the budget of the live path.

use anyhow::Result;
use functions::config::now;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::ingest_webhook::summary::DeliverySummary;
use functions::store::task_table::MOST_REPEATS;
use local_stack::{Services, Webex};
use webhook::Webhook;

use crate::traffic::{SECRET, sample_of};

async fn deliver(ingest: &IngestWebhook, body: &str) -> Result<DeliverySummary> {
    let request = Webex::new("", SECRET).request(body)?;
    Ok(ingest.handle(&request, now()).await.summary)
}

/// Outcome, round trips, failed conditions; units read, written to the table, to the index.
type Cost = (&'static str, u32, u32, [f64; 3]);

fn cost(summary: &DeliverySummary) -> Cost {
    let spent = summary.spent;
    let units = [spent.read_units, spent.write_units, spent.index_write_units];
    (summary.outcome.name(), spent.round_trips, spent.failed_conditions, units)
}

/// The longer of the two tasks, in order.
fn task() -> Vec<String> {
    let mut bodies = sample_of("14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba").split_off(11);
    bodies.sort_by_key(|body| Webhook::parse(body.as_bytes()).unwrap().event.position());
    bodies
}

#[tokio::test]
async fn deliveries_cost_what_the_budget_allows() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
    let ingest = IngestWebhook::new(services.task_table(), services.bucket(), secrets);
    let mut task = task();
    let agent_event = task.iter().position(|body| body.contains("agent:")).unwrap();
    let late = task.remove(agent_event);

    // Two round trips, half a read unit, two write units; the index only when the phase changes.
    let mut index_units = 0.0;
    for body in &task {
        let spent = cost(&deliver(&ingest, body).await?);
        let (.., [_, _, index]) = spent;
        assert_eq!(spent, ("applied", 2, 0, [0.5, 2.0, index]), "{body}");
        index_units += index;
    }
    // One for each of the 13 segments of the corrected timeline, and one for the end.
    assert_eq!(index_units, 14.0);

    // An included repeat costs the put that fails, and one unit to be counted; a flood is not.
    let mut costs = Vec::new();
    for _repeat in 0..MOST_REPEATS + 2 {
        costs.push(cost(&deliver(&ingest, &task[3]).await?));
    }
    assert_eq!(costs[0], ("duplicate", 2, 1, [0.5, 1.0, 0.0]));
    assert_eq!(costs.last(), Some(&("duplicate", 1, 1, [0.5, 0.0, 0.0])));

    // A late event is one Query more: 31 events of some 700 bytes, 4 KiB a unit.
    let spent = cost(&deliver(&ingest, &late).await?);
    assert_eq!(spent, ("late", 3, 0, [0.5 + 6.0, 2.0, 0.0]));

    // An agent event also moves its agent, and the agent's place in the index.
    let agent = include_str!("../../shared/fixtures/webhooks/agent.channel_state_change.json");
    let spent = cost(&deliver(&ingest, agent).await?);
    assert_eq!(spent, ("applied", 2, 0, [0.5, 3.0, 1.0]));
    Ok(())
}
