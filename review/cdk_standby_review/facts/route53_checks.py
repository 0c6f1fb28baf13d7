"""Route 53: what health checks of every kind may ask, count and follow."""

from __future__ import annotations

from ._model import Fact, Range

_API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_DATE = "2026-11-21"
_HEALTH = _GUIDE + "dns-failover-determining-health-of-endpoints.html"

ADDRESSES = Fact(
    value="public",
    unit="addresses",
    says="health checkers reach no private, reserved or multicast address",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
PORTS = Fact(
    value=Range(1, 65535),
    unit="port",
    says="an endpoint is asked on a port",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
PROTOCOLS = Fact(
    value=("HTTPS", "HTTP", "TCP"),
    unit="protocols",
    says="health checkers speak these",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
SEARCH_LENGTH = Fact(
    value=Range(1, 255),
    unit="characters",
    says="the text that an answer must hold has 1 to 255 characters",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
SEARCHED = Fact(
    value=5120,
    unit="bytes",
    says="health checkers read the first 5120 bytes of an answer",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
CHILDREN = Fact(
    value=Range(1, 256),
    unit="health checks",
    says="a calculated health check counts up to 256 others",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
CHILD_THRESHOLD = Fact(
    value="1 to the number of children",
    unit="health checks",
    says="with 0 the check is always healthy, with more than it has children never",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
INSUFFICIENT_DATA = Fact(
    value=("Healthy", "Unhealthy", "LastKnownStatus"),
    unit="statuses",
    says="a health check has one of these statuses while its alarm has no data",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
ALARM_NAME_LENGTH = Fact(
    value=Range(1, 256),
    unit="characters",
    says="a health check names its alarm in 1 to 256 characters",
    source=_API + "API_AlarmIdentifier.html",
    date=_DATE,
)
STANDARD_PERIOD = Fact(
    value=60,
    unit="seconds",
    says="a health check follows alarms of standard resolution only, whose periods are whole minutes",
    source=_API + "API_AlarmIdentifier.html",
    date=_DATE,
)
CERTIFICATES = Fact(
    value="not validated",
    unit="certificates",
    says="health checkers do not validate certificates: an expired one stays healthy for them",
    source=_HEALTH,
    date=_DATE,
)
