"""What the templates cost in a month: from a dated table of prices that a file can replace, never from the network."""

from ._cost import cost_of
from ._model import (
    BASIS,
    BEFORE,
    Cost,
    CostCoverage,
    CostLine,
    Gap,
    Price,
    PriceSource,
    Site,
    SiteCost,
    SiteDifference,
    Usage,
    total,
)
from ._prices import Prices, our_prices
from ._reading import read_prices

__all__ = [
    "BASIS",
    "BEFORE",
    "Cost",
    "CostCoverage",
    "CostLine",
    "Gap",
    "Price",
    "PriceSource",
    "Prices",
    "Site",
    "SiteCost",
    "SiteDifference",
    "Usage",
    "cost_of",
    "our_prices",
    "read_prices",
    "total",
]
