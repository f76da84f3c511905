"""The whole of Trueline as it is deployed, in an implementation of AWS that is not ours: the
template, the zips that Lambda gets, and nothing else of the code.

Signed webhooks go to the HTTP API, and through ingest-webhook, DynamoDB, its stream, archive-events
and S3 to the run that the nightly schedule starts. README.md in infra/ tells what this cannot prove.
"""

import json
import os
import sys
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from deployment import Deployment
from readers import Readers
from sandbox import Sandbox
from stored import Stored, digest, is_event
from webhooks import SECRET, SUBSCRIPTION, Webex, disorderly, generated, sample

ROOT = Path(__file__).parents[2]
ORG = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba"
NORMAL = "0e563a11-7204-5b8d-93c6-d937e9d6fbd3"
RONAS = "3b71ea1d-7511-5bef-a8e5-d7924474b57a"
# Tasks of the burst.
BURST = 150

# What happened to the two calls of the sample: phases, their begins, and the end.
HAPPENED = {
    NORMAL: """
        self_service 21:06:51 callback_wait 21:07:08 offered 21:22:54 dialing 21:22:57
        talking 21:23:05 ended 21:28:13""",
    RONAS: """
        self_service 18:34:03 callback_wait 18:34:45 offered 18:49:28 callback_wait 18:49:44
        offered 18:52:19 callback_wait 18:52:35 offered 18:52:51 callback_wait 18:53:07
        offered 18:54:03 callback_wait 18:54:19 offered 18:54:47 dialing 18:54:49
        talking 18:55:05 ended 18:58:02""",
}


