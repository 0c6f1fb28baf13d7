"""Whether what a plan moves is in its two Regions, one of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cdk_standby_review.facts import Fact

from .._checks import Problem, shown
from .._tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Arns:
    """How ARNs of a kind look, and what says so."""

    pattern: str
    example: str
    fact: Fact[Any]


def misplaced(where: str, option: str, arns: Mapping[str, str], regions: tuple[str, str], look: Arns) -> list[Problem]:
    """ARNs of other Regions, or of something else."""
    return [
        *not_both(where, option, arns, regions, look.fact),
        *(
            Problem(
                where=where,
                option=f"{option}['{region}']",
                got=shown(arn),
                allowed=f"'{look.example.format(region=region)}'",
                why=look.fact.says,
                source=look.fact.source,
            )
            for region, arn in arns.items()
            if not is_token(arn) and re.fullmatch(look.pattern.format(region=re.escape(region)), arn) is None
        ),
    ]


def not_both(
    where: str, option: str, given: Mapping[str, str], regions: tuple[str, str], fact: Fact[Any]
) -> Iterator[Problem]:
    """Another number than one for each Region."""
    if set(given) != set(regions):
        yield Problem(
            where=where,
            option=option,
            got=shown(sorted(given)),
            allowed=f"one for each of '{regions[0]}' and '{regions[1]}'",
            why=fact.says,
            source=fact.source,
        )
