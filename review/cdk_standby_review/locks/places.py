"""Where locked resources live: stacks by account, Region and name, the same from one synth to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..plain import object_of
from ..templates import Template
from .entries import Entry, entries

UNKNOWN: Final = "*"
"""For the account or Region that only the deployment knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A stack of an assembly, and what of it is to be locked."""

    key: str
    template: Template
    entries: Mapping[str, Entry]

    @property
    def resources(self) -> Mapping[str, object]:
        """All resources of the stack."""
        return object_of(self.template.body.get("Resources"))


def places(templates: Iterable[Template]) -> dict[str, Place]:
    """The stacks by their keys, `account/region/stack`, in order.

    The same stack twice in one assembly, as when one is synthesized for two stages without names of their own, is told
    apart by where it stands in the app.
    """
    found: dict[str, Place] = {}
    for template in sorted(templates, key=lambda t: t.name):
        key = f"{template.account or UNKNOWN}/{template.region or UNKNOWN}/{template.stack or template.name}"
        if key in found:
            key = f"{key} ({template.name})"
        held = entries(object_of(template.body.get("Resources")), template.paths)
        found[key] = Place(key=key, template=template, entries=held)
    return dict(sorted(found.items()))


def found_again(locked: Iterable[str], now: Mapping[str, Place]) -> dict[str, Place]:
    """The stacks of a lock in an assembly: by key, or by name where account or Region have become known since."""
    keys = list(locked)
    again = {key: now[key] for key in keys if key in now}
    free = [place for key, place in now.items() if key not in again]
    for key in keys:
        alike = [place for place in free if key not in again and _alike(key, place.key)]
        if len(alike) == 1:
            again[key] = alike[0]
            free.remove(alike[0])
    return again


def _alike(one: str, other: str) -> bool:
    """Whether two keys may mean the same stack."""
    (account, region, stack), (their_account, their_region, their_stack) = _parts(one), _parts(other)
    return stack == their_stack and all(
        a == b or UNKNOWN in (a, b) for a, b in ((account, their_account), (region, their_region))
    )


def _parts(key: str) -> tuple[str, str, str]:
    account, region, stack = [*key.split("/", 2), "", ""][:3]
    return account, region, stack
