"""How many instances an Auto Scaling group keeps: its minimum, or what is desired where nothing ever changes that."""

from __future__ import annotations

from ..graph import Graph, Resource

_CHANGES = ("AWS::AutoScaling::ScalingPolicy", "AWS::AutoScaling::ScheduledAction")
_PLANS = ("AWS::AutoScalingPlans::ScalingPlan", "AWS::ECS::CapacityProvider")
_BY_TAG = "k8s.io/cluster-autoscaler/"


def kept(graph: Graph, group: Resource) -> float | None:
    """How many run at least; None when only a deployment can tell.

    A group stays at DesiredCapacity as long as no policy, schedule or plan of the templates takes it elsewhere.
    """
    minimum, desired = group.number("MinSize"), group.number("DesiredCapacity")
    if desired is None or scales(graph, group):
        return minimum
    return max(minimum or 0, desired)


def scales(graph: Graph, group: Resource) -> bool:
    """Whether anything in the templates may scale a group in."""
    if graph.users_of(group, *_CHANGES, *_PLANS):
        return True
    if any(str(tag.get("Key")).startswith(_BY_TAG) for tag in group.items("Tags")):
        return True
    if any(plan.region == group.region for plan in graph.of_type("AWS::AutoScalingPlans::ScalingPlan")):
        return True  # it chooses its groups by their tags
    return any(_may_mean(change, group) for change in graph.remembered("changes by name", lambda: _by_name(graph)))


def _by_name(graph: Graph) -> list[Resource]:
    """The policies and schedules that refer to no group of the templates."""
    return [each for each in graph.of_type(*_CHANGES) if graph.at(each.get("AutoScalingGroupName")) is None]


def _may_mean(change: Resource, group: Resource) -> bool:
    """Whether a policy names a group by its name, or one that only a deployment can tell."""
    said = change.get("AutoScalingGroupName")
    unknown = not isinstance(said, str)
    return change.region == group.region and (unknown or said == group.text("AutoScalingGroupName"))
