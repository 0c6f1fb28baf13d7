"""Caches whose fate AWS documents, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT, A = "eu-west-1", "eu-central-1", "eu-west-1a"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_FAILOVER = _GUIDE + "AutoFailover.html"
_BACKUPS = _GUIDE + "backups-automatic.html"
_GLOBAL = _GUIDE + "Redis-Global-Datastore.html"
_ENGINES = _GUIDE + "SelectEngine.html"
_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"

Build = Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]
"""What stands in Ireland, and what in Frankfurt."""


def group(m: Any, **properties: Any) -> dict[str, Any]:
    usual = {
        "Engine": "valkey",
        "AutomaticFailoverEnabled": True,
        "MultiAZEnabled": True,
        "ReplicasPerNodeGroup": 2,
        "SnapshotRetentionLimit": 15,
    }
    return {"Cache": m.resource("AWS::ElastiCache::ReplicationGroup", **{**usual, **properties})}


def alone(m: Any, **properties: Any) -> dict[str, Any]:
    nothing = {"AutomaticFailoverEnabled": False, "MultiAZEnabled": False, "ReplicasPerNodeGroup": 0}
    return group(m, **{**nothing, **properties})


def store(m: Any, *others: str, writes: str = IRELAND) -> dict[str, Any]:
    ids: dict[str, Any] = {IRELAND: {"Ref": "Cache"}, **dict.fromkeys(others, "shop")}
    members = [
        {
            "ReplicationGroupId": name,
            "ReplicationGroupRegion": where,
            "Role": "PRIMARY" if where == writes else "SECONDARY",
        }
        for where, name in ids.items()
    ]
    kind = "AWS::ElastiCache::GlobalReplicationGroup"
    return {"Global": m.resource(kind, GlobalReplicationGroupIdSuffix="shop", Members=members)}


def follower(m: Any, **properties: Any) -> dict[str, Any]:
    made = group(m, GlobalReplicationGroupId="sgaui-shop", **properties)
    return {"Follower": made["Cache"]}


def memcached(m: Any, **properties: Any) -> dict[str, Any]:
    usual = {"Engine": "memcached", "NumCacheNodes": 3, "AZMode": "cross-az"}
    return {"Cache": m.resource("AWS::ElastiCache::CacheCluster", **{**usual, **properties})}


def serverless(m: Any, **properties: Any) -> dict[str, Any]:
    return {"Cache": m.resource("AWS::ElastiCache::ServerlessCache", Engine="valkey", **properties)}


# (what, what stands in both Regions, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("a cache with replicas, a node lost",
     lambda m: (group(m), {}), "instance", "", "Cache", ITSELF, _FAILOVER),
    ("a cache of three nodes by their number, a node lost",
     lambda m: (group(m, ReplicasPerNodeGroup=None, NumCacheClusters=3), {}), "instance", "", "Cache", ITSELF,
     _FAILOVER),
    ("a cache without replicas, a zone lost",
     lambda m: (alone(m), {}), "zone", A, "Cache", RUNBOOK, _BACKUPS),
    ("a primary with a follower in the templates, its Region lost",
     lambda m: (group(m) | store(m), follower(m)), "region", IRELAND, "Cache", RUNBOOK, _GLOBAL),
    ("a primary with a follower that only its own template knows, its Region lost",
     lambda m: (group(m) | store(m, FRANKFURT), {}), "region", IRELAND, "Cache", RUNBOOK, _GLOBAL),
    ("a primary that nothing follows yet, its Region lost",
     lambda m: (group(m) | store(m), {}), "region", IRELAND, "Cache", LOST, _GLOBAL),
    ("a follower, its Region lost",
     lambda m: (group(m) | store(m), follower(m)), "region", FRANKFURT, "Follower", SURVIVES, _GLOBAL),
    ("a cache whose replicas only the deployment knows, a node lost",
     lambda m: (group(m, ReplicasPerNodeGroup={"Ref": "Number"}), {}), "instance", "", "Cache", UNKNOWN, _FAILOVER),
    ("Memcached over zones, a node lost",
     lambda m: (memcached(m), {}), "instance", "", "Cache", ITSELF, _ENGINES),
    ("one Redis OSS node, lost without snapshots",
     lambda m: (memcached(m, Engine="redis", NumCacheNodes=1), {}), "instance", "", "Cache", LOST, _BACKUPS),
    ("one Redis OSS node, its Region lost",
     lambda m: (memcached(m, Engine="redis", NumCacheNodes=1), {}), "region", IRELAND, "Cache", LOST, _REGIONS),
    ("a cache without nodes, its Region lost",
     lambda m: (serverless(m), {}), "region", IRELAND, "Cache", LOST, _REGIONS),
    ("a cache without nodes, its data lost, with snapshots",
     lambda m: (serverless(m, SnapshotRetentionLimit=7), {}), "deletion", "", "Cache", RUNBOOK, _BACKUPS),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "build", "fault", "place", "logical_id", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH]
)
def test_the_review_judges_as_aws_documents(what, build, fault, place, logical_id, fate, source, make, fates):
    here, there = build(make)
    templates = [
        make.template(make.network() | here),
        make.template(make.network(region=FRANKFURT) | there, region=FRANKFURT),
    ]

    found = fates(*templates)

    assert found[fault, place, logical_id] == fate
    assert source.startswith("https://docs.aws.amazon.com/")


@pytest.mark.capability("MEM-04")
@pytest.mark.parametrize(("durability", "seconds"), [("sync", 0), ("async", 10), ("disabled", 1), (None, 1)])
def test_durability_decides_what_a_failover_loses(make, durability, seconds):
    graph = Graph([make.template(make.network() | group(make, Durability=durability))])

    [failover] = [o for o in outcomes(graph) if str(o.case.fault) == "instance" and o.resource.logical_id == "Cache"]

    assert failover.judgement.rpo.high == seconds


def test_after_a_role_change_the_founder_is_the_one_that_follows(make, fates):
    here = group(make, ReplicationGroupId="shop-eu-west-1") | store(make, FRANKFURT, writes=FRANKFURT)

    found = fates(make.template(make.network() | here), make.template(follower(make), region=FRANKFURT))

    assert found["region", IRELAND, "Cache"] == SURVIVES
    assert found["region", FRANKFURT, "Follower"] == RUNBOOK


def test_what_memcached_held_stops_no_workload(make):
    graph = Graph([make.template(make.network() | memcached(make))])

    felt = [o.judgement.vital for o in outcomes(graph) if o.resource.logical_id == "Cache"]

    assert felt
    assert not any(felt)


TYPES = (
    "CacheCluster", "GlobalReplicationGroup", "ParameterGroup", "ReplicationGroup", "ServerlessCache", "SubnetGroup",
    "User", "UserGroup",
)  # fmt: skip


def test_every_type_that_caches_are_made_of_is_known(make):
    made = {kind: make.resource(f"AWS::ElastiCache::{kind}") for kind in TYPES}

    assert unknown_types(Graph([make.template(made)])) == {}
