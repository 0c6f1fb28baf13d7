"""Health checks: of an endpoint, of other checks, of an alarm, of a routing control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import arc
from cdk_standby_review.facts import route53 as facts

from .._checks import check
from .._regions import unknown_region
from .._tokens import is_token
from .._traffic_rules import known_detection
from ..alarm_topic import AlarmTopic
from ..traffic_switch import AlarmId
from ._check_rules import ALARM, CALCULATED, ENDPOINT, ROUTING_CONTROL
from ._watched import HealthCheck, WatchedHealthCheck

__all__ = ["AlarmCheck", "CalculatedCheck", "EndpointCheck", "HealthCheck", "RoutingControlCheck"]

_Config = route53.CfnHealthCheck.HealthCheckConfigProperty
_PORTS = {"HTTPS": 443, "HTTP": 80}


class EndpointCheck(WatchedHealthCheck):
    """Route 53 asks an endpoint itself, from several Regions; healthy while more than 18% of its checkers say so.

    Region loss: checkers ask from at least three Regions, and go on without one of them; only changing a health check
    needs us-east-1. The alarm lives in us-east-1, and does not ring while that Region is lost: failing over needs none.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: str | None = None,
        ip: str | None = None,
        protocol: str = "HTTPS",
        port: int | None = None,
        path: str = "/healthz",
        search: str | None = None,
        interval: Duration | None = None,
        failures: int = 3,
        checker_regions: Sequence[str] | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the health check.

        Args:
            scope: the parent, best in a stack of us-east-1: only there the alarm can be. Elsewhere call `alarms_in`.
            id: unique among the parent's children.
            domain: the name of one Region or server, never the name that itself fails over; left out: `ip` alone.
            ip: a public address to ask, with `domain` as its Host; left out: what DNS answers for `domain`.
            protocol: HTTPS, HTTP or TCP; another one makes another health check. Certificates are not validated.
            port: 1 to 65535; left out: 443 for HTTPS and 80 for HTTP.
            path: what answers 2xx or 3xx within 2 seconds when the endpoint can serve; TCP asks for none.
            search: a text within the first 5120 bytes of a good answer; left out: the status alone decides. Giving or
                leaving it out makes another health check.
            interval: between two requests of one checker, 10 or 30 seconds; left out: 10. Another one makes another
                health check.
            failures: how many in a row make the endpoint unhealthy, 1 to 10; left out: 3.
            checker_regions: where checkers ask from, three or more; left out: everywhere they are.
            alarms: who is told, by a topic of us-east-1; left out: the alarm exists but tells nobody.
            alarm_thresholds: another threshold of the alarm `Unhealthy`.
            alarms_off_because: the alarm to leave out, with a reason.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        interval = interval or Duration.seconds(min(facts.INTERVALS.value))
        check(self, ENDPOINT, locals())
        http = protocol != "TCP"
        config = _Config(
            type=f"{protocol}_STR_MATCH" if search else protocol,
            fully_qualified_domain_name=domain,
            ip_address=ip,
            port=port or _PORTS.get(protocol),
            resource_path=path if http else None,
            search_string=search,
            enable_sni=True if protocol == "HTTPS" else None,
            request_interval=interval.to_seconds(),
            failure_threshold=failures,
            regions=list(checker_regions) if checker_regions else None,
        )
        detection = known_detection(interval, failures)
        self._make(config, name=f"{domain or ip} answers", detection=detection)
        self._watch(alarms, alarm_thresholds, alarms_off_because)


