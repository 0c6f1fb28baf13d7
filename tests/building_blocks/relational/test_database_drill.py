"""Drills: a failover of the very database, by a role that can do nothing else, stopped by alarms."""

from __future__ import annotations

import json
from types import SimpleNamespace

import databases
import pytest

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.database_drill import DatabaseDrill

STOPS = "https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html"
QUOTAS = "https://docs.aws.amazon.com/fis/latest/userguide/fis-quotas.html"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    """A drill of a cluster, one of an instance, and one that nothing stops."""
    stack = make_stack()
    cluster, instance = databases.aurora(stack), databases.instance(stack)
    DatabaseDrill(stack, "OfCluster", database=cluster)
    DatabaseDrill(stack, "OfInstance", database=instance, stop_on=[cluster.alarms["Cpu"]])
    DatabaseDrill(stack, "Unstopped", database=instance, no_stop_because="a lab")
    made = template(stack)

    def of(kind):
        found = resources(made, kind)
        return {name: one for name in ("OfCluster", "OfInstance", "Unstopped") for k, one in found.items() if name in k}

    return SimpleNamespace(
        template=made,
        drills=of("AWS::FIS::ExperimentTemplate"),
        policies=of("AWS::IAM::ManagedPolicy"),
        roles=of("AWS::IAM::Role"),
        alarms=resources(made, "AWS::CloudWatch::Alarm"),
        metadata=made["Metadata"],
    )


@pytest.mark.capability("AUR-30")
def test_a_cluster_is_failed_over_to_a_reader(built):
    drill = built.drills["OfCluster"]

    assert drill["Actions"] == {
        "Failover": {"ActionId": "aws:rds:failover-db-cluster", "Targets": {"Clusters": "Database"}}
    }
    [target] = drill["Targets"].values()
    assert (target["ResourceType"], target["SelectionMode"]) == ("aws:rds:cluster", "ALL")
    assert target["ResourceArns"][0]["Fn::GetAtt"][1] == "DBClusterArn"


@pytest.mark.capability("RDS-04")
def test_an_instance_is_rebooted_with_a_failover_to_its_standby(built):
    drill = built.drills["OfInstance"]

    assert drill["Actions"] == {
        "Failover": {
            "ActionId": "aws:rds:reboot-db-instances",
            "Parameters": {"forceFailover": "true"},
            "Targets": {"DBInstances": "Database"},
        }
    }
    [target] = drill["Targets"].values()
    assert target["ResourceType"] == "aws:rds:db"
    assert target["ResourceArns"][0]["Fn::GetAtt"][1] == "DBInstanceArn"


@pytest.mark.capability("RDS-04", "AUR-30")
@pytest.mark.parametrize(
    ("name", "action", "look"),
    [
        ("OfCluster", "rds:FailoverDBCluster", "rds:DescribeDBClusters"),
        ("OfInstance", "rds:RebootDBInstance", "rds:DescribeDBInstances"),
    ],
)
def test_the_role_can_fail_over_this_database_and_nothing_else(built, name, action, look):
    act, see = built.policies[name]["PolicyDocument"]["Statement"]

    assert act["Action"] == action
    assert act["Resource"]["Fn::GetAtt"][0].startswith(("Aurora", "Instance"))
    assert look in see["Action"]
    assert [a for a in see["Action"] if a.startswith("rds:")] == [look]


