"""What the owner of a workload promises: how soon it is back (RTO), how much may be lost (RPO), per fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What is lost."""

    INSTANCE = "instance"
    ZONE = "zone"
    REGION = "region"
    DELETION = "deletion"
    """Data deleted or corrupted, by mistake or on purpose: replication carries it along, only backups help."""


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
    def from_seconds(cls, written: Mapping[str, Mapping[str, Any]]) -> Objectives:
        """The reverse of `as_seconds`; an unknown fault or a missing figure raises ValueError."""
        known = {str(fault) for fault in Fault}
        if unknown := sorted(set(written) - known):
            raise ValueError(f"unknown fault {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        try:
            return cls(
                **{
                    fault: Recovery(rto=timedelta(seconds=float(r["rto"])), rpo=timedelta(seconds=float(r["rpo"])))
                    for fault, r in written.items()
                }
            )
        except KeyError as missing:
            raise ValueError(f"each objective needs 'rto' and 'rpo' in seconds; {missing} is missing") from None
