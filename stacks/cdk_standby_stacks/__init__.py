"""A workload, described once, and the strategies that place it in Regions."""

from .deployment import Deployment
from .deployments import BackupRestore, MultiAz, MultiSite, PilotLight, WarmStandby
from .objectives import Objectives, Recovery
from .strategies import STRATEGIES, Strategy, Traffic
from .tiers import (
    AuroraMysql,
    AuroraPostgres,
    Bucket,
    Capacity,
    Images,
    Kind,
    Layer,
    Placing,
    Posture,
    Queue,
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
    "Images",
    "Kind",
    "Layer",
    "MultiAz",
    "MultiSite",
    "Objectives",
    "PilotLight",
    "Placing",
    "Posture",
    "Queue",
    "Recovery",
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
