"""The container of an Aurora global database."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import aurora as facts

from .._checks import check, one_of
from .._reasons import weakened
from .._tokens import is_token
from ._aurora_members import Part, disagreements, remember
from ._aurora_names import VERSION, identifier

_RULES = (
    one_of("engine", facts.ENGINES.value, why=facts.ENGINES.says, source=facts.ENGINES.source),
    VERSION,
    identifier("identifier", "members in other Regions join by this name"),
)


class GlobalAurora(Construct):
    """What the clusters of several Regions are members of, so that one of them writes and the others follow.

    Region loss: a member elsewhere is promoted by `failover_global_cluster`, in minutes; writes of the last moments,
    typically less than a second, are lost. Planned moves by `switchover_global_cluster` lose nothing.

    It holds no data and belongs into a stack of its own, outside those of the members: a member can then be deleted
    without the others. Members take its identifier as plain text; nothing refers to this stack.
    """

    resource: rds.CfnGlobalCluster
    identifier: str

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        engine: str,
        version: str,
        identifier: str,
        deletable_because: str | None = None,
    ) -> None:
        """Make the container.

        Args:
            scope: the parent, in the Region where the first member is born.
            id: unique among the parent's children.
            engine: ``"aurora-postgresql"`` or ``"aurora-mysql"``, that of all members. Create-only.
            version: the full engine version of all members, such as ``"17.4"``.
            identifier: the name by which members join, up to 63 letters, digits and hyphens. Create-only.
            deletable_because: why it may be deleted, in a lab; left out: it is protected and retained.

        Raises:
            InvalidOptions: an engine that is not Aurora's, a version that is not written in full or not that of a
                member in the same app, or a name that RDS refuses
                (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html).
        """
        super().__init__(scope, id)
        part = Part.of(self, identifier, engine, version)
        check(self, _RULES, locals(), also=disagreements(self, part))
        remember(self, part)
        deletable = weakened(self, "deletable", deletable_because)
        self.identifier = identifier if is_token(identifier) else identifier.lower()
        self.resource = rds.CfnGlobalCluster(
            self,
            "GlobalCluster",
            global_cluster_identifier=self.identifier,
            engine=engine,
            engine_version=version,
            storage_encrypted=True,
            deletion_protection=not deletable,
        )
        self.resource.apply_removal_policy(RemovalPolicy.DESTROY if deletable else RemovalPolicy.RETAIN)

    @property
    def writer_endpoint(self) -> str:
        """Leads to the writer wherever it is; reaching it from another Region needs a network between the two."""
        return self.resource.get_att("GlobalEndpoint.Address").to_string()
