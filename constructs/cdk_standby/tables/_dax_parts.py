"""What a DAX cluster is made of."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_dax as dax
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import dax as facts

from .._roles import service
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ..relational._place import Place


def subnet_group(scope: Construct, place: Place) -> dax.CfnSubnetGroup:
    """Where the nodes may live."""
    return dax.CfnSubnetGroup(
        scope, "Subnets", description=f"Subnets of {scope.node.path}", subnet_ids=list(place.subnets)
    )


def parameter_group(scope: Construct, item_ttl: Duration, query_ttl: Duration) -> dax.CfnParameterGroup:
    """A group for each pair of values: one that a node uses cannot be changed.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.cluster-management.html
    """
    item, query = item_ttl.to_milliseconds(), query_ttl.to_milliseconds()
    return dax.CfnParameterGroup(
        scope,
        f"Parameters-{item:.0f}-{query:.0f}",
        description=f"Times to live of {scope.node.path}",
        parameter_name_values={"record-ttl-millis": f"{item:.0f}", "query-ttl-millis": f"{query:.0f}"},
    )


def tell(topic: AlarmTopic) -> str:
    """Let DAX publish to a topic, and name it.

    Services of its age publish as the owner of what they tell of, which is what the policy of every new topic allows;
    this topic has a policy of its own instead.
    """
    principal = service(facts.TOPICS.value.split(".", maxsplit=1)[0])
    for who, condition in ((principal, "aws:SourceAccount"), (iam.AnyPrincipal(), "aws:SourceOwner")):
        topic.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[who],
                actions=["sns:Publish"],
                resources=[topic.topic.topic_arn],
                conditions={"StringEquals": {condition: Aws.ACCOUNT_ID}},
            )
        )
    opens = iam.PolicyStatement(
        principals=[principal], actions=["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"]
    )
    topic.key.add_to_resource_policy(opens, allow_no_op=True)  # the policy of an imported key is its owner's affair
    return topic.topic.topic_arn


def zones(place: Place, nodes: int) -> list[str] | None:
    """The zone of each node: DAX wants one for every node, or spreads a number that only the deployment knows."""
    return None if is_token(nodes) else [place.zone(number) for number in range(1, nodes + 1)]
