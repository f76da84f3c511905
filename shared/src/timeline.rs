//! One task's state and [`Timeline::apply`]: the only place where a state changes.
//!
//! Invariant: events applied in the order of their [`Position`] give the same timeline, however
//! they are grouped; an event that comes out of that order changes nothing, and the answer
//! says so. `apply` is total: every event in every state has a defined result.
//!
//! Two things cannot be known at the moment of an agent event, only a second later: whether a
//! customer picked up, and whether an agent left early. Such an [`Inference`] waits for the
//! next event that moves the task.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::agents::Agents;
use crate::correction::{Correction, Rule};
use crate::event::{AgentState, Channel, Direction, Event, EventType, Identity, OutboundType};
use crate::event::{Party, Position};
use crate::figures::{CallbackOutcome, Figures, Outcome, Terms};
use crate::id::Id;
use crate::naive::{FirstEvents, ended_by_customer};
use crate::offer::{OfferBook, OfferOutcome, Sign};
use crate::reason::{Reason, ReasonGroup};
use crate::segment::{Basis, Phase, Segment, SegmentLog};
use crate::sink::Sink;
use crate::time::EpochMs;

/// An agent event and a task event nearer than this tell of the same moment; in milliseconds.
const SAME_MOMENT_MS: i64 = 1_000;
/// What follows a hang-up within this is a straggler, not life; in milliseconds.
const HANG_UP_RACE_MS: i64 = 1_000;

/// What became of an event that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It comes after all others and is part of the state now.
    InOrder,
    /// It is the last event once more; nothing changed.
    Repeated,
    /// It belongs before the last event; nothing changed, the task must be folded anew.
    Behind,
}

/// One task's state: all that is needed to take the next event and to give every figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    last: Option<Position>,
    events: u32,
    digest: u128,
    duplicates: u32,
    late: u32,

    started_at: Option<EpochMs>,
    channel: Option<Channel>,
    direction: Option<Direction>,
    outdial: bool,
    first_queue: Option<Id>,
    queue: Option<Id>,

    segments: SegmentLog,
    /// The last `task:parked` that found the customer on the line.
    on_line_at: Option<EpochMs>,
    brackets: Brackets,
    talked: bool,
    callback: Option<Callback>,
    /// The first `task:connected` of the offer, on a pending callback: the agent's leg.
    agent_leg: Option<(EpochMs, Identity)>,
    inference: Option<Inference>,
    offers: OfferBook,
    agents: Agents,
    end: Option<End>,

    false_ends: u32,
    corrections: u32,
    naive: FirstEvents,
}

/// A courtesy callback of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Callback {
    pending: bool,
    basis: Basis,
}

/// What the agent does with the customer besides talking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Brackets {
    hold: bool,
    consult: bool,
    conference: bool,
}

impl Brackets {
    fn phase(self) -> Phase {
        match (self.conference, self.consult, self.hold) {
            (true, _, _) => Phase::Conferencing,
            (false, true, _) => Phase::Consulting,
            (false, false, true) => Phase::OnHold,
            (false, false, false) => Phase::Talking,
        }
    }
}

/// What an agent event suggests, until the next event that moves the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Inference {
    /// The customer answered a callback.
    PickedUp { at: EpochMs, cause: Identity },
    /// The only agent left the customer.
    AgentLeft { at: EpochMs, cause: Identity },
}

/// The end of the task, until more life is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    at: EpochMs,
    cause: Identity,
    /// Inferred from the recording; the segments are still open.
    inferred: bool,
    party: Option<Party>,
    reason: Option<Reason>,
    by_customer: bool,
}

impl Timeline {
    /// Takes the next event of the task. What is certain now goes to `sink`.
    pub fn apply(&mut self, event: &Event, sink: &mut impl Sink) -> Applied {
        let position = event.position();
        match self.last.map_or(Ordering::Greater, |last| position.cmp(&last)) {
            Ordering::Less => return Applied::Behind,
            Ordering::Equal => return Applied::Repeated,
            Ordering::Greater => {}
        }
        self.last = Some(position);
        self.events += 1;
        self.digest ^= event.identity.0;
        self.naive.note(event);
        Step { state: self, event, sink }.take();
        Applied::InOrder
    }

