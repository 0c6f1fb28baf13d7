"""Checks as data: what an option may be, why, and where AWS says so. All problems of a call at once.

A token (a value known only at deployment) is never judged: at synth it is a huge negative number
or a string of braces, and an honest comparison with it would be a lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from constructs import Construct

from cdk_standby_review.facts import Fact, Range

from ._tokens import is_token

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that a person has to change."""

    where: str
    """The construct path, or the name of the value."""
    option: str
    """The option as typed."""
    got: str
    """Its value, as typed."""
    allowed: str
    """What it may be instead."""
    why: str
    """The reason, as it follows 'because'."""
    source: str = ""
    """The AWS page behind a limit; empty: the reason needs none."""

    def __str__(self) -> str:
        page = f" ({self.source})" if self.source else ""
        return f"{self.where}: '{self.option}' is {self.got}; allowed: {self.allowed}, because {self.why}{page}"


class InvalidOptions(ValueError):  # noqa: N818 - it reads as what happened
    """Everything that is wrong with a call, a line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one option must be. `broken` sees all options, since one often depends on another."""

    option: str
    broken: Callable[[Options], bool]
    allowed: str | Callable[[Options], str]
    why: str
    source: str = ""
    reads: Sequence[str] = ()
    """The other options that `broken` looks at: a token in any of them silences the rule."""

    def is_broken(self, options: Options) -> bool:
        """Whether these options break the rule, as far as they are known."""
        known = not any(is_token(options.get(name)) for name in (self.option, *self.reads))
        return known and self.broken(options)

    def problem(self, where: str, options: Options) -> Problem:
        """What to say about these options."""
        allowed = self.allowed if isinstance(self.allowed, str) else self.allowed(options)
        return Problem(
            where=where,
            option=self.option,
            got=shown(options.get(self.option)),
            allowed=allowed,
            why=self.why,
            source=self.source,
        )


def check(where: Construct | str, rules: Iterable[Rule], options: Options, *, also: Iterable[Problem] = ()) -> None:
    """Raise `InvalidOptions` with every broken rule, and what was found in other ways (`also`), or return."""
    broken, found = [rule for rule in rules if rule.is_broken(options)], [*also]
    if broken or found:
        path = where if isinstance(where, str) else where.node.path  # asked for late: it takes a call to Node
        raise InvalidOptions([*(rule.problem(path, options) for rule in broken), *found])


def within(option: str, limit: Fact[Range]) -> Rule:
    """The option is a number inside a documented range, or is left out."""
    return Rule(
        option=option,
        broken=lambda o: o.get(option) is not None and o[option] not in limit.value,
        allowed=str(limit.value),
        why=limit.says,
        source=limit.source,
    )


def one_of(option: str, choices: Sequence[Any], *, why: str, source: str = "") -> Rule:
    """The option is one of a few values, or is left out."""
    return Rule(
        option=option,
        broken=lambda o: o.get(option) is not None and o[option] not in choices,
        allowed=", ".join(map(shown, choices)),
        why=why,
        source=source,
    )


def shown(value: Any) -> str:
    """A value as a person typed it."""
    if value is None:
        return "not given"
    if isinstance(value, str):
        return f"'{value}'"
    if hasattr(value, "to_human_string"):  # cdk.Duration
        return str(value.to_human_string())
    if hasattr(value, "expression_string"):  # events.Schedule
        return str(value.expression_string)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(shown, cast("Iterable[Any]", value))) + "]"
    return str(value)


def all_at_once(*checks: Callable[[], None]) -> None:
    """Run every check, even when an earlier one raised, and raise one `InvalidOptions` with all their problems."""
    problems: list[Problem] = []
    for run in checks:
        try:
            run()
        except InvalidOptions as invalid:
            problems += invalid.problems
    if problems:
        raise InvalidOptions(problems)
