"""What is known about the cost of resource types: a pricer per type.

To teach the review what a type costs, write a pricer in the module of its service, list it in that module's `PRICERS`,
and give its items a unit in `costs/_items.py` and a price in `costs/prices/`. A type without a pricer that is not
free by `costs/free.py` either is unknown: it is named in every report, and counted in no figure.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._parts import Pricer
from . import analytics, caches, compute, containers, databases, networks, others, tables, traffic, used

PRICERS: Mapping[str, Pricer] = {
    **analytics.PRICERS,
    **caches.PRICERS,
    **compute.PRICERS,
    **containers.PRICERS,
    **databases.PRICERS,
    **networks.PRICERS,
    **others.PRICERS,
    **tables.PRICERS,
    **traffic.PRICERS,
    **used.PRICERS,
}