def test_the_role_is_for_experiments_of_this_account_and_region(built):
    [statement] = built.roles["OfCluster"]["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "fis.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert "experiment/*" in json.dumps(statement["Condition"]["ArnLike"])


@pytest.mark.capability("AUR-30")
def test_up_to_five_alarms_of_the_database_stop_it_unless_others_are_named(built):
    conditions = {name: drill["StopConditions"] for name, drill in built.drills.items()}

    assert len(conditions["OfCluster"]) == 5
    assert {c["Source"] for c in conditions["OfCluster"]} == {"aws:cloudwatch:alarm"}
    [only] = conditions["OfInstance"]
    assert only["Value"]["Fn::GetAtt"][0].startswith("AuroraCpu")


def test_a_drill_that_nothing_stops_has_its_reason(built):
    assert built.drills["Unstopped"]["StopConditions"] == [{"Source": "none"}]
    assert built.drills["Unstopped"]["Tags"]["cdk-standby:weakened:no_stop"] == "a lab"
    assert built.metadata["cdk-standby:weakened"]["Test/Unstopped"] == {"no_stop": "a lab"}


def test_every_drill_has_a_name_and_a_log_and_fails_when_it_finds_no_target(built):
    for name, drill in built.drills.items():
        assert drill["Tags"]["Name"] == f"Test/{name}"
        assert list(drill["LogConfiguration"]["CloudWatchLogsConfiguration"]) == ["LogGroupArn"]
        assert drill["ExperimentOptions"]["EmptyTargetResolutionMode"] == "fail"


@pytest.mark.capability("AUR-30")
def test_a_multi_az_cluster_always_has_somebody_to_fail_over_to(make_stack):
    stack = make_stack()

    drill = DatabaseDrill(stack, "Drill", database=databases.cluster(stack))

    [action] = drill.template.actions.values()
    assert action.action_id == "aws:rds:failover-db-cluster"


@pytest.mark.capability("RDS-04")
def test_an_instance_without_a_standby_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseDrill(stack, "Drill", database=databases.instance(stack, multi_az=False), no_stop_because="a lab")

    assert str(raised.value) == (
        "Test/Drill: 'database' is 'Test/Instance'; allowed: an instance with a standby (Multi-AZ), because a reboot"
        f" can fail over to a standby only where there is one ({API}API_RebootDBInstance.html)"
    )


@pytest.mark.capability("AUR-30")
def test_a_cluster_without_a_reader_is_refused(make_stack):
    stack = make_stack()
    alone = databases.aurora(stack, readers=0, no_readers_because="a lab")
    with pytest.raises(InvalidOptions) as raised:
        DatabaseDrill(stack, "Drill", database=alone)

    assert str(raised.value) == (
        "Test/Drill: 'database' is 'Test/Aurora'; allowed: a cluster with a reader, because a failover of a cluster"
        f" promotes one of its readers ({API}API_FailoverDBCluster.html)"
    )


@pytest.mark.capability("AUR-30")
def test_nothing_to_stop_it_and_no_reason_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseDrill(stack, "Drill", database=databases.instance(stack))

    assert str(raised.value) == (
        "Test/Drill: 'stop_on' is []; allowed: one to five alarms, or none with 'no_stop_because', because an"
        f" experiment that hurts more than it should must come to an end ({STOPS})"
    )


def test_too_many_alarms_and_a_reason_without_need_are_refused_together(make_stack):
    stack = make_stack()
    cluster = databases.aurora(stack)
    with pytest.raises(InvalidOptions) as raised:
        DatabaseDrill(
            stack, "Drill", database=cluster, stop_on=[cluster.alarms["Cpu"]] * 6, no_stop_because="we are quick"
        )

    paths = ", ".join(["'Test/Aurora/Cpu'"] * 6)
    assert str(raised.value).splitlines() == [
        f"Test/Drill: 'stop_on' is [{paths}]; allowed: one to five alarms, because an experiment is stopped by one to"
        f" five alarms ({QUOTAS})",
        "Test/Drill: 'no_stop_because' is 'we are quick'; allowed: left out, or with an empty 'stop_on', because with"
        " alarms that stop the experiment no safeguard is given away",
    ]


def test_an_empty_reason_is_none(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseDrill(stack, "Drill", database=databases.instance(stack), no_stop_because=" ")

    assert str(raised.value) == (
        "Test/Drill: 'no_stop_because' is ' '; allowed: a reason in words, because who reads the review must learn"
        " what made it acceptable"
    )
