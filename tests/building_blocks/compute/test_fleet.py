"""Instances over all zones, without a load balancer of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._service_group import on_demand_base
from cdk_standby._service_values import (
    CapacityReservations,
    InstanceRefresh,
    LifecycleHook,
    MetricTarget,
    PredictiveScaling,
    ScheduledSize,
    Spot,
    WarmPool,
)
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.capacity import group_size, left_after_zone_loss, zone_size
from cdk_standby.compute.fleet import Fleet
from cdk_standby.compute.zonal_fleets import ZonalFleets
from cdk_standby.keys import DataKey

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
LATTICE = "arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0"
CHOOSE = "arn:aws:lambda:eu-west-1:111111111111:function:choose:live"
READY = LifecycleHook(name="ready", at="launching", heartbeat=cdk.Duration.minutes(10), otherwise="ABANDON")


def vpc_of(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=list(ZONES),
        private_subnet_ids=[f"subnet-0bbbbbbbbbbbbbbb{n}" for n in range(3)],
        private_subnet_route_table_ids=[f"rtb-0bbbbbbbbbbbbbbb{n}" for n in range(3)],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Everything in one stack, synthesized once."""
    stack = make_stack(name="Compute")
    vpc, key = vpc_of(stack), DataKey(stack, "Key").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    queue = sqs.Queue.from_queue_arn(stack, "Queue", "arn:aws:sqs:eu-west-1:111111111111:drain")
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:ready")
    plain = Fleet(stack, "Plain", vpc=vpc, minimum=3, maximum=24, alarms=alarms)
    warm = Fleet(
        stack,
        "Warm",
        vpc=vpc,
        minimum=2,
        maximum=24,
        key=kms.Key.from_key_arn(
            stack, "Root", "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
        ),
        warm_pool=WarmPool(state="Hibernated", minimum=2, prepared=12, reuse=True),
        hooks=[
            LifecycleHook(
                name="ready", at="launching", heartbeat=cdk.Duration.minutes(10), otherwise="ABANDON", tells=topic
            ),
            LifecycleHook(
                name="drain",
                at="terminating",
                heartbeat=cdk.Duration.seconds(30),
                otherwise="CONTINUE",
                tells=queue,
                metadata='{"of": "orders"}',
            ),
        ],
        retain_abandoned=True,
        schedule=[
            ScheduledSize(name="morning", cron="0 6 * * MON-FRI", time_zone="Europe/Dublin", minimum=6, desired=12),
            ScheduledSize(name="sale", at="2026-11-27T06:00:00Z", maximum=60),
        ],
        maximum_lifetime=cdk.Duration.days(30),
        group_protection="prevent-all-deletion",
        termination_policies=[CHOOSE, "OldestInstance"],
        alarms=alarms,
    )
    balancer = elb.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Balancer",
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef",
        security_group_id="sg-0123456789abcdef0",
    )
    web = elb.ApplicationTargetGroup(
        stack, "Web", vpc=vpc, port=8080, target_type=elb.TargetType.INSTANCE, health_check=elb.HealthCheck(path="/")
    )
    certificate = elb.ListenerCertificate.from_arn(
        "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
    )
    balancer.add_listener("Https", port=443, certificates=[certificate], default_target_groups=[web], open=False)
    messages = cloudwatch.Metric(namespace="Shop", metric_name="MessagesPerInstance", period=cdk.Duration.minutes(1))
    asked = Fleet(
        stack,
        "Asked",
        vpc=vpc,
        minimum=3,
        maximum=24,
        instance_types=("m7g.large", "m6g.large"),
        targets=[web],
        lattice_targets=[LATTICE],
        requests_per_target=1000,
        network_in_target=2_000_000_000,
        network_out_target=1_000_000_000,
        metric_targets=[MetricTarget(name="messages", metric=messages, target=100, scale_in=False)],
        predictive=PredictiveScaling(
            metric="requests",
            target=800,
            forecast_only=False,
            ahead=cdk.Duration.minutes(10),
            beyond_maximum_percent=10,
        ),
        spot=Spot(on_demand_percent=25, strategy="capacity-optimized"),
        refresh=InstanceRefresh(
            min_healthy=90,
            max_healthy=150,
            checkpoints=[10, 100],
            checkpoint_delay=cdk.Duration.minutes(30),
            bake_time=cdk.Duration.minutes(15),
            alarms=[plain.alarms["BelowMinimum"]],
        ),
        image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
        user_data=ec2.UserData.custom("#!/bin/bash\naws s3 cp s3://shop-releases/orders.json /srv/orders.json\n"),
        distribution="balanced-only",
        capacity_reservations=CapacityReservations(ids=["cr-0123456789abcdef0"]),
        deletable_because="a lab",
        alarms=alarms,
    )
    cells = ZonalFleets(
        stack,
        "Cells",
        vpc=vpc,
        minimum=5,
        maximum_per_zone=8,
        port=8080,
        hooks=[READY],
        warm_pool=WarmPool(minimum=1),
        alarms=alarms,
    )
    return SimpleNamespace(
        app=stack.node.root, plain=plain, warm=warm, asked=asked, cells=cells, template=template(stack)
    )


