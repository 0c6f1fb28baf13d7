"""Who builds an image, who hands it out, and who deletes it: three roles of their own."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_standby_review.facts import images as facts

from .._roles import service
from ..relational._parts import accept
from ._copies import ImageCopy, key_arn

_ENCRYPT = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext")
_RE_ENCRYPT = ("kms:ReEncryptFrom", "kms:ReEncryptTo")
_ANYWHERE = "AwsSolutions::AwsSolutions-IAM5[Resource::*]"


def build_profile(scope: Construct) -> tuple[iam.Role, iam.CfnInstanceProfile]:
    """The role of the instances that are built on, and of those that tests run on."""
    role = _managed(scope, "BuildRole", "ec2", "EC2InstanceProfileForImageBuilder", "AmazonSSMManagedInstanceCore")
    return role, iam.CfnInstanceProfile(scope, "BuildProfile", roles=[role.role_name])


def execution_role(
    scope: Construct,
    *,
    build: iam.Role,
    key: kms.IKey,
    recovery: Sequence[ImageCopy],
    parameters: Sequence[str],
    templates: Sequence[str],
    accounts: Sequence[str],
) -> iam.Role:
    """The role of the pipeline: it writes the parameters, and encrypts with the keys of all Regions."""
    statements = [
        iam.PolicyStatement(actions=["ssm:PutParameter"], resources=list(parameters)),
        iam.PolicyStatement(actions=["ec2:DescribeImages"], resources=["*"]),
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[build.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
        *_keys(key, recovery),
    ]
    if templates:
        actions = ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"]
        statements.append(iam.PolicyStatement(actions=actions, resources=list(templates)))
        look = ["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"]
        statements.append(iam.PolicyStatement(actions=look, resources=["*"]))
    if accounts:
        roles = [f"arn:{Aws.PARTITION}:iam::{account}:role/{facts.CROSS_ACCOUNT_ROLE.value}" for account in accounts]
        statements.append(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=roles))
    policy = iam.ManagedPolicy(scope, "ExecutionPolicy", statements=statements, description=f"Image {scope.node.path}")
    accept(policy, "EC2 describes images and launch templates only all at once", _ANYWHERE)
    for copy in recovery:
        if copy.key.startswith("alias/"):
            because = "a key that is known by its alias: the condition names it"
            keys = f"arn:<AWS::Partition>:kms:{copy.region}:<AWS::AccountId>:key/*"
            accept(policy, because, f"AwsSolutions::AwsSolutions-IAM5[Resource::{keys}]")
    role = _managed(scope, "ExecutionRole", "imagebuilder", facts.EXECUTION.value)
    role.add_managed_policy(policy)
    return role


def lifecycle_role(scope: Construct) -> iam.Role:
    """The role that deprecates and deletes what Image Builder made, and nothing else."""
    return _managed(scope, "LifecycleRole", "imagebuilder", "service-role/EC2ImageBuilderLifecycleExecutionPolicy")


def parameter_arns(name: str, regions: Sequence[str]) -> list[str]:
    """The parameter of an image in each of its Regions."""
    return [f"arn:{Aws.PARTITION}:ssm:{region}:{Aws.ACCOUNT_ID}:parameter{name}" for region in regions]


def template_arns(region: str, here: str | None, recovery: Sequence[ImageCopy]) -> list[str]:
    """The launch templates that get a version with every image."""
    wanted = [(region, here), *((copy.region, copy.launch_template_id) for copy in recovery)]
    arn = "arn:{}:ec2:{}:{}:launch-template/{}"
    return [arn.format(Aws.PARTITION, place, Aws.ACCOUNT_ID, template) for place, template in wanted if template]


def _keys(key: kms.IKey, recovery: Sequence[ImageCopy]) -> list[iam.PolicyStatement]:
    use = [*_ENCRYPT, *_RE_ENCRYPT]
    by_arn = [key.key_arn, *(copy.key for copy in recovery if not copy.key.startswith("alias/"))]
    for_volumes = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    statements = [
        iam.PolicyStatement(actions=use, resources=by_arn),
        iam.PolicyStatement(actions=["kms:CreateGrant"], resources=by_arn, conditions=for_volumes),
    ]
    for copy in recovery:
        if copy.key.startswith("alias/"):
            known = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": copy.key}}
            resources = [key_arn(copy.region, "alias/")[: -len("alias/")] + "key/*"]
            statements += [
                iam.PolicyStatement(actions=use, resources=resources, conditions=known),
                iam.PolicyStatement(actions=["kms:CreateGrant"], resources=resources, conditions=known | for_volumes),
            ]
    return statements


def _managed(scope: Construct, id: str, principal: str, *policies: str) -> iam.Role:
    found = [iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in policies]
    role = iam.Role(scope, id, assumed_by=service(principal), managed_policies=found)
    because = "Image Builder asks for this policy by name, and AWS keeps it in step with what builds do"
    for name in policies:
        finding = f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"
        accept(role, because, finding)
    return role
