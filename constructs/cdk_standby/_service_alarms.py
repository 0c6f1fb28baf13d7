"""What rings when a service suffers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch

from ._alarms import AlarmSpec
from ._service_values import WarmPool
from ._tokens import is_token
from .capacity import smallest_share

if TYPE_CHECKING:
    from .service import Service

_MINUTE = Duration.minutes(1)
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_FINE = cloudwatch.TreatMissingData.NOT_BREACHING


def service_alarms(service: Service) -> Iterator[AlarmSpec]:
    """All alarms of a service; the same names at every size and, as far as zones go by letters, in every Region."""
    yield from _hosts(service)
    yield from _requests(service)
    yield from capacity_alarms(service.group)
    yield from pool_alarms(service.group, service.warm_pool)


def zone_alarm_name(zone: str, region: str, position: int) -> str:
    """`HealthyHosts-a` for eu-west-1a, so that sites share names; a zone unknown at synth goes by its position."""
    return f"HealthyHosts-{zone_letter(zone, region, position)}"


def zone_letter(zone: str, region: str, position: int) -> str:
    """`a` for eu-west-1a; a zone unknown at synth goes by its position, from 1."""
    return str(position + 1) if is_token(zone) else zone.removeprefix(region).strip("-")


def _hosts(service: Service) -> Iterator[AlarmSpec]:
    zones = service.availability_zones
    everywhere = smallest_share(service.running, len(zones)) >= 1
    for position, zone in enumerate(zones):
        yield AlarmSpec(
            name=zone_alarm_name(zone, Stack.of(service).region, position),
            metric=_of_targets(service, "HealthyHostCount", "Minimum", AvailabilityZone=zone),
            threshold=1 if everywhere else 0,
            comparison=_BELOW,
            missing=cloudwatch.TreatMissingData.BREACHING if everywhere else _FINE,
            says=f"No healthy instance in {zone}. The other zones carry the load; look at AWS Health, and shift the "
            "zone away if it stays (arc-zonal-shift start-zonal-shift)."
            if everywhere
            else f"Healthy instances in {zone}: too few run for one in every zone, so this rings by a threshold "
            "of your own only.",
        )
    yield AlarmSpec(
        name="UnhealthyHosts",
        metric=_of_targets(service, "UnHealthyHostCount", "Maximum"),
        threshold=0,
        periods=5,
        missing=_FINE,
        says="Instances fail their health check for five minutes and are being replaced. Look at their log; if every "
        "new one fails too, roll the last deployment back.",
    )


def _requests(service: Service) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        name="TargetErrors",
        metric=cloudwatch.MathExpression(
            expression="100 * FILL(errors, 0) / requests",
            using_metrics={
                "errors": _of_targets(service, "HTTPCode_Target_5XX_Count", "Sum"),
                "requests": _of_targets(service, "RequestCount", "Sum"),
            },
            label="percent of requests answered with 5xx",
            period=_MINUTE,
        ),
        threshold=5,
        missing=_FINE,
        says="More than 5 % of the requests end in a 5xx of the service. Look at its log and at the database's alarms.",
    )
    yield AlarmSpec(
        name="BalancerErrors",
        metric=_of_balancer(service, "HTTPCode_ELB_5XX_Count", "Sum"),
        threshold=10,
        missing=_FINE,
        says="The load balancer itself answers with 5xx: no healthy instance, or instances that close connections.",
    )
    yield AlarmSpec(
        name="ResponseTime",
        metric=_of_targets(service, "TargetResponseTime", "p99"),
        threshold=2,
        periods=5,
        missing=_FINE,
        says="One request in a hundred takes longer than 2 seconds. Look at CPU, database and AtMaximum.",
    )


def _of_balancer(service: Service, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApplicationELB",
        metric_name=name,
        dimensions_map={"LoadBalancer": service.load_balancer.load_balancer_full_name, **dimensions},
        statistic=statistic,
        period=_MINUTE,
    )


def _of_targets(service: Service, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
    """Not `target_group.metrics`: those cut the balancer's name out of the listener's ARN, at deployment."""
    return _of_balancer(service, name, statistic, TargetGroup=service.target_group.target_group_full_name, **dimensions)


def capacity_alarms(group: autoscaling.AutoScalingGroup, suffix: str = "") -> Iterator[AlarmSpec]:
    """The alarms of a group of any kind; with a suffix to their names where a construct has several groups."""
    in_service = _group_metric(group, "GroupInServiceInstances")
    yield AlarmSpec(
        name=f"BelowMinimum{suffix}",
        metric=cloudwatch.MathExpression(
            expression="running - minimum",
            using_metrics={"running": in_service, "minimum": _group_metric(group, "GroupMinSize")},
            label="instances in service above the minimum",
            period=_MINUTE,
        ),
        threshold=0,
        comparison=_BELOW,
        periods=10,
        says="Fewer instances in service than the minimum for ten minutes: the loss of a zone may not be survived now. "
        "Look at the group's activity history for failed launches.",
    )
    yield AlarmSpec(
        name=f"AtMaximum{suffix}",
        metric=cloudwatch.MathExpression(
            expression="running / maximum * 100",
            using_metrics={"running": in_service, "maximum": _group_metric(group, "GroupMaxSize")},
            label="percent of the maximum in service",
            period=_MINUTE,
        ),
        threshold=100,
        comparison=_AT_LEAST,
        periods=10,
        missing=_FINE,
        says="The group has grown to its maximum and cannot grow on. Raise 'maximum', here and at the standby.",
    )


def pool_alarms(group: autoscaling.AutoScalingGroup, pool: WarmPool | None, suffix: str = "") -> Iterator[AlarmSpec]:
    """A warm pool that does not fill: its instances fail, or never say that they are ready."""
    if pool is None or pool.minimum == 0:
        return
    yield AlarmSpec(
        name=f"WarmPoolShort{suffix}",
        metric=_group_metric(group, "WarmPoolWarmedCapacity"),
        threshold=pool.minimum,
        comparison=_BELOW,
        periods=30,
        says="Fewer warm instances than the pool's minimum for half an hour: the next growth starts from an image. "
        "Look at the activity history: an instance whose launch hook nobody completes never enters the pool.",
    )


def _group_metric(group: autoscaling.AutoScalingGroup, name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/AutoScaling",
        metric_name=name,
        dimensions_map={"AutoScalingGroupName": group.auto_scaling_group_name},
        statistic="Maximum" if name in ("GroupMinSize", "GroupMaxSize") else "Minimum",
        period=_MINUTE,
    )
