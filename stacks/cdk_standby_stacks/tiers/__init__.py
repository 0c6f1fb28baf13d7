"""The parts of a workload: frozen values that build themselves at a site."""

from ._tier import Kind, Layer, Placing, Posture, Tier
from .cache import Valkey
from .relational import AuroraMysql, AuroraPostgres
from .service import Capacity, Service
from .table import Table

__all__ = [
    "AuroraMysql",
    "AuroraPostgres",
    "Capacity",
    "Kind",
    "Layer",
    "Placing",
    "Posture",
    "Service",
    "Table",
    "Tier",
    "Valkey",
]
