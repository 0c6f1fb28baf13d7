"""By choice: the recovery plan as AWS carries it out, faults to practise it with, and promises that AWS assesses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from cdk_standby.resilience.data_steps import AuroraWriter
from cdk_standby.resilience.fault_experiments import TAG, FaultExperiments, tag_struck
from cdk_standby.resilience.region_switch_plan import RegionSwitchPlan
from cdk_standby.resilience.resilience_policy import ResiliencePolicy
from cdk_standby.resilience.switch_functions import GroupSize, SwitchFunctions
from cdk_standby.resilience.switch_steps import FunctionStep, GroupCapacity, Moved
from cdk_standby_review.facts import region_switch as facts

from .names import partition
from .resilience_options import ResilienceOptions
from .site_stacks import SiteStack
from .sites import Site
from .tiers import Kind

if TYPE_CHECKING:
    from cdk_standby_runbooks.plan import Plan

    from .deployment import Deployment

_APPROACHES = {
    "backup-and-restore": "BACKUP_AND_RESTORE",
    "pilot-light": "PILOT_LIGHT",
    "warm-standby": "WARM_STANDBY",
    "multi-site": "ACTIVE_ACTIVE",
}
_USERS_SUFFER = ("TargetErrors", "BalancerErrors", "ResponseTime")
"""Alarms of a service that tell what its users feel, and not that a zone is gone."""
_HEALTHY = ("TargetErrors", "BelowMinimum")


def build_resilience(
    deployment: Deployment, options: ResilienceOptions, *, after: list[cdk.Stack]
) -> Iterator[tuple[cdk.Stack, list[cdk.Stack]]]:
    """The stacks that were chosen, each with those that come before it: one per site, and one outside the primary."""
    if options.experiments or options.resilience_hub:
        for site in deployment.sites.values():
            tag_struck(_stacks(deployment, site), deployment.workload.name)
    local = [
        SiteResilienceStack(deployment, options, site)
        for site in deployment.sites.values()
        if site.services and (options.experiments or _needs_functions(deployment, options, site))
    ]
    yield from ((stack, after) for stack in local)
    if options.region_switch or options.resilience_hub:
        yield ResilienceStack(deployment, options), [*after, *local]


class SiteResilienceStack(SiteStack):
    """What acts in one Region: the steps of the plan that no block knows, and the faults."""

    def __init__(self, deployment: Deployment, options: ResilienceOptions, site: Site) -> None:
        super().__init__(deployment, f"{site.region}-resilience", region=site.region, site=site)
        if _needs_functions(deployment, options, site):
            plan: Plan = deployment.plan  # type: ignore[assignment]
            switch = plan.traffic.switch  # type: ignore[union-attr]
            SwitchFunctions(
                self,
                "Switch",
                workload=plan.workload,
                groups=[
                    GroupSize(name=group.groups[site.region], minimum=group.full.minimum, maximum=group.full.maximum)
                    for group in plan.groups
                ],
                leaves=switch.leaves,
                held_in=switch.held_in,
                key=site.data_key,
            )
        if options.experiments:
            _experiments(self, deployment, site)


class ResilienceStack(SiteStack):
    """What belongs to no site: in the recovery Region, since it is needed when the primary is lost."""

    def __init__(self, deployment: Deployment, options: ResilienceOptions) -> None:
        site = deployment.recovery or deployment.primary
        super().__init__(deployment, "resilience", region=site.region)
        if options.region_switch:
            _region_switch(self, deployment, options)
        if options.resilience_hub:
            ResiliencePolicy(
                self,
                "Policy",
                name=deployment.workload.name,
                objectives=deployment.objectives,
                approach=_APPROACHES.get(deployment.strategy.name) if deployment.objectives.region else None,
                availability=options.availability,
                regions=[*deployment.sites],
                tags={TAG: deployment.workload.name},
                key=site.data_key,
            )


def _needs_functions(deployment: Deployment, options: ResilienceOptions, site: Site) -> bool:
    return options.region_switch and deployment.plan is not None and site.region in deployment.plan.regions


def _stacks(deployment: Deployment, site: Site) -> list[cdk.Stack]:
    """What stands at a site."""
    return [stack for stack in deployment.node.children if isinstance(stack, SiteStack) and stack.site is site]


def _experiments(scope: SiteResilienceStack, deployment: Deployment, site: Site) -> None:
    [service] = site.services.values()
    others = site.beside[Kind.SERVICE]
    home, account = partition(site.region), deployment.account
    replicated = {kind: deployment.workload.of_kind(kind) if site.beside[kind] else () for kind in Kind}
    FaultExperiments(
        scope,
        "Faults",
        workload=deployment.workload.name,
        strikes=_stacks(deployment, site),
        zone=site.vpc.availability_zones[0],
        key=site.data_key,
        other_region=others[0] if others else None,
        buckets=[
            f"arn:{home}:s3:::{site.names.bucket(tier.name, site.region)}" for tier in replicated[Kind.BUCKET] if others
        ],
        tables=[
            f"arn:{home}:dynamodb:{site.region}:{account}:table/{site.names.table(tier.name)}"
            for tier in replicated[Kind.TABLE]
            if others
        ],
        stop_on=[service.alarms[name] for name in _USERS_SUFFER],
    )


def _region_switch(scope: ResilienceStack, deployment: Deployment, options: ResilienceOptions) -> None:
    plan: Plan = deployment.plan  # type: ignore[assignment]
    site: Site = deployment.recovery  # type: ignore[assignment]
    [service] = site.services.values()
    promised = deployment.objectives.region
    further = [region for region in deployment.regions if region not in plan.regions]
    beyond = f"; {', '.join(further)} follows by itself: users leave it by its health check" if further else ""
    approver = options.approver and iam.Role.from_role_arn(scope, "Approver", options.approver)
    RegionSwitchPlan(
        scope,
        "RegionSwitch",
        name=plan.workload,
        description=f"{plan.strategy} between {plan.primary} and {plan.recovery}{beyond}",
        primary=plan.primary,
        recovery=plan.recovery,
        moves=[*_moves(plan, options)],
        approval=approver or None,
        rto=Duration.minutes(int(promised.rto.total_seconds() // 60)) if promised else None,
        alarms={f"{plan.workload}-{name}": service.alarms[name] for name in _HEALTHY},
    )


def _moves(plan: Plan, options: ResilienceOptions) -> Iterator[Moved]:
    """The parts of the recovery plan: capacity and data first, traffic after them."""
    functions = {region: SwitchFunctions.names(plan.workload, region) for region in plan.regions}

    def arns(what: str) -> dict[str, str]:
        home = {region: f"arn:{partition(region)}:lambda:{region}:{plan.account}" for region in plan.regions}
        return {region: f"{home[region]}:function:{functions[region][what]}" for region in plan.regions}

    if options.group_arns:
        for group in plan.groups:
            yield GroupCapacity(name=f"Scale-{group.name}", arns=options.group_arns[group.name])
    else:
        yield FunctionStep(name="Scale", functions=arns("scale"), takes=facts.CAPACITY)
    for database in plan.databases:
        yield AuroraWriter(
            name=f"Move-{database.name}",
            global_cluster=database.global_cluster,
            clusters={
                region: f"arn:{partition(region)}:rds:{region}:{plan.account}:cluster:{cluster}"
                for region, cluster in database.clusters.items()
            },
        )
    yield FunctionStep(name="Traffic", functions=arns("traffic"), takes=facts.TRAFFIC, after=True)
