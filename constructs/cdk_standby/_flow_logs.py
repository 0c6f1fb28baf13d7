"""Who talked to whom: the flow logs of a VPC, encrypted, kept for a while."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

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
        ec2.FlowLog(
            self,
            "Log",
            resource_type=ec2.FlowLogResourceType.from_vpc(vpc),
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(self.group, role.without_policy_updates()),
        ).node.add_dependency(policy)

    def _writer(self) -> tuple[iam.Role, iam.ManagedPolicy]:
        """The role that writes: what the CDK would grant inline, as a managed policy that can be reviewed."""
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
        actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        write = iam.PolicyStatement(actions=actions, resources=[self.group.log_group_arn])
        return role, iam.ManagedPolicy(self, "Policy", roles=[role], statements=[write])
