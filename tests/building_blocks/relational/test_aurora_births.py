"""Where the data of a cluster comes from: restored under the ids that it had, or there before its global database."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from replacement import lost

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_runbooks import DatabaseRunbooks
from cdk_standby.relational.global_aurora import GlobalAurora
from cdk_standby.relational.stop_schedule import StopSchedule

CLUSTER, SECRET = "AWS::RDS::DBCluster", "AWS::SecretsManager::Secret"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-{}.html"
HANDLERS = "https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds"
ARN = "arn:aws:rds:eu-west-1:111111111111:cluster:shop-database"
POSTGRESQL = {"engine": "aurora-postgresql", "version": "17.4"}
VARIANTS: dict[str, dict[str, Any]] = {
    "Born": {},
    "Snapshot": {"restore": Restore.from_snapshot("shop-final")},
    "Second": {"restore": Restore.to_time("shop", "2026-11-21T14:30:00Z")},
    "Latest": {"restore": Restore.to_latest("shop"), "managed_password": True},
    "Clone": {"restore": Restore.clone_of("shop"), "readers": 0, "no_readers_because": "a test of an upgrade"},
    "Founder": {"global_cluster": "shop", "founder": True, "secret_name": "shop/database"},
    "Restored": {"global_cluster": "shop", "founder": True, "restore": Restore.from_snapshot("shop-final")},
}
ORIGINS = {
    "SnapshotIdentifier",
    "SourceDBClusterIdentifier",
    "RestoreToTime",
    "UseLatestRestorableTime",
    "RestoreType",
}


def build(stack: cdk.Stack, id: str = "Database", **options: Any) -> AuroraCluster:
    vpc = stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )
    key = stack.node.try_find_child("Key") or kms.Key(stack, "Key", enable_key_rotation=True)
    return AuroraCluster(stack, id, vpc=vpc, key=key, **{**POSTGRESQL, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Each variant in a stack of its own."""
    app = make_stack(name="Container").node.root
    container = app.node.find_child("Container")
    GlobalAurora(container, "Global", identifier="made", source=ARN, **POSTGRESQL)
    for number, (name, options) in enumerate(VARIANTS.items()):
        given = dict(options)
        if "global_cluster" in given:
            given["global_cluster"] += str(number)
        build(make_stack(name=name, app=app), **given)
    stacks = {name: app.node.find_child(name) for name in ("Container", *VARIANTS)}
    return SimpleNamespace(app=app, templates={name: template(stack) for name, stack in stacks.items()})


@pytest.fixture(scope="module")
def of_type(world: SimpleNamespace, resources: Callable[..., dict[str, Any]]) -> Callable[[str, str], dict[str, Any]]:
    return lambda name, wanted: resources(world.templates[name], wanted)


@pytest.fixture(scope="module")
def refusal(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """What is wrong with options, without the path."""
    home = make_stack()

    def message(**options: Any) -> str:
        with pytest.raises(InvalidOptions) as error:
            build(home, f"Refused{len(home.node.children)}", **options)
        return "\n".join(line.split(": ", 1)[1] for line in str(error.value).splitlines())

    return message


@pytest.mark.parametrize("name", ["Container", "Second", "Clone", "Founder"])
def test_cfn_lint_finds_nothing(world, lint, name):
    assert lint(world.templates[name]) == []


@pytest.mark.capability("AUR-19")
@pytest.mark.capability("AUR-12")
@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("Born", {}),
        ("Snapshot", {"SnapshotIdentifier": "shop-final"}),
        ("Second", {"SourceDBClusterIdentifier": "shop", "RestoreToTime": "2026-11-21T14:30:00Z"}),
        ("Latest", {"SourceDBClusterIdentifier": "shop", "UseLatestRestorableTime": True}),
        (
            "Clone",
            {"SourceDBClusterIdentifier": "shop", "UseLatestRestorableTime": True, "RestoreType": "copy-on-write"},
        ),
    ],
)
def test_a_cluster_is_restored(of_type, name, origin):
    [made] = of_type(name, CLUSTER).values()

    assert {key: made[key] for key in ORIGINS & set(made)} == origin


