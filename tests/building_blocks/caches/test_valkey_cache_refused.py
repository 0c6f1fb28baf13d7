"""What nobody can have of a Valkey cache, and what it says then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_standby._checks import InvalidOptions
from cdk_standby.caches.valkey_cache import CacheUser, GlobalMember, ValkeyCache

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
CREATE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"
NEEDS = (
    "durability needs Valkey 9.0, cluster mode, a replica for each shard, TLS and a node of these families; a cache "
    f"in a global datastore or with tiered data has none ({GUIDE}Durability.Limitations.html)"
)
INHERITED = (
    "allowed: left out with 'member_of', because a secondary has engine, version, node type, shards and parameters "
    "from the datastore; only its replicas are its own "
    f"({GUIDE}Redis-Global-Datastores-Getting-Started.html)"
)
DURABLE = {"version": "9.0", "cluster_mode": "enabled", "durability": "sync"}
FAILOVER = f"automatic failover promotes a replica, so that each shard needs one ({GUIDE}AutoFailover.html)"
SECONDARY = {"version": None, "member_of": GlobalMember(id="sgaui-shop"), "users": (CacheUser(name="s", iam=True),)}


@pytest.fixture(scope="module")
def stack(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    return make_stack()


@pytest.fixture(scope="module")
def build(stack: cdk.Stack) -> Callable[..., ValkeyCache]:
    """A cache in three zones, or as many as `zones` says; each under an id of its own."""
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    number = iter(range(10_000))

    def cache(zones: str = "abc", **options: Any) -> ValkeyCache:
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            f"Vpc{next(number)}",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=[f"eu-west-1{zone}" for zone in zones],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
            isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        )
        return ValkeyCache(stack, f"Cache{next(number)}", vpc=vpc, key=key, **{"version": "8.2", **options})

    return cache


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("MEM-01", {"engine": "memcached"},
     "'engine' is 'memcached'; allowed: 'valkey', 'redis', because Memcached has a construct of its own, "
     "MemcachedCache"),
    ("MEM-01", {"version": "7.0"},
     "'version' is '7.0'; allowed: '7.2', '8.0', '8.1', '8.2', '9.0', '9.1', because these are the versions of the "
     f"engine that know users and write both logs ({GUIDE}engine-versions.html)"),
    ("MEM-07", {"engine": "redis", "version": "5.0.6"},
     "'version' is '5.0.6'; allowed: '6.2', '7.0', '7.1', because these are the versions of the engine that know "
     f"users and write both logs ({GUIDE}engine-versions.html)"),
    ("MEM-02", {"replicas": 0},
     f"'replicas' is 0; allowed: 1 to 5, or 0 together with 'no_replicas_because', because {FAILOVER}"),
    ("MEM-02", {"replicas": 0, "no_replicas_because": "a lab", "cluster_mode": "enabled"},
     f"'no_replicas_because' is 'a lab'; allowed: left out in cluster mode, because {FAILOVER}"),
    ("MEM-02", {"zones": "a"},
     "'vpc' is 'Test/Vpc{n}'; allowed: subnets in two Availability Zones or more, because a cache survives the loss "
     f"of a zone when its nodes are in two or more ({GUIDE}AutoFailover.html)"),
    ("MEM-03", {"replicas": 6},
     f"'replicas' is 6; allowed: 0 to 5, because a shard has at most five replicas ({CREATE})"),
    ("MEM-03", {"shards": 2},
     "'shards' is 2; allowed: 1, or 2 to 500 with cluster_mode='enabled', because a cluster has 500 shards at most, "
     f"and more than one in cluster mode only ({GUIDE}Scaling.RedisReplGrps.html)"),
    ("MEM-03", {"shards": 200, "cluster_mode": "enabled"},
     "'shards' is 200; allowed: as many that all nodes together are 500 or fewer, because a cluster has 500 nodes at "
     f"most, 90 until the quota is raised ({GUIDE}Shards.html)"),
    ("MEM-03", {"cluster_mode": "on"},
     "'cluster_mode' is 'on'; allowed: 'disabled', 'compatible', 'enabled', because clients of both kinds can connect "
     f"in compatible mode, which lies between disabled and enabled ({CREATE})"),
    ("MEM-03", {"parameters": {"cluster-enabled": "yes"}},
     "'parameters' is {'cluster-enabled': 'yes'}; allowed: parameters other than 'cluster-enabled', because "
     f"'cluster_mode' says it ({CREATE})"),
    ("MEM-03", {"born_unsharded": True},
     "'born_unsharded' is True; allowed: False unless cluster_mode='enabled', because clients of both kinds can "
     f"connect in compatible mode, which lies between disabled and enabled ({CREATE})"),
    ("MEM-04", {"durability": "always"},
     "'durability' is 'always'; allowed: 'async', 'sync', because durability keeps writes in a log over several "
     f"zones: before they are acknowledged, or within ten seconds ({GUIDE}Durability.Options.html)"),
    *[
        ("MEM-04", DURABLE | change,
         f"'durability' is 'sync'; allowed: left out, or with all that it needs, because {NEEDS}")
        for change in (
            {"version": "8.2"},
            {"cluster_mode": "disabled"},
            {"node_type": "cache.t4g.medium"},
            {"plaintext_because": "a lab"},
        )
    ],
    ("MEM-03", {"node_type": "db.r7g.large"},
     "'node_type' is 'db.r7g.large'; allowed: a type such as 'cache.r7g.large', because these are the node families "
     f"of the current generations ({GUIDE}CacheNodes.SupportedTypes.html)"),
    ("MEM-03", {"data_tiering": True},
     "'data_tiering' is True; allowed: True with a node of the family r6gd, and False with any other, because nodes "
     f"with a local disk keep what is seldom read there, and no other nodes do ({GUIDE}data-tiering.html)"),
    ("MEM-01", {"name": "shop--cache"},
     "'name' is 'shop--cache'; allowed: 1 to 40 letters, digits and single hyphens, because a name has 1 to 40 "
     f"letters, digits and single hyphens, starts with a letter and does not end with a hyphen ({CREATE})"),
    ("MEM-09", {"snapshot_retention": cdk.Duration.days(36)},
     "'snapshot_retention' is 36 days; allowed: 1 to 35 days, because automatic snapshots are kept for 1 to 35 days "
     f"({GUIDE}backups-automatic.html)"),
    ("MEM-09", {"snapshot_retention": cdk.Duration.hours(36)},
     "'snapshot_retention' is 1 day 12 hours; allowed: whole days, because automatic snapshots are kept for 1 to 35 "
     f"days ({GUIDE}backups-automatic.html)"),
    ("MEM-09", {"snapshot_window": "03:00-04:00"},
     "'snapshot_window' is '03:00-04:00'; allowed: 'hh:mm-hh:mm' in UTC, 60 minutes or more, apart from "
     "'sun:03:00-sun:04:00', because snapshots begin in a window of at least 60 minutes, in UTC, that maintenance "
     f"does not share ({GUIDE}backups-automatic.html)"),
    ("MEM-09", {"maintenance_window": "sun:03:00-sun:03:30"},
     "'maintenance_window' is 'sun:03:00-sun:03:30'; allowed: 'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, such "
     "as 'sun:03:00-sun:04:00', because maintenance happens in a weekly window of at least 60 minutes, in UTC "
     f"({CREATE})"),
    ("MEM-09", {"restore": ("shop-final",)},
     "'restore' is ['shop-final']; allowed: the name of a snapshot, or ARNs of files in S3, because a cache starts "
     f"from a snapshot by its name, or from files in S3 by their ARNs, and not from both ({CREATE})"),
    ("MEM-01", {"users": ()},
     "'users' is []; allowed: one or more, in a secondary known by IAM, because whoever reaches the port of a cache "
     f"without users is let in ({GUIDE}Clusters.RBAC.html)"),
    ("MEM-01", {"users": (CacheUser(name="default"),)},
     "'users' is [CacheUser(name='default')]; allowed: names of their own in small letters, digits and hyphens, not "
     "'default', because a user is known by a name in small letters, digits and hyphens "
     "(https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html)"),
    ("MEM-01", {"users": (CacheUser(name="a", access="on >secret +@all"),)},
     "'users' is [CacheUser(name='a', access='on >secret +@all')]; allowed: access strings such as 'on ~* +@read', "
     "because an access string switches a user on and names keys and commands; passwords are no part of it "
     f"({GUIDE}Clusters.RBAC.html)"),
    ("MEM-01", {"engine": "redis", "version": "6.2", "users": (CacheUser(name="a", iam=True),)},
     "'users' is [CacheUser(name='a', iam=True)]; allowed: users with a password, because IAM lets in users whose "
     f"name is their id too, in Valkey 7.2 and Redis OSS 7.0 or newer ({GUIDE}auth-iam.html)"),
    ("MEM-01", {"users": (CacheUser(name="a"),), "plaintext_because": "a lab"},
     "'users' is [CacheUser(name='a')]; allowed: left out with 'plaintext_because', because users and passwords need "
     f"connections that are all encrypted ({GUIDE}Clusters.RBAC.html)"),
    ("MEM-01", {"network_type": "ipv4", "ip_discovery": "ipv6"},
     "'ip_discovery' is 'ipv6'; allowed: 'ipv4' or 'ipv6', whichever nodes speak, because nodes speak IPv4, IPv6 or "
     f"both, and clients are told one of them ({GUIDE}network-type.html)"),
    ("MEM-10", SECONDARY | {"version": "8.2"}, f"'version' is '8.2'; {INHERITED}"),
    ("MEM-10", SECONDARY | {"engine": "valkey"}, f"'engine' is 'valkey'; {INHERITED}"),
    ("MEM-10", SECONDARY | {"node_type": "cache.r7g.large"}, f"'node_type' is 'cache.r7g.large'; {INHERITED}"),
    ("MEM-10", SECONDARY | {"shards": 1}, f"'shards' is 1; {INHERITED}"),
    ("MEM-10", SECONDARY | {"parameters": {"a": "b"}}, "'parameters' is {'a': 'b'}; " + INHERITED),
    ("MEM-10", SECONDARY | {"member_of": GlobalMember(id="shop")},
     "'member_of' is GlobalMember(id='shop'); allowed: the id of a global datastore as ElastiCache made it, such as "
     "'sgaui-shop', because ElastiCache puts five characters of its own before the suffix, so that the id is known "
     "after the first deployment only "
     "(https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateGlobalReplicationGroup.html)"),
    ("MEM-10", SECONDARY | {"users": (CacheUser(name="s"),)},
     "'users' is [CacheUser(name='s')]; allowed: users that IAM knows, in a secondary, because a password is made up "
     f"in one Region, and clients of the other would not know it ({GUIDE}auth-iam.html)"),
    ("MEM-10", SECONDARY | {"replicas": 0, "no_replicas_because": "a lab"},
     f"'replicas' is 0; allowed: 1 to 5 in a global datastore, because {FAILOVER}"),
]  # fmt: skip


@pytest.mark.capability("MEM-01", "MEM-02", "MEM-03", "MEM-04", "MEM-06", "MEM-07", "MEM-09", "MEM-10")
@pytest.mark.parametrize(("row", "options", "message"), REFUSED)
def test_what_cannot_work_is_refused_with_the_page_that_says_so(build, row, options, message):
    with pytest.raises(InvalidOptions) as refused:
        build(**options)

    [said] = str(refused.value).splitlines()
    where, _, rest = said.partition(": ")
    number = int(where.removeprefix("Test/Cache"))
    assert rest == message.replace("{n}", str(number - 1)), row


def test_all_problems_are_told_at_once(build):
    with pytest.raises(InvalidOptions) as refused:
        build(version="1", replicas=9, snapshot_window="noon", name="-")

    assert [problem.option for problem in refused.value.problems] == ["version", "replicas", "name", "snapshot_window"]


@pytest.mark.capability("MEM-08")
@pytest.mark.parametrize("kind", ["fifo", "encrypted"])
def test_a_topic_that_elasticache_cannot_tell_is_refused(stack, build, kind):
    key = kms.Key.from_key_arn(stack, f"TopicKey{kind}", KEY)
    topic = sns.Topic(stack, kind, fifo=kind == "fifo" or None, master_key=key if kind == "encrypted" else None)

    with pytest.raises(InvalidOptions) as refused:
        build(events=topic)

    [problem] = refused.value.problems
    assert str(problem).partition(": ")[2] == (
        f"'events' is 'Test/{kind}'; allowed: a standard topic that is not encrypted, because ElastiCache tells one "
        f"topic of its own account and Region, and none that is encrypted ({GUIDE}ElastiCacheSNS.html)"
    )


@pytest.mark.capability("MEM-08")
def test_a_topic_of_another_region_is_refused(stack, build):
    topic = sns.Topic.from_topic_arn(stack, "Far", "arn:aws:sns:eu-central-1:111111111111:far")

    with pytest.raises(InvalidOptions, match="'events' is 'Test/Far'; allowed: one of eu-west-1, where the cache is"):
        build(events=topic)


@pytest.mark.capability("MEM-13")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cluster_mode": "enabled", "node_type": "cache.t4g.medium"},
        {"cluster_mode": "enabled", "node_type": "cache.r7g.4xlarge"},
    ],
)
def test_a_cache_that_aws_does_not_scale_is_not_scaled(build, options):
    cache = build(**options)

    with pytest.raises(InvalidOptions) as refused:
        cache.scale_replicas(2, 4)

    [problem] = refused.value.problems
    assert str(problem).partition(": ")[2] == (
        "'scale' is 'replicas'; allowed: a cache in cluster mode, on nodes that AWS scales, because shards and "
        "replicas follow the load in cluster mode, outside of global datastores, on nodes of these families in the "
        f"sizes large, xlarge and 2xlarge ({GUIDE}AutoScaling.html)"
    )


@pytest.mark.capability("MEM-13")
def test_numbers_that_no_cache_scales_to_are_refused(build):
    cache = build(cluster_mode="enabled")

    with pytest.raises(InvalidOptions) as refused:
        cache.scale_replicas(1, 6, cpu=95)

    assert [problem.option for problem in refused.value.problems] == ["minimum", "maximum", "cpu"]


def test_nobody_connects_as_a_user_who_is_none(build):
    cache = build()

    with pytest.raises(InvalidOptions) as refused:
        cache.grant_connect(object(), "root")

    assert str(refused.value).endswith("'user' is 'root'; allowed: 'app', because these are the users of the cache")


def test_clients_of_a_sharded_cache_ask_replicas_themselves(build):
    cache = build(cluster_mode="enabled")

    with pytest.raises(InvalidOptions) as refused:
        _ = cache.reader_endpoint

    assert str(refused.value).partition(": ")[2] == (
        "'cluster_mode' is 'enabled'; allowed: 'disabled' or 'compatible', for a reader endpoint, because in cluster "
        f"mode clients learn all nodes from one endpoint, and ask replicas themselves ({GUIDE}Endpoints.html)"
    )
