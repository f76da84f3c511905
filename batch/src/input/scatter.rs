//! Blocks of files in, packed rows by task out.
//!
//! Invariant: every line or row of a block is a delivery that is counted, or is set aside with the
//! reason.

use std::borrow::Cow;

use anyhow::Error;
use event_archive::ReadEvent;
use task_timeline::{AgentEvent, EpochMs, EventType, Id};
use webhook::{BodyTexts, Layouts, MAX_BODY_BYTES, Webhook};

use crate::input::agent_rows::AgentRow;
use crate::input::buckets::{Orgs, Scattered};
use crate::input::event_row::EventRow;
use crate::input::file_reader::Block;
use crate::input::intake::IntakeCounts;
use crate::input::rejected::{RejectedLine, Rejections};

/// How much is kept of what is too long for a body.
const SHOWN_BYTES: usize = 1 << 10;

/// What one worker has read.
pub(crate) struct Scatterer<'a> {
    pub(crate) number: usize,
    orgs: &'a Orgs,
    rejections: &'a Rejections,
    /// The time of the run: all that is read was there by then.
    now: EpochMs,
    pub(crate) counts: IntakeCounts,
    pub(crate) scattered: Scattered,
    layouts: Layouts,
    /// The organization of the last event, nearly always that of the next one too.
    last_org: Option<(Id, u16)>,
}

impl<'a> Scatterer<'a> {
    pub(crate) fn new(
        number: usize,
        orgs: &'a Orgs,
        rejections: &'a Rejections,
        now: EpochMs,
    ) -> Scatterer<'a> {
        Scatterer {
            number,
            orgs,
            rejections,
            now,
            counts: IntakeCounts::default(),
            scattered: Scattered::default(),
            layouts: Layouts::default(),
            last_org: None,
        }
    }

    /// Takes a block of the file called `file`, whose bodies are in `text`. Returns how many
    /// deliveries it held.
    pub(crate) fn take_block(&mut self, file: &str, block: &Block, text: &[u8]) -> u64 {
        let before = self.counts.deliveries;
        match block {
            Block::Bodies { first_line } => {
                let mut bodies = BodyTexts::new(text, *first_line);
                loop {
                    let line = bodies.line();
                    let Some((body, webhook)) = self.layouts.read(&mut bodies) else { break };
                    if !body.is_empty() {
                        let event = webhook.map(unknown_arrival).map_err(describe);
                        self.take(file, line, event, || shown(body));
                    }
                }
            }
            Block::Rows { columns, rows } => {
                for row in rows {
                    let body = match &row.record {
                        Ok(record) => columns.webhook(record),
                        Err(error) => Err(error.to_string()),
                    };
                    let event = match &body {
                        Ok(body) => Webhook::from_json(body).map(unknown_arrival).map_err(describe),
                        Err(error) => Err(error.clone()),
                    };
                    self.take(file, row.line, event, || match &row.record {
                        Ok(record) => {
                            let fields: Vec<_> =
                                record.iter().map(String::from_utf8_lossy).collect();
                            fields.join(",").into()
                        }
                        Err(_) => Cow::default(),
                    });
                }
            }
            Block::Events { first_row, events } => {
                for (row, event) in (*first_row..).zip(events.iter()) {
                    let body = event.as_ref().err().and_then(|row| row.body).unwrap_or_default();
                    self.take(file, row, event.map_err(|row| describe(row.error)), || {
                        String::from_utf8_lossy(body)
                    });
                }
            }
        }
        self.counts.deliveries - before
    }

    fn take<'t>(
        &mut self,
        file: &str,
        line: u64,
        event: Result<ReadEvent<'_>, String>,
        content: impl Fn() -> Cow<'t, str>,
    ) {
        let packed = event.and_then(|event| self.scatter(&event));
        if let Err(error) = packed {
            let (file, content) = (file.to_owned(), content().into_owned());
            self.rejections.push(RejectedLine { file, line, error, content });
        }
    }

    fn scatter(&mut self, event: &ReadEvent<'_>) -> Result<(), String> {
        let webhook = &event.webhook;
        let org = match &self.last_org {
            Some((org, number)) if *org == webhook.org => *number,
            _ => {
                let number = self.orgs.number(&webhook.org);
                let number = number.ok_or("more organizations than one archive can hold")?;
                self.last_org.insert((webhook.org.clone(), number)).1
            }
        };
        self.counts.deliveries += 1;
        let is_clock_ahead = webhook.is_clock_ahead(event.arrived_at.unwrap_or(self.now));
        self.counts.note_time(webhook.event.at, is_clock_ahead);
        if webhook.event.kind == EventType::Unknown {
            *self.counts.unknown_types.entry(webhook.type_name.to_string()).or_default() += 1;
        }
        let agent = self.scattered.dictionaries.id(webhook.event.agent.as_ref());
        if !is_clock_ahead {
            // I9
            self.scatter_agent(webhook, (org, agent));
        }
        match &webhook.task {
            None => self.counts.without_task += 1,
            Some(task) => {
                let worker = u16::try_from(self.number).unwrap_or(u16::MAX);
                let dictionaries = &mut self.scattered.dictionaries;
                let row = EventRow::pack(event, task, agent, worker, dictionaries);
                self.scattered.push(row, org, task);
            }
        }
        Ok(())
    }

    /// G1: what the event says of its agent, if it does. This is the only place where events reach
    /// agents.
    fn scatter_agent(&mut self, webhook: &Webhook<'_>, agent: (u16, u32)) {
        if let Some(says) =
            AgentEvent::new(&webhook.event, webhook.task.as_ref(), webhook.idle_code.as_ref())
        {
            let row = AgentRow::pack(&says, &mut self.scattered.dictionaries);
            self.scattered.agents.push(agent, row);
        }
    }
}

/// What is kept of a body that could not be read. Of one that is too long, nobody needs all.
fn shown(body: &[u8]) -> Cow<'_, str> {
    let length = if body.len() > MAX_BODY_BYTES { SHOWN_BYTES } else { body.len() };
    String::from_utf8_lossy(&body[..length])
}

/// A webhook from an archive of another format, which does not say when it arrived.
fn unknown_arrival(webhook: Webhook<'_>) -> ReadEvent<'_> {
    ReadEvent { webhook, arrived_at: None }
}

/// An error with all its causes, in one line.
fn describe(error: impl Into<Error>) -> String {
    format!("{:#}", error.into())
}
