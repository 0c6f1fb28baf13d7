"""What advice is given for: nothing in particular, a few words in a file, or an assembly of our own stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._review import Review, review
from ..documents import read_json
from ..errors import UnreadableInput
from ..estimate import Estimate
from ..facts import Range
from ..facts.strategies import BY_NAME
from ..objectives import Fault
from ..plain import is_list, is_object
from ..spans import span
from .bills import bill_of
from .costs import Bill
from .durations import seconds_of
from .models import DEFAULT, STORES, stores_among

DAY = 86400.0
_KEYS = ("name", "stores", "backup_every", "shares")
_SHARES = ("compute", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A workload, as far as advice needs to know it."""

    name: str = ""
    stores: tuple[str, ...] = DEFAULT
    period: float = DAY
    """Seconds between two backups."""
    bill: Bill = field(default_factory=Bill)
    known: str = "assumed"
    """Where this was read; "assumed" when nobody said anything."""
    found: Mapping[tuple[str, Fault], Estimate] = field(default_factory=dict[tuple[str, Fault], Estimate])
    """What the review says of deployments that are there already, by strategy and fault."""

    @property
    def says(self) -> str:
        """In one line."""
        kept = " and ".join(STORES[kind].says for kind in self.stores) or "nothing of record"
        name = f"{self.name}: " if self.name else ""
        return f"{name}a service over {kept}, backed up every {span(self.period)}"


def read_subject(path: str | None) -> Subject:
    """What a file or a folder says of a workload.

    Raises:
        UnreadableInput: it is missing, or says something else; one line says what.
    """
    if path is None:
        return Subject()
    place = Path(path)
    if place.is_file() and place.suffix == ".json":
        written = read_json(place)
        if not (is_object(written) and "Resources" in written):
            return _described(place, written)
    return _assembled(path)


def _described(file: Path, written: Any) -> Subject:
    if not is_object(written):
        raise UnreadableInput(f'{file}: a workload looks like {{"name": "shop", "stores": ["aurora", "s3"]}}')
    if unknown := sorted(set(written) - set(_KEYS)):
        raise UnreadableInput(f"{file}: unknown key {', '.join(unknown)}; known: {', '.join(_KEYS)}")
    stores = written.get("stores", [*DEFAULT])
    if not is_list(stores) or any(kind not in STORES for kind in map(str, stores)):
        raise UnreadableInput(f"{file}: 'stores' is {stores!r}; allowed: a list of {', '.join(STORES)}")
    every = written.get("backup_every", "1d")
    try:
        period, bill = seconds_of(str(every)), _bill(written.get("shares", {}))
    except ValueError as error:
        raise UnreadableInput(f"{file}: {error}") from None
    return Subject(
        name=str(written.get("name", "")),
        stores=tuple(dict.fromkeys(map(str, stores))),
        period=period,
        bill=bill,
        known=str(file),
    )


def _bill(shares: Any) -> Bill:
    if not is_object(shares) or set(shares) - set(_SHARES):
        raise ValueError('\'shares\' looks like {"compute": 0.5, "data": [0.2, 0.3]}, in parts of the bill')
    given: dict[str, Range] = {}
    for name, value in shares.items():
        ends = value if is_list(value) else [value, value]
        if len(ends) != 2 or not all(isinstance(e, int | float) and 0 <= e <= 1 for e in ends) or ends[0] > ends[1]:
            raise ValueError(f"share '{name}' is {value!r}; allowed: 0 to 1, or [low, high]")
        given[name] = Range(float(ends[0]), float(ends[1]))
    plain = Bill()
    return Bill(compute=given.get("compute", plain.compute), data=given.get("data", plain.data))


def _assembled(path: str) -> Subject:
    told = review(path)
    ours = [e for e in told.estimates if e.deployment.strategy in BY_NAME]
    if not ours:
        raise UnreadableInput(
            f"{path}: no deployment of cdk-standby in it; give a workload.json, or use 'cdk-standby review'"
        )
    found: dict[tuple[str, Fault], Estimate] = {}
    for estimate in ours:
        key = (estimate.deployment.strategy, estimate.case.fault)
        found[key] = max(found.get(key, estimate), estimate, key=_worst)
    names = sorted({e.deployment.workload for e in ours})
    bill = (bill_of(told.cost) if told.cost else None) or Bill()
    return Subject(name=", ".join(names), stores=_stores(told), bill=bill, known=path, found=found)


def _worst(estimate: Estimate) -> tuple[int, float]:
    return (estimate.fate.badness, estimate.rto.high if estimate.rto else 0)


def _stores(told: Review) -> tuple[str, ...]:
    """The stores that the Regions which serve hold; what only waits, or takes logs, is none."""
    serving = {e.case.region for e in told.estimates if e.deployment.active == e.case.region}
    struck = (o for o in told.outcomes if o.case.fault is Fault.REGION and o.case.region in serving)
    return stores_among(o.resource for o in struck if o.judgement.vital)
