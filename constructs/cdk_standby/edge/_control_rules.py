"""What routing controls may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from cdk_standby_review.facts import arc as facts

from .._checks import Options, Problem, Rule, shown
from .._tokens import is_token


def _milliseconds(o: Options) -> float | None:
    wait = o["wait"]
    return None if wait is None or wait.is_unresolved() else wait.to_milliseconds()


def _bad_name(name: str | None) -> bool:
    return name is not None and (len(name) not in facts.NAME_LENGTH.value or bool(re.search(r"\s", name)))


def _named(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: _bad_name(o[option]),
        allowed=f"{facts.NAME_LENGTH.value} characters without spaces",
        why=facts.NAME_LENGTH.says,
        source=facts.NAME_LENGTH.source,
    )


CONTROLS = [
    _named("name"),
    _named("gate"),
    Rule(
        option="stack",
        broken=lambda o: o["stack"] not in facts.STACK_REGIONS.value,
        allowed=f"a stack of {' or '.join(facts.STACK_REGIONS.value)}",
        why=facts.STACK_REGIONS.says,
        source=facts.CONTROL_PLANE.source,
    ),
    Rule(
        option="cells",
        broken=lambda o: len(o["cells"]) not in facts.CONTROLS_PER_CALL.value,
        allowed=str(facts.CONTROLS_PER_CALL.value),
        why=facts.CONTROLS_PER_CALL.says,
        source=facts.CONTROLS_PER_CALL.source,
    ),
    Rule(
        option="cells",
        reads=["gate"],
        broken=lambda o: len(set(chain(o["cells"], [o["gate"]]))) < len(o["cells"]) + 1,
        allowed="names that differ, from that of the gate too",
        why="a control is known by its name",
        source=facts.NAME_LENGTH.source,
    ),
    Rule(
        option="cells",
        broken=lambda o: any(map(_bad_name, o["cells"])),
        allowed=f"names of {facts.NAME_LENGTH.value} characters without spaces",
        why=facts.NAME_LENGTH.says,
        source=facts.NAME_LENGTH.source,
    ),
    Rule(
        option="at_least_on",
        reads=["cells"],
        broken=lambda o: not 1 <= o["at_least_on"] < max(len(o["cells"]), 2),
        allowed=lambda o: f"1 to {max(len(o['cells']) - 1, 1)}",
        why=facts.SOME_ON.says,
        source=facts.SOME_ON.source,
    ),
    Rule(
        option="wait",
        broken=lambda o: (wait := _milliseconds(o)) is not None and wait not in facts.WAIT_PERIOD.value,
        allowed="0 to 60 seconds",
        why=facts.WAIT_PERIOD.says,
        source=facts.WAIT_PERIOD.source,
    ),
    Rule(
        option="cluster_arn",
        broken=lambda o: o["cluster_arn"] is not None and not re.fullmatch(facts.CLUSTER_ARN.value, o["cluster_arn"]),
        allowed="the ARN of a cluster of routing controls",
        why=facts.CLUSTER_ARN.says,
        source=facts.CLUSTER_ARN.source,
    ),
]


def unnamed(where: str, cells: Sequence[str]) -> list[Problem]:
    """What to say about cells that only the deployment knows by name."""
    if not is_token(cells):
        return []
    allowed, why = "names that are known at synth, such as Regions", "each is a part of logical ids"
    return [Problem(where=where, option="cells", got=shown(cells), allowed=allowed, why=why)]
