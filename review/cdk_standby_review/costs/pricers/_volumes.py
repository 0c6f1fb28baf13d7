"""EBS volumes, of their own or of instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...facts import Range
from ...plain import is_object, list_of, object_of
from .._parts import Paid, Part, Unsaid, late, times
from .._parts import size as size_of

INCLUDED: Final[Mapping[str, float]] = {"Iops": 3000, "Throughput": 125}
"""What a gp3 volume has without paying more, in operations and MiB each second."""
_TYPES = frozenset({"gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"})
_TIER = 32_000
"""Operations each second beyond which io2 costs less for each."""


def volumes(count: Range, mappings: Any, kind: str = "gp2") -> Iterator[Part]:
    """The volumes of so many instances.

    Args:
        count: how many instances.
        mappings: what the template says of their volumes.
        kind: the type of those that say none.
    """
    listed = [object_of(m) for m in list_of(mappings)]
    if not listed:
        yield Unsaid(why="its image decides how large its volume is")
    for mapping in listed:
        if is_object(mapping.get("Ebs")):
            yield from volume(count, mapping["Ebs"], size="VolumeSize", kind=kind)


def volume(count: Range, ebs: Mapping[str, Any], *, size: str = "Size", kind: str = "gp2") -> Iterator[Part]:
    """One volume, so many times."""
    named, gigabytes = ebs.get("VolumeType", kind), size_of(ebs.get(size))
    if not isinstance(named, str) or named not in _TYPES:
        yield late("VolumeType")
    elif gigabytes is None:
        yield Unsaid(why="its snapshot or image decides how large its volume is") if size not in ebs else late(size)
    else:
        yield Paid(items=(f"ebs/{named}",), count=times(count, gigabytes), what=f"GB of {named} volumes")
        yield from _faster(count, ebs, str(named))


def _faster(count: Range, ebs: Mapping[str, Any], kind: str) -> Iterator[Part]:
    for name, item, what in (("Iops", "iops", "IOPS"), ("Throughput", "throughput", "MiB/s")):
        asked = ebs.get(name)
        if asked is None or not kind.startswith(("io", "gp3")):
            continue
        amount = size_of(asked)
        if amount is None:
            yield late(name)
        elif kind == "io2" and amount > _TIER:
            yield Unsaid(why=f"operations of io2 beyond {_TIER} each second cost less, and are not known")
        else:
            beyond = max(0.0, amount - INCLUDED[name]) if kind == "gp3" else amount
            priced = "ebs/gp3-" + item if kind == "gp3" else "ebs/io1-iops"
            yield Paid(items=(priced,), count=times(count, beyond), what=f"{what} of {kind} volumes")
