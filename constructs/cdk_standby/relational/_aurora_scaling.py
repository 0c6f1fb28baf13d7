"""Readers that come with the load and go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_rds as rds

from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Rule, check
from ._access import AuroraAccess

METRICS = {"cpu": "RDSReaderAverageCPUUtilization", "connections": "RDSReaderAverageDatabaseConnections"}
"""What Application Auto Scaling measures of readers, by option."""


def _bad_minimum(options: Options) -> bool:
    least = options["minimum"]
    return least not in features.SCALED_READERS.value or least < options["fixed"] or least > options["maximum"]


RULES = (
    Rule(
        option="minimum",
        reads=("maximum",),
        broken=_bad_minimum,
        allowed=lambda o: f"{max(1, o['fixed'])} (the readers of the template) to 'maximum'",
        why=features.SCALED_READERS.says,
        source=features.SCALED_READERS.source,
    ),
    Rule(
        option="maximum",
        broken=lambda o: not 1 <= o["maximum"] <= o["limit"],
        allowed=lambda o: f"1 to {o['limit']}",
        why=features.SCALED_READERS.says,
        source=features.SCALED_READERS.source,
    ),
    Rule(
        option="cpu",
        reads=("connections",),
        broken=lambda o: o["cpu"] is None and o["connections"] is None,
        allowed="a target for 'cpu', for 'connections', or for both",
        why="readers are added when the average of all of them is above a target, and removed below it",
        source=features.SCALED_READERS.source,
    ),
    Rule(
        option="cpu",
        broken=lambda o: o["cpu"] is not None and not 1 <= o["cpu"] <= 100,
        allowed="1 to 100 (%)",
        why="it is a share of the readers' processors",
    ),
    Rule(
        option="connections",
        broken=lambda o: o["connections"] is not None and o["connections"] < 1,
        allowed="1 or more to a reader",
        why="it is their average number",
    ),
    Rule(
        option="scale_readers",
        broken=lambda o: o["lags"],
        allowed="not called where 'follows' is True: in the Region that writes",
        why=features.SCALED_SECONDARIES.says,
        source=features.SCALED_SECONDARIES.source,
    ),
    Rule(
        option="scale_readers",
        broken=lambda o: o["again"],
        allowed="called once",
        why="a cluster has one number of readers",
    ),
)


def scaled(
    scope: AuroraAccess,
    *,
    instances: Sequence[rds.CfnDBInstance],
    limit: int,
    lags: bool,
    minimum: int,
    maximum: int,
    cpu: float | None,
    connections: float | None,
    cooldown: Duration,
) -> scaling.CfnScalableTarget:
    """Check and make the target, and a policy for each metric."""
    again = scope.node.try_find_child("Readers") is not None
    options: dict[str, Any] = {
        **locals(),
        "fixed": len(instances) - 1,
        "again": again,
        "scale_readers": "called again" if again else "called",
    }
    check(scope, RULES, options)
    target = scaling.CfnScalableTarget(
        scope,
        "Readers",
        service_namespace="rds",
        scalable_dimension="rds:cluster:ReadReplicaCount",
        resource_id=f"cluster:{scope.cluster_identifier}",
        min_capacity=minimum,
        max_capacity=maximum,
    )
    for instance in instances:
        target.node.add_dependency(instance)
    for option, metric in METRICS.items():
        if options[option] is not None:
            policy = _tracking(metric, options[option], cooldown)
            scaling.CfnScalingPolicy(
                scope,
                f"Readers-{option}",
                policy_name=f"readers-{option}",
                policy_type="TargetTrackingScaling",
                scaling_target_id=target.ref,
                target_tracking_scaling_policy_configuration=policy,
            )
    return target


def _tracking(
    metric: str, value: float, cooldown: Duration
) -> scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty:
    predefined = scaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(predefined_metric_type=metric)
    return scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
        predefined_metric_specification=predefined,
        target_value=value,
        scale_in_cooldown=cooldown.to_seconds(),
        scale_out_cooldown=cooldown.to_seconds(),
    )
