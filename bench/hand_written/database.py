"""A member of an Aurora global database and its backups, as people write them."""

import json

from aws_cdk import ArnFormat, Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from vault import Protection

ENGINE, VERSION, FAMILY = "aurora-postgresql", "17.4", "aurora-postgresql17"
RDS_METRICS = {
    "Cpu": ("CPUUtilization", 85),
    "Memory": ("FreeableMemory", 1024**3),
    "LocalStorage": ("FreeLocalStorage", 2 * 1024**3),
    "Deadlocks": ("Deadlocks", 1),
    "ReplicaLag": ("AuroraReplicaLagMaximum", 2000),
    "GlobalLag": ("AuroraGlobalDBReplicationLag", 10_000),
    "GlobalRpoLag": ("AuroraGlobalDBRPOLag", 30_000),
}


def container(stack: Stack, *, name: str) -> None:
    rds.CfnGlobalCluster(
        stack,
        "Database",
        engine=ENGINE,
        engine_version=VERSION,
        global_cluster_identifier=f"{name}-database",
        storage_encrypted=True,
        deletion_protection=True,
    ).apply_removal_policy(RemovalPolicy.RETAIN)


def member(
    stack: Stack, *, name: str, vpc: ec2.Vpc, protected: Protection, primary: bool, other: str
) -> ec2.SecurityGroup:
    identifier = f"{name}-database-{stack.region}"
    login = credentials(stack, name=name, key=protected.key, other=other) if primary else {}
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc, allow_all_outbound=False)
    role = iam.Role(
        stack,
        "Monitoring",
        assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
        ],
    )
    log_group = logs.LogGroup(
        stack,
        "Log",
        log_group_name=f"/aws/rds/cluster/{identifier}/postgresql",
        encryption_key=protected.key,
        retention=logs.RetentionDays.THREE_MONTHS,
    )
    subnets = rds.CfnDBSubnetGroup(
        stack,
        "Subnets",
        db_subnet_group_description="isolated subnets",
        subnet_ids=vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
    )
    parameters = rds.CfnDBClusterParameterGroup(
        stack, "ClusterParameters", family=FAMILY, description="cluster", parameters={"rds.force_ssl": "1"}
    )
    of_instances = rds.CfnDBParameterGroup(stack, "Parameters", family=FAMILY, description="instances")
    cluster = rds.CfnDBCluster(
        stack,
        "Cluster",
        engine=ENGINE,
        engine_version=VERSION,
        db_cluster_identifier=identifier,
        global_cluster_identifier=f"{name}-database",
        db_subnet_group_name=subnets.ref,
        db_cluster_parameter_group_name=parameters.ref,
        vpc_security_group_ids=[group.security_group_id],
        storage_encrypted=True,
        kms_key_id=protected.key.key_arn,
        deletion_protection=True,
        copy_tags_to_snapshot=True,
        backup_retention_period=35,
        enable_cloudwatch_logs_exports=["postgresql"],
        enable_iam_database_authentication=True,
        database_insights_mode="advanced",
        performance_insights_enabled=True,
        performance_insights_kms_key_id=protected.key.key_arn,
        performance_insights_retention_period=465,
        monitoring_interval=60,
        monitoring_role_arn=role.role_arn,
        **login,
    )
    cluster.apply_removal_policy(RemovalPolicy.RETAIN)
    cluster.node.add_dependency(log_group)
    instances = [
        rds.CfnDBInstance(
            stack,
            f"Instance{number}",
            engine=ENGINE,
            db_cluster_identifier=cluster.ref,
            db_instance_class="db.r7g.large",
            db_parameter_group_name=of_instances.ref,
            promotion_tier=min(number, 1),
            auto_minor_version_upgrade=False,
            publicly_accessible=False,
        )
        for number in range(3)
    ]
    for instance in instances:
        instance.apply_removal_policy(RemovalPolicy.RETAIN)
    rds.CfnEventSubscription(
        stack,
        "InstanceEvents",
        sns_topic_arn=protected.topic.topic_arn,
        source_type="db-instance",
        source_ids=[instance.ref for instance in instances],
        event_categories=["failure", "low storage", "maintenance", "notification"],
    )
    rds.CfnEventSubscription(
        stack,
        "Events",
        sns_topic_arn=protected.topic.topic_arn,
        source_type="db-cluster",
        source_ids=[cluster.ref],
        event_categories=["failover", "failure", "maintenance", "notification"],
    )
    events.Rule(
        stack,
        "Failover",
        event_pattern=events.EventPattern(
            source=["aws.rds"],
            detail_type=["RDS DB Cluster Event", "RDS DB Instance Event"],
            detail={
                "EventID": ["RDS-EVENT-0071", "RDS-EVENT-0072", "RDS-EVENT-0181", "RDS-EVENT-0185", "RDS-EVENT-0238"],
                "SourceIdentifier": [cluster.ref, *(instance.ref for instance in instances)],
            },
        ),
        targets=[targets.SnsTopic(protected.topic)],
    )
    of_cluster = {"DBClusterIdentifier": identifier}
    for key, (name_of_metric, threshold) in RDS_METRICS.items():
        metric = measured("AWS/RDS", name_of_metric, of_cluster)
        alarm(stack, key, metric=metric, threshold=threshold, topic=protected.topic)
    backups(stack, name=name, cluster=cluster, protected=protected, copy_to=other if primary else None)
    return group


