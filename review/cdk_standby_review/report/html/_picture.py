"""A deployment drawn: SVG that the page's script gives the fates of a fault to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ...graph import Key
from ...objectives import Fault
from ...outcomes import Fate
from ._dom import Html, el
from ._fates import LETTERS, WORST_FIRST
from ._faults import Struck
from ._layout import LABEL, Box, Layout, layout
from ._topology import EVERYWHERE, Arrow, Node, Topology

LETTER = 6.3
"""Pixels of a letter, about."""
LINE = 15
"""Pixels between the labels of arrows."""


def picture(topology: Topology, faults: Sequence[Struck], number: int) -> Html:
    """One deployment as SVG."""
    placed = layout(topology)
    width, height = placed.size
    fates = _fates(topology, faults)
    within = {node.number: _around(node, faults) for node in topology.nodes}
    return el(
        "svg",
        el("title", f"Where {_called(topology)} stands", id=f"picture-{number}"),
        el("desc", description(topology), id=f"picture-{number}-desc"),
        _everywhere(placed),
        [_region(topology, name, box, faults) for name, box in placed.regions.items()],
        [_zone(region, zone, box, faults) for (region, zone), box in placed.zones.items()],
        [_arrow(arrow, placed, faults) for arrow in topology.arrows],
        [_node(n, placed.nodes[n.number], fates.get(n.number), within[n.number]) for n in topology.nodes],
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
        f"{n.title} in {_zones_of(n)}" if n.zones else n.title for n in topology.nodes if n.region == region
    )


def _zones_of(node: Node) -> str:
    return " and ".join(node.zones)


def _at(node: Node) -> str:
    where = "" if node.region == EVERYWHERE else f" in {_region_name(node.region)}"
    return f"{node.title} {node.name}".strip() + where


def _region_name(region: str) -> str:
    return region or "a Region that the templates do not say"


def _fates(topology: Topology, faults: Sequence[Struck]) -> dict[int, str]:
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


def _struck(faults: Iterable[Struck], region: str, zone: str | None = None) -> str | None:
    """The faults that take a place away."""
    if zone is None:
        found = [f.number for f in faults if f.case.fault is Fault.REGION and f.case.region == region]
    else:
        found = [
            f.number for f in faults if f.case.fault is Fault.ZONE and (f.case.region, f.case.zone) == (region, zone)
        ]
    return " ".join(map(str, found)) or None


def _everywhere(placed: Layout) -> Html | None:
    if placed.everywhere is None:
        return None
    box = placed.everywhere
    return el("g", _rect(box, 10), _text("Global", box.x + 12, box.y + 20, "head"), class_="place global")


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
    lost = _text("lost", box.right - 12, box.y + 20, "gone", anchor="end")
    return el("g", _rect(box, 10), title, lost, class_="place region", data_struck=_struck(faults, name))


def _zone(region: str, zone: str, box: Box, faults: Sequence[Struck]) -> Html:
    name = zone.removeprefix(region).removesuffix(f" of {region or 'the Region'}")
    name = f"zone {name}" if len(name) == 1 else name or zone
    label = _text(_cut(name, int((box.width - 44) / LETTER)), box.x + 8, box.y + LABEL - 6, "zone-name")
    lost = _text("lost", box.right - 8, box.y + LABEL - 6, "gone", anchor="end")
    return el("g", _rect(box, 6), label, lost, class_="place zone", data_struck=_struck(faults, region, zone))


def _rect(box: Box, radius: float, **more: object) -> Html:
    return el("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=radius, **more)


def _text(text: str, x: float, y: float, kind: str, anchor: str | None = None) -> Html:
    return el("text", text, x=x, y=y, class_=kind, text_anchor=anchor)


def _around(node: Node, faults: Sequence[Struck]) -> str | None:
    """The faults that take away where a node stands."""
    zone = _struck(faults, node.region, node.zones[0]) if len(node.zones) == 1 else None
    return " ".join(filter(None, (zone, _struck(faults, node.region)))) or None


def _node(node: Node, box: Box, fates: str | None, within: str | None) -> Html:
    room = int((box.width - 26) / LETTER)
    name = node.name or f"{len(node.resources)} resources"
    kind = "ghost" if not node.resources else "strange" if node.says else "known"
    return el(
        "g",
        el("title", _tooltip(node)),
        _rect(box, 6, class_="body"),
        el("rect", x=box.x, y=box.y, width=7, height=box.height, rx=3, class_="stripe"),
        el("text", _cut(node.title, room), x=box.x + 14, y=box.y + 18, class_="kind"),
        el("text", _cut(name, room), x=box.x + 14, y=box.y + 35, class_="name"),
        el(
            "g",
            el("use", href="#i-none", x=box.x + 13, y=box.y + 25, width=12, height=12),
            el("text", "", x=box.x + 29, y=box.y + 35, class_="word"),
            class_="fate",
        ),
        class_=f"node {kind}", data_fates=fates, data_within=within, data_size=len(node.resources),
    )  # fmt: skip


def _tooltip(node: Node) -> str:
    names = [resource.name for resource in node.resources]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    where = f", in {_zones_of(node)}" if node.zones else ""
    return f"{node.title}{where}: {', '.join(names[:12]) or node.of}{more}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 1, 1)]}\N{HORIZONTAL ELLIPSIS}"


def _arrow(arrow: Arrow, placed: Layout, faults: Sequence[Struck]) -> Html:
    cut = " ".join(filter(None, {_struck(faults, end.region) for end in (arrow.source, arrow.target)}))
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
        found.append(_text(says, x, line, "carries", anchor="middle"))
    return found


def _label_at(arrow: Arrow, placed: Layout) -> tuple[float, float]:
    """The middle of an arrow."""
    source, target = placed.nodes[arrow.source.number], placed.nodes[arrow.target.number]
    start, end = (source.right, target.x) if source.x <= target.x else (source.x, target.right)
    return (round((start + end) / 2, 1), round((source.middle[1] + target.middle[1]) / 2 - 5, 1))
