"""How long DocumentDB and Neptune take to come back: both keep a volume over three zones, and instances over it."""

from __future__ import annotations

from ._made import DOCS, assumed, documented

_DOCDB = "documentdb/latest/developerguide/"
_NEPTUNE = "neptune/latest/userguide/"

DOCDB_FAILOVER = documented(
    0, 120, "a replica is promoted, typically within 120 and often within 30 seconds",
    _DOCDB + "db-cluster-fault-tolerance.html",
)  # fmt: skip
DOCDB_RECREATE = documented(
    0, 600, "without a replica the primary is made anew, typically within 10 minutes",
    _DOCDB + "db-cluster-fault-tolerance.html",
)  # fmt: skip
DOCDB_POINT_IN_TIME = documented(
    0, 300, "the latest restorable time is typically within the last five minutes",
    _DOCDB + "backup_restore-point_in_time_recovery.html",
)  # fmt: skip
DOCDB_LAG = documented(
    0, 1, "a global cluster typically lags less than a second", _DOCDB + "global-clusters.html"
)  # fmt: skip
NEPTUNE_FAILOVER = documented(
    0, 120, "a replica is promoted, typically within 120 and often within 60 seconds",
    _NEPTUNE + "backup-restore-overview-fault-tolerance.html",
)  # fmt: skip
NEPTUNE_RECREATE = documented(
    0, 600, "without a replica the primary is made anew, typically within 10 minutes",
    _NEPTUNE + "backup-restore-overview-fault-tolerance.html",
)  # fmt: skip
NEPTUNE_POINT_IN_TIME = documented(
    0, 300, "the latest restorable time is typically within the last five minutes",
    _NEPTUNE + "backup-restore-overview.html",
)  # fmt: skip
NEPTUNE_LAG = documented(
    0, 1, "a global database typically lags about a second", _NEPTUNE + "neptune-global-database.html"
)  # fmt: skip
PROMOTION = assumed(
    60, 900, "a secondary of a global cluster is promoted in minutes",
    f"1 to 15 minutes; the guides say minutes ({DOCS}{_DOCDB}global-clusters.html)",
)  # fmt: skip
SHARDS_RECREATE = assumed(
    0, 900, "an instance of a shard, or of a graph in memory, is made anew",
    "up to 15 minutes; the guide gives no time",
)  # fmt: skip
