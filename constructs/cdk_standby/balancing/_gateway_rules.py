"""What the options of a Gateway Load Balancer must be."""

from __future__ import annotations

from cdk_standby_review.facts import elb
from cdk_standby_review.facts import elb_network as facts

from .._checks import Rule, one_of, within
from ._health_rules import CHECKS, NEEDED, PATH, whole_seconds

RULES = [
    one_of("failover", facts.FLOW_FAILOVER.value, why=facts.FLOW_FAILOVER.says, source=facts.FLOW_FAILOVER.source),
    one_of(
        "flow_stickiness",
        facts.FLOW_STICKINESS.value,
        why=facts.FLOW_STICKINESS.says,
        source=facts.FLOW_STICKINESS.source,
    ),
    one_of(
        "health_protocol",
        facts.HEALTH_PROTOCOLS.value,
        why=facts.HEALTH_PROTOCOLS.says,
        source=facts.HEALTH_PROTOCOLS.source,
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
        option="allowed_principals",
        broken=lambda o: "*" in o["allowed_principals"],
        allowed="ARNs of accounts, roles or users",
        why="whoever may connect reads what passes through",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["block"] is None,
        allowed="a VPC that says what its block is, 'vpc_cidr_block' of an imported one",
        why="appliances let its addresses in, from which the load balancer calls",
        source=facts.GENEVE.source,
    ),
    NEEDED,
    within("health_port", elb.PORT),
    *PATH,
    *CHECKS,
    whole_seconds("deregistration_delay", elb.DEREGISTRATION_DELAY),
]
