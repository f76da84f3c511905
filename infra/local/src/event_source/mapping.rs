//! A running mapping: started, waited for, stopped.

use std::fmt::Display;
use std::future::Future;

use anyhow::{Context, Result};
use aws_lambda_events::dynamodb::Event;
use aws_lambda_events::streams::DynamoDbEventResponse;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use super::consumer::Consumer;
use super::options::EventSource;
use crate::dynamodb::DynamoDb;
use crate::stream_reader::StreamReader;

impl EventSource {
    /// Starts to hand the stream of `table` to `function`, from the first record that was never
    /// taken.
    ///
    /// # Errors
    ///
    /// When the table has no stream.
    pub async fn start<H, F, E>(
        self,
        dynamodb: &DynamoDb,
        table: &str,
        function: H,
    ) -> Result<Mapping>
    where
        H: Fn(Event) -> F + Send + Sync + 'static,
        F: Future<Output = Result<DynamoDbEventResponse, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let (idle_polls, polls) = watch::channel(0);
        let mut consumer = Consumer {
            reader: StreamReader::open(&dynamodb.endpoint(), table).await?,
            stream_records: dynamodb.stream_records(),
            table: table.to_owned(),
            source: self,
            function,
            idle_polls,
        };
        let task = tokio::spawn(async move {
            loop {
                let batch = consumer.next_batch().await;
                consumer.deliver(batch).await;
            }
        });
        Ok(Mapping { task: AbortOnDropHandle::new(task), idle_polls: polls })
    }
}

/// A running mapping. When dropped it stops at once, also during an invocation, which the next
/// mapping of the table repeats.
#[derive(Debug)]
pub struct Mapping {
    task: AbortOnDropHandle<()>,
    idle_polls: watch::Receiver<u64>,
}

impl Mapping {
    /// Waits until the function has taken all that was written before the call.
    ///
    /// # Errors
    ///
    /// When the mapping has ended.
    pub async fn drained(&self) -> Result<()> {
        let mut idle_polls = self.idle_polls.clone();
        // The current poll may have begun before the last write; the one after it has not.
        let enough = *idle_polls.borrow() + 2;
        idle_polls.wait_for(|polls| *polls >= enough).await.context("the event source ended")?;
        Ok(())
    }

    /// Stops at once, and returns when nothing is running.
    pub async fn stop(self) {
        self.task.abort();
        if let Err(error) = self.task.await
            && error.is_panic()
        {
            tracing::error!(%error, "the event source had failed");
        }
    }
}
