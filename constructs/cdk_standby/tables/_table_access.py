"""A table as its callers see it, in one Region: who may read and write, and what it measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

_DESCRIBE = ("dynamodb:DescribeTable",)
_OF_INDEXES = ("dynamodb:Query", "dynamodb:Scan")
READ = ("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", *_OF_INDEXES, *_DESCRIBE)
WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    *_DESCRIBE,
)
STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
_DECRYPT = ("kms:Decrypt", "kms:DescribeKey")
_ENCRYPT = (*_DECRYPT, "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")


class TableAccess(Construct):
    """What `Table` and `TableReplica` have in common."""

    table_name: str
    key: kms.IKey
    indexes: tuple[str, ...]
    """The names of global and local indexes."""
    stream_arn: str | None
    """Of the stream of changes in this Region; None: there is none, or it is not known."""
    recovers: bool
    """Whether point-in-time recovery is on, as far as is known here."""
    alarms: dict[str, cloudwatch.Alarm]

    @property
    def table_arn(self) -> str:
        """In this Region."""
        raise NotImplementedError

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read items of the table, query and scan it and its indexes, and decrypt what they read."""
        return self._grant(grantee, READ, _DECRYPT)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody put, change and delete items, without reading them."""
        return self._grant(grantee, WRITE, _ENCRYPT)

    def grant_read_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read and write items: `grant_read` and `grant_write` together."""
        return self._grant(grantee, sorted({*READ, *WRITE}), _ENCRYPT)

    def grant_stream_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody follow the changes of the items.

        Raises:
            ValueError: the table has no stream, or its ARN is not known here.
        """
        if self.stream_arn is None:
            raise ValueError(f"{self.node.path}: it has no stream that is known here; set 'stream' or 'stream_arn'")
        grant = iam.Grant.add_to_principal(grantee=grantee, actions=list(STREAM), resource_arns=[self.stream_arn])
        return grant.combine(self._grant_key(grantee, _DECRYPT))

    def metric(
        self,
        name: str,
        *,
        statistic: str = "Sum",
        period: Duration | None = None,
        dimensions: Mapping[str, str] | None = None,
    ) -> cloudwatch.Metric:
        """A metric of the table in this Region, such as ``ConsumedReadCapacityUnits``; by the minute.

        Args:
            name: as DynamoDB calls it.
            statistic: left out: the sum.
            period: left out: a minute.
            dimensions: beside the table's name, such as ``{"Operation": "GetItem"}``; left out: none.
        """
        return cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=name,
            dimensions_map={"TableName": self.table_name, **(dimensions or {})},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str], of_key: Sequence[str]) -> iam.Grant:
        grant = iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[self.table_arn])
        reads = [action for action in _OF_INDEXES if action in actions]
        if self.indexes and reads:
            named = [f"{self.table_arn}/index/{name}" for name in self.indexes]
            grant = grant.combine(iam.Grant.add_to_principal(grantee=grantee, actions=reads, resource_arns=named))
        return grant.combine(self._grant_key(grantee, of_key))

    def _grant_key(self, grantee: iam.IGrantable, actions: Sequence[str]) -> iam.Grant:
        """Through DynamoDB only: whoever reads items opens nothing else with the key."""
        through = {"StringEquals": {"kms:ViaService": f"dynamodb.{Stack.of(self).region}.amazonaws.com"}}
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=[self.key.key_arn],
            conditions=through,
        )