def credentials(stack: Stack, *, name: str, key: kms.Key, other: str) -> dict[str, str]:
    secret = secretsmanager.CfnSecret(
        stack,
        "Secret",
        name=f"{name}/database",
        kms_key_id=key.key_arn,
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
            secret_string_template=json.dumps({"username": "administrator"}),
            generate_string_key="password",
            password_length=32,
            exclude_characters="\"@/\\ '",
        ),
        replica_regions=[
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=other, kms_key_id=f"alias/{name}-{other}-data")
        ],
    )
    secret.apply_removal_policy(RemovalPolicy.RETAIN)
    password = SecretValue.secrets_manager(secret.ref, json_field="password").unsafe_unwrap()
    return {"master_username": "administrator", "master_user_password": password}


def backups(stack: Stack, *, name: str, cluster: rds.CfnDBCluster, protected: Protection, copy_to: str | None) -> None:
    copies = []
    if copy_to:
        arn = stack.format_arn(
            service="backup",
            region=copy_to,
            resource="backup-vault",
            resource_name=f"{name}-{copy_to}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        elsewhere = backup.BackupVault.from_backup_vault_arn(stack, "Elsewhere", arn)
        copies = [backup.BackupPlanCopyActionProps(destination_backup_vault=elsewhere, delete_after=Duration.days(35))]
    plan = backup.BackupPlan(stack, "Plan", backup_vault=protected.vault)
    plan.add_rule(
        backup.BackupPlanRule(
            rule_name="Daily",
            schedule_expression=events.Schedule.expression("cron(0 3 * * ? *)"),
            start_window=Duration.hours(1),
            completion_window=Duration.hours(12),
            delete_after=Duration.days(35),
            copy_actions=copies,
        )
    )
    plan.add_selection("Selection", resources=[backup.BackupResource.from_arn(cluster.attr_db_cluster_arn)])
    of_vault = {"BackupVaultName": protected.vault.backup_vault_name}
    for key, jobs in (("BackupMissing", "NumberOfBackupJobsCompleted"), ("BackupFailed", "NumberOfBackupJobsFailed")):
        alarm(stack, key, metric=measured("AWS/Backup", jobs, of_vault), threshold=1, topic=protected.topic)


def measured(namespace: str, name: str, dimensions: dict[str, str]) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, dimensions_map=dimensions, period=Duration.minutes(5)
    )


def alarm(stack: Stack, id: str, *, metric: cloudwatch.Metric, threshold: float, topic: sns.Topic) -> None:
    made = cloudwatch.Alarm(stack, id, metric=metric, threshold=threshold, evaluation_periods=3)
    made.add_alarm_action(actions.SnsAction(topic))
    made.add_ok_action(actions.SnsAction(topic))
