"""The template says what the code says: one name for everything with a name.

Invariant: whoever renames a binary, a variable, a route, a metric or an option in one place only
fails here.
"""

import json
import re

import pytest
from template import FUNCTIONS, RESOURCES, ROOT, TEMPLATE, binaries, block, of_type, quoted, source, texts


def test_each_binary_has_its_block_and_each_block_its_binary():
    assert set(FUNCTIONS) == {block(binary) for binary in binaries()}


@pytest.mark.parametrize("binary", sorted(binaries()))
def test_block_role_log_and_code_bear_the_name_of_the_binary(binary):
    function = FUNCTIONS[block(binary)]
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{binary}"}
    assert function["CodeUri"] == f"../target/lambda/{binary}/bootstrap.zip"
    assert function["Role"] == {"Fn::GetAtt": [f"{block(binary)}Role", "Arn"]}
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": f"{block(binary)}Log"}
    log = RESOURCES[f"{block(binary)}Log"]["Properties"]["LogGroupName"]
    assert log == {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{binary}"}


def variables_by_reader():
    """`Config::from_env` reads TABLE_NAME and BUCKET_NAME, and so on; AWS_* is the SDK's to read."""
    readers, owner, reader = {}, "", ""
    for line in source("functions/src/config.rs").splitlines():
        if start := re.match(r"impl (\w+)", line):
            owner = f"{start[1]}::"
        elif line == "}":
            owner = ""
        if start := re.match(r"\s*pub (?:async )?fn (\w+)", line):
            reader = f"{owner or 'config::'}{start[1]}"
        if not line.strip().startswith("//"):
            readers.setdefault(reader, set()).update(quoted(r'"((?!AWS_)[A-Z]+(?:_[A-Z]+)+)"', line))
    return {reader: names for reader, names in readers.items() if names}


@pytest.mark.parametrize("binary", sorted(binaries()))
def test_a_function_gets_the_variables_that_it_reads(binary):
    main = ROOT / f"functions/src/bin/{binary}.rs"
    main = main.read_text() if main.exists() else ""
    readers = variables_by_reader().items()
    reads = [names for reader, names in readers if re.search(rf"(?<!\w){reader}\b", main)]
    gets = FUNCTIONS[block(binary)].get("Environment", {"Variables": {}})["Variables"]
    assert set(gets) == set().union(*reads)


def test_the_local_stack_doubts_a_call_when_the_template_does():
    code = source("functions/src/serve_wallboard/uncertain.rs")
    units = {"MINUTE_MS": 60, "HOUR_MS": 3600}
    defaults = re.findall(r"(\w+)_ms: (\d+) \* (\w+_MS),", code)
    ours = {phase: int(count) * units[unit] for phase, count, unit in defaults}
    read = re.findall(r'(\w+)_ms: seconds_in_ms\("(\w+)"\)', source("functions/src/config.rs"))
    gets = FUNCTIONS["ServeWallboard"]["Environment"]["Variables"]
    parameters = {phase: TEMPLATE["Parameters"][gets[name]["Ref"]] for phase, name in read}
    assert ours == {phase: parameter["Default"] for phase, parameter in parameters.items()}
    assert len(ours) == 5


def test_the_schedule_gives_options_that_the_rebuild_has():
    given = FUNCTIONS["RebuildTimelines"]["Events"]["Nightly"]["Properties"]["Input"]
    options = quoted(r"--([a-z-]+)", " ".join(texts(given)))
    known = quoted(r"pub (\w+):", source("batch/src/args.rs"))
    assert options and {option.replace("-", "_") for option in options} <= known


def test_the_figures_of_a_night_are_as_of_its_scheduled_time():
    given = FUNCTIONS["RebuildTimelines"]["Events"]["Nightly"]["Properties"]["Input"]
    arguments = json.loads(given["Fn::Sub"][0].replace("${Names}", ""))["arguments"]
    assert arguments[arguments.index("--as-of") + 1] == "<aws.scheduler.scheduled-time>"


def test_the_table_is_the_one_that_the_functions_use():
    table = of_type("DynamoDB::Table")["TaskTable"]
    live = table["GlobalSecondaryIndexes"][0]
    code = source("functions/src/store/task_table/key.rs")
    assert live["IndexName"] == re.search(r'LIVE_INDEX: &str = "(\w+)"', code)[1]
    attributes = re.search(r"LIVE_ATTRIBUTES: \[&str; \d\] = \[(.*?)\]", code)[1]
    assert live["Projection"]["NonKeyAttributes"] == json.loads(f"[{attributes}]")
    keys = [key["AttributeName"] for key in table["KeySchema"] + live["KeySchema"]]
    assert keys == ["pk", "sk", "live", "pk"]
    local = source("infra/local/src/deploy.rs")
    expires = re.search(r'EXPIRES: &str = "(\w+)"', local)[1]
    assert table["TimeToLiveSpecification"] == {"AttributeName": expires, "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_each_path_that_a_function_serves_is_a_route():
    wallboard = re.search(r"fn route\(.*?\n}", source("functions/src/serve_wallboard.rs"), re.S)[0]
    ingest = re.search(r"fn route\(.*?\n}", source("functions/src/ingest_webhook.rs"), re.S)[0]
    served = {f"GET {path}" for path in quoted(r'"(/[^"]*)"', wallboard)}
    served |= {f"POST {path}" for path in quoted(r'ends_with\("(/[^"]*)"', ingest)}
    routes = {route["RouteKey"].replace("{id}", "") for route in of_type("ApiGatewayV2::Route").values()}
    assert routes == served


def test_the_wallboard_is_never_open():
    for name, route in of_type("ApiGatewayV2::Route").items():
        expected = {"Fn::If": ["HasIssuer", "JWT", "AWS_IAM"]} if name.startswith("Wallboard") else "NONE"
        assert route["AuthorizationType"] == expected, name


def test_each_metric_of_an_alarm_or_a_chart_is_emitted():
    emitters = [f"functions/src/{name}.rs" for name in ("metrics", "ingest_webhook/outcome", "store/transition")]
    emitted = quoted(r'"(\w+)"', "\n".join(map(source, [*emitters, "batch/src"])))
    schedule = of_type("Scheduler::Schedule")["BusinessHoursSchedule"]["Target"]["Input"]
    emitted |= quoted(r'"MetricName": "(\w+)"', schedule)
    looked_at = quoted(r"'MetricName': '(\w+)'", str(
        [metric for metric in metrics_of_alarms() if metric["Namespace"] == "Trueline"]
    ))
    looked_at |= quoted(r'\["Trueline", "(\w+)"', dashboard())
    assert len(looked_at) > 20 and looked_at <= emitted


def metrics_of_alarms():
    for alarm in of_type("CloudWatch::Alarm").values():
        queries = alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}])
        yield from (query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query)