    /// Counts deliveries of events that are part of the state already.
    pub fn count_duplicates(&mut self, deliveries: u32) {
        self.duplicates += deliveries;
    }

    /// Counts deliveries that came after a later event had been applied.
    pub fn count_late(&mut self, deliveries: u32) {
        self.late += deliveries;
    }

    /// The last event that is part of the state.
    pub fn last(&self) -> Option<Position> {
        self.last
    }

    /// How many events are part of the state.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// All identities that are part of the state, combined by XOR.
    pub fn digest(&self) -> u128 {
        self.digest
    }

    /// Where the customer is now; `None` before the first task event and after the end.
    pub fn phase(&self) -> Option<Phase> {
        let open = self.segments.open().filter(|_| self.end.is_none())?;
        Some(match self.inference {
            Some(Inference::PickedUp { .. }) => Phase::Talking,
            Some(Inference::AgentLeft { .. }) => Phase::SelfService,
            None => open.phase,
        })
    }

    /// The figures as they stand; `None` before the first event that starts a task.
    pub fn figures(&self, terms: &Terms) -> Option<Figures> {
        self.clone().finish(terms, &mut ())
    }

    /// The figures, and to `sink` all that later events could still have changed.
    ///
    /// `None` where no event ever started the task: stray agent events, or a `task:failed`.
    pub fn finish(mut self, terms: &Terms, sink: &mut impl Sink) -> Option<Figures> {
        let started_at = self.started_at?;
        let last_at = self.last?.at;
        let is_stale = self.end.is_none() && terms.as_of - last_at > terms.stale_after_ms;
        let mut inferred_end = self.end.as_ref().filter(|end| end.inferred).map(|end| end.at);
        if is_stale {
            inferred_end = Some(self.presume_end(last_at, sink));
        }
        self.settle(None, sink);
        if let Some(at) = inferred_end {
            self.segments.close(at, sink);
            self.segments.infer_end();
            self.offers.update(|offer| offer.let_go(at));
            let rule = if is_stale { Rule::PresumedEnd } else { Rule::EndInferred };
            let cause = self.end.as_ref().map_or(self.last?.identity, |end| end.cause);
            self.correct(rule, at, "open", "ended", vec![cause], sink);
        }
        self.count_deliveries(started_at, sink);
        Some(self.summed_up(started_at, inferred_end, is_stale, terms, sink))
    }

    /// When a stale task ended: with its last event, or when the agent left.
    fn presume_end(&mut self, last_at: EpochMs, sink: &mut impl Sink) -> EpochMs {
        match self.inference {
            Some(Inference::AgentLeft { at, .. }) => {
                self.inference = None;
                at
            }
            Some(Inference::PickedUp { .. }) | None => {
                self.settle(None, sink);
                last_at
            }
        }
    }

    fn count_deliveries(&mut self, at: EpochMs, sink: &mut impl Sink) {
        let (duplicates, late) = (self.duplicates, self.late);
        if duplicates > 0 {
            let said = format!("{} events", self.events + duplicates);
            let is = format!("{} events", self.events);
            self.correct(Rule::Duplicate, at, &said, &is, Vec::new(), sink);
        }
        if late > 0 {
            let said = format!("{late} events after later ones");
            self.correct(Rule::Late, at, &said, "in order", Vec::new(), sink);
        }
    }

    fn summed_up(
        self,
        started_at: EpochMs,
        inferred_end: Option<EpochMs>,
        is_stale: bool,
        terms: &Terms,
        sink: &mut impl Sink,
    ) -> Figures {
        let ended_at = inferred_end.or(self.end.as_ref().map(|end| end.at));
        let outcome = self.outcome(started_at, is_stale, terms);
        let callback = match self.callback {
            None => CallbackOutcome::None,
            Some(Callback { pending: false, .. }) => CallbackOutcome::Completed,
            Some(_) if ended_at.is_some() => CallbackOutcome::Failed,
            Some(_) => CallbackOutcome::Pending,
        };
        let mut offers = self.offers;
        offers.flush(sink);
        let (offer_count, no_answers) = offers.counts();
        let end = self.end.as_ref();
        Figures {
            channel: self.channel,
            direction: self.direction,
            first_queue: self.first_queue,
            last_queue: self.queue,
            started_at,
            ended_at,
            outcome,
            terminating_party: end.and_then(|end| end.party),
            reason: end.and_then(|end| end.reason.as_ref()).map(|why| Arc::clone(&why.text)),
            callback,
            callback_basis: self.callback.map(|callback| callback.basis),
            offers: offer_count,
            no_answers,
            false_ends: self.false_ends,
            corrections: self.corrections,
            events: self.events,
            duplicates: self.duplicates,
            late: self.late,
            phases: self.segments.finish(sink),
            wrapup_ms: self.agents.wrapup_ms(),
            naive: self.naive.view(),
        }
    }

