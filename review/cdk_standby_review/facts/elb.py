"""Application Load Balancers: limits, and how soon they notice."""

from __future__ import annotations

from ._model import Confidence, Fact, Range

_ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
_DATE = "2026-11-21"
_ATTRIBUTES = _ALB + "edit-target-group-attributes.html"
_HEALTH = _ALB + "target-group-health-checks.html"
_API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"

ZONES = Fact(
    value=2,
    unit="Availability Zones",
    says="an Application Load Balancer needs subnets in at least two zones, and a service in one zone stops with it",
    source=_ALB + "application-load-balancers.html#availability-zones",
    date=_DATE,
)
PORT = Fact(
    value=Range(1, 65535),
    unit="port",
    says="a target listens on a TCP port",
    source=_ALB + "load-balancer-target-groups.html",
    date=_DATE,
)
HEALTH_PATH_LENGTH = Fact(
    value=Range(1, 1024),
    unit="characters",
    says="the path of a health check has at most 1024 characters",
    source=_HEALTH,
    date=_DATE,
)
DEREGISTRATION_DELAY = Fact(
    value=Range(0, 3600),
    unit="seconds",
    says="a leaving target finishes its requests for up to an hour",
    source=_ATTRIBUTES,
    date=_DATE,
)
SLOW_START = Fact(
    value=Range(30, 900),
    unit="seconds",
    says="a slow start lasts 30 to 900 seconds",
    source=_ATTRIBUTES,
    date=_DATE,
)
HEALTHY_PERCENT = Fact(
    value=Range(1, 100),
    unit="percent",
    says="target group health is a percentage of healthy targets",
    source=_ALB + "load-balancer-target-groups.html#target-group-health",
    date=_DATE,
)
CLIENT_KEEP_ALIVE = Fact(
    value=Range(60, 180),
    unit="seconds",
    says="AWS allows 60 seconds to 7 days (3600 if left out), but a client that keeps its connection keeps its Region "
    "and zone too, however soon DNS moves",
    source=_ALB + "edit-load-balancer-attributes.html#client-keep-alive-duration",
    date=_DATE,
)
TLS_FOR_HEALTH_CHECKS = Fact(
    value="TLS 1.2",
    unit="protocol",
    says="Route 53's health checkers speak TLS 1.0 to 1.2: a listener of TLS 1.3 alone never becomes healthy",
    source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
    date=_DATE,
)

