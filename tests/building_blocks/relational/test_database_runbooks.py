"""Runbooks as documents: of calls that exist, allowed by their role, safe to start again wherever they were killed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import automation
import boto3
import botocore.session
import databases
import pytest
from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational import _runbook_documents as books
from cdk_standby.relational._operated import Operated
from cdk_standby.relational.database_runbooks import DatabaseRunbooks
from cdk_standby_runbooks.local_aws import LocalAws

ACCOUNT = "111111111111"
APPROVER = f"arn:aws:iam::{ACCOUNT}:role/on-call"
NUMBERS = count()
RDS = botocore.session.get_session().get_service_model("rds")


def operated(kind: str, name: str, region: str = "eu-west-1", **more: Any) -> Operated:
    """A database that has its names already, as in a document that is deployed."""
    arn = f"arn:aws:rds:{region}:{ACCOUNT}:{'db' if kind == 'instance' else 'cluster'}:{name}"
    usual: dict[str, Any] = {"engine": "postgres" if kind == "instance" else "aurora-postgresql", "version": "17.5"}
    made = {"path": name, "region": region, "kind": kind, "identifier": name, "arn": arn, "key": None, "data": None}
    return Operated(**{**usual, **made, "alarms": {}} | more)


def document(runbook: str, target: Operated, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"role": "role", "global_cluster": "shop", "max_lag": 60, "retention": 14}
    setting = books.Setting(**{**usual, "approvers": (), "topic": None, "target": target, **more})
    return books.RUNBOOKS[runbook](setting)


CLUSTER, INSTANCE = operated("cluster", "shop"), operated("instance", "orders")
DOCUMENTS = {
    **{name: document(name, CLUSTER, approvers=[APPROVER], topic="topic") for name in books.RUNBOOKS if name[0] != "P"},
    "PromoteReplica": document("PromoteReplica", INSTANCE),
    "FailOver of an instance": document("FailOver", INSTANCE),
    "BlueGreenDelete of an instance": document("BlueGreenDelete", INSTANCE),
}


def steps_of(content: dict[str, Any], *actions: str) -> list[dict[str, Any]]:
    return [step for step in content["mainSteps"] if step["action"] in actions]


def calls(content: dict[str, Any]) -> list[dict[str, Any]]:
    found = steps_of(content, "aws:executeAwsApi", "aws:waitForAwsResourceProperty")
    return [dict(step["inputs"]) for step in found]


@pytest.mark.capability("RDS-28", "RDS-33", "AUR-21", "AUR-30")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_way_through_a_document_leads_to_a_step_that_is_there(name):
    content = DOCUMENTS[name]
    names = [step["name"] for step in content["mainSteps"]]

    leads = {c["NextStep"] for step in steps_of(content, "aws:branch") for c in step["inputs"]["Choices"]}
    leads |= {step["inputs"]["Default"] for step in steps_of(content, "aws:branch")}
    assert content["schemaVersion"] == "0.3"
    assert len(set(names)) == len(names)
    assert leads <= set(names)
    assert content["mainSteps"][-1]["isEnd"] is True
    assert set(content) <= {"schemaVersion", "description", "assumeRole", "parameters", "mainSteps", "outputs"}
    assert all(re.fullmatch(r"[A-Za-z0-9_]{3,128}", step) for step in names)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_step_reads_is_a_parameter_or_was_put_out_before(name):
    content = DOCUMENTS[name]
    known = set(content["parameters"])

    for step in content["mainSteps"]:
        inputs = {key: value for key, value in step["inputs"].items() if key != "Script"}
        assert set(automation.READ.findall(json.dumps(inputs))) <= known, step["name"]
        known |= {f"{step['name']}.{output['Name']}" for output in step.get("outputs", [])}
    assert set(content.get("outputs", [])) <= known


@pytest.mark.capability("RDS-28", "RDS-33", "AUR-21", "AUR-30")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_call_is_an_operation_of_rds_with_parameters_that_it_has(name):
    for inputs in calls(DOCUMENTS[name]):
        operation = RDS.operation_model(inputs["Api"])
        own = ("Service", "Api", "PropertySelector", "DesiredValues")
        given = {key: value for key, value in inputs.items() if key not in own}

        assert inputs["Service"] == "rds"
        assert set(given) <= set(operation.input_shape.members), inputs["Api"]
        assert set(operation.input_shape.required_members) <= set(given), inputs["Api"]
        for key, value in given.items():
            kind = {"string": str, "boolean": bool, "integer": int}[operation.input_shape.members[key].type_name]
            assert isinstance(value, kind) or automation.READ.fullmatch(value), f"{inputs['Api']}.{key}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_property_that_is_waited_for_is_in_the_answer(name):
    for inputs in calls(DOCUMENTS[name]):
        if "PropertySelector" in inputs:
            shape = RDS.operation_model(inputs["Api"]).output_shape
            for part in inputs["PropertySelector"].removeprefix("$.").split("."):
                shape = shape.members[part.removesuffix("[0]")]
                shape = shape.member if part.endswith("[0]") else shape
            assert shape.type_name == "string"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_script_has_its_handler_and_calls_what_boto3_has(name):
    known = {botocore.xform_name(operation) for operation in RDS.operation_names}
    for step in steps_of(DOCUMENTS[name], "aws:executeScript"):
        tree = ast.parse(step["inputs"]["Script"])
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        asked = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") == "rds"}

        assert step["inputs"]["Handler"] in functions
        assert step["inputs"]["Runtime"] == "python3.11"
        assert asked <= known | {"get_paginator"}


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    """The runbooks of a cluster, of a member of a global database, of an instance and of a replica."""
    stack = make_stack(region="eu-central-1")
    topic = AlarmTopic(stack, "Alarms", key=databases.key(stack))
    member = databases.aurora(stack, "Member", global_cluster="shop", secondary=True)
    replica = databases.instance(stack, "Replica", source_db_instance_identifier="orders", multi_az=False)
    made = {
        "Cluster": DatabaseRunbooks(stack, "Cluster", database=databases.aurora(stack), prefix="shop"),
        "Global": DatabaseRunbooks(stack, "Global", database=member, approvers=[APPROVER], alarms=topic),
        "Instance": DatabaseRunbooks(stack, "Instances", database=databases.instance(stack)),
        "Replicas": DatabaseRunbooks(stack, "Replicas", database=replica, max_lag=Duration.seconds(5)),
    }
    made["Cluster"].grant_run(iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()))
    names = {name: list(one.documents) for name, one in made.items()}
    done = template(stack)
    of = lambda kind: resources(done, kind)  # noqa: E731
    return SimpleNamespace(
        names=names,
        documents=of("AWS::SSM::Document"),
        policies=of("AWS::IAM::ManagedPolicy"),
        roles=of("AWS::IAM::Role"),
        granted=of("AWS::IAM::Policy"),
    )


@pytest.mark.capability("RDS-28", "RDS-33", "AUR-21", "AUR-30")
def test_a_database_has_the_runbooks_that_fit_it(built):
    deployments = ["BlueGreenCreate", "BlueGreenSwitchover", "BlueGreenDelete"]

    assert built.names == {
        "Cluster": ["FailOver", *deployments],
        "Global": ["FailOver", "GlobalSwitchover", "GlobalFailover", *deployments],
        "Instance": ["FailOver", *deployments],
        "Replicas": ["PromoteReplica"],
    }


def test_documents_are_versioned_in_place_and_named_when_a_prefix_is(built):
    for name, one in built.documents.items():
        assert (one["DocumentType"], one["DocumentFormat"], one["UpdateMethod"]) == ("Automation", "JSON", "NewVersion")
        assert ("Name" in one) is name.startswith("Cluster")
    assert {one["Name"] for one in built.documents.values() if "Name" in one} == {
        "shop-FailOver",
        "shop-BlueGreenCreate",
        "shop-BlueGreenSwitchover",
        "shop-BlueGreenDelete",
    }


@pytest.mark.parametrize("name", ["Cluster", "Global", "Instances", "Replicas"])
def test_the_role_may_do_what_the_documents_call(built, name):
    [policy] = [one for key, one in built.policies.items() if key.startswith(f"{name}Policy")]
    allowed = set(re.findall(r'"(rds:\w+|cloudwatch:\w+|sns:\w+)"', json.dumps(policy)))

    for key, one in built.documents.items():
        if key.startswith(name):
            assert {f"rds:{inputs['Api']}" for inputs in calls(one["Content"])} <= allowed, key


def test_nothing_with_a_name_of_production_can_be_deleted(built):
    for policy in built.policies.values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "rds:DeleteDB" in json.dumps(statement["Action"]):
                ends = [json.dumps(r).rstrip(']}"') for r in statement["Resource"]]
                assert all(end.endswith(("-old1", "-green-*", "-old1-last", "cluster-endpoint:*")) for end in ends)


def test_only_automation_of_this_account_assumes_the_role(built):
    [trust] = [
        one["AssumeRolePolicyDocument"]["Statement"][0]
        for key, one in built.roles.items()
        if key.startswith("GlobalRole")
    ]

    assert trust["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert "automation-execution/*" in json.dumps(trust["Condition"]["ArnLike"])


@pytest.mark.capability("AUR-21")
def test_whoever_has_to_approve_is_asked_where_alarms_ring(built):
    [content] = [one["Content"] for key, one in built.documents.items() if key.startswith("GlobalGlobalFailover")]

    [approval] = steps_of(content, "aws:approve")
    assert approval["inputs"]["Approvers"] == [APPROVER]
    assert approval["inputs"]["NotificationArn"]["Ref"].startswith("AlarmsTopic")
    assert content["parameters"]["AllowDataLoss"]["default"] == "no"
    [policy] = [one for key, one in built.policies.items() if key.startswith("GlobalPolicy")]
    assert {"sns:Publish", "kms:GenerateDataKey"} <= set(re.findall(r"\w+:\w+", json.dumps(policy)))


def test_who_may_run_them_may_start_these_and_hand_on_their_role(built):
    [policy] = built.granted.values()
    start, hand_on = policy["PolicyDocument"]["Statement"]

    assert start["Action"] == "ssm:StartAutomationExecution"
    assert len(start["Resource"]) == 4
    assert hand_on["Action"] == "iam:PassRole"
    assert hand_on["Condition"] == {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}


@pytest.mark.capability("RDS-28")
def test_a_runbook_that_does_not_fit_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseRunbooks(stack, "Books", database=databases.aurora(stack), runbooks=["FailOver", "PromoteReplica"])

    assert str(raised.value) == (
        "Test/Books: 'runbooks' is ['FailOver', 'PromoteReplica']; allowed: 'FailOver', 'BlueGreenCreate',"
        " 'BlueGreenSwitchover', 'BlueGreenDelete', because these fit Test/Aurora"
    )


def test_a_database_that_no_runbook_fits_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseRunbooks(stack, "Books", database=databases.instance(stack, engine="db2-se", multi_az=False))

    assert str(raised.value) == (
        "Test/Books: 'runbooks' is not given; allowed: nothing, because these fit Test/Instance"
    )


def test_a_name_that_ssm_refuses_and_backups_that_are_none_are_refused_together(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseRunbooks(
            stack,
            "Books",
            database=databases.aurora(stack),
            prefix="aws-shop",
            backup_retention=Duration.days(36),
        )

    assert str(raised.value).splitlines() == [
        "Test/Books: 'prefix' is 'aws-shop'; allowed: up to 108 letters, digits, '_', '-' and '.', without a prefix of"
        " AWS, because names of SSM documents hold 3 to 128 letters, digits, '_', '-' and '.', without the prefixes of"
        " AWS (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html)",
        "Test/Books: 'backup_retention' is 36 days; allowed: 1 to 35 days, because a database that is promoted keeps"
        " backups for 1 to 35 days (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html)",
    ]


@settings(max_examples=20)
@given(
    options=st.fixed_dictionaries(
        {},
        optional={
            "runbooks": st.none() | st.lists(st.sampled_from([*books.RUNBOOKS, "Pray"]), max_size=3),
            "prefix": st.sampled_from([None, "shop", "", "amazon", "s" * 109, "a b"]),
            "max_lag": st.sampled_from([None, Duration.seconds(0), Duration.hours(1)]),
            "backup_retention": st.sampled_from([None, Duration.days(7), Duration.hours(5)]),
        },
    )
)
def test_whatever_is_asked_for_is_documents_or_an_error_of_ours(make_stack, options):
    stack = make_stack()
    try:
        made = DatabaseRunbooks(stack, "Books", database=databases.instance(stack), **options)
    except InvalidOptions:
        return

    assert set(made.documents) <= set(books.RUNBOOKS)


# From here on the documents run, on the local AWS.


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws(account=ACCOUNT) as running:
        yield running


@pytest.fixture
def here(aws, monkeypatch):
    """`here("eu-west-1")`: what a document sees that runs in a Region."""

    def go(region: str) -> Any:
        for name, value in aws.environment(region).items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        boto3.setup_default_session(region_name=region)
        return aws.client("rds", region)

    yield go
    boto3.DEFAULT_SESSION = None


def replica(here) -> tuple[Any, str]:
    name = f"orders-{next(NUMBERS)}"
    home = here("eu-west-1")
    options = {"Engine": "postgres", "DBInstanceClass": "db.r7g.large", "AllocatedStorage": 20}
    user = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse", "BackupRetentionPeriod": 7}
    home.create_db_instance(DBInstanceIdentifier=name, MultiAZ=True, **options, **user)
    away = here("eu-central-1")
    away.create_db_instance_read_replica(
        DBInstanceIdentifier=f"{name}-replica",
        SourceDBInstanceIdentifier=f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:{name}",
        DBInstanceClass="db.r7g.large",
    )
    return away, f"{name}-replica"


def lagging(aws, name: str, seconds: float) -> None:
    """As RDS reports it; -1 when replication does not work."""
    mine = [{"Name": "DBInstanceIdentifier", "Value": name}]
    datum = {"MetricName": "ReplicaLag", "Dimensions": mine, "Value": seconds}
    aws.client("cloudwatch", "eu-central-1").put_metric_data(Namespace="AWS/RDS", MetricData=[datum])


@pytest.mark.capability("RDS-28")
@pytest.mark.parametrize("killed_after", ["EnableBackups", "Promote"])
def test_a_promotion_that_was_killed_anywhere_is_ended_by_the_next_run(here, killed_after):
    rds, name = replica(here)
    content = document("PromoteReplica", operated("instance", name, "eu-central-1", replica=True))
    with pytest.raises(automation.Killed):
        automation.run(content, {"AcceptLoss": "yes"}, kill_after=killed_after)

    automation.run(content, {"AcceptLoss": "yes"})

    [found] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert "ReadReplicaSourceDBInstanceIdentifier" not in found
    assert found["BackupRetentionPeriod"] == 14


@pytest.mark.capability("RDS-28")
def test_a_replica_whose_lag_nobody_knows_is_promoted_only_with_a_yes(here, aws):
    rds, name = replica(here)
    lagging(aws, name, -1.0)
    content = document("PromoteReplica", operated("instance", name, "eu-central-1", replica=True))

    with pytest.raises(automation.Failed) as raised:
        automation.run(content)

    assert str(raised.value) == (
        f"Refuse: {name} lags -1 s (-1: unknown), and 60 s are allowed. Wait, or run again with AcceptLoss=yes: what"
        " had not been replicated is lost then."
    )
    [found] = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert found["ReadReplicaSourceDBInstanceIdentifier"]


@pytest.mark.capability("RDS-28")
def test_a_replica_is_promoted_when_it_lags_less_than_agreed_and_not_when_it_lags_more(here, aws):
    _, name = replica(here)
    lagging(aws, name, 3.0)
    content = document("PromoteReplica", operated("instance", name, "eu-central-1", replica=True))

    with pytest.raises(automation.Failed, match=f"^Refuse: {name} lags 3 s"):
        automation.run(content, {"MaxLag": "2"})
    done = automation.run(content)

    assert done["Look.Lag"] == 3
    assert done["Prove.Endpoint"]


@pytest.mark.capability("RDS-04")
def test_an_instance_goes_to_the_other_zone_and_back_only_when_asked(here):
    home = here("eu-west-1")
    name = f"orders-{next(NUMBERS)}"
    user = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse", "AllocatedStorage": 20}
    home.create_db_instance(
        DBInstanceIdentifier=name, MultiAZ=True, Engine="postgres", DBInstanceClass="db.r7g.large", **user
    )
    content = document("FailOver", operated("instance", name))
    [before] = home.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]

    automation.run(content, {"Leave": before["AvailabilityZone"]})
    again = automation.run(content, {"Leave": before["AvailabilityZone"]})

    [after] = home.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    assert after["AvailabilityZone"] != before["AvailabilityZone"]
    assert "ran.FailOver" not in again


def cluster(rds, name: str, **more: Any) -> None:
    engine = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
    rds.create_db_cluster(DBClusterIdentifier=name, **engine, **more)
    for number in (1, 2):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}",
            DBClusterIdentifier=name,
            DBInstanceClass="db.r7g.large",
            Engine=engine["Engine"],
        )


USER = {"MasterUsername": "clusteradmin", "MasterUserPassword": "correct-horse"}


@pytest.mark.capability("AUR-30")
@pytest.mark.parametrize("killed_after", ["FailOver"])
def test_a_failover_that_was_killed_is_ended_and_not_undone_by_the_next_run(here, killed_after):
    home = here("eu-west-1")
    name = f"shop-{next(NUMBERS)}"
    cluster(home, name, **USER)
    content = document("FailOver", operated("cluster", name))
    with pytest.raises(automation.Killed):
        automation.run(content, {"Leave": f"{name}-1"}, kill_after=killed_after)

    automation.run(content, {"Leave": f"{name}-1"})

    [found] = home.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    assert [m["DBInstanceIdentifier"] for m in found["DBClusterMembers"] if m["IsClusterWriter"]] == [f"{name}-2"]


@pytest.fixture
def pair(here):
    """A global database over two Regions; its name, and the target in the second."""
    name = f"shop-{next(NUMBERS)}"
    home = here("eu-west-1")
    home.create_global_cluster(GlobalClusterIdentifier=name, Engine="aurora-postgresql", EngineVersion="17.4")
    cluster(home, f"{name}-home", GlobalClusterIdentifier=name, **USER)
    away = here("eu-central-1")
    cluster(away, f"{name}-away", GlobalClusterIdentifier=name)
    return SimpleNamespace(
        name=name, rds=away, target=operated("cluster", f"{name}-away", "eu-central-1", in_global=True)
    )


def writers(pair) -> list[str]:
    [found] = pair.rds.describe_global_clusters(GlobalClusterIdentifier=pair.name)["GlobalClusters"]
    return [m["DBClusterArn"].rsplit("-", 1)[1] for m in found["GlobalClusterMembers"] if m["IsWriter"]]


@pytest.mark.capability("AUR-21")
@pytest.mark.parametrize("killed_after", ["Move"])
def test_a_switchover_between_regions_that_was_killed_is_ended_by_the_next_run(pair, killed_after):
    content = document("GlobalSwitchover", pair.target, global_cluster=pair.name)
    with pytest.raises(automation.Killed):
        automation.run(content, kill_after=killed_after)

    automation.run(content)

    assert writers(pair) == ["away"]


@pytest.mark.capability("AUR-21")
def test_a_failover_between_regions_needs_a_yes_and_leaves_one_writer(pair):
    content = document("GlobalFailover", pair.target, global_cluster=pair.name, approvers=[APPROVER])
    with pytest.raises(automation.Failed, match=r"^Refuse: A failover loses what had not been replicated"):
        automation.run(content)
    before = writers(pair)

    done = automation.run(content, {"AllowDataLoss": "yes"})
    again = automation.run(content, {"AllowDataLoss": "yes"})

    assert (before, writers(pair)) == (["home"], ["away"])
    assert "ran.Approve" in done
    assert "ran.Move" not in again


@pytest.mark.capability("RDS-33")
@mock_aws
def test_blue_green_is_made_once_switched_once_and_cleared_away_with_consent(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    boto3.setup_default_session(aws_access_key_id="a", aws_secret_access_key="b")
    options = {"Engine": "postgres", "DBInstanceClass": "db.r7g.large", "AllocatedStorage": 20, **USER}
    boto3.client("rds").create_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=7, **options)
    target = operated("instance", "orders", arn="arn:aws:rds:eu-west-1:123456789012:db:orders")
    create, switch, clear = (document(f"BlueGreen{what}", target) for what in ("Create", "Switchover", "Delete"))

    made = automation.run(create, {"Name": "orders-next", "TargetEngineVersion": "17.6"})
    again = automation.run(create, {"Name": "orders-next", "TargetEngineVersion": "17.6"})
    which = {"Identifier": made["Create.Identifier"]}
    with pytest.raises(automation.Failed, match="Only what was switched to can be cleared away"):
        automation.run(clear, which)
    automation.run(switch, which)
    second = automation.run(switch, which)
    cleared = automation.run(clear, {**which, "DeleteOld": "orders-old1"})
    last = automation.run(clear, {**which, "DeleteOld": "orders-old1"})
    boto3.DEFAULT_SESSION = None

    assert again["Create.Identifier"] == made["Create.Identifier"]
    assert "ran.SwitchOver" not in second
    assert cleared["DeleteOld.Deleted"] == "orders-old1"
    assert last["DeleteOld.Deleted"] == "it was gone"
