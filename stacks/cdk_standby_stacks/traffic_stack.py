"""What leads users to a site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby import AlarmId, AlarmTopic, DomainRecord, FailoverRecords, FailoverSite
from cdk_standby.edge.answers import Alias, LatencyAnswer, WeightedAnswer
from cdk_standby.edge.health_checks import AlarmCheck, CalculatedCheck, EndpointCheck
from cdk_standby.edge.records import LatencyRecords, WeightedRecords

from .site_stacks import ROUTE_53_HOME, SiteStack
from .sites import Site
from .strategies import Traffic

if TYPE_CHECKING:
    from cdk_standby_runbooks.plan import Switch

    from .deployment import Deployment

Unwatched = FailoverRecords | EndpointCheck | CalculatedCheck
Led = tuple[str, tuple[Construct, ...]]
"""A name that leads to a site, and what has to be there before an alias to it."""


def build_traffic(
    deployment: Deployment, emails: tuple[str, ...], *, after: list[cdk.Stack]
) -> Iterator[tuple[cdk.Stack, list[cdk.Stack]]]:
    """The stacks that lead users to the sites, each with those that come before it."""
    traffic = TrafficStack(deployment, emails=emails)
    yield traffic, after
    if traffic.unwatched:
        yield TrafficAlarmsStack(deployment, traffic.unwatched, emails=emails), [traffic]


class TrafficStack(SiteStack):
    """The workload's name, and the health-checked records behind it.

    The name is an alias of a name that the strategy chooses. So another strategy changes where it leads in place:
    Route 53 keeps records of two routing policies from sharing a name.

    It stands outside the primary: in us-east-1, or in the recovery Region if that is it. Nothing of it is edited or
    deployed to fail over; its data plane answers from every edge. For later repairs it should not go down with the
    primary: with accelerated recovery, records can be changed again within the hour.
    """

    unwatched: list[Unwatched]
    """What has health checks whose alarms have to be in another stack."""

    def __init__(self, deployment: Deployment, *, emails: tuple[str, ...]) -> None:
        super().__init__(deployment, "traffic", region=traffic_region(deployment))
        self._deployment, self._emails = deployment, emails
        self.unwatched = []
        self._zone = route53.HostedZone.from_hosted_zone_id(self, "Zone", deployment.primary.hosted_zone_id)
        leads_to = {
            Traffic.SINGLE: self._to_the_active,
            Traffic.FAILOVER: self._to_both if deployment.trickle else self._to_the_healthy,
            Traffic.LATENCY: self._to_the_nearest,
        }[deployment.strategy.traffic]
        name, first = leads_to()
        record = DomainRecord(self, "Domain", hosted_zone=self._zone, name=deployment.workload.domain, leads_to=name)
        record.node.add_dependency(*first)

    def _to_the_active(self) -> Led:
        """One Region serves; its own name is all there is to lead to."""
        return next(site.regional_domain for site in self._deployment.sites.values() if site.active), ()

    def _to_the_healthy(self) -> Led:
        """A pair of failover records, and the switch that moves traffic by hand."""
        deployment = self._deployment
        domain = deployment.names.failover_domain(deployment.workload.domain)
        records = FailoverRecords(
            self,
            "Records",
            hosted_zone=self._zone,
            domain=domain,
            primary=_site(deployment.primary),
            secondary=_site(deployment.recovery),  # type: ignore[arg-type]
            health_path=deployment.workload.service.health_path,
            switch_alarm=_switch_alarm(deployment),
            alarms=self._alarms(),
        )
        if not records.alarms:
            self.unwatched.append(records)
        return domain, (records,)

    def _to_both(self) -> Led:
        """Most users to the primary, a few to the standby; all of them to the one that is healthy."""
        deployment, checks = self._deployment, self._checks()
        weights = {deployment.primary.region: 100 - deployment.trickle, deployment.regions[1]: deployment.trickle}
        domain = deployment.names.shared_domain(deployment.workload.domain)
        answers = [
            WeightedAnswer(
                id=site.region,
                weight=weights[site.region],
                leads_to=Alias(name=site.regional_domain),
                check=checks[site.region],
            )
            for site in deployment.sites.values()
        ]
        return domain, (WeightedRecords(self, "Shared", hosted_zone=self._zone, domain=domain, answers=answers),)

    def _to_the_nearest(self) -> Led:
        """A record for each Region that serves; the switch keeps users away from the primary."""
        deployment, checks = self._deployment, self._checks()
        domain = deployment.names.nearest_domain(deployment.workload.domain)
        answers = [
            LatencyAnswer(region=site.region, leads_to=Alias(name=site.regional_domain), check=checks[site.region])
            for site in deployment.sites.values()
        ]
        return domain, (LatencyRecords(self, "Nearest", hosted_zone=self._zone, domain=domain, answers=answers),)

    def _checks(self) -> dict[str, EndpointCheck | CalculatedCheck]:
        """Whether each Region answers, and of the primary also that nobody threw the switch."""
        deployment = self._deployment
        alarms, path = self._alarms(), deployment.workload.service.health_path
        checks: dict[str, EndpointCheck | CalculatedCheck] = {
            site.region: EndpointCheck(
                self, f"Serves-{site.region}", domain=site.regional_domain, path=path, alarms=alarms
            )
            for site in deployment.sites.values()
        }
        primary = deployment.primary.region
        switch = AlarmCheck(self, "Switch", alarm=_switch_alarm(deployment), insufficient_data="LastKnownStatus")
        use = CalculatedCheck(self, "Use", children=[checks[primary], switch], alarms=alarms)
        if alarms is None:
            self.unwatched += [*checks.values(), use]
        return checks | {primary: use}

    def _alarms(self) -> AlarmTopic | None:
        """Who is told of health checks, in the only Region that knows their metrics."""
        return AlarmTopic(self, "Alarms", emails=self._emails) if self.region == ROUTE_53_HOME else None


def traffic_region(deployment: Deployment) -> str:
    """Where Route 53's control plane is, unless that is the primary Region and there is another one."""
    away = [region for region in deployment.regions if region != deployment.regions[0]]
    return away[0] if deployment.regions[0] == ROUTE_53_HOME and away else ROUTE_53_HOME


class TrafficAlarmsStack(SiteStack):
    """The alarms of health checks that live elsewhere: their metrics are in us-east-1 only.

    It reads the checks' ids, which Route 53 invents, by weak references; nothing of a failover reads this stack.
    """

    def __init__(self, deployment: Deployment, unwatched: list[Unwatched], *, emails: tuple[str, ...]) -> None:
        super().__init__(deployment, "traffic-alarms", region=ROUTE_53_HOME)
        alarms = AlarmTopic(self, "Alarms", emails=emails)
        for watched in unwatched:
            watched.alarms_in(self, alarms)


def _switch_alarm(deployment: Deployment) -> AlarmId:
    switch: Switch = deployment.plan.traffic.switch  # type: ignore[union-attr]
    return AlarmId(region=switch.held_in, name=switch.alarm)


def _site(site: Site) -> FailoverSite:
    return FailoverSite(region=site.region, domain=site.regional_domain)
