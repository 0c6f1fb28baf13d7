"""How long Redshift takes to come back, and what it loses then."""

from __future__ import annotations

from ._made import DOCS, assumed, documented, spans

_GUIDE = "redshift/latest/mgmt/"

FAILOVER = assumed(
    0, 120, "the compute in the second zone goes on with all queries; nothing is lost",
    f"up to two minutes; the guide gives a recovery time without a figure that holds always "
    f"({DOCS}{_GUIDE}test-cluster-multi-az.html)",
)  # fmt: skip
RELOCATION = assumed(
    600, 3600, "the cluster is relocated to another zone, with its data and its endpoint",
    f"10 minutes to an hour ({DOCS}{_GUIDE}managing-cluster-recovery.html gives no time)",
)  # fmt: skip
NODE = assumed(
    300, 3600, "Redshift replaces a lost node by itself, and its data is in other nodes and in S3",
    f"minutes to an hour ({DOCS}{_GUIDE}disaster-recovery-resiliency.html gives no time)",
)  # fmt: skip
SNAPSHOTS = documented(
    0, 28_800, "automated snapshots are taken every eight hours, or after 5 GB of changes per node",
    _GUIDE + "working-with-snapshots.html",
)  # fmt: skip
COPIES = documented(
    0, 28_800, "snapshots are copied to the other Region as they are taken", _GUIDE + "cross-region-snapshot-copy.html"
)  # fmt: skip
RECOVERY_POINTS = documented(
    0, 1800, "a recovery point is made every 30 minutes and kept for 24 hours",
    _GUIDE + "serverless-snapshots-recovery-points.html",
)  # fmt: skip
SERVERLESS = spans(
    "Redshift Serverless keeps its data in managed storage over several zones",
    _GUIDE + "disaster-recovery-resiliency.html",
)  # fmt: skip
