"""RDS: one instance with a standby in another zone, of any engine."""

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

from .._alarms import add_alarms
from .._checks import check
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from . import _credentials as credentials
from . import _instance_parts as own
from . import _parts as parts
from ._access import InstanceAccess
from ._aurora_names import unknown
from ._credentials import SecretReplica
from ._engines import ENGINES, TLS_PORT_OF_DB2, Engine
from ._events import instance_events
from ._instance_alarms import instance_alarms
from ._instance_rules import RULES, no_iam
from ._instance_values import BackupsTo, DatabaseOption
from ._place import Place, lower, placed
from ._restore import Restore

__all__ = ["BackupsTo", "DatabaseOption", "MultiAzInstance"]

_MADE_AFTER = ("engine", "version", "storage", "storage_type", "iops", "insights", "log_types", "monitoring_interval")


class MultiAzInstance(InstanceAccess):
    """A database of any RDS engine with a standby in another zone, encrypted, backed up and kept with all its parts.

    Instance or zone loss: RDS fails over to the standby in 60 to 120 seconds, under the same name; no write is lost,
    since the standby has every one. Region loss: not survived alone; `backups_to` keeps copies to restore from, and a
    `ReadReplica` elsewhere can be promoted. Deletion: protected, retained with all its parts, and backed up.

    The standby serves no reads. Where it lives is up to RDS, which swaps the two at every failover.
    """

    engine: str
    version: str
    subnet_group: rds.CfnDBSubnetGroup
    parameter_group: rds.CfnDBParameterGroup
    option_group: rds.CfnOptionGroup | None
    """None: the engine's default group."""
    log_groups: tuple[logs.LogGroup, ...]
    backup_retention: Duration
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
        instance: str | None = None,
        license: str | None = None,
        ibm_customer_id: str | None = None,
        ibm_site_id: str | None = None,
        storage: int = 100,
        max_storage: int | None = None,
        fixed_storage_because: str | None = None,
        storage_type: str = "gp3",
        iops: int | None = None,
        throughput: int | None = None,
        single_az_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        instance_identifier: str | None = None,
        database_name: str | None = None,
        character_set: str | None = None,
        timezone: str | None = None,
        master_username: str = "dbadmin",
        managed_password: bool = False,
        secret_name: str | None = None,
        secret_replicas: Sequence[SecretReplica] = (),
        restore: Restore | None = None,
        backup_retention: Duration | None = None,
        backups_to: BackupsTo | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str = "sun:02:30-sun:03:30",
        minor_upgrades: bool = True,
        major_upgrades: bool = False,
        extended_support: bool = False,
        outdated_because: str | None = None,
        ca: str = "rds-ca-rsa2048-g1",
        log_types: Sequence[str] | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        no_monitoring_because: str | None = None,
        insights: str = "advanced",
        no_insights_because: str | None = None,
        parameters: Mapping[str, str] | None = None,
        options: Sequence[DatabaseOption] | None = None,
        plaintext_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the instance and its standby.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            engine: ``"postgres"``, ``"mysql"``, ``"mariadb"``, ``"oracle-ee"``, ``"oracle-se2"``, both with ``-cdb``
                too, ``"sqlserver-ee"``, ``"sqlserver-se"``, ``"sqlserver-web"``, ``"db2-se"``, ``"db2-ae"`` or
                ``"db2-ce"``. Create-only.
            version: the full engine version, such as ``"17.6"``. A newer one upgrades in place; across major versions
                only with `major_upgrades`.
            vpc: any VPC with subnets in two zones or more; RDS takes no other one later.
            key: encrypts storage, credentials, insights and logs. Create-only.
            instance: the class without ``db.``; left out: r7g.large, r6i.large for Oracle and Db2, r7i.xlarge for SQL
                Server. Another one is taken in place, with a failover.
            license: the licence model of Oracle or Db2; left out: license-included where there is one, else
                bring-your-own-license.
            ibm_customer_id: how IBM knows whoever brings a licence of Db2; left out: required, unless the licence comes
                from the marketplace.
            ibm_site_id: how IBM knows the site of a licence of Db2; left out: as `ibm_customer_id`.
            storage: GiB; left out: 100. More is taken in place, less never.
            max_storage: GiB up to which the storage grows by itself; left out: twice the storage, or as much as RDS
                takes.
            fixed_storage_because: why a full disk may stop the database: storage does not grow.
            storage_type: ``"gp3"``, ``"io1"`` or ``"io2"``; left out: gp3.
            iops: required for io1 and io2; left out: the baseline of gp3.
            throughput: MiB a second, gp3 only; left out: the baseline.
            single_az_because: why hours without a database are acceptable when a zone is lost: no standby.
            subnets: where the instance and its standby may live; left out: the isolated subnets.
            instance_identifier: a physical name; left out: AWS makes one up, and the log groups are not owned.
                Create-only.
            database_name: the first database, for Oracle the name of the system; left out: none but the engine's own.
                Create-only.
            character_set: of Oracle, or the collation of SQL Server; left out: the engine's default. Create-only.
            timezone: of SQL Server or Db2; left out: UTC. Create-only.
            master_username: left out: dbadmin. Create-only.
            managed_password: True leaves password and rotation to RDS, and excludes read replicas (SQL Server apart)
                and blue/green deployments; left out: a secret of the construct's own.
            secret_name: the name of the secret, of the one that is made or, with `restore`, of the one that holds the
                credentials that come with the data; left out: AWS makes one up.
            secret_replicas: Regions that keep a copy of the credentials; left out: none, and they are lost with the
                Region.
            restore: what the data comes from; left out: the database is born empty. Users, passwords and encryption
                come with the data. Create-only.
            backup_retention: how far backups reach back, 1 to 35 days; left out: 14.
            backups_to: another Region that keeps a copy of the backups; left out: they are lost with the Region.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 02:30-03:30.
            minor_upgrades: False keeps the minor version until `version` says otherwise; left out: RDS upgrades it in
                the maintenance window.
            major_upgrades: True lets a change of `version` cross a major version; left out: RDS refuses it.
            extended_support: True lets MySQL or PostgreSQL enter paid Extended Support once its major version has left
                standard support, which such a version needs to be made at all; left out: RDS upgrades the major
                version instead.
            outdated_because: why a version stays that RDS makes no new instances of.
            ca: the authority behind the server's certificate, one of ``"rds-ca-rsa2048-g1"``,
                ``"rds-ca-rsa4096-g1"`` and ``"rds-ca-ecc384-g1"``; left out: rds-ca-rsa2048-g1.
            log_types: which logs are exported; left out: those of the engine that are worth a look after an outage.
            log_retention: how long exported logs are kept; left out: three months.
            monitoring_interval: seconds between measurements of the host: 1, 5, 10, 15, 30, 60, or 0 for none; left
                out: 60.
            no_monitoring_because: why nobody needs those measurements; with an interval of 0.
            insights: the mode of Database Insights: ``"advanced"`` keeps 15 months and is paid by the vCPU,
                ``"standard"`` keeps a week; left out: advanced. Db2 has none.
            no_insights_because: why nobody needs them.
            parameters: further parameters of the engine; left out: only those that require TLS and write logs.
            options: features of the engine that come by an option group, for Oracle beside the one that encrypts every
                session; left out: none. After some, give an empty list: RDS keeps the group when none is named.
            plaintext_because: why clients may connect without encryption; left out: they may not.
            deletable_because: why the instance and its parts may be deleted with their stack, in a lab, leaving a
                snapshot; left out: all of them are protected and retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Cpu (%), Memory and Storage (bytes), Connections, DiskQueue,
                IoCredits, ThroughputCredits (%), CpuCredits (burstable classes), TransactionIds (PostgreSQL).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets, facts.ZONES)
        self.backup_retention = backup_retention or Duration.days(14)
        usual = ENGINES.get(engine)
        instance = instance or (usual.instance if usual else "")
        given = {**locals(), "backup_retention": self.backup_retention, "zones": len(place.zones)}
        given |= placed(self, vpc, key, alarms)
        check(self, RULES, given, also=unknown(self, given, _MADE_AFTER))
        all_weakened(self, given)

        kind, name, plaintext = Engine.of(engine), lower(instance_identifier), plaintext_because is not None
        self.engine, self.version, self.key = engine, version, key
        self.port = TLS_PORT_OF_DB2 if kind.family_of == "db2" and not plaintext else kind.port
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.security_group = parts.security_group(self, vpc)
        ids = own.ibm_ids(ibm_customer_id, ibm_site_id)
        values = kind.parameters({**ids, **(parameters or {})}, plaintext=plaintext)
        self.parameter_group = own.parameter_group(self, kind, version, values)
        self.option_group = own.option_group(
            self, kind, version, options, plaintext=plaintext, door=self.security_group.security_group_id
        )
        made = None
        if restore is None and not managed_password:
            made = credentials.generated(
                self, master_username, key, secret_name, secret_replicas, length=kind.password_length
            )
        exported = list(kind.log_types if log_types is None else log_types)
        self.log_groups = tuple(parts.log_groups(self, name and f"instance/{name}", exported, key, log_retention))
        watcher = parts.monitoring_role(self) if monitoring_interval else None
        fresh = restore is None
        self.instance = self._instance(
            engine=engine,
            engine_version=version,
            db_instance_class=f"db.{instance}",
            license_model=license or (None if kind.open else kind.licenses[0]),
            engine_lifecycle_support=own.lifecycle(kind, extended=extended_support),
            multi_az=single_az_because is None,
            db_instance_identifier=name,
            **own.storage(given),
            db_name=database_name,
            character_set_name=character_set,
            timezone=timezone,
            master_username=master_username if fresh else None,
            master_user_password=credentials.password(made) if made else None,
            **(credentials.managed(key, rds.CfnDBInstance) if managed_password else {}),
            **(restore.instance() if restore else {}),
            **own.encrypted(key, inherited=not fresh),
            backup_retention_period=self.backup_retention.to_days(),
            **own.backups_elsewhere(backups_to),
            preferred_backup_window=backup_window,
            preferred_maintenance_window=maintenance_window,
            auto_minor_version_upgrade=minor_upgrades,
            allow_major_version_upgrade=major_upgrades,
            ca_certificate_identifier=ca,
            enable_cloudwatch_logs_exports=exported,
            enable_iam_database_authentication=kind.iam or None,
            monitoring_interval=monitoring_interval,
            monitoring_role_arn=watcher.role_arn if watcher else None,
            **own.insights(kind, insights, key, instance=instance, off=no_insights_because is not None),
            deletion_protection=deletable_because is None,
            delete_automated_backups=deletable_because is not None,
        )
        own.accept_instance(self.instance, kind, exported, given)
        managed = self.instance.attr_master_user_secret_secret_arn if managed_password else None
        self.secret = credentials.known(self, made.ref if made else managed, secret_name, key)
        parts.keep(
            self.instance,
            self.subnet_group,
            self.parameter_group,
            self.security_group,
            *self.log_groups,
            *(part for part in (self.option_group, made, watcher) if part),
            deletable_because=deletable_because,
        )
        if alarms is not None:
            instance_events(self, [self.instance.ref], alarms)
        specs = instance_alarms(self.metric, engine=engine, instance=instance, storage=storage)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody connect: with the credentials or, when a database user is named, by IAM as that user alone.

        Raises:
            InvalidOptions: a user of Oracle, SQL Server or Db2, which IAM does not let in; or there are no credentials
                to read: a restored database without `secret_name`.
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
            option_group_name=self.option_group.ref if self.option_group else None,
            vpc_security_groups=[self.security_group.security_group_id],
            copy_tags_to_snapshot=True,
            publicly_accessible=False,
            **given,
        )
        for group in self.log_groups:
            instance.node.add_dependency(group)
        return instance
