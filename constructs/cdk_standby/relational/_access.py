"""How others reach a database: connections, endpoints, credentials, metrics."""

from __future__ import annotations

from collections.abc import Mapping

import jsii
from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from .._checks import InvalidOptions, Problem, shown

DATA_API_ACTIONS = [
    f"rds-data:{action}"
    for action in (
        "BatchExecuteStatement",
        "BeginTransaction",
        "CommitTransaction",
        "ExecuteStatement",
        "RollbackTransaction",
    )
]


@jsii.implements(ec2.IConnectable)
class DatabaseAccess(Construct):
    """The outside of a database; each construct builds its own inside."""

    security_group: ec2.SecurityGroup
    secret: secretsmanager.ISecret | None
    """The credentials as this Region sees them; None where they were made elsewhere and have no agreed name.

    Use `grant_connect` to let somebody read them: they need the key too.
    """
    key: kms.IKey
    port: int
    """On which the database listens."""

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the database: nobody until let in here."""
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(self.port))

    @property
    def resource_id(self) -> str:
        """What RDS calls the database for ever, whatever it is named: IAM knows it by this."""
        raise NotImplementedError

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the database."""
        raise NotImplementedError

    def let_in(self, peer: ec2.IConnectable) -> None:
        """Let a peer of another stack reach the database; the rule belongs to the peer's stack, which may come and go.

        Within one stack `connections` does the same.
        """
        for group in peer.connections.security_groups:
            self.security_group.add_ingress_rule(group, ec2.Port.tcp(self.port), f"from {group.node.path}", True)

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody connect: with the credentials or, when a database user is named, by IAM as that user alone.

        Raises:
            InvalidOptions: there is nothing to let them read: a secondary without `secret_name`, and no `user`.
        """
        if user is not None:
            self._grant_user(grantee, user)
        elif self.secret is not None:
            self.secret.grant_read(grantee)
            self._grant_decrypt(grantee)
        else:
            raise InvalidOptions([_nothing_to_grant(self)])

    def _grant_user(self, grantee: iam.IGrantable, user: str) -> None:
        users = Stack.of(self).format_arn(
            service="rds-db",
            resource="dbuser",
            resource_name=f"{self.resource_id}/{user}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        iam.Grant.add_to_principal(grantee=grantee, actions=["rds-db:connect"], resource_arns=[users])

    def _grant_decrypt(self, grantee: iam.IGrantable) -> None:
        """To the reader and not to the key, whose policy would have to name readers of other stacks: a cycle.

        `ISecret.grant_read` speaks to keys only, and to one that it sees by its ARN it says nothing.
        """
        via = f"secretsmanager.{Stack.of(self).region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt"],
            resource_arns=[self.key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": via}},
        )

    def metric(self, name: str, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the database, such as ``CPUUtilization``; of a cluster over all its instances; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/RDS",
            metric_name=name,
            dimensions_map=dict(self.dimensions),
            statistic=statistic,
            period=period or Duration.minutes(1),
        )


class InstanceAccess(DatabaseAccess):
    """The outside of an instance that stands for itself: with a standby, or as a replica."""

    instance: rds.CfnDBInstance

    @property
    def resource_id(self) -> str:
        """What RDS calls the instance for ever."""
        return self.instance.attr_dbi_resource_id

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the instance."""
        return {"DBInstanceIdentifier": self.instance.ref}

    @property
    def instance_identifier(self) -> str:
        """The instance's name in its Region."""
        return self.instance.ref

    @property
    def instance_arn(self) -> str:
        """For backups, replicas and the runbooks."""
        return self.instance.attr_db_instance_arn

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the instance, through failovers too: the name stays, its address changes."""
        return rds.Endpoint(self.instance.attr_endpoint_address, self.port)


class ClusterAccess(DatabaseAccess):
    """The outside of a cluster, of Aurora or Multi-AZ."""

    cluster: rds.CfnDBCluster

    @property
    def resource_id(self) -> str:
        """What RDS calls the cluster for ever."""
        return self.cluster.attr_db_cluster_resource_id

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the cluster."""
        return {"DBClusterIdentifier": self.cluster.ref}

    @property
    def cluster_identifier(self) -> str:
        """The cluster's name in its Region."""
        return self.cluster.ref

    @property
    def cluster_arn(self) -> str:
        """For backups and for the runbooks."""
        return self.cluster.attr_db_cluster_arn

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the writer; a secondary's refuses connections until a failover makes it the writer."""
        return rds.Endpoint(self.cluster.attr_endpoint_address, self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Leads to the readers, in turn; to the writer when there are none."""
        return rds.Endpoint(self.cluster.attr_read_endpoint_address, self.port)


class AuroraAccess(ClusterAccess):
    """The outside of an Aurora cluster; `AuroraCluster` builds the inside."""

    data_api: bool
    """Whether the cluster speaks HTTPS too."""

    def grant_data_api(self, grantee: iam.IGrantable) -> None:
        """Let somebody run SQL over HTTPS, at the writer and with the master user's credentials.

        Raises:
            InvalidOptions: the cluster does not speak HTTPS (`data_api`), or has no credentials that are known here.
        """
        if not self.data_api or self.secret is None:
            raise InvalidOptions([_no_data_api(self)])
        iam.Grant.add_to_principal(grantee=grantee, actions=DATA_API_ACTIONS, resource_arns=[self.cluster_arn])
        self.grant_connect(grantee)

    def metric_replica_lag(self) -> cloudwatch.Metric:
        """Milliseconds that the slowest reader lags behind the writer of its own Region."""
        return self.metric("AuroraReplicaLagMaximum", statistic="Maximum")

    def metric_global_lag(self) -> cloudwatch.Metric:
        """Milliseconds that this Region lags behind the writer's; nothing in the writer's own Region."""
        return self.metric("AuroraGlobalDBReplicationLag", statistic="Maximum")

    def metric_global_rpo_lag(self) -> cloudwatch.Metric:
        """Milliseconds of committed writes that a failover to this Region would lose now; nothing in the writer's."""
        return self.metric("AuroraGlobalDBRPOLag", statistic="Maximum")


def _no_data_api(cluster: AuroraAccess) -> Problem:
    return Problem(
        where=cluster.node.path,
        option="data_api",
        got=shown(cluster.data_api) + ("" if cluster.secret else ", without credentials"),
        allowed="True, for a cluster whose credentials are known here",
        why="the Data API takes a secret with every statement",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html",
    )


def _nothing_to_grant(database: Construct) -> Problem:
    return Problem(
        where=database.node.path,
        option="user",
        got="not given",
        allowed="a database user, or a cluster with 'secret_name'",
        why="a secondary without the name of the credentials has none to read",
    )
