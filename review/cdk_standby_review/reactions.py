"""What alarms and events start by themselves, and what that is allowed to call."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from .graph import Graph, Resource
from .intrinsics import references_in
from .plain import is_list, is_object, list_of, object_of

ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
RUNNERS = frozenset({"AWS::Lambda::Function", "AWS::SSM::Document", "AWS::StepFunctions::StateMachine"})
_TOPIC, _SUBSCRIPTION, _RULE = "AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::Events::Rule"
_SOURCES = {"aws.cloudwatch", "aws.health"}
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


def reactions(graph: Graph) -> Iterator[tuple[Resource, Resource]]:
    """Every (alarm or rule for its events, what it starts)."""
    seen: set[tuple[Any, Any]] = set()
    for starter, started in (*_by_alarm(graph), *_by_event(graph)):
        if started.type in RUNNERS and (starter.key, started.key) not in seen:
            seen.add((starter.key, started.key))
            yield starter, started


def _by_alarm(graph: Graph) -> Iterator[tuple[Resource, Resource]]:
    for alarm in graph.of_type(*ALARMS):
        for action in references_in(list_of(alarm.get("AlarmActions"))):
            told = graph.at(action)
            if told is None:
                continue
            yield alarm, told
            if told.type == _TOPIC:
                yield from ((alarm, listener) for listener in _listeners(graph, told))


def _listeners(graph: Graph, topic: Resource) -> Iterator[Resource]:
    asked = [one.get("Endpoint") for one in topic.items("Subscription")]
    asked += [one.get("Endpoint") for one in graph.users_of(topic, _SUBSCRIPTION)]
    yield from filter(None, map(graph.at, references_in(asked)))


def _by_event(graph: Graph) -> Iterator[tuple[Resource, Resource]]:
    for rule in graph.of_type(_RULE):
        if _SOURCES & set(map(str, list_of(rule.get("EventPattern", "source")))):
            targets = [target.get("Arn") for target in rule.items("Targets")]
            yield from ((rule, told) for told in map(graph.at, references_in(targets)) if told)


def may_call(graph: Graph, runner: Resource, calls: tuple[str, ...]) -> list[str]:
    """Which of some calls a function, a state machine or an automation makes, or is allowed to by name.

    Who is allowed everything is not told to make any: that says nothing about what it does.
    """
    if runner.type == "AWS::SSM::Document":
        made = {call.lower() for call in _automated(runner.get("Content"))}
        return [call for call in calls if call in made]
    role = graph.at(runner.get("Role") or runner.get("RoleArn"))
    allowed = [action for action in _allowed(graph, role) if action.strip("*:")] if role else []
    return [call for call in calls if any(fnmatchcase(call, action) for action in allowed)]


def _allowed(graph: Graph, role: Resource) -> Iterator[str]:
    inline = [policy.get("PolicyDocument") for policy in role.items("Policies")]
    beside = [policy.get("PolicyDocument") for policy in graph.users_of(role, *_POLICIES)]
    for document in (*inline, *beside):
        written = object_of(document).get("Statement")
        for statement in map(object_of, written if is_list(written) else [written]):
            actions = statement.get("Action")
            if statement.get("Effect") == "Allow":
                yield from (str(action).lower() for action in (actions if is_list(actions) else [actions]))


def _automated(content: Any) -> Iterator[str]:
    """The calls of the steps of an automation: `service:api`."""
    if is_object(content):
        service, api = content.get("Service"), content.get("Api")
        if isinstance(service, str) and isinstance(api, str):
            yield f"{service}:{api.replace('_', '')}"
        for value in content.values():
            yield from _automated(value)
    elif is_list(content):
        for value in content:
            yield from _automated(value)
