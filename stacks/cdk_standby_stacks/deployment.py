"""Places a workload in Regions, by a strategy that is nothing but data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import aws_cdk as cdk
from constructs import Construct

import cdk_standby_review.objectives as plain
from cdk_standby._checks import all_at_once
from cdk_standby_runbooks.plan import Plan

from ._account_rules import account_of
from ._deployment_rules import check_deployment
from ._gate import hold_to_objectives
from .dns_account import NAME_SERVERS_OUTPUT, ParentZone, build_delegation
from .names import Names
from .objectives import Objectives
from .recovery_plan import recovery_plan
from .resilience_options import ResilienceOptions
from .site_layout import Layout
from .site_stacks import DatabaseStack, DataStack, DnsStack, NetworkStack, ServiceStack, VaultStack
from .sites import Site
from .strategies import Strategy
from .tiers import Layer, Posture, Tier
from .tiers.relational import Aurora
from .traffic_stack import build_traffic
from .workload import Workload

HOSTED_ZONE_PIN = "cdk-standby:hosted-zone-id"
"""Context key, {domain: hosted zone id}: replaces the weak reference to the zone after the first deployment."""


class Deployment(Construct):
    """A workload at its sites: stacks for each, one for what belongs to none, and the plan that fails it over.

    Use a strategy's class (`MultiAz`, `BackupRestore`, `PilotLight`, `WarmStandby`, `MultiSite`). What is common to
    all of them:

    * Per Region a vault (keys, locked backups), and what the strategy has there of a network, a data and a service
      stack; data and vault stacks have termination protection. Outside the primary: one traffic stack, in us-east-1
      where Route 53 lives if it can.
    * No template reads another Region: names are agreed at synth.
    * `active` says who serves today. After a failover, synthesize with the other Region: sizes and copy directions
      follow what runs, and nothing is replaced.
    * Another strategy is another word: no resource with data changes its id or a property that would replace it.
    """

    strategy: ClassVar[Strategy]

    workload: Workload
    account: str
    zones: int
    scale: float
    trickle: int
    """Percent of the users that a warm standby answers."""
    names: Names
    objectives: plain.Objectives
    hosted_zone_id: str | None
    regions: tuple[str, ...]
    """Every Region that was named, the primary first."""
    primary: Site
    recovery: Site | None
    """The site that takes over; None where the strategy has nothing in a second Region."""
    sites: Mapping[str, Site]
    """Every Region that holds something, the primary first."""
    plan: Plan | None
    """How the workload fails over; None where nothing stands ready to be failed over to."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: Workload,
        account: str | Mapping[str, str],
        primary: str,
        recovery: str | None = None,
        further: Sequence[str] = (),
        active: str | None = None,
        scale: float = 1.0,
        trickle: int = 0,
        restored: Mapping[str, str] | None = None,
        objectives: Objectives | None = None,
        hosted_zone_id: str | None = None,
        parent_zone: ParentZone | None = None,
        cidrs: Mapping[str, str] | None = None,
        zones: int = 3,
        alarm_emails: Sequence[str] = (),
        copies_to_vault: str | None = None,
        air_gapped: bool = False,
        restore_testing: bool = False,
        resilience: ResilienceOptions | None = None,
    ) -> None:
        """Check everything, then build the stacks of every site.

        Args:
            scope: the app, or a stage.
            id: prefix of the stack names; never change it, the stacks hold data.
            workload: what to place.
            account: the 12-digit account of all stacks but that of a `parent_zone`. By Region, as landing zones write
                it, all have to be the same: stores, and what leads users to them, cannot be in two.
            primary: the Region where data is born. It stays what it is when another one becomes active.
            recovery: the Region that takes over; it differs from the primary. Left out: there is none, which only
                `MultiAz` can do without; there a name means nothing yet, and saves a word later.
            further: more Regions that serve, for `MultiSite` only; left out: two serve.
            active: who serves today, and of a global database who writes. Left out: the primary.
            scale: the share of the full capacity that a scaled-down site runs, more than 0 and at most 1.
            trickle: percent of the users who are led to a warm standby all the time, so that nobody finds out at night
                that it does not serve; at most its share of the capacity, and only where it can answer without writing.
                Left out: 0, it waits.
            restored: recovery points that data was restored from, by the names of tiers, after the Region of
                `BackupRestore` was lost: of each database or, without one, of a table. They stay for ever, under every
                strategy, and say by their ARNs where the data was born. Left out: data was born empty, at the primary.
            objectives: what synth holds the templates against. Left out: nothing is promised.
            hosted_zone_id: the public hosted zone that holds the workload's domain. Left out: a zone for the domain
                is made, with accelerated recovery; the service stacks read its id by a weak reference, until it is
                pinned in the context key ``cdk-standby:hosted-zone-id``.
            parent_zone: the zone of another account that holds a domain above the workload's, and hands the workload's
                names to a zone that is made here, without `hosted_zone_id`. Its stack is there once the name servers of
                that zone are in the context key ``cdk-standby:name-servers``. Left out: no other account is told.
            cidrs: a network range per Region. Left out: 10.0.0.0/16 for the primary, 10.1.0.0/16 for the recovery, and
                so on.
            zones: Availability Zones per Region, 2 to 6. Left out: 3.
            alarm_emails: who is told of alarms, besides whoever subscribes to the topics.
            copies_to_vault: ARN of a vault of another account that gets a copy of each backup, too; it must name this
                account (`LockedVault(copies_from=...)`). Left out: backups stay in this account.
            air_gapped: keep a further copy of each backup in an air-gapped vault beside the one that gets copies
                already. Nobody can delete it, or what is in it, before 35 days have passed. Left out: there is none.
            restore_testing: restore the newest copies twice a week where they are, to see that they can be and how long
                it takes. Left out: whether they can is found out when they have to be.
            resilience: what AWS is to carry out, to practise and to assess beside that: a Region switch plan,
                experiments, Resilience Hub. Left out: none of it.

        Raises:
            InvalidOptions: with every problem at once.
        """
        super().__init__(scope, id)
        regions = [region for region in (primary, recovery, *further) if region is not None]
        cidrs = dict(cidrs or {region: f"10.{number}.0.0/16" for number, region in enumerate(regions)})
        check_deployment(self, {**locals(), "strategy": self.strategy})

        stages = [scope.node.id for scope in self.node.scopes if isinstance(scope, cdk.Stage)]
        self._prefix = "-".join([*filter(None, stages), id])  # an App is a stage without an id
        self.workload, self.zones, self.scale = workload, zones, scale
        self.account = account_of(account, primary)
        self.names = Names(workload.name, self.account)
        self.objectives = (objectives or Objectives()).plain()
        self.hosted_zone_id = hosted_zone_id or self._pinned_zone()
        self._owns_zone = hosted_zone_id is None
        self.regions = tuple(regions)
        self.trickle = trickle
        self.sites = Layout(
            deployment=self,
            active=active or primary,
            cidrs=cidrs,
            restored=restored or {},
            copies_to_vault=copies_to_vault,
            air_gapped=air_gapped,
            restore_testing=restore_testing,
        ).sites(regions)
        self.primary = self.sites.get(primary) or self.sites[active or primary]
        self.recovery = self.sites.get(recovery) if recovery else None
        self.plan = recovery_plan(self)

        self._provide_zone(parent_zone)
        services = self._build_sites(after=self._build_foundations(tuple(alarm_emails)))
        for stack, others in build_traffic(self, tuple(alarm_emails), after=services):
            _deploy_after(stack, others)
        if resilience is not None:
            self._build_resilience(resilience, after=services)
        self._write_plan()
        hold_to_objectives(self)

    def environment(self, region: str, account: str | None = None) -> cdk.Environment:
        """The account of the sites, or another one, in a Region."""
        return cdk.Environment(account=account or self.account, region=region)

    def stack_name(self, part: str) -> str:
        """What CloudFormation calls a stack: ``Shop-eu-west-1-data``, with the stages above in front."""
        return f"{self._prefix}-{part}"

    def facts(self, region: str, site: Site | None) -> dict[str, Any]:
        """What the review needs to know of a stack that its resources do not say."""
        return {
            "workload": self.workload.name,
            "deployment": self.node.path,
            "strategy": self.strategy.name,
            "site": region,
            "role": "outside" if site is None else "active" if site.active else "standby",
            "objectives": self.objectives.as_seconds(),
        }

    def posture(self, tier: Tier, site: Site) -> Posture:
        """What a tier is at a site: as the strategy says, and restored where it was."""
        posture = self.strategy.posture(tier.kind, active=site.active)
        stands = posture in (Posture.FULL, Posture.LIVE_REPLICA)
        return Posture.RESTORED if stands and tier.name in site.restored else posture

    def built(self, site: Site, layer: Layer | None = None) -> list[tuple[Tier, Posture]]:
        """The tiers that a site has resources of, of all layers or of one, with what they are there."""
        found = [(tier, self.posture(tier, site)) for tier in self.workload.tiers]
        return [(tier, posture) for tier, posture in found if posture.built and layer in (None, tier.layer)]

    def build_tiers(self, scope: Construct, site: Site, layer: Layer) -> None:
        """Every tier of a layer, in the posture that the strategy gives it at this site."""
        all_at_once(*(partial(tier.build, scope, site, posture) for tier, posture in self.built(site, layer)))

    def _provide_zone(self, parent: ParentZone | None) -> None:
        made = DnsStack(self) if self._owns_zone else None
        zone_id = self.hosted_zone_id or (made.zone_id if made else "")
        if made and parent:
            made.tell_name_servers(NAME_SERVERS_OUTPUT)
            for stack in build_delegation(self, parent):
                _deploy_after(stack, [made])
        for site in self.sites.values():
            site.hosted_zone_id = zone_id

    def _build_foundations(self, emails: tuple[str, ...]) -> list[cdk.Stack]:
        stacks: list[cdk.Stack] = []
        for site in self.sites.values():
            if self.built(site):
                stacks.append(NetworkStack(self, site, zones=self.zones))
            stacks.append(VaultStack(self, site, emails=emails))
        return stacks

    def _build_containers(self) -> list[DatabaseStack]:
        """A global database has a container of its own; one that was restored and has no replica yet is none."""
        return [DatabaseStack(self, tier) for tier in self._global_databases()]

    def _global_databases(self) -> Iterator[Any]:
        for tier in self.workload.tiers:
            stands = {self.posture(tier, site) for site in self.sites.values()}
            if isinstance(tier, Aurora) and stands & {Posture.FULL, Posture.LIVE_REPLICA}:
                yield tier

    def _build_sites(self, *, after: list[cdk.Stack]) -> list[cdk.Stack]:
        """Where the data was born first: whoever replicates comes after it.

        A container is there before its first member, or is made of one that was restored.
        """
        services: list[cdk.Stack] = []
        containers = self._build_containers()
        of_members = [stack for stack in containers if stack.made_of_member]
        after = [*after, *[stack for stack in containers if stack not in of_members]]
        for site in sorted(self.sites.values(), key=lambda site: not site.born_here):
            if self.built(site, Layer.DATA):
                data = DataStack(self, site)
                _deploy_after(data, after)
                after = [data]
                for container in of_members if site.born_here else ():
                    _deploy_after(container, [data])
                    after.append(container)
            if self.built(site, Layer.SERVICE):
                services.append(ServiceStack(self, site))
                _deploy_after(services[-1], after)
        return services

    def _build_resilience(self, resilience: ResilienceOptions, *, after: list[cdk.Stack]) -> None:
        from .resilience_stack import build_resilience  # noqa: PLC0415  few need it

        for stack, others in build_resilience(self, resilience, after=after):
            _deploy_after(stack, others)

    def _write_plan(self) -> None:
        if self.plan:
            assembly = Path(cdk.Stage.of(self).outdir)  # type: ignore[union-attr]
            assembly.mkdir(parents=True, exist_ok=True)
            (assembly / f"{self.workload.name}.plan.json").write_text(self.plan.to_json() + "\n")

    def _pinned_zone(self) -> str | None:
        pins: dict[str, str] = self.node.try_get_context(HOSTED_ZONE_PIN) or {}
        return pins.get(self.workload.domain)


def _deploy_after(stack: cdk.Stack, others: list[cdk.Stack]) -> None:
    """The order of a first deployment; nothing is read across Regions, so later ones may go alone."""
    for other in others:
        stack.add_stack_dependency(other)
