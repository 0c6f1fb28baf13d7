"""What an instance of a service is: image, disk, role, and metadata by IMDSv2 only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IConstruct

# What Session Manager needs, of the much wider AmazonSSMManagedInstanceCore.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
_SESSION_MANAGER = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]
_GROUPS_ROLE = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
_INLINE = "grants of this role belong to this role alone: as a policy of its own each would outlive what it grants"
_WILDCARD = "these actions of Systems Manager know no resources; they reach the calling instance only"


def instance_role(scope: Construct) -> iam.IRole:
    """A role that can be reached by Session Manager, and nothing else yet."""
    ec2_service = cast("iam.IPrincipal", iam.ServicePrincipal("ec2.amazonaws.com"))
    role = cast("iam.IRole", iam.Role(scope, "Role", assumed_by=ec2_service))
    policy = iam.ManagedPolicy(
        scope,
        "SessionManager",
        statements=[iam.PolicyStatement(actions=_SESSION_MANAGER, resources=["*"])],
        description="lets Session Manager in instead of SSH",
    )
    role.add_managed_policy(policy)
    _accept(policy, "AwsSolutions::AwsSolutions-IAM5[Resource::*]", _WILDCARD)
    _accept(role, "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy", _INLINE)
    return role


def launch_template(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    role: iam.IRole,
    image: ec2.IMachineImage | None,
    instance_type: str,
    user_data: ec2.UserData,
    volume_gib: int,
    key: kms.IKey | None,
    hibernates: bool = False,
) -> ec2.LaunchTemplate:
    """The template of all instances."""
    if key is not None:
        let_group_use(key, scope)
    kind = ec2.InstanceType(instance_type)
    return ec2.LaunchTemplate(
        scope,
        "Template",
        machine_image=image or amazon_linux(kind),
        instance_type=kind,
        user_data=user_data,
        role=role,
        security_group=ec2.SecurityGroup(
            scope, "InstanceSecurityGroup", vpc=vpc, description=f"Instances of {scope.node.path}"
        ),
        block_devices=[_root_volume(volume_gib, key)],
        ebs_optimized=True,
        detailed_monitoring=True,
        associate_public_ip_address=False,
        require_imdsv2=True,
        hibernation_configured=hibernates or None,
        http_put_response_hop_limit=1,  # containers on the instance stay without its credentials
    )


def overrides(instance_types: Sequence[str]) -> list[autoscaling.LaunchTemplateOverrides]:
    """The types of a mixed group, in the order they are tried."""
    return [autoscaling.LaunchTemplateOverrides(instance_type=ec2.InstanceType(t)) for t in instance_types]


def amazon_linux(kind: ec2.InstanceType) -> ec2.IMachineImage:
    """Amazon Linux 2023 of the instance's architecture, by a public parameter that CloudFormation reads."""
    arm = kind.architecture == ec2.InstanceArchitecture.ARM_64
    cpu = ec2.AmazonLinuxCpuType.ARM_64 if arm else ec2.AmazonLinuxCpuType.X86_64
    return ec2.MachineImage.latest_amazon_linux2023(cpu_type=cpu)


def let_group_use(key: kms.IKey, scope: IConstruct) -> None:
    """Auto Scaling's service-linked role makes encrypted volumes, so the key's own policy has to allow it.

    By condition and not as the principal: KMS refuses a principal that does not exist yet, and the role exists
    only after the account's first group.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    stack = Stack.of(scope)
    role = f"arn:{stack.partition}:iam::{stack.account}:role/{_GROUPS_ROLE}"
    account = {"kms:CallerAccount": stack.account, "aws:PrincipalArn": role}
    anybody = cast("iam.IPrincipal", iam.AnyPrincipal())
    use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AutoScalingUsesIt",
            actions=use,
            principals=[anybody],
            resources=["*"],
            conditions={"StringEquals": account},
        )
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AutoScalingGrantsItToVolumes",
            actions=["kms:CreateGrant"],
            principals=[anybody],
            resources=["*"],
            conditions={"StringEquals": account, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
    )


def _root_volume(gib: int, key: kms.IKey | None) -> ec2.BlockDevice:
    volume = ec2.BlockDeviceVolume.ebs(
        gib, encrypted=True, kms_key=key, volume_type=ec2.EbsDeviceVolumeType.GP3, delete_on_termination=True
    )
    return ec2.BlockDevice(device_name="/dev/xvda", volume=volume)


def _accept(construct: IConstruct, rule: str, reason: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
