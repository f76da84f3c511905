//! Outputs in S3: a run is uploaded under a prefix of its own and made visible by one pointer.
//!
//! Athena follows no pointer, but it reads files that list files: `athena/<table>/latest.txt` names
//! the table of the run that the pointer leads to. They are written after the pointer, one by one,
//! so for some milliseconds a query of two tables may read two runs; `"$path"` shows it.
//!
//! Invariant: the pointer only ever leads to a run whose files are all there, and of two runs that
//! end at the same time neither overwrites a pointer that it has not read. Once no more runs end,
//! Athena reads the run that the pointer leads to.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::primitives::ByteStream;

use crate::location::Location;
use crate::output::pointer::{POINTER, pointed_to, pointer_to};
use crate::s3::{Connection, S3, plain};

/// How the names of table files end.
const TABLE: &str = ".parquet";
/// The folder for Athena, below the outputs.
const ATHENA: &str = "athena";

/// How many times the pointer is read again if other runs have moved it meanwhile.
const ATTEMPTS: usize = 10;

/// A prefix that can be written to.
#[derive(Debug)]
pub(crate) struct OutBucket {
    connection: Connection,
    bucket: String,
    prefix: String,
}

impl OutBucket {
    /// Checks that the outputs can be written, with an empty object next to the runs.
    pub(crate) fn open(bucket: &str, prefix: &str, s3: &S3) -> Result<OutBucket> {
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        let out = OutBucket { connection: s3.connection()?, bucket, prefix };
        let probe = out.connection.put(&out.bucket, &out.key("runs/.writable"));
        out.connection.runtime.block_on(probe.send()).map_err(plain)?;
        Ok(out)
    }

    fn location(&self) -> Location {
        Location::S3 { bucket: self.bucket.clone(), prefix: self.prefix.clone() }
    }

    fn key(&self, name: &str) -> String {
        if self.prefix.is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) }
    }

    /// Uploads all files of a run, then points to it. Returns where the run lies.
    pub(crate) fn publish(&self, folder: &Path, run: &str) -> Result<Location> {
        let mut tables = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let key = self.key(&format!("{run}/{name}"));
            self.connection
                .put_file(&self.bucket, &key, &path)
                .with_context(|| format!("cannot upload to {}/{key}", self.bucket))?;
            tables.extend(name.strip_suffix(TABLE).map(str::to_owned));
        }
        self.point_to(run)
            .with_context(|| format!("cannot write {}", self.location().join(POINTER)))?;
        self.lead_athena(&tables)
            .with_context(|| format!("cannot write {}", self.location().join(ATHENA)))?;
        Ok(self.location().join(run))
    }

    /// Moves the pointer, unless it points there already. The write is conditional on the version
    /// that was read; if another run was quicker, its pointer is read first.
    fn point_to(&self, run: &str) -> Result<()> {
        let (key, pointer) = (self.key(POINTER), pointer_to(run));
        for _ in 0..ATTEMPTS {
            let put = self.connection.put(&self.bucket, &key);
            let put = put.body(ByteStream::from(pointer.clone().into_bytes()));
            let put = match self.connection.get(&self.bucket, &key)? {
                Some(latest) if latest.content == pointer.as_bytes() => return Ok(()),
                Some(latest) => put.set_if_match(latest.etag),
                None => put.if_none_match("*"),
            };
            match self.connection.runtime.block_on(put.send()) {
                Ok(_) => return Ok(()),
                Err(error) if error.as_service_error().is_some_and(was_overtaken) => {}
                Err(error) => return Err(plain(error)),
            }
        }
        bail!("other runs keep moving it")
    }

    /// Points Athena to the run that the pointer leads to, and again if that moved meanwhile. So the
    /// last writer has seen the last pointer.
    fn lead_athena(&self, tables: &[String]) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let run = self.pointed_to()?;
            for table in tables {
                let object = self.location().join(&format!("{run}/{table}{TABLE}"));
                let key = self.key(&format!("{ATHENA}/{table}/latest.txt"));
                let put = self.connection.put(&self.bucket, &key);
                let put = put.body(ByteStream::from(format!("{object}\n").into_bytes()));
                self.connection.runtime.block_on(put.send()).map_err(plain)?;
            }
            if self.pointed_to()? == run {
                return Ok(());
            }
        }
        bail!("other runs keep moving {POINTER}")
    }

    /// The folder of the run that the pointer leads to.
    fn pointed_to(&self) -> Result<String> {
        let latest = self.connection.get(&self.bucket, &self.key(POINTER))?;
        let latest = latest.with_context(|| format!("{POINTER} has vanished"))?;
        pointed_to(&latest.content)
    }
}

/// Whether another run has written it since it was read, or is writing it now.
fn was_overtaken(error: &PutObjectError) -> bool {
    matches!(error.code(), Some("PreconditionFailed" | "ConditionalRequestConflict"))
}
