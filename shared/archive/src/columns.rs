//! The columns of an archive: name, type, and where the value comes from.
//!
//! Invariant: whoever changes this list, or what a value means, raises [`COLUMNS_VERSION`].

use polars_arrow::array::{
    Array, FixedSizeBinaryArray, MutableBinaryViewArray, PrimitiveArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_parquet::write::Encoding;
use task_timeline::{AgentState, Channel, Direction, EpochMs, Id, Identity, OutboundType, Party};

use crate::archived_event::ArchivedEvent;

/// The version of the columns that is written, and that is read without looking at bodies.
pub const COLUMNS_VERSION: &str = "2";

/// The key of the version in the footer.
pub(crate) const VERSION_KEY: &str = "trueline:columns";

/// A column.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    content: Content,
    /// Whether every row has a value.
    required: bool,
}

/// The type of a column, with the function that gets its value.
enum Content {
    Id(for<'a> fn(&'a ArchivedEvent<'_>) -> Option<&'a Id>),
    Text(for<'a> fn(&'a ArchivedEvent<'_>) -> Option<&'a str>),
    Time(fn(&ArchivedEvent<'_>) -> Option<EpochMs>),
    Identity(fn(&ArchivedEvent<'_>) -> Identity),
}

/// All columns in the order of the file. The body is last and by far the largest.
pub(crate) const COLUMNS: &[Column] = &[
    required("org_id", Content::Id(|it| Some(&it.webhook.org))),
    optional("task_id", Content::Id(|it| it.webhook.task.as_ref())),
    optional("agent_id", Content::Id(|it| it.webhook.event.agent.as_ref())),
    optional("queue_id", Content::Id(|it| it.webhook.event.queue.as_ref())),
    required("type", Content::Text(|it| Some(&it.webhook.type_name))),
    required("created_time", Content::Time(|it| Some(it.webhook.event.at))),
    required("identity", Content::Identity(|it| it.webhook.event.identity)),
    optional("webhook_id", Content::Text(|it| it.webhook.id.as_deref())),
    optional("source", Content::Text(|it| it.webhook.source.as_deref())),
    optional("dispatched_at", Content::Time(|it| it.webhook.dispatched_at)),
    optional("channel", Content::Text(|it| it.webhook.event.details.channel.map(Channel::name))),
    optional(
        "direction",
        Content::Text(|it| it.webhook.event.details.direction.map(Direction::name)),
    ),
    optional(
        "outbound_type",
        Content::Text(|it| it.webhook.event.details.outbound_type.map(OutboundType::name)),
    ),
    optional(
        "terminating_party",
        Content::Text(|it| it.webhook.event.details.terminating_party.map(Party::name)),
    ),
    optional("reason", Content::Text(|it| Some(&it.webhook.event.details.reason.as_ref()?.text))),
    optional(
        "agent_state",
        Content::Text(|it| it.webhook.event.details.agent_state.map(AgentState::name)),
    ),
    optional("idle_code_id", Content::Id(|it| it.webhook.idle_code.as_ref())),
    required("basis", Content::Text(|it| Some(it.webhook.event.details.basis.name()))),
    optional("is_final", Content::Text(|it| it.webhook.event.details.is_final.then_some("true"))),
    required("arrived_at", Content::Time(|it| Some(it.arrived_at))),
    optional("header_timestamp", Content::Text(|it| it.headers.timestamp)),
    optional("header_version", Content::Text(|it| it.headers.version)),
    required("body", Content::Text(|it| Some(it.body))),
];

const fn required(name: &'static str, content: Content) -> Column {
    Column { name, content, required: true }
}

const fn optional(name: &'static str, content: Content) -> Column {
    Column { name, content, required: false }
}

/// The type of ids, texts and bodies.
pub(crate) const TEXT: ArrowDataType = ArrowDataType::Utf8View;
/// The type of identities, big-endian.
pub(crate) const IDENTITY: ArrowDataType = ArrowDataType::FixedSizeBinary(16);

/// The type of instants; "+00:00" is how the reader spells UTC.
pub(crate) fn time() -> ArrowDataType {
    ArrowDataType::Timestamp(TimeUnit::Millisecond, Some("+00:00".into()))
}

impl Column {
    pub(crate) fn field(&self) -> Field {
        let dtype = match self.content {
            Content::Id(_) | Content::Text(_) => TEXT,
            Content::Time(_) => time(),
            Content::Identity(_) => IDENTITY,
        };
        Field::new(self.name.into(), dtype, !self.required)
    }

    /// How values are written: times as differences, repeated texts once.
    pub(crate) fn encoding(&self) -> Encoding {
        match self.content {
            Content::Id(_) | Content::Text(_) => Encoding::RleDictionary,
            Content::Time(_) => Encoding::DeltaBinaryPacked,
            Content::Identity(_) => Encoding::Plain,
        }
    }

    /// The values of some events.
    pub(crate) fn array(&self, events: &[ArchivedEvent<'_>]) -> Box<dyn Array> {
        match self.content {
            Content::Id(of) => {
                let mut texts = MutableBinaryViewArray::<str>::with_capacity(events.len());
                for event in events {
                    texts.push(of(event).map(|id| id.as_text(&mut [0; 36]).to_owned()));
                }
                texts.freeze().boxed()
            }
            Content::Text(of) => {
                Utf8ViewArray::from_slice(events.iter().map(of).collect::<Vec<_>>()).boxed()
            }
            Content::Time(of) => {
                let times = events.iter().map(|event| of(event).map(|at| at.0));
                times.collect::<PrimitiveArray<i64>>().to(time()).boxed()
            }
            Content::Identity(of) => {
                let bytes: Vec<u8> =
                    events.iter().flat_map(|event| of(event).0.to_be_bytes()).collect();
                FixedSizeBinaryArray::new(IDENTITY, bytes.into(), None).boxed()
            }
        }
    }
}
