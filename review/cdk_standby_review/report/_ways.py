"""How users get to data, as people read it: faults that do the same to a way share a row."""

from __future__ import annotations

from dataclasses import dataclass

from ..objectives import Fault
from ..outcomes import Fate
from ..paths import PathFate, Way
from ..spans import spans
from ._summary import one_name


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """What a fault does to a way."""

    fault: str
    outcome: str
    rto: str
    rpo: str


def rows_of(way: Way) -> list[WayRow]:
    """What the faults do that do not leave a way as it is."""
    alike: dict[tuple[str, ...], list[PathFate]] = {}
    for each in way.fates:
        if each.fate is not Fate.SURVIVES or (each.rto and each.rto.high):
            place = each.case.region if each.case.fault is Fault.ZONE else str(each.case)
            alike.setdefault((place, str(each.fate), spans(each.rto), spans(each.rpo)), []).append(each)
    return [_row(way, fates) for fates in alike.values()]


def worst(way: Way) -> WayRow | None:
    """What does most harm; of the account only where somebody promised something."""
    return _row(way, [way.worst]) if way.worst else None


def _row(way: Way, fates: list[PathFate]) -> WayRow:
    first = fates[0]
    return WayRow(
        fault=one_name([each.case for each in fates], [each.case for each in way.fates]),
        outcome=str(first.fate),
        rto=spans(first.rto),
        rpo=spans(first.rpo),
    )
