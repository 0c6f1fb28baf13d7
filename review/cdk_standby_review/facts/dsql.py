"""What Aurora DSQL allows, and what it goes through."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/"
_API = "https://docs.aws.amazon.com/aurora-dsql/latest/APIReference/API_CreateCluster.html"
_RESILIENCE = _GUIDE + "disaster-recovery-resiliency.html"
_QUOTAS = _GUIDE + "CHAP_quotas.html"
_METRICS = _GUIDE + "cloudwatch-monitoring.html"
_DATE = "2026-11-21"

REGION_SETS = Fact(
    value=MappingProxyType(
        {
            "US": ("us-east-1", "us-east-2", "us-west-2"),
            "Asia Pacific": ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1"),
            "Europe": ("eu-central-1", "eu-north-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
        }
    ),
    unit="Regions",
    says="the members and the witness of a multi-Region cluster are of one set of Regions, which lie on one continent",
    # The four Regions that joined on 2026-07-31 (ap-south-1, ap-southeast-1, eu-north-1, eu-south-2) are put into the
    # set of their continent, which the release notes leave open.
    source=_GUIDE + "what-is-aurora-dsql.html#aurora-dsql-multi-region-availability",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
WITNESS = Fact(
    value="another Region",
    unit="Region",
    says="the witness keeps transaction logs in a third Region, so that the two others know which of them goes on",
    source=_API,
    date=_DATE,
)
PEERS = Fact(
    value=1,
    unit="peers",
    says="a multi-Region cluster has two endpoints: one in each of two peered Regions",
    source=_GUIDE + "what-is-aurora-dsql.html",
    date=_DATE,
)
SETUP = Fact(
    value="PENDING_SETUP",
    unit="status",
    says="a cluster with a witness waits in PENDING_SETUP until it is given the ARN of its peer, which exists only "
    "after both were made",
    source=_GUIDE + "mr-cluster-setup.html",
    date=_DATE,
)
BORN = Fact(
    value="WitnessRegion",
    unit="property",
    says="a cluster of two Regions is made with its witness and waits for its peer before it holds anything; of a "
    "cluster of one Region that has data, AWS describes no way to become one",
    # The pages on peering begin with two clusters that are made for it; the API's own page leaves it open.
    source=_GUIDE + "multi-region-aws-cli.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ARN = Fact(
    value=r"arn:aws[a-z-]*:dsql:[a-z0-9-]{1,20}:\d{12}:cluster/[a-z0-9]{26}",
    unit="pattern",
    says="a peer is named by the ARN that the service made for it",
    source="https://docs.aws.amazon.com/aurora-dsql/latest/APIReference/API_MultiRegionProperties.html",
    date=_DATE,
)
KEYS = Fact(
    value="one Region",
    unit="Region",
    says="each member is encrypted with a key of its own Region",
    source=_GUIDE + "data-encryption.html",
    date=_DATE,
)
PUBLIC = Fact(
    value="aws:SourceVpc",
    unit="condition",
    says="the endpoint of a cluster answers on the internet to whoever has the credentials, unless a policy denies it",
    source=_GUIDE + "rbp-examples.html",
    date=_DATE,
)
POLICY = Fact(
    value=20_480,
    unit="characters",
    says="the policy of a cluster has at most 20,480 characters, names whom it is about, and lets nobody in from "
    "anywhere: that is blocked",
    source=_GUIDE + "rbp-block-public-access.html",
    date=_DATE,
)
PRIVATE = Fact(
    value=5432,
    unit="port",
    says="PrivateLink leads from a VPC to the clusters behind one service name, under their private names only",
    source=_GUIDE + "privatelink-managing-clusters.html",
    date=_DATE,
)
ENDPOINT_ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="an interface endpoint survives the loss of a zone when it stands in two or more",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    date=_DATE,
)
STORAGE = Fact(
    value=10 * 1024**4,
    unit="bytes",
    says="a cluster holds 10 TiB until its quota is raised",
    source=_QUOTAS,
    date=_DATE,
)
CONNECTIONS = Fact(
    value=10_000,
    unit="connections",
    says="a cluster takes 10,000 connections until its quota is raised",
    source=_QUOTAS,
    date=_DATE,
)
METRIC_DIMENSION = Fact(
    value="ClusterId",
    unit="dimension",
    says="metrics of transactions and storage are filed under the cluster's id",
    # The page names the dimension of the streams only; public users read the others under the same name.
    source=_METRICS,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
MULTI_ZONE = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="a cluster serves from three zones at once, and commits to all of them",
    source=_RESILIENCE,
    date=_DATE,
)
MULTI_REGION = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="both members take reads and writes, and each commit is in both Regions before it is acknowledged",
    source=_RESILIENCE,
    date=_DATE,
)
WITNESS_LOST = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="without its witness a multi-Region cluster goes on; commits may take a little longer",
    source=_RESILIENCE,
    date=_DATE,
)
BACKUPS = Fact(
    value="AWS Backup",
    unit="service",
    says="AWS Backup makes full backups; there is no restore to a point in time",
    source=_GUIDE + "backup-aurora-dsql.html",
    date=_DATE,
)
