"""Snapshots as resources: named as RDS allows, and kept when their stack goes."""

from __future__ import annotations

from types import SimpleNamespace

import databases
import pytest

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational.database_snapshot import DatabaseSnapshot

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    stack = make_stack()
    topic = AlarmTopic(stack, "Alarms", key=databases.key(stack))
    instance, cluster = databases.instance(stack), databases.aurora(stack)
    made = {
        "Orders": DatabaseSnapshot(stack, "Orders", database=instance, name="o" * 255, alarms=topic),
        "Shop": DatabaseSnapshot(stack, "Shop", database=cluster, name="shop-before-18", alarms=topic),
    }
    names = {name: (one.name, stack.resolve(one.arn)) for name, one in made.items()}
    return SimpleNamespace(template=template(stack), names=names, resources=resources)


def only(built, kind):
    [(name, one)] = [(n, r) for n, r in built.template["Resources"].items() if r["Type"] == kind]
    return name, one


@pytest.mark.capability("RDS-13")
def test_an_instance_has_a_snapshot_that_stays(built):
    _, snapshot = only(built, "AWS::RDS::DBSnapshot")

    assert snapshot["Properties"]["DBSnapshotIdentifier"] == "o" * 255
    assert snapshot["Properties"]["DBInstanceIdentifier"]["Ref"].startswith("Instance")
    assert (snapshot["DeletionPolicy"], snapshot["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.capability("AUR-12", "RDS-13")
def test_a_cluster_has_a_snapshot_that_stays_and_is_made_when_its_instances_run(built):
    _, snapshot = only(built, "AWS::RDS::ClusterSnapshot")

    assert snapshot["Properties"]["DBClusterSnapshotIdentifier"] == "shop-before-18"
    assert snapshot["Properties"]["DBClusterIdentifier"]["Ref"].startswith("AuroraCluster")
    assert (snapshot["DeletionPolicy"], snapshot["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert len([name for name in snapshot["DependsOn"] if name.startswith("AuroraInstance")]) == 3


def test_names_and_arns_lead_to_it(built):
    cluster, _ = only(built, "AWS::RDS::ClusterSnapshot")

    name, arn = built.names["Shop"]
    assert name == "shop-before-18"
    assert arn == {"Fn::GetAtt": [cluster, "DBClusterSnapshotArn"]}


@pytest.mark.capability("RDS-06")
def test_what_becomes_of_it_is_told(built):
    told = built.resources(built.template, "AWS::RDS::EventSubscription").values()

    assert sorted((one["SourceType"], one["SourceIds"]) for one in told) == [
        ("db-cluster-snapshot", ["shop-before-18"]),
        ("db-snapshot", ["o" * 255]),
    ]


@pytest.mark.capability("RDS-13")
@pytest.mark.parametrize("name", ["", "1st", "a--b", "ends-", "with_underscore", "a" * 256])
def test_a_name_that_rds_refuses_for_an_instance_is_refused(make_stack, name):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseSnapshot(stack, "Snapshot", database=databases.instance(stack), name=name)

    assert str(raised.value) == (
        f"Test/Snapshot: 'name' is '{name}'; allowed: up to 255 letters, digits and single hyphens, starting with a"
        " letter, because names of instance snapshots hold up to 255 letters, digits and single hyphens, starting with"
        f" a letter ({API}API_CreateDBSnapshot.html)"
    )


@pytest.mark.capability("AUR-12")
@pytest.mark.parametrize("name", ["", "-a", "a" * 64])
def test_a_name_that_rds_refuses_for_a_cluster_is_refused(make_stack, name):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseSnapshot(stack, "Snapshot", database=databases.aurora(stack), name=name)

    assert str(raised.value) == (
        f"Test/Snapshot: 'name' is '{name}'; allowed: up to 63 letters, digits and single hyphens, starting with a"
        " letter, because names of cluster snapshots hold up to 63 letters, digits and single hyphens, starting with a"
        f" letter ({API}API_CreateDBClusterSnapshot.html)"
    )
