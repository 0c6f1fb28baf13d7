"""What every cache is made with: subnets, parameters, logs, and the topic that ElastiCache tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Aws, CfnResource, RemovalPolicy, Resource
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_standby_review.facts import elasticache as facts

from .._roles import service
from ..keys import allow_logs
from ..relational._parts import NIST, accept

UNENCRYPTED = (NIST + "SNSEncryptedKMS",)
OF_ITS_OWN = "AwsSolutions::AwsSolutions-AEC5"
"""cdk-nag wants a port that nobody guesses."""


def keep(data: CfnResource, *parts: CfnResource | Resource, deletable_because: str | None, last: RemovalPolicy) -> None:
    """Retain a cache with all that it cannot go on without, or let both go; `last` is what becomes of the data then."""
    for part in parts:
        part.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
    data.apply_removal_policy(last if deletable_because else RemovalPolicy.RETAIN)


def subnet_group(scope: Construct, subnets: Sequence[str]) -> elasticache.CfnSubnetGroup:
    """Where the nodes may live."""
    return elasticache.CfnSubnetGroup(
        scope, "Subnets", description=f"Subnets of {scope.node.path}", subnet_ids=list(subnets)
    )


def family(engine: str, version: str) -> str:
    """The parameter group family of a version."""
    known = facts.FAMILIES.value[engine]
    return next(family for major, family in known.items() if version.startswith(f"{major}."))


def parameter_group(
    scope: Construct, id: str, engine: str, version: str, parameters: Mapping[str, str]
) -> elasticache.CfnParameterGroup:
    """The cache's own parameters: nobody else's change them."""
    return elasticache.CfnParameterGroup(
        scope,
        id,
        cache_parameter_group_family=family(engine, version),
        description=f"Parameters of {scope.node.path}",
        properties=dict(parameters),
    )


def log_groups(
    scope: Construct, name: str | None, kinds: Sequence[str], key: kms.IKey, retention: logs.RetentionDays
) -> dict[str, logs.LogGroup]:
    """The groups that nodes write to, by kind.

    A name below ``/aws/vendedlogs/`` keeps the resource policy, which ElastiCache extends by itself, from growing:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    if kinds:
        allow_logs(key)
    return {
        kind: logs.LogGroup(
            scope,
            f"Log-{kind}",
            log_group_name=name and f"/aws/vendedlogs/elasticache/{name}/{kind}",
            encryption_key=key,
            retention=retention,
        )
        for kind in kinds
    }


def deliveries(
    groups: Mapping[str, logs.LogGroup],
) -> list[elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty]:
    """Each log to its group, as JSON, which CloudWatch Logs Insights reads without being told how."""
    own = elasticache.CfnReplicationGroup
    return [
        own.LogDeliveryConfigurationRequestProperty(
            log_type=kind,
            log_format="json",
            destination_type="cloudwatch-logs",
            destination_details=own.DestinationDetailsProperty(
                cloud_watch_logs_details=own.CloudWatchLogsDestinationDetailsProperty(log_group=group.log_group_name)
            ),
        )
        for kind, group in groups.items()
    ]


def events_topic(scope: Construct) -> sns.ITopic:
    """Whom ElastiCache tells of failovers and replaced nodes: no encrypted topic hears of them.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html
    """
    topic = sns.Topic(scope, "Events", enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[service("elasticache")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {facts.TOPICS.value: Aws.ACCOUNT_ID}},
        )
    )
    accept(topic, "ElastiCache publishes to no encrypted topic; events name nodes, never data", *UNENCRYPTED)
    return cast("sns.ITopic", topic)
