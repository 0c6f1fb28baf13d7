"""Names that follow the health of Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import route53 as facts

from ._alarms import add_alarms
from ._checks import Problem, check
from ._traffic_alarms import MustHaveAlarms, health_alarms
from ._traffic_names import name_problems
from ._traffic_records import balancer_record, failover_record, health_check, of_alarm, of_all, of_endpoint
from ._traffic_rules import ALARMS, FAILOVER, RECORD, known_detection, zone_name
from .accelerated_zone import AcceleratedZone
from .alarm_topic import AlarmTopic
from .traffic_switch import METRIC, NAMESPACE, AlarmId, TrafficSwitch

__all__ = [
    "METRIC",
    "NAMESPACE",
    "AcceleratedZone",
    "AlarmId",
    "FailoverRecords",
    "FailoverSite",
    "RegionalRecord",
    "TrafficSwitch",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailoverSite:
    """One Region of a workload, and the domain name that always leads there (see `RegionalRecord`)."""

    region: str
    domain: str


class RegionalRecord(Construct):
    """A name that always leads to one Region: an alias to its load balancer, as healthy as that.

    It belongs into the Region's own stack. Region loss: the name leads nowhere, and `FailoverRecords` see it.
    """

    records: tuple[route53.CfnRecordSet, ...]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        name: str,
        load_balancer: elb.IApplicationLoadBalancer,
        ipv6: bool = False,
    ) -> None:
        """Make the record.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            hosted_zone: holds the name; the same zone as that of the `FailoverRecords` that lead here.
            name: such as eu-west-1.shop.example.com.
            load_balancer: of this Region.
            ipv6: True adds an AAAA record, for a dual-stack load balancer; left out: A only.

        Raises:
            InvalidOptions: the name is none, or lies outside the hosted zone.
        """
        super().__init__(scope, id)
        check(self, RECORD, {"name": name, "zone": zone_name(hosted_zone)})
        check(self, [], {}, also=_taken(self, hosted_zone, name, "simple", ipv6))
        self.records = tuple(
            balancer_record(
                self, kind, zone_id=hosted_zone.hosted_zone_id, name=name, type=kind, balancer=load_balancer
            )
            for kind in _kinds(ipv6)
        )


class FailoverRecords(Construct):
    """One name for two Regions: it leads to the primary while that is healthy and not switched off.

    Region loss: traffic moves by itself within `detection` and `ttl`, or within `switching` and `ttl` when somebody
    throws the switch; neither edits a record. While the secondary is unhealthy Route 53 answers with the primary,
    whatever its health. A record is used while its health check and its load balancer's targets are both healthy.
    Which site is primary is what a Region was declared as, not who is active: after a failover the switch holds.
    Swapping the two takes two deployments, since CloudFormation changes one record after the other, and Route 53
    refuses two of a role.
    """

    endpoint_checks: dict[str, route53.CfnHealthCheck]
    """Whether each site answers, by Region."""
    switch_check: route53.CfnHealthCheck
    """Whether the switch is not thrown."""
    primary_check: route53.CfnHealthCheck
    """Both for the primary: what its record follows."""
    records: tuple[route53.CfnRecordSet, ...]
    detection: Range
    """Seconds until Route 53 sees that a site stopped answering."""
    switching: Range
    """Seconds until Route 53 sees that the switch was thrown."""
    ttl: Duration
    """How long resolvers remember the answer."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        domain: str,
        primary: FailoverSite,
        secondary: FailoverSite,
        switch_alarm: AlarmId,
        health_path: str = "/healthz",
        interval: Duration | None = None,
        failures: int = 3,
        checker_regions: Sequence[str] | None = None,
        ipv6: bool = False,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the records with their health checks.

        Args:
            scope: the parent, best in a stack of us-east-1: only there the alarms can be. Elsewhere call `alarms_in`.
            id: unique among the parent's children.
            hosted_zone: a public zone that holds all three names.
            domain: the name that users call.
            primary: the site that is used while it is healthy and not switched off.
            secondary: the site that is used otherwise.
            switch_alarm: the alarm of the `TrafficSwitch` for the primary's Region. Deploy it and the sites' names
                before: Route 53 refuses a health check of no alarm, and an alias to no record.
            health_path: what answers 2xx or 3xx within 2 seconds when a site can serve; left out: ``/healthz``.
            interval: between two requests of one health checker, 10 or 30 seconds; left out: 10.
            failures: how many in a row make a site unhealthy, 1 to 10; left out: 3.
            checker_regions: where health checkers ask from, three or more; left out: everywhere they are.
            ipv6: True adds AAAA records, when both sites have them; left out: A only.
            alarms: who is told, by a topic of us-east-1; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name (`Unhealthy-<region>`, `SwitchThrown`).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        interval = interval or Duration.seconds(min(facts.INTERVALS.value))
        parts = _parts(primary=primary, secondary=secondary, switch_alarm=switch_alarm)
        check(self, FAILOVER, {**locals(), **parts, "zone": zone_name(hosted_zone)})
        check(self, [], {}, also=_taken(self, hosted_zone, domain, "failover", ipv6))
        self.detection = known_detection(interval, failures)
        self.switching = facts.SWITCH.value
        self.ttl = Duration.seconds(facts.ALIAS_TTL.value)

        self.endpoint_checks = {
            site.region: health_check(
                self,
                f"Endpoint-{site.region}",
                name=f"{site.domain} answers",
                config=of_endpoint(site.domain, health_path, interval, failures, checker_regions),
            )
            for site in (primary, secondary)
        }
        self.switch_check = health_check(
            self,
            f"Switch-{primary.region}",
            name=f"{domain} may stay in {primary.region}",
            config=of_alarm(switch_alarm.region, switch_alarm.name),
        )
        self.primary_check = health_check(
            self,
            f"Use-{primary.region}",
            name=f"{domain} leads to {primary.region}",
            config=of_all([self.endpoint_checks[primary.region], self.switch_check]),
        )
        roles = (
            ("PRIMARY", primary, self.primary_check),
            ("SECONDARY", secondary, self.endpoint_checks[secondary.region]),
        )
        self.records = tuple(
            failover_record(
                self,
                f"{kind}-{site.region}",
                zone_id=hosted_zone.hosted_zone_id,
                name=domain,
                type=kind,
                role=role,
                region=site.region,
                leads_to=site.domain,
                health=health,
            )
            for kind in _kinds(ipv6)
            for role, site, health in roles
        )
        self.alarms = {}
        self._thresholds, self._off = alarm_thresholds, alarms_off_because
        if Stack.of(self).region == facts.CONTROL_PLANE.value:
            self.alarms_in(self, alarms)
        else:
            self.node.add_validation(MustHaveAlarms(self))

    def alarms_in(self, scope: Construct, alarms: AlarmTopic | None = None) -> None:
        """Make the alarms in another stack; in us-east-1 that happened already.

        Args:
            scope: in a stack of us-east-1, with `cross_region_references=True` or weak references: Route 53 invents the
                ids of health checks.
            alarms: who is told, by a topic of us-east-1; left out: nobody.

        Raises:
            InvalidOptions: the scope is in another Region.
        """
        check(self, ALARMS, {"scope": Stack.of(scope).region})
        specs = health_alarms(self.endpoint_checks, self.switch_check)
        self.alarms = add_alarms(scope, specs, topic=alarms, thresholds=self._thresholds, off_because=self._off)


def _kinds(ipv6: bool) -> tuple[str, ...]:
    return ("A", "AAAA") if ipv6 else ("A",)


def _taken(scope: Construct, zone: route53.IHostedZone, name: str, policy: str, ipv6: bool) -> list[Problem]:
    """What to say about records of another routing policy that the name has."""
    return name_problems(scope, zone_id=zone.hosted_zone_id, name=name, types=_kinds(ipv6), policy=policy)


def _parts(**values: FailoverSite | AlarmId) -> dict[str, str]:
    """`primary.region` and the like, as rules name them."""
    return {
        f"{name}.{field.name}": getattr(value, field.name) for name, value in values.items() for field in fields(value)
    }
