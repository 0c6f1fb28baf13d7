"""What a MemoryDB cluster is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_memorydb as memorydb
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_standby_review.facts import memorydb as facts

from .._roles import service
from ..relational._parts import NIST, accept

LONGEST_DESCRIPTION = 255


def subnet_group(scope: Construct, cluster: str, subnets: Sequence[str]) -> memorydb.CfnSubnetGroup:
    """Where the nodes may live."""
    return memorydb.CfnSubnetGroup(
        scope,
        "Subnets",
        subnet_group_name=cluster,
        description=f"Subnets of {scope.node.path}"[:LONGEST_DESCRIPTION],
        subnet_ids=list(subnets),
    )


def parameter_group(
    scope: Construct, cluster: str, engine: str, version: str, parameters: Mapping[str, str]
) -> memorydb.CfnParameterGroup:
    """The cluster's own parameters. Another family needs another name, since both groups are there for a while."""
    family = facts.FAMILIES.value[engine][version.partition(".")[0]]
    return memorydb.CfnParameterGroup(
        scope,
        "Parameters",
        parameter_group_name=f"{cluster}-{family.rpartition('_')[2]}",
        family=family,
        description=f"Parameters of {scope.node.path}"[:LONGEST_DESCRIPTION],
        parameters=dict(parameters),
    )


def events_topic(scope: Construct) -> sns.ITopic:
    """Whom MemoryDB tells of failovers and replaced nodes: no encrypted topic hears of them.

    The page names no publisher: what the policy of every new topic allows, the owner's own services, is allowed too.
    https://docs.aws.amazon.com/memorydb/latest/devguide/memorydbsns.html
    """
    topic = sns.Topic(scope, "Events", enforce_ssl=True)
    principal = service(facts.TOPICS.value.partition(".")[0])
    for who, condition in ((principal, "aws:SourceAccount"), (iam.AnyPrincipal(), "aws:SourceOwner")):
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[who],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {condition: Aws.ACCOUNT_ID}},
            )
        )
    accept(topic, "MemoryDB publishes to no encrypted topic; events name nodes, never data", NIST + "SNSEncryptedKMS")
    return cast("sns.ITopic", topic)


def bad_events(topic: sns.ITopic | None) -> bool:
    """Whether MemoryDB cannot tell a topic, as far as it is known."""
    if topic is None:
        return False
    made = topic.node.default_child
    return topic.fifo or (isinstance(made, sns.CfnTopic) and made.kms_master_key_id is not None)


def tiering_is_text(cluster: memorydb.CfnCluster) -> None:
    """Tell cfn-lint that its schema errs: it calls an object what CloudFormation takes as "true".

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-memorydb-cluster.html
    """
    cluster.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3012"]}})
