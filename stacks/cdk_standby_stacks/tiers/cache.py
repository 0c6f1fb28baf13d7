"""A cache: what it holds is made anew, so every Region has one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem

from ..cache_parts import build_cache
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Valkey:
    """A Valkey cache in every Region that can serve; none of them knows what the others hold.

    A failover meets an empty cache: the database behind it has to carry the load until it is warm, and sessions that
    are kept in it end. What must not be lost belongs into a table.

    Args:
        version: of the engine, such as ``"8.2"``.
        node_type: such as ``"cache.r7g.large"``. Left out: that one.
        replicas: of each shard, 1 to 5. Left out: 2.
        shards: more than one makes a cache in cluster mode. Left out: 1.
        name: unique in the workload.
    """

    version: str
    node_type: str = "cache.r7g.large"
    replicas: int = 2
    shards: int = 1
    name: str = "cache"

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.CACHE

    @property
    def layer(self) -> Layer:
        """The stack of a site that it lives in."""
        return Layer.DATA

    def problems(self, where: str) -> Iterable[Problem]:
        """The construct checks what it is given."""
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Problem]:
        """It fits everywhere."""
        return ()

    def build(self, scope: Construct, site: Site, posture: Posture) -> None:
        """A cache of this Region alone, as large as any other: a smaller one would be the bottleneck of a failover."""
        site.offers[self.name] = build_cache(scope, self, site)
