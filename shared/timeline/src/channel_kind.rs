//! The kinds of channel that figures tell apart.

use crate::event::Channel;
use crate::output_names::output_names;

/// A kind of channel. Waits on the line, callbacks and service levels of calls are never mixed with
/// those of other kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// Calls.
    Telephony,
    /// Web chat.
    Chat,
    /// E-mail.
    Email,
    /// Social messaging.
    Social,
    /// Any other: custom messaging, work items, unknown ones.
    Other,
}

output_names! {
    ChannelKind {
        Telephony = "telephony",
        Chat = "chat",
        Email = "email",
        Social = "social",
        Other = "other",
    }
}

impl From<Channel> for ChannelKind {
    fn from(channel: Channel) -> ChannelKind {
        match channel {
            Channel::Telephony => ChannelKind::Telephony,
            Channel::Chat => ChannelKind::Chat,
            Channel::Email => ChannelKind::Email,
            Channel::Social => ChannelKind::Social,
            Channel::CustomMessaging | Channel::WorkItem | Channel::Other => ChannelKind::Other,
        }
    }
}
