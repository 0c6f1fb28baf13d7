"""What the runbooks need to know, all of it known at synth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_standby import TrafficSwitch, group_size
from cdk_standby.traffic_switch import METRIC, NAMESPACE
from cdk_standby_runbooks.plan import (
    Capacity,
    GlobalDatabase,
    Headless,
    Plan,
    ReplicatedInstance,
    ScalingGroup,
    Switch,
    make_plan,
)
from cdk_standby_runbooks.plan import Traffic as Moves

from .database_parts import parameter_of, waits
from .rds_parts import number_of
from .strategies import Traffic
from .tiers import Service
from .tiers.rds import Rds
from .tiers.relational import Aurora

if TYPE_CHECKING:
    from .deployment import Deployment

Regions = tuple[str, str]
"""Which one is left, and which one takes over."""


def recovery_plan(deployment: Deployment) -> Plan | None:
    """The plan of a deployment: the same bytes whichever site is active, so that both Regions hold the same.

    None where nothing stands ready to be failed over to.
    """
    if deployment.strategy.traffic is Traffic.SINGLE or deployment.recovery is None:
        return None
    regions = (deployment.primary.region, deployment.recovery.region)
    return make_plan(
        workload=deployment.workload.name,
        account=deployment.account,
        strategy=deployment.strategy.name,
        primary=regions[0],
        recovery=regions[1],
        objectives=deployment.objectives,
        databases=[
            _database(deployment, tier, regions) for tier in deployment.workload.tiers if isinstance(tier, Aurora)
        ],
        replicas=[_replica(deployment, tier, regions) for tier in deployment.workload.tiers if isinstance(tier, Rds)],
        groups=[_group(deployment, tier, regions) for tier in deployment.workload.tiers if isinstance(tier, Service)],
        traffic=_traffic(deployment, regions),
    )


def _database(deployment: Deployment, tier: Aurora, regions: Regions) -> GlobalDatabase:
    names, site = deployment.names, deployment.primary
    follower = next(region for region in regions if region != site.born)
    return GlobalDatabase(
        name=tier.name,
        global_cluster=site.global_cluster(tier.name),
        clusters={region: names.cluster(tier.name, region) for region in regions},
        headless=_headless(deployment, tier, follower) if waits(tier, born_here=False) else None,
    )


def _headless(deployment: Deployment, tier: Aurora, region: str) -> Headless:
    """The stack that gives the cluster its instances, when its parameter says so."""
    return Headless(
        region=region,
        stack=deployment.stack_name(f"{region}-data"),
        parameter=parameter_of(tier),
        instances=tier.readers + 1,
        instance_class=f"db.{tier.instance}",
    )


def _replica(deployment: Deployment, tier: Rds, regions: Regions) -> ReplicatedInstance:
    """The pair of its generation, of which the younger one was born as the replica."""
    born = deployment.primary.born
    at = {region: number_of(tier.generation, born_here=region == born) for region in regions}
    return ReplicatedInstance(
        name=tier.name,
        instances={region: deployment.names.instance(tier.name, region, number) for region, number in at.items()},
        follows_in=max(at, key=at.__getitem__),
    )


def _group(deployment: Deployment, tier: Service, regions: Regions) -> ScalingGroup:
    return ScalingGroup(
        name=tier.name,
        groups={region: deployment.names.group(tier.name, region) for region in regions},
        full=_capacity(deployment, tier, active=True),
        standby=_capacity(deployment, tier, active=False),
    )


def _capacity(deployment: Deployment, tier: Service, *, active: bool) -> Capacity:
    posture = deployment.strategy.posture(tier.kind, active=active)
    needed = tier.needed(posture, scale=deployment.scale, share=deployment.primary.share)
    return Capacity(minimum=group_size(needed, deployment.zones), maximum=tier.capacity.maximum)


def _traffic(deployment: Deployment, regions: Regions) -> Moves:
    workload, names = deployment.workload, deployment.names
    leaves, held_in = regions
    return Moves(
        domain=workload.domain,
        hosted_zone_id=deployment.hosted_zone_id or "",
        sites={region: names.regional_domain(workload.domain, region) for region in regions},
        switch=Switch(
            leaves=leaves,
            held_in=held_in,
            alarm=TrafficSwitch.identify(workload=workload.name, leaves=leaves, held_in=held_in).name,
            namespace=NAMESPACE,
            metric=METRIC,
        ),
    )