HTTP_PORT = Fact(value=80, unit="port", says="browsers ask here without TLS", source=_ALB, date=_DATE)
HTTPS_PORT = Fact(value=443, unit="port", says="browsers ask here with TLS", source=_ALB, date=_DATE)
SUBNETS = Fact(
    value=1,
    unit="subnets of a zone",
    says="a load balancer takes one subnet of each zone",
    source=_API + "API_CreateLoadBalancer.html",
    date=_DATE,
)
HEALTH_INTERVAL = Fact(
    value=Range(5, 300),
    unit="seconds",
    says="a target is asked every 5 to 300 seconds",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
HEALTH_TIMEOUT = Fact(
    value=Range(2, 120),
    unit="seconds",
    says="a health check waits 2 to 120 seconds for an answer",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
HEALTH_OVERLAP = Fact(
    value="timeout below interval",
    unit="seconds",
    says="one health check ends before the next begins",
    source="assumed: the API refuses it in words, its page does not say so (" + _API + "API_CreateTargetGroup.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
HEALTH_THRESHOLD = Fact(
    value=Range(2, 10),
    unit="health checks",
    says="2 to 10 checks in a row make a target healthy or unhealthy",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
HEALTHY_COUNT = Fact(
    value=1,
    unit="targets",
    says="a zone without a healthy target has to leave DNS",
    source=_API + "API_TargetGroupAttribute.html",
    date=_DATE,
)
CROSS_ZONE_OFF = Fact(
    value="target group",
    unit="where it can be turned off",
    says="an Application Load Balancer always balances over zones, but a target group may turn that off; then it takes "
    "no stickiness, no functions, and every address names its zone",
    source=_ALB + "disable-cross-zone.html",
    date=_DATE,
)
IDLE_TIMEOUT = Fact(
    value=Range(1, 4000),
    unit="seconds",
    says="a silent connection is closed after 1 to 4000 seconds",
    source=_API + "API_LoadBalancerAttribute.html",
    date=_DATE,
)
DESYNC_MODES = Fact(
    value=("defensive", "strictest"),
    unit="modes",
    says="requests that two servers may understand differently are turned away; 'monitor' would let them pass",
    source=_API + "API_LoadBalancerAttribute.html",
    date=_DATE,
)
ALGORITHMS = Fact(
    value=("least_outstanding_requests", "round_robin", "weighted_random"),
    unit="algorithms",
    says="these are the ways to choose a target; anomaly mitigation goes with weighted_random only",
    source=_API + "API_TargetGroupAttribute.html",
    date=_DATE,
)
SLOW_START_ALGORITHM = Fact(
    value="round_robin",
    unit="algorithm",
    says="only round_robin gives a new target a growing share",
    source="assumed: the CDK refuses it with weighted_random; with least_outstanding_requests from memory of "
    + _ATTRIBUTES,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ANOMALY_TARGETS = Fact(
    value=3,
    unit="healthy targets",
    says="a target is compared with its neighbours, which takes three healthy ones at least",
    source="https://aws.amazon.com/blogs/networking-and-content-delivery/"
    "improving-availability-with-application-load-balancer-automatic-target-weights/",
    date=_DATE,
)
STICKINESS = Fact(
    value=Range(1, 604800),
    unit="seconds",
    says="a client may be kept on its target for a second to a week",
    source=_API + "API_TargetGroupAttribute.html",
    date=_DATE,
)
PRIORITY = Fact(
    value=Range(1, 50000),
    unit="priority",
    says="rules are tried in the order of their numbers, which are unique in a listener",
    source=_API + "API_CreateRule.html",
    date=_DATE,
)
CONDITION_VALUES = Fact(
    value=Range(1, 5),
    unit="values",
    says="a rule compares a request with 1 to 5 values",
    source=_ALB + "load-balancer-limits.html",
    date=_DATE,
)
ROUTE_PATHS = Fact(
    value="/",
    unit="first character",
    says="the path of a request begins with '/'",
    source=_ALB + "rule-condition-types.html#path-conditions",
    date=_DATE,
)
FUNCTION_HEALTH_INTERVAL = Fact(
    value=35,
    unit="seconds",
    says="each health check of a function is an invocation that is paid for",
    source=_ALB + "lambda-functions.html",
    date=_DATE,
)
OWN_ADDRESSES = Fact(
    value=("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    unit="networks",
    says="targets have addresses of the VPC, of RFC 1918 or of RFC 6598; public ones are never reached",
    source=_API + "API_CreateTargetGroup.html",
    date=_DATE,
)
ONE_BALANCER = Fact(
    value=1,
    unit="load balancers",
    says="a target group belongs to one load balancer",
    source=_ALB + "load-balancer-limits.html",
    date=_DATE,
)

LOG_BUCKET = Fact(
    value="same Region",
    unit="Region",
    says="a load balancer writes its logs to a bucket of its own Region",
    source=_API + "API_LoadBalancerAttribute.html",
    date=_DATE,
)
WEB_ACL = Fact(
    value="REGIONAL",
    unit="scope",
    says="a load balancer is guarded by a web ACL of its own Region; those of CloudFront are for CloudFront",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    date=_DATE,
)
LOG_ACCOUNTS = Fact(
    value="by Region",
    unit="AWS account",
    says="which principal delivers access logs depends on the Region",
    source=_ALB + "enable-access-logging.html",
    date=_DATE,
)

# Times


def detection(interval: float, failures: int, timeout: float) -> Range:
    """Seconds until a target that stopped answering gets no more requests.

    Args:
        interval: seconds between two health checks.
        failures: consecutive failures that make a target unhealthy.
        timeout: seconds that one check waits for an answer.
    """
    return Range(interval * (failures - 1), interval * failures + timeout)
