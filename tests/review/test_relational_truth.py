"""Relational architectures whose fate AWS documents, and what the review says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT, A = "eu-west-1", "eu-central-1", "eu-west-1a"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown",
)  # fmt: skip
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_REPLICAS = _RDS + "USER_ReadRepl.html"
_CHAINS = _RDS + "USER_ReadRepl.XRgn.html"
_PROMOTED = _RDS + "USER_ReadRepl.Promote.html"
_CLUSTER_REPLICAS = _RDS + "USER_MultiAZDBCluster_ReadRepl.html"
_PROXIES = _RDS + "rds-proxy.html"
_LIMITLESS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/limitless-reqs-limits.html"
_REGIONS = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"
_BACKUPS = "https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html"
_DSQL = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/"
_RESILIENCE = _DSQL + "disaster-recovery-resiliency.html"

Build = Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]
"""What stands in Ireland, and what in Frankfurt."""
ARN = "arn:aws:rds:eu-west-1:111111111111:db:orders"
PEER = f"arn:aws:dsql:eu-central-1:111111111111:cluster/{'a' * 26}"


def source(m: Any, **properties: Any) -> dict[str, Any]:
    return m.rds(DBInstanceIdentifier="orders", **properties)


def replica(m: Any, of: Any = ARN, id: str = "Replica", **properties: Any) -> dict[str, Any]:
    return {id: m.resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier=of, **properties)}


def multi_az_cluster(m: Any, **properties: Any) -> dict[str, Any]:
    return m.aurora(0, Engine="postgres", DBClusterInstanceClass="db.r6gd.large", **properties)


def dsql(m: Any, *peers: str, witness: str | None = None) -> dict[str, Any]:
    several = {"MultiRegionProperties": {"WitnessRegion": witness, "Clusters": list(peers)}} if witness else {}
    return {"Orders": m.resource("AWS::DSQL::Cluster", **several)}


def proxy(m: Any, zones: str) -> dict[str, Any]:
    return {"Proxy": m.resource("AWS::RDS::DBProxy", VpcSubnetIds=m.subnets(zones))}


def door(m: Any, zones: str) -> dict[str, Any]:
    return {"Door": m.resource("AWS::RDS::DBProxyEndpoint", VpcSubnetIds=m.subnets(zones))}


IN_REGION = {"Ref": "Db"}
# (what, what stands in both Regions, fault, place, logical id, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str, str, str]] = [
    ("that replica, the Region of its source lost: it is not struck",
     lambda m: (source(m), replica(m)), "region", FRANKFURT, "Replica", SURVIVES, _REPLICAS),
    ("a replica whose source is outside of the templates, its own Region lost",
     lambda m: ({}, replica(m)), "region", FRANKFURT, "Replica", SURVIVES, _REPLICAS),
    ("a replica of a replica in another Region, the Region of both sources lost",
     lambda m: (source(m) | replica(m, IN_REGION, "Near", DBInstanceIdentifier="near"),
                replica(m, ARN.replace("orders", "near"))), "region", IRELAND, "Db", RUNBOOK, _CHAINS),
    ("the replica between, the Region lost: its own replica is promoted",
     lambda m: (source(m) | replica(m, IN_REGION, "Near", DBInstanceIdentifier="near"),
                replica(m, ARN.replace("orders", "near"))), "region", IRELAND, "Near", RUNBOOK, _CHAINS),
    ("a promoted replica, its Region lost: it follows nobody any more",
     lambda m: ({}, {"Replica": m.resource("AWS::RDS::DBInstance", BackupRetentionPeriod=7)}), "region", FRANKFURT,
     "Replica", LOST, _PROMOTED),
    ("a single-AZ replica, its zone lost: it is made anew from its source",
     lambda m: (source(m) | replica(m, IN_REGION, AvailabilityZone=A), {}), "zone", A, "Replica", RUNBOOK, _REPLICAS),
    ("a Multi-AZ replica, a zone lost",
     lambda m: (source(m) | replica(m, IN_REGION, MultiAZ=True), {}), "zone", A, "Replica", ITSELF,
     _RDS + "Concepts.MultiAZ.Failover.html"),
    ("a replica with backups of its own, data deleted",
     lambda m: (source(m) | replica(m, IN_REGION, BackupRetentionPeriod=7), {}), "deletion", "", "Replica", RUNBOOK,
     _RDS + "USER_PIT.html"),
    ("a Multi-AZ DB cluster alone, its Region lost", lambda m: (multi_az_cluster(m), {}), "region", IRELAND, "Db", LOST,
     _REGIONS),
    ("a Multi-AZ DB cluster in a plan that copies backups, its Region lost: AWS copies none of them",
     lambda m: (multi_az_cluster(m) | m.backup({"Fn::GetAtt": ["Db", "DBClusterArn"]}), {}), "region", IRELAND, "Db",
     LOST, _RDS + "multi-az-db-clusters-concepts.Limitations.html"),
    ("a Multi-AZ DB cluster, its data deleted", lambda m: (multi_az_cluster(m), {}), "deletion", "", "Db", RUNBOOK,
     _RDS + "USER_PIT.MultiAZDBCluster.html"),
    ("an instance that follows a Multi-AZ DB cluster, the zone lost",
     lambda m: (multi_az_cluster(m) | {"Replica": m.resource(
         "AWS::RDS::DBInstance", SourceDBClusterIdentifier=IN_REGION, AvailabilityZone=A)}, {}), "zone", A, "Replica",
     RUNBOOK, _CLUSTER_REPLICAS),
    ("a proxy over three zones, one lost", lambda m: (proxy(m, "abc"), {}), "zone", A, "Proxy", SURVIVES, _PROXIES),
    ("a proxy whose subnets come from outside: nothing is guessed",
     lambda m: ({"Proxy": m.resource("AWS::RDS::DBProxy", VpcSubnetIds=["subnet-1", "subnet-2"])}, {}), "zone", A,
     "Proxy", UNKNOWN, _PROXIES),
    ("a read-only endpoint of a proxy over two zones, one lost", lambda m: (door(m, "ab"), {}), "zone", A, "Door",
     SURVIVES, _RDS + "rds-proxy-endpoints.html"),
    ("a proxy, one of its hosts lost", lambda m: (proxy(m, "ab"), {}), "instance", "", "Proxy", SURVIVES, _PROXIES),
    ("a proxy, its Region lost", lambda m: (proxy(m, "ab"), {}), "region", IRELAND, "Proxy", LOST, _PROXIES),
    ("a shard of Aurora Limitless with a standby, its zone lost",
     lambda m: ({"Shards": m.resource("AWS::RDS::DBShardGroup", ComputeRedundancy=1)}, {}), "zone", A, "Shards", ITSELF,
     _LIMITLESS),
    ("a DSQL cluster, a host lost", lambda m: (dsql(m), {}), "instance", "", "Orders", SURVIVES, _RESILIENCE),
    ("a DSQL cluster that still waits for its peer, its Region lost",
     lambda m: (dsql(m, witness="eu-west-2"), {}), "region", IRELAND, "Orders", LOST, _DSQL + "mr-cluster-setup.html"),
    ("a DSQL cluster with copies of its backups elsewhere, its Region lost",
     lambda m: (dsql(m) | m.backup({"Fn::GetAtt": ["Orders", "ResourceArn"]}), {}), "region", IRELAND, "Orders",
     RUNBOOK, _DSQL + "backup-aurora-dsql.html"),
    ("a DSQL cluster with backups, its data deleted",
     lambda m: (dsql(m) | m.backup({"Fn::GetAtt": ["Orders", "ResourceArn"]}), {}), "deletion", "", "Orders", RUNBOOK,
     _DSQL + "backup-aurora-dsql.html"),
    ("a peered DSQL cluster without backups, its data deleted: the peer deletes it too",
     lambda m: (dsql(m, PEER, witness="eu-west-2"), {}), "deletion", "", "Orders", LOST, _BACKUPS),
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


def test_the_loss_of_a_witness_is_not_felt(make):
    """https://docs.aws.amazon.com/aurora-dsql/latest/userguide/disaster-recovery-resiliency.html."""
    member = dsql(make, PEER, witness="eu-west-2")
    witness = make.template({"Topic": make.resource("AWS::SNS::Topic")}, region="eu-west-2")

    found = outcomes(Graph([make.template(member), witness]))

    assert [o for o in found if o.case.region == "eu-west-2" and o.resource.type == "AWS::DSQL::Cluster"] == []


