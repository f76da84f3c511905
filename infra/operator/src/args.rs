//! The command line: its options, and the text of `--help`.
//!
//! Invariant: what the functions read from the environment is read here from the same variables.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Operate Trueline: subscriptions, secrets, replay, erasure.
///
/// Every command can be run again, also after it was interrupted. AWS is configured as for every
/// SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and the like. Names of the stack's resources are
/// options, or the variables that the functions read.
///
/// Exit codes: 0 success, or all checks passed; 1 a check failed, or not everything could be done;
/// 2 wrong usage, or an error, which is printed on standard error.
#[derive(Debug, Parser)]
#[command(name = "trueline", version, max_term_width = 80)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Subscribe(Subscribe),
    RotateSecret(RotateSecret),
    Check(Check),
    Replay(Replay),
    Erase(Erase),
    Cost(Cost),
    Trigger(Trigger),
}

/// Create the subscriptions that Trueline needs, or list or delete existing ones.
///
/// There is one subscription each for tasks, agents and recordings, with every event type that
/// Webex lists for them; those that Trueline does not know are archived only. A new subscription first delivers to an address where nothing
/// answers, and its secret is stored. After half a minute, when every instance can know the secret,
/// the subscription is pointed at Trueline. So no delivery is refused because its secret is
/// unknown. Subscriptions that are correct are not changed.
///
/// One of an older version, like agent:1.0.0, gets a newer one beside it. What both tell counts
/// once. When the newer one has delivered, --finish-move deletes the older one.
#[derive(Debug, Args)]
#[command(override_usage = "trueline subscribe [OPTIONS]")]
pub(crate) struct Subscribe {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// Show the organization's subscriptions, and change nothing
    #[arg(long, conflicts_with_all = ["delete", "dry_run", "finish_move"])]
    pub(crate) list: bool,

    /// Delete the subscriptions that this command created, and their secrets
    #[arg(long, conflicts_with = "finish_move")]
    pub(crate) delete: bool,

    /// Print what would be done, and do nothing
    #[arg(long, conflicts_with = "finish_move")]
    pub(crate) dry_run: bool,

    /// Delete subscriptions of older versions whose newer ones have delivered
    #[arg(long, requires = "table")]
    pub(crate) finish_move: bool,

    /// The table, which knows what has delivered
    #[arg(long, env = "TABLE_NAME", value_name = "NAME")]
    pub(crate) table: Option<String>,
}

/// Change the secrets that deliveries are signed with, in two steps, without losing a delivery.
///
/// The first step stores a new secret beside the old one, waits until every instance can know it,
/// and gives it to Webex. Run the second step, --finish, an hour or more later: from then on only
/// the new secret is accepted.
#[derive(Debug, Args)]
#[command(override_usage = "trueline rotate-secret [OPTIONS]")]
pub(crate) struct RotateSecret {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// The second step: accept only the new secret
    #[arg(long)]
    pub(crate) finish: bool,

    /// Change the secret that flows send with signals, instead of those of the subscriptions
    #[arg(long)]
    pub(crate) signals: bool,
}

/// Check whether webhooks come in, and change nothing.
///
/// For each resource: is there a subscription that delivers here, is it active, does it deliver
/// all types, and is its secret known? And how old is the newest webhook? The exit code is 1 if any
/// check fails.
#[derive(Debug, Args)]
#[command(override_usage = "trueline check [OPTIONS]")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// The table
    #[arg(long, env = "TABLE_NAME", value_name = "NAME")]
    pub(crate) table: String,

    /// Maximum age of the newest webhook, in minutes [default: a day]
    #[arg(long, value_name = "MINUTES")]
    pub(crate) max_age: Option<u64>,
}

/// Process deliveries that are kept in the bucket again.
///
/// The code is that for new deliveries, so what is already stored changes nothing. Counts are
/// printed. Replay the archive after the table was lost: events of more than 20 days ago are left
/// to the nightly rebuild, since the table deletes them after 21. The functions replay spill/ by
/// themselves. Replay quarantine/ when a newer version can read its deliveries.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    pub(crate) storage: Storage,

    /// What to replay
    #[arg(value_enum)]
    pub(crate) source: ReplaySource,

    /// First date of events/ to replay, like 2026-11-22
    #[arg(long, value_name = "DATE", required_if_eq("source", "archive"))]
    pub(crate) from: Option<String>,

    /// Last date of events/ to replay [default: that of --from]
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<String>,
}

