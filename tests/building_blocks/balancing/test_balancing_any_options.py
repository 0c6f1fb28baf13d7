"""Whatever somebody asks of a load balancer: a template that keeps the promises, or `InvalidOptions` that say why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.balancing.application_balancer import ApplicationBalancer, Route
from cdk_standby.balancing.application_targets import ApplicationTargets
from cdk_standby.balancing.gateway_balancer import GatewayBalancer
from cdk_standby.balancing.hybrid_targets import HybridTargets
from cdk_standby.balancing.network_balancer import NetworkBalancer, NetworkPort
from cdk_standby.balancing.network_targets import NetworkTargets

TOKEN = cdk.Token.as_number({"Ref": "Number"})
reasons = st.sampled_from([None, "a lab", ""])
times = st.sampled_from(
    [None, *map(cdk.Duration.seconds, (0, 5, 45, 90, 100_000)), cdk.Duration.millis(1500), cdk.Duration.minutes(TOKEN)]
)
numbers = st.sampled_from([0, 1, 2, 10, 80, 50_000, 70_000, -1, TOKEN])
names = st.sampled_from(["HTTP", "HTTPS", "TCP", "UDP", "TCP_UDP", "TLS", "", "http", cdk.Aws.STACK_NAME])
addresses = st.sampled_from(
    [
        None,
        HybridTargets(),
        HybridTargets(inside=["10.0.1.5", cdk.Aws.STACK_NAME]),
        HybridTargets(outside=["192.168.0.1", "10.0.0.9", "8.8.8.8", ""]),
        HybridTargets(outside=["172.16.0.1"], outside_zone="eu-west-1a"),
    ]
)
health = {
    "health_path": st.sampled_from(["/healthz", "", "healthz", "/" * 2000]),
    "health_port": numbers,
    "health_interval": times,
    "health_timeout": times,
    "healthy_after": numbers,
    "unhealthy_after": numbers,
    "deregistration_delay": times,
    "needed": numbers,
    "alarm_thresholds": st.sampled_from([None, {"UnhealthyHosts": 1.0}, {"Lag": 1.0}]),
    "alarms_off_because": st.sampled_from([None, {"UnhealthyHosts": "noise"}, {"UnhealthyHosts": ""}]),
}
thresholds = {
    "cross_zone": st.booleans(),
    "kind": st.sampled_from(["instance", "ip", "lambda", ""]),
    "port": numbers,
    "addresses": addresses,
    "dns_failover_count": numbers,
    "dns_failover_percent": numbers,
    "fail_open_count": numbers,
    "fail_open_percent": numbers,
}


def few(options: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Up to three of the options: of many one is always wrong, and nothing would be built."""
    chosen = st.sets(st.sampled_from(sorted(options)), max_size=3)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: options[name] for name in sorted(names)}))


requests = few(
    {
        **health,
        **thresholds,
        "protocol": names,
        "algorithm": st.sampled_from([None, "round_robin", "weighted_random", ""]),
        "slow_start": times,
        "stickiness": times,
    },
)
connections = few(
    {
        **health,
        **thresholds,
        "protocol": names,
        "health_protocol": names,
        "preserve_client_ip": st.sampled_from([None, True, False]),
        "proxy_protocol": st.booleans(),
        "sticky": st.booleans(),
        "unhealthy_draining": times,
    },
)
common = {
    "internet_facing": st.booleans(),
    "dual_stack": st.booleans(),
    "allow_from": st.sampled_from([None, [], ["10.0.0.0/8", "::/0"], ["all"], [cdk.Aws.STACK_NAME]]),
    "old_tls_because": reasons,
    "deletable_because": reasons,
}
balancers = few(
    {
        **common,
        "http_only_because": reasons,
        "tls_policy": st.sampled_from(["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-3-2021-06", "", "x"]),
        "keep_alive": times,
        "idle_timeout": times,
        "desync_mode": st.sampled_from(["defensive", "strictest", "monitor", ""]),
        "waf_fail_open_because": reasons,
        "health_check_logs": st.booleans(),
        "priorities": st.lists(numbers, max_size=2),
    },
)
network_balancers = few(
    {
        "cross_zone": st.booleans(),
        **common,
        "static_ips": st.booleans(),
        "elastic_ips": st.sampled_from([None, {}, {"eu-west-1a": "a", "eu-west-1b": "b"}]),
        "client_routing": st.sampled_from(["availability_zone_affinity", "", "nearest"]),
        "listens_on": numbers,
        "ends_tls": st.booleans(),
    },
)
gateways = few(
    {
        "cross_zone": st.booleans(),
        **health,
        "health_port": numbers,
        "health_protocol": names,
        "failover": st.sampled_from(["rebalance", "no_rebalance", ""]),
        "flow_stickiness": st.sampled_from([None, "source_ip_dest_ip", ""]),
        "allowed_principals": st.sampled_from([(), ("*",), ("arn:aws:iam::222222222222:root",)]),
        "deletable_because": reasons,
    },
)


