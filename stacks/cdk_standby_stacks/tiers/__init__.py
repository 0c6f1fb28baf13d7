"""The parts of a workload: frozen values that build themselves at a site."""

from ._tier import Kind, Layer, Posture, Tier
from .relational import AuroraMysql, AuroraPostgres
from .service import Capacity, Service

__all__ = ["AuroraMysql", "AuroraPostgres", "Capacity", "Kind", "Layer", "Posture", "Service", "Tier"]
