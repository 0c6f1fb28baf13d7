"""A workload, described once, and the strategies that place it in Regions."""

from .deployment import Deployment
from .deployments import WarmStandby
from .objectives import Objectives, Recovery
from .strategies import STRATEGIES, Strategy, Traffic
from .tiers import AuroraMysql, AuroraPostgres, Capacity, Kind, Layer, Posture, Service, Tier
from .workload import Workload

__all__ = [
    "STRATEGIES",
    "AuroraMysql",
    "AuroraPostgres",
    "Capacity",
    "Deployment",
    "Kind",
    "Layer",
    "Objectives",
    "Posture",
    "Recovery",
    "Service",
    "Strategy",
    "Tier",
    "Traffic",
    "WarmStandby",
    "Workload",
]