def built(build: Callable[[], Any]) -> Any:
    """What was built, or None when it was refused with reasons."""
    try:
        return build()
    except InvalidOptions as refused:
        return None if refused.problems else build()


class Places:
    """Stacks of one app, which no validator reads: others do that, and it takes seconds."""

    def __init__(self, out: str) -> None:
        self.app, self.used = cdk.App(outdir=out, analytics_reporting=False), 0

    def next(self) -> cdk.Stack:
        self.used += 1
        env = cdk.Environment(account="111111111111", region="eu-west-1")
        return cdk.Stack(self.app, f"Any{self.used}", env=env)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(str(tmp_path))


def attributes(resource: Any) -> dict[str, Any]:
    listed = cdk.Stack.of(resource).resolve(resource.load_balancer_attributes)
    return {item["key"]: item["value"] for item in listed}


def test_any_targets_and_balancers_of_requests_are_built_or_refused(places, make_network, certificate):
    @settings(max_examples=8)
    @given(targets=requests, balancer=balancers)
    def attempt(targets: dict[str, Any], balancer: dict[str, Any]) -> None:
        scope = places.next()
        vpc, priorities = make_network(scope), balancer.pop("priorities", ())
        pool = built(lambda: ApplicationTargets(scope, "Targets", vpc=vpc, **targets))
        pool = pool or ApplicationTargets(scope, "Usual", vpc=vpc)
        tls = {} if "http_only_because" in balancer else {"certificate": certificate(scope)}
        routes = [Route(priority=one, targets=pool, paths=["/a"]) for one in priorities]
        made = built(
            lambda: ApplicationBalancer(scope, "It", vpc=vpc, targets=pool, routes=routes, **{**tls, **balancer})
        )
        if made is not None:
            chosen = attributes(made.load_balancer.node.default_child)
            assert chosen["deletion_protection.enabled"] == str(not balancer.get("deletable_because")).lower()
            assert chosen["access_logs.s3.enabled"] == "true"
            assert chosen["zonal_shift.config.enabled"] == "true"

    attempt()

    places.app.synth()


def test_any_targets_and_balancers_of_connections_are_built_or_refused(places, make_network, certificate):
    @settings(max_examples=8)
    @given(targets=connections, balancer=network_balancers)
    def attempt(targets: dict[str, Any], balancer: dict[str, Any]) -> None:
        scope = places.next()
        vpc, port = make_network(scope), balancer.pop("listens_on", 80)
        tls = certificate(scope) if balancer.pop("ends_tls", False) else None
        pool = built(lambda: NetworkTargets(scope, "Targets", vpc=vpc, **{"port": 80, **targets}))
        pool = pool or NetworkTargets(scope, "Usual", vpc=vpc, port=80)
        ports = [NetworkPort(port=port, targets=pool, certificate=tls)]
        made = built(lambda: NetworkBalancer(scope, "It", vpc=vpc, ports=ports, **{"cross_zone": True, **balancer}))
        if made is not None:
            chosen = attributes(made.load_balancer.node.default_child)
            assert chosen["load_balancing.cross_zone.enabled"] == str(balancer.get("cross_zone", True)).lower()
            assert chosen["deletion_protection.enabled"] == str(not balancer.get("deletable_because")).lower()

    attempt()

    places.app.synth()


def test_any_balancer_of_packets_is_built_or_refused(places, make_network):
    @settings(max_examples=5)
    @given(options=gateways)
    def attempt(options: dict[str, Any]) -> None:
        scope = places.next()
        private = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        made = built(
            lambda: GatewayBalancer(
                scope, "It", vpc=make_network(scope), subnets=private, **{"cross_zone": True, **options}
            )
        )
        if made is not None:
            assert (
                attributes(made.load_balancer)["load_balancing.cross_zone.enabled"]
                == str(options.get("cross_zone", True)).lower()
            )

    attempt()

    places.app.synth()
