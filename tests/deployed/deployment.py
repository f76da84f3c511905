"""The template, deployed as `sam deploy` does it: zips to a bucket, template to CloudFormation.

Invariant: nothing of the template is changed but where the zips lie.
"""

import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

STACK = "trueline"
ARTIFACTS = "artifacts"
TEMPLATE = "template.json"


class Deployment:
    """The stack in a sandbox."""

    def __init__(self, sandbox, template, lambdas, parameters):
        self.sandbox = sandbox
        package(template, lambdas, sandbox.client("s3"))
        formation = sandbox.client("cloudformation")
        formation.create_stack(
            StackName=STACK,
            # By address, as it is too large to come along.
            TemplateURL=f"{sandbox.endpoint}/{ARTIFACTS}/{TEMPLATE}",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
        )
        stack = wait_until_created(formation)
        self.outputs = {
            output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]
        }

    def api_host(self):
        """The name by which ministack knows the HTTP API; in AWS it ends in amazonaws.com."""
        [api] = self.sandbox.client("apigatewayv2").get_apis()["Items"]
        return f"{api['ApiId']}.execute-api.localhost"

    def invoke(self, function, event):
        """Calls a function and waits. Returns its answer, or what Lambda was told of its failure."""
        answer = self.sandbox.client("lambda").invoke(
            FunctionName=f"{STACK}-{function}", Payload=json.dumps(event)
        )
        return json.loads(answer["Payload"].read())

    def start_schedule(self, name, attempt):
        """Has the scheduler do at once what it does at night, with the same target and input. By a
        schedule beside that one: ministack forgets the moment of one that is changed."""
        scheduler = self.sandbox.client("scheduler")
        schedule = scheduler.get_schedule(Name=f"{STACK}-{name}")
        moment = datetime.now(timezone.utc) + timedelta(seconds=1)
        # The real scheduler fills this in by itself.
        scheduled_time = ("<aws.scheduler.scheduled-time>", f"{moment:%Y-%m-%dT%H:%M:%SZ}")
        target = schedule["Target"] | {"Input": schedule["Target"]["Input"].replace(*scheduled_time)}
        scheduler.create_schedule(
            Name=f"{STACK}-{name}-at-once-{attempt}",
            ScheduleExpression=f"at({moment:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        )

    def dead_letters(self):
        """The messages in the queue for failures."""
        sqs = self.sandbox.client("sqs")
        [queue] = sqs.list_queues()["QueueUrls"]
        return sqs.receive_message(QueueUrl=queue).get("Messages", [])


def is_beyond(resource):
    """Whether ministack cannot make it: it knows no alarms over several metrics."""
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]


def package(template, lambdas, s3):
    s3.create_bucket(Bucket=ARTIFACTS)
    parsed = yaml_parse(template.read_text())
    for name, resource in list(parsed["Resources"].items()):
        if is_beyond(resource):
            del parsed["Resources"][name]
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        # ../target/lambda/<function>/bootstrap.zip
        function = Path(resource["Properties"]["CodeUri"]).parent.name
        key = f"{function}.zip"
        s3.upload_file(str(lambdas / function / "bootstrap.zip"), ARTIFACTS, key)
        resource["Properties"]["CodeUri"] = {"Bucket": ARTIFACTS, "Key": key}
    s3.put_object(Bucket=ARTIFACTS, Key=TEMPLATE, Body=json.dumps(parsed))


def wait_until_created(formation):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        [stack] = formation.describe_stacks(StackName=STACK)["Stacks"]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return stack
        if "FAILED" in stack["StackStatus"] or "ROLLBACK" in stack["StackStatus"]:
            break
        time.sleep(0.5)
    events = formation.describe_stack_events(StackName=STACK)["StackEvents"]
    reasons = [
        f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
        for event in events
        if event.get("ResourceStatusReason")
    ]
    raise RuntimeError(f"{stack['StackStatus']}: {reasons}")
