"""Instances by template: born of a snapshot, promoted for good, and nothing about them dropped."""

from __future__ import annotations

import json
import time
from itertools import count
from typing import Any

import pytest

from cdk_standby_runbooks.local_aws import LocalAws

REGION = "eu-west-1"
NUMBERS = count()
NEW = {
    "Engine": "postgres",
    "EngineVersion": "17.4",
    "DBInstanceClass": "db.r7g.large",
    "MasterUsername": "clusteradmin",
    "MasterUserPassword": "correct-horse",
    "AllocatedStorage": "100",
    "BackupRetentionPeriod": 7,
    "MultiAZ": True,
}
COPY = {"DBInstanceClass": "db.r7g.large", "BackupRetentionPeriod": 7, "MultiAZ": True}


class Stack:
    """A stack with an instance in it."""

    def __init__(self, aws: LocalAws, clients: dict[str, Any]) -> None:
        self.aws, self.clients, self.name = aws, clients, f"relational-{next(NUMBERS)}"
        self.deployed = False

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = self.aws.client(service, REGION)
        return self.clients[service]

    def deploy(self, more: dict[str, Any] | None = None, **instance: Any) -> str:
        """How it ended, and what failed."""
        resources = {"Database": {"Type": "AWS::RDS::DBInstance", "Properties": instance}, **(more or {})}
        stacks = self.client("cloudformation")
        act = stacks.update_stack if self.deployed else stacks.create_stack
        act(StackName=self.name, TemplateBody=json.dumps({"Resources": resources}))
        self.deployed = True
        while (status := str(stacks.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"])).endswith(
            "IN_PROGRESS"
        ):
            time.sleep(0.02)
        events = stacks.describe_stack_events(StackName=self.name)["StackEvents"]
        failed = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"].endswith("E_FAILED")]
        return " ".join([status, *failed[:1]])

    def id(self, logical: str = "Database") -> str:
        told = self.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=logical)
        return str(told["StackResourceDetail"]["PhysicalResourceId"])

    def see(self) -> Any:
        return self.client("rds").describe_db_instances(DBInstanceIdentifier=self.id())["DBInstances"][0]

    def run(self, sql: str) -> Any:
        arn = f"arn:aws:rds:{REGION}:{self.aws.account}:db:{self.id()}"
        return self.client("rds-data").execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)


@pytest.fixture(scope="module")
def clients() -> dict[str, Any]:
    return {}


@pytest.fixture
def stack(aws: LocalAws, clients: dict[str, Any]) -> Stack:
    return Stack(aws, clients)


@pytest.fixture
def source(aws: LocalAws, clients: dict[str, Any]) -> Stack:
    made = Stack(aws, clients)
    assert made.deploy(**NEW) == "CREATE_COMPLETE"
    return made


def test_what_a_template_says_of_an_instance_is_changed_in_place(stack: Stack) -> None:
    options = {
        "Type": "AWS::RDS::OptionGroup",
        "Properties": {"EngineName": "mysql", "MajorEngineVersion": "8.4", "OptionGroupDescription": "audit"},
    }
    wanted = {**NEW, "Engine": "mysql", "EngineVersion": "8.4.5", "OptionGroupName": {"Ref": "Options"}}

    made = stack.deploy({"Options": options}, **wanted, EnableCloudwatchLogsExports=["error", "general"])
    before = stack.see()
    options["Properties"]["OptionConfigurations"] = [{"OptionName": "MARIADB_AUDIT_PLUGIN"}]
    grown = {"DBInstanceClass": "db.r7g.2xlarge", "EngineVersion": "8.4.6", "MaxAllocatedStorage": 500}
    changed = stack.deploy({"Options": options}, **{**wanted, **grown}, EnableCloudwatchLogsExports=["error"])

    assert (made, changed) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    after = stack.see()
    assert {name: after[name] for name in grown} == grown
    assert after["EnabledCloudwatchLogsExports"] == ["error"]
    assert (after["DbiResourceId"], after["OptionGroupMemberships"]) == (
        before["DbiResourceId"],
        before["OptionGroupMemberships"],
    )
    told = stack.client("rds").describe_option_groups(OptionGroupName=stack.id("Options"))["OptionGroupsList"][0]
    assert [option["OptionName"] for option in told["Options"]] == ["MARIADB_AUDIT_PLUGIN"]


def test_a_replica_without_its_source_is_promoted_and_does_not_turn_back(stack: Stack, source: Stack) -> None:
    made = stack.deploy(**COPY, SourceDBInstanceIdentifier=source.id())
    follows, name = stack.see()["ReadReplicaSourceDBInstanceIdentifier"], stack.id()

    promoted = stack.deploy(**COPY)
    back = stack.deploy(**COPY, SourceDBInstanceIdentifier=source.id())

    assert (made, follows, promoted) == ("CREATE_COMPLETE", source.id(), "UPDATE_COMPLETE")
    assert back == (
        "UPDATE_ROLLBACK_COMPLETE AWS::RDS::DBInstance: "
        "changing SourceDBInstanceIdentifier of an instance that exists is not modelled here"
    )
    assert (stack.id(), "ReadReplicaSourceDBInstanceIdentifier" in stack.see()) == (name, False)


def test_an_instance_of_a_snapshot_has_its_rows_and_another_snapshot_is_another_instance(
    stack: Stack, source: Stack
) -> None:
    rds = source.client("rds")
    for number in (1, 2):
        source.run("INSERT INTO orders VALUES (1)")
        rds.create_db_snapshot(DBInstanceIdentifier=source.id(), DBSnapshotIdentifier=f"{stack.name}-{number}")

    made = stack.deploy(**COPY, DBSnapshotIdentifier=f"{stack.name}-1")
    rows, name = stack.run("SELECT COUNT(*) FROM orders")["records"], stack.id()
    other = stack.deploy(**COPY, DBSnapshotIdentifier=f"{stack.name}-2")

    assert (made, rows, other) == ("CREATE_COMPLETE", [[{"longValue": 1}]], "UPDATE_COMPLETE")
    assert stack.id() != name
    assert stack.run("SELECT COUNT(*) FROM orders")["records"] == [[{"longValue": 2}]]


def test_what_a_restore_does_not_take_fails_by_name(stack: Stack, source: Stack) -> None:
    snapshot = {"DBInstanceIdentifier": source.id(), "DBSnapshotIdentifier": f"{stack.name}-0"}
    source.client("rds").create_db_snapshot(**snapshot)

    told = stack.deploy(**COPY, DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"], EngineVersion="18.1")

    assert told == (
        "ROLLBACK_COMPLETE this local AWS does not keep EngineVersion of AWS::RDS::DBInstance, "
        "which decides what a fault does"
    )
