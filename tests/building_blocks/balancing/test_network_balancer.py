"""A Network Load Balancer and what it leads to: what is in the template."""

from __future__ import annotations

import pytest

from cdk_standby.balancing._spread import enough, left
from cdk_standby.balancing.network_balancer import NetworkBalancer, NetworkPort
from cdk_standby.balancing.network_targets import NetworkTargets
from cdk_standby_review.facts import Range

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"


@pytest.mark.capability("CMP-22")
@pytest.mark.capability("CMP-24")
def test_each_zone_has_an_address_that_outlives_the_balancer(world, properties):
    mappings = properties(world.static.load_balancer)["SubnetMappings"]
    names = {zone: world.stack.get_logical_id(ip) for zone, ip in world.static.elastic_ips.items()}
    addresses = [world.template["Resources"][name] for name in names.values()]

    assert mappings == [
        {"AllocationId": {"Fn::GetAtt": [names["eu-west-1a"], "AllocationId"]}, "SubnetId": "subnet-0bbbbbbbbbbbbbbba"},
        {"AllocationId": {"Fn::GetAtt": [names["eu-west-1b"], "AllocationId"]}, "SubnetId": "subnet-0bbbbbbbbbbbbbbbb"},
    ]
    assert [one["DeletionPolicy"] for one in addresses] == ["Retain", "Retain"]
    assert sorted(names.values()) == ["StaticAddressaBBF95D21", "StaticAddressb1C67D21A"]


@pytest.mark.capability("CMP-24")
def test_an_internal_balancer_has_private_addresses(world, properties):
    rendered = properties(world.inside.load_balancer)

    assert rendered["Scheme"] == "internal"
    assert rendered["SubnetMappings"] == [
        {"SubnetId": "subnet-0aaaaaaaaaaaaaaaa"},
        {"SubnetId": "subnet-0aaaaaaaaaaaaaaab"},
    ]
    assert world.inside.elastic_ips == {}


@pytest.mark.capability("CMP-25")
@pytest.mark.capability("CMP-31")
def test_balancing_over_zones_is_what_was_chosen(world, attributes):
    key = "load_balancing.cross_zone.enabled"

    chosen = {name: attributes(getattr(world, name).load_balancer)[key] for name in ("static", "inside")}

    assert chosen == {"static": "false", "inside": "true"}
    assert attributes(world.tcp.target_group)[key] == "use_load_balancer_configuration"
    assert attributes(world.inner.target_group)[key] == "true"


@pytest.mark.capability("CMP-31")
def test_clients_of_a_zone_are_led_to_the_address_of_their_zone(world, attributes):
    chosen = attributes(world.static.load_balancer)

    assert chosen["dns_record.client_routing_policy"] == "availability_zone_affinity"
    assert chosen["zonal_shift.config.enabled"] == "true"
    assert chosen["deletion_protection.enabled"] == "true"


@pytest.mark.capability("CMP-24")
@pytest.mark.capability("CMP-27")
def test_tls_ends_at_the_balancer_and_datagrams_pass(world, resources):
    listeners = resources(world.template, LISTENER)

    spoken = {
        one["Port"]: (one["Protocol"], one.get("SslPolicy"))
        for name, one in listeners.items()
        if name.startswith("Static")
    }

    assert spoken == {443: ("TLS", "ELBSecurityPolicy-TLS13-1-2-2021-06"), 53: ("UDP", None)}


@pytest.mark.capability("CMP-26")
def test_datagrams_are_judged_by_a_port_that_answers_tcp(world, properties):
    rendered = properties(world.dns.target_group)

    assert (rendered["Protocol"], rendered["Port"]) == ("UDP", 5353)
    assert (rendered["HealthCheckProtocol"], rendered["HealthCheckPort"]) == ("TCP", "8053")
    assert world.dns.detection == Range(20, 35)


def test_connections_to_an_unhealthy_target_are_ended_unless_they_may_drain(world, attributes):
    key = "target_health_state.unhealthy."

    found = {
        name: {k.removeprefix(key): v for k, v in attributes(getattr(world, name).target_group).items() if key in k}
        for name in ("tcp", "dns", "inner")
    }

    assert found == {
        "tcp": {"connection_termination.enabled": "true"},
        "dns": {},
        "inner": {"connection_termination.enabled": "false", "draining_interval_seconds": "300"},
    }
    assert attributes(world.tcp.target_group)["deregistration_delay.connection_termination.enabled"] == "true"
    assert attributes(world.inner.target_group)["stickiness.type"] == "source_ip"


@pytest.mark.capability("CMP-24")
def test_a_security_group_lets_in_what_is_listened_for(world, properties):
    open_to = {
        name: {
            (rule["CidrIp"], rule["IpProtocol"], rule["FromPort"])
            for rule in properties(getattr(world, name).security_group)["SecurityGroupIngress"]
        }
        for name in ("static", "inside")
    }

    assert open_to == {
        "static": {("0.0.0.0/0", "tcp", 443), ("0.0.0.0/0", "udp", 53)},
        "inside": {("10.1.0.0/16", "tcp", 5432)},
    }


def test_targets_let_the_balancer_in_for_service_and_health(world, resources):
    rules = resources(world.template, "AWS::EC2::SecurityGroupIngress")

    ports = {(one["IpProtocol"], one["FromPort"]) for name, one in rules.items() if name.startswith("ServersDoor")}

    assert ports == {("tcp", 8443), ("udp", 5353), ("tcp", 8053)}


