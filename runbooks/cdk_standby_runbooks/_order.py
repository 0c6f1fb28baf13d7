"""In which order the steps of each runbook stand, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Spec = dict[str, str]
RUNBOOKS = ("failover", "planned", "failback")


def order_steps(
    databases: Sequence[str],
    groups: Sequence[str],
    traffic: bool,
    regions: tuple[str, str],
    *,
    replicas: Sequence[str] = (),
    headless: Mapping[str, str] | None = None,
) -> dict[str, list[Spec]]:
    """The steps of every runbook, as data. What a person has to have done before is asked first of all.

    Databases in `headless` have no instance in the Region that is named there, and are given them on the way to it.
    They stay until a person sends them away.
    """
    primary, recovery = regions

    def asleep(at: str) -> list[str]:
        return [name for name, region in (headless or {}).items() if region == at]

    def promoted(to: str) -> Iterator[Spec]:
        return ({"step": "confirm", "of": name, "at": to} for name in replicas)

    return {
        "failover": [*promoted(recovery), *_unplanned(databases, groups, traffic, recovery, asleep(recovery))],
        "planned": [
            *promoted(recovery),
            *_woken(asleep(recovery), recovery, "all"),
            *_planned(databases, groups, traffic, recovery),
        ],
        "failback": [
            *promoted(primary),
            *_woken(asleep(primary), primary, "all"),
            *_planned(databases, groups, traffic, primary),
            *_stand_down(groups, recovery),
        ],
    }


def _unplanned(
    databases: Sequence[str], groups: Sequence[str], traffic: bool, to: str, headless: Sequence[str]
) -> Iterator[Spec]:
    """Capacity is asked for first and awaited last: instances start while the database is promoted.

    A headless database gets one instance before that, and the others when users are served again.
    """
    yield from ({"step": "record", "of": name, "at": to} for name in databases)
    yield from ({"step": "scale", "of": name, "at": to, "to": "full"} for name in groups)
    yield from _woken(headless, to, "one")
    yield from ({"step": "promote", "of": name, "at": to} for name in databases)
    yield from ({"step": "capacity", "of": name, "at": to, "to": "full"} for name in groups)
    yield from _arrive(traffic, to)
    yield from _woken(headless, to, "all")


def _woken(headless: Sequence[str], at: str, to: str) -> Iterator[Spec]:
    return ({"step": "wake", "of": name, "at": at, "to": to} for name in headless)


def _planned(databases: Sequence[str], groups: Sequence[str], traffic: bool, to: str) -> Iterator[Spec]:
    """Nothing burns: everything stands ready before the writer moves, and no write is lost."""
    yield from ({"step": "ready", "of": name, "at": to} for name in databases)
    yield from ({"step": "scale", "of": name, "at": to, "to": "full"} for name in groups)
    yield from ({"step": "capacity", "of": name, "at": to, "to": "full"} for name in groups)
    yield from ({"step": "switchover", "of": name, "at": to} for name in databases)
    yield from _arrive(traffic, to)


def _arrive(traffic: bool, to: str) -> Iterator[Spec]:
    if traffic:
        yield {"step": "switch", "of": "traffic", "at": to}
    yield {"step": "verify", "at": to}


def _stand_down(groups: Sequence[str], at: str) -> Iterator[Spec]:
    """Only after the proof that traffic has gone, and after resolvers have forgotten the old answer."""
    if groups:
        yield {"step": "settle", "at": at}
    yield from ({"step": "scale", "of": name, "at": at, "to": "standby"} for name in groups)
    yield from ({"step": "capacity", "of": name, "at": at, "to": "standby"} for name in groups)
