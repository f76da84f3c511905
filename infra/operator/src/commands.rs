//! From the command line to the commands: makes the clients, and collects the output.
//!
//! Invariant: a command connects only to the services that it needs.

use std::io;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws_account::clients::http_client;
use aws_account::secret::new_secret;
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client as SecretsManager;
use functions::config::{Config, now};
use functions::ingest_webhook::secret_store::secrets_in;
use functions::store::bucket::Bucket;
use functions::store::task_table::TaskTable;
use functions::watch_subscriptions::subscriptions::Subscriptions;
use trueline::check::Check;
use trueline::cost::{self, Prices};
use trueline::erase::{Erase, Subject};
use trueline::replay::{self, Source};
use trueline::rotate::{self, Step};
use trueline::secret_file::SecretFile;
use trueline::trigger::Trigger;
use trueline::trigger::sender::Sender;
use trueline::trigger::stories::{STORIES, Story, story};
use trueline::{KNOWN_AFTER, subscribe};

use crate::args::{self, Command};

/// How long deliveries may be on their way when an old secret is removed.
const ON_THE_WAY: Duration = Duration::from_secs(60);

/// What a command prints.
#[derive(Debug)]
pub(crate) struct CommandOutput {
    pub(crate) lines: Vec<String>,
    /// Whether all is well, or all is done.
    pub(crate) is_well: bool,
}

impl From<Vec<String>> for CommandOutput {
    fn from(lines: Vec<String>) -> CommandOutput {
        CommandOutput { lines, is_well: true }
    }
}

pub(crate) async fn run(command: Command) -> Result<CommandOutput> {
    let sdk = sdk().await;
    match command {
        Command::Cost(args) => cost(&args),
        Command::Trigger(args) => trigger(args, &sdk).await,
        Command::Subscribe(args) => subscribe(args, &sdk).await,
        Command::RotateSecret(args) => rotate_secret(args, &sdk).await,
        Command::Check(args) => check(args, &sdk).await,
        Command::Replay(args) => replay(args, &sdk).await,
        Command::Erase(args) => erase(args, &sdk).await,
    }
}

async fn subscribe(args: args::Subscribe, sdk: &SdkConfig) -> Result<CommandOutput> {
    let api = args.webex.api(sdk).await?;
    if args.list {
        return Ok(subscribe::list(&api).await?.into());
    }
    let mut secrets = args.webex.secrets(sdk).await?;
    let name = args.webex.name;
    if args.delete {
        return Ok(subscribe::delete(&name, &api, &mut secrets, args.dry_run).await?.into());
    }
    if let (true, Some(table)) = (args.finish_move, args.table) {
        let session = Config { table, bucket: String::new() }.task_table(sdk).session();
        let done = subscribe::finish_move(&name, &api, &mut secrets, &session).await?;
        return Ok(CommandOutput { lines: done.lines, is_well: done.is_finished });
    }
    let subscribe = subscribe::Subscribe {
        name,
        destination: args.webex.webhook_url,
        dry_run: args.dry_run,
        known_after: KNOWN_AFTER,
    };
    Ok(subscribe.run(&api, &mut secrets).await?.into())
}

async fn rotate_secret(args: args::RotateSecret, sdk: &SdkConfig) -> Result<CommandOutput> {
    let mut secrets = args.webex.secrets(sdk).await?;
    let (step, wait) = match args.finish {
        false => (Step::Begin, KNOWN_AFTER),
        true => (Step::Finish, ON_THE_WAY),
    };
    if args.signals {
        return Ok(rotate::signals(step, &mut secrets).await?.into());
    }
    let api = args.webex.api(sdk).await?;
    let name = &args.webex.name;
    Ok(rotate::subscriptions(name, step, &api, &mut secrets, wait).await?.into())
}

async fn check(args: args::Check, sdk: &SdkConfig) -> Result<CommandOutput> {
    let api = args.webex.api(sdk).await?;
    let secrets = args.webex.secrets(sdk).await?;
    let table = Config { table: args.table, bucket: String::new() }.task_table(sdk);
    let most_age = args.max_age.map(|minutes| Duration::from_secs(minutes * 60));
    let check = Check { destination: args.webex.webhook_url, most_age };
    let report = check.run(&api, &secrets, &table, now()).await?;
    Ok(CommandOutput { lines: report.lines, is_well: report.faults == 0 })
}

