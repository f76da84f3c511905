"""Glue describes the columns that the Parquet files have: same names, order and types.

Invariant: the files are those that the functions and the rebuild write, from the sample.
"""

import os
from pathlib import Path

import duckdb
import pytest
from template import of_type

# Parquet as DuckDB reads it, and the Hive type by which Athena reads the same.
HIVE = {
    "VARCHAR": "string",
    "UINTEGER": "int",
    "BIGINT": "bigint",
    "DOUBLE": "double",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "BLOB": "binary",
    "VARCHAR[]": "array<string>",
    "BIGINT[]": "array<bigint>",
}
SAMPLE = Path(os.environ["SAMPLE"])


def columns(files):
    query = f"describe select * from read_parquet('{files}', hive_partitioning = false)"
    return [(name, HIVE[kind]) for name, kind, *_ in duckdb.sql(query).fetchall()]


TABLES = {it["TableInput"]["Name"]: it["TableInput"] for it in of_type("Glue::Table").values()}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_glue_describes_the_files(name):
    described = TABLES[name]["StorageDescriptor"]["Columns"]
    files = SAMPLE / ("s3/trueline/events/*/*.parquet" if name == "events" else f"rebuilt/latest/{name}.parquet")
    assert [(column["Name"], column["Type"]) for column in described] == columns(files)


def test_each_table_of_a_run_is_described():
    written = {file.stem for file in (SAMPLE / "rebuilt/latest").glob("*.parquet")}
    assert written | {"events"} == set(TABLES)


def test_athena_looks_where_the_files_are():
    events = TABLES["events"]
    folder = next((SAMPLE / "s3/trueline/events").iterdir()).name
    template = events["Parameters"]["storage.location.template"]["Fn::Sub"]
    assert template == f"s3://${{Bucket}}/events/{folder.split('=')[0]}=${{!date}}/"
    for name in set(TABLES) - {"events"}:
        location = TABLES[name]["StorageDescriptor"]["Location"]["Fn::Sub"]
        assert location == f"s3://${{Bucket}}/reports/athena/{name}/"
