"""How others reach a cache: connections, metrics, and who may connect."""

from __future__ import annotations

from collections.abc import Mapping

import jsii
from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._checks import InvalidOptions, Problem, shown
from ._cache_users import Users


@jsii.implements(ec2.IConnectable)
class CacheAccess(Construct):
    """The outside of a cache; each construct builds its own inside."""

    security_group: ec2.SecurityGroup
    key: kms.IKey
    port: int
    """On which the cache listens."""

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the cache: nobody until let in here."""
        return ec2.Connections(security_groups=[self.security_group], default_port=ec2.Port.tcp(self.port))

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the cache."""
        raise NotImplementedError

    def let_in(self, peer: ec2.IConnectable) -> None:
        """Let a peer of another stack reach the cache; the rule belongs to the peer's stack, which may come and go.

        Within one stack `connections` does the same.
        """
        for group in peer.connections.security_groups:
            self.security_group.add_ingress_rule(group, ec2.Port.tcp(self.port), f"from {group.node.path}", True)

    def metric(self, name: str, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the cache, such as ``CurrConnections``; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/ElastiCache",
            metric_name=name,
            dimensions_map=dict(self.dimensions),
            statistic=statistic,
            period=period or Duration.minutes(1),
        )


class UsersAccess(CacheAccess):
    """The outside of a cache that knows users."""

    users: Users | None
    """None: whoever reaches the port is let in."""
    kind: str
    """What IAM calls such a cache in ARNs."""

    @property
    def cache_name(self) -> str:
        """The cache's name in its Region."""
        raise NotImplementedError

    @property
    def cache_arn(self) -> str:
        """For permissions."""
        return self._arn(self.kind, self.cache_name)

    def grant_connect(self, grantee: iam.IGrantable, user: str = "app") -> None:
        """Let somebody connect as a user: with its password, or by IAM where the user has none.

        Args:
            grantee: a role, or what has one.
            user: the name of one of `users`; left out: app.

        Raises:
            InvalidOptions: the cache has no such user.
        """
        users = self.users
        if users is not None and user in users.ids:
            resources = [self.cache_arn, self._arn("user", users.ids[user])]
            iam.Grant.add_to_principal(grantee=grantee, actions=["elasticache:Connect"], resource_arns=resources)
        elif users is not None and user in users.secrets:
            users.secrets[user].grant_read(grantee)
            via = f"secretsmanager.{Stack.of(self).region}.amazonaws.com"
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=["kms:Decrypt"],
                resource_arns=[self.key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": via}},
            )
        else:
            raise InvalidOptions([_nobody(self, user, users)])

    def _arn(self, resource: str, name: str) -> str:
        return Stack.of(self).format_arn(
            service="elasticache", resource=resource, resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )


def _nobody(cache: Construct, user: str, users: Users | None) -> Problem:
    known = ", ".join(map(shown, (*users.ids, *users.secrets))) if users else ""
    return Problem(
        where=cache.node.path,
        option="user",
        got=shown(user),
        allowed=known or "nobody",
        why="these are the users of the cache" if known else "it has no users: whoever reaches the port is let in",
    )
