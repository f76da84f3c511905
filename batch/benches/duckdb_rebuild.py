#!/usr/bin/env python3
"""What `rebuild-timelines` does, as DuckDB SQL: the opponent in `run.sh`.

Reads NDJSON webhook bodies below a folder, drops repeats, orders each task's events, corrects
its timeline and writes `tasks.parquet` and `segments.parquet`. Set-based: two window passes and
hash aggregates, no row-by-row Python, no user-defined functions.

It is exact for histories without loss, which is what the benchmark generates. Left out, because
only loss calls for them: ends inferred from a recording, stale tasks, brackets without an answer.
"""

import argparse
import pathlib

import duckdb

# The fields of `data` that Webex is known to send: together with the type they are the identity
# of an event. A null is as good as no field, so that the hash is one of the canonical data.
TEXT_FIELDS = """taskId agentId teamId queueId channelType direction origin destination
    outboundType workflowManager terminatingParty reason currentState channelId idleCodeId
    wrapUpAuxCodeId filePath basis""".split()

# An event in 64 bits that sort as the events of a task must: time, rank of the type (with what a
# reason or a state says below it), and two flags.
MACROS = """
create macro ms_of(k) as k >> 10;
create macro op_of(k) as (k >> 2) & 255;
create macro is_courtesy(k) as k & 2 > 0;
create macro by_customer(k) as k & 1 > 0;

create macro op_of_type(name) as case name
    when 'task:parked' then 24
    when 'task:connect' then 32
    when 'task:connected' then 40
    when 'task:new' then 0
    when 'task:ended' then 104
    when 'agent:state_change' then 128
    when 'agent:channel_state_change' then 128
    when 'agent:channelType_state_change' then 128
    when 'capture:available' then 120
    when 'task:on-hold' then 48
    when 'task:hold-done' then 56
    when 'trueline:callback-requested' then 16
    when 'task:consulting' then 64
    when 'task:consult-done' then 72
    when 'task:conferencing' then 80
    when 'task:conference-done' then 88
    when 'task:conference-transferred' then 96
    when 'task:origin-updated' then 8
    when 'task:failed' then 112
    when 'agent:login' then 128
    when 'agent:logout' then 128
    else 136 end;

create macro op_of_reason(spelling, is_outdial) as
    case trim(regexp_replace(lower(spelling), '[\\s_]+', ' ', 'g'))
    when 'customer left' then 105
    when 'agent left' then 106
    when 'agent ended' then 106
    when 'agent disconnected' then 106
    when 'rona timer expired' then case when is_outdial then 109 else 107 end
    when 'no answer user' then case when is_outdial then 109 else 107 end
    when 'no answer from agent' then case when is_outdial then 109 else 107 end
    when 'user declined' then case when is_outdial then 104 else 108 end
    when 'user busy' then case when is_outdial then 104 else 108 end
    when 'agent busy' then case when is_outdial then 104 else 108 end
    when 'user unavailable' then case when is_outdial then 104 else 108 end
    when 'agent unavailable' then case when is_outdial then 104 else 108 end
    when 'invalid number' then case when is_outdial then 104 else 108 end
    when 'channel failure' then case when is_outdial then 104 else 108 end
    when 'media internal error' then case when is_outdial then 104 else 108 end
    when 'media manager internal error' then case when is_outdial then 104 else 108 end
    when 'participant invite timer expired' then case when is_outdial then 104 else 108 end
    else 104 end;

create macro op_of_state(state) as
    case state when 'connected' then 129 when 'wrapup' then 130 else 128 end;

create macro is_end(op) as op between 104 and 109;
create macro is_agent_side(op) as op in (107, 108);
create macro is_hang_up(op) as op in (105, 106);
create macro opens(op) as op in (24, 32, 40, 48, 64, 80);
create macro closes(op) as op in (56, 72, 88, 96);
"""

# Every event once. The first four columns make a repeat a repeat.
EVENTS = """
create temp table events as
select org, task, k, identity, any_value(party) as party, count(*) as deliveries
from (
    select
        comciscoorgid::uuid as org,
        data.taskId::uuid as task,
        hash(type, data) as identity,
        coalesce(data.agentId, data.queueId)::uuid as party,
        case op_of_type(type)
            when 104 then op_of_reason(data.reason, data.outboundType = 'OUTDIAL')
            when 128 then op_of_state(data.currentState)
            else op_of_type(type)
        end as op,
        data.createdTime << 10 | op << 2
            | case when data.outboundType = 'COURTESY_CALLBACK' and data.direction = 'OUTBOUND'
                then 2 else 0 end
            | case when coalesce(data.terminatingParty = 'Customer', op = 105)
                then 1 else 0 end as k
    from read_json($files, format = 'newline_delimited', columns = {
        type: 'varchar', comciscoorgid: 'varchar',
        data: 'struct(createdTime bigint, %s)'
    })
    where data.taskId is not null
)
group by all
"""
