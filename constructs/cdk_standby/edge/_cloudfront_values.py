"""What a distribution is told: origins and cache behaviors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_s3 as s3

READS = ("GET", "HEAD", "OPTIONS")
ALL_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOrigin:
    """Where CloudFront asks when its cache has no answer: a name, or a bucket."""

    region: str | None = None
    """The Region that it stands in; None: a name that itself follows the health of Regions, as failover records do."""
    domain: str | None = None
    """A name that answers HTTPS with a certificate for it, as eu-west-1.shop.example.com; None: a bucket is given."""
    bucket: s3.IBucket | None = None
    """Read by origin access control, which `UploadsOrigin` in the bucket's stack lets in; None: a name is given."""
    path: str | None = None
    """What CloudFront puts in front of the path that was asked for, such as /static; None: nothing."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Sent with each request, such as a secret by which a balancer knows CloudFront; left out: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheBehavior:
    """What CloudFront does with the requests of a path: where they go, and whether answers are kept.

    With two origins it reads, and fails over. With one origin it may write: then nothing is cached, and cookies, query
    strings and headers (but the host) go to the origin.
    """

    primary: SiteOrigin
    """Asked first."""
    secondary: SiteOrigin | None = None
    """Of another Region, asked for reads when the primary fails; None: `primary` is the only origin."""
    methods: Sequence[str] = READS
    """GET and HEAD, with OPTIONS, or with PUT, PATCH, POST and DELETE too; left out: GET, HEAD and OPTIONS."""

    @property
    def writes(self) -> bool:
        """Whether requests may change something."""
        return not set(self.methods) <= set(READS)

    @property
    def origins(self) -> dict[str, SiteOrigin]:
        """By the name of the option."""
        return {"primary": self.primary} | ({"secondary": self.secondary} if self.secondary else {})
