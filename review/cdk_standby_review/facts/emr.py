"""Amazon EMR: clusters, which live in one zone, and what they have against that; EMR Serverless."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"
_GUIDE = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/"
_SERVERLESS = "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/"
_CONSIDERATIONS = _GUIDE + "emr-plan-ha-considerations.html"

ONE_ZONE = Fact(
    value=1,
    unit="Availability Zones",
    says="every cluster, one with three primary nodes too, lives in one zone and is lost with it",
    source=_CONSIDERATIONS,
    date=_DATE,
)
PRIMARIES = Fact(
    value=3,
    unit="primary nodes",
    says="a cluster has one or three primary nodes, and works as long as two of three do",
    source=_GUIDE + "emr-plan-ha.html",
    date=_DATE,
)
ON_DEMAND = Fact(
    value="On-Demand",
    unit="purchase option",
    says="three primary nodes are On-Demand instances, all of one type",
    source=_CONSIDERATIONS,
    date=_DATE,
)
RELEASES = Fact(
    value=((5, 36, 1), (6, 8, 1), (6, 9, 1), (6, 10, 1), (6, 11, 1), (6, 12, 0), (7, 0, 0)),
    unit="release",
    says="instance fleets have three primary nodes from releases 5.36.1, 6.8.1, 6.9.1, 6.10.1, 6.11.1 and 6.12.0 on",
    source=_GUIDE + "emr-plan-ha.html",
    date=_DATE,
)
CORE = Fact(
    value=4,
    unit="core nodes",
    says="with fewer than four core nodes HDFS keeps each block once, and the loss of a node loses data",
    source=_CONSIDERATIONS,
    date=_DATE,
)
PROTECTION = Fact(
    value="on",
    unit="termination protection",
    says="EMR itself switches termination protection on for three primary nodes",
    source=_GUIDE + "emr-plan-ha-launch.html",
    date=_DATE,
)
FLEET_TYPES = Fact(
    value=Range(1, 30),
    unit="instance types",
    says="a fleet with an allocation strategy takes up to 30 instance types",
    source="https://docs.aws.amazon.com/emr/latest/APIReference/API_InstanceFleetConfig.html",
    date=_DATE,
)
SUBNETS = Fact(
    value=2,
    unit="Availability Zones",
    says="instance fleets take several subnets, and EMR, or a relaunch, picks the zone: of one there is no other",
    source=_GUIDE + "emr-instance-fleet.html",
    date=_DATE,
)
NAMES = Fact(
    value=r"[\w .:/=+@-]{1,256}",
    unit="pattern",
    says="a cluster is named in up to 256 characters",
    source="https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value=r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+\.zip",
    unit="pattern",
    says="nodes take their certificates from a zip file in S3",
    source=_GUIDE + "emr-encryption-enable.html",
    date=_DATE,
)
METRICS = Fact(
    value="MultiMasterInstanceGroupNodesRunningPercentage",
    unit="metric",
    says="the share of primary nodes that run; whether fleets publish it is assumed, so its silence rings no alarm",
    source=_GUIDE + "UsingEMR_ViewingMetrics.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
LAUNCH = Fact(
    value=Range(300, 1200),
    unit="seconds",
    says="another cluster is launched in a zone that is left, and reads from S3 what is there",
    source="assumed: 5 to 20 minutes until a cluster takes work, more with long bootstrap actions",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_REPLACED = Fact(
    value=Range(0, 60),
    unit="seconds",
    says="two primary nodes go on and EMR replaces the third; HDFS and YARN fail over by themselves",
    source=_GUIDE + "emr-plan-ha.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
SERVERLESS_ZONES = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="EMR Serverless starts a failed job again in another zone, when the job has a retry policy",
    source=_SERVERLESS + "jobs-resiliency.html",
    date=_DATE,
)
SERVERLESS_RETRIES = Fact(
    value=(7, 1, 0),
    unit="release",
    says="from release 7.1.0 on EMR Serverless repeats failed jobs, and moves them out of an impaired zone",
    source=_SERVERLESS + "jobs-resiliency.html",
    date=_DATE,
)
SERVERLESS_SUBNETS = Fact(
    value=2,
    unit="Availability Zones",
    says="an application in a network runs in the zones of its subnets only",
    source=_SERVERLESS + "vpc-access.html",
    date=_DATE,
)
SERVERLESS_TYPES = Fact(
    value=("SPARK", "HIVE"),
    unit="types",
    says="an application runs Spark or Hive",
    source="https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html",
    date=_DATE,
)
SERVERLESS_RELEASES = Fact(
    value=(6, 6, 0),
    unit="release",
    says="EMR Serverless begins with release 6.6.0",
    source=_SERVERLESS + "release-versions.html",
    date=_DATE,
)
SERVERLESS_NAMES = Fact(
    value=r"[A-Za-z0-9._/#-]{1,64}",
    unit="pattern",
    says="an application is named in up to 64 letters, digits, '.', '_', '/', '#' and '-'",
    source="https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html",
    date=_DATE,
)
SERVERLESS_IDLE = Fact(
    value=Range(1, 10080),
    unit="minutes",
    says="an application stops after 1 minute to 7 days without jobs, in whole minutes",
    source="https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_AutoStopConfig.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
