"""What a record answers with: values that record families take."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import cast

from aws_cdk import aws_elasticloadbalancingv2 as elb

from cdk_standby_review.facts import route53_records as facts

from .._tokens import is_token
from ._watched import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """An alias: it leads to another name, and is as healthy as that."""

    name: str
    """A record of the same hosted zone, or the DNS name of a resource of AWS together with its `zone_id`."""
    zone_id: str | None = None
    """The hosted zone of that resource, as its service names it; left out: the zone of the record itself."""

    @staticmethod
    def balancer(load_balancer: elb.ILoadBalancerV2) -> Alias:
        """To a load balancer, by its dual-stack name.

        Args:
            load_balancer: an Application or Network Load Balancer.
        """
        return Alias(
            name=f"dualstack.{load_balancer.load_balancer_dns_name}",
            zone_id=load_balancer.load_balancer_canonical_hosted_zone_id,
        )

    def __str__(self) -> str:
        return f"an alias to {self.name}"

    @property
    def evaluated(self) -> bool:
        """Whether Route 53 can see the health of the target: of a CloudFront distribution it cannot."""
        return self.zone_id != facts.CLOUDFRONT_ZONE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """No alias: an address, or a name that becomes a CNAME."""

    value: str
    """Such as 192.0.2.1, 2001:db8::1 or www.example.net; its kind decides the type of the record."""

    def __str__(self) -> str:
        return self.value


Target = Alias | Value


class _Answer:
    """In messages an answer is shown by what tells it from the others."""

    __slots__ = ()

    def __str__(self) -> str:
        return id_of(cast("Answer", self))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedAnswer(_Answer):
    """One of several answers, in proportion to its weight."""

    id: str
    """Tells it from the others of its name; never a role, since a new identifier makes another record."""
    weight: int
    """0 to 255. With 0 it is answered only while every other one is unhealthy."""
    leads_to: Target
    """An `Alias` or a `Value`."""
    check: HealthCheck | None = None
    """What it follows; left out: the health of the alias's target."""

    def __str__(self) -> str:
        return f"{self.id}: {self.weight}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyAnswer(_Answer):
    """The answer for who is nearest to a Region, in time."""

    region: str
    """Where what it leads to is, once for a name; it tells the answer from the others."""
    leads_to: Target
    """An `Alias` or a `Value`."""
    check: HealthCheck | None = None
    """What it follows; left out: the health of the alias's target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeolocationAnswer(_Answer):
    """The answer for who asks from a place; the smallest place that covers somebody wins."""

    leads_to: Target
    """An `Alias` or a `Value`."""
    continent: str | None = None
    """AF, AN, AS, EU, NA, OC or SA; left out: `country` says where."""
    country: str | None = None
    """Two letters, such as DE, or * for everybody else; left out: `continent` says where."""
    subdivision: str | None = None
    """A state of the United States (country US) or an oblast of Ukraine (UA); left out: the whole country."""
    check: HealthCheck | None = None
    """What it follows; left out: the health of the alias's target."""

    @property
    def id(self) -> str:
        """The place."""
        return "-".join(part for part in (self.continent, self.country, self.subdivision) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoproximityAnswer(_Answer):
    """The answer for who is near to it, in miles."""

    leads_to: Target
    """An `Alias` or a `Value`."""
    region: str | None = None
    """Where what it leads to is; left out: at the coordinates."""
    latitude: float | None = None
    """Degrees north, -90 to 90, of what is outside of AWS; two decimals count. Left out: in the Region."""
    longitude: float | None = None
    """Degrees east, -180 to 180; two decimals count. Left out: in the Region."""
    bias: int = 0
    """-99 to 99: above 0 it draws from farther away, below 0 less far."""
    check: HealthCheck | None = None
    """What it follows; left out: the health of the alias's target."""

    @property
    def id(self) -> str:
        """The Region, or the coordinates."""
        return self.region or f"{self.latitude},{self.longitude}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MultivalueAnswer(_Answer):
    """One of up to eight addresses that are answered together, each while it is healthy."""

    id: str
    """Tells it from the others of its name."""
    leads_to: Value
    """A `Value`: such records cannot be aliases."""
    check: HealthCheck | None = None
    """What it follows; required, unless the records may go unchecked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CidrAnswer(_Answer):
    """The answer for who asks from certain networks."""

    location: str
    """A name for them, 1 to 16 letters, digits, - and _; or * for everybody else."""
    leads_to: Target
    """An `Alias` or a `Value`."""
    blocks: tuple[str, ...] = ()
    """Networks such as 203.0.113.0/24: IPv4 of /1 to /24, IPv6 of /1 to /48; none for *."""
    check: HealthCheck | None = None
    """What it follows; left out: the health of the alias's target."""

    @property
    def id(self) -> str:
        """The location."""
        return "default" if self.location == "*" else self.location


Answer = WeightedAnswer | LatencyAnswer | GeolocationAnswer | GeoproximityAnswer | MultivalueAnswer | CidrAnswer


def id_of(answer: Answer) -> str:
    """What tells an answer from the others of its name."""
    return answer.region if isinstance(answer, LatencyAnswer) else answer.id


def type_of(target: Target) -> str:
    """A, AAAA or CNAME. An alias is an A record, and an AAAA record beside it when that is asked for."""
    if isinstance(target, Alias) or is_token(target.value):
        return "A"
    try:
        return "A" if ip_address(target.value).version == 4 else "AAAA"
    except ValueError:
        return "CNAME"


def has_health(answer: Answer) -> bool:
    """Whether Route 53 can find the answer unhealthy."""
    return answer.check is not None or (isinstance(answer.leads_to, Alias) and answer.leads_to.evaluated)
