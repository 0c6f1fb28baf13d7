"""Rules about capacity: what is left after a fault carries the load, and a deployment never takes capacity away."""

from __future__ import annotations

from collections.abc import Iterable

from ..facts.autoscaling import LAUNCH_CONFIGURATIONS
from ..findings import Found, Severity, rule
from ..graph import Graph, Resource
from ..intrinsics import known
from ..knowledge._kept import kept
from ..placement import placement

_STATIC = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_static_stability.html"
_DESIRED = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html"
_WARM = "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html"
_GROUP = "AWS::AutoScaling::AutoScalingGroup"


def desired_capacity(graph: Graph) -> Iterable[Found]:
    """A group whose template pins the number of instances."""
    for group in graph.of_type(_GROUP):
        if (said := group.get("DesiredCapacity")) is not None:
            what = f"DesiredCapacity is {said}" if known(said) else "DesiredCapacity is set"
            yield group, what, "leave DesiredCapacity out, set MinSize"


def survives_zone(graph: Graph) -> Iterable[Found]:
    """A group that has too little left when a zone is lost."""
    for group in graph.of_type(_GROUP):
        minimum, zones = group.number("MinSize"), placement(graph, group).zones
        if minimum == 1 and kept(graph, group) == 1 and len(zones) >= 2:
            yield group, f"MinSize is 1 over {len(zones)} zones", "set MinSize to 2 or more"
        for target in _targets(graph, group):
            load = target * len(zones) / (len(zones) - 1) if len(zones) >= 2 else 0
            if load > 100:
                yield (
                    group,
                    f"it runs at {target:g}% CPU over {len(zones)} zones, which is {load:.0f}% over one zone less",
                    f"aim at {100 * (len(zones) - 1) // len(zones)}% or less",
                )


def standby_maximum(graph: Graph) -> Iterable[Found]:
    """A standby that cannot grow to the size of what it stands for."""
    for standby, primary in _pairs(graph):
        ours, theirs = standby.number("MaxSize"), primary.number("MaxSize")
        if ours is not None and theirs is not None and ours < theirs:
            yield standby, f"MaxSize is {ours:g}, {primary.name} has {theirs:g}", f"set MaxSize to {theirs:g}"


def launch_configurations(graph: Graph) -> Iterable[Found]:
    """A launch configuration, or a group that still starts instances by one."""
    for configuration in graph.of_type("AWS::AutoScaling::LaunchConfiguration"):
        yield (
            configuration,
            "it is a launch configuration",
            "make it an AWS::EC2::LaunchTemplate, and name that in the group's LaunchTemplate",
        )
    for group in graph.of_type(_GROUP):
        name = group.get("LaunchConfigurationName")
        if name is not None and graph.at(name) is None:
            yield group, "LaunchConfigurationName names a launch configuration", "give it a LaunchTemplate instead"


def _pairs(graph: Graph) -> Iterable[tuple[Resource, Resource]]:
    for group in graph.of_type(_GROUP):
        active, twin = graph.deployment_of(group).active, graph.twin(group)
        if twin is not None and active and group.region != active and twin.region == active:
            yield group, twin


def _targets(graph: Graph, group: Resource) -> list[float]:
    """The CPU targets of a group's target tracking."""
    track = ("TargetTrackingConfiguration",)
    return [
        target
        for policy in graph.users_of(group, "AWS::AutoScaling::ScalingPolicy")
        if policy.text(*track, "PredefinedMetricSpecification", "PredefinedMetricType") == "ASGAverageCPUUtilization"
        and (target := policy.number(*track, "TargetValue")) is not None
    ]


RULES = (
    rule(
        "autoscaling-desired-capacity",
        desired_capacity,
        "every update of the group resets the capacity, also right after a failover",
        _DESIRED,
        Severity.WARNING,
    ),
    rule(
        "capacity-zone-loss",
        survives_zone,
        "what is left cannot carry the load until new instances run",
        _STATIC,
        Severity.WARNING,
    ),
    rule(
        "launch-configuration",
        launch_configurations,
        LAUNCH_CONFIGURATIONS.says,
        LAUNCH_CONFIGURATIONS.source,
        Severity.WARNING,
    ),
    rule("standby-maximum", standby_maximum, "it cannot grow to full size in a failover", _WARM),
)
