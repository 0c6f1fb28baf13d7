"""What ElastiCache allows of Memcached, and of caches without nodes."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
_API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/"
_SERVERLESS = _API + "API_CreateServerlessCache.html"
_MEMCACHED = _API + "API_CreateCacheCluster.html"
_DATE = "2026-11-21"

MEMCACHED_NODES = Fact(
    value=Range(1, 40),
    unit="nodes",
    says="a Memcached cluster has 40 nodes at most until the quota is raised",
    source=_MEMCACHED,
    date=_DATE,
)
MEMCACHED_ZONES = Fact(
    value=2,
    unit="nodes",
    says="nodes in several zones are at least two, and a list of zones names one for each node",
    source=_MEMCACHED,
    date=_DATE,
)
MEMCACHED_VERSIONS = Fact(
    value=("1.6.12", "1.6.17", "1.6.22"),
    unit="versions",
    says="these versions of Memcached encrypt connections",
    source=_GUIDE + "supported-engine-versions-mc.html",
    date=_DATE,
)
MEMCACHED_QUOTA = Fact(
    value=60,
    unit="nodes",
    says="a Memcached cluster with a higher quota has up to 60 nodes",
    source=_GUIDE + "Clusters.html",
    date=_DATE,
)
MEMCACHED_NAMES = Fact(
    value=r"[A-Za-z](?:-?[A-Za-z0-9]){0,49}",
    unit="pattern",
    says="a name has 1 to 50 letters, digits and single hyphens, starts with a letter and does not end with a hyphen",
    source=_MEMCACHED,
    date=_DATE,
)
NO_REPLICATION = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="Memcached nodes know nothing of each other, and keep nothing: what a lost node held is lost",
    source=_GUIDE + "SelectEngine.html",
    date=_DATE,
)
SERVERLESS_ENGINES = Fact(
    value=MappingProxyType({"valkey": ("7", "8", "9"), "redis": ("7",), "memcached": ("1.6",)}),
    unit="major versions",
    says="a serverless cache is of one of these major versions",
    source=_SERVERLESS,
    date=_DATE,
)
SERVERLESS_STORAGE = Fact(
    value=Range(1, 5000), unit="GB", says="a serverless cache holds 1 to 5,000 GB", source=_SERVERLESS, date=_DATE
)
SERVERLESS_RATE = Fact(
    value=Range(1000, 15_000_000),
    unit="ECPUs a second",
    says="a serverless cache is limited to 1,000 to 15,000,000 ECPUs a second",
    source=_SERVERLESS,
    date=_DATE,
)
SERVERLESS_NAMES = Fact(
    value=r"[a-z](?:-?[a-z0-9]){0,39}",
    unit="pattern",
    says="a serverless cache has a name of 1 to 40 small letters, digits and single hyphens",
    source=_SERVERLESS,
    date=_DATE,
)
SERVERLESS_RESTORES = Fact(
    value=r"arn:aws[a-z-]*:(s3:::[^,]+\.rdb|elasticache:[a-z0-9-]+:\d{12}:(serverlesscache)?snapshot:.+)",
    unit="pattern",
    says="a serverless cache starts from snapshots, or from files in S3, by their ARNs",
    source=_SERVERLESS,
    date=_DATE,
)
SERVERLESS_SNAPSHOT = Fact(
    value=r"([01]\d|2[0-3]):[0-5]\d",
    unit="pattern",
    says="a daily snapshot begins at a time of the day, in UTC",
    source=_SERVERLESS,
    date=_DATE,
)
SERVERLESS = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="a serverless cache keeps its data in several zones, and moves by itself",
    source=_GUIDE + "WhatIs.html",
    date=_DATE,
)