def test_a_peered_cluster_loses_no_write_with_its_region(make):
    graph = Graph([make.template(dsql(make, PEER, witness="eu-west-2"))])

    [lost] = [o for o in outcomes(graph) if str(o.case.fault) == "region"]

    assert (lost.judgement.rto.high, lost.judgement.rpo.high) == (0, 0)
    assert lost.judgement.says == "the member in eu-central-1 goes on taking reads and writes"


def test_replicated_backups_are_up_to_half_an_hour_behind(make):
    graph = Graph([make.template(make.network() | source(make, AutomaticBackupReplicationRegion=FRANKFURT))])

    [lost] = [o for o in outcomes(graph) if str(o.case.fault) == "region" and o.resource.logical_id == "Db"]

    assert (lost.judgement.rpo.low, lost.judgement.rpo.high) == (300, 1800)


def test_a_replica_behind_another_lags_behind_both(make):
    near = replica(make, IN_REGION, "Near", DBInstanceIdentifier="near")
    there = make.template(replica(make, ARN.replace("orders", "near")), region=FRANKFURT)

    found = outcomes(Graph([make.template(make.network() | source(make) | near), there]))

    [db] = [o for o in found if o.case.region == IRELAND and not o.case.zone and o.resource.logical_id == "Db"]
    assert db.judgement.rpo.high == 120


