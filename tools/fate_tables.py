"""Architectures whose fate AWS documents: read from `tests/review/fates`, judged, and told as a table.

`python tools/fate_tables.py` writes docs/fates.md; a test says when that page is behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cdk_standby_review import Fate, Objectives, Outcome, Recovery, Review, Severity, Template, review_templates
from cdk_standby_review.documents import read_document, read_template
from cdk_standby_review.facts import Range
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.objectives import Fault
from cdk_standby_review.outcomes import Case
from cdk_standby_review.spans import spans

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests/review/fates"
HERE, THERE = "eu-west-1", "eu-central-1"
PAGE = ROOT / "docs/fates.md"
Written = Callable[[dict[str, Any]], dict[str, Any]]
QUICK = Recovery(rto=timedelta(hours=1), rpo=timedelta(minutes=15))
SLOW = Recovery(rto=timedelta(hours=6), rpo=timedelta(hours=6))
RESTORED = frozenset({"backups"})
"""What has only backups in the other Region."""
HEAD = """# What AWS documents, and what the review says

{cases} cases of {architectures} architectures of {services} services whose fate AWS documents. What each should become
was written down from the linked page; then the review was asked, and mended where it differed. Each case is a small
template in `tests/review/fates`, which holds the properties that decide and nothing else, in three subnets of Ireland;
what stands in Frankfurt is said. Many stand beside another one that differs in a single property, and whose fate is
another. A test holds this page to what the review says today, whatever the resources are called.

Of the first 218 the review of that day judged 128 rightly and seven wrongly, and knew nothing of 83; of those that
came later it judged another 14 wrongly, and knew nothing of ten. What was wrong: a replica without automatic failover,
a key of another Region for a replica, One Zone storage classes, replication that leaves encrypted objects behind, the
loss of a Region that only held copies, plans for every resource of a kind, copies that AWS Backup does not make.

A host is one machine. Data lost means deleted or corrupted, also by somebody with rights; data and safeguards means by
somebody who is an administrator of the account, and deletes the backups too. *Back in* and *loses* are the figures of
the review; where AWS documents a limit that they have to keep they are **bold**, elsewhere they may rest on
assumptions, which every report of the review names. `lost` means that nothing in the template brings it back: what
stood in a zone or a Region may come back with it.
"""
ALARMS = """
## False alarms

