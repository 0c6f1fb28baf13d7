"""What the owner of a workload promises: how soon it is back (RTO), how much may be lost (RPO), per fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from .plain import is_mapping


class Fault(StrEnum):
    """What is lost."""

    INSTANCE = "instance"
    ZONE = "zone"
    REGION = "region"
    DELETION = "deletion"
    """Data deleted or corrupted, by mistake or on purpose: replication carries it along, only backups help."""
    ACCOUNT = "account"
    """The account's deletion safeguards: its administrator, or who poses as one, deletes data with its backups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The longest outage (`rto`) and the longest span of lost writes (`rpo`) that are accepted."""

    rto: timedelta
    rpo: timedelta

    def __post_init__(self) -> None:
        if self.rto <= timedelta(0):
            raise ValueError(
                f"'rto' is {self.rto}; allowed: more than zero, because nothing recovers in no time at all"
            )
        if self.rpo < timedelta(0):
            raise ValueError(f"'rpo' is {self.rpo}; allowed: zero or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """A promise per fault; a fault left out is not promised, and not judged."""

    instance: Recovery | None = None
    zone: Recovery | None = None
    region: Recovery | None = None
    deletion: Recovery | None = None
    account: Recovery | None = None

    def __iter__(self) -> Iterator[tuple[Fault, Recovery]]:
        for field in fields(self):
            promise = getattr(self, field.name)
            if promise is not None:
                yield Fault(field.name), promise

    def as_seconds(self) -> dict[str, dict[str, float]]:
        """For templates and JSON files: ``{"region": {"rto": 900.0, "rpo": 60.0}}``."""
        return {
            str(fault): {"rto": promise.rto.total_seconds(), "rpo": promise.rpo.total_seconds()}
            for fault, promise in self
        }

    @classmethod
    def from_seconds(cls, written: Any) -> Objectives:
        """The reverse of `as_seconds`.

        Raises:
            ValueError: an unknown fault, a missing figure, or one that is no number of seconds; it says which.
        """
        if not is_mapping(written):
            raise ValueError(
                f'objectives are {written!r}; allowed: {{"region": {{"rto": 900, "rpo": 60}}}}, in seconds'
            )
        known = {str(fault) for fault in Fault}
        if unknown := sorted(map(str, set(written) - known)):
            raise ValueError(f"unknown fault {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        return cls(
            **{
                fault: Recovery(rto=_span(fault, promise, "rto"), rpo=_span(fault, promise, "rpo"))
                for fault, promise in written.items()
            }
        )


def _span(fault: str, promise: Any, name: str) -> timedelta:
    figures: Mapping[str, Any] = promise if is_mapping(promise) else {}
    if name not in figures:
        raise ValueError(f"each objective needs 'rto' and 'rpo' in seconds; '{name}' is missing for '{fault}'")
    if unknown := sorted(map(str, set(figures) - {"rto", "rpo"})):
        raise ValueError(f"unknown {', '.join(unknown)} of '{fault}'; known: rto, rpo")
    try:
        if isinstance(figures[name], bool):
            raise TypeError
        return timedelta(seconds=float(figures[name]))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"'{name}' of '{fault}' is {figures[name]!r}; allowed: a number of seconds") from None