class CalculatedCheck(WatchedHealthCheck):
    """Healthy while enough other health checks are.

    Region loss: what its children see; counting them is Route 53's data plane, which no Region holds alone.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        children: Sequence[HealthCheck],
        healthy: int | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Make the health check.

        Args:
            scope: the parent, best in a stack of us-east-1: only there the alarm can be. Elsewhere call `alarms_in`.
            id: unique among the parent's children.
            children: 1 to 256 other health checks, each once.
            healthy: how many of them have to be healthy; left out: all.
            alarms: who is told, by a topic of us-east-1; left out: the alarm exists but tells nobody.
            alarm_thresholds: another threshold of the alarm `Unhealthy`.
            alarms_off_because: the alarm to leave out, with a reason.

        Raises:
            InvalidOptions: no child, too many, one twice, or a number of healthy ones that is always or never reached
                (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html).
        """
        super().__init__(scope, id)
        count, paths = len(children), {child.node.path for child in children}
        check(self, CALCULATED, {"children": count, "healthy": healthy, "repeated": len(paths) < count})
        threshold = count if healthy is None else healthy
        config = _Config(
            type="CALCULATED",
            child_health_checks=[child.health_check_id for child in children],
            health_threshold=threshold,
        )
        enough = 1 if is_token(threshold) else threshold  # the slowest, when only the deployment knows
        detection = facts.calculated_detection([child.detection for child in children], enough)
        self._make(config, name=f"{threshold} of {count} for {self.node.path}", detection=detection)
        self._watch(alarms, alarm_thresholds, alarms_off_because)


class AlarmCheck(HealthCheck):
    """As healthy as an alarm of CloudWatch is quiet: for what no health checker can reach, such as a private endpoint.

    Route 53 reads the data of the alarm, not its state. Region loss: when the alarm's own Region is lost, no data
    comes, and `insufficient_data` decides. Alarms on metrics of high resolution or with percentiles are not followed.
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alarm: AlarmId,
        insufficient_data: str,
        period: Duration | None = None,
        periods: int = 1,
    ) -> None:
        """Make the health check. It has no alarm: the one that it follows rings.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            alarm: its Region and name, as text: no reference between Regions. It has to exist before.
            insufficient_data: what the check is without data: Unhealthy leaves a Region that fell silent,
                LastKnownStatus holds a switch, Healthy ignores silence.
            period: that of the alarm, in whole minutes, for `detection`; left out: one minute.
            periods: how many of them the alarm looks at, for `detection`; left out: 1.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        period = period or Duration.minutes(1)
        named = {"alarm.name": alarm.name, "alarm.region": alarm.region}
        unknown = unknown_region(self.node.path, "alarm.region", alarm.region)
        check(self, ALARM, {**locals(), **named}, also=[unknown] if unknown else [])
        config = _Config(
            type="CLOUDWATCH_METRIC",
            alarm_identifier=route53.CfnHealthCheck.AlarmIdentifierProperty(region=alarm.region, name=alarm.name),
            insufficient_data_health_status=insufficient_data,
        )
        seconds = 60 if period.is_unresolved() else period.to_seconds()
        self._make(
            config,
            name=f"{alarm.name} is quiet",
            detection=facts.alarm_detection(seconds, 1 if is_token(periods) else periods),
        )


class RoutingControlCheck(HealthCheck):
    """As healthy as a routing control of ARC is on: somebody turns it, nothing is asked.

    Region loss: a control is turned while three of five Regions answer (see `RoutingControls`). It has no interval and
    no threshold; and no alarm, since a standby's control is off for good reasons.
    """

    def __init__(self, scope: Construct, id: str, *, routing_control_arn: str, name: str | None = None) -> None:
        """Make the health check.

        Args:
            scope: the parent, in any Region.
            id: unique among the parent's children.
            routing_control_arn: of the control, such as one of `RoutingControls.controls`.
            name: what the list of health checks shows; left out: the construct's path.

        Raises:
            InvalidOptions: the ARN is none of a routing control.
        """
        super().__init__(scope, id)
        check(self, ROUTING_CONTROL, {"routing_control_arn": routing_control_arn})
        config = _Config(type="RECOVERY_CONTROL", routing_control_arn=routing_control_arn)
        self._make(config, name=name or f"{self.node.path} is on", detection=arc.FLIP.value)
