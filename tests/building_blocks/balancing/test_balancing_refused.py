"""What load balancers and targets refuse, word for word."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.balancing.application_balancer import ApplicationBalancer, Route
from cdk_standby.balancing.application_targets import ApplicationTargets
from cdk_standby.balancing.function_targets import FunctionTargets
from cdk_standby.balancing.gateway_balancer import GatewayBalancer
from cdk_standby.balancing.gateway_endpoints import GatewayEndpoints
from cdk_standby.balancing.hybrid_targets import HybridTargets
from cdk_standby.balancing.network_balancer import NetworkBalancer, NetworkPort
from cdk_standby.balancing.network_targets import NetworkTargets

WEB_ACL = "arn:aws:wafv2:{}:111111111111:{}/webacl/shop/1"
ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/"
API = f"{ELB}APIReference/"
GROUP = f"{API}API_CreateTargetGroup.html"
NEEDS_ZONES = (
    "an Application Load Balancer needs subnets in at least two zones, and a service in one zone stops with it "
    f"({ELB}application/application-load-balancers.html#availability-zones)"
)
OWN = f"targets have addresses of the VPC, of RFC 1918 or of RFC 6598; public ones are never reached ({GROUP})"
APART = (
    "an Application Load Balancer always balances over zones, but a target group may turn that off; then it takes no "
    f"stickiness, no functions, and every address names its zone ({ELB}application/disable-cross-zone.html)"
)
FIRST = "traffic has to leave by DNS before, or when, the balancer starts to use unhealthy targets"
HEALTH = f"{ELB}application/load-balancer-target-groups.html#target-group-health"
CHECKS_SPEAK = f"health checks speak these, never UDP or TLS ({GROUP})"
ANYBODY = "allowed: CIDR blocks such as 0.0.0.0/0 or 203.0.113.0/24, because"
ALLOWED_BLOCKS = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
ACROSS = (
    "without it the address in a zone leads to targets of that zone only, so each zone needs some and carries its own "
    f"share ({ELB}network/target-group-cross-zone.html)"
)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "lambda"}, "'kind' is 'lambda'; allowed: 'instance', 'ip', because targets are registered by "
         "instance "
         "or by address; for a function take FunctionTargets"),
        ({"protocol": "TCP"}, "'protocol' is 'TCP'; allowed: 'HTTP', 'HTTPS', because an Application Load Balancer "
         "asks "
         "by these"),
        ({"algorithm": "random"}, "'algorithm' is 'random'; allowed: 'least_outstanding_requests', 'round_robin', "
         "'weighted_random', because these are the ways to choose a target; anomaly mitigation goes with "
         f"weighted_random only ({API}API_TargetGroupAttribute.html)"),
        ({"algorithm": "weighted_random", "slow_start": cdk.Duration.minutes(1)}, "'slow_start' is 1 minute; allowed: "
         "'algorithm' round_robin, or left out, because only round_robin gives a new target a growing share "
         f"({ELB}application/edit-target-group-attributes.html)"),
        ({"slow_start": cdk.Duration.seconds(10)}, "'slow_start' is 10 seconds; allowed: 30 to 900 seconds, known at "
         "synth, because a slow start lasts 30 to 900 seconds "
         f"({ELB}application/edit-target-group-attributes.html)"),
        ({"cross_zone": False, "stickiness": cdk.Duration.hours(1)}, "'stickiness' is 1 hour; allowed: nothing where "
         f"'cross_zone' is off, because {APART}"),
        ({"health_path": "healthz"}, "'health_path' is 'healthz'; allowed: a path that begins with '/', because the "
         f"load balancer asks for it by HTTP ({ELB}application/target-group-health-checks.html)"),
        ({"needed": -1}, "'needed' is -1; allowed: 0 (nothing runs: a pilot light) or more, because it is the number "
         "of "
         "targets that carries the load when a zone is lost"),
        ({"deregistration_delay": cdk.Duration.millis(1500)}, "'deregistration_delay' is 1 second 500 millis; allowed: "
         "0 to 3600 seconds, known at synth, because a leaving target finishes its requests for up to an hour "
         f"({ELB}application/edit-target-group-attributes.html)"),
    ],
)  # fmt: skip
def test_targets_of_requests_are_checked(options, says, refused):
    assert refused(ApplicationTargets, **options) == [f"Test/It: {says}"]


@pytest.mark.capability("CMP-26")
@pytest.mark.parametrize("cls", [ApplicationTargets, NetworkTargets])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"health_interval": cdk.Duration.seconds(301)}, "'health_interval' is 5 minutes 1 second; allowed: 5 to 300 "
         f"seconds, known at synth, because a target is asked every 5 to 300 seconds ({GROUP})"),
        ({"health_timeout": cdk.Duration.seconds(1)}, "'health_timeout' is 1 second; allowed: 2 to 120 seconds, known "
         f"at synth, because a health check waits 2 to 120 seconds for an answer ({GROUP})"),
        ({"health_interval": cdk.Duration.seconds(5), "health_timeout": cdk.Duration.seconds(5)}, "'health_timeout' is "
         "5 seconds; allowed: less than 'health_interval', because one health check ends before the next begins "
         f"({GROUP})"),
        ({"healthy_after": 1}, "'healthy_after' is 1; allowed: 2 to 10, because 2 to 10 checks in a row make a target "
         f"healthy or unhealthy ({GROUP})"),
        ({"unhealthy_after": 11}, "'unhealthy_after' is 11; allowed: 2 to 10, because 2 to 10 checks in a row make a "
         f"target healthy or unhealthy ({GROUP})"),
        ({"fail_open_percent": 40, "dns_failover_percent": 30}, "'fail_open_percent' is 40; allowed: at most "
         f"'dns_failover_percent', because {FIRST} ({HEALTH})"),
        ({"fail_open_count": 2}, f"'fail_open_count' is 2; allowed: at most 'dns_failover_count', because {FIRST} "
         f"({HEALTH})"),
        ({"dns_failover_percent": 101}, "'dns_failover_percent' is 101; allowed: 1 to 100, because target group health "
         f"is a percentage of healthy targets ({HEALTH})"),
    ],
)  # fmt: skip
def test_health_is_asked_within_what_aws_allows(cls, options, says, refused):
    needed = {"port": 80} if cls is NetworkTargets else {}

    assert refused(cls, **needed, **options) == [f"Test/It: {says}"]


@pytest.mark.capability("CMP-26")
def test_a_zone_without_a_healthy_target_leaves_dns(refused):
    one = (
        "allowed: 1 or more, because a zone without a healthy target has to leave DNS "
        f"({API}API_TargetGroupAttribute.html)"
    )

    assert refused(ApplicationTargets, dns_failover_count=0, fail_open_count=0) == [
        f"Test/It: 'dns_failover_count' is 0; {one}",
        f"Test/It: 'fail_open_count' is 0; {one}",
    ]


@pytest.mark.capability("CMP-30")
@pytest.mark.parametrize("cls", [ApplicationTargets, NetworkTargets])
@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        (HybridTargets(), f"'addresses' is empty; allowed: one address or more, because something has to answer "
        f"({GROUP})"),
        (HybridTargets(outside=["203.0.113.5"]), "'addresses.outside' is '203.0.113.5'; allowed: an address of "
         "10.0.0.0/8, "
         f"172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, because {OWN}"),
        (HybridTargets(inside=["10.0.1"]), "'addresses.inside' is '10.0.1'; allowed: an IPv4 address such as "
         "'10.0.1.5', "
         f"because IP targets are these ({GROUP})"),
        (HybridTargets(outside=["10.0.1.5"]), "'addresses.outside' is '10.0.1.5'; allowed: 'addresses.inside', "
         "because it "
         f"belongs to the VPC (10.0.0.0/16), where AWS finds its zone by itself ({GROUP})"),
        (HybridTargets(inside=["10.0.1.5", "10.0.1.5"]), "'addresses' is ['10.0.1.5']; allowed: each address once, "
         "because "
         f"a target that is counted twice is one ({GROUP})"),
    ],
)  # fmt: skip
def test_addresses_are_those_that_can_be_reached(cls, addresses, says, refused):
    needed = {"port": 80} if cls is NetworkTargets else {}

    assert refused(cls, addresses=addresses, **needed) == [f"Test/It: {says}"]


@pytest.mark.capability("CMP-30")
def test_an_address_outside_names_its_zone_where_zones_are_apart_and_only_there(refused):
    anywhere, somewhere = (HybridTargets(outside=["192.168.0.4"], outside_zone=zone) for zone in ("all", "eu-west-1a"))

    assert refused(ApplicationTargets, addresses=anywhere, cross_zone=False) == [
        f"Test/It: 'addresses.outside_zone' is 'all'; allowed: a zone of the VPC, such as 'eu-west-1a', because {APART}"
    ]
    assert refused(ApplicationTargets, addresses=somewhere) == [
        f"Test/It: 'addresses.outside_zone' is 'eu-west-1a'; allowed: 'all', because {APART}"
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"protocol": "UDP"}, "'health_port' is not given; allowed: a port where the target answers TCP or HTTP, "
         "because "
         "UDP has no health check: a port that answers TCP stands for it "
         f"({ELB}network/target-group-health-checks.html)"),
        ({"health_protocol": "HTTP"}, "'health_path' is not given; allowed: a path with 'health_protocol' HTTP or "
         "HTTPS, "
         f"none with TCP, because a path is what HTTP asks for ({GROUP})"),
        ({"health_protocol": "UDP", "health_path": "/"}, f"'health_protocol' is 'UDP'; allowed: 'HTTP', 'HTTPS', "
         f"'TCP', "
         f"because {CHECKS_SPEAK}"),
        ({"protocol": "TCP_UDP", "preserve_client_ip": False}, "'preserve_client_ip' is False; allowed: True, or left "
         f"out, because UDP and TCP_UDP always keep the client's address ({API}API_TargetGroupAttribute.html)"),
        ({"preserve_client_ip": True, "addresses": HybridTargets(outside=["192.168.0.4"])}, "'addresses.outside' is "
         "['192.168.0.4']; allowed: addresses of the VPC, or TCP without 'preserve_client_ip', because the client's "
         "address is "
         "kept on the way to targets of the VPC only: answers have to come back through it "
         f"({ELB}network/edit-target-group-attributes.html#client-ip-preservation)"),
        ({"protocol": "TCP_UDP", "unhealthy_draining": cdk.Duration.minutes(1)}, "'unhealthy_draining' is 1 minute; "
         "allowed: nothing with UDP, because what ends for an unhealthy target is a connection, and UDP has none "
         f"({API}API_TargetGroupAttribute.html)"),
        ({"port": 0}, "'port' is 0; allowed: 1 to 65535, because a target listens on a TCP port "
         f"({ELB}application/load-balancer-target-groups.html)"),
    ],
)  # fmt: skip
def test_targets_of_connections_are_checked(options, says, refused):
    assert refused(NetworkTargets, **{"port": 80, **options}) == [f"Test/It: {says}"]


@pytest.fixture
def pools(scope, make_network):
    """Targets of both kinds, anew for each test."""
    number = len(scope.node.children)
    vpc = scope.node.try_find_child("Vpc") or make_network(scope)
    return (
        ApplicationTargets(scope, f"Web{number}", vpc=vpc),
        NetworkTargets(scope, f"Tcp{number}", vpc=vpc, port=80),
    )


@pytest.mark.capability("CMP-23")
@pytest.mark.capability("CMP-27")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"http_only_because": None}, "'certificate' is not given; allowed: either a certificate of this Region, or "
         "'http_only_because' with the reason, because what is sent to a service is nobody else's business "
         f"({ELB}application/create-https-listener.html)"),
        ({"tls_policy": "ELBSecurityPolicy-2016-08"}, "'tls_policy' is 'ELBSecurityPolicy-2016-08'; allowed: a "
         "policy of "
         "TLS 1.2 or newer, or 'old_tls_because' with the reason, because these policies speak TLS 1.0 or 1.1 too "
         f"({ELB}application/describe-ssl-policies.html)"),
        ({"tls_policy": "TLS"}, "'tls_policy' is 'TLS'; allowed: a policy of AWS such as "
         "'ELBSecurityPolicy-TLS13-1-2-2021-06', because these policies speak TLS 1.2 or 1.3 and nothing older "
         f"({ELB}application/describe-ssl-policies.html)"),
        ({"sign_in": lambda then: then}, "'sign_in' is 'a function'; allowed: a certificate beside it, because users "
         "are "
         f"authenticated over HTTPS only ({ELB}application/listener-authenticate-users.html)"),
        ({"waf_fail_open_because": "reads only"}, "'waf_fail_open_because' is 'reads only'; allowed: 'web_acl_arn' "
         "beside "
         "it, because without a web ACL nothing is asked that could fail"),
        ({"desync_mode": "monitor"}, "'desync_mode' is 'monitor'; allowed: 'defensive', 'strictest', because requests "
         "that two servers may understand differently are turned away; 'monitor' would let them pass "
         f"({API}API_LoadBalancerAttribute.html)"),
        ({"keep_alive": cdk.Duration.hours(1)}, "'keep_alive' is 1 hour; allowed: 60 to 180 seconds, known at synth, "
         "because AWS allows 60 seconds to 7 days (3600 if left out), but a client that keeps its connection keeps its "
         "Region and zone too, however soon DNS moves "
         f"({ELB}application/edit-load-balancer-attributes.html#client-keep-alive-duration)"),
        ({"web_acl_arn": WEB_ACL.format("us-east-1", "regional")}, "'web_acl_arn' is 'arn:aws:wafv2:us-east-1:"
         "111111111111:regional/webacl/shop/1'; allowed: the ARN of a regional web ACL of eu-west-1, because a load "
         "balancer is guarded by a web ACL of its own Region; those of CloudFront are for CloudFront "
         "(https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html)"),
        ({"allow_from": ["everybody"]}, f"'allow_from' is 'everybody'; {ANYBODY} security groups open by block "
         f"({ALLOWED_BLOCKS})"),
    ],
)  # fmt: skip
def test_a_balancer_of_requests_is_checked(options, says, refused, pools):
    given = {"targets": pools[0], "http_only_because": "a lab", **options}

    assert refused(ApplicationBalancer, **given) == [f"Test/It: {says}"]


@pytest.mark.capability("CMP-23")
@pytest.mark.parametrize(
    ("zones", "got", "allowed", "why"),
    [
        ("a", "['eu-west-1a']", "subnets in 2 zones or more, better 3", NEEDS_ZONES),
        ("abb", "more than one subnet of eu-west-1b", "one subnet of each zone",
         f"a load balancer takes one subnet of each zone ({API}API_CreateLoadBalancer.html)"),
    ],
)  # fmt: skip
def test_a_balancer_stands_in_two_zones_with_one_subnet_of_each(zones, got, allowed, why, refused, pools, scope):
    attributes = [
        ec2.SubnetAttributes(subnet_id=f"subnet-{n}", availability_zone=f"eu-west-1{zone}", route_table_id=f"rtb-{n}")
        for n, zone in enumerate(zones)
    ]
    number = len(scope.node.children)
    subnets = [
        ec2.Subnet.from_subnet_attributes(scope, f"Subnet{number}-{n}", **one._values)
        for n, one in enumerate(attributes)
    ]

    said = refused(
        ApplicationBalancer,
        targets=pools[0],
        http_only_because="a lab",
        subnets=ec2.SubnetSelection(subnets=subnets),
    )

    assert said == [f"Test/It: 'vpc' is {got}; allowed: {allowed}, because {why}"]


@pytest.mark.capability("CMP-27")
def test_a_certificate_is_of_the_balancers_region(refused, pools, scope, certificate):
    why = (
        "because a load balancer uses certificates of its own Region "
        f"({ELB}application/https-listener-certificates.html)"
    )
    there = certificate(scope, "us-east-1")

    assert refused(ApplicationBalancer, targets=pools[0], certificate=there) == [
        f"Test/It: 'certificate' is a certificate of us-east-1; allowed: one of eu-west-1, where the load balancer "
        f"is, {why}"
    ]
    assert refused(
        NetworkBalancer, cross_zone=True, ports=[NetworkPort(port=443, targets=pools[1], certificate=there)]
    ) == [
        "Test/It: 'certificate of 443' is a certificate of us-east-1; allowed: one of eu-west-1, where the load "
        "balancer "
        f"is, {why}"
    ]


@pytest.mark.capability("CMP-23")
def test_routes_have_priorities_of_their_own_and_something_to_compare(refused, pools):
    web = pools[0]
    routes = [
        Route(priority=1, targets=web, paths=["/a"]),
        Route(priority=1, targets=web, paths=["b"]),
        Route(priority=50001, targets=web, hosts=list("abcdef")),
        Route(priority=3, targets=web),
    ]
    order = (
        "because rules are tried in the order of their numbers, which are unique in a listener "
        f"({API}API_CreateRule.html)"
    )
    values = f"because a rule compares a request with 1 to 5 values ({ELB}application/load-balancer-limits.html)"

    assert refused(ApplicationBalancer, targets=web, http_only_because="a lab", routes=routes) == [
        f"Test/It: 'routes.priority' is 1 of 2 routes; allowed: another number for each, {order}",
        f"Test/It: 'routes.priority' is 50001; allowed: 1 to 50000, {order}",
        "Test/It: 'routes.paths' is 'b'; allowed: a path such as '/api/*', because the path of a request begins with "
        "'/' "
        f"({ELB}application/rule-condition-types.html#path-conditions)",
        "Test/It: 'routes' is 6 values of the route 50001; allowed: 1 to 5 'hosts' and 'paths', or 'conditions', "
        f"{values}",
        f"Test/It: 'routes' is 0 values of the route 3; allowed: 1 to 5 'hosts' and 'paths', or 'conditions', {values}",
    ]


def test_targets_belong_to_one_balancer(refused, pools, scope):
    web = pools[0]
    web.meet(ec2.Connections(), ("eu-west-1a", "eu-west-1b"), crosses=True)

    assert refused(ApplicationBalancer, targets=web, http_only_because="a lab") == [
        f"Test/It: 'targets of {web.node.id}' is {web.node.path}, which another load balancer leads to; allowed: "
        f"targets "
        f"of their own, because a target group belongs to one load balancer "
        f"({ELB}application/load-balancer-limits.html)"
    ]


@pytest.mark.capability("CMP-29")
def test_logs_stay_in_the_region(refused, pools, scope, make_stack):
    logs = AccessLogs(
        make_stack(app=scope.node.root, name=f"There{len(scope.node.children)}", region="us-east-1"), "Logs"
    )

    assert refused(ApplicationBalancer, targets=pools[0], http_only_because="a lab", access_logs=logs) == [
        f"Test/It: 'access_logs' is {logs.node.path} of us-east-1; allowed: a bucket of eu-west-1, because a load "
        f"balancer "
        f"writes its logs to a bucket of its own Region ({API}API_LoadBalancerAttribute.html)"
    ]


@pytest.mark.capability("CMP-27")
def test_old_tls_and_an_open_waf_cost_a_reason_and_tls_1_3_alone_is_warned_about(scope, pools, certificate, warned):
    vpc, tls, number = scope.node.find_child("Vpc"), certificate(scope), len(scope.node.children)
    old = ApplicationBalancer(
        scope,
        f"Old{number}",
        vpc=vpc,
        targets=pools[0],
        certificate=tls,
        tls_policy="ELBSecurityPolicy-2016-08",
        old_tls_because="tills of 2012",
        web_acl_arn=WEB_ACL.format("eu-west-1", "regional"),
        waf_fail_open_because="a shop that is shut is worse",
    )
    web = ApplicationTargets(scope, f"New{number}Targets", vpc=vpc)
    policy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    new = ApplicationBalancer(scope, f"New{number}", vpc=vpc, targets=web, certificate=tls, tls_policy=policy)

    rendered = scope.resolve(old.load_balancer.node.default_child.load_balancer_attributes)
    assert old.listener.node.default_child.ssl_policy == "ELBSecurityPolicy-2016-08"
    assert {"key": "waf.fail_open.enabled", "value": "true"} in rendered
    assert warned(new) == [
        "Route 53's health checkers do not speak TLS 1.3: a record that asks here by HTTPS never becomes healthy "
        "[ack: cdk-standby:only-tls-1-3]"
    ]


def test_an_internal_balancer_must_know_whom_it_lets_in(refused, pools, scope, make_network):
    vpc = make_network(scope, name="Unknown", vpc_cidr_block=None)

    assert refused(
        ApplicationBalancer, vpc=vpc, targets=pools[0], internet_facing=False, http_only_because="a lab"
    ) == [
        f"Test/It: 'allow_from' is not given; {ANYBODY} the imported VPC does not say what its own block is "
        f"({ALLOWED_BLOCKS})"
    ]


@pytest.mark.capability("CMP-24")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"elastic_ips": {"eu-west-1a": "eipalloc-1"}}, "'elastic_ips' is {'eu-west-1a': 'eipalloc-1'}; allowed: an "
         "allocation for each of eu-west-1a, eu-west-1b and no other, because each zone answers on an address of its "
         "own "
         f"({API}API_CreateLoadBalancer.html)"),
        ({"elastic_ips": {"eu-west-1a": "a", "eu-west-1b": "b"}, "internet_facing": False}, "'elastic_ips' is "
         "{'eu-west-1a': 'a', 'eu-west-1b': 'b'}; allowed: nothing without 'internet_facing', because an internal load "
         f"balancer has private addresses ({API}API_CreateLoadBalancer.html)"),
        ({"client_routing": "nearest"}, "'client_routing' is 'nearest'; allowed: 'any_availability_zone', "
         "'availability_zone_affinity', 'partial_availability_zone_affinity', because clients inside the VPC are "
         "answered with addresses of their own zone always, in 85 of 100 cases, or never "
         f"({ELB}network/edit-load-balancer-attributes.html#zonal-dns-affinity)"),
    ],
)  # fmt: skip
def test_a_balancer_of_connections_is_checked(options, says, refused, pools):
    ports = [NetworkPort(port=443, targets=pools[1])]

    said = refused(NetworkBalancer, cross_zone=True, ports=ports, **options)

    assert said == [f"Test/It: {says}"]


def test_balancing_over_zones_has_to_be_chosen(scope, make_network, pools):
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'cross_zone'"):
        NetworkBalancer(scope, "Undecided", vpc=scope.node.find_child("Vpc"), ports=[])  # type: ignore[call-arg]


def test_ports_are_taken_once_and_speak_what_their_targets_do(refused, scope, pools, certificate):
    vpc, tls, number = scope.node.find_child("Vpc"), certificate(scope), len(scope.node.children)
    datagrams = NetworkTargets(scope, f"Udp{number}", vpc=vpc, port=53, protocol="UDP", health_port=80)
    ended = NetworkTargets(scope, f"Tls{number}", vpc=vpc, port=443, protocol="TLS", sticky=True)
    ports = [
        NetworkPort(port=53, targets=datagrams, certificate=tls),
        NetworkPort(port=53, targets=pools[1]),
        NetworkPort(port=0, targets=ended),
        NetworkPort(port=443, targets=ended, certificate=tls),
    ]
    passes = (
        "because a listener passes on what it takes, and only TLS may end at the balancer "
        f"({ELB}network/load-balancer-listeners.html)"
    )

    assert refused(NetworkBalancer, cross_zone=True, ports=ports) == [
        f"Test/It: 'ports.port' is 53 of 2 listeners; allowed: each port once, with 'TCP_UDP' for both, {passes}",
        "Test/It: 'ports.port' is 0; allowed: 1 to 65535, because a target listens on a TCP port "
        f"({ELB}application/load-balancer-target-groups.html)",
        "Test/It: 'ports.certificate' is given on 53, whose targets take UDP; allowed: targets with TCP or TLS, "
        f"{passes}",
        "Test/It: 'ports.certificate' is none on 0, whose targets speak TLS to the load balancer; allowed: a "
        "certificate, "
        f"or targets with TCP that end TLS themselves, {passes}",
        "Test/It: 'ports.certificate' is given on 443, whose targets are sticky; allowed: targets without 'sticky', "
        "because a listener that ends TLS keeps no client on its target "
        f"({ELB}network/edit-target-group-attributes.html#sticky-sessions)",
    ]


@pytest.mark.capability("CMP-25")
@pytest.mark.parametrize(
    ("needed", "size", "crosses", "got", "allowed", "why"),
    [
        (None, 1, False, "of 1", "a minimum of 2 or more, one for each zone", ACROSS),
        (3, 4, True, "of 4", "a minimum of 6 or more", "3 have to be left when one of 2 zones is lost"),
        (2, 3, False, "of 3", "a minimum of 4 or more", "2 have to be left when one of 2 zones is lost"),
    ],
)  # fmt: skip
def test_a_group_is_large_enough_for_the_loss_of_a_zone(
    needed, size, crosses, got, allowed, why, refused, scope, make_network, make_group
):
    number, vpc = len(scope.node.children), scope.node.try_find_child("Vpc") or make_network(scope)
    pool = NetworkTargets(scope, f"Pool{number}", vpc=vpc, port=80, needed=needed)
    pool.meet(ec2.Connections(), ("eu-west-1a", "eu-west-1b"), crosses=crosses)
    fleet = make_group(scope, vpc, f"Fleet{number}", size)

    with pytest.raises(InvalidOptions) as caught:
        pool.attach(fleet)

    source = "" if why is ACROSS else f" ({ELB}network/target-group-cross-zone.html)"
    assert str(caught.value) == (
        f"Test/Pool{number}: 'group' is Test/Fleet{number} {got}; allowed: {allowed}, because {why}{source}"
    )


@pytest.mark.capability("CMP-25")
def test_a_group_that_joined_before_is_held_against_the_zones_of_the_balancer(scope, make_network, make_group):
    number = len(scope.node.children)
    vpc = make_network(scope, "abc", f"Vpc{number}")
    pool = NetworkTargets(scope, f"Pool{number}", vpc=vpc, port=80)
    two_zones = ec2.SubnetSelection(
        availability_zones=["eu-west-1a", "eu-west-1b"], subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS
    )
    pool.attach(make_group(scope, vpc, f"Fleet{number}", 2, vpc_subnets=two_zones))
    ports = [NetworkPort(port=80, targets=pool)]

    with pytest.raises(InvalidOptions) as caught:
        NetworkBalancer(scope, f"Balancer{number}", vpc=vpc, cross_zone=False, ports=ports)

    assert str(caught.value) == (
        f"Test/Pool{number}: 'group' is Test/Fleet{number}, with no instance in eu-west-1c; allowed: groups in every "
        f"zone "
        f"of the load balancer, because {ACROSS}"
    )


@pytest.mark.capability("CMP-31")
@pytest.mark.parametrize(
    ("sizes", "needed", "crosses", "says"),
    [
        ({"a": 2, "b": 2}, 2, False, []),
        ({"a": 1, "b": 1}, None, False, []),
        ({"a": 1}, None, True, []),
        ({"a": 2}, None, False, ["with no instance in eu-west-1b; allowed: groups in every zone of the load balancer, "
                                 f"because {ACROSS}"]),
        ({"a": 1, "b": 3}, 2, False, ["allowed: a minimum of 2 or more in each zone, because 2 have to be left when "
                                      "one of "
                                      f"2 zones is lost ({ELB}network/target-group-cross-zone.html)"]),
        ({"a": 1, "b": 3}, 2, True, ["allowed: a minimum of 2 or more in each zone, because 2 have to be left when "
                                     "one of "
                                     f"2 zones is lost ({ELB}network/target-group-cross-zone.html)"]),
    ],
)  # fmt: skip
def test_groups_of_one_zone_each_are_judged_together(sizes, needed, crosses, says, scope, make_network, make_group):
    number, vpc = len(scope.node.children), scope.node.try_find_child("Vpc") or make_network(scope)
    pool = NetworkTargets(scope, f"Pool{number}", vpc=vpc, port=80, needed=needed)
    pool.meet(ec2.Connections(), ("eu-west-1a", "eu-west-1b"), crosses=crosses)
    for zone, size in sizes.items():
        here = ec2.SubnetSelection(
            availability_zones=[f"eu-west-1{zone}"], subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS
        )
        pool.attach(make_group(scope, vpc, f"Fleet{number}{zone}", size, vpc_subnets=here))

    said = pool.node.validate()

    groups = ", ".join(f"Test/Fleet{number}{zone}" for zone in sizes)
    separators = [", " if line.startswith("with") else "; " for line in says]
    assert said == [
        f"Test/Pool{number}: 'group' is {groups}{between}{line}" for between, line in zip(separators, says, strict=True)
    ]


def test_a_group_does_not_join_addresses_nor_without_a_door(scope, make_network, make_group):
    number, vpc = len(scope.node.children), scope.node.try_find_child("Vpc") or make_network(scope)
    pool = ApplicationTargets(scope, f"Pool{number}", vpc=vpc, kind="ip")
    template = ec2.LaunchTemplate.from_launch_template_attributes(
        scope, f"Imported{number}", launch_template_id="lt-0123456789abcdef0", version_number="1"
    )
    fleet = cdk.aws_autoscaling.AutoScalingGroup(scope, f"Fleet{number}", vpc=vpc, launch_template=template)

    with pytest.raises(InvalidOptions) as caught:
        pool.attach(fleet)

    assert str(caught.value).split("\n") == [
        f"Test/Pool{number}: 'group' is Test/Fleet{number}; allowed: targets with kind='instance', because what a "
        f"group "
        "starts is registered by instance, and these targets go by address",
        f"Test/Pool{number}: 'group' is Test/Fleet{number}, of an imported launch template; allowed: a group of a "
        f"launch "
        "template of the CDK, with its security group, because the load balancer has to be let in by a security group, "
        "and nobody knows which the instances have",
    ]


def test_a_function_that_is_not_asked_has_no_interval(refused, scope):
    arn = "arn:aws:lambda:eu-west-1:111111111111:function:shop"
    function = lambda_.Function.from_function_arn(scope, "Fn", arn)

    assert refused(FunctionTargets, function=function, health_interval=cdk.Duration.minutes(1)) == [
        "Test/It: 'health_path' is not given; allowed: a path beside 'health_interval', because each health check of a "
        f"function is an invocation that is paid for ({ELB}application/lambda-functions.html)"
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"failover": "drop"}, "'failover' is 'drop'; allowed: 'rebalance', 'no_rebalance', because flows of a failed "
         "appliance go on to another one, or are dropped until they end "
         f"({ELB}gateway/edit-target-group-attributes.html#target-failover)"),
        ({"flow_stickiness": "source_ip"}, "'flow_stickiness' is 'source_ip'; allowed: 'source_ip_dest_ip', "
         "'source_ip_dest_ip_proto', because flows are told apart by 5 parts of their packets, or by 2 or 3 of them "
         f"({API}API_TargetGroupAttribute.html)"),
        ({"allowed_principals": ["*"]}, "'allowed_principals' is ['*']; allowed: ARNs of accounts, roles or users, "
         "because whoever may connect reads what passes through "
         "(https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html)"),
    ],
)  # fmt: skip
def test_a_balancer_of_packets_is_checked(options, says, refused):
    assert refused(GatewayBalancer, cross_zone=True, **options) == [f"Test/It: {says}"]


@pytest.mark.parametrize("cls", [NetworkBalancer, GatewayBalancer])
def test_a_network_without_such_subnets_is_told_so(cls, refused, scope):
    vpc = ec2.Vpc.from_vpc_attributes(
        scope, f"Bare{len(scope.node.children)}", vpc_id="vpc-1", availability_zones=["eu-west-1a", "eu-west-1b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"], vpc_cidr_block="10.0.0.0/16",
    )  # fmt: skip
    kind, ports = (
        ("public subnets", {"ports": ()}) if cls is NetworkBalancer else ("private subnets with a way out", {})
    )

    assert refused(cls, vpc=vpc, cross_zone=True, **ports) == [
        f"Test/It: 'vpc' is a VPC without subnets of that kind; allowed: {kind} in 2 zones or more, or 'subnets' that "
        "exist, because AWS would take one zone, and what stands in one zone stops with it "
        f"({ELB}network/availability-zones.html)"
    ]


def test_a_subnet_whose_zone_nobody_knows_will_not_do(refused, pools, scope):
    number = len(scope.node.children)
    subnets = [ec2.Subnet.from_subnet_id(scope, f"Subnet{number}-{n}", f"subnet-{n}") for n in range(2)]
    selection = ec2.SubnetSelection(subnets=subnets)

    assert refused(ApplicationBalancer, targets=pools[0], http_only_because="a lab", subnets=selection) == [
        "Test/It: 'vpc' is a subnet whose zone nobody knows; allowed: subnets that were imported with their zones, "
        "'availability_zone' of Subnet.from_subnet_attributes, because a load balancer takes one subnet of each zone "
        f"({API}API_CreateLoadBalancer.html)"
    ]


@pytest.mark.capability("CMP-31")
def test_packets_do_not_depend_on_another_zone(scope, make_network):
    number = len(scope.node.children)
    vpc = make_network(scope, "abc", f"Vpc{number}")
    two = ec2.SubnetSelection(
        availability_zones=["eu-west-1a", "eu-west-1b"], subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS
    )
    endpoints = GatewayEndpoints(scope, f"Endpoints{number}", vpc=vpc, service_name="vpce-svc-1", subnets=two)

    tableless = ec2.Subnet.from_subnet_attributes(
        scope, f"Tableless{number}", subnet_id="subnet-1", availability_zone="eu-west-1a"
    )

    with pytest.raises(InvalidOptions) as caught:
        endpoints.route([*vpc.public_subnets, tableless])

    why = (
        "because a Gateway Load Balancer endpoint stands in one subnet, and routes lead to it by its id "
        "(https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html)"
    )
    assert str(caught.value).split("\n") == [
        f"Test/Endpoints{number}: 'subnets' is Test/Vpc{number}/PublicSubnet3 in eu-west-1c; allowed: subnets in "
        f"eu-west-1a, eu-west-1b, {why}",
        f"Test/Endpoints{number}: 'subnets' is Test/Tableless{number}, imported without its route table; allowed: "
        f"subnets "
        f"with route tables, 'route_table_id' of Subnet.from_subnet_attributes, {why}",
    ]


def test_numbers_and_kinds_are_known_at_synth(refused):
    number, name = cdk.Token.as_number({"Ref": "Number"}), cdk.Token.as_string({"Ref": "Name"})
    why = "allowed: a value known at synth, because ids, attributes and the arithmetic of zones are made of it"

    assert refused(ApplicationTargets, needed=number, protocol=name, dns_failover_count=number) == [
        f"Test/It: 'protocol' is a token; {why}",
        f"Test/It: 'needed' is a token; {why}",
        f"Test/It: 'dns_failover_count' is a token; {why}",
    ]


def test_a_stack_that_does_not_know_its_region_is_told_so(make_stack):
    stack = make_stack(region=None)
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", vpc_cidr_block="10.0.0.0/16", availability_zones=["a", "b"],
        public_subnet_ids=["subnet-1", "subnet-2"],
    )  # fmt: skip
    web = ApplicationTargets(stack, "Web", vpc=vpc)

    with pytest.raises(InvalidOptions) as caught:
        ApplicationBalancer(stack, "It", vpc=vpc, targets=web, http_only_because="a lab")

    assert str(caught.value) == (
        "Test/It: 'env' is not given; allowed: a stack with an explicit account and Region, Stack(..., "
        "env=Environment(account=..., region=...)), because otherwise nobody knows who delivers the load balancer's "
        "logs "
        f"({ELB}application/enable-access-logging.html)"
    )
