"""Container images, in the registry of every Region of the workload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem

from ..image_parts import build_images
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True)
class Images:
    """A repository of the same name in every Region; what is pushed to the one that builds arrives in the others.

    A registry, that is an account in a Region, has one replication for all its repositories, and the last one that was
    deployed is the one it has: two workloads in an account share one, which somebody has to own.

    Args:
        name: unique in the workload; the repository is called ``<workload>/<name>``.
        keep_images: how many stay, the newest of them. Left out: 500.
        replicated_by: who owns the registry's replication, when another stack does. Left out: this workload does.
    """

    name: str
    keep_images: int = 500
    replicated_by: str | None = None

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.IMAGES

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
        """The repository of this Region, and the registry's replication to the other ones."""
        site.offers[self.name] = build_images(scope, self, site)
