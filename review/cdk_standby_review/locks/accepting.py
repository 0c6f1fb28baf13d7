"""How a lock goes on: new resources are added freely, everything else costs a reason."""

from __future__ import annotations

from collections.abc import Iterable

from ..templates import Template
from .breaches import Breach
from .lock import Accepted, Lock
from .places import found_again, places


def locked(templates: Iterable[Template], history: tuple[Accepted, ...] = ()) -> Lock:
    """The lock of an assembly as it is."""
    held = {key: place.entries for key, place in places(templates).items() if place.entries}
    return Lock(stacks=held, history=history)


def accepted(lock: Lock, templates: Iterable[Template], breaches: Iterable[Breach], because: str) -> Lock:
    """The lock of what is to be, with every breach written down beside the reason that was given."""
    meant = (
        Accepted(
            stack=breach.stack,
            resource=breach.logical_id or "*",
            effect=str(breach.effect),
            property=breach.property,
            before=breach.before,
            after=breach.after,
            because=because,
        )
        for breach in breaches
    )
    return locked(templates, (*lock.history, *meant))


def added(lock: Lock, templates: Iterable[Template]) -> list[str]:
    """What an assembly has that a lock has not, as `stack: logical id`."""
    now = places(templates)
    known = {(place.key, name) for key, place in found_again(lock.stacks, now).items() for name in lock.stacks[key]}
    return [f"{key}: {name}" for key, place in now.items() for name in place.entries if (key, name) not in known]
