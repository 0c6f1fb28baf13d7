"""Network and Gateway Load Balancers, and the TLS policies of all of them."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
_GWLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/"
_API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"
_DATE = "2026-11-21"
_ATTRIBUTES = _API + "API_TargetGroupAttribute.html"

TLS_POLICIES = Fact(
    value=(
        "ELBSecurityPolicy-FS-1-2-2019-08",
        "ELBSecurityPolicy-FS-1-2-Res-2019-08",
        "ELBSecurityPolicy-FS-1-2-Res-2020-10",
        "ELBSecurityPolicy-TLS-1-2-2017-01",
        "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    ),
    unit="security policies",
    says="these policies speak TLS 1.2 or 1.3 and nothing older",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    date=_DATE,
)
OLD_TLS_POLICIES = Fact(
    value=(
        "ELBSecurityPolicy-2016-08",
        "ELBSecurityPolicy-FS-1-1-2019-08",
        "ELBSecurityPolicy-FS-2018-06",
        "ELBSecurityPolicy-TLS-1-0-2015-04",
        "ELBSecurityPolicy-TLS-1-1-2017-01",
        "ELBSecurityPolicy-TLS13-1-0-2021-06",
        "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
        "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-1-2021-06",
        "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
    ),
    unit="security policies",
    says="these policies speak TLS 1.0 or 1.1 too",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value="same Region",
    unit="Region",
    says="a load balancer uses certificates of its own Region",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html",
    date=_DATE,
)
ZONES = Fact(
    value=2,
    unit="Availability Zones",
    says="AWS would take one zone, and what stands in one zone stops with it",
    source=_NLB + "availability-zones.html",
    date=_DATE,
)
CROSS_ZONE = Fact(
    value=False,
    unit="default of AWS",
    says="without it the address in a zone leads to targets of that zone only, so each zone needs some and carries its "
    "own share",
    source=_NLB + "target-group-cross-zone.html",
    date=_DATE,
)
CLIENT_ROUTING = Fact(
    value=("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity"),
    unit="policies",
    says="clients inside the VPC are answered with addresses of their own zone always, in 85 of 100 cases, or never",
    source=_NLB + "edit-load-balancer-attributes.html#zonal-dns-affinity",
    date=_DATE,
)
PROTOCOLS = Fact(
    value=("TCP", "TCP_UDP", "TLS", "UDP"),
    unit="protocols",
    says="a Network Load Balancer passes these on",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
LISTENER_TARGETS = Fact(
    value={"TCP": ("TCP",), "TLS": ("TCP", "TLS"), "UDP": ("UDP",), "TCP_UDP": ("TCP_UDP",)},
    unit="protocols",
    says="a listener passes on what it takes, and only TLS may end at the balancer",
    source=_NLB + "load-balancer-listeners.html",
    date=_DATE,
)
HEALTH_PROTOCOLS = Fact(
    value=("HTTP", "HTTPS", "TCP"),
    unit="protocols",
    says="health checks speak these, never UDP or TLS",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
UDP_HEALTH = Fact(
    value="a TCP port",
    unit="port",
    says="UDP has no health check: a port that answers TCP stands for it",
    source=_NLB + "target-group-health-checks.html",
    date=_DATE,
)
CLIENT_ADDRESS = Fact(
    value="UDP",
    unit="protocol",
    says="UDP and TCP_UDP always keep the client's address",
    source=_ATTRIBUTES,
    date=_DATE,
)
CLIENT_ADDRESS_INSIDE = Fact(
    value="VPC",
    unit="place",
    says="the client's address is kept on the way to targets of the VPC only: answers have to come back through it",
    source=_NLB + "edit-target-group-attributes.html#client-ip-preservation",
    date=_DATE,
)
UNHEALTHY_DRAINING = Fact(
    value=Range(0, 360000),
    unit="seconds",
    says="connections to an unhealthy target may live for up to 360000 seconds",
    source=_ATTRIBUTES,
    date=_DATE,
)
UDP_TERMINATION = Fact(
    value="TCP or TLS",
    unit="protocol",
    says="what ends for an unhealthy target is a connection, and UDP has none",
    source=_ATTRIBUTES,
    date=_DATE,
)
LOGGED = Fact(
    value="TLS",
    unit="protocol",
    says="the access logs of a Network Load Balancer hold TLS requests only",
    source=_NLB + "load-balancer-access-logs.html",
    date=_DATE,
)
DUAL_STACK_UDP = Fact(
    value="TCP or TLS",
    unit="protocol",
    says="UDP over IPv6 needs prefixes of the subnets for its source addresses",
    source=_NLB + "network-load-balancers.html#ip-address-type",
    date=_DATE,
)

STICKY = Fact(
    value="TCP or UDP",
    unit="protocol",
    says="a listener that ends TLS keeps no client on its target",
    source=_NLB + "edit-target-group-attributes.html#sticky-sessions",
    date=_DATE,
)

# Gateway Load Balancers

GENEVE = Fact(
    value=6081,
    unit="port",
    says="packets reach appliances inside GENEVE, on port 6081",
    source=_GWLB + "target-groups.html",
    date=_DATE,
)
FLOW_STICKINESS = Fact(
    value=("source_ip_dest_ip", "source_ip_dest_ip_proto"),
    unit="kinds",
    says="flows are told apart by 5 parts of their packets, or by 2 or 3 of them",
    source=_ATTRIBUTES,
    date=_DATE,
)
FLOW_FAILOVER = Fact(
    value=("rebalance", "no_rebalance"),
    unit="ways",
    says="flows of a failed appliance go on to another one, or are dropped until they end",
    source=_GWLB + "edit-target-group-attributes.html#target-failover",
    date=_DATE,
)
ENDPOINT_ZONE = Fact(
    value=1,
    unit="subnets",
    says="a Gateway Load Balancer endpoint stands in one subnet, and routes lead to it by its id",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html",
    date=_DATE,
)
GATEWAY_SHIFT = Fact(
    value=False,
    unit="zonal shift",
    says="a Gateway Load Balancer cannot be shifted out of a zone; routes lead elsewhere, or its health checks do",
    source="assumed: the attribute is named for Application and Network Load Balancers (" + _API
    + "API_LoadBalancerAttribute.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)  # fmt: skip
