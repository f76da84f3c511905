//! The wallboard says what is live, from webhooks that came in through ingest.

use anyhow::Result;
use functions::config::now;
use functions::ingest_webhook::signals::SECRET_HEADER;
use functions::serve_wallboard::{ServeWallboard, UncertainAfter};
use functions::store::task_table::Watched;
use lambda_http::{Body, Request, http};
use local_stack::{Trueline, Webex};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use task_timeline::{EpochMs, Id};
use tempfile::TempDir;

use crate::traffic::SECRET;

const ORG: &str = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";
const QUEUE: &str = "98c7df13-0671-5832-abb0-f677c9d15cbc";
const AGENT: &str = "bd25b8c2-2245-5ccb-a046-e30a581d163b";

/// A stack, somebody who sends to it, and somebody who looks.
struct Scene {
    trueline: Trueline,
    webex: Webex,
    client: Client,
    began: EpochMs,
    _folder: TempDir,
}

impl Scene {
    async fn start() -> Result<Scene> {
        let folder = tempfile::tempdir()?;
        let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
        let webex = Webex::new(&trueline.url(), SECRET);
        let (client, began) = (Client::new(), now());
        Ok(Scene { trueline, webex, client, began, _folder: folder })
    }

    /// Delivers an event that happened some seconds before the scene began.
    async fn event(&self, kind: &str, seconds_ago: i64, mut data: Value) -> Result<()> {
        data["createdTime"] = (self.began.0 - seconds_ago * 1_000).into();
        let body =
            json!({ "id": "1", "type": kind, "source": "/", "comciscoorgid": ORG, "data": data });
        assert_eq!(self.webex.deliver(&body.to_string()).await?.status(), StatusCode::OK);
        Ok(())
    }

    /// As [`Scene::event`], of a task on the telephone.
    async fn task(&self, task: &str, kind: &str, seconds_ago: i64, more: Value) -> Result<()> {
        let mut data =
            json!({ "taskId": task, "channelType": "telephony", "direction": "INBOUND" });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.event(kind, seconds_ago, data).await
    }

    async fn parked(&self, task: &str, seconds_ago: i64) -> Result<()> {
        self.task(task, "task:parked", seconds_ago, json!({ "queueId": QUEUE })).await
    }

    async fn signal(&self, task: &str, seconds_ago: i64) -> Result<()> {
        let at = self.began + -seconds_ago * 1_000;
        let org = Id::new(ORG).unwrap();
        let answer = self.webex.signal_callback(&org, task, at).await?;
        assert_eq!(answer.status(), StatusCode::OK);
        Ok(())
    }

    /// Signals, as a flow does, that a dial failed some seconds before the scene began.
    async fn dial_failed(&self, task: &str, seconds_ago: i64, more: Value) -> Result<()> {
        let failed_at = self.began.0 - seconds_ago * 1_000;
        let mut signal = json!({ "orgId": ORG, "taskId": task, "failedAt": failed_at });
        signal.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = format!("{}/signals/callback-failed", self.trueline.url());
        let post = self.client.post(url).header(SECRET_HEADER, SECRET);
        assert_eq!(post.body(signal.to_string()).send().await?.status(), StatusCode::OK);
        Ok(())
    }

    /// What is live, read anew.
    async fn live(&self) -> Result<Value> {
        let services = &self.trueline.services;
        let (table, bucket) = (services.task_table(), services.bucket());
        let fresh = ServeWallboard::new(table, bucket, UncertainAfter::default());
        let request: Request = http::Request::get("/live").body(Body::Empty)?;
        let live: Value = serde_json::from_slice(fresh.handle(&request, now()).await.body())?;
        assert_eq!(live["version"], 3);
        Ok(live["organizations"][0].clone())
    }

    /// Waiting on the line, off it, and who knows how.
    async fn waiting(&self) -> Result<[u64; 3]> {
        let live = self.live().await?;
        let all = &live["all"];
        assert_eq!(live["queues"].as_array().map_or(0, Vec::len), 1, "{live}");
        assert_eq!(live["queues"][0]["live"], all["live"], "{live}");
        let count = |what: &str| all[what]["count"].as_u64().unwrap();
        Ok(["live", "callbacks", "uncertain"].map(count))
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        Ok(self.client.get(format!("{}{path}", self.trueline.url())).send().await?)
    }

    async fn story(&self, task: &str) -> Result<Value> {
        let answer = self.get(&format!("/task?org={ORG}&task={task}")).await?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }
}

