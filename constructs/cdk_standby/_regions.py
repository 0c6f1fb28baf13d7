"""Region names as people type them."""

from __future__ import annotations

from collections.abc import Mapping

from constructs import Construct

from cdk_standby_review.facts import regions

from ._checks import InvalidOptions, Problem, shown
from ._tokens import is_token


def check_regions(where: Construct | str, options: Mapping[str, str]) -> None:
    """Raise InvalidOptions for every option, e.g. `{"primary": "eu-wset-1"}`, that names no Region of AWS."""
    path = where if isinstance(where, str) else where.node.path
    problems = [unknown_region(path, option, name) for option, name in options.items()]
    if found := [problem for problem in problems if problem]:
        raise InvalidOptions(found)


def unknown_region(where: str, option: str, name: str) -> Problem | None:
    """What to say about a name that is no Region, or None; a token is never judged."""
    if is_token(name) or name in regions.REGIONS.value:
        return None
    meant = regions.closest(name)
    hint = f"; did you mean {' or '.join(meant)}?" if meant else ""
    return Problem(
        where=where,
        option=option,
        got=shown(name),
        allowed=f"a Region of AWS{hint}",
        why="what cannot be found can neither be deployed to nor failed over to",
        source=regions.REGIONS.source,
    )
