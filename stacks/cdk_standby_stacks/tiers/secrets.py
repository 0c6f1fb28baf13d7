"""Credentials of other parties, with a copy in every Region of the workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from constructs import Construct

from cdk_standby._checks import Problem

from ..secret_parts import build_secret
from ._tier import Kind, Layer, Placing, Posture

if TYPE_CHECKING:
    from ..sites import Site


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that is made once, and read in every Region from the copy there; a database has its own already.

    Args:
        name: unique in the workload; the secret is called ``<workload>/<name>`` in every Region.
        fields: what stands beside the generated value and is no secret. Left out: nothing.
        generated_field: under which name the generated value stands. Left out: password.
    """

    name: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    generated_field: str = "password"

    @property
    def kind(self) -> Kind:
        """The row of a strategy's table."""
        return Kind.SECRETS

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
        """The secret with all its copies in one Region's stack; in the others a reader of the copy there."""
        site.offers[self.name] = build_secret(scope, self, site)