@pytest.mark.capability("CMP-30")
def test_an_address_outside_the_vpc_gets_connections_of_every_zone(world, properties):
    assert properties(world.inner.target_group)["Targets"] == [
        {"AvailabilityZone": "all", "Id": "100.64.0.7", "Port": 5432}
    ]


@pytest.mark.capability("CMP-29")
def test_tls_requests_are_logged_and_nothing_else_can_be(world, attributes):
    assert attributes(world.static.load_balancer)["access_logs.s3.enabled"] == "true"
    assert attributes(world.static.load_balancer)["access_logs.s3.prefix"] == "static/access"
    assert world.inside.access_logs is None


@pytest.mark.capability("CMP-29")
def test_alarms_ring_for_each_zone(world, properties):
    zones = {name: properties(alarm) for name, alarm in world.tcp.alarms.items() if name.startswith("HealthyHosts")}

    assert list(world.static.alarms) == ["PortAllocationErrors", "BlockedFlows"]
    assert [one["Dimensions"][0]["Value"] for one in zones.values()] == ["eu-west-1a", "eu-west-1b"]
    assert zones["HealthyHosts-a"]["AlarmDescription"] == (
        "No healthy target in eu-west-1a. Clients of that zone's address fail until DNS drops it; look at AWS Health, "
        "and shift the zone away if it stays (arc-zonal-shift start-zonal-shift)."
    )


def test_targets_of_which_none_is_needed_do_not_ring(world, properties):
    alarm = properties(world.inner.alarms["HealthyHosts"])

    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (0, "notBreaching")


@pytest.mark.capability("CMP-25")
@pytest.mark.capability("CMP-31")
@pytest.mark.parametrize(
    ("running", "zones", "with_balancing", "apart"),
    [(6, 3, 4, 4), (5, 3, 3, 2), (4, 3, 2, 2), (2, 3, 1, 0), (4, 2, 2, 2), (3, 2, 1, 1)],
)
def test_without_balancing_over_zones_the_emptiest_zone_is_the_limit(running, zones, with_balancing, apart):
    assert left(running, zones, cross_zone=True) == with_balancing
    assert left(running, zones, cross_zone=False) == apart


@pytest.mark.capability("CMP-25")
@pytest.mark.parametrize("needed", range(1, 13))
@pytest.mark.parametrize("zones", [2, 3, 4])
@pytest.mark.parametrize("cross_zone", [True, False])
def test_enough_is_enough_and_no_less_would_be(needed, zones, cross_zone):
    size = enough(needed, zones, cross_zone=cross_zone)

    assert left(size, zones, cross_zone=cross_zone) >= needed
    assert left(size - 1, zones, cross_zone=cross_zone) < needed


@pytest.mark.capability("CMP-24")
def test_a_balancer_of_requests_is_given_static_addresses_by_one_before_it(world, properties, resources):
    rendered = properties(world.before.target_group)
    inner = world.stack.get_logical_id(world.lab.load_balancer.node.default_child)
    rules = resources(world.template, "AWS::EC2::SecurityGroupIngress")

    assert (rendered["TargetType"], rendered["Protocol"], rendered["Port"]) == ("alb", "TCP", 80)
    assert (rendered["HealthCheckProtocol"], rendered["HealthCheckPath"]) == ("HTTP", "/healthz")
    assert rendered["Targets"] == [{"Id": {"Ref": inner}, "Port": 80}]
    assert [one["FromPort"] for name, one in rules.items() if name.startswith("LabLoadBalancer")] == [80]
    assert list(world.before.alarms) == ["HealthyHosts", "UnhealthyHosts", "FailOpen"]


@pytest.mark.capability("CMP-24")
def test_addresses_that_are_there_already_are_used(world, properties):
    assert properties(world.outer.load_balancer)["SubnetMappings"] == [
        {"AllocationId": "eipalloc-0123456789abcdef0", "SubnetId": "subnet-0bbbbbbbbbbbbbbba"},
        {"AllocationId": "eipalloc-0123456789abcdef1", "SubnetId": "subnet-0bbbbbbbbbbbbbbbb"},
    ]
    assert world.outer.elastic_ips == {}


def test_targets_that_speak_tls_are_not_asked_about_stickiness(scope, make_network):
    targets = NetworkTargets(scope, "Ended", vpc=make_network(scope, name="Tls"), port=443, protocol="TLS")

    rendered = scope.resolve(targets.target_group.node.default_child.target_group_attributes)

    assert [one["key"] for one in rendered if one["key"].startswith("stickiness")] == []


@pytest.mark.capability("CMP-24")
def test_more_zones_than_addresses_are_built_with_a_warning(scope, make_network, warned):
    vpc = make_network(scope, "abcdef", "Wide")
    targets = NetworkTargets(scope, "WideTargets", vpc=vpc, port=80)

    balancer = NetworkBalancer(
        scope, "WideBalancer", vpc=vpc, cross_zone=True, ports=[NetworkPort(port=80, targets=targets)]
    )

    assert warned(balancer) == [
        "6 zones, and an account has 5 Elastic IP addresses in a Region unless AWS raised that, those of NAT gateways "
        "included [ack: cdk-standby:elastic-ip-quota]"
    ]


@pytest.mark.capability("CMP-24")
def test_aws_may_choose_the_addresses(scope, make_network):
    vpc = make_network(scope, name="Chosen")
    targets = NetworkTargets(scope, "ChosenTargets", vpc=vpc, port=80)
    ports = [NetworkPort(port=80, targets=targets)]

    balancer = NetworkBalancer(scope, "Chosen-", vpc=vpc, cross_zone=True, ports=ports, static_ips=False)

    assert balancer.elastic_ips == {}
