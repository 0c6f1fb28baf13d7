"""A site: one Region of one deployment, with what its stacks offer each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

if TYPE_CHECKING:
    from cdk_standby import AlarmTopic, AuroraCluster, Service

    from .names import Names
    from .tiers import Kind


class Home(StrEnum):
    """What a Region was declared as. It never changes; who is active does."""

    PRIMARY = "primary"
    RECOVERY = "recovery"
    FURTHER = "further"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a tier has for the services of its own Region."""

    environment: Mapping[str, str]
    """What a service is told, such as ``{"WRITER": endpoint}``; the tier's name comes before."""
    admit: Callable[[Service], None]
    """Lets a service in: its network, and its role."""


@dataclass(slots=True, kw_only=True)
class Site:
    """What a tier may know of the place it is built at. Stacks fill in what they made, in their order."""

    region: str
    home: Home
    others: tuple[str, ...]
    """The Regions of the other sites: known by name, never read."""
    beside: Mapping[Kind, tuple[str, ...]]
    """Those of them where tiers of a kind are built, too."""
    owners: Mapping[Kind, str]
    """The Region whose stack holds what there is one of for all Regions: where the data was born."""
    active: bool
    cidr: str
    scale: float
    """The share of the full capacity that runs here while another Region is active."""
    share: Fraction
    """The part of the whole load that a full site carries."""
    write_forwarding: bool
    """Whether every Region takes writes, which those that follow send on."""
    born: str
    """The Region where the data was born: the primary, or where it was restored when that was lost."""
    restored: Mapping[str, str]
    """The recovery points that tiers were born from here, by their names."""
    moved: frozenset[str] = frozenset()
    """The names of all tiers that were restored, here or in another Region."""
    copies: tuple[str, ...] = ()
    """The vaults that get a copy of each backup made here: of other Regions, and of other accounts."""
    copies_account: str | None = None
    """The other account that keeps copies of backups, whoever serves."""
    air_gapped: bool = False
    """Whether a vault here takes copies that nobody can delete."""
    restore_tests: bool = False
    """Whether backups are restored here for practice."""
    rpo: timedelta | None
    """What may be lost with a Region, if that was promised."""
    names: Names
    domain: str

    vpc: ec2.IVpc = field(init=False)
    data_key: kms.IKey = field(init=False)
    vault: backup.IBackupVault = field(init=False)
    alarms: AlarmTopic = field(init=False)
    hosted_zone_id: str = field(init=False)
    offers: dict[str, Offer] = field(init=False, default_factory=dict[str, Offer])
    databases: dict[str, AuroraCluster] = field(init=False, default_factory=dict[str, "AuroraCluster"])
    services: dict[str, Service] = field(init=False, default_factory=dict[str, "Service"])

    def owns(self, kind: Kind) -> bool:
        """Whether what there is one of for all Regions stands here."""
        return self.owners[kind] == self.region

    @property
    def born_here(self) -> bool:
        """Whether what other Regions hold replicas of stands here."""
        return self.region == self.born

    def global_cluster(self, tier: str) -> str:
        """What the clusters of a database join in every Region."""
        return self.names.global_cluster(tier, self.born if tier in self.moved else None)

    def credentials(self, tier: str) -> str:
        """The secret of a database: one that was restored has its own, since a copy of the old one has its name."""
        return self.names.restored_secret(tier, self.born) if tier in self.moved else self.names.secret(tier)

    @property
    def copies_to(self) -> str | None:
        """The Region whose vault gets copies of this one's backups; None where there is no other."""
        return self.others[0] if self.others else None

    @property
    def regional_domain(self) -> str:
        """The name that always leads here."""
        return self.names.regional_domain(self.domain, self.region)
