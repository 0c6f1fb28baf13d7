"""A Gateway Load Balancer and its endpoints: what is in the template."""

from __future__ import annotations

import pytest


@pytest.mark.capability("CMP-22")
def test_packets_reach_appliances_inside_geneve(world, properties):
    rendered = properties(world.firewall.target_group)

    assert properties(world.firewall.load_balancer)["Type"] == "gateway"
    assert (rendered["Protocol"], rendered["Port"]) == ("GENEVE", 6081)
    assert (rendered["HealthCheckProtocol"], rendered["HealthCheckPort"]) == ("TCP", "80")


@pytest.mark.capability("CMP-25")
def test_balancing_over_zones_is_what_was_chosen(world, attributes):
    key = "load_balancing.cross_zone.enabled"

    assert attributes(world.firewall.load_balancer) == {"deletion_protection.enabled": "true", key: "true"}
    assert attributes(world.strict.load_balancer) == {"deletion_protection.enabled": "false", key: "false"}


@pytest.mark.capability("CMP-26")
def test_flows_of_a_failed_appliance_go_on_or_their_senders_are_told(world, attributes):
    assert attributes(world.firewall.target_group) == {
        "target_failover.on_deregistration": "rebalance",
        "target_failover.on_unhealthy": "rebalance",
        "deregistration_delay.timeout_seconds": "30",
        "stickiness.enabled": "false",
    }
    assert attributes(world.strict.target_group) == {
        "target_failover.on_deregistration": "no_rebalance",
        "target_failover.on_unhealthy": "no_rebalance",
        "deregistration_delay.timeout_seconds": "30",
        "stickiness.enabled": "false",
        "send_tcp_reset.on_deregistration.enabled": "true",
        "send_tcp_reset.on_unhealthy.enabled": "true",
    }


def test_a_fleet_of_appliances_joins_and_lets_the_balancer_in(world, resources, properties):
    groups = resources(world.template, "AWS::AutoScaling::AutoScalingGroup")
    [fleet] = [one for name, one in groups.items() if name.startswith("Appliances")]
    doors = resources(world.template, "AWS::EC2::SecurityGroup")
    [door] = [one for name, one in doors.items() if name.startswith("AppliancesDoor")]

    assert fleet["TargetGroupARNs"] == [{"Ref": world.stack.get_logical_id(world.firewall.target_group)}]
    assert fleet["HealthCheckType"] == "ELB"
    assert [(rule["CidrIp"], rule["IpProtocol"], rule["FromPort"]) for rule in door["SecurityGroupIngress"]] == [
        ("10.0.0.0/16", "udp", 6081),
        ("10.0.0.0/16", "tcp", 80),
    ]


@pytest.mark.capability("CMP-22")
def test_an_endpoint_service_offers_it_to_named_accounts(world, properties, resources):
    [allowed] = resources(world.template, "AWS::EC2::VPCEndpointServicePermissions").values()

    service = properties(world.firewall.service)

    assert service == {
        "AcceptanceRequired": False,
        "GatewayLoadBalancerArns": [{"Ref": world.stack.get_logical_id(world.firewall.load_balancer)}],
    }
    assert allowed["AllowedPrincipals"] == ["arn:aws:iam::222222222222:root"]


@pytest.mark.capability("CMP-31")
def test_each_zone_has_an_endpoint_and_routes_through_its_own(world, properties, resources):
    service = world.stack.get_logical_id(world.firewall.service)
    names = {zone: world.stack.get_logical_id(one) for zone, one in world.endpoints.endpoints.items()}
    routes = resources(world.template, "AWS::EC2::Route").values()

    subnets = {zone: properties(one)["SubnetIds"] for zone, one in world.endpoints.endpoints.items()}

    assert subnets == {
        "eu-west-1a": ["subnet-0aaaaaaaaaaaaaaaa"],
        "eu-west-1b": ["subnet-0aaaaaaaaaaaaaaab"],
    }
    assert {route["RouteTableId"]: route["VpcEndpointId"]["Ref"] for route in routes} == {
        "rtb-0bbbbbbbbbbbbbbba": names["eu-west-1a"],
        "rtb-0bbbbbbbbbbbbbbbb": names["eu-west-1b"],
    }
    assert properties(world.endpoints.endpoints["eu-west-1a"])["ServiceName"] == {
        "Fn::Join": [".", ["com.amazonaws.vpce.eu-west-1", {"Ref": service}]]
    }


def test_alarms_ring_for_each_zone(world):
    assert list(world.firewall.alarms) == ["HealthyHosts-a", "HealthyHosts-b", "UnhealthyHosts"]
