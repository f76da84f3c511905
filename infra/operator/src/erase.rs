//! Erases a person, by a phone number or an address, from everything that is kept of webhooks.
//!
//! Invariants:
//! - Events keep their identities, their order and their number, which stand beside the bodies: a
//!   rebuild gives the same timelines before and after.
//! - An object is written anew before its older versions go; a run that dies is completed by the
//!   next one, which finds what is left.
//! - Neither the receipt nor an error tells whom it was about.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use event_archive::{Archive, ArchivedEvent};
use functions::store::bucket::{Bucket, ObjectContent, ObjectVersion};
use functions::store::task_table::{Page, TaskTable};
use serde::Serialize;
use task_timeline::EpochMs;

mod subject;

pub use self::subject::Subject;

/// Where in the bucket persons may be told. Tables of the outputs hold none.
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
    /// Makes the receipt's hash its own; any text that was not used before.
    pub salt: String,
}

/// What was searched and erased, without saying of whom.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureReceipt {
    v: u8,
    program: String,
    at: EpochMs,
    dry_run: bool,
    subject: SubjectHash,
    /// What was written instead.
    pub replacement: String,
    /// The table.
    pub table: TableCounts,
    /// The bucket, by prefix.
    pub bucket: BTreeMap<&'static str, BucketCounts>,
    /// Objects that could not be searched, and why: erase again when they can.
    pub unsearched: Vec<String>,
    notes: [&'static str; 3],
}

#[derive(Clone, Debug, Serialize)]
struct SubjectHash {
    kind: &'static str,
    salt: String,
    hash: String,
}

/// What was done in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCounts {
    /// Items that were looked at.
    pub items: usize,
    /// Bodies that told the subject.
    pub erased: usize,
}

/// What was done below a prefix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BucketCounts {
    /// Objects that were searched, older versions included.
    pub searched: usize,
    /// Objects that were written anew.
    pub rewritten: usize,
    /// Deliveries in them that told the subject.
    pub deliveries: usize,
    /// Older versions that were deleted for good.
    pub versions_deleted: usize,
}

const NOTES: [&str; 3] = [
    "point-in-time recovery of the table and its stream hold what was erased until they forget it, \
     after 35 days and 24 hours",
    "a batch that archive-events repeats within 24 hours may write an erased object again: if the \
     person called within the last day, erase again tomorrow",
    "the hash is salted, but numbers are few: whoever has the receipt can try them all",
];

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
            "the replacement tells whom it replaces: choose another"
        );
        let waiting = bucket.keys("spill/").await?.len();
        ensure!(
            self.dry_run || waiting == 0,
            "{waiting} deliveries wait in spill/ and are not events yet: run `trueline replay \
             spill`, then this again"
        );
        let (kind, hash) = (self.subject.kind(), self.subject.hash(&self.salt));
        let mut receipt = ErasureReceipt {
            v: 1,
            program: concat!("trueline ", env!("CARGO_PKG_VERSION")).to_owned(),
            at: now,
            dry_run: self.dry_run,
            subject: SubjectHash { kind, salt: self.salt.clone(), hash },
            replacement: self.replacement.clone(),
            table: self.table(table).await?,
            bucket: BTreeMap::new(),
            unsearched: Vec::new(),
            notes: NOTES,
        };
        for prefix in PREFIXES {
            let mut counts = BucketCounts::default();
            for stored in bucket.versions(prefix).await? {
                // Of the outputs only lines that could not be read are kept as they came.
                if prefix == "reports/" && !stored.key.ends_with("rejected.ndjson") {
                    continue;
                }
                let done = self.object(&stored, bucket, &mut counts).await;
                if let Err(error) = done {
                    receipt.unsearched.push(format!("{}: {error:#}", stored.key));
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
        stored: &ObjectVersion,
        bucket: &Bucket,
        counts: &mut BucketCounts,
    ) -> Result<()> {
        let Some(content) = bucket.content(stored).await? else { return Ok(()) };
        counts.searched += 1;
        let clean = match stored.key.ends_with(".parquet") {
            true => self.archive(&content)?,
            false => self.lines(&content),
        };
        let Some((clean, deliveries)) = clean else { return Ok(()) };
        if stored.is_current {
            counts.deliveries += deliveries;
            counts.rewritten += 1;
        } else {
            counts.versions_deleted += 1;
        }
        if self.dry_run {
            return Ok(());
        }
        if stored.is_current {
            bucket.rewrite(stored, &content, clean).await?;
            // What was current a moment ago is an older version now.
            if stored.version.is_some() {
                counts.versions_deleted += 1;
            }
        }
        Ok(bucket.delete_version(stored).await?)
    }

    /// An archive without the subject, and how many deliveries told it; `None` if none did.
    fn archive(&self, content: &ObjectContent) -> Result<Option<(Vec<u8>, usize)>> {
        let archive = Archive::open(content.bytes.clone()).context("it is no archive")?;
        let mut found = 0;
        let mut groups = Vec::new();
        for group in 0..archive.groups() {
            groups.push((archive.events(group)?, archive.bodies(group)?));
        }
        let mut bodies = Vec::new();
        for (_, group) in &groups {
            for delivery in group.iter() {
                let body = std::str::from_utf8(delivery.body).context("a body is not UTF-8")?;
                let clean = self.subject.erased(body, &self.replacement);
                found += usize::from(clean.is_some());
                bodies.push(clean.unwrap_or_else(|| body.to_owned()));
            }
        }
        if found == 0 {
            return Ok(None);
        }
        let rows = groups.iter().flat_map(|(events, bodies)| events.iter().zip(bodies.iter()));
        let mut events = Vec::new();
        for ((event, delivery), body) in rows.zip(&bodies) {
            let event = event.map_err(|row| row.error).context("a row cannot be read")?;
            let arrived_at = event.arrived_at.context("a row does not say when it arrived")?;
            let (webhook, headers) = (event.webhook, delivery.headers);
            events.push(ArchivedEvent { webhook, arrived_at, headers, body });
        }
        ensure!(events.len() == bodies.len(), "rows and bodies differ in number");
        Ok(Some((event_archive::write(&events)?, found)))
    }

    /// Bodies, one a line, without the subject.
    fn lines(&self, content: &ObjectContent) -> Option<(Vec<u8>, usize)> {
        let text = String::from_utf8_lossy(&content.bytes);
        let mut found = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            // What is no JSON may tell it outside of quotes.
            let clean = self.subject.erased(line, &self.replacement);
            let clean = clean.or_else(|| {
                let is_json = serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
                if is_json { None } else { self.subject.replaced(line, &self.replacement) }
            });
            found += usize::from(clean.is_some());
            clean.unwrap_or_else(|| line.to_owned())
        });
        let clean: String = lines.collect();
        (found > 0).then(|| (clean.into_bytes(), found))
    }
}
