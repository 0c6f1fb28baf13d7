"""Durations in checks: as plain numbers, and None where they are known only at deployment."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import Duration

from cdk_standby_review.facts import Fact, Range

from ._checks import Options, Rule


def days(duration: Duration | None) -> float | None:
    """Days, in fractions too; None when the duration is not given or a token."""
    return None if duration is None or duration.is_unresolved() else duration.to_days(integral=False)


def minutes(duration: Duration | None) -> float | None:
    """Minutes, in fractions too; None when the duration is not given or a token."""
    return None if duration is None or duration.is_unresolved() else duration.to_minutes(integral=False)


def lasting(option: str, limit: Fact[Range], unit: Callable[[Duration | None], float | None]) -> Rule:
    """The option is a duration inside a documented range of the unit (`days`, `minutes`), or is left out."""

    def broken(options: Options) -> bool:
        value = unit(options[option])
        return value is not None and value not in limit.value

    allowed = f"{limit.value.low:.0f} to {limit.value.high:.0f} {limit.unit}"
    return Rule(option=option, broken=broken, allowed=allowed, why=limit.says, source=limit.source)


def inconvertible(duration: Duration | None, unit: str) -> bool:
    """Whether only a deployment knows how long it lasts, in another unit ("days", "seconds") than AWS is told."""
    return duration is not None and duration.is_unresolved() and duration.unit_label() != unit


def told_in(option: str, unit: str, source: str) -> Rule:
    """The option is known at synth, or a token of the unit that AWS is told: nothing converts what is not known."""
    return Rule(
        option=option,
        broken=lambda o: inconvertible(o[option], unit),
        allowed=f"known at synth, or made by 'Duration.{unit}()'",
        why=f"AWS is told {unit}, and a value that only the deployment knows cannot be converted",
        source=source,
    )