@pytest.mark.capability("AUR-19")
@pytest.mark.parametrize("name", ["Snapshot", "Second", "Restored"])
def test_a_restored_cluster_keeps_its_users_and_takes_the_password_of_its_secret(of_type, name):
    [made], [secret] = of_type(name, CLUSTER).values(), of_type(name, SECRET)

    assert {"MasterUsername", "DatabaseName"} & set(made) == set()
    assert made["MasterUserPassword"] == {
        "Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": secret}, ":SecretString:password::}}"]]
    }
    assert made["StorageEncrypted"] is True


@pytest.mark.capability("AUR-19")
@pytest.mark.parametrize("name", ["Snapshot", "Second", "Founder", "Restored"])
def test_no_id_tells_where_the_data_came_from(world, name):
    def ids(template: dict[str, Any]) -> set[tuple[str, str]]:
        return {(name, r["Type"]) for name, r in template["Resources"].items() if r["Type"] != "AWS::CloudWatch::Alarm"}

    assert ids(world.templates[name]) == ids(world.templates["Born"])


@pytest.mark.capability("AUR-19")
def test_what_it_was_restored_from_is_what_replaces_it(world):
    found = {name: lost(world.templates["Snapshot"], world.templates[name]) for name in ("Born", "Second", "Snapshot")}

    cluster = "AWS::RDS::DBCluster.{}".format
    assert found["Snapshot"] == []
    assert cluster("SnapshotIdentifier") in found["Born"]
    assert cluster("SourceDBClusterIdentifier") in found["Second"]


@pytest.mark.capability("AUR-20")
def test_a_cluster_that_is_there_becomes_global_in_place(world):
    [container] = [
        r["Properties"]
        for r in world.templates["Container"]["Resources"].values()
        if r["Type"].endswith("GlobalCluster")
    ]

    assert lost(world.templates["Born"], world.templates["Founder"]) == []
    assert container == {
        "DeletionProtection": True,
        "EngineLifecycleSupport": "open-source-rds-extended-support",
        "GlobalClusterIdentifier": "made",
        "SourceDBClusterIdentifier": ARN,
    }


@pytest.mark.capability("AUR-20")
def test_a_founder_rings_as_every_member_does(of_type):
    alarms = {a["MetricName"] for a in of_type("Founder", "AWS::CloudWatch::Alarm").values()}

    assert {"AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag"} < alarms


def test_a_founder_is_never_stopped_at_night(make_stack):
    founder = build(make_stack(), **VARIANTS["Founder"])

    with pytest.raises(InvalidOptions) as error:
        StopSchedule(cdk.Stack.of(founder), "Nights", database=founder, stopped_because="a lab")

    assert str(error.value).startswith("Test/Nights: 'database' is 'Test/Database'")


@pytest.mark.capability("AUR-21")
def test_the_runbooks_of_a_founder_switch_its_global_database_over(make_stack):
    founder = build(make_stack(), **VARIANTS["Founder"])

    runbooks = DatabaseRunbooks(cdk.Stack.of(founder), "Runbooks", database=founder)

    assert {"GlobalSwitchover", "GlobalFailover"} <= set(runbooks.documents)


def bad_origin(got: str, allowed: str, why: str) -> str:
    return f"'restore' is {got}; allowed: {allowed}, because {why}"


SNAPSHOT = Restore.from_snapshot("shop-final")
SHOWN = "Restore(snapshot='shop-final')"
REFUSED = [
    (
        {"restore": Restore()},
        bad_origin(
            "Restore()",
            "a snapshot or a source, one of them",
            "CloudFormation replaces a restored database by an empty one when it no longer finds what it was restored "
            f"from, so that this stays in the template for ever ({PAGE.format('dbcluster')})",
        ),
    ),
    (
        {"restore": SNAPSHOT, "database_name": "shop"},
        "'database_name' is 'shop'; allowed: nothing with 'restore', because databases and users come with the data "
        f"that is restored ({PAGE.format('dbcluster')})",
    ),
    (
        {"restore": SNAPSHOT, "global_cluster": "shop", "secondary": True},
        bad_origin(
            SHOWN,
            "nothing for a secondary",
            f"a secondary receives its data from the Region that writes ({GUIDE}aurora-global-database-attaching.html)",
        ),
    ),
    (
        {"restore": SNAPSHOT, "global_cluster": "shop"},
        bad_origin(
            SHOWN,
            "a cluster that stands alone, or with 'founder' and a `GlobalAurora` that is made from it",
            f"RDS restores no cluster into a global database ({PAGE.format('dbcluster')})",
        ),
    ),
    *(
        (
            {**options, "founder": True},
            "'founder' is True; allowed: True for the member that the global database is made from, because "
            "CloudFormation replaces a cluster that names a global database from some day on; a container made from a "
            f"cluster takes it in as it is ({HANDLERS})",
        )
        for options in ({}, {"global_cluster": "shop", "secondary": True})
    ),
]


