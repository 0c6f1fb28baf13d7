"""A cache in several Regions: two steps, roles, and what no member may be."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Annotations, Match

from cdk_standby._checks import InvalidOptions
from cdk_standby.caches.global_datastore import GlobalDatastore, GlobalMember
from cdk_standby.caches.valkey_cache import CacheUser, ValkeyCache

KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
PAGE = GUIDE + "Redis-Global-Datastores-Getting-Started.html"
GLOBAL = "AWS::ElastiCache::GlobalReplicationGroup"
GROUP = "AWS::ElastiCache::ReplicationGroup"
PINNED = "sgaui-shop"
PRIMARY: dict[str, Any] = {"version": "8.2", "minor_upgrades": False, "name": "shop-eu-west-1"}


def cache(stack: cdk.Stack, id: str = "Cache", **options: Any) -> ValkeyCache:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        f"Vpc{id}",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )
    key = kms.Key.from_key_arn(stack, f"Key{id}", KEY.format(stack.region))
    return ValkeyCache(stack, id, vpc=vpc, key=key, **options)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """The first step, the second with a secondary, and the day after a role change; each in an app of its own."""
    first = make_stack()
    waiting = GlobalDatastore(first, "Global", primary=cache(first, **PRIMARY), suffix="shop")
    second = make_stack()
    store = GlobalDatastore(second, "Global", primary=cache(second, **PRIMARY), suffix="shop", datastore_id=PINNED)
    away = make_stack(app=second.node.root, name="Away", region="eu-central-1")
    follower = cache(
        away, member_of=store.member, users=(CacheUser(name="shop", iam=True),), replicas=1, name="shop-eu-central-1"
    )
    changed = make_stack()
    GlobalDatastore(
        changed,
        "Global",
        primary=cache(changed, **PRIMARY),
        suffix="shop",
        datastore_id=PINNED,
        secondaries={"eu-central-1": "shop-eu-central-1"},
        writes_in="eu-central-1",
    )
    stacks = {"first": first, "second": second, "away": away, "changed": changed}
    warnings = {name: Annotations.from_stack(s).find_warning("*", Match.any_value()) for name, s in stacks.items()}
    templates = {name: template(s) for name, s in stacks.items()}
    return SimpleNamespace(templates=templates, warnings=warnings, waiting=waiting, store=store, follower=follower)


def one(template: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
    [(name, found)] = [(name, r) for name, r in template["Resources"].items() if r["Type"] == kind]
    return name, found


@pytest.mark.capability("MEM-10")
def test_the_founder_is_the_primary_and_keeps_its_version(world):
    group, founder = one(world.templates["first"], GROUP)
    _, store = one(world.templates["first"], GLOBAL)

    assert store["Properties"]["GlobalReplicationGroupIdSuffix"] == "shop"
    assert store["Properties"]["Members"] == [
        {"ReplicationGroupId": {"Ref": group}, "ReplicationGroupRegion": "eu-west-1", "Role": "PRIMARY"}
    ]
    assert store["DeletionPolicy"] == store["UpdateReplacePolicy"] == "Retain"
    assert founder["Properties"]["AutoMinorVersionUpgrade"] is False


@pytest.mark.capability("MEM-10")
def test_the_first_step_says_how_the_second_one_goes(world):
    [warning] = world.warnings["first"]
    [(output, value)] = world.templates["first"]["Outputs"].items()

    assert world.waiting.member is None
    assert value["Value"]["Fn::GetAtt"][1] == "GlobalReplicationGroupId"
    assert warning.entry.data == (
        "Test/Global has an id that ElastiCache makes up. Deploy it; then `aws cloudformation describe-stacks --region "
        f"eu-west-1 --stack-name Test --query \"Stacks[0].Outputs[?OutputKey=='{output}'].OutputValue\" --output text` "
        "prints it. Write it into a committed file, give it as datastore_id, and give `member` to the caches in other "
        "Regions. [ack: cdk-standby:global-datastore-id-unknown]"
    )
    assert world.warnings["second"] == []


@pytest.mark.capability("MEM-10")
def test_a_secondary_has_all_from_the_datastore_and_needs_no_other_region(world):
    _, follower = one(world.templates["away"], GROUP)
    properties = follower["Properties"]

    assert properties["GlobalReplicationGroupId"] == PINNED
    inherited = (
        "Engine", "EngineVersion", "CacheNodeType", "NumNodeGroups", "ClusterMode", "CacheParameterGroupName",
        "TransitEncryptionEnabled", "TransitEncryptionMode", "AtRestEncryptionEnabled", "Durability", "SnapshotName",
    )  # fmt: skip
    assert [name for name in inherited if name in properties] == []
    assert properties["KmsKeyId"] == KEY.format("eu-central-1")
    assert (properties["ReplicasPerNodeGroup"], properties["AutomaticFailoverEnabled"]) == (1, True)
    assert properties["AutoMinorVersionUpgrade"] is False
    assert "eu-west-1" not in str(world.templates["away"]["Resources"])


@pytest.mark.capability("MEM-10", "MEM-14")
def test_a_secondary_rings_when_it_is_far_behind(world):
    alarms = [r["Properties"] for r in world.templates["away"]["Resources"].values() if r["Type"].endswith("::Alarm")]
    [lag] = [alarm for alarm in alarms if "the one that writes" in alarm["AlarmDescription"]]

    assert "GlobalLag" in world.follower.alarms
    assert {m["MetricStat"]["Metric"]["MetricName"] for m in lag["Metrics"] if "MetricStat" in m} == {
        "GlobalDatastoreReplicationLag"
    }
    assert lag["TreatMissingData"] == "notBreaching"


@pytest.mark.capability("MEM-10")
def test_a_role_change_is_written_down_and_replaces_nothing(world):
    before, after = (one(world.templates[name], GLOBAL) for name in ("second", "changed"))
    roles = {m["ReplicationGroupRegion"]: m["Role"] for m in after[1]["Properties"]["Members"]}

    assert roles == {"eu-west-1": "SECONDARY", "eu-central-1": "PRIMARY"}
    assert before[0] == after[0]
    assert one(world.templates["second"], GROUP) == one(world.templates["changed"], GROUP)


FITS = (
    "because a global datastore takes nodes of these families, large or larger, over IPv4, without durability, and "
    f"without minor upgrades by themselves ({PAGE})"
)
UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"minor_upgrades": True}, f"'minor_upgrades' is True; allowed: False (for a global datastore), {FITS}"),
    ({"node_type": "cache.t4g.medium"},
     "'node_type' is 'cache.t4g.medium'; allowed: a node of another family, large or larger (for a global "
     f"datastore), {FITS}"),
    ({"network_type": "dual_stack"},
     f"'network_type' is 'dual_stack'; allowed: 'ipv4' (for a global datastore), {FITS}"),
    ({"version": "9.0", "cluster_mode": "enabled", "durability": "async"},
     f"'durability' is 'async'; allowed: left out (for a global datastore), {FITS}"),
    ({"replicas": 0, "no_replicas_because": "a lab"},
     "'replicas' is 0; allowed: 1 to 5, since secondaries have automatic failover from the primary (for a global "
     f"datastore), {FITS}"),
]  # fmt: skip


@pytest.mark.capability("MEM-04", "MEM-10")
@pytest.mark.parametrize(("options", "message"), UNFIT)
def test_a_cache_that_no_datastore_takes_is_refused(make_stack, options, message):
    stack = make_stack()
    primary = cache(stack, **(PRIMARY | options))

    with pytest.raises(InvalidOptions) as refused:
        GlobalDatastore(stack, "Global", primary=primary, suffix="shop")

    assert str(refused.value) == f"Test/Cache: {message}"


@pytest.mark.capability("MEM-10")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"datastore_id": "sgaui-other"},
            "'datastore_id' is 'sgaui-other'; allowed: five characters that ElastiCache made up, and '-shop', because "
            "ElastiCache puts five characters of its own before the suffix, so that the id is known after the first "
            "deployment only (https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/"
            "API_CreateGlobalReplicationGroup.html)",
        ),
        (
            {"secondaries": dict.fromkeys(("eu-central-1", "eu-north-1", "us-east-1"), "shop")},
            "'secondaries' is {'eu-central-1': 'shop', 'eu-north-1': 'shop', 'us-east-1': 'shop'}; allowed: one or two "
            "other Regions than the primary's, because a global datastore has one Region that writes and at most two "
            f"others ({PAGE})",
        ),
        (
            {"writes_in": "eu-central-1"},
            "'writes_in' is 'eu-central-1'; allowed: 'eu-west-1', because a role goes to a member that the template "
            f"names ({PAGE})",
        ),
    ],
)
def test_what_no_datastore_is_is_refused(make_stack, options, message):
    stack = make_stack()
    primary = cache(stack, **PRIMARY)

    with pytest.raises(InvalidOptions) as refused:
        GlobalDatastore(stack, "Global", primary=primary, suffix="shop", **options)

    assert str(refused.value) == f"Test/Global: {message}"


@pytest.mark.capability("MEM-10")
def test_a_datastore_stands_beside_its_founder_and_a_secondary_founds_none(make_stack):
    stack = make_stack()
    member = GlobalMember(id=PINNED, cluster_mode="enabled", shards=3)
    secondary = cache(stack, member_of=member, users=(CacheUser(name="shop", iam=True),))
    elsewhere = make_stack(app=stack.node.root, name="Elsewhere")

    with pytest.raises(InvalidOptions) as refused:
        GlobalDatastore(elsewhere, "Global", primary=secondary, suffix="shop")

    assert [problem.option for problem in refused.value.problems] == ["primary", "member_of"]
    assert secondary.cluster_mode == "enabled"


@pytest.mark.capability("MEM-10")
def test_users_of_a_secondary_are_of_the_engine_of_the_datastore(make_stack, template):
    stack = make_stack()
    primary = cache(stack, **(PRIMARY | {"engine": "redis", "version": "7.1"}))
    member = GlobalDatastore(stack, "Global", primary=primary, suffix="shop", datastore_id=PINNED).member
    away = make_stack(app=stack.node.root, name="Away", region="eu-central-1")

    cache(away, member_of=member, users=(CacheUser(name="shop", iam=True),))

    users = [r["Properties"] for r in template(away)["Resources"].values() if "::ElastiCache::User" in r["Type"]]
    assert {user["Engine"] for user in users} == {"redis"}


@pytest.mark.capability("MEM-10")
def test_a_region_that_only_the_deployment_knows_founds_a_datastore_too(make_stack, template):
    stack = make_stack(region=None, account=None)
    primary = cache(stack, **PRIMARY)

    store = GlobalDatastore(stack, "Global", primary=primary, suffix="shop", datastore_id=PINNED)

    assert store.member == GlobalMember(id=PINNED)
    _, found = one(template(stack), GLOBAL)
    assert found["Properties"]["Members"][0]["ReplicationGroupRegion"] == {"Ref": "AWS::Region"}
    assert found["Properties"]["Members"][0]["Role"] == "PRIMARY"


@pytest.mark.capability("MEM-13")
def test_no_member_of_a_datastore_scales_by_itself(make_stack):
    stack = make_stack()
    member = GlobalMember(id=PINNED, cluster_mode="enabled", shards=3)
    secondary = cache(stack, member_of=member, users=(CacheUser(name="shop", iam=True),))

    with pytest.raises(InvalidOptions, match="'scale' is 'shards'; allowed: a cache in cluster mode"):
        secondary.scale_shards(3, 6)
