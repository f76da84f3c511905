#!/usr/bin/env python3
"""Says whether two `tasks.parquet` hold the same tasks with the same figures.

Compares every column that both have. Ids and times may be stored differently: ids are compared
as text, times as milliseconds. Prints the first differences and exits with 1 if there are any.
"""

import sys

import duckdb

KEY = ("org_id", "task_id")
SHOWN = 5


def comparable(column, kind):
    if kind.startswith("TIMESTAMP"):
        return f"epoch_ms({column})"
    return f"{column}::varchar" if column.endswith("_id") else column


def main():
    ours, theirs = sys.argv[1:]
    db = duckdb.connect()
    kinds = {}
    for name, path in (("ours", ours), ("theirs", theirs)):
        described = db.execute("describe from read_parquet($path)", {"path": path}).fetchall()
        kinds[name] = {column: kind for column, kind, *_ in described}
        values = ", ".join(f"{comparable(c, k)} as {c}" for c, k in kinds[name].items())
        db.execute(
            f"create table {name} as select {values} from read_parquet($path)", {"path": path}
        )

    shared = [c for c in kinds["ours"] if c in kinds["theirs"] and c not in KEY]
    counts = [db.execute(f"select count(*) from {name}").fetchall()[0][0] for name in kinds]
    differences = [] if counts[0] == counts[1] else [f"row count: {counts[0]} and {counts[1]}"]
    for column in shared:
        rows = db.execute(f"""
            select task_id, ours.{column}, theirs.{column}, count(*) over ()
            from ours full join theirs using (org_id, task_id)
            where ours.{column} is distinct from theirs.{column}
                or ours.org_id is null or theirs.org_id is null
            order by task_id limit {SHOWN}""").fetchall()
        if rows:
            differences.append(f"{column}: {rows[0][3]} tasks differ")
            differences += [f"    {task}: {a} and {b}" for task, a, b, _ in rows]
    if differences:
        sys.exit("\n".join(differences))
    print(f"equal: {counts[0]} tasks, {len(shared) + len(KEY)} columns")


if __name__ == "__main__":
    main()
