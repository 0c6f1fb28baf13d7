"""The boxes of a picture: resources with their fates, and what a change does to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ...graph import Key
from ...objectives import Fault
from ...outcomes import Fate
from ._dom import Html, el
from ._fates import LETTERS, WORST_FIRST
from ._faults import Struck
from ._layout import Box
from ._topology import Node, Topology

LETTER = 6.3
"""Pixels of a letter, about."""
NAMED = 12
"""Names of a box's resources that are told where the pointer rests on it."""


def fates_of(topology: Topology, faults: Sequence[Struck]) -> dict[int, str]:
    """Per node, which fault leaves how many of it in which fate: `0:s3 4:l2s1`; `~` where nobody waits for them."""
    node_of: dict[Key, int] = {r.key: node.number for node in topology.nodes for r in node.resources}
    told: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        found: dict[int, dict[Fate, list[bool]]] = defaultdict(lambda: defaultdict(list))
        for outcome in fault.outcomes:
            if (number := node_of.get(outcome.resource.key)) is not None:
                found[number][outcome.fate].append(outcome.judgement.vital)
        for number, by_fate in found.items():
            ordered = sorted(by_fate, key=lambda fate: _weight(fate, by_fate[fate]))
            parts = "".join(f"{LETTERS[f]}{len(by_fate[f])}{'' if any(by_fate[f]) else '~'}" for f in ordered)
            told[number].append(f"{fault.number}:{parts}")
    return {number: " ".join(parts) for number, parts in told.items()}


def _weight(fate: Fate, vital: list[bool]) -> tuple[bool, bool, int]:
    """What stops a workload is told before what nobody waits for, and that before what goes on."""
    return (fate in {Fate.SURVIVES, Fate.ITSELF}, not any(vital), WORST_FIRST.index(fate))


def struck(faults: Iterable[Struck], region: str, zone: str | None = None) -> str | None:
    """The faults that take a place away."""
    if zone is None:
        found = [f.number for f in faults if f.case.fault is Fault.REGION and f.case.region == region]
    else:
        found = [
            f.number for f in faults if f.case.fault is Fault.ZONE and (f.case.region, f.case.zone) == (region, zone)
        ]
    return " ".join(map(str, found)) or None


def around(node: Node, faults: Sequence[Struck]) -> str | None:
    """The faults that take away where a node stands."""
    zone = struck(faults, node.region, node.zones[0]) if len(node.zones) == 1 else None
    return " ".join(filter(None, (zone, struck(faults, node.region)))) or None


def mark(node: Node, marks: Mapping[Key, str]) -> str:
    """What the change does to a node: the worst of what it does to its resources; empty for nothing."""
    of_node = {marks[resource.key] for resource in node.resources if resource.key in marks}
    return next((word for word in dict.fromkeys(marks.values()) if word in of_node), "")


def box_of(node: Node, box: Box, fates: str | None, *, within: str | None, mark: str) -> Html:
    """A node, with the place where the page's script writes its fate."""
    room = int((box.width - 26) / LETTER)
    name = node.name or f"{len(node.resources)} resources"
    kind = "ghost" if not node.resources else "strange" if node.says else "known"
    return el(
        "g",
        el("title", _tooltip(node, mark)),
        rect(box, 6, class_="body"),
        el("rect", x=box.x, y=box.y, width=7, height=box.height, rx=3, class_="stripe"),
        text(cut(node.title, room - (2 if mark else 0)), box.x + 14, box.y + 18, "kind"),
        text(cut(name, room), box.x + 14, box.y + 35, "name"),
        el(
            "g",
            el("use", href="#i-none", x=box.x + 13, y=box.y + 25, width=12, height=12),
            text("", box.x + 29, box.y + 35, "word"),
            class_="fate",
        ),
        _mark(node, box, room, mark) if mark else None,
        class_=f"node {kind}", data_fates=fates, data_within=within, data_size=len(node.resources),
    )  # fmt: skip


def _mark(node: Node, box: Box, room: int, mark: str) -> Html:
    """A sign at the corner, with its word where there is room."""
    word = mark if len(node.title) + len(mark) + 5 <= room else ""
    return el(
        "g",
        el("use", href="#i-warning", x=box.right - 18, y=box.y + 6, width=13, height=13),
        text(word, box.right - 22, box.y + 18, "marked", anchor="end") if word else None,
        class_="mark",
    )


def _tooltip(node: Node, mark: str) -> str:
    names = [resource.name for resource in node.resources]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    where = f", in {zones_of(node)}" if node.zones else ""
    changed = f" (this change: {mark})" if mark else ""
    return f"{node.title}{where}{changed}: {', '.join(names[:NAMED]) or node.of}{more}"


def zones_of(node: Node) -> str:
    """The zones of a node in words."""
    return " and ".join(node.zones)


def cut(words: str, room: int) -> str:
    """Words that fit into so many letters."""
    return words if len(words) <= room else f"{words[: max(room - 1, 1)]}\N{HORIZONTAL ELLIPSIS}"


def rect(box: Box, radius: float, **more: object) -> Html:
    """A rectangle."""
    return el("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=radius, **more)


def text(words: str, x: float, y: float, kind: str, anchor: str | None = None) -> Html:
    """A line of text."""
    return el("text", words, x=x, y=y, class_=kind, text_anchor=anchor)
