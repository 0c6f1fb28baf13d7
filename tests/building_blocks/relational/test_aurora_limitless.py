"""One database over many shards: what AWS requires of it, and what survives the loss of a zone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, create_only_options, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora_limitless import AuroraLimitless

CLUSTER, GROUP = "AWS::RDS::DBCluster", "AWS::RDS::DBShardGroup"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/limitless-reqs-limits.html"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBShardGroup.html"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-12345678901{}"
BASE = {"version": "16.6-limitless", "capacity": (16, 768), "cluster_identifier": "limitless"}
LAB = {"standbys": 0, "fewer_standbys_because": "a lab", "deletable_because": "a lab"}


def build(
    stack: cdk.Stack, id: str = "Database", *, zones: str = "abc", key: Any = None, **options: Any
) -> AuroraLimitless:
    vpc = stack.node.try_find_child(f"Vpc-{zones}") or ec2.Vpc.from_vpc_attributes(
        stack,
        f"Vpc-{zones}",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )
    key = key or stack.node.try_find_child("Key") or kms.Key(stack, "Key", enable_key_rotation=True)
    return AuroraLimitless(stack, id, vpc=vpc, key=key, **{**BASE, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    usual = make_stack(flags=flags, name="Usual")
    lab = make_stack(name="Lab", app=usual.node.root)
    database = build(usual, alarms=AlarmTopic(usual, "Alarms"))
    build(lab, **LAB, zones="ab", restore=Restore.from_snapshot("shop"), cluster_identifier=None)
    return SimpleNamespace(app=usual.node.root, database=database, usual=template(usual), lab=template(lab))


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert [*lint(world.usual), *lint(world.lab)] == []


@pytest.mark.capability("AUR-29")
def test_each_shard_has_two_standbys(world, resources):
    [cluster] = resources(world.usual, CLUSTER)

    assert list(resources(world.usual, GROUP).values()) == [
        {
            "ComputeRedundancy": 2,
            "DBClusterIdentifier": {"Ref": cluster},
            "MaxACU": 768,
            "MinACU": 16,
            "PubliclyAccessible": False,
        }
    ]


@pytest.mark.capability("AUR-28")
@pytest.mark.capability("AUR-29")
def test_the_cluster_is_as_limitless_requires_it(world, resources):
    [cluster] = resources(world.usual, CLUSTER).values()
    [role] = [name for name in resources(world.usual, "AWS::IAM::Role") if "Monitoring" in name]

    required = {
        "ClusterScalabilityType": "limitless",
        "StorageType": "aurora-iopt1",
        "EngineVersion": "16.6-limitless",
        "MonitoringInterval": 60,
        "MonitoringRoleArn": {"Fn::GetAtt": [role, "Arn"]},
        "PerformanceInsightsEnabled": True,
        "PerformanceInsightsRetentionPeriod": 465,
        "EnableCloudwatchLogsExports": ["postgresql"],
    }
    assert {name: cluster.get(name) for name in required} == required
    assert "DeleteAutomatedBackups" not in cluster, "AWS keeps no automated backups of Limitless"
    assert resources(world.usual, "AWS::RDS::DBInstance") == {}
    [group] = resources(world.usual, "AWS::RDS::DBClusterParameterGroup").values()
    assert (group["Family"], group["Parameters"]["rds.force_ssl"]) == ("aurora-postgresql16", "1")


def test_it_is_kept_with_all_its_parts_unless_a_reason_lets_it_go(world):
    def policies(template: dict[str, Any]) -> set[str]:
        own = {name: r for name, r in template["Resources"].items() if name.startswith("Database")}
        passing = ("AWS::CloudWatch::Alarm", "AWS::RDS::EventSubscription", "AWS::Events::Rule")
        return {r["DeletionPolicy"] for r in own.values() if r["Type"] not in passing}

    assert policies(world.usual) == {"Retain"}
    assert policies(world.lab) == {"Delete", "Snapshot"}
    assert world.lab["Metadata"]["cdk-standby:weakened"] == {
        "Lab/Database": {"fewer_standbys": "a lab", "deletable": "a lab"}
    }


def test_users_connect_to_the_shard_group(world, make_stack, template, resources):
    stack = make_stack()
    database = build(stack)
    database.grant_connect(iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")), "app")
    built = template(stack)

    [group] = resources(built, GROUP)
    [policy] = resources(built, "AWS::IAM::Policy").values()
    assert {"Fn::GetAtt": [group, "DBShardGroupResourceId"]} in policy["PolicyDocument"]["Statement"][0]["Resource"][
        "Fn::Join"
    ][1]
    endpoint = {"Fn::GetAtt": [group, "Endpoint"]}
    assert stack.resolve(database.endpoint.hostname) == stack.resolve(database.reader_endpoint.hostname) == endpoint


def test_it_rings_before_its_capacity_is_used_up(world, resources):
    [group], [topic] = resources(world.usual, GROUP), resources(world.usual, "AWS::SNS::Topic")
    [alarm] = resources(world.usual, "AWS::CloudWatch::Alarm").values()

    assert (alarm["MetricName"], alarm["Threshold"]) == ("DBShardGroupACUUtilization", 90)
    assert alarm["Dimensions"] == [{"Name": "DBShardGroupIdentifier", "Value": {"Ref": group}}]
    assert alarm["AlarmActions"] == [{"Ref": topic}]


def test_ids_hold_no_role_and_no_birth(world):
    def ids(template: dict[str, Any]) -> set[str]:
        kinds = ("AWS::RDS::DB", "AWS::SecretsManager", "AWS::EC2")
        return {name for name, r in template["Resources"].items() if r["Type"].startswith(kinds)}

    assert ids(world.usual) == ids(world.lab)
    assert {"DatabaseClusterC6094C50", "DatabaseShardGroup60D89915"} < ids(world.usual)


def capacity(got: str) -> str:
    return (
        f"'capacity' is {got}; allowed: (least, most) in half steps, 16 to 6144, because a shard group has a capacity "
        f"of 16 to 6144 Aurora capacity units ({GUIDE})"
    )


def zones(path: str) -> str:
    return (
        f"'vpc' is 'Test/Vpc-{path}'; allowed: isolated (or chosen) subnets in a zone for each standby and one more, "
        f"and in two at least, because two standbys need subnets in three zones ({GUIDE})"
    )


def reason(got: str) -> str:
    return (
        f"'fewer_standbys_because' is {got}; allowed: a reason with fewer than 2 'standbys', and none with 2, because "
        f"a shard without a standby in another zone is lost with its zone until a new one has started ({API})"
    )


REFUSED = [
    (
        {"version": "16.6"},
        "'version' is '16.6'; allowed: a version of Limitless such as '16.6-limitless', because Limitless runs on "
        f"versions of its own, such as 16.6-limitless ({GUIDE})",
    ),
    ({"capacity": (8, 768)}, capacity("[8, 768]")),
    ({"capacity": (16, 6145)}, capacity("[16, 6145]")),
    ({"capacity": (768, 16)}, capacity("[768, 16]")),
    ({"capacity": (16.3, 768)}, capacity("[16.3, 768]")),
    (
        {"standbys": 3},
        f"'standbys' is 3; allowed: 0 to 2, because each shard has a standby in none, one or two other zones ({API})",
    ),
    ({"standbys": 1}, reason("not given")),
    ({"fewer_standbys_because": "cheap"}, reason("'cheap'")),
    ({"zones": "ab"}, zones("ab")),
    ({**LAB, "zones": "a"}, zones("a")),
    (
        {"monitoring_interval": 0},
        "'monitoring_interval' is 0; allowed: 1, 5, 10, 15, 30, 60, because Limitless cannot do without enhanced "
        f"monitoring ({GUIDE})",
    ),
    (
        {"restore": Restore.clone_of("shop")},
        f"'restore' is Restore(source='shop', clone=True); allowed: a full copy, because Limitless clusters are not "
        f"cloned ({GUIDE})",
    ),
    (
        {"version": cdk.Aws.STACK_NAME},
        "'version' is a token; allowed: a value known at synth, because it decides which resources there are, and how "
        "parameters are written",
    ),
]


@pytest.fixture(scope="module")
def home(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    return make_stack()


@pytest.mark.capability("AUR-29")
@pytest.mark.parametrize(
    ("options", "message"), REFUSED, ids=lambda value: ",".join(value) if isinstance(value, dict) else ""
)
def test_what_cannot_work_is_refused(home, options, message):
    with pytest.raises(InvalidOptions) as error:
        build(home, f"Refused{len(home.node.children)}", **options)

    assert str(error.value).split(": ", 1)[1] == message


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    options=st.fixed_dictionaries(
        {},
        optional={
            "version": st.sampled_from(["16.6-limitless", "16.6.8-limitless", "17.4", ""]),
            "capacity": st.tuples(st.sampled_from([0, 16, 20.5, 21.3]), st.sampled_from([16, 768, 6144, 7000])),
            "standbys": st.integers(-1, 3),
            "fewer_standbys_because": st.sampled_from([None, "a lab", " "]),
            "cluster_identifier": st.sampled_from([None, "shop", "-"]),
            "shard_group_identifier": st.sampled_from([None, "shards", "-"]),
            "master_username": st.sampled_from(["clusteradmin", "admin"]),
            "monitoring_interval": st.sampled_from([0, 1, 7]),
            "restore": st.sampled_from([None, Restore(), Restore.to_latest("shop"), Restore.clone_of("shop")]),
            "backup_retention": st.integers(0, 40).map(cdk.Duration.days),
            "zones": st.sampled_from(["a", "ab", "abc"]),
        },
    )
)
def test_any_options_are_built_or_refused(home, options):
    try:
        made = build(home, f"Any{len(home.node.children)}", **options)
    except InvalidOptions:
        return

    assert made.shard_group.compute_redundancy == options.get("standbys", 2)
    assert made.cluster.storage_encrypted is True


def test_an_option_replaces_the_database_exactly_where_its_text_says_so(make_stack):
    def one(key: str = KEY.format(1), **options: Any) -> cdk.Stack:
        stack = make_stack()
        build(stack, key=kms.Key.from_key_arn(stack, "Key", key), **options)
        return stack

    anew = {
        "key": KEY.format(2),
        "cluster_identifier": "other",
        "shard_group_identifier": "shards",
        "restore": Restore.from_snapshot("shop"),
        "master_username": "somebody",
    }
    grown = Together(
        version="16.8-limitless",
        capacity=(16, 1000),
        standbys=1,
        fewer_standbys_because="a lab",
        secret_name="shop/database",
        backup_retention=cdk.Duration.days(1),
        backup_window="04:00-05:00",
        maintenance_window="mon:02:30-mon:03:30",
        log_retention=logs.RetentionDays.ONE_WEEK,
        monitoring_interval=5,
        parameters={"log_statement": "ddl"},
        no_extended_support_because="upgraded in time",
        plaintext_because="an old driver",
        deletable_because="a lab",
        alarm_thresholds={"Capacity": 50},
    )

    found = in_place(one, BASE, {**anew, "grown": grown})

    assert replacing(found) == create_only_options(AuroraLimitless) == set(anew), found
