"""Storage that RDS instances and Multi-AZ DB clusters provision, once for each copy."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Range
from ...graph import Resource
from .._parts import Part, Unsaid, late, missing, number, over, paid, times

LARGE = 400
"""GB from which on gp3 storage of RDS is striped, and has more without paying more."""
SMALL_IOPS, LARGE_IOPS = 3000, 12000
SMALL_THROUGHPUT, LARGE_THROUGHPUT = 125, 500


def storage(resource: Resource, copies: float) -> Iterator[Part]:
    """What is allocated, up to what it may grow to."""
    low = number(resource, "AllocatedStorage")
    grown = resource.get("MaxAllocatedStorage")
    high = low if grown is None else number(resource, "MaxAllocatedStorage")
    kind = resource.get("StorageType") or ("io1" if resource.get("Iops") is not None else "gp2")
    if not isinstance(kind, str):
        yield late("StorageType")
    elif low is None or high is None:
        yield missing(resource, "AllocatedStorage" if low is None else "MaxAllocatedStorage")
    else:
        yield paid(f"rds-storage/{kind}", times(over(low, max(low, high)), copies), f"GB of {kind} storage")
        yield from _faster(resource, kind, low, copies)


def _faster(resource: Resource, kind: str, allocated: float, copies: float) -> Iterator[Part]:
    if kind not in {"gp3", "io1", "io2"}:
        return
    if resource.get("Iops") is not None:
        iops = number(resource, "Iops")
        free = (LARGE_IOPS if allocated >= LARGE else SMALL_IOPS) if kind == "gp3" else 0
        beyond = 0 if iops is None else max(0, iops - free) * copies
        yield (
            late("Iops") if iops is None else paid(f"rds-iops/{kind}", Range(beyond, beyond), f"IOPS of {kind} storage")
        )
    included = LARGE_THROUGHPUT if allocated >= LARGE else SMALL_THROUGHPUT
    if (number(resource, "StorageThroughput") or 0) > included:
        yield Unsaid(why="what throughput beyond the one included costs is not known")