def dashboard():
    return of_type("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]


def test_the_dashboard_shows_each_alarm():
    shown = quoted(r":alarm:\$\{AWS::StackName\}-([\w-]+)", dashboard())
    alarms = of_type("CloudWatch::Alarm").values()
    assert shown == {alarm["AlarmName"]["Fn::Sub"].split("}-")[1] for alarm in alarms}


def test_what_is_json_in_a_text_is_json():
    stream = FUNCTIONS["ArchiveEvents"]["Events"]["Stream"]["Properties"]
    json.loads(dashboard())
    json.loads(stream["FilterCriteria"]["Filters"][0]["Pattern"])
    json.loads(of_type("ApiGatewayV2::Stage")["HttpApiStage"]["AccessLogSettings"]["Format"])
    json.loads(of_type("Scheduler::Schedule")["BusinessHoursSchedule"]["Target"]["Input"])
    for names in ("", '"--names", "x",'):
        arguments = FUNCTIONS["RebuildTimelines"]["Events"]["Nightly"]["Properties"]["Input"]
        json.loads(arguments["Fn::Sub"][0].replace("${Names}", names))


def test_the_readme_tells_each_binary_with_its_variables():
    rows = re.findall(r"^\| `([\w-]+)` \|.*\|(.*)\|$", source("README.md"), re.M)
    told = {binary: quoted(r"`(\w+)`", variables) for binary, variables in rows if binary in binaries()}
    gets = {binary: FUNCTIONS[block(binary)].get("Environment", {}) for binary in binaries()}
    assert told == {binary: set(given.get("Variables", {})) for binary, given in gets.items()}


def test_the_guide_explains_each_role():
    assert binaries() <= quoted(r"\| `([\w-]+)` \|", source("infra/README.md"))


def test_the_guide_explains_each_parameter_output_and_alarm():
    explained = quoted(r"`(\w[\w-]*)`", source("infra/README.md"))
    alarms = {alarm["AlarmName"]["Fn::Sub"].split("}-")[1] for alarm in of_type("CloudWatch::Alarm").values()}
    assert set(TEMPLATE["Parameters"]) | set(TEMPLATE["Outputs"]) | alarms <= explained


def test_each_parameter_is_asked_for_in_a_group():
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    asked = [parameter for group in groups for parameter in group["Parameters"]]
    assert sorted(asked) == sorted(TEMPLATE["Parameters"])