{templates} well-built templates, one for each common architecture, held to 10 minutes and one minute of writes for a
host and a zone, and to an hour and 15 minutes for a Region where they stand in two (six hours where the other one has
only backups). Findings of severity error or warning: **{alarms}**. Every resource is of a type that the review knows.
Our own reference app has none either, under its own objectives; `tests/stacks/test_app.py` holds that.
"""
FATES = {
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

    def templates(self, written: Written = dict) -> tuple[Template, ...]:
        """What stands in Ireland and, where something does, in Frankfurt.

        Args:
            written: What is made of the resources of each template; left out, nothing.
        """
        places = ((HERE, network() | dict(self.resources)), (THERE, dict(self.elsewhere)))
        return tuple(_template(region, written(resources)) for region, resources in places if resources)

    def judged(self, written: Written = dict) -> Outcome | None:
        """What the review says of it; None when it has nothing to say.

        Args:
            written: What is made of the resources of each template, in their order; left out, nothing.
        """
        templates = {template.region: template for template in self.templates(written)}
        region = self.case.region or HERE
        resources = self.elsewhere if region == THERE else network() | dict(self.resources)
        asked = [*templates[region].body["Resources"]][[*resources].index(self.asked)]
        found = outcomes(Graph(templates.values()), [self.case])
        return next((o for o in found if (o.resource.logical_id, o.resource.region) == (asked, region)), None)


def _template(region: str, resources: Mapping[str, Any]) -> Template:
    return Template(name=region, file=f"{region}.yaml", body={"Resources": resources}, stack="shop", region=region)


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
        case=place(under["fault"]),
        fate=FATES[under["fate"]],
        source=under["source"] if under["source"].startswith("https:") else service["docs"] + under["source"],
        rto=_range(under.get("rto")),
        rpo=_range(under.get("rpo")),
    )


def place(written: str) -> Case:
    """`zone a`, `region`, `frankfurt`, `instance`, `deletion` or `account`, as a fault at a place."""
    if written == "frankfurt":
        return Case(Fault.REGION, THERE)
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


@dataclass(frozen=True, kw_only=True)
class WellBuilt:
    """A template, or those of several Regions, in which there is nothing to find."""

    name: str
    architecture: str
    templates: tuple[Template, ...]

    @property
    def promises(self) -> Objectives:
        """What the architecture is held to: an instance and a zone, and a Region where it stands in two."""
        inside = Recovery(rto=timedelta(minutes=10), rpo=timedelta(minutes=1))
        region = SLOW if self.name in RESTORED else QUICK
        several = len({template.region for template in self.templates}) > 1
        return Objectives(instance=inside, zone=inside, region=region if several else None)

    def reviewed(self) -> Review:
        """What the review says of it."""
        return review_templates(self.templates, self.promises)


@cache
def well_built() -> tuple[WellBuilt, ...]:
    """Every folder of `well-built`: a file per Region, and per stack where a Region has several (`region+stack`)."""
    return tuple(_well_built(folder) for folder in sorted((CASES / "well-built").iterdir()))


def _well_built(folder: Path) -> WellBuilt:
    files = {file.stem: read_template(file) for file in sorted(folder.glob("*.yaml"))}
    templates = tuple(
        Template(name=name, file=f"{folder.name}/{name}.yaml", body=body, stack=name, region=name.partition("+")[0])
        for name, body in files.items()
    )
    return WellBuilt(name=folder.name, architecture=str(files[HERE]["Description"]), templates=templates)


def page() -> str:
    """The page of the documentation."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    cases, kept = documented(), well_built()
    services = list(dict.fromkeys(case.service for case in cases))
    yield from HEAD.format(
        cases=len(cases), services=len(services), architectures=len({c.id.partition(",")[0] for c in cases})
    ).splitlines()
    yield from _false_alarms(kept)
    for service in sorted(services, key=str.lower):
        yield from (
            "",
            f"## {service}",
            "",
            "| architecture | lost | AWS documents | the review says | back in | loses |",
        )
        yield "|---|---|---|---|---|---|"
        yield from (_row(case) for case in cases if case.service == service)
    yield ""


def _row(case: Documented) -> str:
    found = case.judged()
    if found is None:
        return f"| {case.architecture} | {_lost(case.case)} | [{case.fate}]({case.source}) | nothing | | |"
    judged = found.judgement
    figures = f"{_figure(judged.rto, case.rto)} | {_figure(judged.rpo, case.rpo)}"
    says = f"{found.fate}: {judged.says}"
    return f"| {case.architecture} | {_lost(case.case)} | [{case.fate}]({case.source}) | {says} | {figures} |"


def _lost(case: Case) -> str:
    if case.fault is Fault.REGION:
        return "Frankfurt" if case.region == THERE else "the Region"
    places = {Fault.ZONE: f"zone {case.zone[-1:]}", Fault.INSTANCE: "a host", Fault.DELETION: "data"}
    return places.get(case.fault, "data and safeguards")


def _figure(figure: Range | None, limit: Range | None) -> str:
    """A figure of the review; in bold where AWS documents the limit that it keeps."""
    written = "" if figure is None else spans(figure)
    return f"**{written}**" if limit and written else written


def _false_alarms(kept: Iterable[WellBuilt]) -> Iterator[str]:
    rows = [(each, each.reviewed()) for each in kept]
    alarms = sum(len(review.worst(Severity.ERROR, Severity.WARNING)) for _, review in rows)
    yield from ALARMS.format(templates=len(rows), alarms=alarms).splitlines()
    yield from ("", "| architecture | Regions | resources | known | held to | findings |", "|---|---|---|---|---|---|")
    for each, review in rows:
        regions = len({template.region for template in each.templates})
        held = ", ".join(f"{v.fault} {v.status}" for v in review.verdicts)
        known = f"{review.coverage.total} | {review.coverage.percent:g} %"
        yield f"| {each.architecture} | {regions} | {known} | {held} | {len(review.findings)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
