"""Instances behind a load balancer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ssm as ssm
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby._service_alarms import zone_alarm_name
from cdk_standby._service_values import (
    InstanceRefresh,
    LifecycleHook,
    PredictiveScaling,
    ScheduledSize,
    Spot,
    WarmPool,
)
from cdk_standby.access_logs import AccessLogs
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.capacity import left_after_zone_loss
from cdk_standby.service import Service
from cdk_standby_review.facts import Range

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
READY = LifecycleHook(name="ready", at="launching", heartbeat=cdk.Duration.minutes(10), otherwise="ABANDON")
DRAIN = LifecycleHook(name="drain", at="terminating", heartbeat=cdk.Duration.minutes(2), otherwise="CONTINUE")
WEB_ACL = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/shop/12345678-1234-1234-1234-123456789012"


def vpc_of(stack: cdk.Stack, zones: tuple[str, ...] = ZONES) -> ec2.IVpc:
    """Somebody else's network: a service needs none of ours, and its findings are theirs."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=list(zones),
        public_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        private_subnet_ids=[f"subnet-0bbbbbbbbbbbbbbb{n}" for n, _ in enumerate(zones)],
        private_subnet_route_table_ids=[f"rtb-0bbbbbbbbbbbbbbb{n}" for n, _ in enumerate(zones)],
        public_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )


