"""Rules about CloudFront's origin groups: what people take them for, and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..facts.cloudfront import FAILOVER_METHODS, LOSS_CODES
from ..findings import Found, rule
from ..graph import Graph, Resource
from ..plain import is_list, list_of, object_of, within

_CONFIG = "DistributionConfig"


def _groups(resource: Resource) -> list[dict[str, Any]]:
    return [object_of(group) for group in list_of(resource.get(_CONFIG, "OriginGroups", "Items"))]


def _behaviors(resource: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every cache behavior, by its path pattern."""
    yield "*", object_of(resource.get(_CONFIG, "DefaultCacheBehavior"))
    for behavior in map(object_of, list_of(resource.get(_CONFIG, "CacheBehaviors"))):
        yield str(behavior.get("PathPattern")), behavior


def writes(graph: Graph) -> Iterable[Found]:
    """A behavior that takes writes, and leads to two origins."""
    for site in graph.of_type("AWS::CloudFront::Distribution"):
        groups = {str(group.get("Id")) for group in _groups(site)}
        for pattern, behavior in _behaviors(site):
            methods = {str(method) for method in list_of(behavior.get("AllowedMethods"))}
            if str(behavior.get("TargetOriginId")) in groups and methods - set(FAILOVER_METHODS.value):
                fix = "give writes a path with one origin, such as a failover name of Route 53"
                yield site, f"{pattern} takes writes and has an origin group", fix


def loss_codes(graph: Graph) -> Iterable[Found]:
    """An origin group that fails over on answers, and not on silence."""
    for site in graph.of_type("AWS::CloudFront::Distribution"):
        for group in _groups(site):
            codes = within(group, "FailoverCriteria", "StatusCodes", "Items")
            missing = set(map(str, LOSS_CODES.value)) - set(map(str, list_of(codes)))
            if is_list(codes) and missing:
                said = ", ".join(sorted(missing))
                yield (
                    site,
                    f"its group {group.get('Id')} does not fail over on {said}",
                    f"add {said} to the status codes",
                )


RULES = (
    rule("origin-group-writes", writes, FAILOVER_METHODS.says, FAILOVER_METHODS.source),
    rule("origin-group-loss", loss_codes, LOSS_CODES.says, LOSS_CODES.source),
)
