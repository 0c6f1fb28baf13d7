"""What the runbooks need to know, all of it known at synth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_standby import TrafficSwitch, group_size
from cdk_standby.traffic_switch import METRIC, NAMESPACE
from cdk_standby_runbooks.plan import Capacity, GlobalDatabase, Plan, ScalingGroup, Switch, Traffic, make_plan

from .tiers import Kind, Service

if TYPE_CHECKING:
    from .deployment import Deployment


def recovery_plan(deployment: Deployment) -> Plan:
    """The plan of a deployment: the same bytes whichever site is active, so that both Regions hold the same."""
    return make_plan(
        workload=deployment.workload.name,
        account=deployment.account,
        strategy=deployment.strategy.name,
        primary=deployment.primary.region,
        recovery=deployment.recovery.region,
        objectives=deployment.objectives,
        databases=[_database(deployment, tier.name) for tier in deployment.workload.of_kind(Kind.RELATIONAL)],
        groups=[_group(deployment, tier) for tier in deployment.workload.tiers if isinstance(tier, Service)],
        traffic=_traffic(deployment),
    )


def _database(deployment: Deployment, tier: str) -> GlobalDatabase:
    names = deployment.names
    return GlobalDatabase(
        name=tier,
        global_cluster=names.global_cluster(tier),
        clusters={region: names.cluster(tier, region) for region in deployment.sites},
    )


def _group(deployment: Deployment, tier: Service) -> ScalingGroup:
    return ScalingGroup(
        name=tier.name,
        groups={region: deployment.names.group(tier.name, region) for region in deployment.sites},
        full=_capacity(deployment, tier, active=True),
        standby=_capacity(deployment, tier, active=False),
    )


def _capacity(deployment: Deployment, tier: Service, *, active: bool) -> Capacity:
    needed = tier.needed(deployment.strategy.posture(tier.kind, active=active), deployment.scale)
    return Capacity(minimum=group_size(needed, deployment.zones), maximum=tier.capacity.maximum)


def _traffic(deployment: Deployment) -> Traffic:
    workload, names = deployment.workload, deployment.names
    leaves, held_in = deployment.primary.region, deployment.recovery.region
    return Traffic(
        domain=workload.domain,
        hosted_zone_id=deployment.hosted_zone_id or "",
        sites={region: names.regional_domain(workload.domain, region) for region in deployment.sites},
        switch=Switch(
            leaves=leaves,
            held_in=held_in,
            alarm=TrafficSwitch.identify(workload=workload.name, leaves=leaves, held_in=held_in).name,
            namespace=NAMESPACE,
            metric=METRIC,
        ),
    )
