"""A read replica: what it follows, what it is made of, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational._engines import ENGINES
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance
from cdk_standby_review.facts import rds_engines
from cdk_standby_review.facts import rds_replicas as facts

INSTANCE = "AWS::RDS::DBInstance"
ALARM = "AWS::CloudWatch::Alarm"
HOME, AWAY = "eu-west-1", "eu-central-1"
PARTS = {
    INSTANCE,
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::EC2::SecurityGroup",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
}
SINGLE = {"single_az_because": "reads only", "zone": AWAY + "a"}
ENGINE_OPTIONS: dict[str, dict[str, Any]] = {
    "oracle-ee": {"replica_mode": "mounted"},
    "sqlserver-ee": SINGLE,
    "db2-se": {"replica_mode": "mounted", "ibm_customer_id": "12345", "ibm_site_id": "67890"},
    "mariadb": {"no_backups_because": "reads only", "secret_name": "shop/database"},
}


def place(stack: cdk.Stack) -> dict[str, Any]:
    """Somebody else's network, and a key."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )
    return {"vpc": vpc, "key": DataKey(stack, "Key").key}


def elsewhere(engine: str, **known: Any) -> SourceInstance:
    """A source that another app builds."""
    return SourceInstance(
        **{
            "identifier": f"shop-{engine}",
            "region": HOME,
            "engine": engine,
            "version": rds_engines.EXAMPLES[engine],
            **known,
        }
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Synthesized once; only the validators look at the other set of flags too."""
    return build(make_stack, template)


def build(
    make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str = "recommended"
) -> SimpleNamespace:
    """Home with an instance and a cluster, their replicas there and away, before and after a promotion."""
    home = make_stack(flags=flags, name="Home", region=HOME)
    app = home.node.root
    stacks = {
        "home": home,
        "neighbour": make_stack(app=app, name="Neighbour", region=HOME),
        "away": make_stack(app=app, name="Away", region=AWAY),
        "promoted": make_stack(app=app, name="Promoted", region=AWAY),
        "engines": make_stack(app=app, name="Engines", region=AWAY),
        "lab": make_stack(app=app, name="Lab", region=AWAY),
    }
    places = {name: place(stack) for name, stack in stacks.items()}
    alarms = AlarmTopic(stacks["away"], "Alarms", key=places["away"]["key"])
    source = MultiAzInstance(
        home,
        "Database",
        engine="postgres",
        version="17.6",
        instance_identifier="Shop",
        secret_name="shop/database",
        storage=500,
        max_storage=2000,
        instance="r7g.2xlarge",
        **places["home"],
    )
    cluster = MultiAzCluster(home, "Cluster", engine="postgres", version="17.6", **places["home"])
    replicas = {
        "home": ReadReplica(home, "Replica", source=source, **places["home"]),
        "cluster": ReadReplica(home, "OfCluster", source=cluster, **places["home"]),
        "neighbour": ReadReplica(stacks["neighbour"], "Replica", source=source, **places["neighbour"]),
    }
    named = {"source": source, "instance_identifier": "Shop-Away", "secret_name": "shop/database"}
    replicas["away"] = ReadReplica(
        stacks["away"], "Replica", **named, alarms=alarms, alarm_thresholds={"ReplicaLag": 30}, **places["away"]
    )
    replicas["promoted"] = ReadReplica(
        stacks["promoted"], "Replica", **named, promoted_because="eu-west-1 is lost", **places["promoted"]
    )
    for engine, options in ENGINE_OPTIONS.items():
        name = engine.replace("-", "").title()
        replicas[engine] = ReadReplica(
            stacks["engines"], name, source=elsewhere(engine), **options, **places["engines"]
        )
    replicas["lab"] = ReadReplica(
        stacks["lab"],
        "Replica",
        source=elsewhere("mysql"),
        **SINGLE,
        monitoring_interval=0,
        no_monitoring_because="nobody looks",
        plaintext_because="an old driver",
        deletable_because="rebuilt nightly",
        instance_identifier="lab",
        **places["lab"],
    )
    role = iam.Role(stacks["away"], "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    replicas["away"].grant_connect(role)
    replicas["away"].grant_connect(role, user="app")
    inline = "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy"
    cdk.Validations.of(role).acknowledge(cdk.Acknowledgment(id=inline, reason="the policy is the app's affair"))
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, replicas=replicas, stacks=stacks, **templates)


def of(template: dict[str, Any], id: str = "Replica") -> dict[str, Any]:
    """The properties of a replica's instance."""
    [found] = [
        r["Properties"]
        for name, r in template["Resources"].items()
        if r["Type"] == INSTANCE and name.startswith(id + "Instance")
    ]
    return dict(found)


@pytest.mark.parametrize("flags", ["recommended", "none"])
def test_cdk_nag_and_the_cdk_itself_find_nothing(world, make_stack, template, findings, flags):
    seen = world if flags == "recommended" else build(make_stack, template, flags)

    assert findings(seen.app) == []


@pytest.mark.parametrize("name", ["promoted", "engines"])
def test_cfn_lint_finds_nothing(world, lint, name):
    assert lint(getattr(world, name), region=AWAY) == []


# What it follows


@pytest.mark.capability("RDS-18")
@pytest.mark.capability("RDS-25")
def test_a_replica_follows_the_instance_of_its_stack(world, resources):
    [source] = [name for name in resources(world.home, INSTANCE) if name.startswith("Database")]
    replica = of(world.home)

    assert replica["SourceDBInstanceIdentifier"] == {"Ref": source}
    assert {"KmsKeyId", "StorageEncrypted", "SourceRegion", "MasterUsername", "MasterUserPassword", "DBName"} & set(
        replica
    ) == set()


@pytest.mark.capability("RDS-18")
def test_another_stack_of_the_region_names_its_source_so_that_no_export_outlives_a_promotion(world):
    assert of(world.neighbour)["SourceDBInstanceIdentifier"] == "shop"
    assert world.stacks["home"] in world.stacks["neighbour"].dependencies


@pytest.mark.capability("RDS-27")
@pytest.mark.capability("RDS-28")
def test_another_region_names_its_source_by_arn_and_encrypts_with_a_key_of_its_own(world, resources):
    replica = of(world.away)
    [key] = resources(world.away, "AWS::KMS::Key")

    assert replica["SourceDBInstanceIdentifier"] == "arn:aws:rds:eu-west-1:111111111111:db:shop"
    assert replica["SourceRegion"] == HOME
    assert replica["KmsKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert "StorageEncrypted" not in replica
    assert world.stacks["away"].dependencies == []
    assert "Fn::ImportValue" not in str(world.away)


@pytest.mark.capability("RDS-10")
def test_a_multi_az_cluster_has_replicas_in_its_own_region(world, resources):
    [cluster] = resources(world.home, "AWS::RDS::DBCluster")
    replica = of(world.home, "OfCluster")

    assert replica["SourceDBClusterIdentifier"] == {"Ref": cluster}
    assert {"SourceDBInstanceIdentifier", "KmsKeyId", "SourceRegion"} & set(replica) == set()


@pytest.mark.capability("RDS-26")
def test_a_replica_has_a_standby_unless_a_reason_and_a_zone_say_otherwise(world):
    assert of(world.home)["MultiAZ"] is True
    assert "AvailabilityZone" not in of(world.home)
    assert (of(world.lab)["MultiAZ"], of(world.lab)["AvailabilityZone"]) == (False, AWAY + "a")


def test_a_replica_can_take_over_because_it_is_as_large_as_its_source(world):
    replica = of(world.away)

    assert (replica["DBInstanceClass"], replica["StorageType"]) == ("db.r7g.2xlarge", "gp3")
    assert replica["MaxAllocatedStorage"] == 2000
    assert "AllocatedStorage" not in replica


@pytest.mark.capability("RDS-28")
def test_backups_are_kept_so_that_a_promotion_does_not_wait_for_the_first(world):
    assert [of(getattr(world, name))["BackupRetentionPeriod"] for name in ("home", "away", "promoted")] == [14, 14, 14]


@pytest.mark.capability("RDS-30")
def test_a_source_has_a_standby_that_its_replicas_follow(world):
    assert of(world.home, "Database")["MultiAZ"] is True


@pytest.mark.capability("RDS-29")
def test_reads_go_on_while_the_source_is_maintained(world):
    windows = [of(world.home, name)["PreferredMaintenanceWindow"] for name in ("Database", "Replica")]

    assert windows == ["sun:02:30-sun:03:30", "mon:02:30-mon:03:30"]


def test_parameters_and_groups_are_the_replicas_own(world, resources):
    [group] = resources(world.away, "AWS::RDS::DBParameterGroup").items()
    replica = of(world.away)
    [door] = resources(world.away, "AWS::EC2::SecurityGroup")

    assert group[1]["Family"] == "postgres17"
    assert group[1]["Parameters"]["rds.force_ssl"] == "1"
    assert replica["DBParameterGroupName"] == {"Ref": group[0]}
    assert replica["VPCSecurityGroups"] == [{"Fn::GetAtt": [door, "GroupId"]}]
    assert "DBSubnetGroupName" in replica


def test_the_credentials_are_those_of_the_source(world):
    home, neighbour, away = (world.replicas[name].secret for name in ("home", "neighbour", "away"))

    assert home is neighbour is not None
    assert away is not None
    assert "shop/database" in str(world.stacks["away"].resolve(away.secret_arn))
    assert world.replicas["db2-se"].secret is None


# Engines


@pytest.mark.capability("RDS-20")
def test_every_engine_has_replicas_or_a_reason_why_not():
    without = set(facts.EDITIONS.value) & set(ENGINES)

    assert set(facts.MOST.value) | without == set(ENGINES)
    assert set(facts.MOST.value) & without == set()
    assert set(facts.DEEPEST.value) < set(facts.MOST.value)


@pytest.mark.capability("RDS-43")
def test_a_replica_of_oracle_may_be_mounted_for_recovery_alone(world):
    replica = of(world.engines, "Oracleee")

    assert replica["ReplicaMode"] == "mounted"
    assert replica["SourceDBInstanceIdentifier"] == "arn:aws:rds:eu-west-1:111111111111:db:shop-oracle-ee"


@pytest.mark.capability("RDS-44")
def test_a_standby_of_db2_is_mounted_and_has_the_parameters_that_its_licence_needs(world, resources):
    replica = of(world.engines, "Db2Se")
    groups = resources(world.engines, "AWS::RDS::DBParameterGroup")
    group = groups[replica["DBParameterGroupName"]["Ref"]]

    assert replica["ReplicaMode"] == "mounted"
    assert group["Family"] == "db2-se-11.5"
    assert {name: group["Parameters"][name] for name in ("rds.ibm_customer_id", "rds.ibm_site_id")} == {
        "rds.ibm_customer_id": "12345",
        "rds.ibm_site_id": "67890",
    }
    assert "EnablePerformanceInsights" not in replica


@pytest.mark.capability("RDS-19")
def test_a_replica_of_sql_server_has_neither_standby_nor_backups(world):
    replica = of(world.engines, "Sqlserveree")

    assert (replica["MultiAZ"], replica["BackupRetentionPeriod"]) == (False, 0)
    assert "PreferredBackupWindow" not in replica


@pytest.mark.capability("RDS-24")
def test_a_replica_of_mariadb_may_go_without_backups_for_a_reason(world):
    assert of(world.engines, "Mariadb")["BackupRetentionPeriod"] == 0


def test_insights_have_no_mode_until_the_replica_stands_for_itself(world):
    replica, promoted = of(world.away), of(world.promoted)

    assert "DatabaseInsightsMode" not in replica
    assert promoted["DatabaseInsightsMode"] == "standard"
    assert replica["PerformanceInsightsRetentionPeriod"] == promoted["PerformanceInsightsRetentionPeriod"] == 7


# What rings


@pytest.mark.capability("RDS-31")
def test_lag_and_silence_ring_and_so_does_replication_that_has_stopped(world, resources):
    [replica] = resources(world.away, INSTANCE)
    alarms = [a for a in resources(world.away, ALARM).values() if a["MetricName"] == "ReplicaLag"]

    assert [(a["Statistic"], a["ComparisonOperator"], a["Threshold"], a["TreatMissingData"]) for a in alarms] == [
        ("Maximum", "GreaterThanThreshold", 30, "breaching"),
        ("Minimum", "LessThanThreshold", 0, "breaching"),
    ]
    assert {str(a["Dimensions"]) for a in alarms} == {
        str([{"Name": "DBInstanceIdentifier", "Value": {"Ref": replica}}])
    }
    assert all(a["AlarmActions"] and a["OKActions"] for a in alarms)


@pytest.mark.capability("RDS-31")
def test_a_promoted_replica_has_no_lag_to_ring_for(world, resources):
    metrics = {a["MetricName"] for a in resources(world.promoted, ALARM).values()}

    assert "ReplicaLag" not in metrics
    assert {"CPUUtilization", "FreeStorageSpace"} <= metrics


@pytest.mark.capability("RDS-06")
def test_what_happens_to_the_replication_is_told(world, resources):
    [subscription] = resources(world.away, "AWS::RDS::EventSubscription").values()

    assert "read replica" in subscription["EventCategories"]
    assert "failover" in subscription["EventCategories"]


@pytest.mark.capability("RDS-20")
def test_the_sixth_replica_of_sql_server_is_warned_of(make_stack):
    stack = make_stack(region=AWAY)
    given = place(stack)
    for number in range(6):
        ReadReplica(
            stack, f"R{number}", source=elsewhere("sqlserver-ee"), **SINGLE | {"zone": AWAY + "abcabc"[number]}, **given
        )

    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("more than 5"))

    assert [one.id for one in found] == ["/Test/R5"]


# What is kept


def kept(template: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (r["Type"], r.get("DeletionPolicy"), r.get("UpdateReplacePolicy"))
        for name, r in template["Resources"].items()
        if name.startswith("Replica") and r["Type"] in PARTS
    }


@pytest.mark.parametrize("name", ["away", "promoted"])
def test_a_replica_is_kept_with_every_part_that_it_needs_to_go_on(world, name):
    assert kept(getattr(world, name)) == {(kind, "Retain", "Retain") for kind in PARTS}
    assert of(getattr(world, name))["DeletionProtection"] is True


def test_a_reason_lets_all_of_it_go(world):
    """A replica leaves no snapshot, whatever the policy says; should it be promoted by then, it does."""
    gone = PARTS - {INSTANCE, "AWS::IAM::Role"}

    assert kept(world.lab) == {(INSTANCE, "Snapshot", "Snapshot"), *((kind, "Delete", "Delete") for kind in gone)}
    assert of(world.lab)["DeletionProtection"] is False


def test_what_was_given_away_stands_in_the_template(world):
    assert world.lab["Metadata"]["cdk-standby:weakened"] == {
        "Lab/Replica": {
            "single_az": "reads only",
            "no_monitoring": "nobody looks",
            "plaintext": "an old driver",
            "deletable": "rebuilt nightly",
        }
    }


def test_logical_ids_never_change(world):
    """A new id is another instance: release it as a major version."""
    assert sorted(
        name for name, r in world.away["Resources"].items() if name.startswith("Replica") and r["Type"] in PARTS
    ) == [
        "ReplicaInstance66334D3C",
        "ReplicaLogpostgresql44769A91",
        "ReplicaLogupgrade695D3064",
        "ReplicaMonitoring114DBBAE",
        "ReplicaParameters214C96DA",
        "ReplicaSecurityGroup9B5C9D30",
        "ReplicaSubnets79DCB701",
    ]