@pytest.mark.parametrize(("lost", "fate", "says"), [
    (IRELAND, RUNBOOK, "the secondary cluster in eu-central-1 is promoted"),
    (FRANKFURT, SURVIVES, "the primary cluster in eu-west-1 goes on"),
])  # fmt: skip
def test_a_global_database_that_was_made_of_a_cluster_has_that_as_its_primary(make, lost, fate, says):
    """The founder's own template names no global database: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html."""
    arn = "arn:aws:rds:eu-west-1:111111111111:cluster:shop"
    made = {"GlobalClusterIdentifier": "shop-from-ireland", "SourceDBClusterIdentifier": arn}
    container = make.template({"Container": make.resource("AWS::RDS::GlobalCluster", **made)}, region=IRELAND)
    founder = make.template(make.aurora(DBClusterIdentifier="Shop", SnapshotIdentifier="copied"), region=IRELAND)
    follower = make.template(make.aurora(GlobalClusterIdentifier="shop-from-ireland"), region=FRANKFURT)

    found = outcomes(Graph([container, founder, follower]))

    [db] = [
        o
        for o in found
        if str(o.case.fault) == "region"
        and o.case.region == lost == o.resource.region
        and o.resource.logical_id == "Db"
    ]
    assert (str(db.fate), db.judgement.says) == (fate, says)


def test_replicas_that_follow_each_other_end(make):
    first = replica(make, "second", "First", DBInstanceIdentifier="first")
    second = replica(make, "first", "Second", DBInstanceIdentifier="second")

    found = outcomes(Graph([make.template(first | second)]))

    assert {str(o.fate) for o in found if str(o.case.fault) == "region"} == {LOST}


def test_the_loss_of_a_replica_alone_stops_no_workload(make):
    there = make.template(make.network() | source(make) | replica(make, IN_REGION, AvailabilityZone=A))

    [estimate] = [e for e in review_templates([there]).estimates if str(e.case) == f"loss of zone {A}"]

    assert str(estimate.fate) == ITSELF


RELATIONAL = (
    "AWS::ARCRegionSwitch::Plan", "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::CloudTrail::Trail",
    "AWS::DSQL::Cluster", "AWS::EC2::VPCEndpoint", "AWS::Events::Rule", "AWS::FIS::ExperimentTemplate",
    "AWS::RDS::ClusterSnapshot", "AWS::RDS::DBCluster", "AWS::RDS::DBClusterEndpoint",
    "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup", "AWS::RDS::DBProxy",
    "AWS::RDS::DBProxyEndpoint", "AWS::RDS::DBProxyTargetGroup", "AWS::RDS::DBShardGroup", "AWS::RDS::DBSnapshot",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::Deployment", "AWS::RDS::EventSubscription", "AWS::RDS::GlobalCluster", "AWS::RDS::OptionGroup",
    "AWS::Route53::HostedZone", "AWS::Route53::RecordSet", "AWS::SSM::Document", "AWS::Scheduler::Schedule",
)  # fmt: skip


def test_every_type_that_the_databases_are_made_of_is_known(make):
    made = {f"R{n}": make.resource(kind) for n, kind in enumerate(RELATIONAL)}

    assert unknown_types(Graph([make.template(made)])) == {}