@pytest.mark.capability("AUR-19")
@pytest.mark.parametrize(
    ("options", "message"), REFUSED, ids=lambda value: ",".join(value) if isinstance(value, dict) else ""
)
def test_births_that_cannot_be_are_refused(refusal, options, message):
    assert refusal(**options) == message


def test_a_container_is_made_from_a_cluster_that_is_named_in_full(make_stack):
    with pytest.raises(InvalidOptions) as error:
        GlobalAurora(make_stack(), "Global", identifier="shop", source="shop-database", **POSTGRESQL)

    assert str(error.value) == (
        "Test/Global: 'source' is 'shop-database'; allowed: the ARN of a cluster, because the container of a global "
        "database is made empty, or from a cluster that it names by its ARN "
        f"({PAGE.format('globalcluster')})"
    )


# A cluster of another app


@pytest.fixture(scope="module")
def known(make_stack: Callable[..., cdk.Stack]) -> AuroraCluster:
    stack = make_stack(name="App")
    return AuroraCluster.from_attributes(
        stack,
        "Database",
        engine="aurora-postgresql",
        cluster_identifier="shop-database",
        security_group=ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0"),
        key=kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/1"),
        endpoint="shop-database.cluster-x.eu-west-1.rds.amazonaws.com",
        resource_id="cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        secret_name="shop/database",
        data_api=True,
    )


def test_another_app_knows_a_cluster_by_its_attributes(known, template, resources):
    stack = cdk.Stack.of(known)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    peer = ec2.SecurityGroup(stack, "Peer", vpc=ec2.Vpc(stack, "Vpc", nat_gateways=0))
    known.connections.allow_default_port_from(peer)
    known.grant_connect(role, "app")
    known.grant_data_api(role)

    built = template(stack)
    [rule] = resources(built, "AWS::EC2::SecurityGroupIngress").values()
    [policy] = resources(built, "AWS::IAM::Policy").values()
    actions = str([statement["Action"] for statement in policy["PolicyDocument"]["Statement"]])
    assert (rule["GroupId"], rule["FromPort"]) == ("sg-0123456789abcdef0", 5432)
    assert known.endpoint.hostname == "shop-database.cluster-x.eu-west-1.rds.amazonaws.com"
    assert known.metric_replica_lag().dimensions == {"DBClusterIdentifier": "shop-database"}
    assert all(name in actions for name in ("rds-db:connect", "rds-data:ExecuteStatement", "kms:Decrypt"))
    assert [r["Type"] for r in built["Resources"].values() if r["Type"].startswith("AWS::RDS")] == []


def test_what_the_other_app_did_not_tell_is_asked_for(known):
    with pytest.raises(InvalidOptions) as error:
        assert known.reader_endpoint

    assert str(error.value) == (
        "App/Database: 'reader_endpoint' is not given; allowed: as the other app knows it, because this app cannot "
        "look it up"
    )


def test_an_engine_of_another_app_is_one_of_aurora(known):
    stack = cdk.Stack.of(known)

    with pytest.raises(InvalidOptions) as error:
        AuroraCluster.from_attributes(
            stack,
            "Other",
            engine="postgres",
            cluster_identifier="shop--database",
            security_group=known.security_group,
            key=known.key,
        )

    assert [line.split("'")[1] for line in str(error.value).splitlines()] == ["engine", "cluster_identifier"]
