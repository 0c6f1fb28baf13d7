"""How others reach a MemoryDB cluster: connections, metrics, and who may connect."""

from __future__ import annotations

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_memorydb as memorydb
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import memorydb as facts

from .._checks import InvalidOptions, Problem, shown
from ._memorydb_users import Users


@jsii.implements(ec2.IConnectable)
class MemoryDbAccess(Construct):
    """The outside of a cluster; `MemoryDb` builds the inside."""

    name: str
    """The cluster's name in its Region."""
    cluster: memorydb.CfnCluster
    security_group: ec2.SecurityGroup
    key: kms.IKey
    port: int
    """On which the nodes listen."""
    users: Users | None
    """None: whoever reaches the port is let in."""

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the cluster: nobody until let in here."""
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(self.port))

    @property
    def cluster_arn(self) -> str:
        """For permissions."""
        return self.cluster.attr_arn

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to all shards, for clients in cluster mode, which ask it for the nodes; through failovers too."""
        return rds.Endpoint(self.cluster.attr_cluster_endpoint_address, self.port)

    def let_in(self, peer: ec2.IConnectable) -> None:
        """Let a peer of another stack reach the cluster; the rule belongs to the peer's stack, which may come and go.

        Within one stack `connections` does the same.
        """
        for group in peer.connections.security_groups:
            self.security_group.add_ingress_rule(group, ec2.Port.tcp(self.port), f"from {group.node.path}", True)

    def metric(self, name: str, *, of: str = "MAX", period: Duration | None = None) -> cloudwatch.MathExpression:
        """A metric over all nodes that there are, such as ``CurrConnections``; by the minute.

        Args:
            name: as MemoryDB calls it.
            of: ``"MAX"``, ``"MIN"``, ``"AVG"`` or ``"SUM"``; left out: the worst, where much is bad.
            period: left out: a minute.
        """
        where = f"WHERE {facts.METRIC_DIMENSION.value} = '{self.name}'"
        return cloudwatch.MathExpression(
            expression=" ".join([f"SELECT {of}({name})", 'FROM "AWS/MemoryDB"', where]),
            using_metrics={},
            label=f"{name}, {of.lower()} of all nodes",
            period=period or Duration.minutes(1),
        )

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody connect as a user: with its password, or by IAM where the user has none.

        Args:
            grantee: a role, or what has one.
            user: the name of one of `users`; left out: the first of them.

        Raises:
            InvalidOptions: the cluster has no such user.
        """
        users = self.users
        name = next(iter(users.arns)) if users and user is None else user
        if users is None or name not in users.arns:
            raise InvalidOptions([_nobody(self, name)])
        if name in users.secrets:
            users.secrets[name].grant_read(grantee)
            self._grant_decrypt(grantee)
        else:
            resources = [self.cluster_arn, users.arns[name]]
            iam.Grant.add_to_principal(grantee=grantee, actions=["memorydb:Connect"], resource_arns=resources)

    def _grant_decrypt(self, grantee: iam.IGrantable) -> None:
        via = f"secretsmanager.{Stack.of(self).region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt"],
            resource_arns=[self.key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": via}},
        )


def _nobody(cluster: MemoryDbAccess, user: str | None) -> Problem:
    known = ", ".join(map(shown, cluster.users.arns)) if cluster.users else ""
    return Problem(
        where=cluster.node.path,
        option="user",
        got=shown(user),
        allowed=known or "nobody",
        why="these are the users of the cluster" if known else "it has no users: whoever reaches the port is let in",
    )
