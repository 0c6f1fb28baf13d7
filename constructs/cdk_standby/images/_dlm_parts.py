"""What every policy of Data Lifecycle Manager is made with: a role, keys, tags, and alarms."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import CfnTag, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import volumes as facts

from .._alarms import AlarmSpec
from .._checks import Problem, Rule, shown
from .._roles import service
from ..alarm_topic import AlarmTopic
from ..relational._parts import accept
from ..relational._rules import of_the_region
from ._copies import SnapshotCopy, bad_keys, bad_regions, bad_retention

POLICIES = {False: "AWSDataLifecycleManagerServiceRole", True: "AWSDataLifecycleManagerServiceRoleForAMIManagement"}
_ALARMS_SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_ENCRYPT = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo")
_DATA_KEYS = ("kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")
_LONGEST_LOOK = 7
"""Days that an alarm can look back."""
RULES = (
    of_the_region("key", "a volume and its snapshots are encrypted with a key of their Region", facts.COPY_KEYS.source),
    of_the_region("alarms", "alarms tell topics of their own Region only", _ALARMS_SOURCE),
    Rule(
        option="copies",
        reads=("one_region_because",),
        broken=lambda o: bool(o["copies"]) == (o["one_region_because"] is not None),
        allowed="one copy in another Region or more, or 'one_region_because'",
        why="what is in one Region is lost with it",
        source="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
    ),
)


def role(scope: Construct, *, images: bool, key: kms.IKey, copies: Sequence[SnapshotCopy]) -> iam.Role:
    """What Data Lifecycle Manager assumes, here and with the keys of the other Regions."""
    name = f"service-role/{POLICIES[images]}"
    keys = iam.ManagedPolicy(
        scope,
        "Keys",
        description=f"The keys of {scope.node.path}",
        statements=_statements([key.key_arn, *(copy.key for copy in copies)]),
    )
    made = iam.Role(
        scope,
        "Role",
        assumed_by=service("dlm"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name), keys],
    )
    because = "Data Lifecycle Manager needs exactly this policy, and AWS keeps it in step with what it does"
    accept(made, because, f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]")
    return made


def _statements(keys: Sequence[str]) -> list[iam.PolicyStatement]:
    grants = iam.PolicyStatement(
        actions=["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        resources=list(keys),
        conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
    )
    return [iam.PolicyStatement(actions=[*_ENCRYPT, *_DATA_KEYS], resources=list(keys)), grants]


def cfn_tags(tags: Mapping[str, str]) -> list[CfnTag]:
    """In a lasting order."""
    return [CfnTag(key=key, value=value) for key, value in sorted(tags.items())]


def description(path: str) -> str:
    """A text in the characters that Data Lifecycle Manager takes."""
    return re.sub(r"[^0-9A-Za-z _-]+", " ", path)[:500]


def problems(where: str, tags: Mapping[str, str], copies: Sequence[SnapshotCopy], region: str) -> Iterator[Problem]:
    """What is wrong with tags and copies."""
    if len(tags) not in facts.TARGET_TAGS.value or any(key.startswith("aws:") or not key for key in tags):
        yield Problem(
            where=where,
            option="tags",
            got=shown([f"{key}={value}" for key, value in tags.items()]),
            allowed="1 to 50 tags, none of which begins with 'aws:'",
            why=facts.TARGET_TAGS.says,
            source=facts.TARGET_TAGS.source,
        )
    if len(copies) not in facts.COPIES.value:
        yield Problem(
            where=where,
            option="copies",
            got=f"{len(copies)} Regions",
            allowed="3 Regions or fewer",
            why=facts.COPIES.says,
            source=facts.COPIES.source,
        )
    yield from bad_regions(where, "copies", copies, region)
    yield from bad_keys(where, "copies", copies, aliases=False)
    yield from bad_retention(where, "copies", copies)


def alarms(policy_id: str, interval: float | None, *, images: bool, copied: bool) -> Iterator[AlarmSpec]:
    """A policy that fails, and one that does nothing because its tag meets nothing."""
    kind = "Images" if images else "Snapshots"
    what = kind.lower()
    yield _failed(policy_id, f"{kind}CreateFailed", "CreateFailed", f"{what} could not be made: see the policy's state")
    days = None if interval is None else math.ceil(interval / 86_400)
    if days is not None and days <= _LONGEST_LOOK:
        says = f"no {what} were made for {days} days: does anything carry the tag, and is the policy enabled?"
        metric = _metric(policy_id, f"{kind}CreateCompleted", Duration.days(1))
        yield AlarmSpec(
            name="NoneMade",
            metric=metric,
            threshold=1,
            says=says,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            periods=days,
        )
    if copied:
        says = f"{what} could not be copied to another Region within a day: may the role use the key there?"
        yield _failed(policy_id, f"{kind}CopiedRegionFailed", "CopyFailed", says)


def _failed(policy_id: str, metric: str, name: str, says: str) -> AlarmSpec:
    return AlarmSpec(
        name=name,
        metric=_metric(policy_id, metric, Duration.minutes(5)),
        threshold=0,
        says=says,
        periods=1,
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
    )


def _metric(policy_id: str, name: str, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/EBS",
        metric_name=name,
        dimensions_map={facts.METRICS.value: policy_id},
        statistic="Sum",
        period=period,
    )


def placed(region: str, key: kms.IKey, topic: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    regions = {"key": key.env.region, "alarms": Stack.of(topic).region if topic else None}
    paths = {"key": key.node.path, "alarms": topic.node.path if topic else None}
    return {"region": region, "regions": regions, "kind": "policy", **paths}