class Deployed(unittest.TestCase):
    """One deployment for all tests, to which everything has been delivered already."""

    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="trueline-")))
        cls.sandbox = Sandbox(folder)
        cls.addClassCleanup(cls.sandbox.stop)
        cls.readers = Readers(cls.sandbox)
        parameters = {
            "Architecture": "x86_64",
            "ArchiveWindowSeconds": "1",
            "JwtIssuer": cls.readers.issuer,
            "JwtAudience": cls.readers.audience,
        }
        lambdas = ROOT / os.environ["LAMBDA_DIR"]
        cls.stack = Deployment(cls.sandbox, ROOT / "infra/template.yaml", lambdas, parameters)
        secrets = {"subscriptions": {SUBSCRIPTION: [SECRET]}, "signals": [SECRET]}
        cls.sandbox.client("secretsmanager").put_secret_value(
            SecretId=cls.stack.outputs["WebhookSecretsId"], SecretString=json.dumps(secrets)
        )
        cls.webex = Webex(cls.sandbox, cls.stack.api_host())
        cls.stored = Stored(cls.stack)
        cls.deliver(folder)

    @classmethod
    def deliver(cls, folder):
        program = ROOT / os.environ["GENERATE_ARCHIVE"]
        of_sample = sample("normal-callback") + sample("callback-with-multiple-ronas")
        of_burst = generated(program, folder / "generated", BURST)
        cls.delivered = disorderly(of_sample, seed=1) + of_burst
        began = time.monotonic()
        cls.answers = cls.webex.deliver_all(cls.delivered)
        took = time.monotonic() - began
        print(f"{len(cls.delivered)} deliveries in {took:.1f} s", file=sys.stderr)

    def eventually(self, condition, what, seconds=120):
        found = within(seconds, condition)
        return found or self.fail(f"{what}:\n{self.sandbox.last_words()}")

    def await_archive(self):
        """Waits until all events of the table are archived."""
        self.eventually(
            lambda: {event for event, _ in self.stored.archived()} >= set(self.stored.events()),
            "not all is archived",
        )

    def test_every_genuine_delivery_is_accepted(self):
        self.assertEqual(self.answers, {200: len(self.delivered)})

    def test_what_is_not_proven_is_refused_and_changes_nothing(self):
        body = sample("normal-callback")[0]
        body["data"]["taskId"] = "of-nobody"
        forger = Webex(self.sandbox, self.stack.api_host(), secret="guessed")
        long_ago = int(time.time() * 1000) - 6 * 60_000
        self.assertEqual(forger.deliver(body), 401)
        self.assertEqual(self.webex.deliver(body, dispatched_at=long_ago), 403)
        self.assertEqual(forger.signal_callback(ORG, "of-nobody", long_ago)[0], 401)
        self.assertEqual(self.webex.request("PUT", "/webhooks", "{}", {})[0], 404)
        self.assertFalse([key for key in self.stored.items() if "of-nobody" in key])

    def test_each_state_holds_exactly_the_events_of_its_task(self):
        def lagging():
            partitions = self.stored.items()
            tasks = {pk: items for pk, items in partitions.items() if pk.startswith("T#")}
            self.assertGreater(len(tasks), BURST)
            return [
                pk
                for pk, items in tasks.items()
                if items["S"]["digest"]["B"]
                != digest(key.split("#")[-1] for key in items if is_event(key))
            ]

        self.eventually(lambda: not lagging(), "tasks lag behind their events", seconds=60)

    def test_the_archive_holds_each_event_and_no_other(self):
        self.await_archive()
        archived, events = self.stored.archived(), self.stored.events()
        deliveries = set(archived)
        self.assertEqual({event for event, _ in deliveries}, set(events))
        # Every third event of the sample was delivered twice.
        self.assertGreater(len(deliveries), len(events))
        # A batch that fails in part is archived again: at least once is the promise, and the rule
        # is once.
        self.assertLess(len(archived) - len(deliveries), len(events) / 20)

    def test_the_wallboard_tells_what_happened_to_who_may_know(self):
        token = self.readers.token()
        for task, happened in HAPPENED.items():
            status, body = self.webex.get(f"/task?org={ORG}&task={task}", token)
            self.assertEqual(status, 200, body)
            segments = json.loads(body)["segments"]
            moments = [(segment["phase"], segment["from"]) for segment in segments]
            moments.append(("ended", segments[-1]["to"]))
            self.assertEqual([(phase, clock(at)) for phase, at in moments], story(happened))
        self.assertEqual(self.webex.get("/", token)[0], 200)
        other = self.readers.token(self.readers.add_client("another"))
        for stranger in [None, other, token[:-4] + "AAAA"]:
            for path in ["/", "/live", f"/task?org={ORG}&task={NORMAL}", "/page.js", "/page.css"]:
                self.assertEqual(self.webex.get(path, stranger)[0], 401, path)

    def test_a_signal_moves_its_caller_off_the_line(self):
        org, task, now = "of-signals", "waiting", int(time.time() * 1000)
        for number, body in enumerate(sample("normal-callback")[:2]):
            body["comciscoorgid"], body["data"]["taskId"] = org, task
            body["data"]["createdTime"] = now - 60_000 + number * 20_000
            self.assertEqual(self.webex.deliver(body), 200)
        self.assertEqual(self.phase(org, task), "queued")
        self.assertEqual(self.webex.signal_callback(org, task, now - 5_000)[0], 200)
        self.assertEqual(self.phase(org, task), "callback_wait")

        def on_the_wallboard():
            boards = json.loads(self.webex.get("/live", self.readers.token())[1])["organizations"]
            return [b["all"] for b in boards if b["org"] == org and b["all"]["callbacks_certain"]]

        [tiles] = self.eventually(on_the_wallboard, "the wallboard shows no callback")
        self.assertEqual((tiles["callbacks_certain"], tiles["live"]["count"]), (1, 0))

    def phase(self, org, task):
        return self.stored.items()[f"T#{org}#{task}"]["S"]["phase"]["S"]

    def test_the_nightly_schedule_rebuilds_what_happened(self):
        self.await_archive()

        def is_rebuilt():
            return self.stored.keys("reports/latest.json")

        # On a machine that is busy ministack has lost a start that it had announced.
        for attempt in range(3):
            self.stack.start_schedule("nightly", attempt)
            if within(60, is_rebuilt):
                break
        self.eventually(is_rebuilt, "no run came out of it", seconds=1)
        run = json.loads(self.stored.read("reports/latest.json"))["run"]
        names = {key.rsplit("/", 1)[-1] for key in self.stored.keys(f"reports/{run}/")}
        tables = {"tasks", "segments", "offers", "corrections", "visits", "queue_intervals"}
        tables |= {"agent_states", "agent_intervals"}
        files = {f"{table}.parquet" for table in tables} | {"report.html", "receipt.json"}
        self.assertEqual(names, files)
        segments = self.stored.rows(f"reports/{run}/segments.parquet")
        tasks = {row["task_id"]: row for row in self.stored.rows(f"reports/{run}/tasks.parquet")}
        for task, happened in HAPPENED.items():
            own = sorted((row for row in segments if row["task_id"] == task), key=by_begin)
            moments = [(row["phase"], row["started_at"]) for row in own]
            moments.append(("ended", own[-1]["ended_at"]))
            told = [(phase, at.strftime("%H:%M:%S")) for phase, at in moments]
            self.assertEqual(told, story(happened))
            self.assertEqual(tasks[task]["outcome"], "handled")
        self.assertEqual([tasks[NORMAL]["false_ends"], tasks[RONAS]["false_ends"]], [0, 4])
        self.assertGreater(len(tasks), BURST)
        counts = json.loads(self.stored.read(f"reports/{run}/receipt.json"))["counts"]
        self.assertEqual((counts["rejected_lines"], counts["rejected_files"]), (0, 0))

    def test_a_rebuild_with_wrong_options_is_a_failed_invocation(self):
        failure = self.stack.invoke("rebuild-timelines", {"arguments": ["--last-nights", "3"]})
        self.assertEqual(failure["errorType"], "NotRebuilt")
        self.assertIn("unexpected argument '--last-nights'", failure["errorMessage"])

    def test_the_replay_of_spilled_deliveries_stores_and_forgets_them(self):
        body = sample("normal-callback")[0]
        body["data"]["taskId"] = "spilled"
        metadata = {"arrived-at": str(int(time.time() * 1000))}
        self.stored.s3.put_object(
            Bucket=self.stored.bucket, Key="spill/1.json", Body=json.dumps(body), Metadata=metadata
        )
        self.assertNotIn("errorType", self.stack.invoke("archive-events", {}) or {})
        self.assertEqual(self.phase(ORG, "spilled"), "self_service")
        self.assertEqual(self.stored.keys("spill/"), [])

    @classmethod
    def tearDownClass(cls):
        dead = cls.stack.dead_letters()
        if dead:
            raise AssertionError(f"the queue for failures is not empty: {dead}")


def within(seconds, condition):
    """What the condition gives as soon as it holds, or what it gave last."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.5)
    return found


def story(text):
    """Pairs of phase and time of day."""
    words = text.split()
    return list(zip(words[::2], words[1::2]))


def clock(epoch_ms):
    at = datetime.fromtimestamp(0, timezone.utc) + timedelta(milliseconds=epoch_ms)
    return at.strftime("%H:%M:%S")


def by_begin(row):
    return row["started_at"]
