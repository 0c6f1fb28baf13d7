"""What the options of a Network Load Balancer and of its targets must be."""

from __future__ import annotations

from cdk_standby_review.facts import elb
from cdk_standby_review.facts import elb_network as facts

from .._checks import Options, Rule, one_of, within
from ._health_rules import CHECKS, NEEDED, PATH, THRESHOLDS, whole_seconds
from ._pool import KINDS

DATAGRAMS = ("UDP", "TCP_UDP")


def _outside(o: Options) -> bool:
    return o["addresses"] is not None and bool(o["addresses"].outside)


def _keeps_the_client(o: Options) -> bool:
    return o["preserve_client_ip"] is True or o["protocol"] in DATAGRAMS


TARGETS = [
    one_of("kind", KINDS, why="targets are registered by instance or by address"),
    one_of("protocol", facts.PROTOCOLS.value, why=facts.PROTOCOLS.says, source=facts.PROTOCOLS.source),
    one_of(
        "health_protocol",
        facts.HEALTH_PROTOCOLS.value,
        why=facts.HEALTH_PROTOCOLS.says,
        source=facts.HEALTH_PROTOCOLS.source,
    ),
    Rule(
        option="health_port",
        reads=["protocol"],
        broken=lambda o: o["protocol"] == "UDP" and o["health_port"] is None,
        allowed="a port where the target answers TCP or HTTP",
        why=facts.UDP_HEALTH.says,
        source=facts.UDP_HEALTH.source,
    ),
    Rule(
        option="health_path",
        reads=["health_protocol"],
        broken=lambda o: (o["health_path"] is None) != (o["health_protocol"] == "TCP"),
        allowed="a path with 'health_protocol' HTTP or HTTPS, none with TCP",
        why="a path is what HTTP asks for",
        source=facts.HEALTH_PROTOCOLS.source,
    ),
    Rule(
        option="addresses.outside_zone",
        broken=lambda o: _outside(o) and o["addresses"].outside_zone != "all" and o["cross_zone"] is not False,
        allowed="'all', or 'cross_zone' off beside the zone",
        why="an address gets what comes in at one zone only where zones are kept apart",
        source=elb.OWN_ADDRESSES.source,
    ),
    Rule(
        option="preserve_client_ip",
        reads=["protocol"],
        broken=lambda o: o["preserve_client_ip"] is False and o["protocol"] in DATAGRAMS,
        allowed="True, or left out",
        why=facts.CLIENT_ADDRESS.says,
        source=facts.CLIENT_ADDRESS.source,
    ),
    Rule(
        option="addresses.outside",
        reads=["protocol", "preserve_client_ip"],
        broken=lambda o: _outside(o) and _keeps_the_client(o),
        allowed="addresses of the VPC, or TCP without 'preserve_client_ip'",
        why=facts.CLIENT_ADDRESS_INSIDE.says,
        source=facts.CLIENT_ADDRESS_INSIDE.source,
    ),
    Rule(
        option="unhealthy_draining",
        reads=["protocol"],
        broken=lambda o: o["unhealthy_draining"] is not None and o["protocol"] in DATAGRAMS,
        allowed="nothing with UDP",
        why=facts.UDP_TERMINATION.says,
        source=facts.UDP_TERMINATION.source,
    ),
    NEEDED,
    within("port", elb.PORT),
    within("health_port", elb.PORT),
    *PATH,
    *CHECKS,
    *THRESHOLDS,
    whole_seconds("deregistration_delay", elb.DEREGISTRATION_DELAY),
    whole_seconds("unhealthy_draining", facts.UNHEALTHY_DRAINING),
]


BEFORE_ANOTHER = [*PATH, *CHECKS]
"""The rules of a load balancer before another one."""


def _foreign_zones(o: Options) -> set[str]:
    return set(o["elastic_ips"] or ()) ^ set(o["zones"]) if o["elastic_ips"] is not None else set()


BALANCER = [
    Rule(
        option="env",
        broken=lambda o: o["env"] is None,
        allowed="a stack with an explicit account and Region, Stack(..., env=Environment(account=..., region=...))",
        why="otherwise nobody knows the zones, nor who delivers the load balancer's logs",
        source=elb.LOG_ACCOUNTS.source,
    ),
    Rule(
        option="elastic_ips",
        reads=["internet_facing"],
        broken=lambda o: o["elastic_ips"] is not None and not o["internet_facing"],
        allowed="nothing without 'internet_facing'",
        why="an internal load balancer has private addresses",
        source=elb.SUBNETS.source,
    ),
    Rule(
        option="elastic_ips",
        reads=["static_ips"],
        broken=lambda o: o["elastic_ips"] is not None and not o["static_ips"],
        allowed="'static_ips' beside it, or neither",
        why="these are the static addresses",
    ),
    Rule(
        option="elastic_ips",
        reads=["zones"],
        broken=lambda o: bool(_foreign_zones(o)),
        allowed=lambda o: f"an allocation for each of {', '.join(o['zones'])} and no other",
        why="each zone answers on an address of its own",
        source=elb.SUBNETS.source,
    ),
    one_of(
        "client_routing",
        facts.CLIENT_ROUTING.value,
        why=facts.CLIENT_ROUTING.says,
        source=facts.CLIENT_ROUTING.source,
    ),
    Rule(
        option="dual_stack",
        broken=lambda o: o["dual_stack"] and any(port.spoken in DATAGRAMS for port in o["ports"]),
        allowed="False with UDP",
        why=facts.DUAL_STACK_UDP.says,
        source=facts.DUAL_STACK_UDP.source,
    ),
]
