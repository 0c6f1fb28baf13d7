"""The function that launches a cluster in another zone, and what it reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from .._alarms import AlarmSpec
from .._roles import service
from ..keys import allow_logs
from ..relational._parts import NIST, accept
from ..tables._replicator_parts import NOT_CODE, RUNTIME
from ._emr_parts import as_shown

_CODE = Path(__file__).parent / "relaunch_function"
_ENDED = "TERMINATED_WITH_ERRORS"


class Relaunch(Construct):
    """Launches a cluster in another zone when the one that was there ends with errors, or a person says it is lost."""

    plan: ssm.CfnParameter
    """What is launched, and the zones of its subnets."""
    function: lambda_.Function
    rule: events.Rule

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        request: Mapping[str, Any],
        zones: Mapping[str, str],
        key: kms.IKey,
        roles: Mapping[str, iam.Role],
        log_retention: logs.RetentionDays,
        automatic: bool,
    ) -> None:
        """`roles` are the two that the function passes on, by the service that gets them."""
        super().__init__(scope, id)
        plan = Stack.of(self).to_json_string({"request": dict(request), "zones": dict(zones)})
        self.plan = ssm.CfnParameter(
            self,
            "Plan",
            type="String",
            tier="Intelligent-Tiering",
            value=plan,
            description=f"What is launched when {scope.node.path} is lost",
        )
        self.function = self._function(key, log_retention, roles)
        self.rule = events.Rule(
            self,
            "Ended",
            description=f"A cluster of {scope.node.path} ended with errors",
            event_pattern=events.EventPattern(
                source=["aws.emr"],
                detail_type=["EMR Cluster State Change"],
                detail={"state": [_ENDED], "name": [request["Name"]]},
            ),
        )
        if automatic:
            target = targets.LambdaFunction(self.function, retry_attempts=10, max_event_age=Duration.hours(2))
            self.rule.add_target(cast("events.IRuleTarget", target))

    def alarm(self) -> AlarmSpec:
        """A relaunch that failed."""
        return AlarmSpec(
            name="NotRelaunched",
            metric=self.function.metric_errors(period=Duration.minutes(1), statistic="Sum"),
            threshold=0,
            periods=1,
            missing=cloudwatch.TreatMissingData.NOT_BREACHING,
            says="A lost cluster was not launched again: no zone is left, or EMR refused. Read the function's log.",
        )

    def _function(
        self, key: kms.IKey, retention: logs.RetentionDays, roles: Mapping[str, iam.Role]
    ) -> lambda_.Function:
        allow_logs(key)
        group = logs.LogGroup(self, "Log", encryption_key=key, retention=retention, removal_policy=RemovalPolicy.RETAIN)
        role = iam.Role(self, "Role", assumed_by=service("lambda"), description="Launches a lost cluster elsewhere")
        for statement in self._may(roles):
            role.add_to_policy(statement)
        function = lambda_.Function(
            self,
            "Function",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(_CODE), exclude=NOT_CODE),
            handler="relaunch.handler",
            description="Launches a lost EMR cluster in another zone",
            role=role,
            timeout=Duration.minutes(2),
            memory_size=256,
            reserved_concurrent_executions=1,  # two at once could each launch one
            environment={"PLAN": self.plan.ref},
            environment_encryption=key,
            tracing=lambda_.Tracing.ACTIVE,
            logging_format=lambda_.LoggingFormat.JSON,
            log_group=group,
        )
        group.grant_write(role)
        key.grant_decrypt(role)
        _accept(function, role, self._clusters())
        return function

    def _may(self, roles: Mapping[str, iam.Role]) -> list[iam.PolicyStatement]:
        stack = Stack.of(self)
        parameter = stack.format_arn(service="ssm", resource="parameter", resource_name=self.plan.ref)
        changes = [
            f"elasticmapreduce:{action}"
            for action in ("AddTags", "DescribeCluster", "SetTerminationProtection", "TerminateJobFlows")
        ]
        return [
            iam.PolicyStatement(
                actions=["elasticmapreduce:ListClusters", "elasticmapreduce:RunJobFlow"], resources=["*"]
            ),
            iam.PolicyStatement(actions=changes, resources=[self._clusters()]),
            iam.PolicyStatement(actions=["ssm:GetParameter"], resources=[parameter]),
            *(
                iam.PolicyStatement(
                    actions=["iam:PassRole"],
                    resources=[role.role_arn],
                    conditions={"StringLike": {"iam:PassedToService": f"{who}.amazonaws.com*"}},
                )
                for who, role in roles.items()
            ),
        ]

    def _clusters(self) -> str:
        return Stack.of(self).format_arn(service="elasticmapreduce", resource="cluster", resource_name="*")


def _accept(function: lambda_.Function, role: iam.Role, clusters: str) -> None:
    accept(
        function, "EventBridge repeats what failed for two hours, and the alarm NotRelaunched rings", NIST + "LambdaDLQ"
    )
    accept(function, "it calls EMR and Systems Manager, and nothing of a VPC", NIST + "LambdaInsideVPC")
    inline = "the policy belongs to this role and goes with it: nobody else is to have it"
    accept(role, inline, NIST + "IAMNoInlinePolicy")
    wild = ("*", as_shown(Stack.of(role).resolve(clusters)))
    because = "the id of a cluster is known when it runs; lists, launches and traces take no resource"
    accept(role, because, *(f"AwsSolutions::AwsSolutions-IAM5[Resource::{one}]" for one in wild))
    twice = {"config": {"ignore_checks": ["W3005"]}}  # CDK has a function wait for its role, which it refers to as well
    cast("lambda_.CfnFunction", function.node.default_child).add_metadata("cfn-lint", twice)