async fn replay(args: args::Replay, sdk: &SdkConfig) -> Result<CommandOutput> {
    let source = match (args.source, &args.from) {
        (args::ReplaySource::Spill, _) => Source::Spill,
        (args::ReplaySource::Quarantine, _) => Source::Quarantine,
        (args::ReplaySource::Archive, from) => {
            let from = from.as_deref().context("give the first date, --from 2026-11-22")?;
            replay::range(from, args.to.as_deref())?
        }
    };
    let (table, bucket) = args.storage.open(sdk);
    let counts = replay::replay(&source, &table, &bucket, now()).await?;
    Ok(CommandOutput { lines: vec![counts.line()], is_well: counts.unreadable == 0 })
}

async fn erase(args: args::Erase, sdk: &SdkConfig) -> Result<CommandOutput> {
    let (table, bucket) = args.storage.open(sdk);
    let mut receipts = Vec::new();
    let mut is_well = true;
    for line in io::stdin().lines() {
        let subject: Subject = line?.parse()?;
        let (replacement, dry_run) = (args.replacement.clone(), args.dry_run);
        let erase = Erase { subject, replacement, dry_run, salt: new_secret()? };
        let receipt = erase.run(&table, &bucket, now()).await?;
        is_well &= receipt.unsearched.is_empty();
        receipts.push(serde_json::to_string_pretty(&receipt)?);
    }
    ensure!(!receipts.is_empty(), "give one phone number or address a line on standard input");
    Ok(CommandOutput { lines: receipts, is_well })
}

fn cost(args: &args::Cost) -> Result<CommandOutput> {
    let prices = match &args.prices {
        Some(file) => &std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?,
        None => cost::PRICES,
    };
    Ok(cost::table(&args.millions, args.window, &Prices::read(prices)?).into())
}

async fn trigger(args: args::Trigger, sdk: &SdkConfig) -> Result<CommandOutput> {
    let line = |story: &Story| format!("{:<25}{}", story.name, story.about);
    let lines: Vec<String> = STORIES.iter().map(line).collect();
    let Some(name) = args.scenario.filter(|_| !args.list) else { return Ok(lines.into()) };
    let unknown = || format!("there is no scenario {name}, but these:\n{}", lines.join("\n"));
    let story = story(&name).with_context(unknown)?;
    let (secrets, origin) = match (&args.secrets_file, &args.secrets) {
        (Some(file), _) => {
            let origin = file.display().to_string();
            let text = std::fs::read_to_string(file);
            (text.with_context(|| format!("cannot read {origin}"))?, origin)
        }
        (None, id) => {
            let get = SecretsManager::new(sdk).get_secret_value().set_secret_id(id.clone());
            let answer = get.send().await.map_err(aws_sdk_secretsmanager::Error::from);
            let text = answer.context("cannot read the secrets")?.secret_string;
            (text.unwrap_or_default(), format!("the secret {}", id.as_deref().unwrap_or_default()))
        }
    };
    let secrets = secrets_in(&secrets, &origin)?;
    let task = format!("made-up-{}", &new_secret()?[..12]);
    let (url, org) = (args.url.trim_end_matches('/'), args.org);
    let wallboard = format!("{url}/#org={org}");
    let sender = Sender::new(url, secrets)?;
    let trigger = Trigger { sender, org, task: task.clone(), speed: args.speed };
    eprintln!("watch {wallboard}");
    let count = trigger.run(story, |line| eprintln!("{line}")).await?;
    Ok(vec![format!("{count} deliveries of the task {task}: see {wallboard}")].into())
}

impl args::Storage {
    fn open(&self, sdk: &SdkConfig) -> (TaskTable, Bucket) {
        let config = Config { table: self.table.clone(), bucket: self.bucket.clone() };
        (config.task_table(sdk), config.bucket(sdk))
    }
}

impl args::Webex {
    async fn api(&self, sdk: &SdkConfig) -> Result<Subscriptions> {
        Ok(Subscriptions::open(&self.api, &SecretsManager::new(sdk), &self.webex).await?)
    }

    async fn secrets(&self, sdk: &SdkConfig) -> Result<SecretFile> {
        SecretFile::read(SecretsManager::new(sdk), &self.secrets).await
    }
}

/// The SDK's usual configuration and time-outs: nobody waits for an answer as Webex does.
async fn sdk() -> SdkConfig {
    aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(http_client())
        .load()
        .await
}
