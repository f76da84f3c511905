#!/usr/bin/env python3
"""Runs commands in turn and prints a Markdown table of what they took.

    measure.py LINES RUNS 'name=command --out DIR ...' ...

Wall time is that of the fastest run, from the start of the process to its end; memory is the
largest resident set of any run. What a command wrote to its `--out` folder is removed before each
run, so that every run does all the work. The ratio is the wall time relative to the first command.
"""

import os
import shlex
import shutil
import sys
import time

# `rebuild-timelines` exits with 3 when lines were set aside: the archive has some that name no task.
DONE = (0, 3)


def run(command):
    """Wall seconds, CPU seconds and peak MB of one run."""
    shutil.rmtree(command[command.index("--out") + 1], ignore_errors=True)
    with open(os.devnull, "w") as nowhere:
        quiet = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)]
        started = time.monotonic()
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
        _, status, used = os.wait4(child, 0)
        wall = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in DONE:
        sys.exit(f"{shlex.join(command)} exited with {code}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    lines, runs = int(sys.argv[1]), int(sys.argv[2])
    commands = dict(named.split("=", 1) for named in sys.argv[3:])
    taken = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(run(shlex.split(command)))
    first = None
    print("| program | best wall s | CPU s | events/s | peak MB | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, results in taken.items():
        wall, cpu, _ = min(results)
        peak = max(memory for _, _, memory in results)
        first = first or wall
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {lines / wall:,.0f} | {peak:,.0f} "
              f"| {wall / first:.2f} |")


if __name__ == "__main__":
    main()
