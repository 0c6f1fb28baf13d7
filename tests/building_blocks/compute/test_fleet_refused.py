"""What a fleet is not built with, and whatever else somebody asks of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
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
from cdk_standby.capacity import left_after_zone_loss
from cdk_standby.compute.fleet import Fleet
from cdk_standby.compute.zonal_fleets import ZonalFleets

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/"


def minutes(number: float) -> cdk.Duration:
    return cdk.Duration.seconds(number * 60)


READY = LifecycleHook(name="ready", at="launching", heartbeat=minutes(10), otherwise="ABANDON")
DRAIN = LifecycleHook(name="drain", at="terminating", heartbeat=minutes(10), otherwise="CONTINUE")
TYPES = ("m7g.large", "m6g.large")


def vpc_of(stack: cdk.Stack, id: str, zones: tuple[str, ...]) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        id,
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=sorted(set(zones)),
        private_subnet_ids=[f"subnet-0bbbbbbbbbbbbbbb{n}" for n, _ in enumerate(zones)],
        private_subnet_route_table_ids=[f"rtb-0bbbbbbbbbbbbbbb{n}" for n, _ in enumerate(zones)],
    )


@pytest.fixture(scope="module")
def place(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """Takes what is built and what is refused."""
    stack = make_stack(name="Plenty")
    for zones in (ZONES, ZONES[:1], (*ZONES, *ZONES)):
        vpc_of(stack, f"Vpc{len(zones)}", zones)
    return stack


@pytest.fixture(scope="module")
def refused(place: cdk.Stack) -> Callable[..., str]:
    """The whole message for options that cannot work."""

    def message(cls: type[Any] = Fleet, *, zones: int = 3, **options: Any) -> str:
        usual = {"minimum": 3, **({"maximum": 24} if cls is Fleet else {"maximum_per_zone": 8})}
        vpc = place.node.find_child(f"Vpc{zones}")
        with pytest.raises(InvalidOptions) as error:
            cls(place, f"Refused{len(place.node.children)}", vpc=vpc, **{**usual, **options})
        path = str(error.value).split(": ", 1)[0]
        return str(error.value).replace(f"{path}: ", "")

    return message


LATER, EARLIER = "2026-11-27T06:00:00Z", "2026-11-26T06:00:00Z"
SUM = cloudwatch.MathExpression(expression="a + b", using_metrics={})


def named(value: Any) -> str:
    return ",".join(value) if isinstance(value, dict) else ""


@pytest.mark.capability("CMP-08")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"minimum": -1},
            "'minimum' is -1; allowed: 0 (nothing runs: a pilot light) or more, because it is the number of "
            "instances that carries the load when a zone is lost",
        ),
        (
            {"maximum": 4},
            "'maximum' is 4; allowed: 5 or more, because that many instances run in all, so that 'minimum' is "
            "left when a zone is lost",
        ),
        (
            {"minimum": cdk.Token.as_number({"Ref": "Number"})},
            "'minimum' is a token; allowed: a number known at synth, because the size that survives the loss "
            "of a zone is worked out from it",
        ),
        (
            {"boot_time": cdk.Duration.hours(2)},
            "'boot_time' is 2 hours; allowed: up to 7140 whole seconds, known at synth, because health checks "
            "begin 60 seconds after it, so that no instance is replaced while it boots"
            f" ({GUIDE}health-check-grace-period.html)",
        ),
        (
            {"spot": Spot()},
            "'instance_types' is ['m7g.large']; allowed: 2 types or more with 'spot', because Spot capacity "
            "is reclaimed by type and zone, so one type may go all at once"
            " (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html)",
        ),
        (
            {"spot": Spot(base=3), "instance_types": TYPES},
            "'spot.base' is 3; allowed: 5 or more, or less with 'spot_only_because', because when a zone is "
            "lost, everybody asks for its capacity elsewhere and Spot is reclaimed: On-Demand Instances have "
            "to be enough"
            " (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html)",
        ),
        (
            {"spot": Spot(strategy="lowest-price"), "instance_types": TYPES},
            "'spot.strategy' is 'lowest-price'; allowed: 'price-capacity-optimized', 'capacity-optimized', "
            "'capacity-optimized-prioritized', because they start instances where Spot capacity is deepest; "
            "the lowest price is where it is reclaimed first"
            f" ({GUIDE}allocation-strategies.html)",
        ),
        (
            {"spot": Spot(on_demand_percent=101), "instance_types": TYPES},
            "'spot.on_demand_percent' is 101; allowed: 0 to 100, because it is the share of On-Demand "
            "Instances beyond the base"
            f" ({API}API_InstancesDistribution.html)",
        ),
        (
            {"spot": Spot(base=-1), "instance_types": TYPES},
            "'spot.base' is -1; allowed: 0 or more, because it is a number of instances"
            f" ({API}API_InstancesDistribution.html)",
        ),
        (
            {"spot_only_because": "cheap"},
            "'spot_only_because' is 'cheap'; allowed: together with 'spot', because without Spot Instances "
            "there is nothing to give a reason for",
        ),
    ],
    ids=named,
)
def test_what_would_not_survive_or_never_run_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-09")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"schedule": [ScheduledSize(name="1", cron="0 6 * * *", minimum=1)]},
            "'schedule[0].name' is '1'; allowed: up to 64 letters, digits and hyphens, a letter first, "
            "because it is part of a logical id",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * *", minimum=1)]},
            "'schedule[0].cron' is '0 6 * *'; allowed: five fields such as '0 6 * * MON-FRI', because a "
            "schedule has five fields: minute, hour, day of the month, month, day of the week"
            f" ({GUIDE}ec2-auto-scaling-scheduled-scaling.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", minimum=1)]},
            "'schedule[0].cron' is not given; allowed: 'cron', 'at' or both, because something has to say "
            "when"
            f" ({GUIDE}ec2-auto-scaling-scheduled-scaling.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *")]},
            "'schedule[0].minimum' is not given; allowed: one of 'minimum', 'desired' and 'maximum', because "
            "a schedule changes a size"
            f" ({API}API_PutScheduledUpdateGroupAction.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", at="tomorrow", minimum=1)]},
            "'schedule[0].at' is 'tomorrow'; allowed: a moment in UTC such as 2026-11-27T06:00:00Z, because "
            "Auto Scaling takes moments in no other time zone"
            f" ({API}API_PutScheduledUpdateGroupAction.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", at=EARLIER, until=LATER, minimum=1)]},
            "'schedule[0].until' is '2026-11-27T06:00:00Z'; allowed: left out without 'cron', because what "
            "happens once has no end"
            f" ({GUIDE}ec2-auto-scaling-scheduled-scaling.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", at=LATER, until=EARLIER, minimum=1)]},
            "'schedule[0].until' is '2026-11-26T06:00:00Z'; allowed: later than 'at', because it ends what "
            "began then"
            f" ({GUIDE}ec2-auto-scaling-scheduled-scaling.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", time_zone="Europe/Dublino", minimum=1)]},
            "'schedule[0].time_zone' is 'Europe/Dublino'; allowed: a name of the IANA database such as "
            "Europe/Dublin, because a schedule follows a time zone of the IANA database (UTC if left out)"
            f" ({API}API_PutScheduledUpdateGroupAction.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", minimum=-1)]},
            "'schedule[0].minimum' is -1; allowed: 0 or more, because it is the number of instances that "
            "carries the load when a zone is lost",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", minimum=18)]},
            "'schedule[0].maximum' is not given; allowed: 27 or more, because that many instances run in all "
            "from then on"
            f" ({API}API_PutScheduledUpdateGroupAction.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", minimum=4, desired=5)]},
            "'schedule[0].desired' is 5; allowed: 6 to 24, because it lies between the sizes of then"
            f" ({API}API_PutScheduledUpdateGroupAction.html)",
        ),
        (
            {"schedule": [ScheduledSize(name="day", cron="0 6 * * *", minimum=4)] * 2},
            "'schedule' is ['day', 'day']; allowed: each name once, because each is known by its name",
        ),
    ],
    ids=named,
)
def test_sizes_by_the_clock_are_refused_when_clock_or_size_is_wrong(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-10")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"requests_per_target": 100},
            "'requests_per_target' is 100; allowed: left out, or 'targets' with a target group of an "
            "Application Load Balancer of this app, because a balancer counts requests"
            f" ({GUIDE}as-scaling-target-tracking.html)",
        ),
        (
            {"network_in_target": 0},
            "'network_in_target' is 0; allowed: more than 0, because capacity is set in proportion to it"
            f" ({GUIDE}as-scaling-target-tracking.html)",
        ),
        (
            {"cpu_target": 101},
            "'cpu_target' is 101; allowed: 1 to 100, because average CPU utilization is a percentage"
            f" ({GUIDE}as-scaling-target-tracking.html)",
        ),
        (
            {"metric_targets": [MetricTarget(name="all", metric=SUM, target=1)]},
            "'metric_targets[0].metric' is a MathExpression; allowed: a Metric of CloudWatch, because target "
            "tracking follows one metric as it is"
            f" ({GUIDE}as-scaling-target-tracking.html)",
        ),
        (
            {
                "metric_targets": [
                    MetricTarget(name="all", metric=cloudwatch.Metric(namespace="S", metric_name="M"), target=0)
                ]
            },
            "'metric_targets[0].target' is 0; allowed: more than 0, because capacity is set in proportion to "
            "it"
            f" ({GUIDE}as-scaling-target-tracking.html)",
        ),
        (
            {"predictive": PredictiveScaling(metric="memory")},
            "'predictive.metric' is 'memory'; allowed: 'cpu', 'network-in', 'network-out', 'requests', "
            "because Auto Scaling forecasts these of a group by itself"
            f" ({API}API_PredictiveScalingMetricSpecification.html)",
        ),
        (
            {"predictive": PredictiveScaling(metric="requests")},
            "'predictive.metric' is 'requests'; allowed: cpu, network-in or network-out without a load "
            "balancer, because a balancer counts requests"
            f" ({API}API_PredictiveScalingMetricSpecification.html)",
        ),
        (
            {"predictive": PredictiveScaling(target=101)},
            "'predictive.target' is 101; allowed: 1 to 100, because capacity is forecast in proportion to it"
            f" ({API}API_PredictiveScalingMetricSpecification.html)",
        ),
        (
            {"predictive": PredictiveScaling(ahead=cdk.Duration.hours(1))},
            "'predictive.ahead' is 1 hour; allowed: 0 to 3599 seconds, because instances are launched ahead "
            "of a forecast by less than its interval of an hour"
            f" ({API}API_PredictiveScalingConfiguration.html)",
        ),
        (
            {"predictive": PredictiveScaling(beyond_maximum_percent=101)},
            "'predictive.beyond_maximum_percent' is 101; allowed: 0 to 100, because a forecast may raise the "
            "maximum by a share of itself"
            f" ({API}API_PredictiveScalingConfiguration.html)",
        ),
    ],
    ids=named,
)
def test_scaling_without_a_measure_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-11")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"zones": 1},
            "'zones' is 1; allowed: 2 or more, better 3, because a group in one zone stops with it"
            " (https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html)",
        ),
        (
            {"distribution": "balanced"},
            "'distribution' is 'balanced'; allowed: 'balanced-best-effort', 'balanced-only', "
            "'reservations-then-balanced', because these say what becomes of a launch that fails in its zone"
            f" ({API}API_AvailabilityZoneDistribution.html)",
        ),
        (
            {"capacity_reservations": CapacityReservations(preference="mine")},
            "'capacity_reservations.preference' is 'mine'; allowed: 'capacity-reservations-first', "
            "'capacity-reservations-only', 'none', 'default', because these say whether instances start in "
            "Capacity Reservations"
            f" ({API}API_CapacityReservationSpecification.html)",
        ),
        (
            {"capacity_reservations": CapacityReservations(preference="none", ids=["cr-0123456789abcdef0"])},
            "'capacity_reservations.preference' is 'none'; allowed: capacity-reservations-first or "
            "capacity-reservations-only, because reservations are named to be used"
            f" ({API}API_CapacityReservationSpecification.html)",
        ),
    ],
    ids=named,
)
def test_odd_placement_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-12")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"cls": ZonalFleets, "zones": 1},
            "'zones' is 1; allowed: 2 or more, better 3, because a group in one zone stops with it"
            " (https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html)",
        ),
        (
            {"cls": ZonalFleets, "minimum": -1},
            "'minimum' is -1; allowed: 0 (nothing runs: a pilot light) or more, because it is the number of "
            "instances that carries the load when a zone is lost",
        ),
        (
            {"cls": ZonalFleets, "maximum_per_zone": 1},
            "'maximum_per_zone' is 1; allowed: 2 or more, because that many instances run in each zone, so "
            "that 'minimum' is left when one is lost",
        ),
    ],
    ids=named,
)
def test_zones_that_do_not_stand_for_each_other_are_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-13")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"warm_pool": WarmPool()},
            "'warm_pool' is a WarmPool; allowed: together with a hook at launching, by which an instance says "
            "that it is ready, because an instance enters the pool when its launch hook is completed, and "
            "without one while it may still be setting itself up, to be stopped in the middle of it"
            f" ({GUIDE}warm-pool-instance-lifecycle.html)",
        ),
        (
            {"warm_pool": WarmPool(), "hooks": [READY], "spot": Spot(), "instance_types": TYPES},
            "'warm_pool' is a WarmPool; allowed: left out with 'spot', because a warm pool cannot be added to "
            "a group that requests Spot Instances"
            f" ({GUIDE}ec2-auto-scaling-warm-pools.html#warm-pools-limitations)",
        ),
        (
            {"warm_pool": WarmPool(state="Warm"), "hooks": [READY]},
            "'warm_pool.state' is 'Warm'; allowed: 'Stopped', 'Running', 'Hibernated', because these are the "
            "states that instances of a warm pool wait in"
            f" ({API}API_PutWarmPool.html)",
        ),
        (
            {"warm_pool": WarmPool(minimum=2, prepared=6), "hooks": [READY]},
            "'warm_pool.prepared' is 6; allowed: 7 or more, because AWS counts the instances of group and "
            "pool together against it, and a lower one leaves the pool empty"
            f" ({API}API_PutWarmPool.html)",
        ),
    ],
    ids=named,
)
def test_a_warm_pool_that_aws_refuses_or_nobody_fills_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-14")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"hooks": [READY, READY]},
            "'hooks' is ['ready', 'ready']; allowed: each name once, because each is known by its name",
        ),
        (
            {"hooks": [LifecycleHook(name="a b", at="launching", heartbeat=minutes(1), otherwise="ABANDON")]},
            "'hooks[0].name' is 'a b'; allowed: up to 255 letters, digits, hyphens, underscores and slashes, "
            "because the name of a hook has 1 to 255 letters, digits, hyphens, underscores and slashes"
            " (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-lifecyclehook.html)",
        ),
        (
            {"hooks": [LifecycleHook(name="a", at="launch", heartbeat=minutes(1), otherwise="ABANDON")]},
            "'hooks[0].at' is 'launch'; allowed: 'launching', 'terminating', because an instance pauses at "
            "these moments"
            f" ({API}API_PutLifecycleHook.html)",
        ),
        (
            {"hooks": [DRAIN, LifecycleHook(name="a", at="launching", heartbeat=minutes(1 / 6), otherwise="ABANDON")]},
            "'hooks[1].heartbeat' is 10 seconds; allowed: 30 to 7200 seconds, because a hook waits 30 seconds "
            "to 2 hours (1 hour if left out) and then does what its default result says"
            f" ({API}API_PutLifecycleHook.html)",
        ),
        (
            {"hooks": [LifecycleHook(name="a", at="launching", heartbeat=minutes(1), otherwise="WAIT")]},
            "'hooks[0].otherwise' is 'WAIT'; allowed: 'CONTINUE', 'ABANDON', because somebody has to decide "
            "what silence means"
            f" ({API}API_PutLifecycleHook.html)",
        ),
        (
            {
                "hooks": [
                    LifecycleHook(name="a", at="launching", heartbeat=minutes(1), otherwise="ABANDON", metadata="x")
                ]
            },
            "'hooks[0].metadata' is 'x'; allowed: together with 'tells', because it is sent with the messages "
            "to a queue or topic"
            f" ({API}API_PutLifecycleHook.html)",
        ),
    ],
    ids=named,
)
def test_hooks_that_nobody_could_end_are_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-15")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"maximum_lifetime": cdk.Duration.hours(12)},
            "'maximum_lifetime' is 12 hours; allowed: 1 to 365 days, because an instance is replaced after 1 "
            "day at the earliest, and within a year"
            f" ({GUIDE}asg-max-instance-lifetime.html)",
        ),
        (
            {"refresh": InstanceRefresh(strategy="Fast")},
            "'refresh.strategy' is 'Fast'; allowed: 'Rolling', 'ReplaceRootVolume', because a deployment "
            "knows these two"
            f" ({API}API_RefreshPreferences.html)",
        ),
        (
            {"refresh": InstanceRefresh(min_healthy=101)},
            "'refresh.min_healthy' is 101; allowed: 0 to 100, because it is the share of the desired capacity "
            "that stays in service while instances are replaced"
            f" ({API}API_RefreshPreferences.html)",
        ),
        (
            {"refresh": InstanceRefresh(max_healthy=99)},
            "'refresh.max_healthy' is 99; allowed: 100 to 200, because it is the share of the desired "
            "capacity that may run while instances are replaced"
            f" ({API}API_RefreshPreferences.html)",
        ),
        (
            {"refresh": InstanceRefresh(min_healthy=50, max_healthy=200)},
            "'refresh.max_healthy' is 200; allowed: 150 or less, because the two differ by 100 at most"
            f" ({API}API_RefreshPreferences.html)",
        ),
        (
            {"refresh": InstanceRefresh(strategy="ReplaceRootVolume")},
            "'refresh.min_healthy' is 100; allowed: less than 100, and 'max_healthy' 100, with "
            "ReplaceRootVolume, because an instance whose root volume is swapped is out of service meanwhile, "
            "and no other comes for it (assumed from the defaults of the strategy, 90 and 100 percent"
            " (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_autoscaling.InstanceRefreshOptions.html))",
        ),
        (
            {"refresh": InstanceRefresh(checkpoints=[50, 20])},
            "'refresh.checkpoints' is [50, 20]; allowed: percents that ascend and end with 100, because a "
            "refresh pauses at these shares of the group, and replaces all of it only when the last of them "
            "is 100"
            f" ({GUIDE}asg-adding-checkpoints-instance-refresh.html)",
        ),
        (
            {"refresh": InstanceRefresh(checkpoint_delay=minutes(1))},
            "'refresh.checkpoint_delay' is 1 minute; allowed: left out without 'checkpoints', because a "
            "refresh pauses at these shares of the group, and replaces all of it only when the last of them "
            "is 100"
            f" ({GUIDE}asg-adding-checkpoints-instance-refresh.html)",
        ),
        (
            {"refresh": InstanceRefresh(bake_time=cdk.Duration.days(3))},
            "'refresh.bake_time' is 3 days; allowed: 0 to 172800 seconds, because a refresh pauses for 2 days "
            "at most"
            f" ({API}API_RefreshPreferences.html)",
        ),
    ],
    ids=named,
)
def test_a_refresh_that_cannot_go_well_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-17")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"group_protection": "none"},
            "'group_protection' is 'none'; allowed: 'prevent-force-deletion', 'prevent-all-deletion', because "
            "without either a single call deletes the group with all its instances"
            f" ({GUIDE}resource-deletion-protection.html)",
        ),
        (
            {"retain_abandoned": True, "hooks": [READY]},
            "'retain_abandoned' is True; allowed: together with a hook at terminating, because an instance is "
            "retained when its termination hook is abandoned"
            f" ({API}API_RetentionTriggers.html)",
        ),
        (
            {"termination_policies": ["Oldest"]},
            "'termination_policies' is ['Oldest']; allowed: Default, AllocationStrategy, "
            "ClosestToNextInstanceHour, NewestInstance, OldestInstance, OldestLaunchConfiguration, "
            "OldestLaunchTemplate, each once, after the ARN of a function, because these choose the instance "
            "that goes first; a function of your own comes before them"
            f" ({GUIDE}ec2-auto-scaling-termination-policies.html)",
        ),
    ],
    ids=named,
)
def test_protection_that_protects_nothing_is_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-28")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"lattice_targets": ["tg-1"]},
            "'lattice_targets' is ['tg-1']; allowed: ARNs of VPC Lattice target groups, because Auto Scaling "
            "registers instances with them"
            f" ({GUIDE}ec2-auto-scaling-vpc-lattice.html)",
        ),
    ],
    ids=named,
)
def test_target_groups_go_by_their_arns(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-31")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"cls": ZonalFleets, "port": 0},
            "'port' is 0; allowed: 1 to 65535, because a target listens on a TCP port"
            " (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html)",
        ),
        (
            {"cls": ZonalFleets, "port": 8080, "protocol": "UDP"},
            "'protocol' is 'UDP'; allowed: 'HTTP', 'TCP', because an Application or a Network Load Balancer "
            "asks by it"
            " (https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/availability-zone-independence.html)",
        ),
        (
            {"cls": ZonalFleets, "port": 8080, "health_path": "healthz"},
            "'health_path' is 'healthz'; allowed: a path that begins with '/', of 1 to 1024 characters, "
            "because the load balancer asks for it by HTTP"
            " (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html)",
        ),
        (
            {"cls": ZonalFleets, "targets_each": True},
            "'targets_each' is True; allowed: together with 'port', because a target group is asked on a port"
            " (https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/availability-zone-independence.html)",
        ),
    ],
    ids=named,
)
def test_zones_nobody_can_be_led_to_are_refused(refused, options, message):
    assert refused(**options) == message


@pytest.mark.capability("CMP-28")
def test_target_groups_of_addresses_and_those_that_nobody_leads_to_are_refused(place, refused):
    vpc = place.node.find_child("Vpc3")
    addresses = elb.ApplicationTargetGroup(place, "Addresses", vpc=vpc, port=80, target_type=elb.TargetType.IP)
    alone = elb.ApplicationTargetGroup(place, "Alone", vpc=vpc, port=80, target_type=elb.TargetType.INSTANCE)

    messages = [refused(targets=[addresses]), refused(targets=[alone], requests_per_target=100)]

    assert messages == [
        "'targets' is Plenty/Addresses, which is of type ip; allowed: target groups of instances, because Auto Scaling "
        f"registers instances by their ids, not by addresses or as functions ({GUIDE}attach-load-balancer-asg.html)",
        "'targets' is Plenty/Alone, which no listener leads to yet; allowed: a target group that a listener was given "
        f"before, because requests are counted by the load balancer ({GUIDE}as-scaling-target-tracking.html)",
    ]


@pytest.mark.capability("CMP-01")
@pytest.mark.parametrize("cls", [Fleet, ZonalFleets])
def test_a_type_tells_the_processor_that_the_image_is_for(refused, cls):
    messages = [
        refused(cls, instance_types=types) for types in (("m7g",), (cdk.Fn.ref("Type"),), ("m7g.large", "m7i.large"))
    ]

    assert messages == [
        "'instance_types' is ['m7g']; allowed: types such as m7g.large, because the processor is told by the family, "
        "and the image goes by it (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html)",
        "'instance_types' is a token; allowed: types known at synth, or an 'image' of your own, because the image that "
        "is taken by default goes by the processor",
        "'instance_types' is ['m7g.large', 'm7i.large']; allowed: types of one processor architecture, because one "
        f"image starts them all ({GUIDE}ec2-auto-scaling-mixed-instances-groups.html)",
    ]


@pytest.mark.capability("CMP-11")
def test_a_group_is_not_shifted_away_from_requests_that_stay(place, refused):
    vpc = place.node.find_child("Vpc3")
    staying = elb.NetworkTargetGroup(place, "Staying", vpc=vpc, port=80, cross_zone_enabled=False)

    message = refused(targets=[staying])

    assert message == (
        "'zonal_shift' is True, with Plenty/Staying not balanced across zones; allowed: False, because Auto Scaling "
        "refuses to make a group ready for zonal shift while a load balancer keeps requests in their zone: what is "
        f"left of the group would be out of balance with them ({GUIDE}ec2-auto-scaling-zonal-shift.html)"
    )
    Fleet(place, "Stays", vpc=vpc, minimum=2, maximum=4, targets=[staying], zonal_shift=False)


@pytest.mark.capability("CMP-15")
def test_alarms_cannot_roll_back_to_an_image_that_is_chosen_at_launch(place, refused):
    alarm = cloudwatch.Alarm.from_alarm_arn(place, "Alarm", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors")
    image = ec2.MachineImage.resolve_ssm_parameter_at_launch("/shop/image")

    messages = [
        refused(refresh=InstanceRefresh(alarms=[alarm]), image=image),
        refused(refresh=InstanceRefresh(alarms=[alarm] * 11)).replace("Plenty/Alarm, ", ""),
    ]

    assert messages == [
        "'refresh.alarms' is [Plenty/Alarm]; allowed: left out, or an 'image' that is known when the stack is "
        "deployed, because what is rolled back to must be an image: a parameter that is read at launch gives the new "
        f"one again ({GUIDE}instance-refresh-rollback.html)",
        "'refresh.alarms' is [Plenty/Alarm]; allowed: 10 or fewer, because a refresh is watched by at most 10 alarms "
        f"({API}API_RefreshPreferences.html)",
    ]


@pytest.mark.capability("CMP-12")
def test_each_zone_has_one_subnet_and_no_second(refused):
    lines = refused(ZonalFleets, zones=6).splitlines()

    assert [line.split(";")[0] for line in lines] == [
        f"'subnets' is 2 subnets in eu-west-1{zone}" for zone in ("a", "b", "c")
    ]
    assert lines[0].split("; ")[1].split(" (https")[0] == (
        "allowed: one subnet in each zone, such as SubnetSelection(subnet_type=..., one_per_az=True), because each "
        "group is pinned to one zone by its one subnet"
    )


def test_nobody_watches_targets_that_do_not_exist(place):
    vpc = place.node.find_child("Vpc3")
    fleets = ZonalFleets(place, "Unasked", vpc=vpc, minimum=2, maximum_per_zone=4)
    balancer = elb.NetworkLoadBalancer(
        place, "Balancer", vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
    )

    with pytest.raises(InvalidOptions) as error:
        fleets.watch(balancer)

    assert str(error.value) == (
        "Plenty/Unasked: 'port' is not given; allowed: the port that a load balancer asks, when its targets are "
        "watched, because healthy hosts are counted in a target group"
    )


def test_a_network_without_private_subnets_is_refused(place):
    vpc = ec2.Vpc.from_vpc_attributes(place, "Empty", vpc_id="vpc-0", availability_zones=list(ZONES))

    with pytest.raises(InvalidOptions) as error:
        Fleet(place, "Nowhere", vpc=vpc, minimum=3, maximum=24)

    assert str(error.value) == (
        "Plenty/Nowhere: 'vpc' is a VPC without subnets of that kind; allowed: private subnets with a way out in 2 "
        "zones or more, or 'subnets' that exist, because instances have no public address"
    )


def test_spot_alone_costs_a_written_reason(place):
    vpc = place.node.find_child("Vpc3")

    fleet = Fleet(
        place, "Batch", vpc=vpc, minimum=3, maximum=24, instance_types=TYPES, spot=Spot(base=0),
        spot_only_because="jobs start over",
    )  # fmt: skip

    reasons = cdk.Stack.of(fleet).template_options.metadata["cdk-standby:weakened"]
    assert reasons["Plenty/Batch"] == {"spot_only": "jobs start over"}


durations = st.sampled_from(
    [
        None,
        minutes(1),
        minutes(10),
        cdk.Duration.days(3),
        cdk.Duration.days(400),
        cdk.Duration.millis(1500),
        cdk.Duration.minutes(cdk.Token.as_number({"Ref": "Minutes"})),
    ]
)
numbers = st.none() | st.integers(-1, 30)
hooks = st.lists(st.sampled_from([READY, DRAIN]), max_size=2)
pools = st.none() | st.builds(
    WarmPool, state=st.sampled_from(["Stopped", "Hibernated", ""]), minimum=st.integers(-1, 4), prepared=numbers
)
sizes = st.builds(
    ScheduledSize,
    name=st.sampled_from(["day", "night", ""]),
    cron=st.sampled_from([None, "0 6 * * *", "*/5 0-6,22 1 JAN-MAR MON", "60 0 * * *", "0 6 * * FRI-MON-SUN", "x"]),
    at=st.sampled_from([None, LATER, "2026-13-01T00:00:00Z"]),
    until=st.sampled_from([None, EARLIER, LATER]),
    time_zone=st.sampled_from(["UTC", "Asia/Tokyo", ""]),
    minimum=numbers,
    desired=numbers,
    maximum=numbers,
)
spots = st.none() | st.builds(
    Spot,
    base=numbers,
    on_demand_percent=st.integers(-1, 101),
    strategy=st.sampled_from(["capacity-optimized", "price-capacity-optimized", "lowest-price"]),
)
refreshes = st.none() | st.builds(
    InstanceRefresh,
    strategy=st.sampled_from(["Rolling", "ReplaceRootVolume", ""]),
    min_healthy=st.integers(-1, 101),
    max_healthy=st.integers(99, 201),
    checkpoints=st.lists(st.integers(0, 101), max_size=3),
    checkpoint_delay=durations,
    bake_time=durations,
)
forecasts = st.none() | st.builds(
    PredictiveScaling,
    metric=st.sampled_from(["cpu", "network-in", "requests", ""]),
    target=st.integers(-1, 200),
    ahead=durations,
    beyond_maximum_percent=numbers,
)
anything = st.fixed_dictionaries(
    {"minimum": st.integers(-1, 12), "maximum": st.integers(0, 40)},
    optional={
        "boot_time": durations,
        "maximum_lifetime": durations,
        "hooks": hooks,
        "warm_pool": pools,
        "schedule": st.lists(sizes, max_size=2),
        "spot": spots,
        "spot_only_because": st.sampled_from([None, "a lab", ""]),
        "instance_types": st.sampled_from([TYPES, TYPES[:1], ("m7i.large", "m7g.large"), (), ("large",)]),
        "volume_gib": st.sampled_from([0, 8, 70_000]),
        "network_in_target": st.sampled_from([None, 0, 1e9]),
        "distribution": st.sampled_from(["balanced-only", "reservations-then-balanced", ""]),
        "capacity_reservations": st.sampled_from([None, CapacityReservations(preference="none")]),
        "refresh": refreshes,
        "predictive": forecasts,
        "cpu_target": st.sampled_from([None, 40, 101]),
        "retain_abandoned": st.booleans(),
        "termination_policies": st.lists(st.sampled_from(["Default", "OldestInstance", "x"]), max_size=2),
        "group_protection": st.sampled_from(["prevent-force-deletion", "prevent-all-deletion", ""]),
    },
)
zonal = st.fixed_dictionaries(
    {"minimum": st.integers(-1, 12), "maximum_per_zone": st.integers(0, 20)},
    optional={
        "port": st.sampled_from([None, 0, 80]),
        "protocol": st.sampled_from(["HTTP", "TCP", "UDP"]),
        "health_path": st.sampled_from(["/", "", "x"]),
        "targets_each": st.booleans(),
        "boot_time": durations,
        "hooks": hooks,
        "warm_pool": pools,
        "refresh": refreshes,
        "cpu_target": st.sampled_from([None, 40, 0]),
        "deletable_because": st.sampled_from([None, "a lab", ""]),
    },
)
reasonable = st.fixed_dictionaries(
    {"minimum": st.integers(0, 12), "maximum": st.integers(30, 40)},
    optional={
        "boot_time": st.sampled_from([minutes(1), minutes(30)]),
        "schedule": st.sampled_from([(), (ScheduledSize(name="day", cron="0 6 * * *", minimum=20),)]),
        "hooks": st.sampled_from([(), (READY, DRAIN)]),
        "refresh": st.sampled_from([None, InstanceRefresh(min_healthy=50, max_healthy=150, checkpoints=[50, 100])]),
    },
)


@pytest.fixture(scope="module")
def attempt(place: cdk.Stack) -> Callable[..., Any]:
    """A fleet with these options, or None when they were refused."""

    def build(options: dict[str, Any], cls: type[Any] = Fleet) -> Any:
        try:
            return cls(place, f"Any{len(place.node.children)}", vpc=place.node.find_child("Vpc3"), **options)
        except InvalidOptions as refused:
            return None if refused.problems else pytest.fail("refused without a reason")

    return build


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(options=anything)
def test_any_options_make_a_fleet_that_survives_a_zone_or_are_refused(attempt, options):
    fleet = attempt(options)

    assert fleet is None or left_after_zone_loss(fleet.running, 3) >= options["minimum"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(options=reasonable)
def test_reasonable_options_make_a_fleet(attempt, options):
    fleet = attempt(options)

    assert fleet is not None
    assert left_after_zone_loss(fleet.running, 3) >= options["minimum"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(options=zonal)
def test_any_options_make_zones_that_stand_for_each_other_or_are_refused(attempt, options):
    fleets = attempt(options, ZonalFleets)

    assert fleets is None or 2 * fleets.running_per_zone >= options["minimum"]
