#!/usr/bin/env python3
"""What `rebuild-timelines` does, as DuckDB SQL: the opponent in `run.sh`.

Reads NDJSON webhook bodies below a folder, drops repeats, orders each task's events, corrects
its timeline and writes `tasks.parquet` and `segments.parquet`. All of it is set-based: hash
aggregates and two window passes; no row-by-row Python, no user-defined functions.

It is exact for histories without loss, which is what the benchmark generates. Left out, because
only loss calls for it: ends inferred from a recording, stale tasks, brackets without an answer.
It also leaves out what the comparison does not need: offers, the ledger, metrics, the report.
"""

import argparse
import pathlib

import duckdb

# An event as one 64-bit number `k`, which sorts as the events of a task must: time, what happened,
# three flags. What happened is the rank of the type times 8, plus what a reason or a state adds:
#
#     0 new          8 origin-updated   16 callback-requested   24 parked          32 connect
#    40 connected   48 on-hold          56 hold-done            64 consulting      72 consult-done
#    80 conferencing                    88 conference-done      96 conference-transferred
#   104 ended: other reasons           105 customer hung up    106 agent hung up
#   107 ended: agent did not answer    108 other agent-side    109 the same as 107 on an outdial
#   112 failed     120 capture         128 agent              129 agent connected
#   130 agent wraps up                 136 anything else
MACROS = """
create macro ms_of(k) as k >> 11;
create macro op_of(k) as (k >> 3) & 255;
create macro is_courtesy(k) as (k & 4) > 0;
create macro is_outdial(k) as (k & 2) > 0;
create macro by_customer(k) as (k & 1) > 0;

-- The frequent ones first.
create macro op_of_type(name) as case name
    when 'agent:state_change' then 128
    when 'agent:channel_state_change' then 128
    when 'agent:channelType_state_change' then 128
    when 'task:parked' then 24
    when 'task:connect' then 32
    when 'task:connected' then 40
    when 'task:ended' then 104
    when 'task:new' then 0
    when 'capture:available' then 120
    when 'task:on-hold' then 48
    when 'task:hold-done' then 56
    when 'task:consulting' then 64
    when 'task:consult-done' then 72
    when 'task:conferencing' then 80
    when 'task:conference-done' then 88
    when 'task:conference-transferred' then 96
    when 'trueline:callback-requested' then 16
    when 'task:origin-updated' then 8
    when 'task:failed' then 112
    when 'agent:login' then 135
    when 'agent:logout' then 135
    else 136 end;

create macro op_of_reason(spelling) as
    case replace(lower(spelling), '_', ' ')
    when 'customer left' then 105
    when 'agent left' then 106
    when 'agent ended' then 106
    when 'agent disconnected' then 106
    when 'rona timer expired' then 107
    when 'no answer user' then 107
    when 'no answer from agent' then 107
    when 'user declined' then 108
    when 'user busy' then 108
    when 'agent busy' then 108
    when 'user unavailable' then 108
    when 'agent unavailable' then 108
    when 'invalid number' then 108
    when 'channel failure' then 108
    when 'media internal error' then 108
    when 'media manager internal error' then 108
    when 'participant invite timer expired' then 108
    else 104 end;

create macro op_of_state(state) as
    case state when 'connected' then 129 when 'wrapup' then 130 else 128 end;

create macro is_end(op) as op between 104 and 109;
create macro is_agent_side(op) as op in (107, 108);
create macro is_hang_up(op) as op in (105, 106);
create macro opens(op) as op in (24, 32, 40, 48, 64, 80);
create macro closes(op) as op in (56, 72, 88, 96);
create macro moves(op) as op <= 109 and op <> 8;
"""

