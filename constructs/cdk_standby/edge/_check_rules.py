"""What health checks may ask, count and follow."""

from __future__ import annotations

import re
from ipaddress import ip_address

from cdk_standby_review.facts import arc, route53
from cdk_standby_review.facts import route53_checks as facts

from .._checks import Options, Rule, one_of, within
from .._tokens import is_token
from .._traffic_rules import ASKED, DOMAIN_NAMES, is_domain


def _is_private(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return True
    return not parsed.is_global or parsed.is_multicast


def _asks(o: Options) -> bool:
    """Whether the endpoint is asked for something, and not just connected to."""
    return str(o["protocol"]) != "TCP"


ENDPOINT = [
    Rule(
        option="domain",
        reads=["ip"],
        broken=lambda o: o["domain"] is None and o["ip"] is None,
        allowed="a name such as eu-west-1.shop.example.com, or 'ip'",
        why="there has to be something to ask",
        source=facts.ADDRESSES.source,
    ),
    Rule(
        option="domain",
        broken=lambda o: o["domain"] is not None and not is_domain(o["domain"]),
        allowed="a name such as eu-west-1.shop.example.com, in lower case",
        why="Route 53 asks by names",
        source=DOMAIN_NAMES,
    ),
    Rule(
        option="domain",
        reads=["ip", "protocol"],
        broken=lambda o: o["domain"] is None and o["ip"] is not None and o["protocol"] == "HTTPS",
        allowed="the name on the certificate, beside 'ip'",
        why="it is sent with SNI, without which many endpoints refuse to talk",
        source=facts.ADDRESSES.source,
    ),
    Rule(
        option="ip",
        broken=lambda o: o["ip"] is not None and _is_private(o["ip"]),
        allowed="a public address, or an 'AlarmCheck' on what is private",
        why=facts.ADDRESSES.says,
        source=facts.ADDRESSES.source,
    ),
    one_of("protocol", facts.PROTOCOLS.value, why=facts.PROTOCOLS.says, source=facts.PROTOCOLS.source),
    within("port", facts.PORTS),
    Rule(
        option="port",
        reads=["protocol"],
        broken=lambda o: o["port"] is None and not _asks(o),
        allowed="a port",
        why="TCP has no usual one",
        source=facts.PORTS.source,
    ),
    Rule(
        option="path",
        reads=["protocol"],
        broken=lambda o: (
            _asks(o) and (not o["path"].startswith("/") or len(o["path"]) not in route53.PATH_LENGTH.value)
        ),
        allowed=f"a path that begins with '/', of at most {route53.PATH_LENGTH.value.high:g} characters",
        why="Route 53 asks for it",
        source=route53.PATH_LENGTH.source,
    ),
    Rule(
        option="search",
        broken=lambda o: o["search"] is not None and len(o["search"]) not in facts.SEARCH_LENGTH.value,
        allowed=f"{facts.SEARCH_LENGTH.value} characters",
        why=facts.SEARCH_LENGTH.says,
        source=facts.SEARCH_LENGTH.source,
    ),
    Rule(
        option="search",
        reads=["protocol"],
        broken=lambda o: o["search"] is not None and not _asks(o),
        allowed="left out, or another 'protocol'",
        why="by TCP nothing is asked for, and nothing is read",
        source=facts.SEARCH_LENGTH.source,
    ),
    *ASKED,
]

CALCULATED = [
    Rule(
        option="children",
        broken=lambda o: o["children"] not in facts.CHILDREN.value,
        allowed=f"{facts.CHILDREN.value}",
        why=facts.CHILDREN.says,
        source=facts.CHILDREN.source,
    ),
    Rule(
        option="healthy",
        reads=["children"],
        broken=lambda o: o["healthy"] is not None and not 1 <= o["healthy"] <= max(o["children"], 1),
        allowed=lambda o: f"1 to the number of children, {o['children']}",
        why=facts.CHILD_THRESHOLD.says,
        source=facts.CHILD_THRESHOLD.source,
    ),
    Rule(
        option="children",
        broken=lambda o: o["repeated"],
        allowed="each health check once",
        why="Route 53 counts health checks, and not how often they are named",
        source=facts.CHILDREN.source,
    ),
]

ALARM = [
    Rule(
        option="alarm.name",
        broken=lambda o: len(o["alarm.name"]) not in facts.ALARM_NAME_LENGTH.value,
        allowed=f"{facts.ALARM_NAME_LENGTH.value} characters",
        why=facts.ALARM_NAME_LENGTH.says,
        source=facts.ALARM_NAME_LENGTH.source,
    ),
    one_of(
        "insufficient_data",
        facts.INSUFFICIENT_DATA.value,
        why=facts.INSUFFICIENT_DATA.says,
        source=facts.INSUFFICIENT_DATA.source,
    ),
    Rule(
        option="period",
        broken=lambda o: (
            not o["period"].is_unresolved()
            and (o["period"].to_seconds(integral=False) or 1) % facts.STANDARD_PERIOD.value != 0
        ),
        allowed="whole minutes, 1 or more",
        why=facts.STANDARD_PERIOD.says,
        source=facts.STANDARD_PERIOD.source,
    ),
    Rule(
        option="periods",
        broken=lambda o: o["periods"] < 1,
        allowed="1 or more",
        why="an alarm looks at one period at least",
        source=facts.STANDARD_PERIOD.source,
    ),
]

ROUTING_CONTROL = [
    Rule(
        option="routing_control_arn",
        broken=lambda o: (
            not is_token(o["routing_control_arn"]) and not re.fullmatch(arc.CONTROL_ARN.value, o["routing_control_arn"])
        ),
        allowed="the ARN of a routing control",
        why=arc.CONTROL_ARN.says,
        source=arc.CONTROL_ARN.source,
    ),
]
