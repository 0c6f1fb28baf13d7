"""Rules about Regions: a recovery Region stands alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..findings import Found, Severity, rule
from ..graph import Graph
from ..intrinsics import known
from ..plain import is_list, is_object, within

_ALONE = "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_avoid_control_plane.html"
_WEAK = "https://docs.aws.amazon.com/cdk/v2/guide/resources.html"
CUSTOM = (
    "Custom::CrossRegionExportWriter",
    "Custom::CrossRegionExportReader",
    "Custom::CrossRegionStringParameterReader",
)


def strong_references(graph: Graph) -> Iterable[Found]:
    """A custom resource that writes or reads values of another Region."""
    for resource in graph.of_type(*CUSTOM):
        yield (
            resource,
            "it carries a value from one Region to another",
            "let both Regions agree on a name instead",
        )


def weak_references(graph: Graph) -> Iterable[Found]:
    """A template that reads an output of a stack in another Region."""
    for resource in graph:
        raw = within(resource.template.body, "Resources", resource.logical_id)
        if "Fn::GetStackOutput" not in json.dumps(raw):
            continue
        for asked in _stack_outputs(raw):
            region = asked.get("Region")
            if isinstance(region, str) and known(region) and region != resource.region:
                yield (
                    resource,
                    f"it reads {asked.get('OutputName')} of {asked.get('StackName')} in {region}",
                    "agree on a name, or pin the value in a committed file after the first deployment",
                )


def _stack_outputs(raw: Any) -> Iterator[dict[str, Any]]:
    if is_object(raw):
        for key, value in raw.items():
            if key == "Fn::GetStackOutput" and is_object(value):
                yield value
            else:
                yield from _stack_outputs(value)
    elif is_list(raw):
        for item in raw:
            yield from _stack_outputs(item)


RULES = (
    rule(
        "cross-region-strong-reference",
        strong_references,
        "neither Region can be updated while the other is gone",
        _ALONE,
    ),
    rule(
        "cross-region-weak-reference",
        weak_references,
        "every update of it needs the other Region alive",
        _WEAK,
        Severity.WARNING,
    ),
)