# Every event once, with the number of its deliveries. The fields are all that Webex is known to
# send; with the type they are the identity of an event. `party` is the agent of an agent's event
# and the queue of others.
EVENTS = """
create temp table events as
with deliveries as (
    select
        comciscoorgid::uuid as org,
        data.taskId::uuid as task,
        coalesce(data.agentId, data.queueId)::uuid as party,
        hash(type, data) as identity,
        data.createdTime as ms,
        op_of_type(type) as kind,
        data.reason as reason,
        data.currentState as state,
        coalesce(data.outboundType = 'OUTDIAL', false) as outdial,
        coalesce(data.outboundType = 'COURTESY_CALLBACK' and data.direction = 'OUTBOUND', false)
            as courtesy,
        data.terminatingParty = 'Customer' as by_customer
    from read_json($files, format = 'newline_delimited', columns = {
        type: 'varchar',
        comciscoorgid: 'varchar',
        data: 'struct(taskId varchar, agentId varchar, teamId varchar, queueId varchar,
            createdTime bigint, channelType varchar, direction varchar, origin varchar,
            destination varchar, outboundType varchar, workflowManager varchar,
            terminatingParty varchar, reason varchar, currentState varchar, channelId varchar,
            idleCodeId varchar, wrapUpAuxCodeId varchar, filePath varchar)'
    })
    where data.taskId is not null
), understood as (
    select *, case kind
        when 104 then op_of_reason(reason)
        when 128 then op_of_state(state)
        else kind end as meaning
    from deliveries
), keyed as (
    select org, task, party, identity,
        -- An outdial has no queue to go back to: an agent-side end is the end.
        case when outdial and meaning = 107 then 109
            when outdial and meaning = 108 then 104
            else meaning end as op,
        (ms << 11) + (op << 3) + case when courtesy then 4 when outdial then 2 else 0 end
            + case when coalesce(by_customer, op = 105) then 1 else 0 end as k
    from understood
)
select org, task, k, identity, any_value(party) as party, count(*)::int as deliveries
from keyed
group by org, task, k, identity
"""

# First window pass, over the events that move a task and agents' answers and wrap-ups: what comes
# before and after, and what holds at the moment.
NEIGHBOURS = """
create temp table neighbours as
select
    org, task, k, party, op_of(k)::utinyint as op,
    lag(case when moves(op_of(k)) then k end ignore nulls) over w as before,
    lead(case when moves(op_of(k)) then k end ignore nulls) over w as after,
    lead(case when moves(op_of(k)) then k end, 2 ignore nulls) over w as after_next,
    -- the next park or ring
    lead(case when op_of(k) in (24, 32) then k end ignore nulls) over w as next_offer,
    -- what first told of a callback
    min(case when op_of(k) = 16 or (op_of(k) in (24, 32) and is_courtesy(k)) then k end)
        over (w rows between unbounded preceding and unbounded following) as learnt,
    last_value(case when op_of(k) in (16, 24, 32, 40) then party end ignore nulls)
        over (w rows unbounded preceding) as queue,
    last_value(case when op_of(k) in (16, 24, 32, 40) then party end ignore nulls)
        over (w rows between unbounded preceding and 1 preceding) as queue_before,
    -- open brackets; a ring, a park, a transfer and an end close them all
    last_value(case when op_of(k) = 48 then true
        when op_of(k) in (24, 32, 56, 96) or is_end(op_of(k)) then false end ignore nulls)
        over (w rows unbounded preceding) as hold,
    last_value(case when op_of(k) = 64 then true
        when op_of(k) in (24, 32, 72, 96) or is_end(op_of(k)) then false end ignore nulls)
        over (w rows unbounded preceding) as consult,
    last_value(case when op_of(k) = 80 then true
        when op_of(k) in (24, 32, 88, 96) or is_end(op_of(k)) then false end ignore nulls)
        over (w rows unbounded preceding) as conference
from events
where moves(op_of(k)) or op_of(k) in (129, 130)
window w as (partition by org, task order by k, identity)
"""

