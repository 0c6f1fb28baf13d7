"""What a change does to the bill: only what changed counts.

A resource that stays is compared with itself under the same load: at its least, and at its most. What is new is added
from its least to its most, and what is gone is taken away alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..changes._pairs import Pairs
from ..facts import Range
from ._bill import Bill, Entry, Where
from ._model import BEFORE, NOTHING, CostLine, Gap, SiteDifference, total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What changed about one resource in one Region."""

    monthly: Range = NOTHING
    more: tuple[CostLine, ...] = ()
    less: tuple[CostLine, ...] = ()
    unknown: tuple[Gap, ...] = ()


def difference(base: Bill, head: Bill, pairs: Pairs) -> tuple[SiteDifference, ...]:
    """Every site that the change touches, by workload and Region."""
    steps: dict[Where, list[_Step]] = {}
    for where, was, now in _compared(base, head, pairs):
        step = _step(was, now)
        if step.more or step.less or step.unknown:
            steps.setdefault(where, []).append(step)
    return tuple(_site(where, head.role(where) or base.role(where), steps[where]) for where in sorted(steps))


def _compared(base: Bill, head: Bill, pairs: Pairs) -> Iterator[tuple[Where, Entry | None, Entry | None]]:
    """Entries as they were and as they are to be; one that moves to another site is gone here and new there."""
    for resource in pairs.head:
        before = pairs.before(resource)
        was = {entry.where: entry for entry in (base.entries[before.key] if before else ())}
        now = {entry.where: entry for entry in head.entries[resource.key]}
        yield from ((where, was.get(where), now.get(where)) for where in sorted({*was, *now}))
    for resource in pairs.removed:
        yield from ((entry.where, entry, None) for entry in base.entries[resource.key])


def _step(was: Entry | None, now: Entry | None) -> _Step:
    more = _beyond(now.lines if now else (), was.lines if was else ())
    less = _beyond(was.lines if was else (), now.lines if now else ())
    new, old = total(line.monthly for line in more), total(line.monthly for line in less)
    ends = (new.low - old.low, new.high - old.high) if was and now else (new.low - old.high, new.high - old.low)
    return _Step(
        monthly=Range(min(ends), max(ends)),
        more=more,
        less=less,
        unknown=tuple(_unknown(was.gaps if was else (), now.gaps if now else ())),
    )


def _beyond(lines: tuple[CostLine, ...], others: tuple[CostLine, ...]) -> tuple[CostLine, ...]:
    """The lines that have no equal among the others."""
    left = Counter((line.what, line.monthly) for line in others)
    found: list[CostLine] = []
    for line in lines:
        if left[line.what, line.monthly]:
            left[line.what, line.monthly] -= 1
        else:
            found.append(line)
    return tuple(found)


def _unknown(was: tuple[Gap, ...], now: tuple[Gap, ...]) -> Iterator[Gap]:
    before, after = {gap.why for gap in was}, {gap.why for gap in now}
    yield from (gap for gap in now if gap.why not in before)
    yield from (Gap(resource=gap.resource, why=f"{BEFORE}{gap.why}") for gap in was if gap.why not in after)


def _site(where: Where, role: str, steps: Iterable[_Step]) -> SiteDifference:
    steps = [*steps]
    return SiteDifference(
        workload=where.workload,
        region=where.region,
        role=role,
        monthly=total(step.monthly for step in steps),
        more=tuple(line for step in steps for line in step.more),
        less=tuple(line for step in steps for line in step.less),
        unknown=tuple(gap for step in steps for gap in step.unknown),
    )
