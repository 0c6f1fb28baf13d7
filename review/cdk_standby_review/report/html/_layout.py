"""Where everything on a picture stands: Regions side by side, zones inside them, global services above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ._kinds import Tier
from ._topology import EVERYWHERE, Node, Topology

ZONE, CELL, ROW, GAP, PAD = 122, 156, 46, 10, 12
"""Pixels: the widths of a zone and of a cell without one, the height of a node, the space between and around."""
ZONED = 340
"""Pixels: the least width of a Region with zones."""
HEAD, LABEL, GUTTER, NARROW, BELOW, EDGE = 30, 22, 132, 24, 28, 8
"""Pixels: the titles of a Region and of a zone, the space between Regions with and without arrows, below what is
global, and the rim."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.x + self.width / 2, self.y + self.height / 2)


@dataclass(slots=True)
class Layout:
    """A picture, measured."""

    size: tuple[float, float] = (0, 0)
    everywhere: Box | None = None
    regions: dict[str, Box] = field(default_factory=dict[str, Box])
    zones: dict[tuple[str, str], Box] = field(default_factory=dict[tuple[str, str], Box])
    nodes: dict[int, Box] = field(default_factory=dict[int, Box])


def layout(topology: Topology) -> Layout:
    """Measure a picture."""
    found = Layout()
    widths = {region: _width(topology, region) for region in topology.regions}
    gutters = _gutters(topology)
    band = [node for node in topology.nodes if node.region == EVERYWHERE]
    needed = sum(widths.values()) + sum(gutters)
    total = max(needed, CELL * min(len(band), 4) + 2 * PAD)
    top = float(EDGE)
    if band:
        bottom = _flow(band, (EDGE + PAD, top + HEAD, total - 2 * PAD), frozenset(), found)
        found.everywhere = Box(EDGE, top, total, bottom + PAD - top)
        top = found.everywhere.bottom + BELOW
    left, lowest = EDGE + (total - needed) / 2, top
    for (region, width), gutter in zip(widths.items(), (*gutters, 0), strict=False):  # without Regions there is no last
        lowest = max(lowest, _region(topology, region, (left, top, width), found))
        left += width + gutter
    found.regions = {name: Box(box.x, box.y, box.width, lowest - box.y) for name, box in found.regions.items()}
    found.size = (total + 2 * EDGE, lowest + EDGE)
    return found


def _width(topology: Topology, region: str) -> float:
    zones = len(topology.zones.get(region, ()))
    loose = sum(1 for node in topology.nodes if node.region == region and not node.zones)
    cells = min(2, max(1, (loose + 4) // 5))
    zoned = max(zones * ZONE + (zones - 1) * GAP, ZONED) if zones else 0
    return max(zoned, cells * CELL + (cells - 1) * GAP) + 2 * PAD


def _gutters(topology: Topology) -> list[int]:
    """Beside each Region, wide where something is copied across; none beside the last."""
    order = {region: number for number, region in enumerate(topology.regions)}
    crossed: set[int] = set()
    for arrow in topology.arrows:
        if arrow.says and arrow.source.region in order and arrow.target.region in order:
            ends = sorted((order[arrow.source.region], order[arrow.target.region]))
            crossed.update(range(*ends))
    last = len(order) - 1
    return [0 if number == last else GUTTER if number in crossed else NARROW for number in order.values()]


def _region(topology: Topology, region: str, place: tuple[float, float, float], found: Layout) -> float:
    """Place what stands in a Region; gives its lower side."""
    left, top, width = place
    mine = [node for node in topology.nodes if node.region == region]
    inner, y = width - 2 * PAD, top + HEAD
    zones = topology.zones.get(region, ())
    if zones:
        each = (inner - (len(zones) - 1) * GAP) / len(zones)
        columns = {zone: left + PAD + number * (each + GAP) for number, zone in enumerate(zones)}
        bottom = _in_zones([node for node in mine if node.zones], columns, (y + LABEL, each), found)
        found.zones |= {(region, zone): Box(x, y, each, bottom - y) for zone, x in columns.items()}
        y = bottom + GAP
    loose = [node for node in mine if not node.zones]
    copied = frozenset(end.number for arrow in topology.arrows if arrow.says for end in (arrow.source, arrow.target))
    bottom = (_flow(loose, (left + PAD, y, inner), copied, found) if loose else y - GAP) + PAD
    found.regions[region] = Box(left, top, width, bottom - top)
    return bottom


def _in_zones(mine: list[Node], columns: Mapping[str, float], place: tuple[float, float], found: Layout) -> float:
    """Tier by tier: what spans zones takes rows of its own, what stands in one stands in its column."""
    y, each = place
    for tier in Tier:
        for node in mine:
            if node.tier is tier and len(node.zones) > 1:
                first, last = columns[node.zones[0]], columns[node.zones[-1]]
                found.nodes[node.number] = Box(first + 4, y, last + each - first - 8, ROW)
                y += ROW + GAP
        stacks: dict[str, int] = defaultdict(int)
        for node in mine:
            if node.tier is tier and len(node.zones) == 1:
                zone = node.zones[0]
                found.nodes[node.number] = Box(columns[zone] + 4, y + stacks[zone] * (ROW + GAP), each - 8, ROW)
                stacks[zone] += 1
        y += max(stacks.values(), default=0) * (ROW + GAP)
    return max(y, place[0] + GAP)


def _flow(loose: Iterable[Node], place: tuple[float, float, float], copied: frozenset[int], found: Layout) -> float:
    """Place nodes in rows of cells; gives the lower side.

    A tier that users come through begins a row of its own, and what is copied has one, for arrows to reach it.
    """
    left, top, width = place
    columns = max(1, int((width + GAP) // (CELL + GAP)))
    cell = (width - (columns - 1) * GAP) / columns
    row, column, last = 0, 0, None
    for node in loose:
        whole = node.number in copied
        begins = last is not None and node.tier is not last and min(node.tier, last) <= Tier.STORE
        if column and (whole or begins or column >= columns):
            row, column = row + 1, 0
        wide = width if whole else cell
        found.nodes[node.number] = Box(left + column * (cell + GAP), top + row * (ROW + GAP), wide, ROW)
        column, last = columns if whole else column + 1, node.tier
    return top + (row + 1) * (ROW + GAP) - GAP
