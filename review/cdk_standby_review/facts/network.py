"""Amazon VPC: address space, zones, NAT, endpoints."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_DATE = "2026-11-21"

ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="one zone cannot survive its own loss, and no Region has more than six",
    source="https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html",
    date=_DATE,
)
VPC_PREFIX = Fact(
    value=Range(16, 28),
    unit="prefix length",
    says="a VPC has between 16 and 65536 addresses",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    date=_DATE,
)
BALANCER_SUBNET_PREFIX = Fact(
    value=27,
    unit="prefix length",
    says="each subnet of a load balancer is at least a /27 with eight free addresses",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
    date=_DATE,
)
REGIONAL_NAT_EXPANSION = Fact(
    value=Range(0, 3600),
    unit="seconds",
    says="a regional NAT gateway may take an hour to reach a new zone, and serves it from another until then",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html",
    date=_DATE,
)
INTERFACE_ENDPOINT_PRICE = Fact(
    value=0.011,
    unit="USD per hour, endpoint and zone",
    says="an interface endpoint costs by the hour in every zone, and by the gigabyte (price of eu-west-1)",
    source="https://aws.amazon.com/privatelink/pricing/",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
GATEWAY_ENDPOINT_PRICE = Fact(
    value=0.0,
    unit="USD per hour",
    says="gateway endpoints (S3, DynamoDB) are free",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    date=_DATE,
)
NAT_GATEWAY_PRICE = Fact(
    value=0.048,
    unit="USD per hour and zone",
    says="a NAT gateway costs by the hour in every zone it serves, and by the gigabyte (price of eu-west-1)",
    source="https://aws.amazon.com/vpc/pricing/",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
