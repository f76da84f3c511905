//! The stories that can be told, each a call that webhooks alone misreport or that is worth seeing.

use serde_json::{Map, Value, json};

/// A call.
pub struct Story {
    /// Its name on the command line.
    pub name: &'static str,
    /// What happens, in a line.
    pub about: &'static str,
    /// Its events.
    pub scenes: fn() -> Vec<Scene>,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Seconds from the start of the call.
    pub at_s: u32,
    /// When it is sent: as it happens, or later.
    pub sent_s: u32,
    /// What happens.
    pub what: What,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum What {
    /// A webhook of that type, with more members of its data.
    Event(&'static str, Map<String, Value>),
    /// The flow signals that the caller asked for a callback.
    Signal,
    /// The flow signals that a dial of the customer failed.
    DialFailed {
        /// Nobody dials again.
        is_final: bool,
    },
}

impl What {
    pub(crate) fn words(&self) -> String {
        let (kind, data) = match self {
            Self::Event(kind, data) => (kind, data),
            Self::Signal => return "callback signal".to_owned(),
            Self::DialFailed { is_final: false } => return "failed-dial signal".to_owned(),
            Self::DialFailed { is_final: true } => return "failed-dial signal, final".to_owned(),
        };
        let text = |name: &str| data.get(name).and_then(Value::as_str);
        let more = text("reason").or(text("currentState")).or(text("outboundType"));
        more.map_or_else(|| (*kind).to_owned(), |more| format!("{kind}, {more}"))
    }
}

/// All stories.
pub const STORIES: [Story; 10] = [
    Story { name: "answered", about: "waits, talks, is on hold, ends", scenes: answered },
    Story { name: "abandon", about: "hangs up in the queue", scenes: abandon },
    Story { name: "rona", about: "one agent does not answer, the next one does", scenes: rona },
    Story { name: "transfer", about: "talks in one queue, then in another", scenes: transfer },
    Story { name: "callback", about: "asks for a callback, and gets it", scenes: callback },
    Story {
        name: "callback-without-signal",
        about: "the same, but the flow does not say so",
        scenes: callback_without_signal,
    },
    Story {
        name: "callback-rona",
        about: "asks for a callback; the first agent does not answer",
        scenes: callback_rona,
    },
    Story {
        name: "callback-not-reached",
        about: "asks for a callback, and answers none of two dials",
        scenes: callback_not_reached,
    },
    Story { name: "late", about: "the webhooks of a call arrive in reverse", scenes: late },
    Story {
        name: "lost-end",
        about: "the webhook that ends the call never comes",
        scenes: lost_end,
    },
];

/// The story of that name.
pub fn story(name: &str) -> Option<&'static Story> {
    STORIES.iter().find(|story| story.name == name)
}

fn scene(at_s: u32, kind: &'static str, more: &Value) -> Scene {
    let mut data = more.as_object().cloned().unwrap_or_default();
    if kind.starts_with("task:") {
        let fixed = [
            ("channelType", "telephony"),
            ("origin", "+15550100101"),
            ("destination", "+15550100900"),
        ];
        for (name, value) in fixed {
            data.entry(name).or_insert_with(|| value.into());
        }
        data.entry("direction").or_insert_with(|| "INBOUND".into());
    }
    Scene { at_s, sent_s: at_s, what: What::Event(kind, data) }
}

fn agent(at_s: u32, name: &str, state: &str, queue: &str) -> Scene {
    let data = json!({ "agentId": name, "queueId": queue, "currentState": state });
    scene(at_s, "agent:state_change", &data)
}

fn signal(at_s: u32) -> Scene {
    Scene { at_s, sent_s: at_s, what: What::Signal }
}

const SALES: &str = "made-up Sales";
const SERVICE: &str = "made-up Service";
const ADA: &str = "made-up Ada";
const BEN: &str = "made-up Ben";

fn arrives(queue: &str) -> Vec<Scene> {
    let queue = json!({ "queueId": queue });
    vec![scene(0, "task:new", &json!({})), scene(10, "task:parked", &queue)]
}

/// An agent answers at once a call that is offered at `at_s`.
fn answers(at_s: u32, name: &str, queue: &str) -> Vec<Scene> {
    let data = json!({ "queueId": queue });
    vec![
        agent(at_s, name, "ringing", queue),
        scene(at_s, "task:connect", &data),
        agent(at_s + 5, name, "connected", queue),
        scene(at_s + 5, "task:connected", &data),
    ]
}

/// The customer hangs up; the agent wraps up.
fn ends(at_s: u32, name: &str, queue: &str) -> Vec<Scene> {
    let left = json!({ "terminatingParty": "Customer", "reason": "Customer Left" });
    vec![
        scene(at_s, "task:ended", &left),
        agent(at_s, name, "wrapup", queue),
        agent(at_s + 20, name, "wrapup-done", queue),
        agent(at_s + 20, name, "available", queue),
    ]
}

/// The agent does not answer a call that is offered at `at_s`, by webhooks: it ends.
fn rings_out(at_s: u32, name: &str, queue: &str, data: &Value) -> Vec<Scene> {
    let reason = json!({ "terminatingParty": "System", "reason": "RONA Timer Expired" });
    vec![
        agent(at_s, name, "ringing", queue),
        scene(at_s, "task:connect", data),
        agent(at_s + 16, name, "not-responding", queue),
        scene(at_s + 16, "task:parked", data),
        scene(at_s + 16, "task:ended", &reason),
    ]
}

fn answered() -> Vec<Scene> {
    let queue = json!({ "queueId": SALES });
    let hold = vec![scene(70, "task:on-hold", &queue), scene(90, "task:hold-done", &queue)];
    [arrives(SALES), answers(40, ADA, SALES), hold, ends(120, ADA, SALES)].concat()
}

fn abandon() -> Vec<Scene> {
    let left = json!({ "terminatingParty": "Customer", "reason": "Customer Left" });
    [arrives(SALES), vec![scene(70, "task:ended", &left)]].concat()
}

fn rona() -> Vec<Scene> {
    let queue = json!({ "queueId": SALES });
    [
        arrives(SALES),
        rings_out(30, BEN, SALES, &queue),
        answers(60, ADA, SALES),
        ends(120, ADA, SALES),
    ]
    .concat()
}

fn transfer() -> Vec<Scene> {
    let moved = vec![scene(90, "task:parked", &json!({ "queueId": SERVICE }))];
    let first = [arrives(SALES), answers(30, ADA, SALES), moved].concat();
    [first, answers(110, BEN, SERVICE), ends(180, BEN, SERVICE)].concat()
}

fn called_back(at_s: u32, name: &str) -> Vec<Scene> {
    let outbound = outbound();
    vec![
        agent(at_s, name, "ringing", SALES),
        scene(at_s, "task:connect", &outbound),
        agent(at_s + 3, name, "connected", SALES),
        scene(at_s + 3, "task:connected", &outbound),
        scene(at_s + 11, "task:connected", &outbound),
    ]
}

fn outbound() -> Value {
    json!({ "queueId": SALES, "direction": "OUTBOUND", "outboundType": "COURTESY_CALLBACK" })
}

fn callback() -> Vec<Scene> {
    [arrives(SALES), vec![signal(30)], called_back(120, ADA), ends(180, ADA, SALES)].concat()
}

fn callback_without_signal() -> Vec<Scene> {
    [arrives(SALES), called_back(120, ADA), ends(180, ADA, SALES)].concat()
}

fn callback_rona() -> Vec<Scene> {
    let unanswered = rings_out(90, BEN, SALES, &outbound());
    [arrives(SALES), vec![signal(30)], unanswered, called_back(140, ADA), ends(200, ADA, SALES)]
        .concat()
}

/// The agent is on, the customer's phone rings out, and the flow says so.
fn not_reached(at_s: u32, name: &str, is_final: bool) -> Vec<Scene> {
    let mut scenes = called_back(at_s, name);
    scenes.pop();
    let failed = Scene { at_s: at_s + 25, sent_s: at_s + 25, what: What::DialFailed { is_final } };
    scenes.extend([failed, agent(at_s + 26, name, "available", SALES)]);
    scenes
}

fn callback_not_reached() -> Vec<Scene> {
    let dials = [not_reached(90, BEN, false), not_reached(150, ADA, true)];
    [arrives(SALES), vec![signal(30)], dials.concat()].concat()
}

fn late() -> Vec<Scene> {
    let mut scenes = answered();
    let last_s = scenes.iter().map(|scene| scene.at_s).max().unwrap_or(0);
    for scene in &mut scenes {
        scene.sent_s = last_s + (last_s - scene.at_s);
    }
    scenes
}

fn lost_end() -> Vec<Scene> {
    let mut scenes = answered();
    scenes.retain(|scene| !matches!(scene.what, What::Event("task:ended", _)));
    scenes
}