    fn outcome(&self, started_at: EpochMs, is_stale: bool, terms: &Terms) -> Outcome {
        let Some(end) = self.end.as_ref() else {
            return match (is_stale, self.talked) {
                (false, _) => Outcome::Open,
                (true, true) => Outcome::Handled,
                (true, false) => Outcome::PresumedEnded,
            };
        };
        let is_short = terms.short_call_ms > 0 && end.at - started_at <= terms.short_call_ms;
        if self.talked {
            Outcome::Handled
        } else if self.callback.is_some_and(|callback| callback.pending) {
            Outcome::CallbackFailed
        } else if self.outdial {
            Outcome::NotReached
        } else if is_short {
            Outcome::Short
        } else if end.by_customer {
            Outcome::Abandoned
        } else {
            Outcome::Failed
        }
    }

    /// Makes the waiting inference true, or drops it: `next` is the event that moves the task.
    fn settle(&mut self, next: Option<&Event>, sink: &mut impl Sink) {
        match self.inference.take() {
            None => {}
            Some(Inference::PickedUp { at, cause }) => {
                let task_event_wins = next.is_some_and(|next| {
                    next.kind == EventType::TaskConnected && next.at - at <= SAME_MOMENT_MS
                });
                if !task_event_wins {
                    self.customer_answered(at, cause, sink);
                }
            }
            Some(Inference::AgentLeft { at, cause }) => {
                let task_event_wins = next.is_some_and(|next| next.at - at < SAME_MOMENT_MS);
                if !task_event_wins {
                    self.agent_left(at, cause, next, sink);
                }
            }
        }
    }

    /// The customer answered a callback: talk begins, and the agent's leg was none.
    fn customer_answered(&mut self, at: EpochMs, cause: Identity, sink: &mut impl Sink) {
        self.correct_agent_leg(Some(cause), sink);
        self.complete_callback();
        self.customer_on_line(at, cause, sink);
    }

    /// Agent and customer talk, or the agent does something else with the customer.
    fn customer_on_line(&mut self, at: EpochMs, cause: Identity, sink: &mut impl Sink) {
        self.talked = true;
        self.offers.update(|offer| offer.reach_customer(at));
        self.enter(at, cause, self.brackets.phase(), sink);
    }

    fn agent_left(
        &mut self,
        at: EpochMs,
        cause: Identity,
        next: Option<&Event>,
        sink: &mut impl Sink,
    ) {
        let evidence = [Some(cause), next.map(|next| next.identity)];
        let evidence = evidence.into_iter().flatten().collect();
        let said = self.segments.open().map_or("talking", |open| open.phase.name());
        self.correct(Rule::PostCall, at, said, Phase::SelfService.name(), evidence, sink);
        self.brackets = Brackets::default();
        self.agents.clear();
        self.offers.update(|offer| offer.release(at, OfferOutcome::Answered));
        self.enter(at, cause, Phase::SelfService, sink);
    }

    fn enter(&mut self, at: EpochMs, cause: Identity, phase: Phase, sink: &mut impl Sink) {
        let next = self.segment(at, cause, phase);
        self.segments.enter(next, sink);
    }

    /// A segment that begins now.
    fn segment(&self, at: EpochMs, cause: Identity, phase: Phase) -> Segment {
        let belongs_to_offer = match phase {
            Phase::SelfService | Phase::Queued | Phase::CallbackWait => false,
            Phase::Offered
            | Phase::Dialing
            | Phase::Talking
            | Phase::OnHold
            | Phase::Consulting
            | Phase::Conferencing => true,
        };
        let offer = self.offers.last().map(|offer| offer.seq).filter(|_| belongs_to_offer);
        let queue = self.queue.clone().filter(|_| phase != Phase::SelfService);
        let (started_at, basis) = (at, Basis::Observed);
        Segment { seq: 0, phase, started_at, ended_at: None, queue, offer, basis, cause }
    }

