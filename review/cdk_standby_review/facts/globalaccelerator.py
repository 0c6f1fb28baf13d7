"""Global Accelerator: endpoint groups, dials and weights, how soon it moves traffic, where it is changed."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/global-accelerator/latest/dg/"
_API = "https://docs.aws.amazon.com/global-accelerator/latest/api/"
_DATE = "2026-11-21"
_GROUP = _API + "API_CreateEndpointGroup.html"
_LISTENER = _API + "API_CreateListener.html"
_UNHEALTHY = _GUIDE + "about-endpoints-endpoint-weights.unhealthy-endpoints.html"

CONTROL_PLANE = Fact(
    value="us-west-2",
    unit="Region",
    says="an accelerator is changed, and its metrics and alarms exist, in us-west-2 only",
    source=_GUIDE + "cloudwatch-monitoring.html",
    date=_DATE,
)
DATA_PLANE = Fact(
    value="global",
    unit="service",
    says="the addresses of an accelerator are announced from edge locations, whatever Region is lost",
    source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    date=_DATE,
)
REGIONS = Fact(
    value=2,
    unit="Regions",
    says="with one Region there is nowhere to go when it is lost: an accelerator is as available as its endpoints",
    source=_UNHEALTHY,
    date=_DATE,
)
GROUPS = Fact(
    value=1,
    unit="endpoint group",
    says="a listener has one endpoint group in a Region",
    source=_GROUP,
    date=_DATE,
)
ENDPOINTS = Fact(
    value=Range(1, 10), unit="endpoints", says="an endpoint group has at most ten endpoints", source=_GROUP, date=_DATE
)
DIALS = Fact(
    value=Range(0, 100),
    unit="percent",
    says="a traffic dial is a percentage of the traffic that would go to the Region otherwise",
    source=_GROUP,
    date=_DATE,
)
DIAL_ON_FAILOVER = Fact(
    value="ignored",
    unit="dial",
    says="when a group has no healthy endpoint with a weight above 0, its traffic goes to another group whatever the "
    "dial of that one: a dial of 0 keeps nothing away then, only weights of 0 do",
    source=_UNHEALTHY,
    date=_DATE,
)
FAILS_OPEN = Fact(
    value=3,
    unit="endpoint groups",
    says="after the three closest groups without a healthy endpoint, traffic goes to any endpoint of the closest one",
    source=_UNHEALTHY,
    date=_DATE,
)
WEIGHTS = Fact(
    value=Range(0, 255),
    unit="weight",
    says="an endpoint's share is its weight among those of its group, and one of weight 0 gets nothing",
    source=_API + "API_EndpointConfiguration.html",
    date=_DATE,
)
INTERVALS = Fact(
    value=(10, 30), unit="seconds", says="an endpoint is asked every 10 or every 30 seconds", source=_GROUP, date=_DATE
)
THRESHOLD = Fact(
    value=Range(1, 10),
    unit="consecutive answers",
    says="an endpoint changes state after 1 to 10 answers alike",
    source=_GROUP,
    date=_DATE,
)
PROBES = Fact(
    value=("TCP", "HTTP", "HTTPS"), unit="protocols", says="endpoints are asked by these", source=_GROUP, date=_DATE
)
PROBED = Fact(
    value="EC2 instances and Elastic IP addresses",
    unit="endpoints",
    says="the health check of a group is for EC2 instances and Elastic IP addresses; of a load balancer the health of "
    "its own targets counts",
    source=_GUIDE + "about-endpoint-groups-health-check-options.html",
    date=_DATE,
)
PATH = Fact(
    value=r"/[-a-zA-Z0-9@:%_\\+.~#?&/=]{0,254}",
    unit="pattern",
    says="the path of a health check begins with '/' and has at most 255 letters, digits and signs of a URL",
    source=_GROUP,
    date=_DATE,
)
PORTS = Fact(
    value=Range(1, 65535), unit="port", says="a port is a number from 1 to 65535", source=_LISTENER, date=_DATE
)
PORT_RANGES = Fact(
    value=Range(1, 10),
    unit="port ranges",
    says="a listener has one to ten ranges of ports",
    source=_LISTENER,
    date=_DATE,
)
PROTOCOLS = Fact(
    value=("TCP", "UDP"), unit="protocols", says="a listener speaks TCP or UDP", source=_LISTENER, date=_DATE
)
AFFINITIES = Fact(
    value=("NONE", "SOURCE_IP"),
    unit="affinities",
    says="each connection finds its own endpoint, or all of a client's address find the same one",
    source=_LISTENER,
    date=_DATE,
)
OVERRIDES = Fact(
    value=Range(0, 10),
    unit="overrides",
    says="an endpoint group overrides at most ten ports, each of them one that the listener has",
    source=_GROUP,
    date=_DATE,
)
NAMES = Fact(
    value=r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?",
    unit="pattern",
    says="a name has at most 64 letters, digits, periods and hyphens, and begins and ends with none of the latter two",
    source=_API + "API_CreateAccelerator.html",
    date=_DATE,
)
CLIENT_ADDRESSES = Fact(
    value=("application load balancers", "network load balancers with security groups", "EC2 instances"),
    unit="endpoints",
    says="the client's address is kept for application load balancers, for network load balancers with security groups "
    "and without a TLS listener, and for EC2 instances; not for Elastic IP addresses",
    source=_GUIDE + "preserve-client-ip-address.html",
    date=_DATE,
)
ADDRESSES = Fact(
    value="static",
    unit="addresses",
    says="the static addresses of an accelerator are gone for ever when it is deleted",
    source=_GUIDE + "about-accelerators.html",
    date=_DATE,
)
FLOW_LOGS = Fact(
    value="delivery.logs.amazonaws.com",
    unit="principal",
    says="flow logs go to a bucket whose policy lets the log delivery write",
    source=_GUIDE + "monitoring-global-accelerator.flow-logs.html",
    date=_DATE,
)

# Times

PROBE_TIMEOUT = Fact(
    value=10,
    unit="seconds",
    says="an endpoint that does not answer a health check in time has failed it",
    source="assumed: the guide gives no time (" + _GUIDE + "about-endpoint-groups-health-check-options.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
SHIFT = Fact(
    value=Range(0, 30),
    unit="seconds",
    says="new connections go to another Region within 30 seconds after an endpoint was found unhealthy",
    source="https://aws.amazon.com/global-accelerator/faqs/",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)


def detection(interval: float, threshold: int) -> Range:
    """Seconds until an EC2 instance or an Elastic IP address that stopped answering is unhealthy.

    Args:
        interval: seconds between two health checks, 10 or 30.
        threshold: consecutive failures that make the endpoint unhealthy.
    """
    return Range(interval * (threshold - 1), interval * threshold + PROBE_TIMEOUT.value)
