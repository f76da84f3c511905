//! Erases a person, by a phone number or an address, from everything that is kept of webhooks.
//!
//! Invariants:
//! - Events keep their identities, their order and their number, which stand beside the bodies: a
//!   rebuild gives the same timelines before and after.
//! - An object is rewritten before its older versions are deleted; a run that dies is completed by
//!   the next one, which finds what is left.
//! - Neither the receipt nor an error says whom it was about.

use anyhow::{Result, ensure};
use functions::store::bucket::{Bucket, ObjectVersion};
use functions::store::task_table::{Page, TaskTable};
use task_timeline::EpochMs;

use self::rewrite::{archive, lines};

mod receipt;
mod rewrite;
mod subject;

pub use self::receipt::{BucketCounts, ErasureReceipt, TableCounts};
pub use self::subject::Subject;

/// Where in the bucket personal data may be. Tables of the outputs hold none.
const PREFIXES: [&str; 4] = ["events/", "quarantine/", "spill/", "reports/"];

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Erase {
    /// Who.
    pub subject: Subject,
    /// What is written instead.
    pub replacement: String,
    /// Only count.
    pub dry_run: bool,
    /// Makes the hash in the receipt unique; any text that was not used before.
    pub salt: String,
}

impl Erase {
    /// Searches everything, and erases.
    ///
    /// # Errors
    /// When the table or the bucket fails, or deliveries wait in `spill/`; what was erased until
    /// then stays so, and a second run completes it.
    pub async fn run(
        &self,
        table: &TaskTable,
        bucket: &Bucket,
        now: EpochMs,
    ) -> Result<ErasureReceipt> {
        ensure!(
            self.subject.replaced(&self.replacement, "").is_none(),
            "the replacement contains what it replaces: choose another"
        );
        let waiting = bucket.keys("spill/").await?.len();
        ensure!(
            self.dry_run || waiting == 0,
            "{waiting} deliveries wait in spill/ and are not events yet: run `trueline replay \
             spill`, then this again"
        );
        let mut receipt = ErasureReceipt::new(&self.subject, &self.salt, &self.replacement, now);
        receipt.dry_run = self.dry_run;
        receipt.table = self.table(table).await?;
        for prefix in PREFIXES {
            let mut counts = BucketCounts::default();
            for version in bucket.versions(prefix).await? {
                // Of the outputs only lines that could not be read are kept unchanged.
                if prefix == "reports/" && !version.key.ends_with("rejected.ndjson") {
                    continue;
                }
                let done = self.object(&version, bucket, &mut counts).await;
                if let Err(error) = done {
                    receipt.unsearched.push(format!("{}: {error:#}", version.key));
                }
            }
            receipt.bucket.insert(prefix, counts);
        }
        Ok(receipt)
    }

    async fn table(&self, table: &TaskTable) -> Result<TableCounts> {
        let session = table.session();
        let mut counts = TableCounts::default();
        let mut page: Option<Page> = None;
        loop {
            let next = session.bodies(page).await?;
            counts.items += next.items;
            for stored in &next.bodies {
                let Some(clean) = self.subject.erased(&stored.body, &self.replacement) else {
                    continue;
                };
                counts.erased += 1;
                if !self.dry_run {
                    session.exchange_body(stored, &clean).await?;
                }
            }
            if next.is_last() {
                return Ok(counts);
            }
            page = Some(next);
        }
    }

    async fn object(
        &self,
        version: &ObjectVersion,
        bucket: &Bucket,
        counts: &mut BucketCounts,
    ) -> Result<()> {
        let Some(content) = bucket.content(version).await? else { return Ok(()) };
        counts.searched += 1;
        let clean = match version.key.ends_with(".parquet") {
            true => archive(&content, &self.subject, &self.replacement)?,
            false => lines(&content, &self.subject, &self.replacement),
        };
        let Some((clean, deliveries)) = clean else { return Ok(()) };
        if version.is_current {
            counts.deliveries += deliveries;
            counts.rewritten += 1;
        } else {
            counts.versions_deleted += 1;
        }
        if self.dry_run {
            return Ok(());
        }
        if version.is_current {
            bucket.rewrite(version, &content, clean).await?;
            // What was current a moment ago is an older version now.
            if version.version.is_some() {
                counts.versions_deleted += 1;
            }
        }
        Ok(bucket.delete_version(version).await?)
    }
}
