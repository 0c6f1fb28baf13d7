"""How long file systems of EFS and FSx take to come back, and what they lose then."""

from __future__ import annotations

from ._made import DOCS, assumed, documented, spans

_EFS = "efs/latest/ug/"
_FSX = "fsx/latest/"

EFS_REGIONAL = spans("a Regional file system is kept in several zones", _EFS + "availability-durability.html")
EFS_INSIDE = spans("EFS keeps a file system redundantly, in one zone too", _EFS + "availability-durability.html")
EFS_ONE_ZONE = spans(
    "a One Zone file system is kept in one zone, and may be lost with it", _EFS + "availability-durability.html"
)
EFS_DAILY = documented(0, 86_400, "automatic backups are made once a day", _EFS + "awsbackup.html")
EFS_LAG = documented(
    0, 900, "a replica lags 15 minutes at most, for most file systems", _EFS + "efs-replication.html"
)  # fmt: skip
EFS_FAILOVER = assumed(
    60, 1800, "the replica takes writes once its replication is deleted, and clients mount it",
    f"minutes to half an hour; the guide says minutes ({DOCS}{_EFS}replication-use-cases.html)",
)  # fmt: skip
MOUNT_TARGET = assumed(
    60, 900, "a mount target is made in another zone, and clients mount the file system again",
    f"minutes ({DOCS}{_EFS}accessing-fs.html gives no time)",
)  # fmt: skip
RESTORE = assumed(
    1200, 86_400, "a file system is restored from a backup, and takes longer the larger it is",
    "20 minutes to a day; AWS Backup restore testing measures it",
)  # fmt: skip
WINDOWS_FAILOVER = documented(
    0, 30, "the standby file server takes over, typically within 30 seconds",
    _FSX + "WindowsGuide/high-availability-multiAZ.html",
)  # fmt: skip
ONTAP_FAILOVER = documented(
    0, 60, "the standby file server takes over, typically within 60 seconds",
    _FSX + "ONTAPGuide/high-availability-AZ.html",
)  # fmt: skip
OPENZFS_FAILOVER = documented(
    0, 60, "the standby file server takes over, typically within 60 seconds",
    _FSX + "OpenZFSGuide/availability-durability.html",
)  # fmt: skip
SERVER_REPLACED = assumed(
    60, 1200, "FSx replaces a lost file server by itself, and its data is kept twice in the zone",
    f"minutes ({DOCS}{_FSX}WindowsGuide/high-availability-multiAZ.html gives no time)",
)  # fmt: skip
SCRATCH = spans(
    "scratch file systems keep data once: a lost file server loses it", _FSX + "LustreGuide/using-fsx-lustre.html"
)
FSX_DAILY = documented(
    0, 86_400, "automatic backups are made once a day", _FSX + "WindowsGuide/using-backups.html"
)  # fmt: skip
