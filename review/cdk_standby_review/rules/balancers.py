"""Rules about load balancers, apart from their zones."""

from __future__ import annotations

from collections.abc import Iterable

from ..findings import Found, rule
from ..graph import Graph

_CLASSIC = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/migrate-classic-load-balancer.html"


def classic(graph: Graph) -> Iterable[Found]:
    """A Classic Load Balancer."""
    for balancer in graph.of_type("AWS::ElasticLoadBalancing::LoadBalancer"):
        fix = "an AWS::ElasticLoadBalancingV2::LoadBalancer: application for HTTP, network for TCP, UDP and TLS"
        yield balancer, "it is a Classic Load Balancer, of the previous generation", fix


RULES = (
    rule(
        "classic-load-balancer",
        classic,
        "it can neither be shifted out of a zone nor protected from deletion, and knows no target health thresholds",
        _CLASSIC,
    ),
)
