"""The container of an Aurora global database."""

from __future__ import annotations

from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import aurora_features as features

from .._checks import Rule, check
from .._reasons import weakened
from .._tokens import is_token
from ._aurora_build import lifecycle
from ._aurora_members import Part, disagreements, remember
from ._aurora_names import ENGINE, VERSION, identifier, written

_RULES = (
    *ENGINE,
    VERSION,
    identifier("identifier", "members in other Regions join by this name"),
    Rule(
        option="no_extended_support_because",
        reads=("engine",),
        broken=lambda o: (
            o["no_extended_support_because"] is not None and o["engine"] not in features.LIFECYCLE_OF_CONTAINER.value
        ),
        allowed="nothing for MySQL: each member says it",
        why=features.LIFECYCLE_OF_CONTAINER.says,
        source=features.LIFECYCLE_OF_CONTAINER.source,
    ),
    Rule(
        option="source",
        broken=lambda o: o["source"] is not None and not written(features.CLUSTER_ARN, o["source"]),
        allowed="the ARN of a cluster",
        why=features.CLUSTER_ARN.says,
        source=features.CLUSTER_ARN.source,
    ),
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
        source: str | None = None,
        no_extended_support_because: str | None = None,
        deletable_because: str | None = None,
    ) -> None:
        """Make the container.

        Args:
            scope: the parent, in the Region where the first member is born.
            id: unique among the parent's children.
            engine: ``"aurora-postgresql"`` or ``"aurora-mysql"``, that of all members. Create-only.
            version: the full engine version of all members, such as ``"17.4"``.
            identifier: the name by which members join, up to 63 letters, digits and hyphens. Create-only.
            source: the ARN of a cluster that exists, as plain text, to make the container from: it becomes the first
                member, in place, and says `founder`. Left out: the first member is born into the container.
                Create-only.
            no_extended_support_because: why a major version may be upgraded by force once its standard support ends;
                without a reason all members go on with it, at a price.
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
        weakened(self, "no_extended_support", no_extended_support_because)
        self.identifier = identifier if is_token(identifier) else identifier.lower()
        self.resource = rds.CfnGlobalCluster(
            self,
            "GlobalCluster",
            global_cluster_identifier=self.identifier,
            **(_born(engine, version) if source is None else {"source_db_cluster_identifier": source}),
            engine_lifecycle_support=(
                lifecycle(no_extended_support_because) if engine in features.LIFECYCLE_OF_CONTAINER.value else None
            ),
            deletion_protection=not deletable,
        )
        self.resource.apply_removal_policy(RemovalPolicy.DESTROY if deletable else RemovalPolicy.RETAIN)

    @property
    def writer_endpoint(self) -> str:
        """Leads to the writer wherever it is; reaching it from another Region needs a network between the two."""
        return self.resource.get_att("GlobalEndpoint.Address").to_string()


def _born(engine: str, version: str) -> dict[str, Any]:
    """What a container takes from its first member when it is made from one, and may not be told then."""
    return {"engine": engine, "engine_version": version, "storage_encrypted": True}
