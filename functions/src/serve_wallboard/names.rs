//! Names of queues and agents: `names.csv` in the bucket, ids and names, as the rebuild takes by
//! `--names`. There need not be one.
//!
//! Invariant: a name is only ever shown in place of its id; nothing fails because one is missing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::error_chain::Chain;
use crate::store::bucket::Bucket;

/// How long an instance uses what it read.
const FRESH_FOR: Duration = Duration::from_secs(300);

/// Display names by id.
#[derive(Clone, Debug, Default)]
pub(super) struct DisplayNames(Arc<HashMap<String, String>>);

impl DisplayNames {
    fn parse(csv: &[u8]) -> DisplayNames {
        let readable = aws_account::display_names::read(csv).filter_map(Result::ok);
        DisplayNames(Arc::new(readable.collect()))
    }

    /// Those of `ids` that have a name.
    pub(super) fn named<'a>(&self, ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
        ids.filter_map(|id| Some((id.to_owned(), self.0.get(id)?.clone()))).collect()
    }
}

/// Display names that are read from the bucket, and again when they are old.
#[derive(Debug)]
pub(super) struct NameStore {
    bucket: Bucket,
    kept: Mutex<Option<(Instant, DisplayNames)>>,
}

impl NameStore {
    pub(super) fn new(bucket: Bucket) -> NameStore {
        NameStore { bucket, kept: Mutex::default() }
    }

    /// The names as they are, or as they were when they could last be read.
    pub(super) async fn names(&self) -> DisplayNames {
        let mut kept = self.kept.lock().await;
        if let Some((read_at, names)) = &*kept
            && read_at.elapsed() < FRESH_FOR
        {
            return names.clone();
        }
        let before = kept.take().map(|(_, names)| names).unwrap_or_default();
        let names = match self.bucket.names().await {
            Ok(csv) => csv.map(|csv| DisplayNames::parse(&csv)).unwrap_or_default(),
            Err(error) => {
                tracing::warn!(cause = %Chain(&error), "old names stay");
                before
            }
        };
        *kept = Some((Instant::now(), names.clone()));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_without_a_name_stay_ids() {
        let names = DisplayNames::parse("\u{feff}id,name\nq1, Sales \nq2\nq3,\n".as_bytes());
        let named = names.named(["q1", "q2", "q3"].into_iter());
        assert_eq!(named, BTreeMap::from([("q1".to_owned(), "Sales".to_owned())]));
    }
}
