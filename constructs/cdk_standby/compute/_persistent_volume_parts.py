"""What a persistent volume is made of: the disk, a group of one, and the function that brings them together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from aws_cdk import Aws, CfnTag, Duration, Names, RemovalPolicy, Tags
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._alarms import AlarmSpec
from .._named_zones import zone_is_meant, zones_are_meant
from .._reasons import tag_value
from ..images._functions import function
from ..relational._parts import NIST, accept

CODE = Path(__file__).parent / "persistent_volume_function"
DEVICE = "/dev/sdf"
TAG = "cdk-standby:persistent-volume"
"""On the volume, the group and its instances; permissions and snapshots go by it."""
PATIENCE = Duration.minutes(10)
HEARTBEAT = Duration.minutes(15)
"""How long an instance waits for its volume before the group gives it up."""
_CREATE = "EC2 Instance-launch Lifecycle Action"


def tag_of(scope: Construct) -> str:
    """By which all parts know each other."""
    return tag_value(scope.node.path)


def disk(
    scope: Construct,
    *,
    zone: str,
    key: kms.IKey,
    size_gib: int,
    volume_type: str,
    iops: int | None,
    throughput: int | None,
    snapshot: str | None,
    deletable: bool,
) -> ec2.CfnVolume:
    """The data. Nothing that happens to an instance or a stack deletes it."""
    volume = ec2.CfnVolume(
        scope,
        "Volume",
        availability_zone=zone,
        size=size_gib,
        volume_type=volume_type,
        iops=iops,
        throughput=throughput,
        snapshot_id=snapshot,
        encrypted=True,
        kms_key_id=key.key_arn,
        tags=[CfnTag(key="Name", value=tag_of(scope)), CfnTag(key=TAG, value=tag_of(scope))],
    )
    volume.apply_removal_policy(RemovalPolicy.SNAPSHOT if deletable else RemovalPolicy.RETAIN)
    zones_are_meant(scope, "a volume and its instance stand in the zone that was chosen")
    zone_is_meant(volume)
    accept(volume, "its snapshots are made by Data Lifecycle Manager, by its tag", NIST + "EC2EBSInBackupPlan")
    return volume


def group_of_one(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    subnets: ec2.SubnetSelection,
    template: ec2.LaunchTemplate,
    boot_time: Duration,
    paused: bool,
) -> autoscaling.AutoScalingGroup:
    """One instance, in one zone; the old one ends before the next begins, since a volume has one holder."""
    group = autoscaling.AutoScalingGroup(
        scope,
        "Group",
        vpc=vpc,
        vpc_subnets=subnets,
        launch_template=template,
        min_capacity=0 if paused else 1,
        max_capacity=0 if paused else 1,
        group_metrics=[autoscaling.GroupMetrics.all()],
        default_instance_warmup=boot_time,
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[autoscaling.AdditionalHealthCheckType.EBS], grace_period=boot_time
        ),
        update_policy=autoscaling.UpdatePolicy.instance_refresh(
            strategy=autoscaling.InstanceRefreshStrategy.ROLLING,
            min_healthy_percentage=0,
            max_healthy_percentage=100,
            instance_warmup=boot_time,
            skip_matching=True,
        ),
    )
    resource = cast("autoscaling.CfnAutoScalingGroup", group.node.default_child)
    resource.instance_maintenance_policy = autoscaling.CfnAutoScalingGroup.InstanceMaintenancePolicyProperty(
        min_healthy_percentage=0, max_healthy_percentage=100
    )
    resource.lifecycle_hook_specification_list = [  # within the group, so that not even its first launch misses it
        autoscaling.CfnAutoScalingGroup.LifecycleHookSpecificationProperty(
            lifecycle_hook_name=hook_name(scope),
            lifecycle_transition="autoscaling:EC2_INSTANCE_LAUNCHING",
            default_result="ABANDON",
            heartbeat_timeout=HEARTBEAT.to_seconds(),
        )
    ]
    Tags.of(group).add(TAG, tag_of(scope))
    accept(
        group,
        "its volume stands in this zone; when the zone is lost, a snapshot is restored in another one",
        "cdk-standby::autoscaling-single-zone",
    )
    accept(
        group,
        "launches and terminations are ordinary and stand in EventBridge; alarms tell of what somebody has to know",
        "AwsSolutions::AwsSolutions-AS3",
    )
    return group


def hook_name(scope: Construct) -> str:
    """Known before the group is, so that the rule can be there first."""
    return f"{Names.unique_resource_name(scope, max_length=48, separator='-')}-attach"


def attaching(
    scope: Construct, volume: ec2.CfnVolume, key: kms.IKey, retention: logs.RetentionDays
) -> tuple[lambda_.Function, events.Rule]:
    """The function that hands the volume over, and what calls it."""
    instances = f"arn:{Aws.PARTITION}:ec2:{Aws.REGION}:{Aws.ACCOUNT_ID}:instance/*"
    groups = f"arn:{Aws.PARTITION}:autoscaling:{Aws.REGION}:{Aws.ACCOUNT_ID}:autoScalingGroup:*"
    made = function(
        scope,
        "Attach",
        code=CODE,
        handler="attach.handler",
        timeout=Duration.minutes(14),
        environment={
            "VOLUME": volume.ref,
            "DEVICE": DEVICE,
            "PATIENCE": str(PATIENCE.to_seconds()),
        },
        may=_permissions(scope, volume, key, instances, groups),
        key=key,
        retention=retention,
        says=f"Hands the volume of {scope.node.path} to each new instance",
        wildcards={
            "*": "EC2 and Auto Scaling describe things only all at once",
            instances.replace(Aws.PARTITION, "<AWS::Partition>")
            .replace(Aws.REGION, "<AWS::Region>")
            .replace(Aws.ACCOUNT_ID, "<AWS::AccountId>"): "instances by the tag that the condition names",
            groups.replace(Aws.PARTITION, "<AWS::Partition>")
            .replace(Aws.REGION, "<AWS::Region>")
            .replace(Aws.ACCOUNT_ID, "<AWS::AccountId>"): "a group by the tag that the condition names",
        },
    )
    rule = events.Rule(
        scope,
        "Launched",
        description=f"Launches of {scope.node.path}",
        event_pattern=events.EventPattern(
            source=["aws.autoscaling"], detail_type=[_CREATE], detail={"LifecycleHookName": [hook_name(scope)]}
        ),
        targets=[targets.LambdaFunction(made, retry_attempts=2, max_event_age=HEARTBEAT)],
    )
    return made, rule


def _permissions(
    scope: Construct, volume: ec2.CfnVolume, key: kms.IKey, instances: str, groups: str
) -> list[iam.PolicyStatement]:
    disk_arn = f"arn:{Aws.PARTITION}:ec2:{Aws.REGION}:{Aws.ACCOUNT_ID}:volume/{volume.ref}"
    mine = {"StringEquals": {f"aws:ResourceTag/{TAG}": tag_of(scope)}}
    move = ["ec2:AttachVolume", "ec2:DetachVolume"]
    use = ["kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
    for_volumes = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    look = ["autoscaling:DescribeAutoScalingInstances", "ec2:DescribeInstances", "ec2:DescribeVolumes"]
    return [
        iam.PolicyStatement(actions=move, resources=[disk_arn]),
        iam.PolicyStatement(actions=move, resources=[instances], conditions=mine),
        iam.PolicyStatement(actions=["autoscaling:CompleteLifecycleAction"], resources=[groups], conditions=mine),
        iam.PolicyStatement(actions=look, resources=["*"]),
        iam.PolicyStatement(actions=use, resources=[key.key_arn]),
        iam.PolicyStatement(actions=["kms:CreateGrant"], resources=[key.key_arn], conditions=for_volumes),
    ]


def alarms(
    group: autoscaling.AutoScalingGroup, volume: ec2.CfnVolume, attach: lambda_.Function, *, paused: bool
) -> Iterator[AlarmSpec]:
    """Nothing serves, the volume could not be handed over, or it hangs."""
    minute = Duration.minutes(1)
    yield AlarmSpec(
        name="NotInService",
        metric=cloudwatch.Metric(
            namespace="AWS/AutoScaling",
            metric_name="GroupInServiceInstances",
            dimensions_map={"AutoScalingGroupName": group.auto_scaling_group_name},
            statistic="Minimum",
            period=minute,
        ),
        threshold=0 if paused else 1,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=10,
        says="no instance has served for ten minutes; if its zone is gone, restore a snapshot in another one",
    )
    yield AlarmSpec(
        name="AttachErrors",
        metric=attach.metric_errors(period=Duration.minutes(5), statistic="Sum"),
        threshold=0,
        periods=1,
        says="the volume could not be handed to a new instance: does another one still hold it?",
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    yield AlarmSpec(
        name="VolumeStalled",
        metric=cloudwatch.Metric(
            namespace="AWS/EBS",
            metric_name="VolumeStalledIOCheck",
            dimensions_map={"VolumeId": volume.ref},
            statistic="Maximum",
            period=minute,
        ),
        threshold=0,
        says="the volume answers nothing; the group replaces the instance, and AWS repairs the volume",
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
