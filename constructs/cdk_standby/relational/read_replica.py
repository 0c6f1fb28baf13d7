"""RDS: a read replica, in the Region of its source or in another one, and what it becomes when it is promoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import rds_replicas as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from . import _credentials as credentials
from . import _instance_parts as shared
from . import _parts as parts
from . import _replica_parts as own
from ._access import InstanceAccess
from ._cluster_rules import undecided
from ._engines import ENGINES, Engine
from ._events import instance_events, replica_events
from ._instance_alarms import instance_alarms
from ._instance_rules import no_iam
from ._place import Place, lower, placed
from ._replica_roster import come_after, crowded, nowhere
from ._replica_rules import RULES
from ._replica_source import Source, SourceInstance
from ._replica_source_rules import has_backups
from .multi_az_cluster import MultiAzCluster
from .multi_az_instance import MultiAzInstance

__all__ = ["ReadReplica", "SourceInstance"]

_DECIDED = ("engine", "version", "source_version", "instance", "storage_type", "monitoring_interval", "insights")


class ReadReplica(InstanceAccess):
    """A database that follows another one, for reads and for the day when its source is lost.

    Source lost with its Region: the replica goes on being readable, and a promotion makes it a database of its own in
    minutes; what had not arrived is lost, which is the lag. Source failing over to its standby: the replica follows by
    itself. The replica's own zone lost: its standby takes over in 60 to 120 seconds. Rows deleted by mistake: deleted
    here too, within seconds; backups are what helps.

    Promotion is a change of the template: with `promoted_because` CloudFormation makes the same instance, under the
    same name, a database of its own. Nothing makes it a replica again
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html).
    """

    engine: str
    version: str
    depth: int
    """How many databases it follows, one after the other; 0 once it is promoted."""
    regions: tuple[str, ...]
    """Of the chain that leads here, its own last."""
    license: str | None
    storage: float
    subnet_group: rds.CfnDBSubnetGroup
    parameter_group: rds.CfnDBParameterGroup
    log_groups: tuple[logs.LogGroup, ...]
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        source: MultiAzInstance | MultiAzCluster | ReadReplica | SourceInstance,
        vpc: ec2.IVpc,
        key: kms.IKey,
        promoted_because: str | None = None,
        promoted_by_api: bool = False,
        version: str | None = None,
        instance: str | None = None,
        single_az_because: str | None = None,
        zone: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        instance_identifier: str | None = None,
        replica_mode: str | None = None,
        ibm_customer_id: str | None = None,
        ibm_site_id: str | None = None,
        storage: int | None = None,
        max_storage: int | None = None,
        fixed_storage_because: str | None = None,
        storage_type: str | None = None,
        iops: int | None = None,
        throughput: int | None = None,
        secret_name: str | None = None,
        backup_retention: Duration | None = None,
        no_backups_because: str | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str | None = None,
        minor_upgrades: bool = True,
        major_upgrades: bool = False,
        ca: str = "rds-ca-rsa2048-g1",
        log_types: Sequence[str] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        no_monitoring_because: str | None = None,
        insights: str = "standard",
        no_insights_because: str | None = None,
        parameters: Mapping[str, str] | None = None,
        option_group: str | None = None,
        plaintext_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the replica.

        Args:
            scope: the parent.
            id: unique among the parent's children; keep it, also when the replica is promoted.
            source: what it follows: an instance or a replica of any Region, a Multi-AZ DB cluster of its own Region, or
                a `SourceInstance` where another app builds it. A source of another Region needs a name of its own, by
                which both Regions know it. Create-only.
            vpc: any VPC with subnets in two zones or more; all replicas of a source in one Region share it.
            key: encrypts logs and insights and, in another Region than the source's, the storage. In the same Region
                the storage has the key of its source. Create-only.
            promoted_because: why the replica stands for itself from now on; left out: it follows its source.
            promoted_by_api: True when a runbook or a person has promoted it already: the template names the source for
                ever, since CloudFormation would promote once more, and RDS refuses that. Left out: CloudFormation does.
            version: the full engine version; left out: the source's. Once promoted, state it. A newer one upgrades in
                place: replicas first, then their source.
            instance: the class without ``db.``; left out: the source's, so that the replica can take over.
            single_az_because: why the replica has no standby; with `zone`.
            zone: where a replica without a standby lives, another zone for each replica of the source; left out: RDS
                chooses for the replica and its standby. Create-only.
            subnets: where the replica may live; left out: the isolated subnets.
            instance_identifier: a physical name; left out: made up, and the log groups are not owned. Create-only.
            replica_mode: of Oracle and Db2, ``"open-read-only"`` or ``"mounted"``, which serves no reads and takes
                fewer licences; left out: open-read-only.
            ibm_customer_id: how IBM knows whoever brings a licence of Db2, required, unless it is the marketplace's.
            ibm_site_id: how IBM knows the site of that licence, required with `ibm_customer_id`; left out: no licence.
            storage: GiB, as many as the source has or more; left out: as many as the source has.
            max_storage: GiB up to which the storage grows by itself; left out: as the source's, or twice its storage.
            fixed_storage_because: why a full disk may stop the replica: storage does not grow.
            storage_type: ``"gp3"``, ``"io1"`` or ``"io2"``; left out: the source's, with its IOPS, or gp3.
            iops: required for io1 and io2; left out: the baseline of gp3, or the source's.
            throughput: MiB a second, gp3 only; left out: the baseline, or the source's.
            secret_name: what the copy of the source's credentials is called in this Region; left out: in the source's
                own Region its secret is known, elsewhere none is.
            backup_retention: how far its own backups reach back, 1 to 35 days, for those that follow it and for a
                promotion without delay; left out: 14, or none where RDS makes none until it is promoted.
            no_backups_because: why neither a chain nor a quick promotion is needed.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``, apart from the source's; left out: at
                02:30-03:30 a day after the source's, Mondays where that is not known.
            minor_upgrades: False keeps the minor version until `version` changes; left out: RDS upgrades it.
            major_upgrades: True lets `version` cross a major version, on MySQL and MariaDB ahead of the source; left
                out: RDS refuses it.
            ca: the authority behind the server's certificate; left out: rds-ca-rsa2048-g1.
            log_types: which logs are exported; left out: those of the engine that are worth a look after an outage.
            log_retention: how long they are kept; left out: three months.
            monitoring_interval: seconds between measurements of the host, or 0 for none; left out: 60.
            no_monitoring_because: why nobody needs those measurements; with an interval of 0.
            insights: the mode of Database Insights; left out: standard, which keeps a week, all that RDS takes until
                the replica is promoted. Db2 has none.
            no_insights_because: why nobody needs them.
            parameters: further parameters of the engine; left out: only those that require TLS and write logs.
            option_group: the name of an option group of this Region; left out: RDS takes the source's in its own
                Region, and elsewhere one that it chooses: name yours where the source has options.
            plaintext_because: why clients may connect without encryption; left out: they may not.
            deletable_because: why replica and parts may be deleted with their stack; left out: they are retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: ReplicaLag (seconds), Replication (seconds), and those of
                `MultiAzInstance`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so; one replica too many too.
        """
        super().__init__(scope, id)
        place, here, followed = Place.of(self, vpc, subnets), Stack.of(self), Source.of(source, self)
        usual = ENGINES.get(followed.engine)
        version, promoted = version or followed.version, promoted_because is not None
        instance = instance or followed.instance or (usual.instance if usual else "")
        if storage_type is None:
            storage_type, iops = followed.storage_type or "gp3", iops or followed.iops
            throughput = throughput or followed.throughput
        growth = None if fixed_storage_because else max_storage or followed.max_storage or 2 * followed.storage
        maintenance_window = maintenance_window or own.usual_window(followed)
        given = {**locals(), "source": followed, "zones": len(place.zones), "storage": storage or followed.storage}
        given |= {"engine": followed.engine, "license": followed.license, "account": here.account}
        given |= {"source_version": followed.version, **placed(self, vpc, key, alarms)}
        crowd = () if promoted else crowded(self, followed, given, vpc)
        check(self, RULES, given, also=[*undecided(self, given, _DECIDED), *nowhere(self, followed), *crowd])
        if not promoted:
            come_after(self, followed, zone, vpc)
        all_weakened(self, given)

        kind, name, plaintext = Engine.of(followed.engine), lower(instance_identifier), plaintext_because is not None
        self.engine, self.version, self.key, self.license = followed.engine, version, key, followed.license
        self.depth = 0 if promoted else followed.depth + 1
        self.regions = (here.region,) if promoted else (*followed.regions, here.region)
        self.storage, self.port = storage or followed.storage, own.port(kind, plaintext=plaintext)
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.security_group = parts.security_group(self, vpc)
        ids = shared.ibm_ids(ibm_customer_id, ibm_site_id)
        values = kind.parameters({**ids, **(parameters or {})}, plaintext=plaintext)
        self.parameter_group = shared.parameter_group(self, kind, version, values)
        exported = list(kind.log_types if log_types is None else log_types)
        self.log_groups = tuple(parts.log_groups(self, name and f"instance/{name}", exported, key, log_retention))
        watcher = parts.monitoring_role(self) if monitoring_interval else None
        kept = backup_retention or Duration.days(14)
        makes_backups = promoted or (no_backups_because is None and has_backups(followed))
        self.instance = self._instance(
            # The engine comes with the source. Beside a key and without `StorageEncrypted`, which a replica must not
            # have, validators would take it for an instance that is not encrypted.
            engine_version=version,
            db_instance_class=f"db.{instance}",
            db_instance_identifier=name,
            **own.following(followed, here, promoted=promoted and not promoted_by_api),
            **own.encrypted(followed, here, key),
            replica_mode=None if promoted else replica_mode,
            multi_az=single_az_because is None,
            availability_zone=zone,
            allocated_storage=None if storage is None else str(storage),
            max_allocated_storage=growth,
            storage_type=storage_type,
            iops=iops,
            storage_throughput=throughput,
            option_group_name=option_group,
            backup_retention_period=kept.to_days() if makes_backups else 0,
            preferred_backup_window=backup_window if makes_backups else None,
            preferred_maintenance_window=maintenance_window,
            auto_minor_version_upgrade=minor_upgrades,
            allow_major_version_upgrade=major_upgrades,
            ca_certificate_identifier=ca,
            enable_cloudwatch_logs_exports=exported,
            enable_iam_database_authentication=kind.iam or None,
            monitoring_interval=monitoring_interval,
            monitoring_role_arn=watcher.role_arn if watcher else None,
            **own.insights(kind, insights, key, off=no_insights_because is not None, promoted=promoted),
            deletion_protection=deletable_because is None,
        )
        own.accept_replica(self.instance, kind, exported, given)
        near = followed.secret if followed.region == here.region else None
        self.secret = credentials.known(self, None, secret_name, key) if secret_name else near
        parts.keep(
            self.instance,
            self.subnet_group,
            self.parameter_group,
            self.security_group,
            *self.log_groups,
            *([watcher] if watcher else []),
            deletable_because=deletable_because,
        )
        if alarms is not None:
            (instance_events if promoted else replica_events)(self, [self.instance.ref], alarms)
        specs = chain(
            instance_alarms(self.metric, engine=self.engine, instance=instance, storage=self.storage),
            own.lag_alarms(self.metric, promoted=promoted),
        )
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def metric_replica_lag(self) -> cloudwatch.Metric:
        """Seconds that the replica lags behind its source; -1 when replication has stopped; nothing once promoted."""
        return self.metric(facts.LAG.value, statistic="Maximum")

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody connect: with the credentials or, when a database user is named, by IAM as that user alone.

        Raises:
            InvalidOptions: a user of Oracle, SQL Server or Db2, which IAM does not let in; or there are no credentials
                to read: a replica of another Region without `secret_name`.
        """
        if user is not None and not Engine.of(self.engine).iam:
            raise no_iam(self, user)
        super().grant_connect(grantee, user)

    def _instance(self, **given: Any) -> rds.CfnDBInstance:
        instance = rds.CfnDBInstance(
            self,
            "Instance",
            db_subnet_group_name=self.subnet_group.ref,
            db_parameter_group_name=self.parameter_group.ref,
            # Left out, the next update would give the replica the default group of its VPC.
            vpc_security_groups=[self.security_group.security_group_id],
            copy_tags_to_snapshot=True,
            delete_automated_backups=False,
            publicly_accessible=False,
            **given,
        )
        for group in self.log_groups:
            instance.node.add_dependency(group)
        return instance