/// Print what a month costs, from measured units and prices.
///
/// Prices are those on demand in us-east-1, unless others are given. docs/operations.md says what
/// was measured and what is assumed.
#[derive(Debug, Args)]
pub(crate) struct Cost {
    /// Millions of events a month; several values give several rows
    #[arg(default_values_t = [1.0, 10.0, 100.0], value_name = "MILLIONS")]
    pub(crate) millions: Vec<f64>,

    /// The stack's parameter ArchiveWindowSeconds
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub(crate) window: f64,

    /// Your own prices, in the form of docs/prices.json
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
}

/// Send a made-up call as signed webhooks to a running stack, to watch the wallboard answer.
///
/// The call belongs to an organization of its own, so that no real figure contains it. It begins in
/// the past and ends now. Use it on a stack for tests: what was sent stays in its table and archive.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    /// What happens to the caller; --list shows all scenarios
    #[arg(required_unless_present = "list")]
    pub(crate) scenario: Option<String>,

    /// List the scenarios
    #[arg(long)]
    pub(crate) list: bool,

    /// The stack: what `cargo run` prints, or the URL of the HTTP API
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub(crate) url: String,

    /// The secrets of a local stack: the file that `cargo run` prints
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_file: Option<PathBuf>,

    /// The secret in Secrets Manager that holds the secrets of deliveries
    #[arg(long, env = "SECRETS_ID", value_name = "ID", required_unless_present_any = ["list", "secrets_file"])]
    pub(crate) secrets: Option<String>,

    /// The organization that is called
    #[arg(long, default_value = "made-up", value_name = "ID")]
    pub(crate) org: String,

    /// How many times faster than real time; 1 is real time
    #[arg(long, default_value_t = 10.0, value_name = "TIMES")]
    pub(crate) speed: f64,
}

/// What can be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReplaySource {
    /// Events of some dates, below events/
    Archive,
    /// Deliveries that DynamoDB did not take, below spill/
    Spill,
    /// Genuine deliveries that could not be read, below quarantine/
    Quarantine,
}

/// Erase a person from table and archive, with a receipt.
///
/// Reads phone numbers or email addresses from standard input, one per line, so that they appear in
/// no list of processes and no shell history. A number is found however it is formatted; give both
/// its national and its international form. Bodies are rewritten. Identities, times and everything
/// else that makes up an event stay, so rebuilt timelines stay the same. Older versions of
/// rewritten objects are deleted permanently. The receipt is printed as JSON: counts and a salted
/// hash, not the number. It says where backups remain.
///
/// Everything is read: the table at half a read unit for each 4 KiB, the archive at what S3 and
/// Glacier Instant Retrieval charge for reading it. Try --dry-run first.
#[derive(Debug, Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) storage: Storage,

    /// Text to write instead; a name of your choice keeps the calls of a person together
    #[arg(long, default_value = "erased", value_name = "TEXT")]
    pub(crate) replacement: String,

    /// Only count
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Where Trueline stores its data.
#[derive(Debug, Args)]
pub(crate) struct Storage {
    /// The table
    #[arg(long, env = "TABLE_NAME", value_name = "NAME")]
    pub(crate) table: String,

    /// The bucket
    #[arg(long, env = "BUCKET_NAME", value_name = "NAME")]
    pub(crate) bucket: String,
}

/// Webex, and the secrets that it shares with us.
#[derive(Debug, Args)]
pub(crate) struct Webex {
    /// The API of the organization's region, like https://api.wxcc-us1.cisco.com
    #[arg(long, env = "SUBSCRIPTIONS_URL", value_name = "URL")]
    pub(crate) api: String,

    /// The secret in Secrets Manager with the OAuth credentials, as JSON: clientId, clientSecret
    /// and refreshToken, or accessToken
    #[arg(long, env = "WEBEX_ID", value_name = "NAME")]
    pub(crate) webex: String,

    /// The secret in Secrets Manager with the secrets that deliveries are signed with
    #[arg(long, env = "SECRETS_ID", value_name = "NAME")]
    pub(crate) secrets: String,

    /// Where webhooks go: the output WebhookUrl of the stack
    #[arg(long, env = "WEBHOOK_URL", value_name = "URL")]
    pub(crate) webhook_url: String,

    /// Prefix of the names of subscriptions; two stacks of one organization need different ones
    #[arg(long, default_value = "trueline", value_name = "NAME")]
    pub(crate) name: String,
}
