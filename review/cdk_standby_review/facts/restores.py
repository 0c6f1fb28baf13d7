"""What Amazon RDS restores databases from, Aurora's too."""

from __future__ import annotations

from ._model import Confidence, Fact

_CLUSTER = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html"
_DATE = "2026-11-21"
_NAME = r"[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)"
_ARN = r"arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:"

SNAPSHOTS = Fact(
    value=rf"({_ARN}(cluster-)?snapshot:)?((rds|awsbackup):)?{_NAME}",
    unit="pattern",
    says="a snapshot is named by its identifier or, when another account shares it, by its ARN",
    source=_CLUSTER,
    date=_DATE,
)
SOURCES = {
    "cluster": Fact(
        value=rf"{_NAME}|{_ARN}cluster:{_NAME}",
        unit="pattern",
        says="a cluster is restored from another one of the same Region, by identifier, ARN or, when it was deleted, "
        "by resource id",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html",
        date=_DATE,
    ),
    "instance": Fact(
        value=rf"{_NAME}|{_ARN}(db|auto-backup):{_NAME}",
        unit="pattern",
        says="an instance is restored from another one of the same Region, by identifier, ARN or, when it was deleted, "
        "by resource id; from a Region that is lost, by the ARN of its automated backups",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html",
        date=_DATE,
    ),
}
"""By the kind of database."""
RESOURCE_IDS = Fact(
    value=r"(cluster|db)-[A-Z0-9]{20,}",
    unit="pattern",
    says="what RDS calls a database for ever is written in capitals, and names never are",
    source="observed in every example of the API reference",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TIMES = Fact(
    value=r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z",
    unit="pattern",
    says="the second to restore to is given in UTC",
    source=_CLUSTER,
    date=_DATE,
)
KEPT_FOR_EVER = Fact(
    value=True,
    unit="",
    says="CloudFormation replaces a restored database by an empty one when it no longer finds what it was restored "
    "from, so that this stays in the template for ever",
    source=_CLUSTER,
    date=_DATE,
)
CLONES = Fact(
    value=("cluster",),
    unit="kind of database",
    says="only Aurora clusters are cloned, as they are now, sharing storage with their source until either writes",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html",
    date=_DATE,
)
INHERITED = Fact(
    value=False,
    unit="",
    says="databases and users come with the data that is restored",
    source=_CLUSTER,
    date=_DATE,
)
