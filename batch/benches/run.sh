#!/usr/bin/env bash
# `rebuild-timelines` against the best DuckDB SQL for the same job: same files in, Parquet out
# (and no report, which only one of them could write).
#
#     batch/benches/run.sh            2 million events, 2 threads, 3 runs each
#     EVENTS=20000000 THREADS=8 batch/benches/run.sh
#
# The first run fetches duckdb from PyPI and generates the archive; both stay below target/bench/.
# Other work on the machine makes wall times worthless: mind the load that is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

events=${EVENTS:-2000000}
threads=${THREADS:-2}
runs=${RUNS:-3}
bench=target/bench
archive=$bench/events-$events
venv=$bench/venv

if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.*'
fi

# All of it: with fewer packages other features would be chosen, and Polars compiled once more.
cargo build --release --quiet --workspace
release=${CARGO_TARGET_DIR:-target}/release

# The summary is written last: without it, an archive is half an archive.
if [[ ! -f $archive/truth-summary.json ]]; then
    rm -rf "$archive"
    "$release/generate-archive" --out "$archive" --events "$events" --seed 1 \
        --format zst --files 8 >/dev/null
fi
lines=$("$venv/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["lines"])' \
    "$archive/truth-summary.json")

# One pass over the files, so that the first run finds them where the others do: in memory.
cat "$archive"/events/* >/dev/null

echo "$lines events, $threads threads, best of $runs, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo
"$venv/bin/python" batch/benches/measure.py "$lines" "$runs" \
    "rebuild-timelines=$release/rebuild-timelines --events $archive/events --out $bench/ours \
        --threads $threads --no-report" \
    "DuckDB=$venv/bin/python batch/benches/duckdb_rebuild.py --events $archive/events \
        --out $bench/theirs --threads $threads"
echo
"$venv/bin/python" batch/benches/compare.py "$bench/ours/latest/tasks.parquet" \
    "$bench/theirs/tasks.parquet"
