"""Aurora: one cluster in one Region, alone or as a member of a global database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import jsii
from aws_cdk import Acknowledgment, ArnFormat, Duration, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from . import _aurora_parts as parts
from ._alarms import AlarmSpec, add_alarms
from ._aurora_alarms import cluster_alarms, global_alarms, replica_alarms
from ._aurora_parts import SecretReplica
from ._aurora_rules import RULES, zones_of
from ._checks import check
from ._named_zones import zone_is_meant
from ._reasons import weakened
from .alarm_topic import AlarmTopic

__all__ = ["AuroraCluster", "SecretReplica"]

STORAGE_ZONES = 3
"""Aurora's storage spans three zones, so instances are spread over as many."""
INSIGHTS_DAYS = 465
"""What the advanced mode of Database Insights requires:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html"""
_CLUSTER_EVENTS = ("failover", "failure", "global-failover", "maintenance", "notification")


@jsii.implements(ec2.IConnectable)
class AuroraCluster(Construct):
    """An Aurora cluster with a writer and readers in other zones, encrypted, backed up and kept with all its parts.

    Instance or zone loss: a reader is promoted, typically within 60 seconds; no write is lost, since storage holds six
    copies over three zones. Region loss: not survived alone; join a `GlobalAurora` in each of two Regions.
    Deletion: protected, retained, and backed up continuously; add a `BackupPlan` for copies that outlive the account's
    mistakes.

    Alone, as the primary of a global database or as its secondary, the logical ids are the same. Instances are numbered,
    since any of them may be the writer tomorrow. The master user exists where the data was born; it is create-only, so
    `secondary` says where that was, not who writes today.
    """

    cluster: rds.CfnDBCluster
    instances: tuple[rds.CfnDBInstance, ...]
    subnet_group: rds.CfnDBSubnetGroup
    cluster_parameters: rds.CfnDBClusterParameterGroup
    instance_parameters: rds.CfnDBParameterGroup
    security_group: ec2.SecurityGroup
    secret: secretsmanager.ISecret | None
    """The credentials as this Region sees them; None for a secondary whose secret has no agreed name."""
    key: kms.IKey
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
        instance: str = "r7g.large",
        serverless: tuple[float, float] | None = None,
        readers: int = 2,
        no_readers_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        cluster_identifier: str | None = None,
        global_cluster: str | None = None,
        secondary: bool = False,
        headless_because: str | None = None,
        global_write_forwarding: bool = False,
        rpo_cap: Duration | None = None,
        database_name: str | None = None,
        master_username: str = "clusteradmin",
        secret_name: str | None = None,
        secret_replicas: Sequence[SecretReplica] = (),
        backup_retention: Duration | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str = "sun:02:30-sun:03:30",
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        parameters: Mapping[str, str] | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            engine: ``"aurora-postgresql"`` or ``"aurora-mysql"``.
            version: the full engine version, the same for every member of a global database. A newer one upgrades in place.
            vpc: any VPC with subnets in two zones or more, better three.
            key: encrypts storage, credentials and logs, in this Region. It cannot be changed later.
            instance: the class without ``db.``; left out: r7g.large. A global database takes memory-optimized ones only.
            serverless: (least, most) Aurora capacity units for every instance, in place of `instance`; left out:
                provisioned.
            readers: instances beside the writer, 0 to 15, spread over three zones; left out: 2. None costs a reason.
            no_readers_because: why minutes without a database are acceptable when an instance is lost.
            subnets: where the instances live; left out: the isolated subnets.
            cluster_identifier: a physical name by which Regions agree on the cluster; left out: AWS makes one up, and the
                log groups are not owned. Create-only.
            global_cluster: the identifier of the `GlobalAurora` that the cluster is a member of; left out: it stands alone.
            secondary: True for a member whose data was born elsewhere: it has no credentials of its own. Left out: False.
            headless_because: why a secondary without any instance will do: it receives data at the price of storage, and
                needs an instance, ten minutes or so, before it can be promoted.
            global_write_forwarding: True lets a secondary take writes and send them to the writer's Region; left out: False.
            rpo_cap: hold commits back rather than lag more than this, 20 seconds or more, PostgreSQL only; left out: never.
            database_name: the first database; left out: none is made. Create-only.
            master_username: left out: clusteradmin. Create-only.
            secret_name: a name by which Regions agree on the credentials; left out: AWS makes one up.
            secret_replicas: Regions that keep a copy of the credentials; left out: none, and they are lost with the Region.
            backup_retention: how far the continuous backup reaches back, 1 to 35 days; left out: 14.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 02:30-03:30.
            log_retention: how long exported logs are kept; left out: three months.
            monitoring_interval: seconds between measurements of the hosts: 1, 5, 10, 15, 30, 60, or 0 for none; left out: 60.
            parameters: further cluster parameters; TLS is required in any case unless changed here.
            deletable_because: why the cluster and its parts may be deleted with their stack, in a lab; left out: all of them
                are protected and retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Cpu (%), Memory and LocalStorage (bytes), Deadlocks (a second),
                ReplicaLag, GlobalLag, GlobalRpoLag (milliseconds).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so.
        """
        super().__init__(scope, id)
        backup_retention = backup_retention or Duration.days(14)
        selected = _select(vpc, subnets)
        check(self, RULES, {**locals(), "zones": zones_of(selected)})
        self._note_weakened(
            no_readers=no_readers_because, headless=headless_because, deletable=deletable_because
        )
        self._deletable = deletable_because is not None
        self._engine, self._global, self.key = parts.Engine.of(engine), global_cluster is not None, key
        self._secondary = secondary

        self.subnet_group = parts.subnet_group(self, selected.subnet_ids)
        family = parts.family(engine, version)
        cap = {"rds.global_db_rpo": str(rpo_cap.to_seconds())} if rpo_cap else {}
        settings = {**self._engine.cluster_parameters, **cap, **(parameters or {})}
        self.cluster_parameters = parts.cluster_parameters(self, family, settings)
        self.instance_parameters = parts.instance_parameters(self, family)
        self.security_group = parts.security_group(self, vpc)
        self._connections = ec2.Connections(
            security_groups=[self.security_group], default_port=ec2.Port.tcp(self._engine.port)
        )
        made = None if secondary else parts.credentials(self, master_username, key, secret_name, secret_replicas)
        self.secret = parts.known_secret(self, made, secret_name, key)
        self.log_groups = tuple(
            parts.log_groups(self, cluster_identifier, self._engine.log_types, key, log_retention)
        )

        self.cluster = self._cluster(
            engine=engine,
            engine_version=version,
            db_cluster_identifier=cluster_identifier,
            global_cluster_identifier=global_cluster,
            enable_global_write_forwarding=True if global_write_forwarding else None,
            database_name=database_name,
            master_username=None if secondary else master_username,
            master_user_password=parts.password(made) if made else None,
            serverless_v2_scaling_configuration=_scaling(serverless),
            backup_retention_period=backup_retention.to_days(),
            preferred_backup_window=backup_window,
            preferred_maintenance_window=maintenance_window,
        )
        count = 0 if headless_because else readers + 1
        zones = sorted(set(selected.availability_zones))[:STORAGE_ZONES]
        self.instances = tuple(
            self._instance(number, zones, "serverless" if serverless else instance, engine, monitoring_interval)
            for number in range(1, count + 1)
        )
        retained = [self.cluster, *self.instances, self.subnet_group, self.cluster_parameters, self.instance_parameters]
        parts.keep(*retained, *([made] if made else []), deletable=self._deletable)
        if self._deletable:
            self.cluster.apply_removal_policy(RemovalPolicy.SNAPSHOT)
        if alarms is not None:
            self._subscribe(alarms)
        self.alarms = add_alarms(
            self, self._alarm_specs(), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )

    @property
    def connections(self) -> ec2.Connections:
        """Who may reach the database: nobody until let in here."""
        return self._connections

    @property
    def cluster_identifier(self) -> str:
        """The cluster's name in its Region."""
        return self.cluster.ref

    @property
    def cluster_arn(self) -> str:
        """For backups and for the runbooks."""
        return self.cluster.attr_db_cluster_arn

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the writer. In a secondary it exists and refuses connections until a failover makes it the writer."""
        return rds.Endpoint(self.cluster.attr_endpoint_address, self._engine.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Leads to the readers, in turn; to the writer when there are none."""
        return rds.Endpoint(self.cluster.attr_read_endpoint_address, self._engine.port)

    def let_in(self, peer: ec2.IConnectable) -> None:
        """Let a peer of another stack reach the database; the rule belongs to the peer's stack, which may come and go.

        Within one stack `connections` does the same.
        """
        for group in peer.connections.security_groups:
            port, says = ec2.Port.tcp(self._engine.port), f"from {peer.connections.security_groups[0].node.path}"
            self.security_group.add_ingress_rule(group, port, says, True)

    def grant_connect(self, grantee: iam.IGrantable, *, user: str | None = None) -> None:
        """Let somebody read the credentials and, with `user`, connect by IAM as that database user."""
        if self.secret is not None:
            self.secret.grant_read(grantee)
        if user is not None:
            users = Stack.of(self).format_arn(
                service="rds-db",
                resource="dbuser",
                resource_name=f"{self.cluster.attr_db_cluster_resource_id}/{user}",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            iam.Grant.add_to_principal(grantee=grantee, actions=["rds-db:connect"], resource_arns=[users], scope=self)

    def metric(
        self, name: str, *, statistic: str = "Average", period: Duration | None = None
    ) -> cloudwatch.Metric:
        """A metric of the cluster, such as ``CPUUtilization``, over all its instances."""
        return cloudwatch.Metric(
            namespace="AWS/RDS",
            metric_name=name,
            dimensions_map={"DBClusterIdentifier": self.cluster.ref},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def metric_global_lag(self) -> cloudwatch.Metric:
        """Milliseconds that this Region lags behind the writer's; nothing in the writer's own Region."""
        return self.metric("AuroraGlobalDBReplicationLag", statistic="Maximum")

    def _note_weakened(self, **reasons: str | None) -> None:
        for option, because in reasons.items():
            weakened(self, option, because)

    def _cluster(self, **given: object) -> rds.CfnDBCluster:
        cluster = rds.CfnDBCluster(
            self,
            "Cluster",
            db_subnet_group_name=self.subnet_group.ref,
            db_cluster_parameter_group_name=self.cluster_parameters.ref,
            db_instance_parameter_group_name=self.instance_parameters.ref,
            vpc_security_group_ids=[self.security_group.security_group_id],
            port=self._engine.port,
            storage_encrypted=True,
            kms_key_id=self.key.key_arn,
            copy_tags_to_snapshot=True,
            deletion_protection=not self._deletable,
            enable_iam_database_authentication=True,
            enable_cloudwatch_logs_exports=list(self._engine.log_types),
            database_insights_mode="advanced",
            performance_insights_enabled=True,
            performance_insights_kms_key_id=self.key.key_arn,
            performance_insights_retention_period=INSIGHTS_DAYS,
            **given,  # type: ignore[arg-type]
        )
        for group in self.log_groups:
            cluster.node.add_dependency(group)
        return cluster

    def _instance(
        self, number: int, zones: Sequence[str], instance: str, engine: str, interval: int
    ) -> rds.CfnDBInstance:
        role = self.node.try_find_child("Monitoring") or (parts.monitoring_role(self) if interval else None)
        made = rds.CfnDBInstance(
            self,
            f"Instance{number}",
            db_cluster_identifier=self.cluster.ref,
            db_instance_class=f"db.{instance}",
            engine=engine,
            availability_zone=zones[(number - 1) % len(zones)],
            promotion_tier=min(number - 1, 1),
            db_parameter_group_name=self.instance_parameters.ref,
            publicly_accessible=False,
            auto_minor_version_upgrade=not self._global,
            monitoring_interval=interval,
            monitoring_role_arn=role.role_arn if isinstance(role, iam.Role) else None,
        )
        Validations.of(made).acknowledge(
            Acknowledgment(
                id="NIST.800.53.R5::NIST.800.53.R5-RDSInBackupPlan",
                reason="the data is the cluster's, which is backed up continuously and belongs into a BackupPlan itself",
            )
        )
        zone_is_meant(made, "instances are spread over named zones: left to RDS, two of them may share one")
        return made

    def _subscribe(self, alarms: AlarmTopic) -> None:
        rds.CfnEventSubscription(
            self,
            "Events",
            sns_topic_arn=alarms.topic.topic_arn,
            source_type="db-cluster",
            source_ids=[self.cluster.ref],
            event_categories=list(_CLUSTER_EVENTS),
        )

    def _alarm_specs(self) -> Iterator[AlarmSpec]:
        if self.instances:
            yield from cluster_alarms(self.metric)
        if len(self.instances) > 1:
            yield from replica_alarms(self.metric)
        if self._global:
            yield from global_alarms(self.metric, secondary=self._secondary)


def _select(vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None) -> ec2.SelectedSubnets:
    chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return vpc.select_subnets(
        availability_zones=chosen.availability_zones,
        one_per_az=chosen.one_per_az,
        subnet_filters=chosen.subnet_filters,
        subnet_group_name=chosen.subnet_group_name,
        subnets=chosen.subnets,
        subnet_type=chosen.subnet_type,
    )


def _scaling(serverless: tuple[float, float] | None) -> rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty | None:
    if serverless is None:
        return None
    least, most = serverless
    return rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(min_capacity=least, max_capacity=most)