# Which of those begin or end a segment.
CHANGES = """
create temp table changes as
with facts as (
    select *,
        op_of(before) as op_before,
        op_of(after) as op_after,
        ms_of(k) - ms_of(before) as ms_since,
        ms_of(after) - ms_of(k) as ms_until,
        -- an end that more life takes back; not a straggler within a second of a hang-up
        is_end(op) and opens(op_after) and not (is_hang_up(op) and ms_until <= 1000) as revived,
        opens(op) and is_hang_up(op_before) and ms_since <= 1000 as straggles,
        learnt < k and op = 40 and op_before = 40 as second_leg,
        -- the agent's side of the customer's answer, unless the task's event comes within 1 s
        learnt < k and op = 129 and op_before = 40 and ms_since >= 1000
            and not coalesce(op_after = 40 and ms_until <= 1000, false) as picked_up,
        -- the agent goes and the customer stays
        op = 130 and op_before in (40, 48, 56, 72, 88, 96) and not coalesce(consult, false)
            and not coalesce(conference, false) and coalesce(ms_until >= 1000, true) as left_early
    from neighbours
)
select
    org, task, k, op, op_before, op_after, queue, learnt, next_offer, hold, consult, conference,
    coalesce(revived, false) as revived,
    coalesce(second_leg or picked_up, false) as completes,
    op = 32 and coalesce(op_after in (32, 107, 109)
        or (op_after = 24 and op_of(after_next) is distinct from 108), false) as rings_out
from facts
where case
    when straggles then false
    when op = 0 then before is null
    when op = 16 then learnt = k and op_before in (0, 24, 107, 108)
    -- a park that says the same again
    when op = 24 then coalesce(op_before not in (16, 24, 104, 105, 106, 107, 108), true)
        or queue is distinct from queue_before or coalesce(learnt = k, false)
        or coalesce(next_offer = learnt, false)
    when closes(op) then op_before between 40 and 96
    when is_agent_side(op) then op_before between 32 and 96
    when is_end(op) then coalesce(op_before not in (104, 105, 106, 109), true)
        and not (coalesce(revived, false) and op_before in (16, 24, 107, 108))
    when op = 129 then picked_up
    -- of two agents, the consulted one stays after a transfer, the other one otherwise
    when op = 130 then left_early and (op_before = 96) = exists (
        from neighbours as other
        where other.org = facts.org and other.task = facts.task and other.party = facts.party
            and other.op = 129 and op_of(other.before) >= 64)
    else true end
"""

# Second window pass: the phase that each change begins, and when the next one does. Phase 0 is the
# end; 13 and 16 are callback wait and talk that were inferred.
SEGMENTS = """
create temp table segments as
select
    org, task, phase::utinyint as phase, ms_of(k) as started_at, ended_at, queue, rings_out,
    completes or phase = 16 as completes, learnt,
    phase = 0 and by_customer(k) as by_customer
from (
    select *,
        coalesce(learnt <= k, false) and not coalesce(completed, false) as pending,
        case when pending then 3 else 2 end as waiting,
        case when conference then 9 when consult then 8 when hold then 7 else 6 end as with_agent,
        case
            when op = 0 then 1
            when op = 130 then case when not is_end(op_previous) then 1 end
            when op = 16 then 3
            when op = 24 then case when learnt > k and next_offer = learnt then 13
                else waiting end
            when op = 32 then 4
            when op = 40 then case when not pending or op_before = 40 then with_agent
                when op_next = 105 then 16 else 5 end
            when op < 104 or op = 129 then with_agent
            when revived then waiting
            when is_agent_side(op)
                and (op_before = 32 or (op_before = 40 and pending)) then waiting
            else 0 end as phase
    from (
        select *,
            bool_or(completes) over (w rows between unbounded preceding and 1 preceding)
                as completed,
            lag(op) over w as op_previous,
            lead(op) over w as op_next,
            lead(ms_of(k)) over w as ended_at
        from changes
        window w as (partition by org, task order by k)
    )
)
"""

PHASE_NAMES = """['self_service', 'queued', 'callback_wait', 'offered', 'dialing', 'talking',
    'on_hold', 'consulting', 'conferencing', null, null, null, 'callback_wait', null, null,
    'talking']"""

