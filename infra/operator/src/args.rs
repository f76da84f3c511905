//! The command line: what can be asked for, and the words of `--help`.
//!
//! Invariant: what the functions read from the environment is read here from the same variables.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Operate Trueline: subscriptions, secrets, replay, erasure.
///
/// Every command may be run again, also after it was broken off. AWS is reached as every SDK
/// does: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and their like. Names of the stack's resources
/// are options, or the variables that the functions read.
///
/// Exit codes: 0 done, or all is well; 1 not all is well, or not all could be done; 2 wrong usage,
/// or a failure that is told on standard error.
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
}

/// Make Webex send what Trueline needs, or show or delete what there is.
///
/// One subscription each for tasks, agents and recordings, with every event type that Webex lists
/// and Trueline knows. A new subscription first delivers to a place where nothing answers; its
/// secret is stored; after half a minute, when every instance can know it, it is pointed at
/// Trueline. So no delivery is refused for want of its secret. What is right is left alone.
#[derive(Debug, Args)]
#[command(override_usage = "trueline subscribe [OPTIONS]")]
pub(crate) struct Subscribe {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// Show the organization's subscriptions, and change nothing
    #[arg(long, conflicts_with_all = ["delete", "dry_run", "also"])]
    pub(crate) list: bool,

    /// Delete the subscriptions that this command made, and their secrets
    #[arg(long, conflicts_with = "also")]
    pub(crate) delete: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Subscribe to this type too, which Trueline does not know: it is archived, and has no effect
    #[arg(long, value_name = "TYPE")]
    pub(crate) also: Vec<String>,
}

/// Change the secrets with which deliveries are proven, in two steps, without losing one.
///
/// The first step stores a new secret beside the old one, waits until every instance can know it,
/// and tells Webex. Run the second, --finish, an hour or more later: from then on only the new
/// secret is believed.
#[derive(Debug, Args)]
#[command(override_usage = "trueline rotate-secret [OPTIONS]")]
pub(crate) struct RotateSecret {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// The second step: believe only the new secret
    #[arg(long)]
    pub(crate) finish: bool,

    /// The secret that flows send with signals, instead of those of the subscriptions
    #[arg(long)]
    pub(crate) signals: bool,
}

/// Say whether webhooks come in, and change nothing.
///
/// For each resource: is there a subscription that delivers here, is it active, does it deliver
/// all types, is its secret known? And how old is the newest webhook? The exit code is 1 if
/// anything is not as it should be.
#[derive(Debug, Args)]
#[command(override_usage = "trueline check [OPTIONS]")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) webex: Webex,

    /// The table
    #[arg(long, env = "TABLE_NAME", value_name = "NAME")]
    pub(crate) table: String,

    /// How many minutes ago the newest webhook may have come [default: any time of the last day]
    #[arg(long, value_name = "MINUTES")]
    pub(crate) max_age: Option<u64>,
}

/// Put deliveries that are kept in the bucket through the fold again.
///
/// By the code that takes new ones; what is there already changes nothing. Counts are printed.
/// The archive is for a table that was lost: events of more than 20 days ago are left to the
/// nightly rebuild, as the table forgets them after 21. The watchful functions replay spill/ by
/// themselves; quarantine/ is for deliveries that a newer version can read.
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

/// Say what a month costs, from measured units and prices.
///
/// On demand in us-east-1 unless told otherwise. What was measured and what is assumed is told in
/// docs/operations.md.
#[derive(Debug, Args)]
pub(crate) struct Cost {
    /// Millions of events a month, as often as wanted
    #[arg(default_values_t = [1.0, 10.0, 100.0], value_name = "MILLIONS")]
    pub(crate) millions: Vec<f64>,

    /// The stack's parameter ArchiveWindowSeconds
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub(crate) window: f64,

    /// Prices of your own, of the form of docs/prices.json
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
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
/// Reads one phone number or email address a line from standard input, so that it stands in no
/// list of processes and no history of a shell. A number is found however it is written; give
/// national and international form both. Bodies are rewritten; identities, times and everything
/// else that an event consists of stay, so rebuilt timelines stay the same. Older versions of
/// rewritten objects are deleted for good. The receipt is printed as JSON: counts and a salted
/// hash, not the number. It tells where backups remain.
///
/// Everything is read: the table at half a read unit for each 4 KiB, the archive at what S3 and
/// Glacier Instant Retrieval charge for reading it. Try --dry-run first.
#[derive(Debug, Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) storage: Storage,

    /// What is written instead; a name of your own choice keeps a person's calls together
    #[arg(long, default_value = "erased", value_name = "TEXT")]
    pub(crate) replacement: String,

    /// Only count
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Where Trueline stores.
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

    /// The secret in Secrets Manager with the secrets that deliveries are proven with
    #[arg(long, env = "SECRETS_ID", value_name = "NAME")]
    pub(crate) secrets: String,

    /// Where webhooks go: the output WebhookUrl of the stack
    #[arg(long, env = "WEBHOOK_URL", value_name = "URL")]
    pub(crate) webhook_url: String,

    /// What the names of subscriptions begin with; two stacks of one organization need two
    #[arg(long, default_value = "trueline", value_name = "NAME")]
    pub(crate) name: String,
}
