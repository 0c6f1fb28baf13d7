"""The parts of a cluster, each from the options that concern it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_standby_review.facts import aurora as facts
from cdk_standby_review.facts import aurora_features as features

from .._alarms import AlarmSpec
from .._checks import Options
from .._reasons import all_weakened
from .._tokens import is_token
from . import _aurora_engine as engines
from . import _credentials as credentials
from ._access import AuroraAccess, ClusterAccess
from ._aurora_alarms import cluster_alarms, global_alarms, replica_alarms
from ._aurora_roster import roster
from ._parts import accept
from ._place import Place, lower

LIFECYCLE = "open-source-rds-extended-support"
REGION_WARNING = "cdk-standby:no-region"


def note(cluster: Construct, options: Options) -> None:
    """Write down what was given away, and warn of what cannot be judged here."""
    all_weakened(cluster, options)
    if is_token(options["region"]):
        Annotations.of(cluster).add_warning_v2(
            REGION_WARNING,
            "the stack names no Region: whether it has three Availability Zones, as the storage of Aurora needs, shows "
            "at deployment only",
        )


def cluster_parameters(scope: Construct, o: Options) -> rds.CfnDBClusterParameterGroup:
    """What is set for all instances, in a group of the cluster's own, since defaults cannot be changed."""
    kind = engines.Engine.of(o["engine"])
    return rds.CfnDBClusterParameterGroup(
        scope,
        "ClusterParameters",
        family=engines.family(o["engine"], o["version"]),
        description=f"Cluster of {scope.node.path}",
        parameters=kind.parameters(o["parameters"] or {}, plaintext=bool(o["plaintext_because"]), rpo_cap=o["rpo_cap"]),
    )


def instance_parameters(scope: Construct, o: Options) -> rds.CfnDBParameterGroup:
    """A group of the instances' own, so that a major upgrade finds one of its family."""
    family = engines.family(o["engine"], o["version"])
    return rds.CfnDBParameterGroup(
        scope, "InstanceParameters", family=family, description=f"Instances of {scope.node.path}"
    )


def own_secret(scope: Construct, o: Options) -> secretsmanager.CfnSecret | None:
    """Credentials of the cluster's own, where its data was born or restored and RDS does not manage them."""
    if o["secondary"] or o["managed_password"]:
        return None
    return credentials.generated(scope, o["master_username"], o["key_"], o["secret_name"], o["secret_replicas"])


def cluster(
    scope: ClusterAccess,
    o: Options,
    *,
    secret: secretsmanager.CfnSecret | None,
    after: Sequence[logs.LogGroup],
    **parts: Any,
) -> rds.CfnDBCluster:
    """The cluster itself; the log groups exist before it."""
    made = rds.CfnDBCluster(
        scope,
        "Cluster",
        vpc_security_group_ids=[scope.security_group.security_group_id],
        port=scope.port,
        storage_encrypted=True,
        kms_key_id=scope.key.key_arn,
        copy_tags_to_snapshot=True,
        enable_iam_database_authentication=True,
        performance_insights_enabled=True,
        performance_insights_kms_key_id=scope.key.key_arn,
        **parts,
        **_membership(o),
        **_features(o),
        **_birth(o, secret),
        **_operation(o),
    )
    engines.accept_engine(made)
    if o["restore"] is not None:
        _accept_restore(made)
    for group in after:
        made.node.add_dependency(group)
    return made


def _membership(o: Options) -> dict[str, Any]:
    return {
        "engine": o["engine"],
        "engine_version": o["version"],
        "db_cluster_identifier": lower(o["cluster_identifier"]),
        "global_cluster_identifier": None if o["founder"] else lower(o["global_cluster"]),
        "engine_lifecycle_support": _lifecycle(o),
    }


def _lifecycle(o: Options) -> str | None:
    by_container = o["global_cluster"] is not None and o["engine"] in features.LIFECYCLE_OF_CONTAINER.value
    return None if by_container else lifecycle(o["no_extended_support_because"])


