"""The faults to choose from, and the picture that shows what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...estimate import Estimate
from ...graph import Graph, Key
from ...objectives import Fault
from ...outcomes import Fate
from ...spans import spans
from ...verdict import Status
from ._dom import Html, el, joined, section
from ._fates import CLASSES, SHORT, badge, fate, status
from ._faults import Struck, told_of
from ._outcomes import outcomes
from ._picture import picture
from ._topology import Topology, topologies

OPEN = 6
"""Pictures that stand unfolded."""


def choice(graph: Graph, faults: Sequence[Struck], marks: Mapping[Key, str]) -> Html:
    """Buttons, what the chosen fault does, pictures, and the table of outcomes."""
    found = topologies(graph)
    pictures = [_picture(each, faults, marks, number) for number, each in enumerate(found)]
    return section(
        "faults",
        "What a fault does",
        _buttons(faults),
        el("p", "No fault is chosen.", id="said", role="status", aria_live="polite"),
        _legend(changed=bool(marks)),
        pictures,
        outcomes(faults) if faults else None,
    )


def _buttons(faults: Sequence[Struck]) -> Html:
    """Hidden until the script is there to serve them; without it the table has everything."""
    hint = el(
        "p", "Choose a fault to see what it does: click, or use the arrow keys and Enter; Escape takes it back.",
        class_="quiet", id="choose",
    )  # fmt: skip
    kinds = dict.fromkeys(fault.case.fault for fault in faults)
    bar = el(
        "div", [_of_kind(kind, [f for f in faults if f.case.fault is kind]) for kind in kinds],
        class_="choices", role="toolbar", aria_label="Faults", aria_describedby="choose",
    )  # fmt: skip
    return el("div", hint, bar, class_="scripted", hidden=True)


def _of_kind(kind: Fault, faults: Sequence[Struck]) -> Html:
    title = el("p", _TITLES[kind], class_="of-kind", aria_hidden="true")
    return el("div", title, el("div", map(_button, faults), class_="row"), class_="kind-row")


def _button(fault: Struck) -> Html:
    alone, several = fault.worst, len(fault.estimates) > 1
    hit = sum(estimate.fate is fault.fate for estimate in fault.estimates)
    said = f"{hit} of {len(fault.estimates)} workloads" if several and fault.fate is not Fate.SURVIVES else ""
    if not several and alone.rto and alone.rto.high:
        said = f"RTO {spans(alone.rto)}"
    missed = fault.status not in {None, Status.MET}
    title = joined(el("span", fault.before, class_="unseen"), fault.place) if fault.place else fault.title
    return el(
        "button",
        el("span", title, class_="fault"),
        " ",
        badge(CLASSES[fault.fate], SHORT[fault.fate]),
        el("span", " ", said, class_="quiet") if said else None,
        el("span", " objective ", status(fault.status), class_="kept") if missed else None,
        type="button", aria_pressed="false", data_fault=fault.number, data_slug=fault.slug, data_says=fault.says,
        class_=f"choice {CLASSES[fault.fate]}",
    )  # fmt: skip


_TITLES = {
    Fault.INSTANCE: "Instance",
    Fault.ZONE: "Zone",
    Fault.REGION: "Region",
    Fault.DELETION: "Data",
    Fault.ACCOUNT: "Account",
}


def _legend(*, changed: bool) -> Html:
    said = (
        "Every box is a resource, or several of one type at one place. Solid arrows: the way of a request, as far as "
        "the templates show it. Dashed arrows: what is copied to another Region. A fate in brackets: the workload does "
        "not wait for it."
    )
    said += " A triangle: this change does something to it." if changed else ""
    return el("p", said, class_="quiet")


def _picture(topology: Topology, faults: Sequence[Struck], marks: Mapping[Key, str], number: int) -> Html:
    deployment = topology.deployment
    strategy = f", {deployment.strategy}" if deployment.strategy else ""
    title = f"{deployment.workload or 'All templates'}{strategy}"
    glue = f"{topology.glue} more resources only connect or configure others." if topology.glue else ""
    drawn = el(
        "div", picture(topology, faults, marks, number), class_="wide drawn", tabindex=0, role="region",
        aria_label=f"Picture of {title}",
    )  # fmt: skip
    note = el("p", glue, class_="quiet") if glue else None
    told = [
        _told(e, fault) for fault in faults for e in fault.estimates if e.deployment.templates == deployment.templates
    ]
    return el("details", el("summary", title, told), drawn, note, open=number < OPEN, class_="picture-of")


def _told(estimate: Estimate, fault: Struck) -> Html:
    """What becomes of this workload, beside its name once the fault is chosen."""
    figures = told_of(estimate).partition(", ")[2]
    return el("span", " ", fate(estimate.fate), " ", figures, class_="told-of", data_fault=fault.number, hidden=True)
