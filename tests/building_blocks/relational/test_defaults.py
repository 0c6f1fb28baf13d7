"""What a relational database gets when nobody says otherwise: the page docs/defaults.md, row by row.

Every construct in one stack, with the options that it cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby import AlarmTopic, InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica

PAGE = Path(__file__).parents[3] / "docs" / "defaults.md"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
CLUSTERS = ("Aurora", "Cluster")
INSTANCES = ("Instance", "Replica")
EVERY = (*CLUSTERS, *INSTANCES)
FAILOVERS = {"instance": {"RDS-EVENT-0013", "RDS-EVENT-0015", "RDS-EVENT-0049"}, "cluster": {"RDS-EVENT-0071"}}

Resources = Callable[[str, str], list[dict[str, Any]]]


def vpc_of(stack: cdk.Stack, zones: str = "abc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
    )


@pytest.fixture(scope="module")
def of(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Resources:
    """`of("Aurora", "AWS::RDS::DBCluster")`: the resources of a type below a construct, whole."""
    stack = make_stack()
    given: dict[str, Any] = {
        "vpc": vpc_of(stack),
        "key": kms.Key.from_key_arn(stack, "Key", KEY),
        "alarms": AlarmTopic(stack, "Alarms"),
    }
    AuroraCluster(stack, "Aurora", engine="aurora-postgresql", version="17.4", cluster_identifier="aurora", **given)
    MultiAzCluster(stack, "Cluster", engine="postgres", version="17.6", cluster_identifier="cluster", **given)
    source = MultiAzInstance(
        stack, "Instance", engine="postgres", version="17.6", instance_identifier="instance", **given
    )
    ReadReplica(stack, "Replica", source=source, instance_identifier="replica", **given)
    written = template(stack)["Resources"]

    def find(construct: str, kind: str) -> list[dict[str, Any]]:
        return [r for name, r in written.items() if name.startswith(construct) and r["Type"] == kind]

    return find


def data_of(of: Resources, construct: str) -> dict[str, Any]:
    """The resource that holds the data."""
    kind = "AWS::RDS::DBCluster" if construct in CLUSTERS else "AWS::RDS::DBInstance"
    [found] = of(construct, kind)
    return found


def test_every_row_of_the_page_names_a_test_that_is_here():
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8")))

    missing = named - set(globals())

    assert named != set()
    assert missing == set()


def test_the_loss_of_a_zone_stops_nothing(of: Resources):
    zones = {i["Properties"]["AvailabilityZone"] for i in of("Aurora", "AWS::RDS::DBInstance")}
    subnets = [len(group["Properties"]["SubnetIds"]) for name in EVERY for group in of(name, "AWS::RDS::DBSubnetGroup")]

    assert zones == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}
    assert data_of(of, "Instance")["Properties"]["MultiAZ"] is True
    assert "DBClusterInstanceClass" in data_of(of, "Cluster")["Properties"]
    assert subnets == [3, 3, 3, 3]


@pytest.mark.parametrize("construct", ["Aurora", "Instance", "Cluster"])
def test_one_zone_is_refused(make_stack: Callable[..., cdk.Stack], construct: str):
    stack = make_stack()
    make, engine = {
        "Aurora": (AuroraCluster, "aurora-postgresql"),
        "Instance": (MultiAzInstance, "postgres"),
        "Cluster": (MultiAzCluster, "postgres"),
    }[construct]
    key = kms.Key.from_key_arn(stack, "Key", KEY)

    with pytest.raises(InvalidOptions) as error:
        make(stack, "Database", engine=engine, version="17.6", vpc=vpc_of(stack, "a"), key=key)

    assert [problem.option for problem in error.value.problems] == ["vpc"]


@pytest.mark.parametrize("construct", EVERY)
def test_storage_is_encrypted_with_the_key_that_was_given(of: Resources, construct: str):
    properties = data_of(of, construct)["Properties"]

    # A replica in the Region of its source is encrypted as that is, and RDS takes no word of it.
    assert construct == "Replica" or (properties["StorageEncrypted"], properties["KmsKeyId"]) == (True, KEY)


@pytest.mark.parametrize("construct", EVERY)
def test_nobody_deletes_it_by_accident(of: Resources, construct: str):
    assert data_of(of, construct)["Properties"]["DeletionProtection"] is True


@pytest.mark.parametrize("construct", EVERY)
def test_a_retained_database_keeps_its_parts(of: Resources, construct: str):
    kinds = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBSubnetGroup", "AWS::RDS::DBParameterGroup")
    kinds += ("AWS::RDS::DBClusterParameterGroup", "AWS::SecretsManager::Secret", "AWS::EC2::SecurityGroup")
    kinds += ("AWS::IAM::Role", "AWS::Logs::LogGroup")

    policies = {
        (r["Type"], r.get("DeletionPolicy"), r.get("UpdateReplacePolicy"))
        for kind in kinds
        for r in of(construct, kind)
    }

    assert policies == {(kind, "Retain", "Retain") for kind, _, _ in policies}
    assert {kind for kind, _, _ in policies} >= {"AWS::RDS::DBSubnetGroup", "AWS::IAM::Role", "AWS::Logs::LogGroup"}
    assert construct == "Replica" or "AWS::SecretsManager::Secret" in {kind for kind, _, _ in policies}


@pytest.mark.parametrize("construct", EVERY)
def test_backups_reach_back_two_weeks(of: Resources, construct: str):
    days = data_of(of, construct)["Properties"]["BackupRetentionPeriod"]

    assert days >= (1 if construct == "Replica" else 14)


@pytest.mark.parametrize("construct", ["Aurora", "Instance", "Replica"])  # a Multi-AZ cluster takes its own along
def test_backups_outlive_the_database(of: Resources, construct: str):
    assert data_of(of, construct)["Properties"]["DeleteAutomatedBackups"] is False


@pytest.mark.parametrize("construct", EVERY)
def test_clients_have_to_use_tls(of: Resources, construct: str):
    kind = "AWS::RDS::DBClusterParameterGroup" if construct in CLUSTERS else "AWS::RDS::DBParameterGroup"
    [group] = of(construct, kind)

    assert group["Properties"]["Parameters"]["rds.force_ssl"] == "1"


@pytest.mark.parametrize("construct", EVERY)
def test_nobody_is_let_in(of: Resources, construct: str):
    [group] = of(construct, "AWS::EC2::SecurityGroup")

    [egress] = group["Properties"]["SecurityGroupEgress"]

    assert "SecurityGroupIngress" not in group["Properties"]
    assert of(construct, "AWS::EC2::SecurityGroupIngress") == []
    assert egress["CidrIp"] == "255.255.255.255/32"
    assert data_of(of, construct)["Properties"].get("PubliclyAccessible") in (None, False)


@pytest.mark.parametrize("construct", EVERY)
def test_parameters_can_be_changed_later(of: Resources, construct: str):
    name = "DBClusterParameterGroupName" if construct in CLUSTERS else "DBParameterGroupName"

    assert list(data_of(of, construct)["Properties"][name]) == ["Ref"]


def test_a_major_upgrade_finds_its_parameter_group(of: Resources):
    [instance, *_] = of("Aurora", "AWS::RDS::DBInstance")

    group = data_of(of, "Aurora")["Properties"]["DBInstanceParameterGroupName"]

    assert group == instance["Properties"]["DBParameterGroupName"]


@pytest.mark.parametrize("construct", EVERY)
def test_what_fills_up_or_lags_rings(of: Resources, construct: str):
    alarms = [a["Properties"] for a in of(construct, "AWS::CloudWatch::Alarm")]

    watched = {alarm["MetricName"] for alarm in alarms}

    assert watched >= {"CPUUtilization", "FreeableMemory"}
    assert (
        watched
        >= {
            "Aurora": {"FreeLocalStorage", "AuroraReplicaLagMaximum"},
            "Cluster": {"FreeStorageSpace", "ReplicaLag"},
            "Instance": {"FreeStorageSpace", "DatabaseConnections"},
            "Replica": {"FreeStorageSpace", "ReplicaLag"},
        }[construct]
    )
    assert all(len(alarm["AlarmActions"]) == 1 for alarm in alarms)


@pytest.mark.parametrize("construct", EVERY)
def test_failovers_are_told(of: Resources, construct: str):
    rules = [r["Properties"]["EventPattern"]["detail"]["EventID"] for r in of(construct, "AWS::Events::Rule")]
    told = {
        category
        for s in of(construct, "AWS::RDS::EventSubscription")
        for category in s["Properties"]["EventCategories"]
    }

    ids = {event for events in rules for event in events}

    assert ids >= (
        {"RDS-EVENT-0013", "RDS-EVENT-0015", "RDS-EVENT-0049"} if construct in INSTANCES else {"RDS-EVENT-0071"}
    )
    assert "RDS-EVENT-0025" not in ids
    assert "failover" in told


@pytest.mark.parametrize("construct", EVERY)
def test_logs_are_owned(of: Resources, construct: str):
    groups = of(construct, "AWS::Logs::LogGroup")

    exported = data_of(of, construct)["Properties"]["EnableCloudwatchLogsExports"]

    assert len(groups) == len(exported) > 0
    assert {(g["Properties"]["KmsKeyId"], g["Properties"]["RetentionInDays"]) for g in groups} == {(KEY, 90)}


@pytest.mark.parametrize("construct", EVERY)
def test_hosts_and_queries_are_watched(of: Resources, construct: str):
    watched = of("Aurora", "AWS::RDS::DBInstance")[0] if construct == "Aurora" else data_of(of, construct)

    data = data_of(of, construct)["Properties"]

    assert watched["Properties"]["MonitoringInterval"] == 60
    assert data.get("EnablePerformanceInsights") or data["PerformanceInsightsEnabled"]
    assert construct == "Replica" or data["DatabaseInsightsMode"] == "advanced"  # a replica takes no mode


@pytest.mark.parametrize("construct", EVERY)
def test_classes_are_current(of: Resources, construct: str):
    called = "DBClusterInstanceClass" if construct == "Cluster" else "DBInstanceClass"
    found = of("Aurora", "AWS::RDS::DBInstance") if construct == "Aurora" else [data_of(of, construct)]

    classes = {r["Properties"][called] for r in found}

    assert all(re.fullmatch(r"db\.r[6-9]g\w*\.large", name) for name in classes)
    assert construct not in ("Cluster", "Instance") or data_of(of, construct)["Properties"]["StorageType"] == "gp3"


@pytest.mark.parametrize("construct", ["Aurora", "Instance", "Cluster"])
def test_a_version_is_written_in_full(make_stack: Callable[..., cdk.Stack], construct: str):
    stack = make_stack()
    make, engine = {
        "Aurora": (AuroraCluster, "aurora-postgresql"),
        "Instance": (MultiAzInstance, "postgres"),
        "Cluster": (MultiAzCluster, "postgres"),
    }[construct]
    key = kms.Key.from_key_arn(stack, "Key", KEY)

    with pytest.raises(InvalidOptions) as error:
        make(stack, "Database", engine=engine, version="17", vpc=vpc_of(stack), key=key)

    assert {problem.option for problem in error.value.problems} == {"version"}
