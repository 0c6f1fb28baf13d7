"""An Application Load Balancer and what it leads to: what is in the template."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from cdk_standby.balancing.application_targets import ApplicationTargets
from cdk_standby_review.facts import Range

LISTENER, RULE = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"


def alarms_of(world, scope):
    """By the end of its id: metric or expression, and threshold."""
    return {
        name: world.template["Resources"][world.stack.get_logical_id(alarm.node.default_child)]["Properties"]
        for name, alarm in scope.alarms.items()
    }


@pytest.mark.capability("CMP-22")
@pytest.mark.capability("CMP-23")
def test_the_balancer_stands_in_a_subnet_of_each_zone_and_is_protected(world, properties, attributes):
    rendered, chosen = properties(world.entrance.load_balancer), attributes(world.entrance.load_balancer)

    assert rendered["Subnets"] == ["subnet-0bbbbbbbbbbbbbbba", "subnet-0bbbbbbbbbbbbbbbb"]
    assert rendered["Scheme"] == "internet-facing"
    assert world.entrance.availability_zones == ("eu-west-1a", "eu-west-1b")
    assert chosen["deletion_protection.enabled"] == "true"
    assert chosen["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert chosen["routing.http.desync_mitigation_mode"] == "defensive"
    assert chosen["client_keep_alive.seconds"] == "120"
    assert chosen["zonal_shift.config.enabled"] == "true"


@pytest.mark.capability("CMP-22")
def test_no_classic_load_balancer_is_rendered(world):
    types = {resource["Type"] for resource in world.template["Resources"].values()}

    assert "AWS::ElasticLoadBalancing::LoadBalancer" not in types


@pytest.mark.capability("CMP-23")
@pytest.mark.capability("CMP-27")
def test_https_is_spoken_and_http_redirected(world, resources):
    listeners = {
        (one["Port"], one["Protocol"]): one
        for name, one in resources(world.template, LISTENER).items()
        if name.startswith("Entrance")
    }

    https, http = listeners[443, "HTTPS"], listeners[80, "HTTP"]

    assert len(listeners) == 2
    assert https["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert "eu-west-1" in https["Certificates"][0]["CertificateArn"]
    assert http["DefaultActions"] == [
        {"RedirectConfig": {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}, "Type": "redirect"}
    ]


@pytest.mark.capability("CMP-27")
def test_users_sign_in_before_they_are_let_on(world, resources):
    [https] = [one for one in resources(world.template, LISTENER).values() if one.get("Protocol") == "HTTPS"]
    rules = {rule["Priority"]: rule for rule in resources(world.template, RULE).values()}

    kinds = {
        "default": [action["Type"] for action in https["DefaultActions"]],
        **{priority: [action["Type"] for action in rule["Actions"]] for priority, rule in rules.items()},
    }

    assert kinds == {
        "default": ["authenticate-oidc", "forward"],
        10: ["authenticate-oidc", "forward"],
        20: ["forward"],
    }


@pytest.mark.capability("CMP-23")
def test_requests_are_routed_by_path_and_host(world, resources):
    rules = {rule["Priority"]: rule["Conditions"] for rule in resources(world.template, RULE).values()}

    assert rules == {
        10: [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old/*"]}}],
        20: [{"Field": "host-header", "HostHeaderConfig": {"Values": ["api.example.com"]}}],
    }


@pytest.mark.capability("CMP-22")
@pytest.mark.capability("CMP-28")
def test_a_group_joins_and_replaces_what_the_balancer_finds_unhealthy(world, properties, resources):
    groups = resources(world.template, "AWS::AutoScaling::AutoScalingGroup")
    [fleet] = [one for name, one in groups.items() if name.startswith("Fleet")]

    assert fleet["TargetGroupARNs"] == [{"Ref": world.stack.get_logical_id(world.web.target_group.node.default_child)}]
    assert (fleet["HealthCheckType"], fleet["HealthCheckGracePeriod"]) == ("ELB", 180)


def test_the_balancer_reaches_the_service_and_its_health_and_nothing_else(world, resources):
    rules = resources(world.template, "AWS::EC2::SecurityGroupIngress")

    ports = sorted(one["FromPort"] for name, one in rules.items() if name.startswith("FleetDoor"))

    assert ports == [8080, 9090]


@pytest.mark.capability("CMP-26")
def test_targets_are_asked_often_and_thresholds_are_written(world, properties, attributes):
    rendered, chosen = properties(world.old.target_group), attributes(world.old.target_group)
    prefix = "target_group_health."

    assert (rendered["HealthCheckPath"], rendered["Matcher"]) == ("/healthz", {"HttpCode": "200-299"})
    assert (rendered["HealthCheckIntervalSeconds"], rendered["HealthCheckTimeoutSeconds"]) == (10, 5)
    assert (rendered["HealthyThresholdCount"], rendered["UnhealthyThresholdCount"]) == (2, 3)
    assert {key.removeprefix(prefix): value for key, value in chosen.items() if key.startswith(prefix)} == {
        "dns_failover.minimum_healthy_targets.count": "2",
        "dns_failover.minimum_healthy_targets.percentage": "50",
        "unhealthy_state_routing.minimum_healthy_targets.count": "1",
        "unhealthy_state_routing.minimum_healthy_targets.percentage": "25",
    }


@pytest.mark.capability("CMP-26")
def test_the_time_until_a_dead_target_is_left_is_computed(world):
    assert world.web.detection == Range(20, 35)


@pytest.mark.capability("CMP-25")
def test_zones_share_requests_unless_targets_keep_them_apart(world, attributes):
    key = "load_balancing.cross_zone.enabled"

    assert attributes(world.web.target_group)[key] == "use_load_balancer_configuration"
    assert attributes(world.apart.target_group)[key] == "false"


def test_a_target_that_fails_quietly_gets_less_unless_new_ones_start_slowly(world, attributes):
    keys = [f"load_balancing.algorithm.{what}" for what in ("type", "anomaly_mitigation")] + [
        "slow_start.duration_seconds"
    ]

    found = {
        name: [attributes(getattr(world, name).target_group).get(key) for key in keys]
        for name in ("web", "old", "apart")
    }

    assert found == {
        "web": ["weighted_random", "on", None],
        "old": ["round_robin", None, "60"],
        "apart": ["least_outstanding_requests", None, None],
    }


@pytest.mark.capability("CMP-30")
def test_addresses_outside_the_vpc_get_requests_of_all_zones_or_of_the_named_one(world, properties):
    old, apart = properties(world.old.target_group), properties(world.apart.target_group)

    assert (old["TargetType"], old["Targets"]) == (
        "ip",
        [{"Id": "10.0.1.5", "Port": 80}, {"AvailabilityZone": "all", "Id": "192.168.7.9", "Port": 80}],
    )
    assert apart["Targets"] == [{"AvailabilityZone": "eu-west-1a", "Id": "172.16.0.4", "Port": 8080}]


@pytest.mark.capability("CMP-30")
def test_the_balancer_is_let_out_to_its_addresses(world, properties):
    [door] = world.entrance.connections.security_groups

    out = properties(door)["SecurityGroupEgress"]

    assert {("10.0.1.5/32", 80), ("192.168.7.9/32", 80)} <= {(rule["CidrIp"], rule.get("FromPort")) for rule in out}


@pytest.mark.capability("CMP-22")
def test_a_function_is_a_target_that_the_balancer_may_invoke(world, properties, resources):
    rendered = properties(world.function.target_group)
    [permission] = resources(world.template, "AWS::Lambda::Permission").values()

    assert (rendered["TargetType"], rendered["HealthCheckEnabled"]) == ("lambda", True)
    assert (rendered["HealthCheckIntervalSeconds"], rendered["HealthCheckTimeoutSeconds"]) == (35, 30)
    assert permission["Principal"] == "elasticloadbalancing.amazonaws.com"


@pytest.mark.capability("CMP-29")
def test_requests_connections_and_health_checks_are_logged_to_a_bucket_that_lets_the_service_in(
    world, attributes, resources
):
    chosen = attributes(world.entrance.load_balancer)
    bucket = {"Ref": world.stack.get_logical_id(world.entrance.access_logs.bucket.node.default_child)}
    [policy] = [one for one in resources(world.template, "AWS::S3::BucketPolicy").values() if one["Bucket"] == bucket]
    writable = [
        statement["Resource"]["Fn::Join"][1][1]
        for statement in policy["PolicyDocument"]["Statement"]
        if "AWS" in statement["Principal"] and statement["Action"] == "s3:PutObject"
    ]

    for kind, prefix in (("access", "access"), ("connection", "connections"), ("health_check", "health-checks")):
        assert chosen[f"{kind}_logs.s3.enabled"] == "true"
        assert chosen[f"{kind}_logs.s3.bucket"] == bucket
        assert chosen[f"{kind}_logs.s3.prefix"] == f"entrance/{prefix}"
        assert f"/entrance/{prefix}/AWSLogs/111111111111/*" in writable


def test_the_bucket_lets_the_service_in_before_health_checks_are_logged(world):
    name = world.stack.get_logical_id(world.entrance.load_balancer.node.default_child)

    assert world.template["Resources"][name]["DependsOn"] == ["LogsBucketPolicyE3811129"]


def test_a_web_acl_is_attached_and_stays_closed_when_waf_is_away(world, attributes, resources):
    [association] = resources(world.template, "AWS::WAFv2::WebACLAssociation").values()

    assert association["WebACLArn"].endswith("regional/webacl/shop/12345678-1234-1234-1234-123456789012")
    assert "waf.fail_open.enabled" not in attributes(world.entrance.load_balancer)


def test_aws_may_shift_a_zone_away_by_itself_and_stops_when_it_hurts(world, resources):
    [shift] = resources(world.template, "AWS::ARCZonalShift::ZonalAutoshiftConfiguration").values()
    guard = world.stack.get_logical_id(world.entrance.alarms["BalancerErrors"].node.default_child)

    assert shift["ZonalAutoshiftStatus"] == "ENABLED"
    assert shift["PracticeRunConfiguration"]["OutcomeAlarms"] == [
        {"AlarmIdentifier": {"Fn::GetAtt": [guard, "Arn"]}, "Type": "CLOUDWATCH"}
    ]


@pytest.mark.capability("CMP-29")
def test_alarms_ring_for_each_zone_and_for_what_callers_feel(world):
    own, targets = alarms_of(world, world.entrance), alarms_of(world, world.web)

    assert {name: (one["MetricName"], one["Threshold"]) for name, one in own.items()} == {
        "BalancerErrors": ("HTTPCode_ELB_5XX_Count", 10),
        "RejectedConnections": ("RejectedConnectionCount", 0),
    }
    assert list(targets) == [
        "HealthyHosts-a",
        "HealthyHosts-b",
        "UnhealthyHosts",
        "FailOpen",
        "TargetErrors",
        "ResponseTime",
    ]
    assert {"Name": "AvailabilityZone", "Value": "eu-west-1b"} in targets["HealthyHosts-b"]["Dimensions"]
    assert targets["HealthyHosts-b"]["TreatMissingData"] == "breaching"
    assert all(len(one["AlarmActions"]) == 1 for one in [*own.values(), *targets.values()])


def test_addresses_and_functions_ring_without_zones(world):
    assert list(world.old.alarms)[:2] == ["HealthyHosts", "UnhealthyHosts"]
    assert list(world.function.alarms) == ["FunctionErrors"]


@pytest.mark.capability("CMP-22")
def test_what_was_weakened_stands_in_the_template(world, attributes, properties):
    chosen = attributes(world.lab.load_balancer)

    assert chosen["deletion_protection.enabled"] == "false"
    assert chosen["routing.http.desync_mitigation_mode"] == "strictest"
    assert "health_check_logs.s3.enabled" not in chosen
    assert properties(world.lab.load_balancer)["Scheme"] == "internal"
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Lab"] == {
        "http_only": "a lab",
        "deletable": "a lab",
        "BalancerErrors": "a lab",
    }


def test_an_internal_balancer_lets_its_vpc_in(world, properties):
    [door] = world.lab.connections.security_groups

    callers = {(rule["CidrIp"], rule["FromPort"]) for rule in properties(door)["SecurityGroupIngress"]}

    assert callers == {("10.0.0.0/16", 80)}


def test_stickiness_is_built_with_a_warning(scope, make_network, warned):
    vpc = make_network(scope, name="Sticky")

    targets = ApplicationTargets(scope, "Cookies", vpc=vpc, stickiness=cdk.Duration.hours(1))

    assert warned(targets) == [
        "clients stay with one target: their sessions are lost with it and with its zone, and new targets stay idle; "
        "keep sessions in a cache instead [ack: cdk-standby:sticky-targets]"
    ]
