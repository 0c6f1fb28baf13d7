"""What a MemoryDB cluster cannot be, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_standby._checks import InvalidOptions
from cdk_standby.caches.memorydb import CacheUser, MemoryDb, MemoryDbMember

GUIDE = "https://docs.aws.amazon.com/memorydb/latest/devguide/"
API = "https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
MEMBER = MemoryDbMember(name="virxk-shop")


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    return make_stack()


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/Database"."""

    def ask(**options: Any) -> list[str]:
        name = f"Database{len(scope.node.children)}"
        zones = options.pop("zones", "ab")
        vpc = scope.node.try_find_child(f"Vpc-{zones}") or ec2.Vpc.from_vpc_attributes(
            scope,
            f"Vpc-{zones}",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=[f"eu-west-1{zone}" for zone in zones],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
            region="eu-west-1",
        )
        key = scope.node.try_find_child("Key") or kms.Key.from_key_arn(scope, "Key", KEY.format("eu-west-1"))
        with pytest.raises(InvalidOptions) as caught:
            MemoryDb(scope, name, **{"vpc": vpc, "key": key, **options})
        return str(caught.value).replace(name, "Database").split("\n")

    return ask


NAMES = (
    "a name has 1 to 40 small letters, digits and single hyphens, starts with a letter and does not end with a hyphen "
    f"({API})"
)
FAILOVER = (
    "a shard fails over to a replica; without one it takes no writes until its only node is replaced "
    f"({GUIDE}autofailover.html)"
)
SNAPSHOTS = f"automatic snapshots are kept for 1 to 35 days ({GUIDE}snapshots-automatic.html)"
INHERITED = (
    "members have engine, version, node type, shards, TLS and parameters from the multi-Region cluster, and no tiered "
    f"data; users, key, replicas and snapshots are their own ({GUIDE}multi-region.prereq.html)"
)
USERS = (
    "a user is known by a name in small letters, digits and single hyphens, once in an account and Region; 'default' "
    f"is taken ({GUIDE}clusters.acls.html)"
)
MULTI = (
    "MemoryDB puts a prefix of its own before the suffix, so that the name is known after the first deployment only "
    "(https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateMultiRegionCluster.html)"
)
OPEN = (
    "a cluster without TLS takes the ACL open-access only, which lets in whoever reaches the port "
    f"({GUIDE}in-transit-encryption.html)"
)
TIERED = f"nodes with a local disk keep what is seldom read there, and no other nodes do ({GUIDE}data-tiering.html)"


@pytest.mark.capability("MEM-15")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicas": 6}, f"'replicas' is 6; allowed: 0 to 5, because a shard has at most five replicas ({API})"),
        (
            {"replicas": 0},
            f"'replicas' is 0; allowed: 1 to 5, or 0 together with 'no_replicas_because', because {FAILOVER}",
        ),
        (
            {"no_replicas_because": "a lab"},
            f"'replicas' is 2; allowed: 1 to 5, or 0 together with 'no_replicas_because', because {FAILOVER}",
        ),
        (
            {"shards": 501},
            f"'shards' is 501; allowed: 1 to 500, because a cluster has 1 to 500 shards ({GUIDE}shards.html)",
        ),
        (
            {"shards": 200},
            "'shards' is 200; allowed: as many that all nodes together are 500 or fewer, because a cluster has 500 "
            f"nodes at most, 90 until the quota is raised ({GUIDE}servicename-feature-overview.html)",
        ),
        (
            {"version": "8.0"},
            f"'version' is '8.0'; allowed: '7.2', '7.3', because these are the versions of the engine ({GUIDE}"
            "engine-versions.html)",
        ),
        (
            {"node_type": "cache.r7g.large"},
            "'node_type' is 'cache.r7g.large'; allowed: a type such as 'db.r7g.large', because a node type is one of "
            f"these families and sizes ({GUIDE}nodes.supportedtypes.html)",
        ),
        (
            {"data_tiering": True},
            "'data_tiering' is True; allowed: True with a node of the family r6gd, and False with any other, because "
            f"{TIERED}",
        ),
        ({"name": "Orders"}, f"'name' is 'Orders'; allowed: a name such as 'orders', because {NAMES}"),
        ({"port": 80}, f"'port' is 80; allowed: 1024 to 65535, because nodes listen on one port ({API})"),
        (
            {"plaintext_because": "an old client", "users": (CacheUser(name="orders"),)},
            "'users' is [CacheUser(name='orders')]; allowed: one or more, and none with 'plaintext_because', because "
            f"{OPEN}",
        ),
        ({"users": ()}, f"'users' is []; allowed: one or more, and none with 'plaintext_because', because {OPEN}"),
        (
            {"users": (CacheUser(name="default"),)},
            "'users' is [CacheUser(name='default')]; allowed: each name once, such as 'orders-service', because "
            f"{USERS}",
        ),
        (
            {"users": (CacheUser(name="orders", access="~* +@all"),)},
            "'users' is [CacheUser(name='orders', access='~* +@all')]; allowed: access strings such as "
            "'on ~orders:* &* +@all -@dangerous', because an access string switches a user on and names keys and "
            f"commands; passwords are no part of it ({GUIDE}clusters.acls.html)",
        ),
        (
            {"engine": "redis", "version": "6.2", "users": (CacheUser(name="orders", iam=True),)},
            "'users' is [CacheUser(name='orders', iam=True)]; allowed: users with passwords, in version 6.2, because "
            f"IAM lets in users in version 7.0 or newer ({GUIDE}auth-iam.html)",
        ),
        (
            {"restore": ["arn:aws:s3:::backups/a,b.rdb"]},
            "'restore' is ['arn:aws:s3:::backups/a,b.rdb']; allowed: the name of a snapshot, or ARNs of files in S3, "
            "because a cluster starts from a snapshot by its name, or from files in S3 by their ARNs, and not from "
            f"both ({API})",
        ),
        (
            {"maintenance_window": "sun:03:00-sun:03:30"},
            "'maintenance_window' is 'sun:03:00-sun:03:30'; allowed: 'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, "
            "such as 'sun:03:00-sun:04:00', because maintenance happens in a weekly window of at least 60 minutes, in "
            f"UTC ({API})",
        ),
        (
            {"snapshot_window": "03:00-04:00"},
            "'snapshot_window' is '03:00-04:00'; allowed: 'hh:mm-hh:mm' in UTC, 60 minutes or more, apart from "
            "'sun:03:00-sun:04:00', because snapshots begin in a window of at least 60 minutes, in UTC, that "
            f"maintenance does not share ({GUIDE}snapshots-automatic.html)",
        ),
        (
            {"name": cdk.Aws.STACK_NAME, "users": (CacheUser(name="orders"),)},
            "'name' is a token; allowed: a value known at synth, because it decides which resources there are, and how "
            "parameters are written",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Database: {message}"]


@pytest.mark.capability("MEM-19")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"snapshot_retention": cdk.Duration.days(36)},
            f"'snapshot_retention' is 36 days; allowed: 1 to 35 days, because {SNAPSHOTS}",
        ),
        (
            {"snapshot_retention": cdk.Duration.hours(36)},
            f"'snapshot_retention' is 1 day 12 hours; allowed: whole days, because {SNAPSHOTS}",
        ),
        (
            {"snapshot_retention": cdk.Duration.days(7), "no_snapshots_because": "a lab"},
            f"'snapshot_retention' is 7 days; allowed: left out with 'no_snapshots_because', because {SNAPSHOTS}",
        ),
    ],
)
def test_snapshots_are_kept_as_long_as_memorydb_keeps_them(refused, options, message):
    assert refused(**options) == [f"Test/Database: {message}"]


