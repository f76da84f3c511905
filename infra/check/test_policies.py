"""Each role names its actions and resources, and is that of one function.

Invariant: a wildcard is either below, with its reason, or a failure.
"""

import json

import pytest
from template import FUNCTIONS, RESOURCES, of_type

# Statements that may have "*" for a resource, as the service knows no names.
WITHOUT_NAMES = {
    "SayThatItIsOpen": "CloudWatch knows no resources for metrics; the namespace is the condition",
}
# Statements whose resource is a folder, or the versions of a thing.
FOLDERS = ("${Bucket.Arn}/", "${TaskTable.Arn}/stream/*")


def statements():
    for role in of_type("IAM::Role").values():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield pytest.param(statement, id=f"{policy['PolicyName']}-{statement['Sid']}")


def listed(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("statement", list(statements()))
def test_a_statement_names_actions_and_resources(statement):
    assert statement["Effect"] == "Allow"
    for action in listed(statement["Action"]):
        assert "*" not in action
    for resource in listed(statement["Resource"]):
        if statement["Sid"] in WITHOUT_NAMES:
            assert resource == "*" and "cloudwatch:namespace" in json.dumps(statement["Condition"])
        else:
            name = resource.get("Fn::Sub", "") if isinstance(resource, dict) else resource
            assert "*" not in name or name.startswith(FOLDERS), resource
            assert name not in ("${Bucket.Arn}/*", "*")


def test_each_function_has_a_role_of_its_own_and_nothing_that_sam_adds():
    roles = [function["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS.values()]
    assert sorted(roles) == sorted({*roles})
    assert set(of_type("IAM::Role")) == {*roles, "SchedulerRole"}
    for function in FUNCTIONS.values():
        assert "Policies" not in function
        for event in function.get("Events", {}).values():
            assert event["Type"] == "DynamoDB" or "RoleArn" in event["Properties"]
    for role in of_type("IAM::Role").values():
        assert "ManagedPolicyArns" not in role


def test_what_is_stored_outlives_the_stack():
    for name in ("TaskTable", "Bucket", "Key"):
        assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
