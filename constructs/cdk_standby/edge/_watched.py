"""What every health check has, and the alarm of those that watch something."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import route53 as facts

from .._alarms import add_alarms
from .._checks import Problem, check
from .._traffic_alarms import MustHaveAlarms, health_alarm
from .._traffic_records import health_check
from .._traffic_rules import ALARMS
from ..alarm_topic import AlarmTopic

ALARM = "Unhealthy"


class HealthCheck(Construct):
    """A health check of Route 53 that records can follow: build one of its kinds, not this class."""

    health_check: route53.CfnHealthCheck
    health_check_id: str
    detection: Range
    """Seconds until Route 53 sees that what the check watches is gone."""

    def _make(self, config: route53.CfnHealthCheck.HealthCheckConfigProperty, *, name: str, detection: Range) -> None:
        self.health_check = health_check(self, "HealthCheck", name=name, config=config)
        self.health_check_id = self.health_check.attr_health_check_id
        self.detection = detection


class WatchedHealthCheck(HealthCheck):
    """A health check with an alarm."""

    alarms: dict[str, cloudwatch.Alarm]
    _thresholds: Mapping[str, float] | None
    _off: Mapping[str, str] | None

    def _watch(
        self, alarms: AlarmTopic | None, thresholds: Mapping[str, float] | None, off: Mapping[str, str] | None
    ) -> None:
        """The alarm here when this is us-east-1, or somewhere there, by `alarms_in`, before the synth."""
        self.alarms, self._thresholds, self._off = {}, thresholds, off
        if ALARM in (off or {}) or Stack.of(self).region == facts.CONTROL_PLANE.value:
            self._add(self, alarms)
        else:
            self.node.add_validation(MustHaveAlarms(self, "the health check"))

    def alarms_in(self, scope: Construct, alarms: AlarmTopic | None = None) -> None:
        """Make the alarm in another stack; in us-east-1 that happened already.

        Args:
            scope: in a stack of us-east-1, with `cross_region_references=True` or weak references: Route 53 invents the
                ids of health checks.
            alarms: who is told, by a topic of us-east-1; left out: nobody.

        Raises:
            InvalidOptions: the scope is in another Region, or the alarm is there already.
        """
        check(self, ALARMS, {"scope": Stack.of(scope).region}, also=self._twice(scope))
        self._add(Construct(scope, f"{self.node.id}-{self.node.addr[-8:]}"), alarms)

    def _twice(self, scope: Construct) -> list[Problem]:
        if not self.alarms:
            return []
        where, made = self.node.path, self.alarms[ALARM].node.path
        allowed = "called once, and never for a health check of us-east-1"
        why = f"{made} is the alarm of this health check"
        return [Problem(where=where, option="scope", got=f"'{scope.node.path}'", allowed=allowed, why=why)]

    def _add(self, scope: Construct, topic: AlarmTopic | None) -> None:
        says = (
            f"Route 53 finds {self.node.path} unhealthy: records that follow it are not answered any more, as long as "
            "others of their name are healthy. Ask the endpoint yourself, then decide about the data."
        )
        missing = cloudwatch.TreatMissingData.BREACHING
        specs = [health_alarm(ALARM, self.health_check, says, missing)]
        self.alarms = add_alarms(scope, specs, topic=topic, thresholds=self._thresholds, off_because=self._off)
