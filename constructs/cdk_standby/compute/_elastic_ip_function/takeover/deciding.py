"""Who is to hold the addresses, decided from what is seen now: an event says nothing but "look"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

ACTIVE, SPARE = "active", "spare"
SIDES = (ACTIVE, SPARE)
ASKED_FOR = 1800
"""Seconds for which an asked takeover waits until its side is healthy."""


class Health(Enum):
    """What EC2 says of the one instance of a side."""

    OK = "ok"
    STARTING = "starting"
    IMPAIRED = "impaired"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two servers, as seen now."""

    name: str
    health: Health
    instance: str | None = None
    alarmed: bool = False
    """Its alarm has seen enough failed checks."""
    starts: bool = False
    """It is started when it is needed."""
    rests: bool = False
    """It is put to rest when it is not."""

    @property
    def failed(self) -> bool:
        """No instance runs, or the one that does failed for as long as the alarm waits."""
        return self.health is Health.GONE or (self.health is not Health.OK and self.alarmed)


@dataclass(frozen=True, kw_only=True)
class State:
    """What is remembered between two looks."""

    holder: str
    since: float
    why: str = ""
    told: bool = True
    asked: str | None = None
    asked_at: float = 0

    @classmethod
    def of(cls, remembered: Mapping[str, Any]) -> State | None:
        """None: nothing is remembered, or nothing that makes sense."""
        if remembered.get("holder") not in SIDES:
            return None
        known = {name: remembered[name] for name in cls.__dataclass_fields__ if name in remembered}
        return cls(**{"since": 0.0, **known})

    def as_dict(self) -> dict[str, Any]:
        """As `of` reads it."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do now; most of the time nothing."""

    holder: str
    says: str
    start: str | None = None
    rest: str | None = None


def decide(state: State, sides: Mapping[str, Side], now: float, *, cool_down: float, fails_back: bool) -> Decision:
    """Stay where a healthy server is; move to a healthy one only; and not again before the cool-down is over."""
    holder, other = sides[state.holder], sides[SPARE if state.holder == ACTIVE else ACTIVE]
    rested = now - state.since >= cool_down
    asked = state.asked if now - state.asked_at <= ASKED_FOR else None
    if asked == other.name:
        return _as_asked(holder, other)
    if holder.failed:
        return _instead_of(holder, other, rested=rested)
    back = fails_back and other.name == ACTIVE and other.health is Health.OK and not other.alarmed
    if back and rested:
        return Decision(holder=ACTIVE, says="the active server is healthy again, and is to be failed back to")
    if _is_idle(holder, other) and rested:
        return Decision(holder=holder.name, says="the active server serves; the spare rests", rest=other.name)
    return Decision(holder=holder.name, says=f"the {holder.name} server serves")


def _as_asked(holder: Side, other: Side) -> Decision:
    if other.health is Health.OK:
        return Decision(holder=other.name, says="somebody asked for it")
    says = f"asked for the {other.name} server, which is {other.health.value}: it waits until that is healthy"
    return Decision(holder=holder.name, says=says, start=_to_start(other))


def _instead_of(holder: Side, other: Side, *, rested: bool) -> Decision:
    failed = f"the {holder.name} server is {holder.health.value}"
    if other.health is not Health.OK:
        says = f"{failed}, and the {other.name} one {other.health.value}: nobody can take over"
        return Decision(holder=holder.name, says=says, start=_to_start(other))
    if not rested:
        return Decision(holder=holder.name, says=f"{failed}, but the last takeover is too young for another")
    return Decision(holder=other.name, says=failed)


def _to_start(side: Side) -> str | None:
    return side.name if side.starts and side.health is Health.GONE else None


def _is_idle(holder: Side, other: Side) -> bool:
    serves = holder.name == ACTIVE and holder.health is Health.OK and not holder.alarmed
    return serves and other.rests and other.health is not Health.GONE
