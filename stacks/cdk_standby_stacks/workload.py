"""A workload: what runs, said once, without a Region in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cdk_standby._checks import InvalidOptions, Problem

from .tiers import Kind, Service, Tier

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
DOMAIN = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A name, a domain and tiers. Strategies place it in Regions; the value itself never changes for that.

    Args:
        name: 1 to 20 lower-case letters, digits and hyphens, starting with a letter. It is part of physical
            names (cluster identifiers, secrets, groups), so choose it once.
        domain: the public name that users call, without a trailing dot. Each Region also gets
            ``<region>.<domain>``, so the domain's hosted zone must be yours.
        service: what answers the calls.
        database: the relational store of record: `AuroraPostgres`, `AuroraMysql`, `Rds`, `MultiAzDbCluster` or
            `Dsql`. Left out: the workload has none.
        tables: DynamoDB tables. Left out: none. So for the others.
        buckets: S3 buckets.
        secrets: credentials of other parties.
        images: repositories of container images.
        cache: what may be lost, and is made anew.
        queues: SQS queues, one of each in every Region that serves.

    Raises:
        InvalidOptions: with every problem of the workload and of its tiers.
    """

    name: str
    domain: str
    service: Service
    database: Tier | None = None
    tables: Sequence[Tier] = ()
    buckets: Sequence[Tier] = ()
    secrets: Sequence[Tier] = ()
    images: Sequence[Tier] = ()
    cache: Tier | None = None
    queues: Sequence[Tier] = ()

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise InvalidOptions(problems)

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """Every part that is there, data first: the order in which they are built."""
        several = (*self.tables, *self.buckets, *self.secrets, *self.images)
        parts: tuple[Tier | None, ...] = (self.database, *several, self.cache, *self.queues, self.service)
        return tuple(part for part in parts if part is not None)

    def of_kind(self, kind: Kind) -> tuple[Tier, ...]:
        """The tiers that one row of a strategy's table speaks of."""
        return tuple(tier for tier in self.tiers if tier.kind is kind)

    def _problems(self) -> Iterator[Problem]:
        where = f"Workload({self.name!r})"
        if not NAME.fullmatch(self.name):
            yield Problem(
                where=where,
                option="name",
                got=f"'{self.name}'",
                allowed="1 to 20 lower-case letters, digits and hyphens, starting with a letter",
                why="it is part of identifiers that RDS, Backup and Auto Scaling restrict",
            )
        if not DOMAIN.fullmatch(self.domain):
            yield Problem(
                where=where,
                option="domain",
                got=f"'{self.domain}'",
                allowed="a lower-case DNS name such as shop.example.com, without a trailing dot",
                why="each Region gets a name below it",
            )
        for tier in self.tiers:
            yield from tier.problems(f"{where}.{tier.name}")
        names = [tier.name for tier in self.tiers]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(
                where=where,
                option="name",
                got=f"'{name}', of {names.count(name)} tiers",
                allowed="a name of its own for each tier",
                why="it is part of ids and physical names",
            )