def build(stack: cdk.Stack, id: str = "Service", *, zones: tuple[str, ...] = ZONES, **options: Any) -> Service:
    vpc = stack.node.try_find_child("Vpc") or vpc_of(stack, zones)
    certificate = stack.node.try_find_child("Certificate") or acm.Certificate.from_certificate_arn(
        stack, "Certificate", CERTIFICATE
    )
    usual = {"vpc": vpc, "minimum": 3, "maximum": 24, "certificate": certificate}
    return Service(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """A usual service and one with every option, synthesized once per set of flags."""
    usual = make_stack(flags=flags, name="Usual")
    service = build(usual, alarms=AlarmTopic(usual, "Alarms"), auto_scaling_group_name="shop-service-eu-west-1")
    ssm.StringParameter.from_string_parameter_name(usual, "Setting", "/shop/setting").grant_read(service)
    every = make_stack(name="Every", app=usual.node.root)
    build(
        every,
        minimum=0,
        instance_types=("m7i.large", "m6i.large"),
        key=kms.Key(every, "Key", enable_key_rotation=True),
        requests_per_target=1000,
        internet_facing=False,
        web_acl_arn=WEB_ACL,
        connection_logs=True,
        zonal_autoshift=True,
        dns_failover_percent=50,
        fail_open_percent=25,
        slow_start=cdk.Duration.seconds(60),
        alarm_thresholds={"ResponseTime": 0.5},
        alarms_off_because={"AtMaximum": "the maximum is a hard budget"},
    )
    lab = make_stack(name="Lab", app=usual.node.root)
    build(
        lab,
        certificate=None,
        http_only_because="a lab without a domain",
        deletable_because="rebuilt nightly",
        hooks=[READY, DRAIN],
        warm_pool=WarmPool(minimum=1),
        schedule=[ScheduledSize(name="night", cron="0 20 * * *", time_zone="Europe/Dublin", minimum=1)],
        predictive=PredictiveScaling(metric="requests", target=800),
        refresh=InstanceRefresh(min_healthy=90, max_healthy=110, bake_time=cdk.Duration.minutes(5)),
        maximum_lifetime=cdk.Duration.days(7),
        retain_abandoned=True,
        group_protection="prevent-all-deletion",
    )
    return SimpleNamespace(
        app=usual.node.root,
        service=service,
        usual=template(usual),
        every=template(every),
        lab=template(lab),
    )


@pytest.fixture(scope="module")
def only(resources: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The properties of the one resource of a type."""

    def one(template: dict[str, Any], type: str) -> dict[str, Any]:
        (properties,) = resources(template, type).values()
        return dict(properties)

    return one


def attributes(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {entry["Key"]: entry["Value"] for entry in listed}


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert [*lint(world.usual), *lint(world.every), *lint(world.lab)] == []


@pytest.mark.capability("CMP-08")
@pytest.mark.capability("CMP-11")
def test_the_group_is_sized_for_the_loss_of_a_zone_and_never_renders_its_desired_capacity(world, only):
    group = only(world.usual, "AWS::AutoScaling::AutoScalingGroup")

    assert (group["MinSize"], group["MaxSize"]) == ("5", "24")
    assert "DesiredCapacity" not in group
    assert group["AutoScalingGroupName"] == "shop-service-eu-west-1"
    assert len(group["VPCZoneIdentifier"]) == 3
    assert world.service.running == 5


def test_a_deployment_leaves_sizes_alone_that_a_failover_changed(world):
    (group,) = [r for r in world.usual["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup"]

    assert group["UpdatePolicy"]["AutoScalingScheduledAction"] == {"IgnoreUnmodifiedGroupSizeProperties": True}


def test_detection_follows_from_the_health_check(world, only):
    targets = only(world.usual, "AWS::ElasticLoadBalancingV2::TargetGroup")

    interval, timeout, failures = (
        targets[name] for name in ("HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "UnhealthyThresholdCount")
    )
    assert world.service.detection == Range(interval * (failures - 1), interval * failures + timeout) == Range(20, 35)


@pytest.mark.capability("CMP-08")
def test_instances_are_replaced_when_balancer_or_disk_find_them_ill(world, only):
    group = only(world.usual, "AWS::AutoScaling::AutoScalingGroup")

    assert sorted(group["HealthCheckType"].split(",")) == ["EBS", "ELB"]
    assert group["HealthCheckGracePeriod"] == group["DefaultInstanceWarmup"] == 180


@pytest.mark.capability("CMP-11")
def test_the_group_keeps_to_healthy_zones_and_can_be_shifted_out_of_one(world, only):
    group = only(world.usual, "AWS::AutoScaling::AutoScalingGroup")

    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}
    assert group["AvailabilityZoneImpairmentPolicy"] == {
        "ZonalShiftEnabled": True,
        "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
    }


@pytest.mark.capability("CMP-15")
def test_new_instances_come_before_old_ones_go(world, resources):
    (group,) = [r for r in world.usual["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup"]

    assert group["Properties"]["InstanceMaintenancePolicy"] == {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 120,
    }
    assert group["UpdatePolicy"]["AutoScalingInstanceRefresh"] == {
        "Strategy": "Rolling",
        "Preferences": {
            "MinHealthyPercentage": 100,
            "MaxHealthyPercentage": 120,
            "InstanceWarmup": 180,
            "SkipMatching": True,
        },
    }


@pytest.mark.capability("CMP-10")
@pytest.mark.capability("CMP-28")
def test_scaling_tracks_cpu_and_on_request_the_requests_of_each_instance(world, resources):
    policies = resources(world.every, "AWS::AutoScaling::ScalingPolicy").values()

    tracked = {
        p["TargetTrackingConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]: p[
            "TargetTrackingConfiguration"
        ]["TargetValue"]
        for p in policies
    }
    assert tracked == {"ASGAverageCPUUtilization": 50, "ALBRequestCountPerTarget": 1000}


@pytest.mark.capability("CMP-01")
@pytest.mark.capability("CMP-16")
def test_instances_come_from_a_template_with_imdsv2_and_an_encrypted_disk(world, only, resources):
    data = only(world.usual, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]

    assert data["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert data["BlockDeviceMappings"] == [
        {
            "DeviceName": "/dev/xvda",
            "Ebs": {"DeleteOnTermination": True, "Encrypted": True, "VolumeSize": 20, "VolumeType": "gp3"},
        }
    ]
    assert data["Monitoring"] == {"Enabled": True}
    assert data["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
    assert resources(world.usual, "AWS::AutoScaling::LaunchConfiguration") == {}


def test_the_image_is_read_from_a_public_parameter_at_deployment(world):
    parameters = [
        (p["Type"], p["Default"])
        for template in (world.usual, world.every)
        for name, p in template["Parameters"].items()
        if name.startswith("SsmParameterValue")
    ]

    assert parameters == [
        (
            "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
            f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-{cpu}",
        )
        for cpu in ("arm64", "x86_64")
    ]


def test_the_role_lets_session_manager_in_and_nothing_else(world, only):
    policy = only(world.usual, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]

    assert policy == [
        {
            "Action": [
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            "Effect": "Allow",
            "Resource": "*",
        }
    ]


@pytest.mark.capability("CMP-22")
@pytest.mark.capability("CMP-25")
@pytest.mark.capability("CMP-29")
def test_the_balancer_is_protected_logs_shifts_and_lets_go_of_clients(world, only):
    found = attributes(only(world.usual, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"])

    assert found["deletion_protection.enabled"] == "true"
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert found["client_keep_alive.seconds"] == "120"
    assert found["zonal_shift.config.enabled"] == "true"
    assert found["access_logs.s3.enabled"] == "true"
    assert found["access_logs.s3.prefix"] == "service/access"


@pytest.mark.capability("CMP-23")
@pytest.mark.capability("CMP-27")
def test_https_answers_and_http_redirects_to_it(world, resources):
    listeners = {x["Port"]: x for x in resources(world.usual, "AWS::ElasticLoadBalancingV2::Listener").values()}

    assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert listeners[443]["Certificates"] == [{"CertificateArn": CERTIFICATE}]
    assert listeners[80]["DefaultActions"] == [
        {"Type": "redirect", "RedirectConfig": {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
    ]


@pytest.mark.capability("CMP-26")
def test_thresholds_of_target_health_are_always_written(world, only):
    usual, every = (
        attributes(only(t, "AWS::ElasticLoadBalancingV2::TargetGroup")["TargetGroupAttributes"])
        for t in (world.usual, world.every)
    )

    shown = [
        {key.removeprefix("target_group_health."): v for key, v in found.items() if key.startswith("target_group_h")}
        for found in (usual, every)
    ]
    assert shown == [
        {
            "dns_failover.minimum_healthy_targets.count": "1",
            "dns_failover.minimum_healthy_targets.percentage": dns,
            "unhealthy_state_routing.minimum_healthy_targets.count": "1",
            "unhealthy_state_routing.minimum_healthy_targets.percentage": open_below,
        }
        for dns, open_below in (("off", "off"), ("50", "25"))
    ]
    assert usual["stickiness.enabled"] == "false"
    assert usual["deregistration_delay.timeout_seconds"] == "30"
    assert every["slow_start.duration_seconds"] == "60"


@pytest.mark.capability("CMP-29")
def test_the_log_bucket_is_private_versioned_and_emptied_by_age(world, only):
    bucket = only(world.usual, "AWS::S3::Bucket")

    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 365


def test_every_zone_has_an_alarm_for_its_last_healthy_host(world, resources):
    alarms = resources(world.usual, "AWS::CloudWatch::Alarm").values()

    per_zone = {
        dimension["Value"]: (alarm["Threshold"], alarm["ComparisonOperator"], alarm["TreatMissingData"])
        for alarm in alarms
        for dimension in alarm.get("Dimensions", ())
        if dimension["Name"] == "AvailabilityZone"
    }
    assert per_zone == dict.fromkeys(ZONES, (1, "LessThanThreshold", "breaching"))


def test_all_alarms_of_a_service_have_names_that_fit_every_size_and_region(world):
    assert [*world.service.alarms] == [
        "HealthyHosts-a",
        "HealthyHosts-b",
        "HealthyHosts-c",
        "UnhealthyHosts",
        "TargetErrors",
        "BalancerErrors",
        "ResponseTime",
        "BelowMinimum",
        "AtMaximum",
    ]


def test_a_pilot_light_runs_nothing_and_rings_for_no_empty_zone(world, only, resources):
    group = only(world.every, "AWS::AutoScaling::AutoScalingGroup")
    alarms = resources(world.every, "AWS::CloudWatch::Alarm")

    assert (group["MinSize"], group["MaxSize"]) == ("0", "24")
    zones = [a for name, a in alarms.items() if "HealthyHosts" in name and "Unhealthy" not in name]
    assert [(a["Threshold"], a["TreatMissingData"]) for a in zones] == [(0, "notBreaching")] * 3


def test_thresholds_change_and_alarms_leave_by_name(world, resources):
    alarms = resources(world.every, "AWS::CloudWatch::Alarm")

    (slow,) = [a for name, a in alarms.items() if "ResponseTime" in name]
    assert slow["Threshold"] == 0.5
    assert [name for name in alarms if "AtMaximum" in name] == []


def test_several_types_start_in_order_and_never_as_spot(world, only):
    policy = only(world.every, "AWS::AutoScaling::AutoScalingGroup")["MixedInstancesPolicy"]

    assert policy["LaunchTemplate"]["Overrides"] == [{"InstanceType": "m7i.large"}, {"InstanceType": "m6i.large"}]
    assert policy["InstancesDistribution"] == {
        "OnDemandAllocationStrategy": "prioritized",
        "OnDemandPercentageAboveBaseCapacity": 100,
    }


def test_auto_scaling_may_use_the_key_of_the_disk(world, only):
    statements = only(world.every, "AWS::KMS::Key")["KeyPolicy"]["Statement"]

    assert [s["Sid"] for s in statements if "Sid" in s] == ["AutoScalingUsesIt", "AutoScalingGrantsItToVolumes"]


def test_autoshift_practises_under_the_guard_of_errors(world, only):
    shift = only(world.every, "AWS::ARCZonalShift::ZonalAutoshiftConfiguration")

    assert shift["ZonalAutoshiftStatus"] == "ENABLED"
    assert [a["Type"] for a in shift["PracticeRunConfiguration"]["OutcomeAlarms"]] == ["CLOUDWATCH"]


@pytest.mark.capability("CMP-14")
@pytest.mark.capability("CMP-17")
def test_instances_of_a_service_pause_live_and_end_as_they_are_told(world):
    (group,) = [r for r in world.lab["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup"]

    hooks = [
        (hook["LifecycleHookName"], hook["HeartbeatTimeout"], hook["DefaultResult"])
        for hook in group["Properties"]["LifecycleHookSpecificationList"]
    ]
    assert hooks == [("ready", 600, "ABANDON"), ("drain", 120, "CONTINUE")]
    assert group["Properties"]["MaxInstanceLifetime"] == 7 * 86_400
    assert group["Properties"]["DeletionProtection"] == "prevent-all-deletion"
    assert group["Properties"]["InstanceLifecyclePolicy"] == {"RetentionTriggers": {"TerminateHookAbandon": "retain"}}
    assert group["UpdatePolicy"]["AutoScalingInstanceRefresh"]["Preferences"] == {
        "MinHealthyPercentage": 90,
        "MaxHealthyPercentage": 110,
        "InstanceWarmup": 180,
        "SkipMatching": True,
        "BakeTime": 300,
    }


@pytest.mark.capability("CMP-09")
@pytest.mark.capability("CMP-13")
def test_a_service_grows_from_a_warm_pool_and_shrinks_by_the_clock(world, only):
    pool = only(world.lab, "AWS::AutoScaling::WarmPool")
    action = only(world.lab, "AWS::AutoScaling::ScheduledAction")

    assert (pool["PoolState"], pool["MinSize"]) == ("Stopped", 1)
    assert (action["Recurrence"], action["TimeZone"], action["MinSize"]) == ("0 20 * * *", "Europe/Dublin", 2)


@pytest.mark.capability("CMP-10")
def test_requests_of_a_service_are_forecast_by_its_own_balancer(world, resources):
    policies = resources(world.lab, "AWS::AutoScaling::ScalingPolicy").values()

    (forecast,) = (p["PredictiveScalingConfiguration"] for p in policies if p["PolicyType"] == "PredictiveScaling")
    (metric,) = forecast["MetricSpecifications"]
    assert forecast["Mode"] == "ForecastOnly"
    assert "LoadBalancerFullName" in str(metric["PredefinedMetricPairSpecification"]["ResourceLabel"])


def test_an_internal_balancer_is_called_from_its_own_network(world, only, resources):
    balancer = only(world.every, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    rules = [
        rule
        for group in resources(world.every, "AWS::EC2::SecurityGroup").values()
        for rule in group.get("SecurityGroupIngress", ())
    ]

    assert balancer["Scheme"] == "internal"
    assert {(rule["CidrIp"], rule["FromPort"]) for rule in rules} == {("10.0.0.0/16", 80), ("10.0.0.0/16", 443)}


def test_a_web_acl_is_attached(world, only):
    assert only(world.every, "AWS::WAFv2::WebACLAssociation")["WebACLArn"] == WEB_ACL


def test_weaker_safeguards_are_tagged_with_their_reasons(world, only, resources):
    balancer = only(world.lab, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    (listener,) = resources(world.lab, "AWS::ElasticLoadBalancingV2::Listener").values()

    assert {tag["Key"]: tag["Value"] for tag in balancer["Tags"]} == {
        "cdk-standby:weakened:deletable": "rebuilt nightly",
        "cdk-standby:weakened:http_only": "a lab without a domain",
    }
    assert (listener["Port"], listener["Protocol"]) == (80, "HTTP")


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""
    parts = {zones: make_stack() for zones in (ZONES, ZONES[:1])}

    def message(**options: Any) -> str:
        stack = parts[options.get("zones", ZONES)]
        with pytest.raises(InvalidOptions) as error:
            build(stack, f"Refused{len(stack.node.children)}", **options)
        return str(error.value).split(": ", 1)[1]

    return message


ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
HEALTH = ALB + "target-group-health-checks.html"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"health_path": "healthz"},
            "'health_path' is 'healthz'; allowed: a path that begins with '/', because the load balancer asks for it "
            f"by HTTP ({HEALTH})",
        ),
        (
            {"minimum": 3, "maximum": 4},
            "'maximum' is 4; allowed: 5 or more, because that many instances run in all, so that 'minimum' is left "
            "when a zone is lost",
        ),
        (
            {"minimum": -1},
            "'minimum' is -1; allowed: 0 (nothing runs: a pilot light) or more, because it is the number of instances "
            "that carries the load when a zone is lost",
        ),
        (
            {"minimum": 0, "maximum": 0},
            "'maximum' is 0; allowed: 1 or more, because a group that can never run an instance takes over from nobody",
        ),
        (
            {"zones": ZONES[:1]},
            "'zones' is 1; allowed: 2 or more, better 3, because an Application Load Balancer needs subnets in at "
            "least two zones, and a service in one zone stops with it "
            f"({ALB}application-load-balancers.html#availability-zones)",
        ),
        (
            {"certificate": None},
            "'certificate' is not given; allowed: a certificate of this Region, or 'http_only_because' with the "
            f"reason, because what is sent to a service is nobody else's business ({ALB}create-https-listener.html)",
        ),
        (
            {"http_only_because": "a lab"},
            "'http_only_because' is 'a lab'; allowed: one of 'certificate' and 'http_only_because', because with a "
            "certificate the service speaks HTTPS",
        ),
        (
            {"keep_alive": cdk.Duration.hours(1)},
            "'keep_alive' is 1 hour; allowed: 60 to 180 seconds, because AWS allows 60 seconds to 7 days (3600 if left "
            "out), but a client that keeps its connection keeps its Region and zone too, however soon DNS moves "
            f"({ALB}edit-load-balancer-attributes.html#client-keep-alive-duration)",
        ),
        (
            {"fail_open_percent": 60, "dns_failover_percent": 50},
            "'fail_open_percent' is 60; allowed: at most 'dns_failover_percent', because traffic has to leave by DNS "
            "before, or when, the balancer starts to use unhealthy targets "
            f"({ALB}load-balancer-target-groups.html#target-group-health)",
        ),
        (
            {"instance_types": ("m7g.large", "m7i.large")},
            "'instance_types' is ['m7g.large', 'm7i.large']; allowed: types of one processor architecture, because one "
            "image starts them all "
            "(https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html)",
        ),
        (
            {"allow_from": ["everybody"]},
            "'allow_from' is ['everybody']; allowed: CIDR blocks such as 0.0.0.0/0 or 203.0.113.0/24, because security "
            "groups open by block (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html)",
        ),
        (
            {"spot": Spot(base=4), "instance_types": ("m7g.large", "m6g.large")},
            "'spot.base' is 4; allowed: 5 or more, or less with 'spot_only_because', because when a zone is lost, "
            "everybody asks for its capacity elsewhere and Spot is reclaimed: On-Demand Instances have to be enough "
            "(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html)",
        ),
        (
            {"port": 0},
            f"'port' is 0; allowed: 1 to 65535, because a target listens on a TCP port "
            f"({ALB}load-balancer-target-groups.html)",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_options_that_cannot_work_are_refused(refused, options, message):
    assert refused(**options) == message


def test_all_problems_come_at_once(refused):
    lines = refused(health_path="healthz", port=70000, minimum=9, maximum=10).splitlines()

    assert len(lines) == 3


def test_a_stack_that_does_not_say_where_it_will_be_is_refused(make_stack):
    with pytest.raises(InvalidOptions) as error:
        build(make_stack(region=None))

    assert str(error.value) == (
        "Test/Service: 'env' is not given; allowed: a stack with an explicit account and Region, Stack(..., "
        "env=Environment(account=..., region=...)), because otherwise nobody knows the zones, and the load balancer "
        f"has nowhere to write its logs ({ALB}enable-access-logging.html)"
    )


def test_a_network_without_private_subnets_is_refused(make_stack):
    stack = make_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=list(ZONES), vpc_cidr_block="10.0.0.0/16"
    )

    with pytest.raises(InvalidOptions) as error:
        build(stack, vpc=vpc)

    assert str(error.value) == (
        "Test/Service: 'vpc' is a VPC without subnets of that kind; allowed: private subnets with a way out in 2 zones "
        "or more, or 'subnets' that exist, because instances have no public address"
    )


@pytest.fixture(scope="module")
def plenty(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """Takes a service of every example."""
    return make_stack(name="Plenty")


@settings(max_examples=8)
@given(
    minimum=st.integers(-1, 30),
    maximum=st.integers(0, 60),
    port=st.integers(-1, 70_000),
    health_path=st.text(st.sampled_from("/abc?=&-"), max_size=6),
    keep_alive=st.integers(1, 400),
    dns_failover_percent=st.none() | st.integers(0, 110),
    fail_open_percent=st.none() | st.integers(0, 110),
)
def test_any_options_either_make_a_group_that_survives_a_zone_or_are_refused(plenty, keep_alive, **options):
    try:
        service = build(
            plenty, f"Service{len(plenty.node.children)}", keep_alive=cdk.Duration.seconds(keep_alive), **options
        )
    except InvalidOptions:
        return

    assert left_after_zone_loss(service.running, 3) >= options["minimum"]
    assert service.running <= options["maximum"]


def test_logs_are_kept_for_whole_days(make_stack):
    with pytest.raises(InvalidOptions) as error:
        AccessLogs(make_stack(), "Logs", retention=cdk.Duration.hours(36))

    assert str(error.value) == (
        "Test/Logs: 'retention' is 1 day 12 hours; allowed: whole days, 1 or more, because S3 expires objects by the "
        "day (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)"
    )


def test_autoshift_is_refused_without_an_alarm_that_ends_a_practice_run(plenty):
    off = dict.fromkeys(("TargetErrors", "BalancerErrors"), "too noisy")

    with pytest.raises(InvalidOptions) as error:
        build(plenty, "Unguarded", zonal_autoshift=True, alarms_off_because=off)

    assert str(error.value) == (
        "Plenty/Unguarded: 'zonal_autoshift' is True, with its guarding alarms left out; allowed: one of the alarms "
        "TargetErrors, BalancerErrors in place, because the weekly practice run ends by an alarm when it hurts "
        "(https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.considerations.html)"
    )


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("eu-west-1a", "HealthyHosts-a"),
        ("us-west-2-lax-1b", "HealthyHosts-us-west-2-lax-1b"),
        (cdk.Fn.select(1, cdk.Fn.get_azs()), "HealthyHosts-2"),
    ],
    ids=["zone", "local zone", "token"],
)
def test_zonal_alarms_go_by_the_letter_of_their_zone(zone, name):
    assert zone_alarm_name(zone, "eu-west-1", 1) == name
