"""Operating databases: drills, stops, snapshots, blue/green, Region switch."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
_ARC = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
_DATE = "2026-11-21"

REBOOT_WITH_FAILOVER = Fact(
    value=True,
    unit="",
    says="a reboot can fail over to a standby only where there is one",
    source=_API + "API_RebootDBInstance.html",
    date=_DATE,
)
CLUSTER_FAILOVER = Fact(
    value=1,
    unit="reader",
    says="a failover of a cluster promotes one of its readers",
    source=_API + "API_FailoverDBCluster.html",
    date=_DATE,
)
STOP_CONDITIONS = Fact(
    value=Range(1, 5),
    unit="alarms",
    says="an experiment is stopped by one to five alarms",
    source="https://docs.aws.amazon.com/fis/latest/userguide/fis-quotas.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
STOPPED_DAYS = Fact(
    value=7,
    unit="days",
    says="RDS starts what was stopped for seven days, so that it gets its maintenance",
    source=_AURORA + "aurora-cluster-stop-start.html",
    date=_DATE,
)
STOPS = Fact(
    value=MappingProxyType(
        {
            "global": "an Aurora cluster of a global database cannot be stopped while another cluster is in it",
            "multi-az cluster": "a Multi-AZ DB cluster cannot be stopped",
            "replica": "a database that is a replica or has replicas cannot be stopped",
            "sqlserver": "SQL Server with a standby cannot be stopped",
        }
    ),
    unit="reasons by kind",
    says="RDS stops single databases only",
    source=_RDS + "USER_StopInstance.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,  # Multi-AZ DB clusters: the API says that StopDBCluster is for Aurora only
)
AUTO_PAUSE = Fact(
    value=Range(300, 86400),
    unit="seconds",
    says="an idle serverless instance with a least capacity of 0 pauses after 5 minutes to 24 hours, 5 unless set",
    source=_AURORA + "aurora-serverless-v2-auto-pause.html",
    date=_DATE,
)
DATA_API = Fact(
    value=True,
    unit="",
    says="a schedule can speak SQL to a cluster only through its Data API",
    source=_AURORA + "data-api.html",
    date=_DATE,
)
INSTANCE_SNAPSHOT = Fact(
    value=r"(?!.*--)[a-zA-Z]([a-zA-Z0-9-]{0,253}[a-zA-Z0-9])?",
    unit="pattern",
    says="names of instance snapshots hold up to 255 letters, digits and single hyphens, starting with a letter",
    source=_API + "API_CreateDBSnapshot.html",
    date=_DATE,
)
CLUSTER_SNAPSHOT = Fact(
    value=r"(?!.*--)[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?",
    unit="pattern",
    says="names of cluster snapshots hold up to 63 letters, digits and single hyphens, starting with a letter",
    source=_API + "API_CreateDBClusterSnapshot.html",
    date=_DATE,
)
BLUE_GREEN_ENGINES = Fact(
    value=("mysql", "mariadb", "postgres", "aurora-mysql", "aurora-postgresql"),
    unit="engines",
    says="blue/green deployments know these engines",
    source=_RDS + "Concepts.RDS_Fea_Regions_DB-eng.Feature.BlueGreenDeployments.html",
    date=_DATE,
)
BLUE_GREEN_LIMITS = Fact(
    value=MappingProxyType(
        {
            "managed password": "blue/green deployments do not work with passwords that RDS manages",
            "multi-az cluster": "blue/green deployments do not work with Multi-AZ DB clusters",
            "replica": "a deployment starts at the primary, whose replicas it copies",
            "cross-region": "blue/green deployments do not work with cross-Region replicas",
            "backups": "green is made from a backup and kept level by the log that backups keep",
            "global": "a deployment of a global database copies every Region of it, and a failover while it is there "
            "makes it void: it belongs to a runbook, not to a template",
        }
    ),
    unit="reasons",
    says="blue/green deployments do not work with everything",
    source=_RDS + "blue-green-deployments-considerations.html",
    date=_DATE,
)
BLUE_GREEN_NAME = Fact(
    value=r"(?=.{1,60}$)[a-zA-Z](?:-?[a-zA-Z0-9]+)*",
    unit="pattern",
    says="names of deployments hold up to 60 letters, digits and single hyphens, starting with a letter",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-deployment.html",
    date=_DATE,
)
BLUE_GREEN_VERSION = Fact(
    value=True,
    unit="",
    says="green runs the version of blue or a newer one",
    source=_RDS + "blue-green-deployments-considerations.html",
    date=_DATE,
)
BLUE_GREEN_LOGICAL = Fact(
    value=MappingProxyType(
        {
            "aurora-postgresql": ("rds.logical_replication", ("1",)),
            "aurora-mysql": ("binlog_format", ("ROW", "MIXED", "STATEMENT")),
            "postgres": ("rds.logical_replication", ("1",)),
        }
    ),
    unit="parameter and its values, by engine",
    says="green follows blue by logical replication, which blue must write; PostgreSQL outside of Aurora needs it for "
    "another major version only",
    source=_AURORA + "blue-green-deployments-creating.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
SWITCHOVER_TIMEOUT = Fact(
    value=Range(30, 3600),
    unit="seconds",
    says="a blue/green switchover that is not done within 30 to 3600 seconds, as told, is rolled back",
    source=_RDS + "blue-green-deployments-switching.html",
    date=_DATE,
)
PLAN_NAME = Fact(
    value=r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?",
    unit="pattern",
    says="names of Region switch plans hold up to 32 letters, digits and hyphens",
    source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html",
    date=_DATE,
)
PLAN_REGIONS = Fact(
    value=2,
    unit="Regions",
    says="a Region switch plan knows exactly two Regions",
    source=_ARC + "region-switch.html",
    date=_DATE,
)
PLAN_RTO = Fact(
    value=Range(1, 10080),
    unit="minutes",
    says="a plan's recovery time objective is a minute to a week",
    source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_CreatePlan.html",
    date=_DATE,
)
PLAN_CONDITIONS = Fact(
    value=Range(1, 10),
    unit="alarms",
    says="a trigger has one to ten conditions",
    source="https://docs.aws.amazon.com/arc-region-switch/latest/api/API_Trigger.html",
    date=_DATE,
)
PLAN_PROMOTION = Fact(
    value="activePassive",
    unit="",
    says="a plan promotes read replicas between an active and a passive Region only",
    source=_ARC + "rds-promote-read-replica-block.html",
    date=_DATE,
)
PLAN_SWITCHOVER = Fact(
    value="oracle-ee",
    unit="engine",
    says="only Oracle, from 19c on, can change the roles of primary and replica",
    source=_ARC + "rds-switchover-read-replica-block.html",
    date=_DATE,
)
REPLICA_BACKUPS = Fact(
    value=Range(1, 35),
    unit="days",
    says="a database that is promoted keeps backups for 1 to 35 days",
    source=_API + "API_PromoteReadReplica.html",
    date=_DATE,
)
DOCUMENT_NAME = Fact(
    value=r"(?!(aws|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport))[a-zA-Z0-9_.-]{3,128}",
    unit="pattern",
    says="names of SSM documents hold 3 to 128 letters, digits, '_', '-' and '.', without the prefixes of AWS",
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html",
    date=_DATE,
)
TRAIL_LAKE = Fact(
    value="2026-05-31",
    unit="date",
    says="CloudTrail Lake takes no new customers since this day",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
