"""DAX and MemoryDB as AWS documents their fate, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT, A = "eu-west-1", "eu-central-1", "eu-west-1a"
ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_DAX = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.cluster.html"
_GUIDE = "https://docs.aws.amazon.com/memorydb/latest/devguide/"
_FAILOVER, _MULTI, _SNAPSHOTS = (_GUIDE + page for page in ("autofailover.html", "multi-region.html", "snapshots.html"))
_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
Build = Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]
"""What stands in Ireland, and what in Frankfurt."""
SHARED = {"Fn::GetAtt": ["Shared", "MultiRegionClusterName"]}


def dax(m: Any, nodes: int = 3, zones: str = "abc", **properties: Any) -> dict[str, Any]:
    return {
        "Group": m.resource("AWS::DAX::SubnetGroup", SubnetIds=m.subnets(zones)),
        "Cache": m.resource(
            "AWS::DAX::Cluster", ReplicationFactor=nodes, SubnetGroupName={"Ref": "Group"}, **properties
        ),
    }


def memorydb(m: Any, replicas: int | None = 2, zones: str = "abc", **properties: Any) -> dict[str, Any]:
    own = {} if replicas is None else {"NumReplicasPerShard": replicas}
    return {
        "Group": m.resource("AWS::MemoryDB::SubnetGroup", SubnetGroupName="db", SubnetIds=m.subnets(zones)),
        "Db": m.resource("AWS::MemoryDB::Cluster", SubnetGroupName="db", **own, **properties),
    }


def shared(m: Any) -> dict[str, Any]:
    return {"Shared": m.resource("AWS::MemoryDB::MultiRegionCluster", MultiRegionClusterNameSuffix="shop")}


def member(m: Any, name: Any) -> dict[str, Any]:
    return memorydb(m, MultiRegionClusterName=name)


# (what, what stands in both Regions, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("a DAX cluster of three nodes, one lost", lambda m: (dax(m), {}), "instance", "", "Cache", ITSELF, _DAX),
    ("a DAX cluster of one node, which is lost", lambda m: (dax(m, 1), {}), "instance", "", "Cache", ITSELF, _DAX),
    ("a DAX cluster that names its zones, one lost",
     lambda m: (dax(m, AvailabilityZones=[A, "eu-west-1b", "eu-west-1c"]), {}), "zone", A, "Cache", ITSELF, _DAX),
    ("a DAX cluster with one node, its zone lost", lambda m: (dax(m, 1, "a"), {}), "zone", A, "Cache", LOST, _DAX),
    ("a DAX cluster whose subnets come from outside: nothing is guessed",
     lambda m: ({"Cache": m.resource("AWS::DAX::Cluster", ReplicationFactor=3, SubnetGroupName="other")}, {}), "zone",
     A, "Cache", UNKNOWN, _DAX),
    ("a DAX cluster alone, its Region lost", lambda m: (dax(m), {}), "region", IRELAND, "Cache", LOST, _REGIONS),
    ("a MemoryDB cluster that does not say how many replicas it has, a zone lost: AWS makes one",
     lambda m: (memorydb(m, None), {}), "zone", A, "Db", ITSELF, _FAILOVER),
    ("a MemoryDB cluster without replicas, a zone lost: made anew in another zone from the log",
     lambda m: (memorydb(m, 0), {}), "zone", A, "Db", ITSELF, _FAILOVER),
    ("a MemoryDB cluster over three zones, one lost", lambda m: (memorydb(m), {}), "zone", A, "Db", ITSELF, _FAILOVER),
    ("a MemoryDB cluster alone, its Region lost: snapshots stay where they are",
     lambda m: (memorydb(m, SnapshotRetentionLimit=35), {}), "region", IRELAND, "Db", LOST, _REGIONS),
    ("a member of a multi-Region cluster, the Region of both lost: the other goes on",
     lambda m: (shared(m) | member(m, SHARED), member(m, "virxk-shop")), "region", IRELAND, "Db", ITSELF, _MULTI),
    ("its member in the other Region, that one lost",
     lambda m: (shared(m) | member(m, SHARED), member(m, "virxk-shop")), "region", FRANKFURT, "Db", ITSELF, _MULTI),
    ("a member whose other members are outside of the templates: nothing is guessed",
     lambda m: (member(m, "virxk-shop"), {}), "region", IRELAND, "Db", UNKNOWN, _MULTI),
    ("a MemoryDB cluster with snapshots, its data deleted",
     lambda m: (memorydb(m, SnapshotRetentionLimit=35), {}), "deletion", "", "Db", RUNBOOK, _SNAPSHOTS),
    ("a member without snapshots, its data deleted: the others delete it too",
     lambda m: (shared(m) | member(m, SHARED), member(m, "virxk-shop")), "deletion", "", "Db", LOST, _SNAPSHOTS),
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


def test_every_truth_has_an_aws_page():
    assert [what for what, *_, source in TRUTH if not source.startswith("https://docs.aws.amazon.com/")] == []


@pytest.mark.parametrize("build", [lambda m: dax(m, zones="bc"), lambda m: memorydb(m, zones="bc")])
def test_a_zone_without_a_node_is_not_missed(make, fates, build):
    found = fates(make.template(make.network() | build(make)))

    assert [key for key in found if key[1] == A and key[2] in ("Cache", "Db")] == []


@pytest.mark.capability("MEM-15")
def test_a_failover_of_memorydb_loses_no_write(make):
    graph = Graph([make.template(make.network() | memorydb(make))])

    found = [o for o in outcomes(graph) if o.resource.logical_id == "Db" and str(o.case.fault) in ("instance", "zone")]

    assert {o.judgement.rpo.high for o in found} == {0}


@pytest.mark.capability("MEM-16")
def test_a_lost_region_takes_the_writes_that_had_not_arrived(make):
    here = make.template(make.network() | shared(make) | member(make, SHARED))
    there = make.template(make.network(region=FRANKFURT) | member(make, "virxk-shop"), region=FRANKFURT)

    [lost] = [o for o in outcomes(Graph([here, there])) if str(o.case) == "loss of eu-west-1" and
              o.resource.logical_id == "Db"]  # fmt: skip

    assert lost.judgement.says == "the member in eu-central-1 goes on taking reads and writes"
    assert (lost.judgement.rto.high, lost.judgement.rpo.high) == (0, 1)


def test_what_belongs_to_them_is_known(make):
    kinds = [
        "DAX::ParameterGroup", "DAX::SubnetGroup", "MemoryDB::ACL", "MemoryDB::MultiRegionCluster",
        "MemoryDB::ParameterGroup", "MemoryDB::SubnetGroup", "MemoryDB::User",
    ]  # fmt: skip
    parts = {f"Part{n}": make.resource(f"AWS::{kind}") for n, kind in enumerate(kinds)}

    assert unknown_types(Graph([make.template(dax(make) | memorydb(make) | parts)])) == {}
