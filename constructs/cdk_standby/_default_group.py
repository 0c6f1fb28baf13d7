"""The default security group of a VPC, closed, and closed again when somebody opens it."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Aws, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from ._roles import role_for

RUNBOOK = "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"


class ClosedDefaultGroup(Construct):
    """Removes all rules of a default security group with AWS's own runbook, now and once a day.

    CloudFormation cannot remove the rules that EC2 gives to the group, and the CDK's way (a custom resource)
    puts a Lambda function into the path of every deployment. State Manager runs the runbook inside Systems
    Manager: nothing to patch, and no deployment waits for it.
    https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-remove-default-secg-rules.html
    """

    association: ssm.CfnAssociation

    def __init__(self, scope: Construct, id: str, *, group_id: str) -> None:
        """Close the group with this id."""
        super().__init__(scope, id)
        role = role_for(self, "Role", "ssm")
        policy = self._policy(role, group_id)
        self.association = ssm.CfnAssociation(
            self,
            "Daily",
            name=RUNBOOK,
            association_name=f"close-{group_id}",
            parameters={"AutomationAssumeRole": [role.role_arn], "GroupId": [group_id]},
            schedule_expression="rate(1 day)",
        )
        self.association.node.add_dependency(policy)  # or the first run is refused

    def _policy(self, role: iam.IRole, group_id: str) -> iam.ManagedPolicy:
        group = _arn("ec2", f"security-group/{group_id}")
        definition = _arn("ssm", f"automation-definition/{RUNBOOK}:*", account="*")
        executions = _arn("ssm", "automation-execution/*")
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                _allow(group, "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
                _allow("*", "ec2:DescribeSecurityGroups"),
                _allow(definition, "ssm:StartAutomationExecution"),
                _allow(executions, "ssm:GetAutomationExecution"),
            ],
        )
        for resource, reason in (
            ("*", "ec2:DescribeSecurityGroups knows no narrower resource"),
            (definition, "AWS owns the runbook, and publishes new versions of it"),
            (executions, "an execution gets its id when it starts"),
        ):
            _acknowledge_wildcard(policy, resource, reason)
        return policy


def _arn(service: str, resource: str, *, account: str = Aws.ACCOUNT_ID) -> str:
    # Pseudo parameters, not the stack's own values: what cdk-nag calls the finding must not vary with the Region.
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{account}:{resource}"


def _allow(resource: str, *actions: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=[resource])


_NAMES = {Aws.PARTITION: "<AWS::Partition>", Aws.REGION: "<AWS::Region>", Aws.ACCOUNT_ID: "<AWS::AccountId>"}
"""Pseudo parameters as cdk-nag writes them."""


def _acknowledge_wildcard(policy: iam.ManagedPolicy, resource: str, reason: str) -> None:
    written = resource
    for token, name in _NAMES.items():
        written = written.replace(token, name)
    finding = f"AwsSolutions::AwsSolutions-IAM5[Resource::{written}]"
    Validations.of(policy).acknowledge(Acknowledgment(id=finding, reason=reason))
