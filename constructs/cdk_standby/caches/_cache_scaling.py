"""Replicas and shards that come with the load and go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as scaling

from cdk_standby_review.facts import elasticache as facts

from .._checks import Options, Rule, check
from ._cache_common import family_of, rule, size_of

if TYPE_CHECKING:
    from .valkey_cache import ValkeyCache

DIMENSIONS = {"Replicas": "Replicas", "Shards": "NodeGroups"}
METRICS = {
    ("Replicas", "cpu"): "ElastiCacheReplicaEngineCPUUtilization",
    ("Shards", "cpu"): "ElastiCachePrimaryEngineCPUUtilization",
    ("Shards", "memory"): "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
}
TIERED = "ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage"
"""Instead of memory where data lies on disks too."""


def _unscalable(options: Options) -> bool:
    node = options["node_type"]
    sized = family_of(node) in facts.SCALED.value and size_of(node) in facts.SCALED_SIZES.value
    return options["member_of"] is not None or options["cluster_mode"] != "enabled" or not sized


def _off(target: float | None) -> bool:
    return target is not None and not 10 <= target <= 90


RULES = (
    rule("scale", _unscalable, "a cache in cluster mode, on nodes that AWS scales", facts.SCALED),
    Rule(
        option="minimum",
        reads=("maximum",),
        broken=lambda o: not max(1, o["least"]) <= o["minimum"] <= o["maximum"],
        allowed=lambda o: f"{max(1, o['least'])} to 'maximum'",
        why="scaling never goes below it",
        source=facts.SCALED.source,
    ),
    Rule(
        option="maximum",
        broken=lambda o: o["maximum"] > o["most"],
        allowed=lambda o: f"up to {o['most']:g}",
        why="a cache has no more",
        source=facts.SCALED.source,
    ),
    *(
        Rule(
            option=target,
            broken=lambda o, target=target: _off(o[target]),  # type: ignore[misc]  # a lambda with a default
            allowed="10 to 90 (%)",
            why="there must be room on both sides of a target",
            source=facts.SCALED.source,
        )
        for target in ("cpu", "memory")
    ),
    Rule(
        option="cpu",
        reads=("memory",),
        broken=lambda o: o["cpu"] is None and o["memory"] is None,
        allowed="a target for 'cpu', for 'memory', or for both",
        why="what is not measured is not scaled",
        source=facts.SCALED.source,
    ),
    Rule(
        option="scale",
        broken=lambda o: o["again"],
        allowed="called once for each of replicas and shards",
        why="a cache has one number of either",
    ),
)


def scaled(
    cache: ValkeyCache,
    what: str,
    minimum: int,
    maximum: int,
    *,
    targets: Mapping[str, float | None],
    cooldown: Duration | None,
) -> scaling.CfnScalableTarget:
    """Check and make the target, and a policy for each metric."""
    replicas = what == "Replicas"
    options: dict[str, Any] = {
        "memory": None,
        **targets,
        **{name: cache.options[name] for name in ("node_type", "cluster_mode", "member_of", "data_tiering")},
        "minimum": minimum,
        "maximum": maximum,
        "least": cache.options["replicas" if replicas else "shards"],
        "most": (facts.REPLICAS if replicas else facts.SHARDS).value.high,
        "again": cache.node.try_find_child(what) is not None,
        "scale": what.lower(),
    }
    check(cache, RULES, options)
    target = scaling.CfnScalableTarget(
        cache,
        what,
        service_namespace="elasticache",
        scalable_dimension=f"elasticache:replication-group:{DIMENSIONS[what]}",
        resource_id=f"replication-group/{cache.cache_name}",
        min_capacity=minimum,
        max_capacity=maximum,
    )
    for name, value in targets.items():
        if value is not None:
            _policy(cache, (what, name), value, target, cooldown or Duration.minutes(10))
    return target


def _policy(
    cache: ValkeyCache, of: tuple[str, str], value: float, target: scaling.CfnScalableTarget, cooldown: Duration
) -> None:
    what, name = of
    own = scaling.CfnScalingPolicy
    metric = TIERED if name == "memory" and cache.options["data_tiering"] else METRICS[of]
    own(
        cache,
        f"{what}-{name}",
        policy_name=f"{what.lower()}-{name}",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=own.TargetTrackingScalingPolicyConfigurationProperty(
            predefined_metric_specification=own.PredefinedMetricSpecificationProperty(predefined_metric_type=metric),
            target_value=value,
            scale_in_cooldown=cooldown.to_seconds(),
            scale_out_cooldown=cooldown.to_seconds(),
        ),
    )