def lifecycle(refused_because: str | None) -> str:
    """Whether a major version goes on after its standard support, at a price, or is upgraded by force."""
    return f"{LIFECYCLE}-disabled" if refused_because else LIFECYCLE


def _features(o: Options) -> dict[str, Any]:
    return {
        "enable_global_write_forwarding": o["global_write_forwarding"] or None,
        "enable_local_write_forwarding": o["local_write_forwarding"] or None,
        "backtrack_window": o["backtrack"].to_seconds() if o["backtrack"] else None,
        "serverless_v2_scaling_configuration": _scaling(o),
        "storage_type": o["storage"],
        "enable_http_endpoint": o["data_api"],
    }


def _birth(o: Options, secret: secretsmanager.CfnSecret | None) -> dict[str, Any]:
    """Where data and users come from; restored ones keep their names, and take the password of the secret."""
    if o["secondary"]:
        return {}
    known = credentials.managed(o["key_"]) if secret is None else {"master_user_password": credentials.password(secret)}
    if o["restore"] is not None:
        return {**known, **o["restore"].cluster()}
    return {**known, "master_username": o["master_username"], "database_name": o["database_name"]}


def _accept_restore(made: rds.CfnDBCluster) -> None:
    """CloudFormation restores with the key that it is given, and sets the password when it has restored.

    See `modifyDbClusterAfterCreateRequest` of
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds.
    """
    because = "the master user comes with the data, and takes the password of the secret after the restore"
    accept(made, because, *(f"CloudFormation-Validate::{rule}" for rule in ("F3021", "W3689")))
    made.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3021", "W3689"]}})


def _operation(o: Options) -> dict[str, Any]:
    return {
        "backup_retention_period": o["backup_retention"].to_days(),
        "preferred_backup_window": o["backup_window"],
        "preferred_maintenance_window": o["maintenance_window"],
        "enable_cloudwatch_logs_exports": list(engines.Engine.of(o["engine"]).log_types),
        "database_insights_mode": o["insights"],
        "performance_insights_retention_period": facts.INSIGHTS_DAYS.value[o["insights"]],
        "deletion_protection": o["deletable_because"] is None,
        # They outlive the cluster, except those of Limitless, where AWS does not offer it.
        "delete_automated_backups": None if o.get("limitless") else False,
    }


def _scaling(o: Options) -> rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty | None:
    if o["serverless"] is None:
        return None
    least, most = o["serverless"]
    return rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(
        min_capacity=least,
        max_capacity=most,
        seconds_until_auto_pause=o["pause_after"].to_seconds() if o["pause_after"] else None,
    )


def instances(
    scope: AuroraAccess, o: Options, place: Place, watcher: iam.Role | None, group: rds.CfnDBParameterGroup
) -> tuple[rds.CfnDBInstance, ...]:
    """The writer and its readers, spread over the zones of the storage."""
    return tuple(
        engines.instance(
            scope,
            seat.number,
            watcher,
            unwatched_because=o["no_monitoring_because"],
            promotion_tier=seat.tier,
            db_cluster_identifier=scope.cluster.ref,
            db_instance_class=seat.instance_class,
            engine=o["engine"],
            availability_zone=place.zone(seat.number),
            db_parameter_group_name=group.ref,
            ca_certificate_identifier=o["certificate_authority"],
            # RDS leaves members of a global database at their version, whatever is set.
            auto_minor_version_upgrade=o["global_cluster"] is None,
            monitoring_interval=o["monitoring_interval"],
        )
        for seat in roster(o)
    )


def alarm_specs(access: AuroraAccess, o: Options) -> Iterator[AlarmSpec]:
    """What a cluster rings for: only what it has."""
    count = len(roster(o))
    lags = o["secondary"] if o["follows"] is None else o["follows"]
    if count:
        yield from cluster_alarms(access.metric)
    if count > 1:
        yield from replica_alarms(access.metric_replica_lag())
    if o["global_cluster"] is not None:
        quiet = not lags or not count
        yield from global_alarms(access.metric_global_lag(), access.metric_global_rpo_lag(), quiet=quiet)
