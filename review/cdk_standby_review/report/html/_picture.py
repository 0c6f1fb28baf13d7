"""A deployment drawn: SVG that the page's script gives the fates of a fault to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...graph import Key
from ._boxes import LETTER, around, box_of, cut, fates_of, mark, rect, struck, text, zones_of
from ._dom import Html, el
from ._faults import Struck
from ._layout import LABEL, Box, Layout, layout
from ._topology import EVERYWHERE, Arrow, Node, Topology

LINE = 15
"""Pixels between the labels of arrows."""


def picture(topology: Topology, faults: Sequence[Struck], marks: Mapping[Key, str], number: int) -> Html:
    """One deployment as SVG; what the change does to a resource is marked on it."""
    placed = layout(topology)
    width, height = placed.size
    fates = fates_of(topology, faults)
    at = placed.nodes
    nodes = [
        box_of(n, at[n.number], fates.get(n.number), within=around(n, faults), mark=mark(n, marks))
        for n in topology.nodes
    ]
    return el(
        "svg",
        el("title", f"Where {_called(topology)} stands", id=f"picture-{number}"),
        el("desc", description(topology), id=f"picture-{number}-desc"),
        _everywhere(placed),
        [_region(topology, name, box, faults) for name, box in placed.regions.items()],
        [_zone(region, zone, box, faults) for (region, zone), box in placed.zones.items()],
        [_arrow(arrow, placed, faults) for arrow in topology.arrows],
        nodes,
        _labels(topology.arrows, placed),
        class_="picture", role="img", viewBox=f"0 0 {width:g} {height:g}", width=width, height=height,
        aria_labelledby=f"picture-{number} picture-{number}-desc",
    )  # fmt: skip


def _called(topology: Topology) -> str:
    return topology.deployment.workload or "the workload"


def description(topology: Topology) -> str:
    """The picture in words."""
    said = [f"{_region_name(region)}: {_listed(topology, region)}" for region in topology.regions]
    if any(node.region == EVERYWHERE for node in topology.nodes):
        said.insert(0, f"Served from everywhere: {_listed(topology, EVERYWHERE)}")
    copies = [arrow for arrow in topology.arrows if arrow.says]
    said += [f"{a.says} from {_at(a.source)} to {_at(a.target)}" for a in copies]
    said += [f"Requests go from {_at(a.source)} to {_at(a.target)}" for a in topology.arrows if not a.says]
    return ". ".join(said) + "."


def _listed(topology: Topology, region: str) -> str:
    return ", ".join(
        f"{n.title} in {zones_of(n)}" if n.zones else n.title for n in topology.nodes if n.region == region
    )


def _at(node: Node) -> str:
    where = "" if node.region == EVERYWHERE else f" in {_region_name(node.region)}"
    return f"{node.title} {node.name}".strip() + where


def _region_name(region: str) -> str:
    return region or "a Region that the templates do not say"


def _everywhere(placed: Layout) -> Html | None:
    if placed.everywhere is None:
        return None
    box = placed.everywhere
    return el("g", rect(box, 10), text("Global", box.x + 12, box.y + 20, "head"), class_="place global")


def _region(topology: Topology, name: str, box: Box, faults: Sequence[Struck]) -> Html:
    active = topology.deployment.active
    role = (
        "" if not active else " serves" if name == active else " waits" if name in topology.deployment.regions else ""
    )
    if role == " waits" and topology.deployment.strategy == "multi-site":
        role = " serves"
    title = el(
        "text", name or "Region not said", el("tspan", role, class_="role") if role else None,
        x=box.x + 12, y=box.y + 20, class_="head",
    )  # fmt: skip
    lost = text("lost", box.right - 12, box.y + 20, "gone", anchor="end")
    return el("g", rect(box, 10), title, lost, class_="place region", data_struck=struck(faults, name))


def _zone(region: str, zone: str, box: Box, faults: Sequence[Struck]) -> Html:
    name = zone.removeprefix(region).removesuffix(f" of {region or 'the Region'}")
    name = f"zone {name}" if len(name) == 1 else name or zone
    label = text(cut(name, int((box.width - 44) / LETTER)), box.x + 8, box.y + LABEL - 6, "zone-name")
    lost = text("lost", box.right - 8, box.y + LABEL - 6, "gone", anchor="end")
    return el("g", rect(box, 6), label, lost, class_="place zone", data_struck=struck(faults, region, zone))


def _arrow(arrow: Arrow, placed: Layout, faults: Sequence[Struck]) -> Html:
    cut = " ".join(filter(None, {struck(faults, end.region) for end in (arrow.source, arrow.target)}))
    kind = "copy" if arrow.says else "way"
    source, target = placed.nodes[arrow.source.number], placed.nodes[arrow.target.number]
    leaves = arrow.source.region == EVERYWHERE != arrow.target.region and placed.everywhere
    way = _elbow(source, target, leaves.bottom + 14) if leaves else _curve(source, target, copied=bool(arrow.says))
    path = el("path", d=way, class_="line")
    return el("g", path, class_=f"arrow {kind}{' both' if arrow.both_ways else ''}", data_struck=_in_order(cut))


def _in_order(numbers: str) -> str | None:
    return " ".join(sorted(numbers.split(), key=int)) or None


def _curve(source: Box, target: Box, *, copied: bool) -> str:
    """Requests go down from tier to tier; copies go across from Region to Region."""
    (x1, y1), (x2, y2) = source.middle, target.middle
    if not copied and source.bottom <= target.y:
        return _down(x1, source.bottom, x2, target.y)
    if not copied and target.bottom <= source.y:
        return _down(x1, source.y, x2, target.bottom)
    start, end = (source.right, target.x) if x1 <= x2 else (source.x, target.right)
    half = (start + end) / 2
    return f"M{start:g} {y1:g}C{half:g} {y1:g} {half:g} {y2:g} {end:g} {y2:g}"


def _elbow(source: Box, target: Box, level: float) -> str:
    """Down, across between what is global and the Regions, and down again."""
    x1, x2 = source.middle[0], target.middle[0]
    turn = max(-8.0, min(8.0, (x2 - x1) / 2))
    return (
        f"M{x1:g} {source.bottom:g}V{level - 8:g}Q{x1:g} {level:g} {x1 + turn:g} {level:g}"
        f"H{x2 - turn:g}Q{x2:g} {level:g} {x2:g} {level + 8:g}V{target.y:g}"
    )


def _down(x1: float, y1: float, x2: float, y2: float) -> str:
    half = (y1 + y2) / 2
    return f"M{x1:g} {y1:g}C{x1:g} {half:g} {x2:g} {half:g} {x2:g} {y2:g}"


def _labels(arrows: Iterable[Arrow], placed: Layout) -> list[Html]:
    """What is copied, beside its arrow; labels of one gutter stand below one another."""
    wanted = [(*_label_at(arrow, placed), arrow.says) for arrow in arrows if arrow.says]
    found: list[Html] = []
    last: dict[float, float] = {}
    for x, y, says in sorted(wanted):
        line = max(y, last.get(x, y - LINE) + LINE)
        last[x] = line
        found.append(text(says, x, line, "carries", anchor="middle"))
    return found


def _label_at(arrow: Arrow, placed: Layout) -> tuple[float, float]:
    """The middle of an arrow."""
    source, target = placed.nodes[arrow.source.number], placed.nodes[arrow.target.number]
    start, end = (source.right, target.x) if source.x <= target.x else (source.x, target.right)
    return (round((start + end) / 2, 1), round((source.middle[1] + target.middle[1]) / 2 - 5, 1))
