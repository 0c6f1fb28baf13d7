"""What rings for targets, whatever balancer leads to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec
from ._entrance import letter

MINUTE = Duration.minutes(1)
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
FINE = cloudwatch.TreatMissingData.NOT_BREACHING


@dataclass(frozen=True, slots=True)
class Watched:
    """A load balancer and a target group, as CloudWatch names them."""

    namespace: str
    balancer: str
    targets: str
    zones: Sequence[str]
    region: str

    def of_balancer(self, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
        """A metric of the load balancer."""
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={"LoadBalancer": self.balancer, **dimensions},
            statistic=statistic,
            period=MINUTE,
        )

    def of_targets(self, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
        """A metric of the targets behind it."""
        return self.of_balancer(name, statistic, TargetGroup=self.targets, **dimensions)


def host_alarms(watched: Watched, *, by_zone: bool, crosses: bool, needed: int | None) -> Iterator[AlarmSpec]:
    """Healthy targets in each zone, or at all where zones say nothing; and unhealthy ones."""
    empty = needed == 0
    missing = FINE if empty else cloudwatch.TreatMissingData.BREACHING
    then = "The other zones carry the load" if crosses else "Clients of that zone's address fail until DNS drops it"
    for position, zone in enumerate(watched.zones if by_zone else ()):
        yield AlarmSpec(
            name=f"HealthyHosts-{letter(zone, watched.region, position)}",
            metric=watched.of_targets("HealthyHostCount", "Minimum", AvailabilityZone=zone),
            threshold=0 if empty else 1,
            comparison=BELOW,
            missing=missing,
            says=f"No healthy target in {zone}. {then}; look at AWS Health, and shift the zone away if it stays "
            "(arc-zonal-shift start-zonal-shift).",
        )
    if not by_zone:
        yield AlarmSpec(
            name="HealthyHosts",
            metric=watched.of_targets("HealthyHostCount", "Minimum"),
            threshold=0 if empty else 1,
            comparison=BELOW,
            missing=missing,
            says="No healthy target at all. Look at the addresses, and at the VPN or Direct Connect that leads there.",
        )
    yield AlarmSpec(
        name="UnhealthyHosts",
        metric=watched.of_targets("UnHealthyHostCount", "Maximum"),
        threshold=0,
        periods=5,
        missing=FINE,
        says="Targets fail their health check for five minutes. Look at their log; if every new one fails too, roll "
        "the last deployment back.",
    )
