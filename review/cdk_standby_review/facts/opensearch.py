"""What OpenSearch domains do when a node or a zone is lost, and what their snapshots hold."""

from __future__ import annotations

from ._made import DOCS, assumed, documented, spans

_GUIDE = "opensearch-service/latest/developerguide/"
_ZONES = _GUIDE + "managedomains-multiaz.html"

STANDBY = documented(0, 60, "the nodes that only stand by are activated in less than a minute", _ZONES)
OTHER_ZONES = spans("the nodes in the other zones have replicas of the shards", _ZONES)
ONE_ZONE = spans("all its nodes stand in one zone", _ZONES)
NO_MASTER = assumed(
    300, 3600, "half of the nodes are no majority: one is made anew in the other zone before a master is elected",
    f"minutes to an hour ({DOCS}{_ZONES} gives no time)",
)  # fmt: skip
REPLACED = assumed(
    300, 3600, "a lost node is replaced by itself; replicas of its shards serve where indices have them",
    f"minutes to an hour ({DOCS}{_GUIDE}handling-errors.html gives no time)",
)  # fmt: skip
HOURLY = documented(
    0, 3600, "snapshots are taken every hour and kept for 14 days", _GUIDE + "managedomains-snapshots.html"
)  # fmt: skip
RESTORE = assumed(
    300, 14_400, "indices are restored from a snapshot", "5 minutes to 4 hours, by size; measure it in drills"
)  # fmt: skip
SERVERLESS = spans(
    "a serverless collection keeps its data in S3 and its compute in several zones", _GUIDE + "serverless-overview.html"
)  # fmt: skip
