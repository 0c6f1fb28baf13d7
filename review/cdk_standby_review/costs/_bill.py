"""From what pricers say and what the table knows to the lines of a bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..facts import Range
from ..graph import Graph, Resource
from ..templates import Template
from ._model import HOURS, CostLine, Gap, Price, Usage
from ._parts import ONE, Paid, Part, Unsaid, Used
from ._prices import Prices
from .free import is_free
from .pricers import PRICERS

GIVE_REGION = "give one: --region, or `region` in the file of --prices"
"""What to do where neither the templates nor the prices say where things run."""


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A workload in a Region."""

    workload: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All of a resource's bill that is paid in one Region."""

    resource: Resource
    where: Where
    lines: tuple[CostLine, ...] = ()
    gaps: tuple[Gap, ...] = ()
    usage: tuple[Usage, ...] = ()


class Bill:
    """What every resource of some templates costs."""

    def __init__(self, graph: Graph, prices: Prices) -> None:
        """Ask the pricer of every resource."""
        self._prices = prices
        self.graph = graph
        self.entries: dict[tuple[str, str], tuple[Entry, ...]] = {r.key: tuple(self._entries(r)) for r in graph}
        self._roles = _roles(graph)

    def role(self, where: Where) -> str:
        """What the templates say that a site is there for."""
        return self._roles.get(where, "")

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entries in self.entries.values() for entry in entries)

    def _entries(self, resource: Resource) -> Iterator[Entry]:
        here = resource.region or self._prices.region
        by_region: dict[str, list[Part]] = {here: []}
        for part in parts_of(self.graph, resource):
            region = "" if isinstance(part, Unsaid) else part.region
            by_region.setdefault(region or here, []).append(part)
        workload = self.graph.deployment_of(resource).workload
        for region, parts in by_region.items():
            yield self._entry(resource, Where(workload, region), parts)

    def _entry(self, resource: Resource, where: Where, parts: list[Part]) -> Entry:
        lines: list[CostLine] = []
        gaps = [part.why for part in parts if isinstance(part, Unsaid)]
        for part in (part for part in parts if isinstance(part, Paid) and part.count.high > 0):
            known = [price for item in part.items if (price := self._prices.of(item, where.region))]
            if len(known) == len(part.items):
                lines.append(_line(resource, part, known))
            else:
                lacking = [item for item in part.items if item not in {price.item for price in known}]
                gaps.append(_no_price(lacking, where.region))
        return Entry(
            resource=resource,
            where=where,
            lines=tuple(lines),
            gaps=tuple(Gap(resource=resource, why=why) for why in dict.fromkeys(gaps)),
            usage=tuple(
                Usage(what=part.what, price=self._prices.of(part.item, where.region), resources=(resource,))
                for part in parts
                if isinstance(part, Used)
            ),
        )


def parts_of(graph: Graph, resource: Resource) -> Iterable[Part]:
    """What a resource pays for; nothing for what is known to be free."""
    if pricer := PRICERS.get(resource.type):
        return pricer(graph, resource)
    if is_free(resource.type):
        return ()
    return (Unsaid(why=f"nobody taught the review what {resource.type} costs"),)


def _line(resource: Resource, part: Paid, prices: list[Price]) -> CostLine:
    amounts = [price.amount * (HOURS if price.unit.endswith("hour") else 1) for price in prices]
    count, what = part.count, part.what
    return CostLine(
        resource=resource,
        what=what if count == ONE else f"{_span(count)} x {what}",
        monthly=Range(round(count.low * min(amounts), 2), round(count.high * max(amounts), 2)),
        prices=tuple(prices),
    )


def _span(count: Range) -> str:
    return f"{count.low:g}" if count.low == count.high else str(count)


def _no_price(items: list[str], region: str) -> str:
    if not region:
        return f"no Region is given, which the price of {' or '.join(items)} needs ({GIVE_REGION})"
    return f"no price of {' or '.join(items)} in {region}"


def _roles(graph: Graph) -> dict[Where, str]:
    """What a site is there for; what stands outside of both sites may stand in the Region of one."""
    by_name = {template.name: template for template in graph.templates}
    found: dict[Where, str] = {}
    for deployment in graph.deployments:
        for name in sorted(deployment.templates):
            role = str(_top(by_name[name], by_name).standby.get("role", ""))
            where = Where(deployment.workload, by_name[name].region or "")
            if role and (role != "outside" or where not in found):
                found[where] = role
    return found


def _top(template: Template, by_name: dict[str, Template]) -> Template:
    while template.parent in by_name:
        template = by_name[template.parent]
    return template
