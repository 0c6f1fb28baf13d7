"""Architectures whose fate AWS documents: read from `tests/review/fates`, judged, and told as a table.

`python tools/fate_tables.py` writes docs/fates.md; a test says when that page is behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cdk_standby_review import Fate, Outcome, Template
from cdk_standby_review.documents import read_document
from cdk_standby_review.facts import Range
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.objectives import Fault
from cdk_standby_review.outcomes import Case

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests/review/fates"
HERE, THERE = "eu-west-1", "eu-central-1"
_FATES = {
    "survives": Fate.SURVIVES,
    "itself": Fate.ITSELF,
    "runbook": Fate.RUNBOOK,
    "lost": Fate.LOST,
    "unknown": Fate.UNKNOWN,
}


@dataclass(frozen=True, kw_only=True)
class Documented:
    """One architecture under one fault, and what AWS says becomes of it."""

    id: str
    service: str
    architecture: str
    resources: Mapping[str, Any]
    elsewhere: Mapping[str, Any]
    asked: str
    """The logical id whose fate it is."""
    case: Case
    fate: Fate
    source: str
    rto: Range | None = None
    """Within which the figure of the review has to lie; None where AWS gives no time."""
    rpo: Range | None = None

    def templates(self) -> tuple[Template, ...]:
        """What stands in Ireland and, where something does, in Frankfurt."""
        places = ((HERE, network() | dict(self.resources)), (THERE, dict(self.elsewhere)))
        return tuple(
            Template(name=region, file=f"{region}.yaml", body={"Resources": resources}, stack="shop", region=region)
            for region, resources in places
            if resources
        )

    def judged(self) -> Outcome | None:
        """What the review says of it; None when it has nothing to say."""
        found = outcomes(Graph(self.templates()), [self.case])
        return next((o for o in found if (o.resource.logical_id, o.resource.region) == (self.asked, HERE)), None)


@cache
def network() -> dict[str, Any]:
    """The subnets that every architecture stands in."""
    return dict(read_document(CASES / "network.yaml"))


@cache
def documented() -> tuple[Documented, ...]:
    """Every case of every file, in the order of the files."""
    files = sorted(CASES.glob("*.yaml"))
    return tuple(case for file in files if file.stem != "network" for case in _of_file(read_document(file)))


def _of_file(services: list[dict[str, Any]]) -> Iterator[Documented]:
    for service in services:
        for architecture in service["architectures"]:
            for under in architecture["under"]:
                yield _case(service, architecture, under)


def _case(service: Mapping[str, Any], architecture: Mapping[str, Any], under: Mapping[str, Any]) -> Documented:
    return Documented(
        id=f"{architecture['id']}, {under['fault']}",
        service=service["service"],
        architecture=architecture["is"],
        resources=architecture["template"],
        elsewhere=architecture.get("frankfurt", {}),
        asked=architecture["asks"],
        case=_place(under["fault"]),
        fate=_FATES[under["fate"]],
        source=under["source"] if under["source"].startswith("https:") else service["docs"] + under["source"],
        rto=_range(under.get("rto")),
        rpo=_range(under.get("rpo")),
    )


def _place(written: str) -> Case:
    """`zone a`, `region`, `instance` or `deletion`, as a fault at a place."""
    fault, _, where = written.partition(" ")
    match Fault(fault):
        case Fault.ZONE:
            return Case(Fault.ZONE, HERE, HERE + where)
        case Fault.REGION:
            return Case(Fault.REGION, HERE)
        case other:
            return Case(other)


def _range(written: list[float] | None) -> Range | None:
    return None if written is None else Range(*written)
