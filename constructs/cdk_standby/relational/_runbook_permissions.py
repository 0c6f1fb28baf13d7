"""What the runbooks of a database may do: act on this one, look at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..alarm_topic import AlarmTopic
from ._operated import Operated
from ._parts import accept

_LOOK = (
    "cloudwatch:GetMetricStatistics",
    "rds:DescribeBlueGreenDeployments",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeGlobalClusters",
)
_ACT: Mapping[str, tuple[str, ...]] = {
    "PromoteReplica": ("rds:ModifyDBInstance", "rds:PromoteReadReplica"),
    "FailOver": ("rds:FailoverDBCluster", "rds:RebootDBInstance"),
    "GlobalSwitchover": ("rds:SwitchoverGlobalCluster",),
    "GlobalFailover": ("rds:FailoverGlobalCluster",),
}
"""On the database itself, and on its global one."""
_GREEN = (
    "rds:AddTagsToResource",
    "rds:CreateBlueGreenDeployment",
    "rds:CreateDBCluster",
    "rds:CreateDBClusterEndpoint",
    "rds:CreateDBInstance",
    "rds:CreateDBInstanceReadReplica",
    "rds:DeleteBlueGreenDeployment",
    "rds:ModifyDBCluster",
    "rds:ModifyDBInstance",
    "rds:PromoteReadReplica",
    "rds:SwitchoverBlueGreenDeployment",
)
"""On the database, its deployments and what they are made with.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-authorizing-access.html
"""
_DELETE = ("rds:DeleteDBCluster", "rds:DeleteDBClusterEndpoint", "rds:DeleteDBInstance")
"""On green, and on what was blue: never on a name that production has."""
_BECAUSE = "AWS makes up the rest of these names: green ones, old ones, deployments, snapshots, executions"


def role(
    scope: Construct, target: Operated, global_cluster: str | None, runbooks: Iterable[str], asked: AlarmTopic | None
) -> iam.Role:
    """A role for Automation in this account and Region."""
    stack, wanted = Stack.of(scope), set(runbooks)
    statements = [iam.PolicyStatement(actions=list(_LOOK), resources=["*"])]
    if direct := sorted({action for name in wanted for action in _ACT.get(name, ())}):
        container = f"arn:{Aws.PARTITION}:rds::{Aws.ACCOUNT_ID}:global-cluster:{global_cluster}"
        on = [target.arn, *([container] if global_cluster else [])]
        statements.append(iam.PolicyStatement(actions=direct, resources=on))
    if any(name.startswith("BlueGreen") for name in wanted):
        statements += _blue_green(stack, target)
    if asked is not None:
        use = ["kms:Decrypt", "kms:GenerateDataKey"]  # the topic is encrypted, and who publishes needs its key
        statements.append(iam.PolicyStatement(actions=["sns:Publish"], resources=[asked.topic.topic_arn]))
        statements.append(iam.PolicyStatement(actions=use, resources=[asked.key.key_arn]))
    policy = iam.ManagedPolicy(scope, "Policy", statements=statements)
    for text in sorted({text for one in statements for text in _wildcards(stack, one)}):
        accept(policy, _BECAUSE, f"AwsSolutions::AwsSolutions-IAM5[Resource::{text}]")
    runs = stack.format_arn(service="ssm", resource="automation-execution", resource_name="*")
    mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": runs}}
    automation = iam.ServicePrincipal("ssm.amazonaws.com", conditions=mine)
    return iam.Role(scope, "Role", assumed_by=automation, managed_policies=[policy])


def _blue_green(stack: Stack, target: Operated) -> list[iam.PolicyStatement]:
    def arn(kind: str, name: str) -> str:
        return stack.format_arn(
            service="rds", resource=kind, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )

    kind = "cluster" if target.kind == "cluster" else "db"
    names = [(kind, target.identifier), *(("db", member) for member in target.member_names)]
    blue = [arn(kind, name) for kind, name in names]
    others = [arn(kind, f"{name}-{end}") for kind, name in names for end in ("green-*", "old1")]
    parts = [arn(kind, "*") for kind in ("deployment", "pg", "cluster-pg", "og", "subgrp", "cluster-endpoint")]
    last = [arn(kind, f"{target.identifier}-old1-last") for kind in ("snapshot", "cluster-snapshot")]
    return [
        iam.PolicyStatement(actions=list(_GREEN), resources=[*blue, *others, *parts]),
        iam.PolicyStatement(
            actions=[*_DELETE, "rds:CreateDBClusterSnapshot", "rds:CreateDBSnapshot"],
            resources=[*others, *last, arn("cluster-endpoint", "*")],
        ),
    ]


def _wildcards(stack: Stack, statement: iam.PolicyStatement) -> list[str]:
    texts = [shown_arn(stack.resolve(resource)) for resource in statement.resources]
    return [text for text in texts if "*" in text]


def shown_arn(resolved: Any) -> str:
    """An ARN as cdk-nag writes it: references in angle brackets."""
    if isinstance(resolved, str):
        return resolved
    given = cast("Mapping[str, Any]", resolved)
    if "Ref" in given:
        return f"<{given['Ref']}>"
    if "Fn::GetAtt" in given:
        return "<" + ".".join(given["Fn::GetAtt"]) + ">"
    between, parts = given["Fn::Join"]
    return str(between).join(map(shown_arn, parts))
