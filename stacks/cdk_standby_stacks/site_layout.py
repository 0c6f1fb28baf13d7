"""Which Regions of a deployment hold something, and what each of them is told of itself and of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._restored_rules import restored_in
from .sites import Home, Site
from .strategies import Traffic
from .tiers import Kind, Posture

if TYPE_CHECKING:
    from .deployment import Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What decides about the sites of a deployment, beside its strategy."""

    deployment: Deployment
    active: str
    cidrs: Mapping[str, str]
    restored: Mapping[str, str]
    """Recovery points, by the names of tiers."""
    copies_to_vault: str | None
    air_gapped: bool
    restore_testing: bool

    def sites(self, regions: Sequence[str]) -> dict[str, Site]:
        """The Regions that hold something: the active one, and those of a strategy that has a standby."""
        deployment = self.deployment
        strategy, objectives = deployment.strategy, deployment.objectives
        born = restored_in(self.restored, self.active) or regions[0]
        empty = all(posture is Posture.ABSENT for posture in strategy.standby.values())
        held = [region for region in regions if region == self.active or not empty]
        built = {kind: self._where_built(kind, held, born) for kind in Kind}
        homes = dict(zip(regions, (Home.PRIMARY, Home.RECOVERY, *[Home.FURTHER] * len(regions)), strict=False))
        return {
            region: Site(
                region=region,
                home=homes[region],
                others=tuple(other for other in held if other != region),
                beside={kind: tuple(other for other in where if other != region) for kind, where in built.items()},
                owners={kind: where[0] for kind, where in built.items()},
                active=region == self.active,
                cidr=self.cidrs[region],
                scale=deployment.scale,
                share=strategy.share(len(held)),
                write_forwarding=strategy.traffic is Traffic.LATENCY,
                born=born,
                restored=self.restored if region == born else {},
                moved=frozenset(self.restored),
                **self._protection(region, held),
                rpo=objectives.region.rpo if objectives.region else None,
                names=deployment.names,
                domain=deployment.workload.domain,
            )
            for region in held
        }

    def _protection(self, region: str, held: Sequence[str]) -> dict[str, Any]:
        """Where backups of a site go, and what is done with those that come in. Vaults stay when `active` moves."""
        other = next((other for other in held if other != region), None)
        names, vault = self.deployment.names, self.copies_to_vault
        copies = [names.vault_arn(other)] if other else []
        if other and self.air_gapped:
            copies.append(names.air_gapped_arn(other))
        if vault:
            copies.append(vault)
        return {
            "copies": tuple(copies) if region == self.active else (),
            "copies_account": vault.split(":")[4] if vault else None,
            "air_gapped": self.air_gapped,
            "restore_tests": self.restore_testing
            and region == next((r for r in held if r != self.active), self.active),
        }

    def _where_built(self, kind: Kind, held: Sequence[str], born: str) -> list[str]:
        """The Regions that have resources of a kind of tier; where the data was born first, if it is one of them."""
        strategy = self.deployment.strategy
        built = [region for region in held if strategy.posture(kind, active=region == self.active).built]
        return sorted(built, key=lambda region: region != born)
