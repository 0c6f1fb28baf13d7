"""EventBridge: which rules an event fits, and what it becomes on the way to their topics.

Other targets than topics are kept and get nothing.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeGuard

from ...wire import Call

Values = dict[str, Any]


def deliveries(call: Call, region: str, event: Values) -> Iterator[tuple[str, str]]:
    """Topics that are told of an event by this Region's rules, and the message of each."""
    client = call.client("events", region)
    rules: list[Values] = client.list_rules()["Rules"]
    for rule in rules:
        pattern = rule.get("EventPattern")
        if not pattern or rule.get("State") != "ENABLED" or not matches(json.loads(pattern), event):
            continue
        targets: list[Values] = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        for target in targets:
            if ":sns:" in target["Arn"]:
                yield target["Arn"], message(target, event)


def matches(pattern: Values, event: Values) -> bool:
    """Whether an event fits a pattern; a filter that is not known here fits nothing."""
    return all(_fits(wanted, event.get(name)) for name, wanted in pattern.items())


def _fits(wanted: Any, value: Any) -> bool:
    if _is_map(wanted):
        return _is_map(value) and matches(wanted, value)
    values = value if _is_list(value) else [value]
    return any(_one(filter, one) for filter in wanted for one in values)


def _one(filter: Any, value: Any) -> bool:
    if not _is_map(filter):
        return bool(filter == value)
    text = str(value)
    return ("prefix" in filter and text.startswith(str(filter["prefix"]))) or (
        "suffix" in filter and text.endswith(str(filter["suffix"]))
    )


def message(target: Values, event: Values) -> str:
    """What a target gets: the event, a part of it, a constant, or a text with parts of it put in."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(event, target["InputPath"]))
    if "InputTransformer" not in target:
        return json.dumps(event)
    text = str(target["InputTransformer"]["InputTemplate"])
    for name, path in target["InputTransformer"].get("InputPathsMap", {}).items():
        found = _at(event, path)
        text = text.replace(f"<{name}>", found if isinstance(found, str) else json.dumps(found))
    return text


def _at(event: Any, path: str) -> Any:
    for step in filter(None, path.removeprefix("$").split(".")):
        event = event.get(step) if _is_map(event) else None
    return event


def _is_map(value: Any) -> TypeGuard[Values]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
