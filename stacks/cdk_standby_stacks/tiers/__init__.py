"""The parts of a workload: frozen values that build themselves at a site."""

from ._tier import Kind, Layer, Placing, Posture, Tier
from .bucket import Bucket
from .cache import Valkey
from .dsql import Dsql
from .images import Images
from .queue import Queue
from .rds import MultiAzDbCluster, Rds
from .relational import AuroraMysql, AuroraPostgres
from .secrets import Secret
from .service import Capacity, Service
from .table import Table

__all__ = [
    "AuroraMysql",
    "AuroraPostgres",
    "Bucket",
    "Capacity",
    "Dsql",
    "Images",
    "Kind",
    "Layer",
    "MultiAzDbCluster",
    "Placing",
    "Posture",
    "Queue",
    "Rds",
    "Secret",
    "Service",
    "Table",
    "Tier",
    "Valkey",
]
