"""How the bill of a deployment that is there is shared out, by the prices of the review."""

from __future__ import annotations

from ..costs import Cost, SiteCost
from ..facts import Range
from .costs import Bill

COMPUTES = ("AWS::AutoScaling::", "AWS::EC2::Instance", "AWS::ECS::", "AWS::EKS::", "AWS::EMR::")
KEEPS = (
    "AWS::DAX::",
    "AWS::DynamoDB::",
    "AWS::EC2::Volume",
    "AWS::EFS::",
    "AWS::ElastiCache::",
    "AWS::Kinesis::",
    "AWS::MSK::",
    "AWS::MemoryDB::",
    "AWS::RDS::",
    "AWS::Redshift::",
)


def bill_of(cost: Cost) -> Bill | None:
    """The shares of what idles in the Regions that serve, by the prices of the review; None when one is not known."""
    serving = [site for site in cost.sites if site.role == "active"]
    whole = sum(site.monthly.low for site in serving)
    if not whole or any(site.unknown for site in serving):
        return None
    compute, data = (_share(serving, types, whole) for types in (COMPUTES, KEEPS))
    return Bill(compute=Range(compute, compute), data=Range(data, data), known=f"list prices of {cost.prices.date}")


def _share(sites: list[SiteCost], types: tuple[str, ...], whole: float) -> float:
    lines = (line for site in sites for line in site.lines if line.resource.type.startswith(types))
    return round(sum(line.monthly.low for line in lines) / whole, 3)
