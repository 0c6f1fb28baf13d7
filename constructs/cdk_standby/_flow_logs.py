"""Who talked to whom: the flow logs of a VPC, encrypted, kept for a while."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from ._roles import role_for
from .keys import DataKey, allow_logs


class FlowLogs(Construct):
    """All traffic of a VPC, accepted and rejected, in a log group of its own that outlives the stack."""

    group: logs.LogGroup
    key: kms.IKey

    def __init__(
        self, scope: Construct, id: str, *, vpc: ec2.IVpc, retention: logs.RetentionDays, key: kms.IKey | None
    ) -> None:
        """Log the traffic of `vpc`; without a key, one is made."""
        super().__init__(scope, id)
        self.key = key or DataKey(self, "Key").key
        allow_logs(self.key)
        self.group = logs.LogGroup(
            self, "Group", encryption_key=self.key, retention=retention, removal_policy=RemovalPolicy.RETAIN
        )
        role, policy = self._writer()
        ec2.CfnFlowLog(
            self,
            "Log",
            resource_id=vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=self.group.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
        ).node.add_dependency(policy)

    def _writer(self) -> tuple[iam.IRole, iam.ManagedPolicy]:
        """The role that writes; what the L2 grants in an inline policy stands in a managed one."""
        role = role_for(self, "Role", "vpc-flow-logs")
        actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        write = iam.PolicyStatement(actions=actions, resources=[self.group.log_group_arn])
        return role, iam.ManagedPolicy(self, "Policy", roles=[role], statements=[write])
