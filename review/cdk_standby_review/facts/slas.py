"""What AWS's service level agreements promise, in percent of a month: credits when it is missed, no prediction."""

from __future__ import annotations

from ._model import Confidence, Fact

_SLA = "https://aws.amazon.com/{}/sla/"
_GLOBAL_TABLES = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html"
_DATE = "2026-11-21"


def _promise(percent: float, says: str, service: str, *, source: str = "") -> Fact[float]:
    return Fact(
        value=percent, unit="percent of a month", says=says, source=source or _SLA.format(service), date=_DATE,
        confidence=Confidence.DOCUMENTED if source else Confidence.ASSUMED,
    )  # fmt: skip


INSTANCES = _promise(99.99, "EC2 promises 99.99% for instances in two zones or more, and 99.5% for one", "compute")
BALANCER = _promise(99.99, "load balancers promise 99.99%", "elasticloadbalancing")
RDS = _promise(99.95, "RDS promises 99.95% with a standby in another zone", "rds")
AURORA = _promise(99.99, "Aurora promises 99.99% over several zones", "rds/aurora")
TABLE = _promise(99.99, "DynamoDB promises 99.99% in one Region", "dynamodb", source=_GLOBAL_TABLES)
GLOBAL_TABLE = _promise(99.999, "global tables promise 99.999%", "dynamodb", source=_GLOBAL_TABLES)
DSQL = _promise(99.99, "Aurora DSQL promises 99.99% in one Region", "rds/aurora/dsql")
MULTI_REGION_DSQL = _promise(99.999, "Aurora DSQL promises 99.999% over Regions", "rds/aurora/dsql")
BUCKET = _promise(99.9, "S3 Standard promises 99.9%", "s3")
