"""A cluster that another app builds, as this one sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import aurora as facts

from .._checks import InvalidOptions, Problem, check, one_of
from . import _credentials as credentials
from ._access import AuroraAccess
from ._aurora_engine import Engine
from ._aurora_names import identifier

_RULES = (
    one_of("engine", facts.ENGINES.value, why=facts.ENGINES.says, source=facts.ENGINES.source),
    identifier("cluster_identifier", "it names the cluster in its Region"),
)


class KnownAurora(AuroraAccess):
    """The outside of a cluster of another app: connections, endpoints, grants and metrics; nothing is built."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        engine: str,
        cluster_identifier: str,
        security_group: ec2.ISecurityGroup,
        key: kms.IKey,
        endpoint: str | None = None,
        reader_endpoint: str | None = None,
        resource_id: str | None = None,
        secret_name: str | None = None,
        data_api: bool = False,
    ) -> None:
        """Take what is known.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            engine: ``"aurora-postgresql"`` or ``"aurora-mysql"``.
            cluster_identifier: its name in this Region.
            security_group: its own, which peers are let into.
            key: what its credentials are encrypted with.
            endpoint: the host of the writer; left out: asking for it is refused.
            reader_endpoint: the host of the readers; left out: asking for it is refused.
            resource_id: what RDS calls it for ever, ``cluster-...``; left out: nobody is granted to connect by IAM.
            secret_name: the name of its credentials; left out: nobody is granted to read them.
            data_api: whether it speaks HTTPS too; left out: False.

        Raises:
            InvalidOptions: an engine that is not Aurora's, or a name that RDS refuses.
        """
        super().__init__(scope, id)
        check(self, _RULES, locals())
        self._identifier, self._resource_id = cluster_identifier, resource_id
        self._hosts = {"endpoint": endpoint, "reader_endpoint": reader_endpoint}
        self.port, self.key, self.data_api = Engine.of(engine).port, key, data_api
        self.security_group = cast("ec2.SecurityGroup", security_group)
        self.secret = credentials.known(self, None, secret_name, key)

    @property
    def cluster_identifier(self) -> str:
        """The cluster's name in its Region."""
        return self._identifier

    @property
    def cluster_arn(self) -> str:
        """For backups and for the runbooks."""
        arn = ArnFormat.COLON_RESOURCE_NAME
        return Stack.of(self).format_arn(
            service="rds", resource="cluster", resource_name=self._identifier, arn_format=arn
        )

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the cluster."""
        return {"DBClusterIdentifier": self._identifier}

    @property
    def resource_id(self) -> str:
        """What RDS calls the cluster for ever."""
        return self._known("resource_id", self._resource_id)

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the writer."""
        return rds.Endpoint(self._known("endpoint", self._hosts["endpoint"]), self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Leads to the readers, in turn."""
        return rds.Endpoint(self._known("reader_endpoint", self._hosts["reader_endpoint"]), self.port)

    def _known(self, option: str, value: str | None) -> str:
        if value is None:
            where, why = self.node.path, "this app cannot look it up"
            problem = Problem(where=where, option=option, got="not given", allowed="as the other app knows it", why=why)
            raise InvalidOptions([problem])
        return value