@pytest.mark.capability("MEM-16")
@pytest.mark.parametrize(
    ("options", "messages"),
    [
        ({"version": "7.3"}, [f"'version' is '7.3'; allowed: left out with 'member_of', because {INHERITED}"]),
        ({"parameters": {}}, [f"'parameters' is {{}}; allowed: left out with 'member_of', because {INHERITED}"]),
        (
            {"data_tiering": True, "node_type": "db.r6gd.xlarge"},
            [
                f"'data_tiering' is True; allowed: False with 'member_of', because {INHERITED}",
                f"'node_type' is 'db.r6gd.xlarge'; allowed: left out with 'member_of', because {INHERITED}",
            ],
        ),
        (
            {"member_of": MemoryDbMember(name="shop")},
            [
                "'member_of' is MemoryDbMember(name='shop'); allowed: the name of a multi-Region cluster as MemoryDB "
                f"made it, such as 'virxk-shop', because {MULTI}"
            ],
        ),
    ],
)
def test_a_member_says_nothing_that_it_has_from_its_multi_region_cluster(refused, options, messages):
    assert refused(**{"member_of": MEMBER, **options}) == [f"Test/Database: {message}" for message in messages]


@pytest.mark.capability("MEM-15")
def test_one_zone_is_refused(refused):
    assert refused(zones="a") == [
        "Test/Database: 'vpc' is 'Test/Vpc-a'; allowed: subnets in two Availability Zones or more, because a cluster "
        f"survives the loss of a zone when its nodes are in two or more ({GUIDE}autofailover.html)"
    ]


@pytest.mark.capability("MEM-19")
def test_an_encrypted_topic_is_refused(refused, scope):
    key = kms.Key.from_key_arn(scope, "TopicKey", KEY.format("eu-west-1"))

    assert refused(events=sns.Topic(scope, "Encrypted", master_key=key)) == [
        "Test/Database: 'events' is 'Test/Encrypted'; allowed: a standard topic that is not encrypted, because "
        f"MemoryDB tells one topic of its own account and Region, and none that is encrypted ({GUIDE}memorydbsns.html)"
    ]


def test_a_key_of_another_region_is_refused(refused, make_stack, scope):
    there = kms.Key.from_key_arn(
        make_stack(app=scope.node.root, name="There", region="eu-central-1"), "Key", KEY.format("eu-central-1")
    )

    assert refused(key=there) == [
        "Test/Database: 'key' is 'There/Key'; allowed: one of eu-west-1, where the database is, because disks, "
        f"snapshots and credentials are encrypted with a key of the cluster's Region ({GUIDE}at-rest-encryption.html)"
    ]
