"""What may be asked of a group of instances beyond its size, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, cast

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_standby_review.facts import autoscaling_options as facts

from ._checks import Options, Problem, Rule, shown
from ._service_schedule import SCHEDULE
from ._service_value_rules import (
    HOOK,
    METRIC,
    PREDICTIVE,
    REFRESH,
    RESERVED,
    SPOT,
    WARM_POOL,
    by_fact,
    choice,
    length,
)
from ._service_values import LifecycleHook, MetricTarget, ScheduledSize, WarmPool
from ._tokens import is_token
from .capacity import group_size


def _has_hook(o: Options, at: str) -> bool:
    return any(hook.at == at for hook in o["hooks"])


def _odd_lifetime(o: Options) -> bool:
    span = length(o["maximum_lifetime"])
    return span is not None and span / 86_400 not in facts.LIFETIME.value


GROUP = (
    by_fact("maximum_lifetime", _odd_lifetime, f"{facts.LIFETIME.value} days", facts.LIFETIME),
    choice("group_protection", facts.DELETION),
    choice("distribution", facts.DISTRIBUTIONS),
    by_fact(
        "hooks",
        lambda o: len(o["hooks"]) > facts.HOOKS.value,
        f"up to {facts.HOOKS.value}",
        facts.HOOKS,
    ),
    by_fact(
        "warm_pool",
        lambda o: o["warm_pool"] is not None and not _has_hook(o, "launching"),
        "together with a hook at launching, by which an instance says that it is ready",
        facts.WARM_POOL_READY,
    ),
    by_fact(
        "warm_pool",
        lambda o: o["warm_pool"] is not None and o["spot"] is not None,
        "left out with 'spot'",
        facts.WARM_POOL_ON_DEMAND,
    ),
    by_fact(
        "retain_abandoned",
        lambda o: o["retain_abandoned"] and not _has_hook(o, "terminating"),
        "together with a hook at terminating",
        facts.RETENTION,
    ),
    by_fact(
        "termination_policies",
        lambda o: not _are_policies(o["termination_policies"]),
        f"{', '.join(facts.TERMINATION.value)}, each once, after the ARN of a function",
        facts.TERMINATION,
    ),
    by_fact(
        "instance_types",
        lambda o: o["spot"] is not None and len(set(o["instance_types"])) < facts.SPOT_POOLS.value,
        "2 types or more with 'spot'",
        facts.SPOT_POOLS,
    ),
    Rule(
        option="spot_only_because",
        broken=lambda o: o["spot_only_because"] is not None and o["spot"] is None,
        allowed="together with 'spot'",
        why="without Spot Instances there is nothing to give a reason for",
    ),
    *(
        Rule(
            option=option,
            broken=lambda o, option=option: len({each.name for each in o[option]}) < len(o[option]),  # type: ignore[misc]
            allowed="each name once",
            why="each is known by its name",
        )
        for option in ("hooks", "schedule", "metric_targets")
    ),
)
_ONE = {
    "warm_pool": WARM_POOL,
    "predictive": PREDICTIVE,
    "spot": SPOT,
    "refresh": REFRESH,
    "capacity_reservations": RESERVED,
}
_MANY = {"hooks": HOOK, "schedule": SCHEDULE, "metric_targets": METRIC}


def option_problems(path: str, options: Options, *, running: int, zones: int, balanced: bool) -> Iterator[Problem]:
    """Everything that is wrong with the values among the options of a call, and with what goes together."""

    def sized(minimum: int) -> int:
        return group_size(max(minimum, 0), max(zones, 2))

    context = {
        "running": running,
        "sized": sized,
        "group_maximum": options["maximum"],
        "balanced": balanced,
        "image": options["image"],
        "spot_only_because": options["spot_only_because"],
    }
    yield from _broken(path, "", GROUP, options)
    if options["image"] is None and any(map(is_token, options["instance_types"][:1])):
        yield Problem(
            where=path,
            option="instance_types",
            got="a token",
            allowed="types known at synth, or an 'image' of your own",
            why="the image that is taken by default goes by the processor",
        )
    for option, rules in _ONE.items():
        if options[option] is not None:
            yield from _broken(path, f"{option}.", rules, {**context, **_fields(options[option])})
    for option, rules in _MANY.items():
        for position, value in enumerate(options[option]):
            yield from _broken(path, f"{option}[{position}].", rules, {**context, **_fields(value)})


def unknown(path: str, options: Options, *needed: str) -> Iterator[Problem]:
    """What the size of a group is worked out of has to be known at synth."""
    for option in needed:
        if is_token(options[option]):
            why = "the size that survives the loss of a zone is worked out from it"
            yield Problem(where=path, option=option, got="a token", allowed="a number known at synth", why=why)


def _broken(path: str, prefix: str, rules: Sequence[Rule], options: Options) -> Iterator[Problem]:
    for rule in rules:
        if rule.is_broken(options):
            problem = rule.problem(path, options)
            yield replace(problem, option=prefix + rule.option, got=_got(options[rule.option]))


def _got(value: Any) -> str:
    """What a person calls it: values by their names, constructs by their paths, anything else as typed."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_got, cast("Sequence[Any]", value))) + "]"
    if isinstance(value, WarmPool | cloudwatch.MathExpression):
        return f"a {type(value).__name__}"
    if isinstance(value, LifecycleHook | ScheduledSize | MetricTarget):
        return shown(value.name)
    return str(value.node.path) if hasattr(value, "node") else shown(value)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _are_policies(policies: Sequence[str]) -> bool:
    known = [policy for policy in policies if not is_token(policy)]
    functions = [policy for policy in known if policy.startswith("arn:") and ":lambda:" in policy]
    ordered = not functions or known[0] == functions[0]
    return (
        len(functions) <= 1
        and ordered
        and len(set(known)) == len(known)
        and all(policy in facts.TERMINATION.value for policy in known if policy not in functions)
    )
