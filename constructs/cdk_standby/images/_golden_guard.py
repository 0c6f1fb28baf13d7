"""What watches over images: messages about builds that fail, and the function that protects the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import images as facts

from .._alarms import AlarmSpec
from ..alarm_topic import AlarmTopic
from ._functions import function
from ._golden_parts import IMAGE_TAG

CODE = Path(__file__).parent / "guard_function"
_STATE, _DISABLED = facts.EVENTS.value


def tell_of_builds(scope: Construct, name: str, topic: AlarmTopic | None) -> list[events.Rule]:
    """Tell of builds that failed or were cancelled, and of a pipeline that Image Builder gave up on."""
    failed = _rule(scope, "Failed", f"Builds of {name} that failed", _STATE, f"image/{name}/", "FAILED", "CANCELLED")
    disabled = _rule(scope, "Disabled", f"The pipeline of {name} was disabled", _DISABLED, f"image-pipeline/{name}")
    if topic is not None:
        status = events.EventField.from_path("$.detail.state.status")
        arn = events.EventField.from_path("$.resources[0]")
        text = f"Image {name}: {status}, {arn}. The last good image stays in use in every Region; see the build's log."
        topic.notify_of(failed, events.RuleTargetInput.from_text(text))
        text = f"Image {name}: Image Builder disabled the pipeline after failed builds. Nothing is patched until "
        topic.notify_of(disabled, events.RuleTargetInput.from_text(text + "it is enabled again."))
    return [failed, disabled]


def guard(
    scope: Construct,
    *,
    name: str,
    regions: Sequence[str],
    protected: int,
    key: kms.IKey,
    retention: logs.RetentionDays,
) -> lambda_.Function:
    """Protects the newest images from deregistration whenever there is another one."""
    images = f"arn:{Aws.PARTITION}:ec2:*::image/*"
    mine = {"StringEquals": {f"aws:ResourceTag/{IMAGE_TAG}": name}}
    change = ["ec2:EnableImageDeregistrationProtection", "ec2:DisableImageDeregistrationProtection"]
    made = function(
        scope,
        "Guard",
        code=CODE,
        handler="guard.handler",
        timeout=Duration.minutes(5),
        environment={
            "IMAGE": name,
            "IMAGE_TAG": IMAGE_TAG,
            "REGIONS": ",".join(regions),
            "PROTECTED": str(protected),
        },
        may=[
            iam.PolicyStatement(actions=["ec2:DescribeImages"], resources=["*"]),
            iam.PolicyStatement(actions=change, resources=[images], conditions=mine),
        ],
        key=key,
        retention=retention,
        says=f"Protects the newest images of {name}",
        wildcards={
            "*": "EC2 describes images only all at once",
            "arn:<AWS::Partition>:ec2:*::image/*": "images of any Region, by the tag that the condition names",
        },
    )
    available = _rule(scope, "Available", f"Images of {name} that are there", _STATE, f"image/{name}/", "AVAILABLE")
    available.add_target(targets.LambdaFunction(made, retry_attempts=2))
    return made


def guard_alarms(guarding: lambda_.Function) -> Iterator[AlarmSpec]:
    """The function failed: images are unprotected, or cannot be deleted when their time has come."""
    yield AlarmSpec(
        name="GuardErrors",
        metric=guarding.metric_errors(period=Duration.minutes(5), statistic=cloudwatch.Stats.SUM),
        threshold=0,
        says="images could not be protected, or let go: the function's log names the Region; the next build repeats it",
        periods=1,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def _rule(scope: Construct, id: str, says: str, kind: str, resource: str, *statuses: str) -> events.Rule:
    prefix = Stack.of(scope).format_arn(service="imagebuilder", resource=resource)
    return events.Rule(
        scope,
        id,
        description=says,
        event_pattern=events.EventPattern(
            source=["aws.imagebuilder"],
            detail_type=[kind],
            resources=events.Match.prefix(prefix),
            detail={"state": {"status": list(statuses)}} if statuses else None,
        ),
    )
