"""Instances behind a load balancer, as people write them."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

MINUTE = Duration.minutes(1)
LOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
HIGH = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
SESSION_MANAGER = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]


def service(
    stack: Stack,
    *,
    vpc: ec2.Vpc,
    database: ec2.SecurityGroup,
    topic: sns.Topic,
    domain: str,
    zone_id: str,
    group_name: str,
    minimum: int,
) -> autoscaling.AutoScalingGroup:
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id=zone_id, zone_name=domain)
    regional = f"{stack.region}.{domain}"
    certificate = acm.Certificate(
        stack,
        "Certificate",
        domain_name=domain,
        subject_alternative_names=[regional],
        validation=acm.CertificateValidation.from_dns(zone),
    )
    group = instances(stack, vpc=vpc, group_name=group_name, minimum=minimum)
    group.connections.allow_to(database, ec2.Port.tcp(5432))
    connect = stack.format_arn(service="rds-db", resource="dbuser", resource_name="*/service")
    group.role.add_to_principal_policy(iam.PolicyStatement(actions=["rds-db:connect"], resources=[connect]))
    balancer = load_balancer(stack, vpc=vpc)
    targets = listen(stack, vpc=vpc, balancer=balancer, certificate=certificate)
    group.attach_to_application_target_group(targets)
    group.scale_on_cpu_utilization("Cpu", target_utilization_percent=50)
    alarms(stack, group=group, balancer=balancer, targets=targets, topic=topic, zones=vpc.availability_zones)
    route53.CfnRecordSet(
        stack,
        "RegionalRecord",
        hosted_zone_id=zone_id,
        name=regional,
        type="A",
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            dns_name=f"dualstack.{balancer.load_balancer_dns_name}",
            hosted_zone_id=balancer.load_balancer_canonical_hosted_zone_id,
            evaluate_target_health=True,
        ),
    )
    return group


def instances(stack: Stack, *, vpc: ec2.Vpc, group_name: str, minimum: int) -> autoscaling.AutoScalingGroup:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    sessions = iam.PolicyStatement(actions=SESSION_MANAGER, resources=["*"])
    role.add_managed_policy(iam.ManagedPolicy(stack, "SessionManager", statements=[sessions]))
    volume = ec2.BlockDeviceVolume.ebs(20, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3)
    template = ec2.LaunchTemplate(
        stack,
        "Template",
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
        instance_type=ec2.InstanceType("m7g.large"),
        user_data=ec2.UserData.for_linux(),
        role=role,
        security_group=ec2.SecurityGroup(stack, "Instances", vpc=vpc),
        block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=volume)],
        ebs_optimized=True,
        detailed_monitoring=True,
        associate_public_ip_address=False,
        require_imdsv2=True,
    )
    return autoscaling.AutoScalingGroup(
        stack,
        "Group",
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        launch_template=template,
        min_capacity=minimum,
        max_capacity=24,
        auto_scaling_group_name=group_name,
        group_metrics=[autoscaling.GroupMetrics.all()],
        default_instance_warmup=Duration.minutes(3),
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
            grace_period=Duration.minutes(3),
        ),
        az_capacity_distribution_strategy=autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
        update_policy=autoscaling.UpdatePolicy.instance_refresh(
            strategy=autoscaling.InstanceRefreshStrategy.ROLLING, min_healthy_percentage=100, max_healthy_percentage=120
        ),
    )


def load_balancer(stack: Stack, *, vpc: ec2.Vpc) -> elb.ApplicationLoadBalancer:
    logs = s3.Bucket(
        stack,
        "AccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(365))],
        removal_policy=RemovalPolicy.RETAIN,
    )
    balancer = elb.ApplicationLoadBalancer(
        stack,
        "LoadBalancer",
        vpc=vpc,
        internet_facing=True,
        deletion_protection=True,
        drop_invalid_header_fields=True,
        client_keep_alive=Duration.seconds(120),
    )
    balancer.set_attribute("zonal_shift.config.enabled", "true")
    balancer.log_access_logs(logs, "access")
    return balancer


def listen(
    stack: Stack, *, vpc: ec2.Vpc, balancer: elb.ApplicationLoadBalancer, certificate: acm.ICertificate
) -> elb.ApplicationTargetGroup:
    targets = elb.ApplicationTargetGroup(
        stack,
        "Targets",
        vpc=vpc,
        target_type=elb.TargetType.INSTANCE,
        protocol=elb.ApplicationProtocol.HTTP,
        port=8080,
        deregistration_delay=Duration.seconds(30),
        health_check=elb.HealthCheck(path="/healthz", interval=Duration.seconds(10), timeout=Duration.seconds(5)),
    )
    redirect = elb.ListenerAction.redirect(protocol="HTTPS", port="443", permanent=True)
    balancer.add_listener("Http", port=80, open=True, default_action=redirect)
    balancer.add_listener(
        "Https",
        port=443,
        protocol=elb.ApplicationProtocol.HTTPS,
        open=True,
        certificates=[elb.ListenerCertificate.from_certificate_manager(certificate)],
        ssl_policy=elb.SslPolicy.RECOMMENDED_TLS,
        default_target_groups=[targets],
    )
    return targets


def alarms(
    stack: Stack,
    *,
    group: autoscaling.AutoScalingGroup,
    balancer: elb.ApplicationLoadBalancer,
    targets: elb.ApplicationTargetGroup,
    topic: sns.Topic,
    zones: list[str],
) -> None:
    dimensions = {
        "LoadBalancer": balancer.load_balancer_full_name,
        "TargetGroup": targets.target_group_full_name,
    }
    of_group = {"AutoScalingGroupName": group.auto_scaling_group_name}
    metrics = {
        f"HealthyHosts-{zone}": (balancing("HealthyHostCount", {**dimensions, "AvailabilityZone": zone}), 1, LOW)
        for zone in zones
    }
    metrics |= {
        "UnhealthyHosts": (balancing("UnHealthyHostCount", dimensions), 0, HIGH),
        "TargetErrors": (balancing("HTTPCode_Target_5XX_Count", dimensions), 10, HIGH),
        "BalancerErrors": (balancing("HTTPCode_ELB_5XX_Count", dimensions), 10, HIGH),
        "ResponseTime": (balancing("TargetResponseTime", dimensions), 2, HIGH),
        "BelowMinimum": (scaling("GroupInServiceInstances", of_group), 2, LOW),
        "AtMaximum": (scaling("GroupInServiceInstances", of_group), 23, HIGH),
    }
    for name, (metric, threshold, comparison) in metrics.items():
        alarm = cloudwatch.Alarm(
            stack,
            name,
            metric=metric,
            threshold=threshold,
            comparison_operator=comparison,
            evaluation_periods=3,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
        alarm.add_ok_action(actions.SnsAction(topic))


def balancing(name: str, dimensions: dict[str, str]) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace="AWS/ApplicationELB", metric_name=name, dimensions_map=dimensions, period=MINUTE)


def scaling(name: str, dimensions: dict[str, str]) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace="AWS/AutoScaling", metric_name=name, dimensions_map=dimensions, period=MINUTE)
