"""Plans, experiments, policies and functions to read the templates of, and what they are made of."""

from __future__ import annotations

from datetime import timedelta

from aws_cdk import Duration, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby.resilience.data_steps import AuroraWriter, ReadReplica
from cdk_standby.resilience.fault_experiments import FaultExperiments
from cdk_standby.resilience.region_switch_plan import RegionSwitchPlan
from cdk_standby.resilience.resilience_policy import ResiliencePolicy
from cdk_standby.resilience.switch_functions import GroupSize, SwitchFunctions
from cdk_standby.resilience.switch_steps import FunctionStep, GroupCapacity, HealthChecks
from cdk_standby_review.facts import region_switch as facts
from cdk_standby_review.objectives import Objectives, Recovery

REGIONS = ("eu-west-1", "eu-central-1")
PAIR = {"primary": "eu-west-1", "recovery": "eu-central-1"}
MIDDLE = "autoScalingGroup:0a1b2c3d-1111-2222-3333-444455556666:autoScalingGroupName"
GROUPS = {region: f"arn:aws:autoscaling:{region}:111111111111:{MIDDLE}/shop-{region}" for region in REGIONS}
CLUSTERS = {region: f"arn:aws:rds:{region}:111111111111:cluster:shop-{region}" for region in REGIONS}
INSTANCES = {region: f"arn:aws:rds:{region}:111111111111:db:orders-{region}" for region in REGIONS}
FUNCTIONS = {region: f"arn:aws:lambda:{region}:111111111111:function:warm-{region}" for region in REGIONS}
RECORDS = {region: f"serves-{region}" for region in REGIONS}
WARM = FunctionStep(functions=FUNCTIONS, name="WarmCaches", takes=facts.TRAFFIC)
MOVES = (
    GroupCapacity(arns=GROUPS),
    AuroraWriter(global_cluster="shop", clusters=CLUSTERS),
    WARM,
    HealthChecks(hosted_zone_id="Z1", record_name="shop.example.com", records=RECORDS),
)
ALARM = "arn:aws:cloudwatch:eu-central-1:111111111111:alarm:shop"
ERRORS = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:shop-errors"
BUCKET = "arn:aws:s3:::shop-uploads-eu-west-1"
TABLE = "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders"
SIZE = GroupSize(name="shop-service-eu-central-1", minimum=3, maximum=12)
ZONE = Recovery(rto=timedelta(minutes=5), rpo=timedelta(0))
REGION = Recovery(rto=timedelta(minutes=30), rpo=timedelta(seconds=90))
DELETION = Recovery(rto=timedelta(hours=8), rpo=timedelta(hours=24))
WHOLE = Objectives(zone=ZONE, region=REGION, deletion=DELETION)


def plans(stack: Stack) -> None:
    """One that waits for approval, one of two Regions that serve, one of a read replica."""
    alarm = cloudwatch.Alarm.from_alarm_arn(stack, "Healthy", ALARM)
    RegionSwitchPlan(
        stack,
        "Shop",
        name="shop",
        moves=MOVES,
        approval=iam.Role.from_role_arn(stack, "OnCall", "arn:aws:iam::111111111111:role/on-call"),
        timeout=Duration.minutes(20),
        rto=Duration.minutes(30),
        alarms={"shop-healthy": alarm},
        description="The shop",
        **PAIR,
    )
    RegionSwitchPlan(
        stack, "Both", name="both", moves=MOVES, approach="activeActive", alarms={"healthy": alarm}, **PAIR
    )
    RegionSwitchPlan(
        stack,
        "Orders",
        name="orders",
        moves=[ReadReplica(instances=INSTANCES)],
        no_alarms_because="a nightly batch, which nobody waits for",
        trigger_on={"lost": alarm},
        automatic_because="nobody is awake",
        **PAIR,
    )


def struck(stack: Stack) -> Construct:
    """Bare resources of every kind that is struck, and instances that are not."""
    scope = Construct(stack, "Workload")
    ec2.CfnSubnet(scope, "Subnet", vpc_id="vpc-1", cidr_block="10.0.0.0/24")
    autoscaling.CfnAutoScalingGroup(scope, "Group", min_size="1", max_size="2")
    rds.CfnDBCluster(scope, "Cluster", engine="aurora-postgresql")
    rds.CfnDBInstance(scope, "Member", db_cluster_identifier="shop")
    rds.CfnDBInstance(scope, "Pair", multi_az=True)
    rds.CfnDBInstance(scope, "Alone", multi_az=False)
    elasticache.CfnReplicationGroup(scope, "Cache", replication_group_description="shop")
    ec2.CfnVolume(scope, "Volume", availability_zone="eu-west-1a", size=8)
    return scope


def faults(stack: Stack, workload: Construct) -> None:
    """All experiments on all of it; and one on a subnet alone, which nothing stops."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    FaultExperiments(
        stack,
        "Faults",
        workload="shop",
        strikes=[workload],
        zone="eu-west-1a",
        key=key,
        other_region="eu-central-1",
        buckets=[BUCKET],
        tables=[TABLE],
        stop_on=[cloudwatch.Alarm.from_alarm_arn(stack, "Errors", ERRORS)],
    )
    FaultExperiments(
        stack,
        "Zone",
        workload="shop",
        strikes=[workload.node.find_child("Subnet")],
        zone="eu-west-1b",
        key=key,
        duration=Duration.minutes(5),
        no_stop_because="it is started in a test account only",
    )


def policies(stack: Stack) -> None:
    """A workload in two Regions that is promised everything, and one that is promised a zone."""
    ResiliencePolicy(
        stack,
        "Shop",
        name="shop",
        objectives=WHOLE,
        approach="WARM_STANDBY",
        availability=99.995,
        regions=["eu-west-1", "eu-central-1"],
        tags={"cdk-standby:experiments": "shop"},
        assertions=["The cache is empty after a failover."],
    )
    ResiliencePolicy(stack, "Zone", name="zone", objectives=Objectives(zone=ZONE))


def functions(stack: Stack) -> None:
    """Those of the Region that takes over."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    SwitchFunctions(
        stack, "Switch", workload="shop", leaves="eu-west-1", held_in="eu-central-1", groups=[SIZE], key=key
    )
