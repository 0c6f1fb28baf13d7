"""Application Load Balancers: limits, and how soon they notice."""

from __future__ import annotations

from ._model import Fact, Range

_ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
_DATE = "2026-11-21"
_ATTRIBUTES = _ALB + "edit-target-group-attributes.html"
_HEALTH = _ALB + "target-group-health-checks.html"

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
