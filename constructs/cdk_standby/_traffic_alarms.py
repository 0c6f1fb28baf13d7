"""What rings when traffic is about to move, where Route 53's metrics are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import IValidation, Node

from cdk_standby_review.facts import route53 as facts

from ._alarms import AlarmSpec


class Watched(Protocol):
    """What has alarms on health checks."""

    alarms: dict[str, cloudwatch.Alarm]

    @property
    def node(self) -> Node:
        """Its place in the tree."""
        ...


def health_alarms(
    endpoints: Mapping[str, route53.CfnHealthCheck], switch: route53.CfnHealthCheck
) -> Iterator[AlarmSpec]:
    """One alarm for each site, and one for the switch."""
    for region, health in endpoints.items():
        yield health_alarm(
            f"Unhealthy-{region}",
            health,
            f"Route 53 gets no good answer from {region}. If users were led there, they are led to the other Region "
            "now; decide whether to fail the data over too.",
            cloudwatch.TreatMissingData.BREACHING,
        )
    yield health_alarm(
        "SwitchThrown",
        switch,
        "Traffic was switched away from the primary Region, and stays away until the switch is thrown back.",
        cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def health_alarm(
    name: str, health: route53.CfnHealthCheck, says: str, missing: cloudwatch.TreatMissingData
) -> AlarmSpec:
    """Rings when a health check turns unhealthy."""
    return AlarmSpec(
        name=name,
        metric=cloudwatch.Metric(
            namespace="AWS/Route53",
            metric_name="HealthCheckStatus",
            dimensions_map={"HealthCheckId": health.attr_health_check_id},
            statistic="Minimum",
            period=Duration.minutes(1),
        ),
        threshold=1,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=1,
        missing=missing,
        says=says,
    )


@jsii.implements(IValidation)
class MustHaveAlarms:
    """Fails the synth of records and health checks outside us-east-1 whose alarms were forgotten."""

    def __init__(self, watched: Watched, what: str = "the records") -> None:
        self._watched = watched
        self._what = what

    def validate(self) -> list[str]:
        """What is missing, or nothing."""
        if self._watched.alarms:
            return []
        home = facts.CONTROL_PLANE
        return [
            f"{self._watched.node.path}: the alarms are missing; build {self._what} in a stack of {home.value}, or "
            f"call 'alarms_in' with a construct of one, because {home.says} ({home.source})"
        ]
