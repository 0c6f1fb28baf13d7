"""What a table is described with: keys, indexes, throughput, replicas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

AttributeType = Literal["S", "N", "B"]
Key = str | tuple[str, AttributeType]
"""A key attribute: the name of a string, or a name with its type: ``("at", "N")``."""
Projection = Literal["all", "keys"] | Sequence[str]
Insights = Literal["THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"]
StreamView = Literal["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDemand:
    """Throughput that is paid by the request."""

    max_reads: int | None = None
    """Read request units a second; more is throttled. Left out: as many as the quota of the table."""
    max_writes: int | None = None
    """Write request units a second; more is throttled. Left out: as many as the quota of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaled:
    """Capacity units a second that follow the load."""

    minimum: int
    """Never fewer."""
    maximum: int
    """Never more: what comes above is throttled."""
    target: float = 70
    """Percent of the provisioned units that should be in use."""
    seed: int | None = None
    """Units until autoscaling starts, when a table changes from on-demand to provisioned. Left out: the minimum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """Throughput that is paid by the hour: cheaper for a load that is even and known."""

    reads: Autoscaled
    """Read capacity units a second."""
    writes: Autoscaled
    """Write capacity units a second, the same in every Region: each replica takes all writes."""


Capacity = OnDemand | Provisioned


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmThroughput:
    """What a table can take at once, without growing into it; every table starts with 12,000 reads, 4,000 writes."""

    reads: int
    """Read units a second."""
    writes: int
    """Write units a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalIndex:
    """A global secondary index: the items by other keys, eventually consistent."""

    name: str
    """3 to 255 letters, digits, '_', '.' and '-'."""
    partition_keys: Sequence[Key]
    """1 to 4 attributes."""
    sort_keys: Sequence[Key] = ()
    """Up to 4 attributes; left out: items are not sorted."""
    project: Projection = "all"
    """"all" attributes, the "keys" only, or the names of some beyond the keys."""
    capacity: Capacity | None = None
    """Of the kind that the table has. Left out: as the table."""
    warm_throughput: WarmThroughput | None = None
    """Left out: what DynamoDB starts with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalIndex:
    """A local secondary index: the items of one partition key in another order. Made with the table, or never."""

    name: str
    """3 to 255 letters, digits, '_', '.' and '-'."""
    sort_key: Key
    """The attribute that they are sorted by."""
    project: Projection = "all"
    """"all" attributes, the "keys" only, or the names of some beyond the keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """The table in one more Region. What is the same everywhere, protection and recovery too, is no option here."""

    region: str
    """Another than the table's."""
    key: kms.IKey | str
    """Encrypts it there: a key with a known ARN, its ARN, or an alias of that Region, such as ``"alias/orders"``."""
    reads: Autoscaled | None = None
    """Of a provisioned table. Left out: as in the table's own Region."""
    max_reads: int | None = None
    """Of an on-demand table. Left out: as in the table's own Region."""
    kinesis_stream: str | None = None
    """ARN of a Kinesis data stream there, that gets the changes. Left out: none does."""
    policy: Sequence[iam.PolicyStatement] = ()
    """What the resource policy says in this Region, besides the table's. Left out: nothing."""