    /// Whether the customer is with an agent, or in self-service since an agent left.
    fn is_with_agent_or_after(&self) -> bool {
        let after = |phase| phase == Phase::SelfService && self.talked;
        self.phase().is_some_and(|phase| phase.is_with_agent() || after(phase))
    }

    /// Where a customer without an agent waits: on the line or off it.
    fn waiting(&self) -> Phase {
        match self.callback {
            Some(Callback { pending: true, .. }) => Phase::CallbackWait,
            Some(Callback { pending: false, .. }) | None => Phase::Queued,
        }
    }

    fn complete_callback(&mut self) {
        if let Some(callback) = &mut self.callback {
            callback.pending = false;
        }
        self.agent_leg = None;
    }

    /// The agent's leg is over, and it was not talk.
    fn correct_agent_leg(&mut self, proof: Option<Identity>, sink: &mut impl Sink) {
        if let Some((at, leg)) = self.agent_leg.take() {
            let evidence = [Some(leg), proof].into_iter().flatten().collect();
            let (said, is) = (Phase::Talking.name(), Phase::Dialing.name());
            self.correct(Rule::AgentLeg, at, said, is, evidence, sink);
        }
    }

    fn correct(
        &mut self,
        rule: Rule,
        at: EpochMs,
        said: &str,
        is: &str,
        evidence: Vec<Identity>,
        sink: &mut impl Sink,
    ) {
        self.corrections += 1;
        let (said, is) = (said.to_owned(), is.to_owned());
        sink.correction(Correction { at, rule, said, is, evidence });
    }
}

/// One event being applied.
struct Step<'a, S> {
    state: &'a mut Timeline,
    event: &'a Event,
    sink: &'a mut S,
}

