"""Who follows a database, as far as one app has built it so far."""

from __future__ import annotations

from constructs import Construct

from ._access import DatabaseAccess, InstanceAccess
from ._replica_roster import others
from ._replica_source import Source
from .multi_az_cluster import MultiAzCluster


def replicas(where: Construct, database: DatabaseAccess) -> list[tuple[str, str]]:
    """Path and Region of each read replica of an instance or of a Multi-AZ DB cluster; Aurora has none."""
    if not isinstance(database, InstanceAccess | MultiAzCluster):
        return []
    return [(member.path, member.region) for member in others(where, Source.of(database, where))]
