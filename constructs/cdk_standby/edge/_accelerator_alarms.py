"""What rings when endpoints of an accelerator fail, where Global Accelerator's metrics are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from .._alarms import AlarmSpec


def region_alarms(regions: Iterable[str], metric: Callable[..., cloudwatch.Metric]) -> Iterator[AlarmSpec]:
    """Two for each Region: one endpoint is lost, and all are."""
    for region in regions:
        yield AlarmSpec(
            name=f"Unhealthy-{region}",
            metric=metric("UnhealthyEndpointCount", region=region, statistic="Maximum"),
            threshold=0,
            missing=cloudwatch.TreatMissingData.NOT_BREACHING,
            says=f"An endpoint in {region} is unhealthy; the others of the Region take its share. Look at the "
            "targets of the load balancer.",
        )
        yield AlarmSpec(
            name=f"NoneHealthy-{region}",
            metric=metric("HealthyEndpointCount", region=region, statistic="Maximum"),
            threshold=1,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            says=f"No endpoint in {region} is healthy: new connections go to another Region, whatever its dial. Decide "
            "whether to fail the data over too.",
        )
