"""What the options of failover records may be."""

from __future__ import annotations

import re

from aws_cdk import Duration
from aws_cdk import aws_route53 as route53

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import route53 as facts

from ._checks import Options, Rule, within
from ._tokens import is_token

DOMAIN_NAMES = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def is_domain(name: str) -> bool:
    """A lower-case name of at least two labels, without the trailing dot."""
    labels = name.split(".")
    return len(name) <= 255 and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))


def outside(name: str, zone: str | None) -> bool:
    """The hosted zone is known, and does not hold the name."""
    return zone is not None and name != zone and not name.endswith(f".{zone}")


def zone_name(zone: route53.IHostedZone) -> str | None:
    """None for a zone known by its id only: the CDK raises when asked for its name."""
    try:
        return zone.zone_name
    except RuntimeError:
        return None


def known_detection(interval: Duration, failures: int) -> Range:
    """How soon a loss is seen; with what only the deployment knows, at the latest that AWS allows."""
    seconds = max(facts.INTERVALS.value) if interval.is_unresolved() else interval.to_seconds()
    return facts.detection(seconds, int(facts.FAILURES.value.high) if is_token(failures) else failures)


def domain_rules(option: str) -> list[Rule]:
    """The option is a name, and lies in the hosted zone as far as that is known (`zone`)."""
    return [
        Rule(
            option=option,
            broken=lambda o: not is_domain(o[option]),
            allowed="a name such as shop.example.com, in lower case",
            why="Route 53 answers to names",
            source=DOMAIN_NAMES,
        ),
        Rule(
            option=option,
            reads=["zone"],
            broken=lambda o: is_domain(o[option]) and outside(o[option], o["zone"]),
            allowed=lambda o: f"{o['zone']}, or a name that ends in .{o['zone']}",
            why=facts.ALIAS_ZONE.says,
            source=facts.ALIAS_ZONE.source,
        ),
    ]


def _checkers(o: Options) -> list[str]:
    return list(o["checker_regions"] or ())


RECORD = domain_rules("name")
"""The rules of a record that leads to one Region."""

ASKED = [
    Rule(
        option="interval",
        broken=lambda o: (
            not o["interval"].is_unresolved() and o["interval"].to_seconds(integral=False) not in facts.INTERVALS.value
        ),
        allowed=" or ".join(f"{seconds} seconds" for seconds in facts.INTERVALS.value),
        why=facts.INTERVALS.says,
        source=facts.INTERVALS.source,
    ),
    within("failures", facts.FAILURES),
    Rule(
        option="checker_regions",
        broken=lambda o: bool(set(_checkers(o)) - set(facts.CHECKER_REGIONS.value)),
        allowed=", ".join(facts.CHECKER_REGIONS.value),
        why=facts.CHECKER_REGIONS.says,
        source=facts.CHECKER_REGIONS.source,
    ),
    Rule(
        option="checker_regions",
        broken=lambda o: (
            o["checker_regions"] is not None and len(set(_checkers(o))) < facts.FEWEST_CHECKER_REGIONS.value
        ),
        allowed="three Regions or more, or left out for all",
        why=facts.FEWEST_CHECKER_REGIONS.says,
        source=facts.FEWEST_CHECKER_REGIONS.source,
    ),
]
"""The rules of how often, and from where, an endpoint is asked."""

FAILOVER = [
    *domain_rules("domain"),
    *domain_rules("primary.domain"),
    *domain_rules("secondary.domain"),
    Rule(
        option="secondary.region",
        reads=["primary.region"],
        broken=lambda o: o["secondary.region"] == o["primary.region"],
        allowed=lambda o: f"another Region than the primary's {o['primary.region']}",
        why="both sites would be lost together",
    ),
    Rule(
        option="primary.domain",
        broken=lambda o: o["domain"] in (o["primary.domain"], o["secondary.domain"]),
        reads=["domain", "secondary.domain"],
        allowed="names of one Region each, such as eu-west-1.shop.example.com",
        why="a health check of the name that itself fails over gives unpredictable results",
        source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
    ),
    Rule(
        option="switch_alarm.region",
        reads=["primary.region"],
        broken=lambda o: o["switch_alarm.region"] == o["primary.region"],
        allowed="the Region of the secondary site, or a third one",
        why="the switch is thrown when the primary Region is lost, and has to be reached then",
    ),
    Rule(
        option="health_path",
        broken=lambda o: not o["health_path"].startswith("/"),
        allowed="a path that begins with '/'",
        why="Route 53 asks for it by HTTPS",
        source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
    ),
    Rule(
        option="health_path",
        broken=lambda o: len(o["health_path"]) not in facts.PATH_LENGTH.value,
        allowed=f"{facts.PATH_LENGTH.value} characters",
        why=facts.PATH_LENGTH.says,
        source=facts.PATH_LENGTH.source,
    ),
    *ASKED,
]

ALARMS = [
    Rule(
        option="scope",
        broken=lambda o: o["scope"] != facts.CONTROL_PLANE.value,
        allowed=f"a construct in a stack of {facts.CONTROL_PLANE.value}",
        why=facts.CONTROL_PLANE.says,
        source=facts.CONTROL_PLANE.source,
    ),
]
"""The rules of a place for alarms on health checks."""
