"""What the functions stored, read as anybody could read it.

Invariant: nothing here knows the product's code, only the shapes that its documentation names.
"""

import io
from collections import defaultdict

import pyarrow.parquet as parquet


class Stored:
    """Table and bucket of a deployment."""

    def __init__(self, deployment):
        self.s3 = deployment.sandbox.client("s3")
        self.dynamodb = deployment.sandbox.client("dynamodb")
        self.bucket = deployment.outputs["BucketName"]
        self.table = deployment.outputs["TableName"]

    def items(self):
        """All items by partition and sort key."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
        partitions = defaultdict(dict)
        for page in pages:
            for item in page["Items"]:
                partitions[item["pk"]["S"]][item["sk"]["S"]] = item
        return partitions

    def events(self):
        """The identities of all events in the table."""
        return [key.split("#")[-1] for items in self.items().values() for key in items if is_event(key)]

    def keys(self, prefix):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def rows(self, key):
        return parquet.read_table(io.BytesIO(self.read(key)), page_checksum_verification=True).to_pylist()

    def archived(self):
        """Identity and arrival of all deliveries in the archive, as often as they are in it."""
        rows = (row for key in self.keys("events/") for row in self.rows(key))
        return [(row["identity"].hex(), row["arrived_at"]) for row in rows]


def is_event(key):
    return key.startswith("E#")


def digest(identities):
    """What a state must say that holds these events: all identities, exclusive or."""
    sum_of_all = 0
    for identity in identities:
        sum_of_all ^= int(identity, 16)
    return sum_of_all.to_bytes(16, "big")
