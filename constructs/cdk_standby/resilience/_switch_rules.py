"""What a Region switch plan must be, and how long its steps take at most."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aws_cdk import Duration

from cdk_standby_review.facts import rds_operations as plan_facts
from cdk_standby_review.facts import region_switch as facts

from .._checks import Options, Rule, one_of
from .._durations import minutes
from ..relational import _region_switch_parts as blocks
from .data_steps import ReadReplica
from .switch_steps import Moved

Slowest = tuple[tuple[str, Duration], ...]
_PAGE = "https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html"
_SHARED = ("name", "recovery", "rto", "timeout", "trigger_on", "automatic_because")
"""Options that a plan of databases has too."""


def critical_path(moves: Sequence[Moved], *, approved: bool) -> Slowest:
    """Of each turn the slowest part: turns come one after the other."""
    turns = [[part for part in moves if part.turn == turn] for turn in sorted({part.turn for part in moves})]
    slowest = [max(turn, key=lambda part: part.takes.value.high) for turn in turns]
    path = [(part.name, Duration.seconds(math.ceil(part.takes.value.high))) for part in slowest]
    approval = [("Approve", Duration.seconds(facts.APPROVAL.value.high))] if approved else []
    return (*approval, *path)


def _needed(slowest: Slowest) -> int:
    return math.ceil(sum(took.to_seconds() for _, took in slowest) / 60)


def _too_slow(options: Options) -> bool:
    rto = minutes(options["rto"])
    return rto is not None and rto in plan_facts.PLAN_RTO.value and rto < _needed(options["slowest"])


def _enough(options: Options) -> str:
    steps = ", then ".join(f"{name} ({took.to_human_string()})" for name, took in options["slowest"])
    return f"{_needed(options['slowest'])} minutes or more: {steps}"


def _repeated(options: Options) -> list[str]:
    names = [part.name for part in options["moves"]]
    return sorted({name for name in names if names.count(name) > 1})


RULES = (
    *(rule for rule in blocks.RULES if rule.option in _SHARED),
    one_of(
        "approach",
        ("activePassive", "activeActive"),
        why="one Region serves at a time, or both do",
        source=_PAGE,
    ),
    Rule(
        option="approach",
        broken=lambda o: o["approach"] == "activeActive" and any(isinstance(part, ReadReplica) for part in o["moves"]),
        allowed="'activePassive', or an Aurora global database in place of the read replica",
        why=plan_facts.PLAN_PROMOTION.says,
        source=plan_facts.PLAN_PROMOTION.source,
    ),
    Rule(
        option="moves",
        broken=lambda o: not o["moves"],
        allowed="one part or more",
        why="a plan without a part moves nothing",
        source=_PAGE,
    ),
    Rule(
        option="moves",
        broken=lambda o: bool(_repeated(o)),
        allowed=lambda o: f"another 'name' for each part; {', '.join(map(repr, _repeated(o)))} is there more than once",
        why="who watches a run, or skips a step, knows it by its name",
    ),
    Rule(
        option="rto",
        broken=_too_slow,
        allowed=_enough,
        why="steps of one turn run at the same time, turns one after the other, and each may take as long as that",
        source=_PAGE,
    ),
    Rule(
        option="alarms",
        reads=("no_alarms_because",),
        broken=lambda o: not o["alarms"] and o["no_alarms_because"] is None,
        allowed="alarms by name, or 'no_alarms_because'",
        why="the time of a recovery ends when the application is healthy again, and only alarms tell that",
        source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_AssociatedAlarm.html",
    ),
    Rule(
        option="no_alarms_because",
        reads=("alarms",),
        broken=lambda o: o["no_alarms_because"] is not None and bool(o["alarms"]),
        allowed="left out, or without 'alarms'",
        why="with alarms nothing is given away",
    ),
)
