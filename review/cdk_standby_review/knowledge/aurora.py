"""Database clusters: Aurora, alone and global, and Multi-AZ DB clusters."""

from __future__ import annotations

from dataclasses import replace

from ..databases import (
    followers,
    is_aurora,
    is_primary,
    is_replica,
    members,
    members_outside,
    others_of_global,
    source_region,
)
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import known
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import placement
from ._judge import Judge, first_unknown, plumbing, restored_elsewhere, restored_here, served_elsewhere
from .rds import promoted


def cluster(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """A DB cluster under a fault."""
    match case.fault:
        case Fault.INSTANCE:
            return _instance(graph, resource)
        case Fault.ZONE:
            return _zone(graph, resource, case)
        case Fault.REGION:
            return _region(graph, resource, case)
        case Fault.DELETION | Fault.ACCOUNT:
            return _deletion(graph, resource)


def _instance(graph: Graph, resource: Resource) -> Judgement:
    if not is_aurora(resource):
        return by_itself("a readable standby of the Multi-AZ DB cluster takes over", times.RDS_CLUSTER_FAILOVER)
    count = len(members(graph, resource))
    if count == 0:
        return survives("the cluster has no instance that could be lost", times.AT_ONCE, instances=0)
    if count >= 2:
        return by_itself("a reader is promoted", times.AURORA_FAILOVER, instances=count)
    return by_itself("Aurora makes a new instance, since there is no reader", times.AURORA_RECREATE, instances=count)


def _zone(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if not is_aurora(resource):
        return by_itself("a readable standby in another zone takes over", times.RDS_CLUSTER_FAILOVER)
    if untouched := _out_of_zone(graph, resource, case):
        return untouched
    count, placed = len(members(graph, resource)), placement(graph, resource)
    if not placed.known and count >= 2:
        return unknown("the templates do not say which zones its subnets are in")
    if members_outside(graph, resource, case.zone):
        return by_itself("a reader in another zone is promoted", times.AURORA_FAILOVER, instances=count)
    return by_runbook(
        "storage survives in other zones, but no reader stands there; somebody adds an instance", times.AURORA_RECREATE,
        instances=count, zones=placed.zones,
    )  # fmt: skip


def _out_of_zone(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """No instance stands in the zone that is lost; storage spans three."""
    standing, placed = [i.text("AvailabilityZone") for i in members(graph, resource)], placement(graph, resource)
    if not standing:
        return survives("storage spans three zones and the cluster has no instance", times.AT_ONCE, instances=0)
    if case.zone and None not in standing and case.zone not in standing:
        return survives("storage spans three zones, and no instance stands in that one", times.AT_ONCE, zones=standing)
    if placed.known and case.zone and case.zone not in placed.zones:
        return survives("none of its subnets is in that zone", times.AT_ONCE, zones=placed.zones)
    return None


def _region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if shared := _of_global(graph, resource):
        return shared
    if is_replica(resource) and (there := source_region(graph, resource)) != case.region:
        return survives(f"its source in {there} serves; this was a replica", times.AT_ONCE, source=there)
    away = [(r, distance) for r, distance in followers(graph, resource) if r.region != case.region]
    if away:
        return promoted(*away[0])
    return restored_elsewhere(graph, resource) or _alone(graph, resource)


def _alone(graph: Graph, resource: Resource) -> Judgement:
    if (said := resource.get("GlobalClusterIdentifier")) and not (resource.region and (known(said) or graph.at(said))):
        return unknown("it is in a global database, whose other clusters are not in the templates")
    return lost("no secondary cluster and no copy of a backup in another Region", times.ONE_REGION)


def _of_global(graph: Graph, resource: Resource) -> Judgement | None:
    """A cluster of a global database: its primary goes on, or one of the others is promoted."""
    others = others_of_global(graph, resource)
    if leading := next((o for o in others if is_primary(graph, o) and not is_primary(graph, resource)), None):
        return survives(f"the primary cluster in {leading.region} goes on", times.AT_ONCE, primary=leading.name)
    ready = [other for other in others if members(graph, other)]
    if ready:
        where = ", ".join(sorted({other.region for other in ready}))
        return by_runbook(
            f"the secondary cluster in {where} is promoted", times.AURORA_GLOBAL_FAILOVER, times.AURORA_GLOBAL_LAG,
            secondary=where,
        )  # fmt: skip
    if others:
        headless = by_runbook(
            f"the headless secondary in {others[0].region} gets an instance, then is promoted",
            times.AURORA_GLOBAL_FAILOVER, times.AURORA_GLOBAL_LAG, secondary=others[0].region,
        )  # fmt: skip
        takes = times.AURORA_FIRST_INSTANCE.value + times.AURORA_GLOBAL_FAILOVER.value
        return replace(headless, rto=takes, facts=(times.AURORA_FIRST_INSTANCE, *headless.facts))
    return None


def _deletion(graph: Graph, resource: Resource) -> Judgement:
    if first_unknown(resource, "BackupRetentionPeriod"):
        return unknown("BackupRetentionPeriod is known only at deployment")
    days = resource.number("BackupRetentionPeriod")
    kept = 1 if days is None else days
    if kept > 0:
        return by_runbook(
            f"restored to a point in time of the last {kept:g} day{'s' * (kept != 1)} into a new cluster",
            times.RESTORE, times.POINT_IN_TIME, BackupRetentionPeriod=kept,
        )  # fmt: skip
    return restored_here(graph, resource) or lost("no backup holds the data", times.NO_BACKUP)


def shard_group(graph: Graph, resource: Resource, case: Case) -> Judgement | None:
    """The shards of Aurora Limitless: their storage is the cluster's, their compute has standbys or none."""
    standbys = resource.number("ComputeRedundancy") or 0
    if case.fault is Fault.REGION:
        return plumbing(graph, resource, case, "the shard group")
    if case.fault is Fault.DELETION:
        return None
    if first_unknown(resource, "ComputeRedundancy"):
        return unknown("ComputeRedundancy is known only at deployment")
    if standbys:
        return by_itself("the standby of a shard takes over", times.AURORA_FAILOVER, ComputeRedundancy=standbys)
    if case.fault is Fault.ZONE:
        return by_runbook("its storage survives in other zones, and somebody adds a standby", times.AURORA_RECREATE)
    return by_itself("Aurora makes a new shard, since it has no standby", times.AURORA_RECREATE, ComputeRedundancy=0)


JUDGES: dict[str, Judge] = {"AWS::RDS::DBCluster": cluster, "AWS::RDS::DBShardGroup": shard_group}
