"""What comes back when a Region is lost and only copies of backups are left: how long each part takes."""

from __future__ import annotations

from collections.abc import Mapping

from . import recovery_times as times
from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"
_NO_TIME = "AWS publishes no time; AWS Backup restore testing measures it"


def _assumed(low: float, high: float, says: str, how: str) -> Fact[Range]:
    return Fact(
        value=Range(low, high), unit="seconds", says=says, source=f"assumed: {how}", date=_DATE,
        confidence=Confidence.ASSUMED,
    )  # fmt: skip


NETWORK = _assumed(
    300, 900, "a network with its NAT gateways and endpoints is deployed in minutes",
    "5 to 15 minutes for the stack; measure it by deploying it",
)  # fmt: skip
SERVICE = _assumed(
    300, 1200, "a load balancer and a group are deployed, and the instances pass their health checks",
    "5 to 20 minutes for the stack; measure it by deploying it",
)  # fmt: skip
RECORD = _assumed(
    120, 600, "the stack that leads users to a Region is deployed, and Route 53 spreads the change within 60 seconds",
    "2 to 10 minutes (https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html: the minute)",
)  # fmt: skip
TABLE = _assumed(
    1200, 14400, "a DynamoDB table is restored into a new one, whatever its size in much the same time",
    f"20 minutes to 4 hours; {_NO_TIME}",
)  # fmt: skip
OBJECTS = _assumed(
    3600, 86400, "objects are restored one by one, so that their number decides",
    f"an hour to a day; {_NO_TIME}",
)  # fmt: skip
VOLUME = _assumed(
    300, 3600, "a volume is made from a snapshot at once, and is slow until its blocks have arrived",
    f"5 minutes to an hour; {_NO_TIME}",
)  # fmt: skip
DISTRIBUTED = _assumed(
    1800, 14400, "an Aurora DSQL cluster is restored by AWS Backup into a new one",
    f"half an hour to 4 hours; {_NO_TIME}",
)  # fmt: skip
BY_TYPE: Mapping[str, Fact[Range]] = {
    "AWS::DSQL::Cluster": DISTRIBUTED,
    "AWS::DynamoDB::GlobalTable": TABLE,
    "AWS::DynamoDB::Table": TABLE,
    "AWS::EC2::Instance": VOLUME,
    "AWS::EC2::Volume": VOLUME,
    "AWS::S3::Bucket": OBJECTS,
}
"""Databases and all others take `recovery_times.RESTORE`."""


def restore_of(type: str) -> Fact[Range]:
    """How long a store of this type takes to come back from a copy of its backup."""
    return BY_TYPE.get(type, times.RESTORE)
