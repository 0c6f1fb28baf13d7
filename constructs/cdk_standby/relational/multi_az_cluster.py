"""A Multi-AZ DB cluster: a writer and two standbys that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import rds as facts
from cdk_standby_review.facts import rds_clusters as clusters

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from . import _credentials as credentials
from . import _parts as parts
from ._access import ClusterAccess
from ._cluster_parts import cluster_alarms, parameter_group
from ._cluster_rules import RULES, no_iam, stated_iops, undecided
from ._credentials import SecretReplica
from ._engines import Engine
from ._events import cluster_events
from ._instance_parts import UNENCRYPTED
from ._place import Place, lower, placed
from ._restore import Restore


class MultiAzCluster(ClusterAccess):
    """A PostgreSQL or MySQL database with a writer and two readable standbys in three zones.

    Instance or zone loss: a standby takes over, typically in under 35 seconds; no write is lost, since a commit waits
    for one of the two standbys to have received it. Region loss: not survived; AWS replicates neither such a cluster
    nor its automated backups to another Region, and copies no snapshots of it: where that counts, choose
    `MultiAzInstance` with a `ReadReplica`, or Aurora.
    Deletion: protected, and retained with all its parts. A cluster that is gone cannot be restored to a point in time,
    only from its snapshots.

    RDS makes the three instances itself, and chooses their zones. There are no option groups, storage does not grow by
    itself, and the cluster cannot be stopped (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.Limitations.html).
    """

    cluster: rds.CfnDBCluster
    engine: str
    version: str
    subnet_group: rds.CfnDBSubnetGroup
    cluster_parameters: rds.CfnDBClusterParameterGroup
    log_groups: tuple[logs.LogGroup, ...]
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        engine: str,
        version: str,
        vpc: ec2.IVpc,
        key: kms.IKey,
        instance: str = "r6gd.large",
        storage: int = 100,
        storage_type: str = "gp3",
        iops: int | None = None,
        subnets: ec2.SubnetSelection | None = None,
        cluster_identifier: str | None = None,
        database_name: str | None = None,
        master_username: str = "clusteradmin",
        managed_password: bool = False,
        secret_name: str | None = None,
        secret_replicas: Sequence[SecretReplica] = (),
        restore: Restore | None = None,
        backup_retention: Duration | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str = "sun:02:30-sun:03:30",
        minor_upgrades: bool = True,
        extended_support: bool = False,
        log_types: Sequence[str] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        no_monitoring_because: str | None = None,
        insights: str = "advanced",
        parameters: Mapping[str, str] | None = None,
        plaintext_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            engine: ``"postgres"`` or ``"mysql"``. Create-only.
            version: the full engine version, such as ``"17.6"`` or ``"8.4.6"``. A newer one upgrades in place.
            vpc: any VPC with subnets in three zones.
            key: encrypts storage, credentials and logs. Create-only.
            instance: the class without ``db.``, of a family with a local disk; left out: r6gd.large. Another one is
                taken in place, the standbys first.
            storage: GiB for each of the three instances; left out: 100. More is taken in place, less never; it does
                not grow by itself.
            storage_type: ``"gp3"``, ``"io1"`` or ``"io2"``; left out: gp3.
            iops: IOPS for each instance, required for io1 and io2; left out: the baseline of gp3, 3,000 below 400 GiB
                and 12,000 from there on.
            subnets: where the instances live, in three zones; left out: the isolated subnets.
            cluster_identifier: a physical name, up to 52 characters; left out: AWS makes one up, and the log groups are
                not owned. Create-only.
            database_name: the first database; left out: none but the engine's own. Create-only.
            master_username: left out: clusteradmin. Create-only.
            managed_password: True leaves password and rotation to RDS, and excludes read replicas; left out: a secret
                of the construct's own.
            secret_name: the name of the secret, of the one that is made or, with `restore`, of the one that holds the
                credentials that come with the data; left out: AWS makes one up.
            secret_replicas: Regions that keep a copy of the credentials; left out: none.
            restore: what the data comes from; left out: the database is born empty. Users and passwords come with the
                data. Create-only.
            backup_retention: how far backups reach back, 1 to 35 days; left out: 14.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 02:30-03:30.
            minor_upgrades: False keeps the minor version until `version` says otherwise; left out: RDS upgrades it in
                the maintenance window, the standbys first.
            extended_support: True lets the cluster enter paid Extended Support once its major version has left standard
                support; left out: RDS upgrades the major version instead. Settled when the cluster is made:
                CloudFormation refuses to change it.
            log_types: which logs are exported; left out: postgresql and upgrade, or error and slowquery.
            log_retention: how long exported logs are kept; left out: three months.
            monitoring_interval: seconds between measurements of the hosts: 1, 5, 10, 15, 30, 60, or 0 for none; left
                out: 60.
            no_monitoring_because: why nobody needs those measurements; with an interval of 0.
            insights: the mode of Database Insights: ``"advanced"`` keeps 15 months and is paid by the vCPU,
                ``"standard"`` keeps a week; left out: advanced.
            parameters: further cluster parameters; left out: only those that require TLS and write logs.
            plaintext_because: why clients may connect without TLS; left out: they may not.
            deletable_because: why the cluster and its parts may be deleted with their stack, in a lab, leaving a
                snapshot; left out: all of them are protected and retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Cpu (%), Memory and Storage (bytes), ReplicaLag (seconds),
                Deadlocks (a second).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so.
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        kept = backup_retention or Duration.days(14)
        options = {**locals(), "backup_retention": kept, "zones": len(place.zones), **placed(self, vpc, key, alarms)}
        check(self, RULES, options, also=undecided(self, options))
        all_weakened(self, options)

        kind, name = Engine.of(engine), lower(cluster_identifier)
        self.engine, self.version, self.port, self.key = engine, version, kind.port, key
        types = list(kind.log_types if log_types is None else log_types)
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.cluster_parameters = parameter_group(
            self, kind, version, parameters or {}, plaintext=bool(plaintext_because)
        )
        self.security_group = parts.security_group(self, vpc)
        own = restore is None and not managed_password
        made = credentials.generated(self, master_username, key, secret_name, secret_replicas) if own else None
        self.log_groups = tuple(parts.log_groups(self, name and f"cluster/{name}", types, key, log_retention))
        watcher = parts.monitoring_role(self) if monitoring_interval else None
        self.cluster = self._cluster(
            engine=engine,
            engine_version=version,
            engine_lifecycle_support="open-source-rds-extended-support" + ("" if extended_support else "-disabled"),
            auto_minor_version_upgrade=minor_upgrades,
            db_cluster_identifier=name,
            db_cluster_instance_class=f"db.{instance}",
            allocated_storage=storage,
            storage_type=storage_type,
            iops=stated_iops(storage, storage_type, iops),
            # What is restored brings its encryption, databases and users.
            storage_encrypted=True if restore is None or not restore.to_point_in_time else None,
            database_name=database_name,
            master_username=master_username if restore is None else None,
            master_user_password=credentials.password(made) if made else None,
            **(credentials.managed(key) if managed_password else {}),
            **(restore.cluster() if restore else {}),
            backup_retention_period=kept.to_days(),
            preferred_backup_window=backup_window,
            preferred_maintenance_window=maintenance_window,
            enable_cloudwatch_logs_exports=types,
            monitoring_interval=monitoring_interval,
            monitoring_role_arn=watcher.role_arn if watcher else None,
            database_insights_mode=insights,
            performance_insights_retention_period=facts.INSIGHTS_DAYS.value[insights],
            deletion_protection=deletable_because is None,
        )
        managed = self.cluster.attr_master_user_secret_secret_arn if managed_password else None
        self.secret = credentials.known(self, made.ref if made else managed, secret_name, key)
        parts.keep(
            self.cluster,
            self.subnet_group,
            self.cluster_parameters,
            self.security_group,
            *self.log_groups,
            *([made] if made else []),
            *([watcher] if watcher else []),
            deletable_because=deletable_because,
        )
        if alarms is not None:
            cluster_events(self, self.cluster.ref, [], alarms)
        specs = cluster_alarms(self.metric, self.metric_replica_lag(), storage)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def metric_replica_lag(self) -> cloudwatch.Metric:
        """Seconds that the slower standby lags behind the writer."""
        return self.metric(clusters.LAG.value, statistic="Maximum")

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody read the credentials.

        Raises:
            InvalidOptions: a database user is named: CloudFormation turns IAM authentication on for Aurora only; or
                there are no credentials to read: a restored cluster without `secret_name`.
        """
        if user is not None:
            raise no_iam(self, user)
        super().grant_connect(grantee)

    def _cluster(self, **given: Any) -> rds.CfnDBCluster:
        cluster = rds.CfnDBCluster(
            self,
            "Cluster",
            db_subnet_group_name=self.subnet_group.ref,
            db_cluster_parameter_group_name=self.cluster_parameters.ref,
            vpc_security_group_ids=[self.security_group.security_group_id],
            port=self.port,
            kms_key_id=self.key.key_arn,
            copy_tags_to_snapshot=True,
            publicly_accessible=False,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=self.key.key_arn,
            **given,
        )
        for group in self.log_groups:
            cluster.node.add_dependency(group)
        if cluster.storage_encrypted is None:
            parts.accept(cluster, "what is restored is encrypted as its origin was, here with 'key'", *UNENCRYPTED)
        return cluster