/// Phases with their length in seconds and their basis; what goes on has none.
fn segments(story: &Value) -> Vec<(&str, Option<i64>, &str)> {
    let segments = story["segments"].as_array().unwrap().iter();
    let seconds = |of: &Value| Some((of["to"].as_i64()? - of["from"].as_i64()?) / 1_000);
    segments
        .map(|of| (of["phase"].as_str().unwrap(), seconds(of), of["basis"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_goes_from_the_line_to_a_callback_and_stays_through_a_false_end() -> Result<()> {
    let scene = Scene::start().await?;
    scene.task("t", "task:new", 300, json!({})).await?;
    scene.parked("t", 280).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.waiting().await?, [1, 0, 0]);

    scene.signal("t", 200).await?;
    assert_eq!(scene.waiting().await?, [0, 1, 0]);
    let live = scene.live().await?;
    assert_eq!(live["all"]["callbacks"]["longest_since"], scene.began.0 - 200_000);
    assert_eq!(live["all"]["callbacks_certain"], 1);

    let call =
        json!({ "queueId": QUEUE, "direction": "OUTBOUND", "outboundType": "COURTESY_CALLBACK" });
    scene.task("t", "task:connect", 100, call).await?;
    assert_eq!(scene.live().await?["all"]["ringing"], 1);
    let rona = json!({ "terminatingParty": "System", "reason": "RONA_TIMER_EXPIRED" });
    scene.task("t", "task:ended", 84, rona).await?;
    assert_eq!(scene.waiting().await?, [0, 1, 0]);

    let story = scene.story("t").await?;
    assert_eq!(
        segments(&story),
        [
            ("self_service", Some(20), "observed"),
            ("queued", Some(80), "observed"),
            ("callback_wait", Some(100), "observed"),
            ("offered", Some(16), "observed"),
            ("callback_wait", None, "observed"),
        ]
    );
    assert_eq!((&story["outcome"], &story["naive"]["outcome"]), (&json!("open"), &json!("failed")));
    assert_eq!(story["naive"]["is_true"], false);
    assert_eq!(story["offers"][0]["outcome"], "no_answer");
    let rules: Vec<_> =
        story["corrections"].as_array().unwrap().iter().map(|of| &of["rule"]).collect();
    assert!(rules.contains(&&json!("false_end")), "{story}");

    let left = json!({ "terminatingParty": "Customer", "reason": "Customer Left" });
    scene.task("t", "task:ended", 10, left).await?;
    let live = scene.live().await?;
    assert_eq!((&live["all"]["callbacks"]["count"], &live["queues"]), (&json!(0), &json!([])));
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signal_may_come_late_early_twice_or_for_a_task_never_seen() -> Result<()> {
    let scene = Scene::start().await?;
    let all = [("queued", Some(60), "observed"), ("callback_wait", None, "observed")];
    // Late: the wait is split where the caller hung up.
    scene.parked("late", 120).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.waiting().await?, [1, 0, 0]);
    scene.signal("late", 60).await?;
    assert_eq!(segments(&scene.story("late").await?), all);

    // Twice is once.
    scene.parked("twice", 120).await?;
    scene.signal("twice", 60).await?;
    scene.signal("twice", 60).await?;
    let story = scene.story("twice").await?;
    assert_eq!((segments(&story), &story["events"]), (all.to_vec(), &json!(2)));

    // Early, in both senses: it arrives before the park, and it happens before the park.
    scene.signal("overtakes", 60).await?;
    scene.parked("overtakes", 120).await?;
    assert_eq!(segments(&scene.story("overtakes").await?), all);
    scene.task("early", "task:new", 130, json!({})).await?;
    scene.signal("early", 125).await?;
    scene.parked("early", 120).await?;
    let story = scene.story("early").await?;
    assert_eq!(segments(&story).last(), Some(&("callback_wait", None, "observed")));
    assert_eq!(scene.waiting().await?, [0, 4, 0]);

    // For a task of which nothing else is known it changes nothing that is shown.
    scene.signal("never seen", 60).await?;
    assert_eq!(scene.waiting().await?, [0, 4, 0]);
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_dial_may_be_told_early_late_twice_or_of_a_task_never_seen() -> Result<()> {
    let scene = Scene::start().await?;
    let call =
        json!({ "queueId": QUEUE, "direction": "OUTBOUND", "outboundType": "COURTESY_CALLBACK" });
    for task in ["dialled", "talks"] {
        scene.parked(task, 300).await?;
        scene.signal(task, 280).await?;
        scene.task(task, "task:connect", 100, call.clone()).await?;
        // Early: nobody is dialled yet.
        scene.dial_failed(task, 99, json!({})).await?;
        scene.task(task, "task:connected", 97, call.clone()).await?;
    }
    scene.task("talks", "task:connected", 90, call.clone()).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.live().await?["all"]["calling_back"], 1);

    // Twice is once; it says nothing of one who talks.
    for task in ["dialled", "dialled", "talks"] {
        scene.dial_failed(task, 75, json!({ "reason": "no answer", "attempt": "1" })).await?;
    }
    scene.dial_failed("never seen", 75, json!({ "final": true })).await?;
    assert_eq!(scene.waiting().await?, [0, 1, 0]);
    assert_eq!(scene.live().await?["all"]["talking"], 1);
    let story = scene.story("dialled").await?;
    assert_eq!(story["events"], 6);
    assert_eq!(
        segments(&story)[2..],
        [
            ("offered", Some(3), "observed"),
            ("dialing", Some(22), "observed"),
            ("callback_wait", None, "observed"),
        ]
    );

    // The last one ends the task, though no webhook does.
    scene.dial_failed("dialled", 20, json!({ "final": "true" })).await?;
    assert_eq!(scene.waiting().await?, [0, 0, 0]);
    assert_eq!(scene.story("dialled").await?["outcome"], "callback_failed");
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_waits_are_uncertain_and_agents_count_by_state() -> Result<()> {
    let scene = Scene::start().await?;
    scene.parked("waits", 60).await?;
    scene.parked("unsure", 1_900).await?;
    let idle = json!({ "agentId": AGENT, "currentState": "idle" });
    scene.event("agent:login", 500, idle).await?;
    scene.event("agent:login", 500, json!({ "agentId": "leaves" })).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.waiting().await?, [1, 0, 1]);
    assert_eq!(scene.live().await?["agents"], json!({ "idle": 2 }));

    let available =
        json!({ "agentId": AGENT, "channelType": "telephony", "currentState": "available" });
    scene.event("agent:channel_state_change", 400, available).await?;
    scene.event("agent:logout", 300, json!({ "agentId": "leaves" })).await?;
    // What only trails the logout brings nobody back.
    let trails = json!({ "agentId": "leaves", "currentState": "idle" });
    scene.event("agent:state_change", 300, trails).await?;
    // An offer is a sign that the caller is there.
    scene.task("unsure", "task:connect", 30, json!({ "queueId": QUEUE })).await?;
    let refused = json!({ "terminatingParty": "Agent", "reason": "USER_DECLINED" });
    scene.task("unsure", "task:ended", 20, refused).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.waiting().await?, [2, 0, 0]);
    let live = scene.live().await?;
    assert_eq!(live["agents"], json!({ "available": 1 }));
    assert_eq!(
        (&live["events_last_minute"], &live["newest_event_at"]),
        (&json!(9), &json!(scene.began.0 - 20_000))
    );
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_told_of_in_two_versions_is_one_agent() -> Result<()> {
    let scene = Scene::start().await?;
    let state = |state: &str| json!({ "agentId": AGENT, "taskId": "t", "currentState": state });
    scene.parked("t", 60).await?;
    scene.task("t", "task:connect", 50, json!({ "queueId": QUEUE })).await?;
    for (moment, seconds_ago) in [("ringing", 50), ("connected", 40)] {
        scene.event("agent:state_change", seconds_ago, state(moment)).await?;
        scene.event("agent:channel_state_change", seconds_ago, state(moment)).await?;
    }
    scene.task("t", "task:connected", 40, json!({ "queueId": QUEUE })).await?;
    let engaged = json!({ "agentId": AGENT, "currentState": "Engaged" });
    scene.event("agent:channelType_state_change", 39, engaged).await?;
    scene.trueline.archived().await?;
    let live = scene.live().await?;
    assert_eq!((&live["agents"], &live["all"]["talking"]), (&json!({ "connected": 1 }), &json!(1)));
    let story = scene.story("t").await?;
    assert_eq!(story["offers"].as_array().map(Vec::len), Some(1));
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ghosts_are_uncertain_and_a_chat_waits() -> Result<()> {
    let scene = Scene::start().await?;
    let queue = json!({ "queueId": QUEUE });
    scene.task("rings", "task:connect", 301, queue.clone()).await?;
    scene.task("talks", "task:connected", 8 * 3_600 - 60, queue.clone()).await?;
    scene.task("long in the flow", "task:new", 7_201, json!({})).await?;
    let chat = json!({ "queueId": QUEUE, "channelType": "chat" });
    scene.task("chat", "task:parked", 86_400, chat).await?;
    scene.trueline.archived().await?;
    let counts = |live: &Value| {
        let all = &live["all"];
        let waiting = ["uncertain", "waiting", "live"].map(|what| all[what]["count"].clone());
        (waiting, all["ringing"].clone(), all["talking"].clone(), all["in_flow"].clone())
    };
    let live = scene.live().await?;
    assert_eq!(counts(&live), ([2.into(), 1.into(), 0.into()], 0.into(), 1.into(), 0.into()));

    // A gap ends: whatever call was live then may be over by now.
    let ended = Some(scene.began + -60_000);
    let watched = Watched { seen_active: scene.began, gap: None, gap_ended: ended };
    scene.trueline.services.task_table().session().remember("task", &watched).await?;
    scene.parked("since then", 30).await?;
    let live = scene.live().await?;
    assert_eq!(counts(&live), ([3.into(), 1.into(), 1.into()], 0.into(), 0.into(), 0.into()));
    scene.task("talks", "task:on-hold", 10, queue).await?;
    assert_eq!(scene.live().await?["all"]["on_hold"], 1);
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_from_a_clock_that_is_ahead_moves_its_task_and_nothing_else() -> Result<()> {
    const CENTURY_S: i64 = 70 * 365 * 86_400;
    let scene = Scene::start().await?;
    let state = |state: &str| json!({ "agentId": AGENT, "currentState": state });
    scene.event("agent:state_change", 60, state("idle")).await?;
    scene.event("agent:state_change", -CENTURY_S, state("available")).await?;
    scene.event("agent:state_change", -301, state("ringing")).await?;
    scene.parked("t", 50).await?;
    scene.task("t", "task:connect", -CENTURY_S, json!({ "queueId": QUEUE })).await?;
    scene.trueline.archived().await?;
    let live = scene.live().await?;
    assert_eq!(live["agents"], json!({ "idle": 1 }));
    assert_eq!(live["newest_event_at"], scene.began.0 - 50_000);
    assert_eq!(live["events_last_minute"], 5);
    assert_eq!(scene.story("t").await?["events"], 2);
    // The agent is not held back by it.
    scene.event("agent:state_change", 10, state("wrapup")).await?;
    scene.trueline.archived().await?;
    assert_eq!(scene.live().await?["agents"], json!({ "wrapup": 1 }));

    let org = Id::new(ORG).unwrap();
    let early = scene.webex.signal_callback(&org, "t", scene.began + -3_700_000).await?;
    assert_eq!(early.status(), StatusCode::BAD_REQUEST);
    let told: Value = serde_json::from_slice(&early.bytes().await?)?;
    let told = told["message"].as_str().unwrap();
    assert!(told.ends_with("send the time at which it happened, or leave it out"), "{told}");
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_is_not_sent_again_and_nothing_is_open_to_scripts_from_elsewhere()
-> Result<()> {
    let scene = Scene::start().await?;
    scene.parked("t", 60).await?;
    scene.trueline.archived().await?;
    let first = scene.get("/live").await?;
    assert_eq!(first.status(), StatusCode::OK);
    let etag = first.headers()["etag"].clone();
    let again = scene.client.get(format!("{}/live", scene.trueline.url()));
    let again = again.header("if-none-match", &etag).send().await?;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.headers().contains_key("x-trueline-now"));

    for (path, kind) in
        [("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")]
    {
        let page = scene.get(path).await?;
        assert!(page.headers()["content-type"].to_str()?.starts_with(kind), "{path}");
        let policy = page.headers()["content-security-policy"].to_str()?;
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        let text = page.text().await?;
        assert!(!text.contains("http://") && !text.contains("https://"), "{path}");
    }
    let statuses = [
        ("/nowhere", 404),
        ("/task?task=t", 400),
        ("/task?org=o", 400),
        ("/task?org=o&task=unknown", 404),
    ];
    for (path, status) in statuses {
        assert_eq!(scene.get(path).await?.status(), status, "{path}");
    }
    let post = scene.client.post(format!("{}/live", scene.trueline.url())).send().await?;
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    scene.trueline.stop().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_hung_up_in_the_queue_waited_as_the_webhooks_say() -> Result<()> {
    let scene = Scene::start().await?;
    scene.task("t", "task:new", 300, json!({})).await?;
    scene.parked("t", 280).await?;
    let left = json!({ "terminatingParty": "Customer", "reason": "Customer Left" });
    scene.task("t", "task:ended", 200, left).await?;
    let story = scene.story("t").await?;
    assert_eq!(
        segments(&story),
        [("self_service", Some(20), "observed"), ("queued", Some(80), "observed")]
    );
    let naive = &story["naive"];
    assert_eq!(naive["is_true"], true);
    assert_eq!(naive["waited_until"], naive["ended_at"]);
    assert_eq!(naive["parked_at"], scene.began.0 - 280_000);
    scene.trueline.stop().await
}
