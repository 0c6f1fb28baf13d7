"""Values that a Multi-AZ instance takes: options of its engine, and where its backups are copied to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseOption:
    """A feature that RDS adds to Oracle, SQL Server, MySQL, MariaDB or Db2 through an option group.

    Args:
        name: as RDS calls it, such as ``"MARIADB_AUDIT_PLUGIN"`` or ``"SQLSERVER_BACKUP_RESTORE"``.
        settings: by name, such as ``{"SERVER_AUDIT_EVENTS": "CONNECT"}``; left out: the option's own defaults.
        port: on which the option listens, for the few that do; left out: it does not.
        version: of the option, for the few that have several; left out: the one that RDS prefers.
    """

    name: str
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    port: int | None = None
    version: str | None = None

    def __str__(self) -> str:
        """As it is called."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsTo:
    """Another Region that holds a copy of the automated backups, minutes behind, to restore from when this one is lost.

    Args:
        region: where the copies live.
        key: the ARN of a key there that encrypts them.
        retention: how long they are kept, 1 to 35 days; left out: 14 days.
    """

    region: str
    key: str
    retention: Duration = field(default_factory=lambda: Duration.days(14))

    def __str__(self) -> str:
        """As it was typed."""
        return f"BackupsTo(region='{self.region}', key='{self.key}', retention={self.retention.to_human_string()})"
