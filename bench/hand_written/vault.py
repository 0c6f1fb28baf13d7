"""The key, the locked vault, and who is told, as people write them."""

from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

FAILED = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]


@dataclass(frozen=True)
class Protection:
    key: kms.Key
    topic: sns.Topic
    vault: backup.BackupVault


def protection(stack: Stack, *, name: str) -> Protection:
    key = kms.Key(
        stack,
        "DataKey",
        alias=f"alias/{name}-{stack.region}-data",
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.RETAIN,
    )
    topic = alarm_topic(stack)
    vault = backup.BackupVault(
        stack,
        "Vault",
        backup_vault_name=f"{name}-{stack.region}",
        encryption_key=key,
        block_recovery_point_deletion=True,
        lock_configuration=backup.LockConfiguration(min_retention=Duration.days(7), max_retention=Duration.days(365)),
        removal_policy=RemovalPolicy.RETAIN,
    )
    kinds = {
        "Backup Job State Change": {"backupVaultName": [vault.backup_vault_name]},
        "Copy Job State Change": {"sourceBackupVaultArn": [vault.backup_vault_arn]},
    }
    for kind, of in kinds.items():
        events.Rule(
            stack,
            kind.split(" ", maxsplit=1)[0] + "Failed",
            event_pattern=events.EventPattern(
                source=["aws.backup"], detail_type=[kind], detail={"state": FAILED, **of}
            ),
            targets=[targets.SnsTopic(topic)],
        )
    return Protection(key, topic, vault)


def alarm_topic(stack: Stack) -> sns.Topic:
    key = kms.Key(stack, "TopicKey", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN)
    for service in ("cloudwatch", "events.rds", "events"):
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
            )
        )
    topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
        )
    )
    return topic
