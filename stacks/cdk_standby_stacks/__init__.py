"""A workload, described once, and the strategies that place it in Regions."""

from .deployment import Deployment
from .deployments import BackupRestore, MultiAz, MultiSite, PilotLight, WarmStandby
from .dns_account import ParentZone
from .objectives import Objectives, Recovery
from .resilience_options import ResilienceOptions
from .strategies import STRATEGIES, Strategy, Traffic
from .tiers import (
    AuroraMysql,
    AuroraPostgres,
    Bucket,
    Capacity,
    Dsql,
    Images,
    Kind,
    Layer,
    MultiAzDbCluster,
    Placing,
    Posture,
    Queue,
    Rds,
    Secret,
    Service,
    Table,
    Tier,
    Valkey,
)
from .workload import Workload

__all__ = [
    "STRATEGIES",
    "AuroraMysql",
    "AuroraPostgres",
    "BackupRestore",
    "Bucket",
    "Capacity",
    "Deployment",
    "Dsql",
    "Images",
    "Kind",
    "Layer",
    "MultiAz",
    "MultiAzDbCluster",
    "MultiSite",
    "Objectives",
    "ParentZone",
    "PilotLight",
    "Placing",
    "Posture",
    "Queue",
    "Rds",
    "Recovery",
    "ResilienceOptions",
    "Secret",
    "Service",
    "Strategy",
    "Table",
    "Tier",
    "Traffic",
    "Valkey",
    "WarmStandby",
    "Workload",
]
