"""Changes that are made beside production, and switched to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._checks import check
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ._access import DatabaseAccess
from ._blue_green_rules import RULES, family, unfit
from ._events import deployment_events
from ._followers import replicas
from ._operated import Operated, elsewhere, unknown_at_synth
from ._parts import accept

_NEW = "CloudFormation-Validate::F3006"


class BlueGreen(Construct):
    """A copy of a database beside it (green), newer or otherwise changed, that replication keeps level with it (blue).

    Making it touches production little, and fails safe. To switch over, run the runbook of `DatabaseRunbooks`: writes
    stop for a minute or less, no write is lost, and green takes the names of blue, which becomes ``<name>-old1``. When
    the switchover is not done in time, RDS takes it back.

    Afterwards tell the code what runs: set `version` of the database to the version of green and deploy; nothing is
    replaced, since the names are the same. What knows a database by its resource id (IAM users, backups of AWS Backup)
    has to be told. Nothing here is ever deleted with its code: neither green nor blue nor the deployment.
    """

    deployment: rds.CfnDeployment
    parameter_groups: tuple[rds.CfnDBClusterParameterGroup | rds.CfnDBParameterGroup, ...]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: DatabaseAccess,
        name: str,
        version: str | None = None,
        parameters: Mapping[str, str] | None = None,
        instance: str | None = None,
        storage: int | None = None,
        storage_type: str | None = None,
        iops: int | None = None,
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Make the green environment when this is deployed, which takes as long as a restore.

        Args:
            scope: the parent.
            id: unique among the parent's children. Every option but `alarms` makes another deployment: for the next
                change take another id and name.
            database: blue: an Aurora cluster outside of global databases, or an instance, of MySQL, MariaDB or
                PostgreSQL, with backups, with a secret of its own and without a proxy.
            name: of the deployment, up to 60 letters, digits and single hyphens. Create-only.
            version: of green, in full, newer than blue's; left out: the same. Create-only.
            parameters: of green, beside those of blue; left out: blue's, in the family of the new version. Create-only.
            instance: the class of green without ``db.``, for instances; left out: blue's. Create-only.
            storage: of green in GiB, for instances, less than blue's too; left out: blue's. Create-only.
            storage_type: ``"gp3"``, ``"io2"`` and so on, for instances; left out: blue's. Create-only.
            iops: provisioned for green, for instances; left out: blue's. Create-only.
            alarms: who is told how it goes; left out: nobody is.

        Raises:
            InvalidOptions: RDS makes no such deployment
                (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-considerations.html).
        """
        super().__init__(scope, id)
        blue = Operated.of(database)
        now = _parameters(database)
        options = {"name": name, "version": version, "instance": instance, "storage": storage, "iops": iops}
        given = {**options, "storage_type": storage_type, "target": blue, "now": blue.version}
        followers = [where for _, where in replicas(self, database)]
        problems = [*unfit(self, blue, version, now, followers), *unknown_at_synth(self, version=version)]
        check(self, RULES, given, also=[*elsewhere(self, blue), *problems])
        wanted = {**now, **(parameters or {})}
        groups = _groups(self, blue, version or blue.version, wanted)
        self.parameter_groups = tuple(groups.values())
        self.deployment = rds.CfnDeployment(
            self,
            "Deployment",
            blue_green_deployment_name=name,
            source=blue.arn,
            target_engine_version=version,
            target_db_cluster_parameter_group_name=groups["cluster"].ref if "cluster" in groups else None,
            target_db_parameter_group_name=groups["instance"].ref if "instance" in groups else None,
            target_db_instance_class=None if instance is None else f"db.{instance}",
            target_allocated_storage=storage,
            target_storage_type=storage_type,
            target_iops=iops,
        )
        for kept in (self.deployment, *self.parameter_groups):
            kept.apply_removal_policy(RemovalPolicy.RETAIN)
        for member in blue.members:
            self.deployment.node.add_dependency(member)
        accept(self.deployment, "CloudFormation has this type; the list that the CDK checks against does not yet", _NEW)
        if alarms is not None:
            deployment_events(self, [self.identifier], alarms)

    @property
    def identifier(self) -> str:
        """By which the runbooks know the deployment."""
        return self.deployment.attr_blue_green_deployment_identifier


def _parameters(database: DatabaseAccess) -> dict[str, Any]:
    """What blue's own group sets: of a cluster the cluster's, which all its instances have."""
    kind = rds.CfnDBClusterParameterGroup if hasattr(database, "cluster") else rds.CfnDBParameterGroup
    groups = [child for child in database.node.children if isinstance(child, kind)]
    resolved: Any = Stack.of(database).resolve(groups[0].parameters) if groups else None
    return dict(resolved or {})


def _groups(
    scope: Construct, blue: Operated, version: str, parameters: Mapping[str, Any]
) -> dict[str, rds.CfnDBClusterParameterGroup | rds.CfnDBParameterGroup]:
    """Groups of green's own, of its version's family."""
    if is_token(version) or is_token(blue.engine):
        return {}
    of, path = family(blue, version), scope.node.path
    if blue.kind == "instance":
        group = rds.CfnDBParameterGroup(
            scope, "InstanceParameters", family=of, description=f"Green of {path}", parameters=dict(parameters)
        )
        return {"instance": group}
    return {
        "cluster": rds.CfnDBClusterParameterGroup(
            scope, "ClusterParameters", family=of, description=f"Green cluster of {path}", parameters=dict(parameters)
        ),
        "instance": rds.CfnDBParameterGroup(
            scope, "InstanceParameters", family=of, description=f"Green instances of {path}"
        ),
    }
