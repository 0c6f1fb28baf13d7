"""What may be in another account than the rest of a workload, and what may not."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_ROUTE_53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_DATE = "2026-11-21"

DELEGATION = Fact(
    value="NS",
    unit="record",
    says="a hosted zone hands the names below a domain to another one, in any account, by a record of its name servers",
    source=_ROUTE_53 + "dns-routing-traffic-for-subdomains.html",
    date=_DATE,
)
NAME_SERVERS = Fact(
    value=Range(4, 4),
    unit="name servers",
    says="Route 53 gives a public hosted zone four name servers, and makes up their names",
    source=_ROUTE_53 + "GetInfoAboutHostedZone.html",
    date=_DATE,
)
ZONE_ID = Fact(
    value=r"Z[A-Z0-9]{1,31}",
    unit="regular expression",
    says="a hosted zone is known by Z and up to 31 capital letters and digits",
    source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ALARM_OF_CHECK = Fact(
    value=("Name", "Region"),
    unit="what a health check knows of its alarm",
    says="a health check names the alarm that it follows by Region and name, and no account",
    source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html",
    date=_DATE,
)
VALIDATION = Fact(
    value="the zone's own account",
    unit="account",
    says="CloudFormation writes the record that validates a certificate into a hosted zone of its own account",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-properties-certificatemanager-certificate-domainvalidationoption.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
GLOBAL_DATABASE = Fact(
    value="one account",
    unit="account",
    says="the clusters of a global database are of one account: they join by an identifier, which names none",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
DSQL = Fact(
    value="one account",
    unit="account",
    says="AWS describes no peering of DSQL clusters of two accounts",
    source="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/multi-region-aws-cli.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
STRONG_TABLES = Fact(
    value="one account",
    unit="account",
    says="a table is strongly consistent over Regions of one account only",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-SameAccount.html",
    date=_DATE,
)
SECRETS = Fact(
    value="one account",
    unit="account",
    says="Secrets Manager replicates a secret to other Regions of its own account",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
