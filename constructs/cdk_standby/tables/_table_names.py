"""Names that alarms and grants are made from: known at synth, and such as DynamoDB takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, shown
from .._regions import unknown_region
from .._tokens import is_token


def name_problem(where: str, option: str, name: str) -> Problem | None:
    """What is wrong with the name of an index."""
    if is_token(name):
        return _known(where, option, "a name", facts.TABLE_NAME)
    if not re.fullmatch(facts.TABLE_NAME.value, name):
        return _problem(where, option, shown(name), "3 to 255 letters, digits, '_', '.' and '-'", facts.TABLE_NAME)
    return None


def region_problem(where: str, option: str, region: str) -> Problem | None:
    """What is wrong with the Region of a replica."""
    if is_token(region):
        return _known(where, option, "a Region", facts.REPLICAS)
    return unknown_region(where, option, region)


def index_problems(where: str, given: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """What is wrong with lists of index names, by option."""
    for option, names in given.items():
        for number, name in enumerate(names):
            if problem := name_problem(where, f"{option}[{number}]", name):
                yield problem
    together = [name for names in given.values() for name in names]
    again = {name for n, name in enumerate(together) if name in together[:n]}
    for name in sorted(again):
        option = next(option for option, names in given.items() if name in names)
        yield _problem(where, option, f"{shown(name)} twice", "a name of its own for each index", facts.TABLE_NAME)


def _known(where: str, option: str, what: str, fact: Fact[Any]) -> Problem:
    why = "alarms, grants and replicas are made for it"
    return Problem(
        where=where,
        option=option,
        got="known only at deployment",
        allowed=f"{what} that is known at synth",
        why=why,
        source=fact.source,
    )


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
