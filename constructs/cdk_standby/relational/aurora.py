"""Aurora: one cluster in one Region, alone or as a member of a global database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from ..alarm_topic import AlarmTopic
from . import _aurora_build as build
from . import _aurora_engine as engines
from . import _credentials as credentials
from . import _parts as parts
from ._aurora_known import KnownAurora
from ._aurora_members import Part, disagreements, remember
from ._aurora_names import unknown
from ._aurora_readers import AuroraReaders
from ._aurora_rules import RULES
from ._aurora_waking import wait_for
from ._credentials import SecretReplica
from ._events import cluster_events
from ._place import Place, lower, placed
from ._restore import Restore

__all__ = ["AuroraCluster", "SecretReplica"]


class AuroraCluster(AuroraReaders):
    """An Aurora cluster with a writer and readers in other zones, encrypted, backed up and kept with all its parts.

    Instance or zone loss: a reader is promoted, typically within 60 seconds; no write is lost, since storage holds six
    copies over three zones. Region loss: not survived alone; join a `GlobalAurora` in each of two Regions.
    Deletion: protected, retained with all its parts, and backed up continuously; add a `BackupPlan` with a locked vault
    for copies that nobody can delete.

    Alone, as the primary of a global database or as its secondary, the logical ids are the same. Instances are
    numbered, since any of them may be the writer tomorrow. The master user exists where the data was born; it is
    create-only, so `secondary` says where that was, not who writes today.
    """

    subnet_group: rds.CfnDBSubnetGroup
    cluster_parameters: rds.CfnDBClusterParameterGroup
    instance_parameters: rds.CfnDBParameterGroup
    log_groups: tuple[logs.LogGroup, ...]
    alarms: dict[str, cloudwatch.Alarm]
    global_cluster: str | None
    """The identifier of the global database that it is a member of, whether its template names it or not."""
    from_attributes = KnownAurora
    """A cluster that another app builds: `AuroraCluster.from_attributes(scope, id, engine=..., ...)`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        engine: str,
        version: str,
        vpc: ec2.IVpc,
        key: kms.IKey,
        instance: str = "r7g.large",
        serverless: tuple[float, float] | None = None,
        serverless_members: Sequence[int] | None = None,
        pause_after: Duration | None = None,
        auto_pause_known: bool = False,
        readers: int = 2,
        no_readers_because: str | None = None,
        promotion_tiers: Sequence[int] | None = None,
        smaller_standby_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        cluster_identifier: str | None = None,
        restore: Restore | None = None,
        global_cluster: str | None = None,
        founder: bool = False,
        secondary: bool = False,
        follows: bool | None = None,
        headless_because: str | None = None,
        woken_by: CfnParameter | None = None,
        global_write_forwarding: bool = False,
        local_write_forwarding: bool = False,
        rpo_cap: Duration | None = None,
        database_name: str | None = None,
        master_username: str = "clusteradmin",
        managed_password: bool = False,
        secret_name: str | None = None,
        secret_replicas: Sequence[SecretReplica] = (),
        storage: str | None = None,
        data_api: bool | None = None,
        backup_retention: Duration | None = None,
        backtrack: Duration | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str = "sun:02:30-sun:03:30",
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        no_monitoring_because: str | None = None,
        insights: str = "advanced",
        parameters: Mapping[str, str] | None = None,
        certificate_authority: str | None = None,
        no_extended_support_because: str | None = None,
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
            engine: ``"aurora-postgresql"`` or ``"aurora-mysql"``. Create-only.
            version: the full engine version, such as ``"17.4"`` or ``"8.0.mysql_aurora.3.08.0"``, the same for every
                member of a global database. A newer one upgrades in place: secondaries first.
            vpc: any VPC with subnets in two zones or more, better three.
            key: encrypts storage, credentials and logs, in this Region. Create-only.
            instance: the class without ``db.``; left out: r7g.large. A global database takes memory-optimized ones
                only.
            serverless: (least, most) Aurora capacity units for every instance, in place of `instance`; left out:
                provisioned. A least of 0.5 or more never pauses.
            serverless_members: numbers of the instances, from 1, that are serverless while the others are provisioned;
                left out: all of them with `serverless`.
            pause_after: how long nobody is connected before an instance pauses, 300 to 86400 seconds, with a least
                capacity of 0 (seconds to wake up); left out: as AWS has it, 300 seconds.
            auto_pause_known: True for a version that pauses although this library does not know it; left out: False.
            readers: instances beside the writer, 0 to 15 (14 in a global database), spread over three zones; left
                out: 2. 0 costs a reason.
            no_readers_because: why minutes without a database are acceptable when an instance is lost.
            promotion_tiers: a tier for each instance by its number, 0 (promoted first) to 15; left out: 0 for the first
                and 1 for all others. Serverless readers of 0 and 1 keep the writer's capacity.
            smaller_standby_because: why no reader of tier 0 or 1 needs to be of the class of instance 1.
            subnets: where the instances live; left out: the isolated subnets.
            cluster_identifier: a physical name by which Regions agree on the cluster; left out: AWS makes one up, and
                the log groups are not owned. Create-only.
            restore: a snapshot, or a cluster at some second, that the data comes from; left out: born empty. It stays
                for ever, and `master_username` is that of the data. Create-only.
            global_cluster: the identifier of the `GlobalAurora` that the cluster is a member of; left out: it stands
                alone. A cluster that exists already joins with `founder` in place. Create-only.
            founder: True for the member that was there before its global database, which is made from it
                (`GlobalAurora(source=)`); left out: False.
            secondary: True for a member whose data was born elsewhere: it has no credentials of its own. Left out:
                False.
            follows: True while another Region writes: silence of the lag rings then, and only then. After a failover it
                changes, where `secondary` never does. Left out: what `secondary` says.
            headless_because: why a secondary without any instance will do: it receives data at the price of storage,
                and needs an instance, ten minutes or so, before it can be promoted.
            woken_by: a parameter of the stack that gives a headless secondary its instances without another template:
                ``none``, ``one`` or ``all``; left out: another template does.
            global_write_forwarding: True lets a secondary take writes and send them to the writer's Region; left out:
                False.
            local_write_forwarding: True lets readers take writes and send them to their writer, from Aurora MySQL 3.04
                and PostgreSQL 16.4, 15.8 or 14.13 on; left out: False.
            rpo_cap: hold commits back rather than lag more than this, 20 seconds or more, PostgreSQL only; left out:
                never.
            database_name: the first database; left out: none is made. Create-only.
            master_username: left out: clusteradmin. Create-only.
            managed_password: True leaves password and rotation to RDS, outside of global databases only; left out: a
                secret of the construct's own, which other Regions can hold a replica of.
            secret_name: a name by which Regions agree on the credentials; left out: AWS makes one up.
            secret_replicas: Regions that keep a copy of the credentials; left out: none, and they are lost with the
                Region.
            storage: ``"aurora"``, paid by request too, or ``"aurora-iopt1"``, paid by size alone, to be changed once in
                30 days; left out: as it is, which is aurora for a new cluster.
            data_api: True lets those with `grant_data_api` run SQL over HTTPS at the writer, False ends it; left out:
                as it is, which is off for a new cluster.
            backup_retention: how far the continuous backup reaches back, 1 to 35 days; left out: 14.
            backtrack: how far the cluster can be wound back in place, up to 72 hours, MySQL outside of global databases
                only; left out: not at all.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 02:30-03:30.
            log_retention: how long exported logs are kept; left out: three months.
            monitoring_interval: seconds between measurements of the hosts: 1, 5, 10, 15, 30, 60, or 0 for none; left
                out: 60.
            no_monitoring_because: why nobody needs those measurements; with an interval of 0.
            insights: the mode of Database Insights: ``"advanced"`` keeps 15 months and is paid by the vCPU,
                ``"standard"`` keeps a week; left out: advanced.
            parameters: further cluster parameters; left out: only those that require TLS and write logs.
            certificate_authority: who signs the instances' certificates, such as ``"rds-ca-ecc384-g1"``; left out: the
                account's default. Another one may restart the instances.
            no_extended_support_because: why a major version may be upgraded by force, and not restored, once its
                standard support ends; without a reason it goes on, at a price. Of a member, the container says it.
            plaintext_because: why clients may connect without TLS; left out: they may not.
            deletable_because: why the cluster and its parts may be deleted with their stack, in a lab, leaving a
                snapshot; left out: all of them are protected and retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Cpu (%), Memory and LocalStorage (bytes), Deadlocks (a
                second), ReplicaLag, GlobalLag, GlobalRpoLag (milliseconds).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so; also for a member of a
                global database that differs in engine or version from one of the same app.
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        part = None
        if global_cluster is not None:
            part = Part.of(self, global_cluster, engine, version, secondary=secondary)
        options = {
            **locals(),
            "backup_retention": backup_retention or Duration.days(14),
            "zones": len(place.zones),
            "key_": key,
            "woken_by": woken_by and woken_by.node.path,
            "woken_here": woken_by is None or woken_by.stack is Stack.of(self),
            **placed(self, vpc, key, alarms),
        }
        check(self, RULES, options, also=[*unknown(self, options), *(disagreements(self, part) if part else ())])
        if part is not None:
            remember(self, part)
        build.note(self, options)

        kind, name = engines.Engine.of(engine), lower(cluster_identifier)
        self.port, self.key, self.data_api = kind.port, key, bool(data_api)
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.cluster_parameters = build.cluster_parameters(self, options)
        self.instance_parameters = build.instance_parameters(self, options)
        self.security_group = parts.security_group(self, vpc)
        made = build.own_secret(self, options)
        self.log_groups = tuple(parts.log_groups(self, name and f"cluster/{name}", kind.log_types, key, log_retention))
        self.cluster = build.cluster(
            self,
            options,
            secret=made,
            after=self.log_groups,
            db_subnet_group_name=self.subnet_group.ref,
            db_cluster_parameter_group_name=self.cluster_parameters.ref,
            # CloudFormation sends it with a major upgrade only, where RDS wants it.
            db_instance_parameter_group_name=self.instance_parameters.ref,
        )
        managed = self.cluster.attr_master_user_secret_secret_arn if managed_password else None
        self.secret = credentials.known(self, made.ref if made else managed, secret_name, key)
        wakes = woken_by is not None or not headless_because
        watcher = parts.monitoring_role(self) if monitoring_interval and wakes else None
        self.instances = build.instances(self, options, place, watcher, self.instance_parameters)
        kept = (self.subnet_group, self.cluster_parameters, self.instance_parameters, self.security_group)
        parts.keep(
            self.cluster,
            *self.instances,
            *kept,
            *self.log_groups,
            *([made] if made else []),
            *([watcher] if watcher else []),
            deletable_because=deletable_because,
        )
        if headless_because and woken_by is not None:
            awake = {**options, "headless_because": None}
            wait_for(self, woken_by, build.instances(self, awake, place, watcher, self.instance_parameters))
        if alarms is not None:
            cluster_events(self, self.cluster.ref, [one.ref for one in self.instances], alarms)
        specs = build.alarm_specs(self, options)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)
        self.global_cluster = lower(global_cluster)
        self._remember(options)
