"""The parts of a workload: frozen values that build themselves at a site."""

from ._tier import Kind, Layer, Placing, Posture, Tier
from .bucket import Bucket
from .cache import Valkey
from .images import Images
from .queue import Queue
from .relational import AuroraMysql, AuroraPostgres
from .secrets import Secret
from .service import Capacity, Service
from .table import Table

__all__ = [
    "AuroraMysql",
    "AuroraPostgres",
    "Bucket",
    "Capacity",
    "Images",
    "Kind",
    "Layer",
    "Placing",
    "Posture",
    "Queue",
    "Secret",
    "Service",
    "Table",
    "Tier",
    "Valkey",
]
