"""Route 53: limits of health checks and records, and how soon they move traffic."""

from __future__ import annotations

from collections.abc import Sequence

from ._model import Confidence, Fact, Range

_API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
_GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
_DATE = "2026-11-21"
_HEALTH = _GUIDE + "dns-failover-determining-health-of-endpoints.html"

CONTROL_PLANE = Fact(
    value="us-east-1",
    unit="Region",
    says="health check metrics, and so their alarms, exist in us-east-1 only",
    source=_GUIDE + "monitoring-cloudwatch.html",
    date=_DATE,
)
INTERVALS = Fact(
    value=(10, 30),
    unit="seconds",
    says="an endpoint is asked every 10 or every 30 seconds",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
FAILURES = Fact(
    value=Range(1, 10),
    unit="consecutive failures",
    says="an endpoint changes state after 1 to 10 answers alike",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
PATH_LENGTH = Fact(
    value=Range(0, 255),
    unit="characters",
    says="the path of a health check has at most 255 characters",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
CHECKER_REGIONS = Fact(
    value=(
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-west-1",
        "sa-east-1",
        "us-east-1",
        "us-west-1",
        "us-west-2",
    ),
    unit="Regions",
    says="health checkers live in these Regions, and a health check uses at least three of them",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
FEWEST_CHECKER_REGIONS = Fact(
    value=3,
    unit="Regions",
    says="a health check uses health checkers of at least three Regions",
    source=_API + "API_HealthCheckConfig.html",
    date=_DATE,
)
ALARM_KINDS = Fact(
    value="standard resolution; Average, Minimum, Maximum, Sum or SampleCount",
    unit="alarms",
    says="a health check follows alarms on metrics of standard resolution with an ordinary statistic only",
    source=_API + "API_AlarmIdentifier.html",
    date=_DATE,
)
ALARM_DATA = Fact(
    value="the data, not the state",
    unit="alarms",
    says="a health check evaluates the data of its alarm itself: setting the alarm's state by hand moves nothing",
    source=_HEALTH + "#dns-failover-determining-health-of-endpoints-cloudwatch",
    date=_DATE,
)
ALIAS_HEALTH = Fact(
    value="both",
    unit="conditions",
    says="an alias that evaluates its target and has a health check is used while both are healthy",
    source=_GUIDE + "resource-record-sets-values-failover-alias.html",
    date=_DATE,
)
BOTH_UNHEALTHY = Fact(
    value="primary",
    unit="record",
    says="while the secondary record is unhealthy, the primary one is answered whatever its health",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
ALIAS_ZONE = Fact(
    value="the same hosted zone",
    unit="hosted zone",
    says="an alias to another record reaches records of its own hosted zone only",
    source=_API + "API_AliasTarget.html",
    date=_DATE,
)
RECORD_TTL = Fact(
    value=Range(0, 60),
    unit="seconds",
    says="a record with a health check should be cached for 60 seconds or less",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)
UNCHECKED = Fact(
    value="always healthy",
    unit="record",
    says="Route 53 takes a record without a health check for healthy, also while what it leads to is gone",
    source=_GUIDE + "health-checks-how-route-53-chooses-records.html",
    date=_DATE,
)
ALL_UNHEALTHY = Fact(
    value="all of them",
    unit="records",
    says="while every record of a name is unhealthy, Route 53 answers as if all were healthy",
    source=_API + "API_ResourceRecordSet.html",
    date=_DATE,
)

# Times

CONNECT_TIMEOUT = Fact(
    value=4,
    unit="seconds",
    says="an endpoint has to accept the TCP connection within four seconds",
    source=_HEALTH,
    date=_DATE,
)
RESPONSE_TIMEOUT = Fact(
    value=2,
    unit="seconds",
    says="an endpoint has to answer with 2xx or 3xx within two seconds after connecting",
    source=_HEALTH,
    date=_DATE,
)
ALIAS_TTL = Fact(
    value=60,
    unit="seconds",
    says="an alias to a load balancer, or to such an alias, is cached for 60 seconds",
    source=_GUIDE + "resource-record-sets-choosing-alias-non-alias.html",
    date=_DATE,
)
SWITCH = Fact(
    value=Range(60, 120),
    unit="seconds",
    says="one alarm period of 60 seconds passes before the health check sees a thrown switch",
    source="assumed: one period plus evaluation (" + _HEALTH + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
ACCELERATED_RECOVERY = Fact(
    value=Range(0, 3600),
    unit="seconds",
    says="with accelerated recovery, public records can be changed again within 60 minutes after us-east-1 failed",
    source=_GUIDE + "accelerated-recovery.html",
    date=_DATE,
)


def detection(interval: float, failures: int) -> Range:
    """Seconds until Route 53 considers an endpoint that stopped answering unhealthy.

    At best the last good answer was given just before; at worst each failing request waits for both timeouts first,
    since the interval counts from one answer to the next request.

    Args:
        interval: seconds between two requests of one health checker, 10 or 30.
        failures: consecutive failures that make the endpoint unhealthy.
    """
    timeout = CONNECT_TIMEOUT.value + RESPONSE_TIMEOUT.value
    return Range(interval * (failures - 1), (interval + timeout) * failures)


def alarm_detection(period: float, periods: int) -> Range:
    """Seconds until Route 53 considers an alarm's health check unhealthy: its periods, and one more to be evaluated.

    Args:
        period: seconds of one period of the alarm.
        periods: how many periods in a row it looks at.
    """
    return Range(period * periods, period * periods + (SWITCH.value.high - SWITCH.value.low))


def calculated_detection(children: Sequence[Range], threshold: int) -> Range:
    """Seconds until a calculated health check is unhealthy, when what all its children watch is lost at once.

    Args:
        children: the detection of each child.
        threshold: how many children have to be healthy.
    """
    enough = len(children) - threshold
    return Range(sorted(c.low for c in children)[enough], sorted(c.high for c in children)[enough])


def moves(detection: Range, ttl: float) -> Range:
    """Seconds until clients go elsewhere: Route 53 has to see it, and resolvers to forget the old answer.

    Args:
        detection: until Route 53 sees that an endpoint is unhealthy.
        ttl: seconds that resolvers keep an answer.
    """
    return detection + Range(0, ttl)
