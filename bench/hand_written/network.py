"""A VPC over three zones, as people write it."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm

RUNBOOK = "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"


def network(stack: Stack, *, cidr: str) -> ec2.Vpc:
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        ip_addresses=ec2.IpAddresses.cidr(cidr),
        max_azs=3,
        nat_gateways=3,
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24),
            ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
            ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=22),
        ],
        gateway_endpoints={
            "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
            "DynamoDb": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB),
        },
    )
    endpoints(stack, vpc, cidr)
    flow_logs(stack, vpc)
    close_default_group(stack, vpc)
    return vpc


def endpoints(stack: Stack, vpc: ec2.Vpc, cidr: str) -> None:
    group = ec2.SecurityGroup(stack, "EndpointGroup", vpc=vpc, allow_all_outbound=False)
    group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(443), "HTTPS from the VPC")
    for name in ("logs", "secretsmanager", "ssm", "ssmmessages"):
        vpc.add_interface_endpoint(
            name.capitalize(),
            service=ec2.InterfaceVpcEndpointAwsService(name),
            subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            security_groups=[group],
            open=False,
        )


def flow_logs(stack: Stack, vpc: ec2.Vpc) -> None:
    key = kms.Key(stack, "LogKey", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
        )
    )
    group = logs.LogGroup(stack, "FlowLogs", encryption_key=key, retention=logs.RetentionDays.THREE_MONTHS)
    role = iam.Role(stack, "FlowLogRole", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
    iam.ManagedPolicy(
        stack,
        "FlowLogPolicy",
        roles=[role],
        statements=[
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group.log_group_arn],
            )
        ],
    )
    destination = ec2.FlowLogDestination.to_cloud_watch_logs(group, role.without_policy_updates())
    ec2.FlowLog(stack, "FlowLog", resource_type=ec2.FlowLogResourceType.from_vpc(vpc), destination=destination)


def close_default_group(stack: Stack, vpc: ec2.Vpc) -> None:
    role = iam.Role(stack, "DefaultGroupRole", assumed_by=iam.ServicePrincipal("ssm.amazonaws.com"))
    group = stack.format_arn(service="ec2", resource="security-group", resource_name=vpc.vpc_default_security_group)
    revoke = ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"]
    iam.ManagedPolicy(
        stack,
        "DefaultGroupPolicy",
        roles=[role],
        statements=[
            iam.PolicyStatement(actions=revoke, resources=[group]),
            iam.PolicyStatement(actions=["ec2:DescribeSecurityGroups"], resources=["*"]),
            iam.PolicyStatement(
                actions=["ssm:StartAutomationExecution", "ssm:GetAutomationExecution"], resources=["*"]
            ),
        ],
    )
    ssm.CfnAssociation(
        stack,
        "CloseDefaultGroup",
        name=RUNBOOK,
        parameters={"AutomationAssumeRole": [role.role_arn], "GroupId": [vpc.vpc_default_security_group]},
        schedule_expression="rate(1 day)",
    )