@pytest.fixture(scope="module")
def bare(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Without any feature flag, in a network whose zones are known at deployment only; nothing but what must be."""
    stack = make_stack(flags="none", region=None, name="Bare")
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    Fleet(stack, "Fleet", vpc=vpc, minimum=0, maximum=4, cpu_target=None)
    network = elb.NetworkLoadBalancer(stack, "Network", vpc=vpc)
    each = ZonalFleets(
        stack, "Each", vpc=vpc, minimum=2, maximum_per_zone=4, port=8080, protocol="TCP", targets_each=True
    )
    each.watch(network)
    return SimpleNamespace(each=each, template=template(stack))


@pytest.fixture(scope="module")
def found(world: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """The resource of a type below a construct; all of them, by logical id, with `many`."""

    def one(type: str, below: str, *, many: bool = False) -> dict[str, Any]:
        resources = world.template["Resources"].items()
        matching = {name: r for name, r in resources if r["Type"] == type and name.startswith(below)}
        if many:
            return matching
        (resource,) = matching.values()
        return dict(resource)

    return one


GROUP = "AWS::AutoScaling::AutoScalingGroup"


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


@pytest.mark.capability("CMP-01")
@pytest.mark.capability("CMP-16")
def test_instances_come_from_a_template_with_imdsv2_and_an_encrypted_disk(found):
    data = found("AWS::EC2::LaunchTemplate", "Plain")["Properties"]["LaunchTemplateData"]
    group = found(GROUP, "Plain")["Properties"]

    assert data["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert [device["Ebs"]["Encrypted"] for device in data["BlockDeviceMappings"]] == [True]
    assert list(group["LaunchTemplate"]["Version"]["Fn::GetAtt"])[1] == "LatestVersionNumber"


@pytest.mark.capability("CMP-04")
def test_the_software_may_be_in_the_image_and_its_data_come_at_launch(found):
    data = found("AWS::EC2::LaunchTemplate", "Asked")["Properties"]["LaunchTemplateData"]

    assert data["ImageId"] == "ami-0123456789abcdef0"
    assert "s3://shop-releases/orders.json" in data["UserData"]["Fn::Base64"]


@pytest.mark.capability("CMP-16")
def test_no_construct_renders_a_launch_configuration_with_or_without_flags(world, bare, resources):
    for template in (world.template, bare.template):
        assert resources(template, "AWS::AutoScaling::LaunchConfiguration") == {}


@pytest.mark.capability("CMP-08")
@pytest.mark.capability("CMP-11")
def test_a_fleet_is_sized_for_the_loss_of_a_zone_and_spread_over_all(world, found):
    group = found(GROUP, "Plain")["Properties"]

    assert (group["MinSize"], group["MaxSize"], world.plain.running) == ("5", "24", 5)
    assert "DesiredCapacity" not in group
    assert len(group["VPCZoneIdentifier"]) == 3
    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}
    assert group["AvailabilityZoneImpairmentPolicy"] == {
        "ZonalShiftEnabled": True,
        "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
    }


@pytest.mark.capability("CMP-08")
def test_whoever_asks_the_instances_has_a_say_in_their_health_once_they_have_booted(found):
    plain, asked = (found(GROUP, name)["Properties"] for name in ("Plain", "Asked"))

    assert (plain["HealthCheckType"], asked["HealthCheckType"]) == ("EBS", "EBS,ELB,VPC_LATTICE")
    assert plain["HealthCheckGracePeriod"] == 240 > plain["DefaultInstanceWarmup"] == 180


@pytest.mark.capability("CMP-28")
def test_target_groups_of_others_are_joined(found):
    group = found(GROUP, "Asked")["Properties"]

    assert [arn["Ref"].startswith("Web") for arn in group["TargetGroupARNs"]] == [True]
    assert group["TrafficSources"] == [{"Identifier": LATTICE, "Type": "vpc-lattice"}]


@pytest.mark.capability("CMP-09")
def test_sizes_change_by_the_clock_of_a_place_and_still_survive_the_loss_of_a_zone(found):
    actions = [a["Properties"] for a in found("AWS::AutoScaling::ScheduledAction", "Warm", many=True).values()]

    own = [{name: value for name, value in a.items() if name != "AutoScalingGroupName"} for a in actions]
    assert own == [
        {"Recurrence": "0 6 * * MON-FRI", "TimeZone": "Europe/Dublin", "MinSize": 9, "DesiredCapacity": 12},
        {"StartTime": "2026-11-27T06:00:00Z", "MaxSize": 60},
    ]


@pytest.mark.capability("CMP-10")
def test_scaling_keeps_several_metrics_at_once(found):
    policies = [p["Properties"] for p in found("AWS::AutoScaling::ScalingPolicy", "Asked", many=True).values()]

    tracked = {
        track.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType"): track["TargetValue"]
        for p in policies
        if (track := p.get("TargetTrackingConfiguration"))
    }
    assert tracked == {
        "ASGAverageCPUUtilization": 50,
        "ASGAverageNetworkIn": 2_000_000_000,
        "ASGAverageNetworkOut": 1_000_000_000,
        "ALBRequestCountPerTarget": 1000,
        None: 100,
    }
    assert [p["TargetTrackingConfiguration"].get("DisableScaleIn") for p in policies if "Track" in str(p)].count(
        True
    ) == 1


@pytest.mark.capability("CMP-10")
def test_a_forecast_launches_ahead_of_the_load(found):
    (policy,) = (
        p["Properties"]
        for p in found("AWS::AutoScaling::ScalingPolicy", "Asked", many=True).values()
        if p["Properties"]["PolicyType"] == "PredictiveScaling"
    )

    config = dict(policy["PredictiveScalingConfiguration"])
    (metric,) = config.pop("MetricSpecifications")
    assert config == {
        "Mode": "ForecastAndScale",
        "SchedulingBufferTime": 600,
        "MaxCapacityBreachBehavior": "IncreaseMaxCapacity",
        "MaxCapacityBuffer": 10,
    }
    assert metric["TargetValue"] == 800
    assert metric["PredefinedMetricPairSpecification"]["PredefinedMetricType"] == "ALBRequestCount"
    assert "BalancerHttps" in str(metric["PredefinedMetricPairSpecification"]["ResourceLabel"])


@pytest.mark.capability("CMP-13")
def test_warm_instances_wait_beside_the_group(found):
    pool = found("AWS::AutoScaling::WarmPool", "Warm")["Properties"]
    data = found("AWS::EC2::LaunchTemplate", "Warm")["Properties"]["LaunchTemplateData"]

    assert {name: value for name, value in pool.items() if name != "AutoScalingGroupName"} == {
        "PoolState": "Hibernated",
        "MinSize": 2,
        "MaxGroupPreparedCapacity": 12,
        "InstanceReusePolicy": {"ReuseOnScaleIn": True},
    }
    assert data["HibernationOptions"] == {"Configured": True}


@pytest.mark.capability("CMP-14")
def test_hooks_stand_in_the_group_so_that_its_first_instances_meet_them(found):
    resource = found(GROUP, "Warm")

    hooks = resource["Properties"]["LifecycleHookSpecificationList"]
    (name,) = found("AWS::IAM::Role", "WarmHookRole", many=True)
    role = {"Fn::GetAtt": [name, "Arn"]}
    assert hooks == [
        {
            "LifecycleHookName": "ready",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
            "HeartbeatTimeout": 600,
            "DefaultResult": "ABANDON",
            "NotificationTargetARN": "arn:aws:sns:eu-west-1:111111111111:ready",
            "RoleARN": role,
        },
        {
            "LifecycleHookName": "drain",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
            "HeartbeatTimeout": 30,
            "DefaultResult": "CONTINUE",
            "NotificationTargetARN": "arn:aws:sqs:eu-west-1:111111111111:drain",
            "NotificationMetadata": '{"of": "orders"}',
            "RoleARN": role,
        },
    ]
    assert [waited[:25] for waited in resource["DependsOn"]] == ["WarmHookRoleDefaultPolicy"]


@pytest.mark.capability("CMP-14")
def test_instances_may_end_the_pauses_of_their_own_group_only(found):
    policy = found("AWS::IAM::ManagedPolicy", "WarmHooks")["Properties"]

    (group,) = found(GROUP, "Warm", many=True)
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Action": ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
            "Effect": "Allow",
            "Resource": {"Fn::GetAtt": [group, "AutoScalingGroupARN"]},
        }
    ]


@pytest.mark.capability("CMP-15")
def test_a_refresh_pauses_watches_and_gives_up_as_it_was_told(found):
    policy = found(GROUP, "Asked")["UpdatePolicy"]["AutoScalingInstanceRefresh"]

    (alarm,) = policy["Preferences"].pop("AlarmSpecification")["Alarms"]
    assert alarm["Ref"].startswith("PlainBelowMinimum")
    assert policy == {
        "Strategy": "Rolling",
        "Preferences": {
            "MinHealthyPercentage": 90,
            "MaxHealthyPercentage": 150,
            "InstanceWarmup": 180,
            "SkipMatching": True,
            "CheckpointPercentages": [10, 100],
            "CheckpointDelay": 1800,
            "BakeTime": 900,
        },
    }


@pytest.mark.capability("CMP-15")
def test_no_instance_grows_older_than_its_limit(found):
    assert found(GROUP, "Warm")["Properties"]["MaxInstanceLifetime"] == 30 * 86_400


@pytest.mark.capability("CMP-17")
def test_a_group_is_not_deleted_over_the_heads_of_its_instances(found):
    protection = [found(GROUP, name)["Properties"].get("DeletionProtection") for name in ("Plain", "Warm", "Asked")]

    assert protection == ["prevent-force-deletion", "prevent-all-deletion", None]


@pytest.mark.capability("CMP-17")
def test_an_instance_whose_end_failed_is_kept_for_a_look(found):
    group = found(GROUP, "Warm")["Properties"]

    assert group["InstanceLifecyclePolicy"] == {"RetentionTriggers": {"TerminateHookAbandon": "retain"}}
    assert group["TerminationPolicies"] == [CHOOSE, "OldestInstance"]


@pytest.mark.capability("CMP-11")
def test_placement_is_a_choice(found):
    group = found(GROUP, "Asked")["Properties"]

    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-only"}
    assert group["CapacityReservationSpecification"] == {
        "CapacityReservationPreference": "capacity-reservations-first",
        "CapacityReservationTarget": {"CapacityReservationIds": ["cr-0123456789abcdef0"]},
    }


@pytest.mark.capability("CMP-08")
def test_spot_only_comes_on_top_of_what_survives_the_loss_of_a_zone(found):
    group = found(GROUP, "Asked")["Properties"]

    assert group["CapacityRebalance"] is True
    assert group["MixedInstancesPolicy"]["InstancesDistribution"] == {
        "OnDemandAllocationStrategy": "prioritized",
        "OnDemandBaseCapacity": 5,
        "OnDemandPercentageAboveBaseCapacity": 25,
        "SpotAllocationStrategy": "capacity-optimized",
    }


def test_alarms_have_names_that_fit_every_size(world):
    assert [*world.plain.alarms] == ["BelowMinimum", "AtMaximum"]
    assert [*world.warm.alarms] == ["BelowMinimum", "AtMaximum", "WarmPoolShort"]


@pytest.mark.capability("CMP-12")
def test_each_zone_has_a_group_of_its_own_pinned_by_its_one_subnet(world, found):
    groups = [g["Properties"] for g in found(GROUP, "Cells", many=True).values()]

    assert [g["VPCZoneIdentifier"] for g in groups] == [[f"subnet-0bbbbbbbbbbbbbbb{n}"] for n in range(3)]
    assert [*world.cells.zones] == ["a", "b", "c"]
    assert [zone.availability_zone for zone in world.cells.zones.values()] == [*ZONES]


@pytest.mark.capability("CMP-12")
def test_any_zone_may_be_lost_without_starting_anything(world, found):
    sizes = [int(g["Properties"]["MinSize"]) for g in found(GROUP, "Cells", many=True).values()]

    assert sizes == [3, 3, 3]
    assert sum(sizes[1:]) >= 5


@pytest.mark.capability("CMP-31")
def test_the_copies_of_the_zones_are_equal_but_for_their_place(found):
    kinds = (GROUP, "AWS::AutoScaling::WarmPool", "AWS::AutoScaling::ScalingPolicy", "AWS::IAM::ManagedPolicy")
    copies = {zone: str([found(kind, f"CellsZone{zone}", many=True) for kind in kinds]) for zone in ("a", "b", "c")}

    place = {zone: f"subnet-0bbbbbbbbbbbbbbb{n}" for n, zone in enumerate(copies)}
    shapes = {nameless(text.replace(place[zone], "subnet"), zone) for zone, text in copies.items()}
    assert len(shapes) == 1


@pytest.mark.capability("CMP-31")
def test_what_arrives_in_a_zone_is_answered_there(found):
    targets = found("AWS::ElasticLoadBalancingV2::TargetGroup", "Cells")["Properties"]
    groups = found(GROUP, "Cells", many=True).values()

    attributes = {a["Key"]: a["Value"] for a in targets["TargetGroupAttributes"]}
    assert attributes["load_balancing.cross_zone.enabled"] == "false"
    assert len({str(g["Properties"]["TargetGroupARNs"]) for g in groups}) == 1
    assert {g["Properties"]["HealthCheckType"] for g in groups} == {"EBS,ELB"}


@pytest.mark.capability("CMP-12")
@pytest.mark.capability("CMP-31")
def test_zones_that_only_the_deployment_knows_have_target_groups_and_alarms_too(bare, resources):
    targets = resources(bare.template, "AWS::ElasticLoadBalancingV2::TargetGroup")
    alarms = resources(bare.template, "AWS::CloudWatch::Alarm")

    crossing = [{a["Key"]: a["Value"] for a in t["TargetGroupAttributes"]} for t in targets.values()]
    assert [c["load_balancing.cross_zone.enabled"] for c in crossing] == ["false", "false"]
    assert [*bare.each.alarms] == [
        "BelowMinimum-1", "AtMaximum-1", "BelowMinimum-2", "AtMaximum-2", "HealthyHosts-1", "HealthyHosts-2",
    ]  # fmt: skip
    assert [a["TreatMissingData"] for name, a in alarms.items() if "HealthyHosts" in name] == ["breaching"] * 2


@pytest.mark.capability("CMP-08")
def test_the_group_keeps_its_id_whatever_is_asked(make_stack):
    """Another id is another group: all instances would be replaced at once."""
    shapes: list[dict[str, Any]] = [
        {},
        {"minimum": 0, "warm_pool": WarmPool(), "hooks": [READY]},
        {"instance_types": ("m7g.large", "m6g.large"), "spot": Spot(), "deletable_because": "a lab"},
    ]
    ids = []
    for options in shapes:
        stack = make_stack()
        fleet = Fleet(stack, "Workers", vpc=vpc_of(stack), **{"minimum": 3, "maximum": 24, **options})
        ids.append(stack.get_logical_id(fleet.group.node.default_child))

    assert [stack.resolve(found) for found in ids] == ["WorkersGroupASG4E50A46C"] * len(shapes)


def nameless(text: str, zone: str) -> str:
    """Without the logical ids, which say the zone and a hash."""
    return re.sub(rf"CellsZone{zone}(\w*?)[0-9A-F]{{8}}", r"\1", text)


@settings(max_examples=30)
@given(needed=st.integers(0, 500), zones=st.integers(2, 6), base=st.none() | st.integers(0, 900))
def test_a_lost_zone_and_all_spot_reclaimed_leave_enough(needed, zones, base):
    running = group_size(needed, zones)

    on_demand = on_demand_base(Spot(base=base), running)

    assert on_demand < running or left_after_zone_loss(on_demand, zones) >= needed
    assert base is not None or on_demand == running


@settings(max_examples=30)
@given(needed=st.integers(0, 500), zones=st.integers(2, 6))
def test_groups_of_all_zones_but_one_are_enough_and_none_is_larger_than_it_must_be(needed, zones):
    size = zone_size(needed, zones)

    assert size * (zones - 1) >= needed
    assert size == 0 or (size - 1) * (zones - 1) < needed