impl<S: Sink> Step<'_, S> {
    fn take(&mut self) {
        match self.event.kind {
            EventType::TaskNew | EventType::TaskOriginUpdated => self.note_task(),
            EventType::CallbackRequested => self.callback_requested(),
            EventType::TaskParked => self.parked(),
            EventType::TaskConnect => self.connect(),
            EventType::TaskConnected => self.connected(),
            EventType::TaskOnHold => self.open_bracket(|brackets| brackets.hold = true),
            EventType::TaskConsulting => self.open_bracket(|brackets| brackets.consult = true),
            EventType::TaskConferencing => {
                self.open_bracket(|brackets| brackets.conference = true);
            }
            EventType::TaskHoldDone => self.close_bracket(|brackets| brackets.hold = false),
            EventType::TaskConsultDone => self.close_bracket(|brackets| brackets.consult = false),
            EventType::TaskConferenceDone => {
                self.close_bracket(|brackets| brackets.conference = false);
            }
            EventType::TaskConferenceTransferred => self.conference_transferred(),
            EventType::TaskEnded => self.ended(),
            EventType::CaptureAvailable => self.captured(),
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange => self.agent_changed(),
            EventType::TaskFailed
            | EventType::AgentLogin
            | EventType::AgentLogout
            | EventType::TaskMessageAppended
            | EventType::TaskMessageAppendFailed
            | EventType::Unknown => {}
        }
    }

    /// What every event of a live task tells: that there is a task, and what kind.
    ///
    /// A `task:new` after other events of its task tells no more than this.
    fn note_task(&mut self) {
        let Step { state, event, sink } = self;
        state.channel = state.channel.or(event.channel);
        state.direction = state.direction.or(event.direction);
        state.outdial |= event.outbound_type == Some(OutboundType::Outdial);
        if state.started_at.is_none() {
            state.started_at = Some(event.at);
            state.enter(event.at, event.identity, Phase::SelfService, *sink);
        }
    }

    /// Prepares for an event that moves the task.
    fn begin_move(&mut self) {
        self.state.settle(Some(self.event), self.sink);
        self.note_task();
    }

    /// Whether the task is alive; an end in the way was false, unless this is a straggler.
    fn revive(&mut self) -> bool {
        let Some(end) = self.state.end.as_ref() else { return true };
        let hung_up = end.reason.as_ref().is_some_and(|reason| reason.group.is_hang_up());
        if hung_up && self.event.at - end.at <= HANG_UP_RACE_MS {
            return false;
        }
        self.reopen();
        true
    }

    fn reopen(&mut self) {
        let Step { state, event, sink } = self;
        let Some(end) = state.end.take() else { return };
        if end.inferred {
            // It was the recording of an earlier leg, and segments are still open.
            return;
        }
        let waiting = state.waiting();
        state.false_ends += 1;
        let evidence = vec![end.cause, event.identity];
        let said = said_ended(end.reason.as_ref());
        state.correct(Rule::Reopened, end.at, &said, waiting.name(), evidence, *sink);
        state.enter(end.at, end.cause, waiting, *sink);
    }

    fn callback_requested(&mut self) {
        self.state.settle(Some(self.event), self.sink);
        let Step { state, event, sink } = self;
        let phase = state.phase();
        let may_ask = match phase {
            None => state.end.is_none(),
            Some(Phase::SelfService | Phase::Queued | Phase::Offered) => true,
            Some(
                Phase::CallbackWait
                | Phase::Dialing
                | Phase::Talking
                | Phase::OnHold
                | Phase::Consulting
                | Phase::Conferencing,
            ) => false,
        };
        if !may_ask || state.waiting() == Phase::CallbackWait {
            return;
        }
        state.callback = Some(Callback { pending: true, basis: event.basis });
        if let Some(phase @ (Phase::SelfService | Phase::Queued)) = phase {
            if state.queue.is_none() {
                state.enter_queue(event.queue.as_ref());
            }
            let is = Phase::CallbackWait;
            let evidence = vec![event.identity];
            state.correct(Rule::CallbackWait, event.at, phase.name(), is.name(), evidence, *sink);
            let wait = state.segment(event.at, event.identity, is);
            state.segments.enter(Segment { basis: event.basis, ..wait }, *sink);
        }
    }

    /// An event of a courtesy callback tells that there is one, where nothing told before: then
    /// the customer left the line when last seen there.
    fn learn_of_callback(&mut self) {
        let Step { state, event, sink } = self;
        if state.callback.is_some() || !event.is_courtesy_callback() {
            return;
        }
        state.callback = Some(Callback { pending: true, basis: Basis::Inferred });
        let Some(open) = state.segments.open().filter(|open| open.phase == Phase::Queued) else {
            return;
        };
        let since = state.on_line_at.unwrap_or(open.started_at).max(open.started_at);
        let evidence = vec![open.cause, event.identity];
        let (said, is) = (Phase::Queued, Phase::CallbackWait);
        if since < event.at {
            state.correct(Rule::CallbackWait, since, said.name(), is.name(), evidence, *sink);
        }
        state.segments.reinterpret(since, is, Basis::Inferred, *sink);
    }

    /// The customer is without an agent again, after talk, a ring or a dial.
    fn leave_agents(&mut self) {
        self.state.correct_agent_leg(None, self.sink);
        self.state.brackets = Brackets::default();
        self.state.agents.clear();
    }

    fn parked(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let at = self.event.at;
        self.state.offers.update(|offer| offer.release(at, OfferOutcome::NoAnswer));
        self.leave_agents();
        self.learn_of_callback();
        let Step { state, event, sink } = self;
        state.enter_queue(event.queue.as_ref());
        let waiting = state.waiting();
        if waiting == Phase::Queued {
            state.on_line_at = Some(at);
        }
        state.enter(at, event.identity, waiting, *sink);
    }

    fn connect(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        self.leave_agents();
        self.learn_of_callback();
        let Step { state, event, sink } = self;
        state.enter_queue(event.queue.as_ref());
        state.offers.begin(event.at, *sink);
        state.enter(event.at, event.identity, Phase::Offered, *sink);
    }

    fn connected(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let Step { state, event, sink } = self;
        let (at, cause) = (event.at, event.identity);
        state.enter_queue(event.queue.as_ref());
        let is_customer = state.waiting() == Phase::Queued || state.agent_leg.is_some();
        state.offers.update(|offer| offer.answer(at));
        state.note_answer();
        if state.waiting() == Phase::Queued {
            state.customer_on_line(at, cause, *sink);
        } else if is_customer {
            state.customer_answered(at, cause, *sink);
        } else {
            state.agent_leg = Some((at, cause));
            state.enter(at, cause, Phase::Dialing, *sink);
        }
    }

    /// Hold, consult and conference happen with an agent: where the answer was lost, they tell.
    fn open_bracket(&mut self, open: impl FnOnce(&mut Brackets)) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let Step { state, event, sink } = self;
        open(&mut state.brackets);
        state.offers.update(|offer| offer.answer(event.at));
        state.note_answer();
        if state.waiting() == Phase::CallbackWait {
            state.customer_answered(event.at, event.identity, *sink);
        } else {
            state.customer_on_line(event.at, event.identity, *sink);
        }
    }

    fn close_bracket(&mut self, close: impl FnOnce(&mut Brackets)) {
        self.begin_move();
        let Step { state, event, sink } = self;
        close(&mut state.brackets);
        if state.phase().is_some_and(Phase::is_with_agent) {
            state.enter(event.at, event.identity, state.brackets.phase(), *sink);
        }
    }

    fn conference_transferred(&mut self) {
        self.close_bracket(|brackets| *brackets = Brackets::default());
        let Timeline { agents, offers, .. } = &mut *self.state;
        agents.hand_over(offers.last().and_then(|offer| offer.agent.as_ref()));
    }

    fn ended(&mut self) {
        self.begin_move();
        match self.state.end.as_ref() {
            Some(end) if end.inferred => self.state.end = None,
            Some(_) => return,
            None => {}
        }
        let group = self.event.reason.as_ref().map_or(ReasonGroup::Unknown, |why| why.group);
        let had_talked = self.state.is_with_agent_or_after();
        match group.agent_side() {
            Some(outcome) if !self.state.outdial && !had_talked => self.end_ring(outcome),
            outcome => self.end_task(group, outcome.unwrap_or(OfferOutcome::Withdrawn)),
        }
    }

    /// A `task:ended` that only ended the ring at one agent.
    fn end_ring(&mut self, outcome: OfferOutcome) {
        let at = self.event.at;
        self.state.offers.update(|offer| offer.settle(at, outcome));
        let open = self.state.segments.open();
        let (cause, phase) = open.map(|open| (open.cause, open.phase)).unzip();
        let was_with_agent = matches!(phase, Some(Phase::Offered | Phase::Dialing));
        if was_with_agent {
            self.leave_agents();
        }
        let Step { state, event, sink } = self;
        let now = if was_with_agent { Some(state.waiting()) } else { phase };
        state.false_ends += 1;
        let said = said_ended(event.reason.as_ref());
        let evidence = cause.into_iter().chain([event.identity]).collect();
        let is = now.map_or("open", Phase::name);
        state.correct(Rule::FalseEnd, at, &said, is, evidence, *sink);
        if was_with_agent {
            state.enter(at, event.identity, state.waiting(), *sink);
        }
    }

    fn end_task(&mut self, group: ReasonGroup, unanswered: OfferOutcome) {
        let Step { state, event, sink } = self;
        if let (ReasonGroup::CustomerLeft, Some((leg_at, _))) = (group, state.agent_leg) {
            state.complete_callback();
            state.talked = true;
            state.offers.update(|offer| offer.reach_customer(leg_at));
            state.segments.reinterpret(leg_at, Phase::Talking, Basis::Inferred, *sink);
        }
        state.correct_agent_leg(None, *sink);
        state.offers.update(|offer| offer.release(event.at, unanswered));
        state.segments.close(event.at, *sink);
        state.brackets = Brackets::default();
        state.agents.clear();
        state.end = Some(End {
            at: event.at,
            cause: event.identity,
            inferred: false,
            party: event.terminating_party,
            by_customer: ended_by_customer(event) || group == ReasonGroup::CustomerLeft,
            reason: event.reason.clone(),
        });
    }

    /// The recording is there. It ends a task after talk, until another event says better. Of a
    /// customer who waits again after a transfer it is only the recording of the first leg.
    fn captured(&mut self) {
        let Step { state, event, sink } = self;
        state.settle(Some(event), *sink);
        if state.end.is_none() && state.is_with_agent_or_after() {
            state.end = Some(End {
                at: event.at,
                cause: event.identity,
                inferred: true,
                party: None,
                reason: None,
                by_customer: false,
            });
        }
    }

    fn agent_changed(&mut self) {
        let agent = self.event.agent.as_ref();
        match self.event.agent_state {
            Some(AgentState::Ringing) => {
                self.heed(Sign::Ringing);
                self.end_wrap_up();
            }
            Some(AgentState::Connected) => {
                self.heed(Sign::Connected);
                self.end_wrap_up();
                self.state.agents.join(agent);
                self.agent_connected();
            }
            Some(AgentState::NotResponding) => {
                self.heed(Sign::NotResponding);
                self.state.agents.leave(agent);
            }
            Some(AgentState::Conferencing) => self.state.agents.join(agent),
            Some(AgentState::Wrapup) => self.agent_wraps_up(),
            Some(
                AgentState::WrapupDone
                | AgentState::Idle
                | AgentState::Available
                | AgentState::LoggedOut,
            ) => {
                self.end_wrap_up();
                self.state.agents.leave(agent);
            }
            Some(AgentState::ConsultDone | AgentState::ConferenceDone) => {
                let of_offer = self.state.offers.last().and_then(|offer| offer.agent.as_ref());
                if agent != of_offer {
                    self.state.agents.leave(agent);
                }
            }
            Some(
                AgentState::OnHold
                | AgentState::HoldDone
                | AgentState::Consulting
                | AgentState::Other,
            )
            | None => {}
        }
    }

    /// Tells the offer who it rings at.
    fn heed(&mut self, sign: Sign) {
        if let Some(agent) = &self.event.agent {
            self.state.offers.heed(sign, agent, self.event.at);
            self.state.note_answer();
        }
    }

    /// On a callback that still dials, the agent's side of the customer's answer.
    fn agent_connected(&mut self) {
        let (at, cause) = (self.event.at, self.event.identity);
        let leg_is_old =
            self.state.agent_leg.is_some_and(|(leg_at, _)| at - leg_at >= SAME_MOMENT_MS);
        if leg_is_old && self.state.inference.is_none() && self.state.end.is_none() {
            self.state.inference = Some(Inference::PickedUp { at, cause });
        }
    }

    fn agent_wraps_up(&mut self) {
        let Event { agent, at, identity, .. } = self.event;
        if matches!(self.state.inference, Some(Inference::PickedUp { .. })) {
            self.state.settle(None, self.sink);
        }
        let state = &mut *self.state;
        let offer = state.offers.last();
        let of_offer = offer.and_then(|offer| offer.agent.as_ref());
        let is_only = state.agents.is_only(agent.as_ref(), of_offer);
        let talks_alone = matches!(state.phase(), Some(Phase::Talking | Phase::OnHold));
        let unnamed = offer
            .filter(|offer| offer.outcome == OfferOutcome::Answered)
            .filter(|offer| offer.agent.is_none() || agent.is_none())
            .map(|offer| offer.seq);
        state.agents.begin_wrap_up(agent.as_ref(), unnamed, *at);
        state.agents.leave(agent.as_ref());
        if talks_alone && is_only {
            state.inference = Some(Inference::AgentLeft { at: *at, cause: *identity });
        }
    }

    fn end_wrap_up(&mut self) {
        let Step { state, event, sink } = self;
        let Some(done) = state.agents.end_wrap_up(event.agent.as_ref(), event.at) else { return };
        if state.offers.last().is_some_and(|offer| offer.seq == done.offer) {
            state.offers.update(|offer| {
                *offer.wrapup_ms.get_or_insert(0) += done.wrapup_ms;
            });
        } else {
            sink.wrap_up(done.offer, done.wrapup_ms);
        }
    }
}

impl Timeline {
    fn enter_queue(&mut self, queue: Option<&Id>) {
        if let Some(queue) = queue {
            self.first_queue.get_or_insert_with(|| queue.clone());
            self.queue = Some(queue.clone());
        }
    }

    /// Remembers whose offer was answered, for the work after the call.
    fn note_answer(&mut self) {
        if let Some(offer) = self.offers.last()
            && let (Some(agent), Some(_)) = (&offer.agent, offer.answered_at)
        {
            self.agents.answer(agent, offer.seq);
        }
    }
}

fn said_ended(reason: Option<&Reason>) -> String {
    match reason {
        Some(reason) => format!("ended: {}", reason.text),
        None => "ended".to_owned(),
    }
}
