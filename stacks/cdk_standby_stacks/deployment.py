"""Places a workload in Regions, by a strategy that is nothing but data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import aws_cdk as cdk
from constructs import Construct

import cdk_standby_review.objectives as plain
from cdk_standby_runbooks.plan import Plan

from ._deployment_rules import check_deployment
from ._gate import hold_to_objectives
from .names import Names
from .objectives import Objectives
from .recovery_plan import recovery_plan
from .site_stacks import DatabaseStack, DataStack, DnsStack, NetworkStack, ServiceStack, VaultStack
from .sites import Home, Site
from .strategies import Strategy, Traffic
from .tiers import Layer
from .traffic_stack import TrafficAlarmsStack, TrafficStack
from .workload import Workload

HOSTED_ZONE_PIN = "cdk-standby:hosted-zone-id"
"""Context key, {domain: hosted zone id}: replaces the weak reference to the zone after the first deployment."""

DEFAULT_CIDRS = ("10.0.0.0/16", "10.1.0.0/16")


class Deployment(Construct):
    """A workload at its sites: stacks for each, one for what belongs to none, and the plan that fails it over.

    Use a strategy's class (`WarmStandby`, `PilotLight`). What is common to all of them:

    * Per Region a network, a vault (keys, locked backups), a data and a service stack; data and vault stacks
      have termination protection. Outside the primary: one traffic stack, in us-east-1 where Route 53 lives if it can.
    * No template reads another Region: names are agreed at synth.
    * `active` says who serves today. After a failover, synthesize with the other Region: sizes and copy directions
      follow what runs, and nothing is replaced.
    """

    strategy: ClassVar[Strategy]

    workload: Workload
    account: str
    zones: int
    scale: float
    names: Names
    objectives: plain.Objectives
    hosted_zone_id: str | None
    primary: Site
    recovery: Site
    sites: Mapping[str, Site]
    plan: Plan

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: Workload,
        account: str,
        primary: str,
        recovery: str,
        active: str | None = None,
        scale: float = 1.0,
        objectives: Objectives | None = None,
        hosted_zone_id: str | None = None,
        cidrs: Mapping[str, str] | None = None,
        zones: int = 3,
        alarm_emails: Sequence[str] = (),
    ) -> None:
        """Check everything, then build the stacks of every site.

        Args:
            scope: the app, or a stage.
            id: prefix of the stack names; never change it, the stacks hold data.
            workload: what to place.
            account: the 12-digit account of all stacks.
            primary: the Region where data is born. It stays what it is when another one becomes active.
            recovery: the Region that takes over; it differs from the primary.
            active: who serves today, primary or recovery. Left out: the primary.
            scale: the share of the full capacity that a scaled-down site runs, more than 0 and at most 1.
            objectives: what synth holds the templates against. Left out: nothing is promised.
            hosted_zone_id: the public hosted zone that holds the workload's domain. Left out: a zone for the domain
                is made, with accelerated recovery; the service stacks read its id by a weak reference, until it is
                pinned in the context key ``cdk-standby:hosted-zone-id``.
            cidrs: a network range per Region. Left out: 10.0.0.0/16 for the primary, 10.1.0.0/16 for the recovery.
            zones: Availability Zones per Region, 2 to 6. Left out: 3.
            alarm_emails: who is told of alarms, besides whoever subscribes to the topics.

        Raises:
            InvalidOptions: with every problem at once.
        """
        super().__init__(scope, id)
        cidrs = dict(cidrs or {primary: DEFAULT_CIDRS[0], recovery: DEFAULT_CIDRS[1]})
        check_deployment(self, {**locals(), "strategy": self.strategy})

        stages = [scope.node.id for scope in self.node.scopes if isinstance(scope, cdk.Stage)]
        self._prefix = "-".join([*filter(None, stages), id])  # an App is a stage without an id
        self.workload, self.account, self.zones, self.scale = workload, account, zones, scale
        self.names = Names(workload.name, account)
        self.objectives = (objectives or Objectives()).plain()
        self.hosted_zone_id = hosted_zone_id or self._pinned_zone()
        self._owns_zone = hosted_zone_id is None
        self.primary = self._site(primary, Home.PRIMARY, other=recovery, active=active != recovery, cidr=cidrs[primary])
        self.recovery = self._site(
            recovery, Home.RECOVERY, other=primary, active=active == recovery, cidr=cidrs[recovery]
        )
        self.sites = {primary: self.primary, recovery: self.recovery}
        self.plan = recovery_plan(self)

        self._provide_zone()
        foundations = self._build_foundations(tuple(alarm_emails))
        services = self._build_sites(after=[*foundations, *self._build_containers()])
        self._build_traffic(tuple(alarm_emails), after=services)
        self._write_plan()
        hold_to_objectives(self)

    def environment(self, region: str) -> cdk.Environment:
        """The account, in a Region."""
        return cdk.Environment(account=self.account, region=region)

    def stack_name(self, part: str) -> str:
        """What CloudFormation calls a stack: ``Shop-eu-west-1-data``, with the stages above in front."""
        return f"{self._prefix}-{part}"

    def facts(self, region: str, site: Site | None) -> dict[str, Any]:
        """What the review needs to know of a stack that its resources do not say."""
        return {
            "workload": self.workload.name,
            "strategy": self.strategy.name,
            "site": region,
            "role": "outside" if site is None else "active" if site.active else "standby",
            "objectives": self.objectives.as_seconds(),
        }

    def build_tiers(self, scope: Construct, site: Site, layer: Layer) -> None:
        """Every tier of a layer, in the posture that the strategy gives it at this site."""
        for tier in self.workload.tiers:
            if tier.layer is layer:
                tier.build(scope, site, self.strategy.posture(tier.kind, active=site.active))

    def _provide_zone(self) -> None:
        made = DnsStack(self).zone_id if self._owns_zone else ""
        zone_id = self.hosted_zone_id or made
        for site in self.sites.values():
            site.hosted_zone_id = zone_id

    def _build_foundations(self, emails: tuple[str, ...]) -> list[cdk.Stack]:
        stacks: list[cdk.Stack] = []
        for site in self.sites.values():
            network = NetworkStack(self, site, zones=self.zones)
            vault = VaultStack(self, site, emails=emails)
            stacks += [network, vault]
        return stacks

    def _build_containers(self) -> list[cdk.Stack]:
        database = self.workload.database
        return [DatabaseStack(self, database)] if database else []

    def _build_sites(self, *, after: list[cdk.Stack]) -> list[cdk.Stack]:
        services: list[cdk.Stack] = []
        for site in self.sites.values():
            if any(tier.layer is Layer.DATA for tier in self.workload.tiers):
                data = DataStack(self, site)
                _deploy_after(data, after)
                after = [data]  # whoever replicates comes after the one that was born with the data
            services.append(ServiceStack(self, site))
            _deploy_after(services[-1], after)
        return services

    def _build_traffic(self, emails: tuple[str, ...], *, after: list[cdk.Stack]) -> None:
        if self.strategy.traffic is Traffic.FAILOVER and self.plan.traffic:
            path, switch = self.workload.service.health_path, self.plan.traffic.switch
            traffic = TrafficStack(self, switch=switch, health_path=path, emails=emails)
            _deploy_after(traffic, after)
            if not traffic.records.alarms:
                _deploy_after(TrafficAlarmsStack(self, traffic.records, emails=emails), [traffic])

    def _write_plan(self) -> None:
        assembly = Path(cdk.Stage.of(self).outdir)  # type: ignore[union-attr]
        assembly.mkdir(parents=True, exist_ok=True)
        (assembly / f"{self.workload.name}.plan.json").write_text(self.plan.to_json() + "\n")

    def _pinned_zone(self) -> str | None:
        pins: dict[str, str] = self.node.try_get_context(HOSTED_ZONE_PIN) or {}
        return pins.get(self.workload.domain)

    def _site(self, region: str, home: Home, *, other: str, active: bool, cidr: str) -> Site:
        return Site(
            region=region,
            home=home,
            other=other,
            active=active,
            cidr=cidr,
            scale=self.scale,
            rpo=self.objectives.region.rpo if self.objectives.region else None,
            names=self.names,
            domain=self.workload.domain,
        )


def _deploy_after(stack: cdk.Stack, others: list[cdk.Stack]) -> None:
    """The order of a first deployment; nothing is read across Regions, so later ones may go alone."""
    for other in others:
        stack.add_stack_dependency(other)
