//! Serves the wallboard: the page, what is live, and the timeline of a task.
//!
//! Invariants:
//! - It only reads. What is live is read at most once a second in each instance, however many
//!   ask; the cost does not grow with history.
//! - No phone number is shown, and the page loads nothing from other servers.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use percent_encoding::percent_decode_str;
use task_timeline::{EpochMs, Id};
use tokio::sync::Mutex;

use self::answer::{Answer, Problem};
use self::board::{Board, OrgBoard};
use self::names::NameStore;
use self::task_story::TaskStory;
use self::uncertain::Doubt;
use crate::error_chain::Chain;
use crate::store::bucket::Bucket;
use crate::store::task_table::{Partition, Session, TableError, TaskTable};
use crate::watch_subscriptions::subscriptions::Resource;

mod agents;
mod answer;
mod board;
mod names;
mod task_story;
mod tile;
mod uncertain;

pub use self::uncertain::UncertainAfter;

/// How long an instance uses what it read.
const FRESH_FOR: Duration = Duration::from_secs(1);

const PAGE: &str = include_str!("serve_wallboard/page/page.html");
const STYLE: &str = include_str!("serve_wallboard/page/page.css");
const SCRIPT: &str = concat!(
    include_str!("serve_wallboard/page/format.js"),
    include_str!("serve_wallboard/page/task.js"),
    include_str!("serve_wallboard/page/settings.js"),
    include_str!("serve_wallboard/page/alerts.js"),
    include_str!("serve_wallboard/page/board.js"),
    include_str!("serve_wallboard/page/agents.js"),
    include_str!("serve_wallboard/page/pages.js"),
    include_str!("serve_wallboard/page/poll.js"),
);

/// The function.
#[derive(Debug)]
pub struct ServeWallboard {
    table: TaskTable,
    names: NameStore,
    uncertain_after: UncertainAfter,
    board: Mutex<Option<(Instant, Answer)>>,
}

/// What a request is for.
enum Route {
    Page,
    Style,
    Script,
    Live,
    Task,
}

impl ServeWallboard {
    /// The function, over a table, and a bucket that may hold names. A call that is in a phase for
    /// longer than `uncertain_after` says counts as uncertain.
    pub fn new(
        table: TaskTable,
        bucket: Bucket,
        uncertain_after: UncertainAfter,
    ) -> ServeWallboard {
        let names = NameStore::new(bucket);
        ServeWallboard { table, names, uncertain_after, board: Mutex::default() }
    }

    /// Answers one request that was received at `now`.
    pub async fn handle(&self, request: &Request, now: EpochMs) -> Response<Body> {
        let answer = match route(request) {
            Ok(Route::Page) => Ok(Answer::fixed("text/html; charset=utf-8", PAGE)),
            Ok(Route::Style) => Ok(Answer::fixed("text/css; charset=utf-8", STYLE)),
            Ok(Route::Script) => Ok(Answer::fixed("text/javascript; charset=utf-8", SCRIPT)),
            Ok(Route::Live) => self.live(now).await,
            Ok(Route::Task) => self.task(request.uri().query(), now).await,
            Err(problem) => Err(problem),
        };
        answer.unwrap_or_else(Problem::answer).response(request, now)
    }

    /// What is live, read again if the last answer is old. Requests that come during a read wait
    /// for it.
    async fn live(&self, now: EpochMs) -> Result<Answer, Problem> {
        let mut kept = self.board.lock().await;
        if let Some((read_at, answer)) = &*kept
            && read_at.elapsed() < FRESH_FOR
        {
            return Ok(answer.clone());
        }
        let read_at = Instant::now();
        let answer = Answer::json(&self.read_board(now).await.map_err(unavailable)?);
        *kept = Some((read_at, answer.clone()));
        Ok(answer)
    }

    async fn read_board(&self, now: EpochMs) -> Result<Board, TableError> {
        let began = Instant::now();
        let session = self.table.session();
        let (organizations, gap_ended) =
            tokio::try_join!(session.organizations(), session.gap_ended(Resource::Task.name()))?;
        let doubt = Doubt { after: self.uncertain_after, gap_ended, now };
        let boards = organizations.iter().map(|org| read_org(&session, org, doubt));
        let (boards, names) = (try_join_all(boards).await?, self.names.names().await);
        let board = Board::new(boards, self.uncertain_after, &names);
        tracing::info!(
            organizations = organizations.len(),
            capacity.read_units = session.spent().read_units,
            duration_ms = began.elapsed().as_secs_f64() * 1e3,
            "board"
        );
        Ok(board)
    }

    async fn task(&self, query: Option<&str>, now: EpochMs) -> Result<Answer, Problem> {
        let id = |name| id(query?, name);
        let (org, task) = id("org").zip(id("task")).ok_or(Problem::NoIds)?;
        let partition = Partition::task(&org, &task);
        let session = self.table.session();
        let deliveries = session.deliveries(&partition).await.map_err(unavailable)?;
        let names = self.names.names().await;
        let story = TaskStory::from_deliveries(&task, deliveries, now, &names)
            .ok_or(Problem::NoSuchTask)?;
        Ok(Answer::json(&story))
    }
}

async fn read_org(session: &Session, org: &Id, doubt: Doubt) -> Result<OrgBoard, TableError> {
    let (live, pulse) = tokio::try_join!(session.live(org), session.pulse(org, doubt.now))?;
    Ok(OrgBoard::new(org, &live, pulse, doubt))
}

fn route(request: &Request) -> Result<Route, Problem> {
    let route = match request.uri().path() {
        "/" => Route::Page,
        "/page.css" => Route::Style,
        "/page.js" => Route::Script,
        "/live" => Route::Live,
        "/task" => Route::Task,
        _ => return Err(Problem::NoSuchPath),
    };
    match *request.method() {
        Method::GET | Method::HEAD => Ok(route),
        _ => Err(Problem::NoSuchMethod),
    }
}

/// The id of that name in a query. It does not stand in the path: browsers take `..` out of one, and
/// API Gateway hands it on decoded.
fn id(query: &str, name: &str) -> Option<Id> {
    let encoded = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Id::new(&percent_decode_str(encoded).decode_utf8().ok()?)
}

fn unavailable(error: TableError) -> Problem {
    tracing::error!(cause = %Chain(&error), "nothing to show");
    Problem::Unavailable
}