WRITE_SEGMENTS = f"""
copy (
    select org as org_id, task as task_id, {PHASE_NAMES}[phase] as phase,
        make_timestamp_ms(started_at) as started_at, make_timestamp_ms(ended_at) as ended_at,
        case when phase <> 1 then queue end as queue_id
    from segments
    where phase > 0 and started_at is distinct from ended_at
    order by org, task, started_at
) to '{{out}}/segments.parquet' (format parquet, compression zstd)
"""

WRITE_TASKS = """
copy (
    with counts as (
        select org, task,
            min(ms_of(k)) filter (op <= 109 and op <> 16) as started_at,
            count(*) as events,
            sum(deliveries) - count(*) as duplicates,
            count(*) filter (op = 32) as offers,
            count(*) filter (is_end(op)) as ends,
            bool_or(is_outdial(k)) as is_outdial,
            min(k) filter (op = 24) as parked,
            min(k) filter (op = 32) as connect,
            min(k) filter (op = 40) as connected,
            min(k) filter (is_end(op)) as ended
        from (select *, op_of(k) as op from events)
        group by org, task
    ), sums as (
        select org, task,
            max(started_at) filter (phase = 0) as ended_at,
            bool_or(by_customer) as by_customer,
            bool_or(phase between 6 and 9 or phase = 16) as talked,
            bool_or(completes) as completed,
            any_value(learnt) is not null as called_back,
            count(*) filter (rings_out) as rona_count,
            sum(ms) filter (phase = 1) as self_service_ms,
            sum(ms) filter (phase = 2) as live_wait_ms,
            sum(ms) filter (phase in (3, 13)) as callback_wait_ms,
            sum(ms) filter (phase = 4) as ring_ms,
            sum(ms) filter (phase = 5) as dialing_ms,
            sum(ms) filter (phase in (6, 16)) as talk_ms,
            sum(ms) filter (phase = 7) as hold_ms,
            sum(ms) filter (phase = 8) as consult_ms,
            sum(ms) filter (phase = 9) as conference_ms,
            sum(ms) filter (phase > 0) as total_ms
        from (select *, ended_at - started_at as ms from segments)
        group by org, task
    )
    select
        org as org_id, task as task_id,
        make_timestamp_ms(started_at) as started_at,
        make_timestamp_ms(ended_at) as ended_at,
        case when ended_at is null then 'open'
            when talked then 'handled'
            when called_back then 'callback_failed'
            when is_outdial then 'not_reached'
            when by_customer then 'abandoned'
            else 'failed' end as outcome,
        case when not called_back then 'none'
            when completed then 'completed'
            when ended_at is not null then 'failed'
            else 'pending' end as callback,
        offers, rona_count,
        ends - (ended_at is not null)::int as false_ends,
        events, duplicates,
        coalesce(columns('.*_ms'), 0)::bigint,
        make_timestamp_ms(ms_of(ended)) as naive_ended_at,
        case when ms_of(connect) < ms_of(parked) then 0 else ms_of(connect) - ms_of(parked) end
            as naive_live_wait_ms,
        case when connected < ended then ms_of(ended) - ms_of(connected) end as naive_talk_ms,
        case when ended is null then 'open'
            when connected < ended then 'handled'
            when by_customer(ended) then 'abandoned'
            else 'failed' end as naive_outcome
    from counts join sums using (org, task)
    order by org, task
) to '{out}/tasks.parquet' (format parquet, compression zstd)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    files = [str(path) for path in sorted(args.events.rglob("*.ndjson*"))]
    args.out.mkdir(parents=True, exist_ok=True)

    db = duckdb.connect(config={"threads": args.threads})
    # Only what is written has an order.
    db.execute("set preserve_insertion_order = false")
    db.execute(MACROS)
    db.execute(EVENTS, {"files": files})
    db.execute(NEIGHBOURS)
    db.execute(CHANGES)
    db.execute(SEGMENTS)
    db.execute("set preserve_insertion_order = true")
    db.execute(WRITE_SEGMENTS.format(out=args.out))
    db.execute(WRITE_TASKS.format(out=args.out))


if __name__ == "__main__":
    main()
