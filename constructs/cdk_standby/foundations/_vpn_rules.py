"""What the options of a Site-to-Site VPN must be."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import vpn as facts

from .._checks import Options, Problem, Rule
from .._tokens import is_token
from ..relational._rules import of_the_region

_NAME = r"[A-Za-z][A-Za-z0-9-]{0,31}"
_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"


def _rule(option: str, broken: Any, allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _count(options: Options) -> bool:
    return (len(options["devices"]) == 1) != (options["one_device_because"] is not None) or not options["devices"]


def _not_public(options: Options) -> bool:
    return not all(_is_public(device.ip_address) for device in options["devices"])


def _is_public(text: str) -> bool:
    try:
        return is_token(text) or ipaddress.IPv4Address(text).is_global
    except ValueError:
        return False


def _bad_names(options: Options) -> bool:
    return any(re.fullmatch(_NAME, device.name) is None for device in options["devices"])


def _same(field: str) -> Any:
    def twice(options: Options) -> bool:
        values = [getattr(device, field) for device in options["devices"]]
        return len(set(values)) < len(values)

    return twice


def _bad_asn(options: Options) -> bool:
    return any(device.asn not in facts.ASN.value for device in options["devices"] if not is_token(device.asn))


def _bad_amazon(options: Options) -> bool:
    theirs, taken = options["amazon_asn"], {device.asn for device in options["devices"]}
    return theirs in taken or not any(theirs in private for private in facts.AMAZON_ASN.value)


def _bad_routes(options: Options) -> bool:
    routes = options["static_routes"]
    if routes is None:
        return False
    known = [route for route in routes if not is_token(route)]
    return len(routes) not in facts.STATIC_ROUTES.value or len(set(known)) < len(known) or not all(map(_is_cidr, known))


def _is_cidr(text: str) -> bool:
    try:
        return "/" in text and bool(ipaddress.IPv4Network(text))
    except ValueError:
        return False


RULES = [
    of_the_region("vpc", "a virtual private gateway belongs to the Region of its VPC", facts.TUNNELS.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
    _rule("devices", _count, "two or more, or one with 'one_device_because'", facts.DEVICES, "one_device_because"),
    _rule("devices", _not_public, "devices with public IPv4 addresses, such as 198.51.101.7", facts.DEVICES),
    _rule("devices", _same("ip_address"), "devices with addresses of their own", facts.DEVICES),
    Rule(
        option="devices",
        broken=lambda o: _bad_names(o) or _same("name")(o),
        allowed="names of their own: up to 32 letters, digits and hyphens, a letter first",
        why="the name stands in construct ids, so that a device can go and another stays",
    ),
    _rule("devices", _bad_asn, f"ASNs of {facts.ASN.value.low:g} to 4294967295", facts.ASN),
    _rule(
        "amazon_asn",
        _bad_amazon,
        "64512 to 65534 or 4200000000 to 4294967294, and none of a device",
        facts.AMAZON_ASN,
    ),
    _rule(
        "static_routes",
        _bad_routes,
        "1 to 100 IPv4 networks such as '10.20.0.0/16', each once, or nothing with BGP",
        facts.STATIC_ROUTES,
    ),
]


def route_tables(where: Construct, vpc: ec2.IVpc) -> tuple[list[str], list[Problem]]:
    """The tables that learn the routes, and a problem when a VPC was imported without them."""
    inner = [*vpc.private_subnets, *vpc.isolated_subnets]
    try:
        return list(dict.fromkeys(subnet.route_table.route_table_id for subnet in inner)), []
    except RuntimeError:
        unknown = Problem(
            where=where.node.path,
            option="vpc",
            got=f"'{vpc.node.path}', whose route tables are not known",
            allowed="a VPC that was imported with the route tables of its subnets",
            why="they have to learn the routes to the other side",
            source="https://docs.aws.amazon.com/vpn/latest/s2svpn/SetUpVPNConnections.html",
        )
        return [], [unknown]
