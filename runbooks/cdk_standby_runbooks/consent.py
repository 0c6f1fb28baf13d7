"""Losing data needs words: how much was measured, how much was promised, how much somebody agreed to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .errors import ConsentMissing, Usage

UNKNOWN: Final = "an unknown amount"
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to lose.

    Args:
        words: as typed.
        seconds: the most that may be lost; infinite for an unknown amount.
    """

    words: str
    seconds: float

    @classmethod
    def parse(cls, words: str) -> Consent:
        """Read ``up to 300 seconds``, ``up to 5 minutes``, ``up to 1 hour`` or ``an unknown amount``.

        Raises:
            Usage: anything else; a bare number has no unit, and a "yes" agrees to nothing in particular.
        """
        plain = " ".join(words.split()).lower()
        if plain == UNKNOWN:
            return cls(words, float("inf"))
        spelled = re.fullmatch(r"up to (\d+(?:\.\d+)?) (second|minute|hour)s?", plain)
        if not spelled:
            raise Usage(
                f'--accept-data-loss is {words!r}; allowed: "up to N seconds" (or minutes, hours) or "{UNKNOWN}", '
                "because whoever accepts a loss must have read how large it may be"
            )
        return cls(words, float(spelled[1]) * _UNITS[spelled[2]])


def require_consent(*, what: str, region: str, lag: float | None, allowed: float | None, given: Consent | None) -> None:
    """Let a possible loss pass if it is within the objective or agreed to.

    Args:
        what: the database.
        region: where it would be promoted.
        lag: seconds that may be lost; None = unknown, which counts as more than anything.
        allowed: the objective in seconds; None = none was promised, so that every loss needs consent.
        given: what somebody agreed to; None = nothing.

    Raises:
        ConsentMissing: more may be lost than was allowed or agreed to.
    """
    if lag is not None and allowed is not None and lag <= allowed:
        return
    if given is not None and (lag if lag is not None else float("inf")) <= given.seconds:
        return
    may = "how far it is behind is unknown" if lag is None else f"it is {_seconds(lag)} behind"
    promised = "no RPO was promised for the loss of a Region" if allowed is None else f"the RPO is {_seconds(allowed)}"
    asked = f'"{UNKNOWN}"' if lag is None else f'"up to {_up(lag)} seconds"'
    agreed = "" if given is None else f' "{given.words}" is not enough.'
    raise ConsentMissing(
        f"promoting {what} in {region} may lose more data than allowed: {may}, and {promised}.{agreed} "
        f"Whoever decides to go on says so: --accept-data-loss {asked}"
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s".replace(".0 s", " s")


def _up(value: float) -> int:
    return int(value) + (value > int(value))
