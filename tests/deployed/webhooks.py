"""Webhooks to deliver, signed as v2 subscriptions sign them.

Invariant: events are moved by whole days only, so that their times of day stay those of the sample.
"""

import hashlib
import hmac
import http.client
import json
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUBSCRIPTION = "of-a-test"
SECRET = "of a test, and of nothing but a test"
SAMPLE = Path(__file__).parents[2] / "shared/fixtures/sample/webhooks"
DAY_MS = 86_400_000


def today_ms():
    """The begin of this day, UTC."""
    return int(time.time() * 1000) // DAY_MS * DAY_MS


def sample(name):
    """The events of one task of the sample, as if it had been called yesterday."""
    bodies = [json.loads(line) for line in (SAMPLE / f"{name}.ndjson").read_text().splitlines()]
    first = min(body["data"]["createdTime"] for body in bodies)
    later = today_ms() - DAY_MS - first // DAY_MS * DAY_MS
    for body in bodies:
        body["data"]["createdTime"] += later
    return bodies


def generated(program, folder, tasks):
    """The deliveries of a busy day, three days ago, in the disorder in which they come."""
    start = today_ms() - 3 * DAY_MS
    options = ["--days", "1", "--start-ms", str(start), "--unreadable", "0"]
    command = [program, "--out", folder, "--tasks", str(tasks), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = (Path(folder) / "events/part-00000.ndjson").read_text().splitlines()
    return [json.loads(line) for line in lines]


def disorderly(bodies, seed):
    """In another order, every third one twice."""
    bodies = bodies + bodies[::3]
    random.Random(seed).shuffle(bodies)
    return bodies


class Webex:
    """Posts to the HTTP API at `host`, which a sandbox serves."""

    def __init__(self, sandbox, host, secret=SECRET):
        self.port, self.host, self.secret = sandbox.port, host, secret

    def deliver(self, body, dispatched_at=None):
        """Posts an event as if it was dispatched then, or now. Returns the status."""
        dispatched_at = dispatched_at or int(time.time() * 1000)
        source = f"/com/cisco/wxcc/{SUBSCRIPTION}"
        body = json.dumps({**body, "source": source, "comciscotimestamp": dispatched_at})
        signature = hmac.new(self.secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        headers = {
            "X-WebexCC-Signature": signature,
            "X-WebExCC-Timestamp": str(dispatched_at),
            "X-WebexCC-Webhook-Version": "task:1.0.0",
        }
        status, _ = self.request("POST", "/webhooks", body, headers)
        return status

    def deliver_all(self, bodies, senders=8):
        """Posts all events, several at a time. Returns how often each status was answered."""
        with ThreadPoolExecutor(senders) as pool:
            statuses = list(pool.map(self.deliver, bodies))
        return {status: statuses.count(status) for status in set(statuses)}

    def signal_callback(self, org, task, requested_at, secret=None):
        """Says, as a flow does, that the caller asked for a callback."""
        signal = {"orgId": org, "taskId": task, "requestedAt": requested_at}
        headers = {"x-trueline-secret": secret or self.secret}
        return self.request("POST", "/signals/callback-requested", json.dumps(signal), headers)

    def get(self, path, token=None):
        """What the API answers to a reader."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.request("GET", path, None, headers)

    def request(self, method, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Host": self.host, "Content-Type": "application/json", **headers}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
