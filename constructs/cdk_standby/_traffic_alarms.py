"""What rings when traffic is about to move, where Route 53's metrics are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import IValidation

from cdk_standby_review.facts import route53 as facts

from ._alarms import AlarmSpec

if TYPE_CHECKING:
    from .traffic import FailoverRecords


def health_alarms(
    endpoints: Mapping[str, route53.CfnHealthCheck], switch: route53.CfnHealthCheck
) -> Iterator[AlarmSpec]:
    """One alarm for each site, and one for the switch."""
    for region, health in endpoints.items():
        yield _spec(
            f"Unhealthy-{region}",
            health,
            f"Route 53 gets no good answer from {region}. If users were led there, they are led to the other Region "
            "now; decide whether to fail the data over too.",
            cloudwatch.TreatMissingData.BREACHING,
        )
    yield _spec(
        "SwitchThrown",
        switch,
        "Traffic was switched away from the primary Region, and stays away until the switch is thrown back.",
        cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def _spec(name: str, health: route53.CfnHealthCheck, says: str, missing: cloudwatch.TreatMissingData) -> AlarmSpec:
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
    """Fails the synth of records outside us-east-1 whose alarms were forgotten."""

    def __init__(self, records: FailoverRecords) -> None:
        self._records = records

    def validate(self) -> list[str]:
        """What is missing, or nothing."""
        if self._records.alarms:
            return []
        home = facts.CONTROL_PLANE
        return [
            f"{self._records.node.path}: the alarms are missing; build the records in a stack of {home.value}, or call "
            f"'alarms_in' with a construct of one, because {home.says} ({home.source})"
        ]
