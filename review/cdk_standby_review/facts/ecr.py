"""What ECR allows of repositories, and how registries replicate."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/"
_API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/"
_DATE = "2026-11-21"

NAMES = Fact(
    value=r"(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
    unit="pattern",
    says="a repository's name has 2 to 256 lower-case letters, digits, and '.', '_', '-' and '/' between them",
    source=_API + "API_CreateRepository.html",
    date=_DATE,
)
PREFIXES = Fact(
    value=r"(?=.{2,256}$)[a-z0-9]+(?:[._/-][a-z0-9]+)*/?",
    unit="pattern",
    says="a prefix is the beginning of the names of repositories: lower-case letters, digits, '.', '_', '-', '/'",
    source=_API + "API_RepositoryFilter.html",
    date=_DATE,
)
ONE_CONFIGURATION = Fact(
    value=1,
    unit="configuration",
    says="a registry, that is an account in a Region, has one replication configuration for all its repositories",
    source=_GUIDE + "replication.html",
    date=_DATE,
)
DESTINATIONS = Fact(
    value=Range(1, 25),
    unit="destinations",
    says="a registry replicates to at most 25 destinations, by at most 10 rules of up to 100 filters",
    source=_API + "API_ReplicationConfiguration.html",
    date=_DATE,
)
FILTERS = Fact(
    value=Range(1, 100),
    unit="prefixes",
    says="a rule has at most 100 filters",
    source=_API + "API_ReplicationRule.html",
    date=_DATE,
)
ONLY_NEW = Fact(
    value="pushed after",
    unit="images",
    says="only images that are pushed after the configuration replicate, once each: what arrives is not sent on, and "
    "what is deleted here stays there",
    source=_GUIDE + "replication.html",
    date=_DATE,
)
REPLICATION = Fact(
    value=Range(0, 1800),
    unit="seconds",
    says="most images replicate in less than 30 minutes",
    source=_GUIDE + "replication.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TEMPLATES = Fact(
    value="not before",
    unit="repositories",
    says="a creation template sets up repositories that replication makes after it, and none that are there",
    source=_GUIDE + "repository-creation-templates-create.html",
    date=_DATE,
)
KEPT = Fact(
    value=Range(1, 10_000),
    unit="images",
    says="a lifecycle rule keeps a number of images, 1 or more",
    source=_GUIDE + "lifecycle_policy_parameters.html",
    date=_DATE,
)
RESILIENT = Fact(
    value=Range(0, 0),
    unit="seconds",
    says="ECR keeps layers in S3, over the zones of a Region",
    source=_GUIDE + "disaster-recovery-resiliency.html",
    date=_DATE,
)
