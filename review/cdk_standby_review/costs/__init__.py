"""What the templates cost in a month: from a dated table of prices that a file can replace, never from the network."""

from ._model import (
    BASIS,
    Cost,
    CostCoverage,
    CostLine,
    Gap,
    Price,
    PriceSource,
    SiteCost,
    SiteDifference,
    Usage,
    total,
)

__all__ = [
    "BASIS",
    "Cost",
    "CostCoverage",
    "CostLine",
    "Gap",
    "Price",
    "PriceSource",
    "SiteCost",
    "SiteDifference",
    "Usage",
    "total",
]
