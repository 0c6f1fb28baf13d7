"""What can be wrong with a plan whose fields are all there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .plan import Plan

KINDS: Final = ("aurora-global",)
_TOWARDS: Final = {**dict.fromkeys(("scale", "capacity"), ("full", "standby")), "wake": ("one", "all")}


def contradictions(plan: Plan) -> list[str]:
    """Every place where the plan does not fit together; empty when it does."""
    problems: list[str] = []
    if plan.primary == plan.recovery:
        problems.append(f"'recovery' is {plan.recovery}, the primary Region itself; name another Region")
    expected = " and ".join(sorted(plan.regions))
    problems += [
        f"{where} names {', '.join(sorted(mapping)) or 'no Region'}; expected exactly {expected}"
        for where, mapping in _per_region(plan)
        if set(mapping) != set(plan.regions)
    ]
    problems += [
        f"groups '{group.name}': '{size}' is minimum {capacity.minimum}, maximum {capacity.maximum}; "
        "allowed: 0 <= minimum <= maximum"
        for group in plan.groups
        for size, capacity in (("full", group.full), ("standby", group.standby))
        if not 0 <= capacity.minimum <= capacity.maximum
    ]
    problems += [
        f"replicas '{replica.name}': 'follows_in' is {replica.follows_in}; expected {expected.replace(' and ', ' or ')}"
        for replica in plan.replicas
        if replica.follows_in not in plan.regions
    ]
    problems += [
        f"databases '{database.name}': 'headless' is {found.instances} instances in {found.region}; expected one or "
        f"more in {expected.replace(' and ', ' or ')}"
        for database in plan.databases
        if (found := database.headless) and (found.region not in plan.regions or found.instances < 1)
    ]
    problems += [
        f"databases '{database.name}' is of kind {database.kind}; this version knows {', '.join(KINDS)}"
        for database in plan.databases
        if database.kind not in KINDS
    ]
    return problems + _switch_contradictions(plan) + _loose_steps(plan)


def _per_region(plan: Plan) -> list[tuple[str, Mapping[str, str]]]:
    return [
        *((f"databases '{database.name}'", database.clusters) for database in plan.databases),
        *((f"replicas '{replica.name}'", replica.instances) for replica in plan.replicas),
        *((f"groups '{group.name}'", group.groups) for group in plan.groups),
        *([("traffic sites", plan.traffic.sites)] if plan.traffic else []),
    ]


def _switch_contradictions(plan: Plan) -> list[str]:
    if plan.traffic is None:
        return []
    switch = plan.traffic.switch
    found = [("leaves", switch.leaves, plan.primary, "primary"), ("held_in", switch.held_in, plan.recovery, "recovery")]
    return [
        f"traffic switch: '{option}' is {got}; expected the {role} Region {expected}"
        for option, got, expected, role in found
        if got != expected
    ]


def _loose_steps(plan: Plan) -> list[str]:
    """Steps of parts, or towards sizes, that the plan does not describe; unknown kinds are for the runner."""
    databases = {database.name for database in plan.databases}
    groups = {group.name for group in plan.groups}
    of = {
        **dict.fromkeys(("record", "ready", "promote", "switchover"), databases),
        "wake": {database.name for database in plan.databases if database.headless},
        "confirm": {replica.name for replica in plan.replicas},
        **dict.fromkeys(("scale", "capacity"), groups),
        "switch": {"traffic"} if plan.traffic else set[str](),
    }
    return [
        f"runbook '{name}' wants to {spec.step} '{spec.of}' at '{spec.at}', which the plan does not describe"
        for name, specs in plan.runbooks.items()
        for spec in specs
        if spec.of not in of.get(spec.step, {spec.of})
        or spec.at not in plan.regions
        or spec.to not in _TOWARDS.get(spec.step, (spec.to,))
    ]
