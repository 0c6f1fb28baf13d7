"""A snapshot of a database that stays."""

from __future__ import annotations

import re

from aws_cdk import RemovalPolicy
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Rule, check
from ..alarm_topic import AlarmTopic
from ._access import DatabaseAccess
from ._events import snapshot_events
from ._operated import Operated, elsewhere
from ._parts import accept

_NEW = "CloudFormation-Validate::F3006"


class DatabaseSnapshot(Construct):
    """A manual snapshot of an instance or cluster, as before an upgrade: encrypted as its source, and kept for ever.

    Deletion or corruption of the data: what was written until the snapshot comes back, in a new database, by `restore`.
    Region loss: not survived; a snapshot stays in its Region. What is made every day, copied elsewhere and locked
    against deletion belongs into a `BackupPlan`: this one is made once, when it is deployed.
    """

    snapshot: rds.CfnDBSnapshot | rds.CfnClusterSnapshot
    name: str
    """What `restore` is given."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        name: str,
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Make the snapshot when this is deployed.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            database: what is copied; it has to run at that time.
            name: of the snapshot, such as ``"shop-before-18"``: up to 255 letters, digits and hyphens for an
                instance, 63 for a cluster. Another name is another snapshot, and the old one stays. Create-only.
            alarms: who is told what becomes of it; left out: nobody is.

        Raises:
            InvalidOptions: the name is one that RDS refuses
                (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html).
        """
        super().__init__(scope, id)
        source = Operated.of(database)
        check(self, RULES, {"name": name, "kind": source.kind}, also=elsewhere(self, source))
        self.name = name
        self.snapshot = (
            _of_cluster(self, name, source) if source.kind == "cluster" else _of_instance(self, name, source)
        )
        self.snapshot.apply_removal_policy(RemovalPolicy.RETAIN)
        accept(self.snapshot, "CloudFormation has this type; the list that the CDK checks against does not yet", _NEW)
        for member in source.members:
            self.snapshot.node.add_dependency(member)
        if alarms is not None:
            kind = "db-cluster-snapshot" if source.kind == "cluster" else "db-snapshot"
            snapshot_events(self, kind, [name], alarms)

    @property
    def arn(self) -> str:
        """For copies and shares."""
        if isinstance(self.snapshot, rds.CfnDBSnapshot):
            return self.snapshot.attr_db_snapshot_arn
        return self.snapshot.attr_db_cluster_snapshot_arn


def _of_instance(scope: Construct, name: str, source: Operated) -> rds.CfnDBSnapshot:
    return rds.CfnDBSnapshot(scope, "Snapshot", db_instance_identifier=source.identifier, db_snapshot_identifier=name)


def _of_cluster(scope: Construct, name: str, source: Operated) -> rds.CfnClusterSnapshot:
    return rds.CfnClusterSnapshot(
        scope, "Snapshot", db_cluster_identifier=source.identifier, db_cluster_snapshot_identifier=name
    )


def _named(kind: str, fact: Fact[str]) -> Rule:
    def broken(options: Options) -> bool:
        return options["kind"] == kind and re.fullmatch(fact.value, options["name"]) is None

    most = {"instance": 255, "cluster": 63}[kind]
    return Rule(
        option="name",
        broken=broken,
        allowed=f"up to {most} letters, digits and single hyphens, starting with a letter",
        why=fact.says,
        source=fact.source,
    )


RULES = (_named("instance", facts.INSTANCE_SNAPSHOT), _named("cluster", facts.CLUSTER_SNAPSHOT))
