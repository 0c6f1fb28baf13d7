"""Aurora Limitless: one PostgreSQL database over many shards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._alarms import AlarmSpec, add_alarms
from .._checks import check
from ..alarm_topic import AlarmTopic
from . import _aurora_build as build
from . import _aurora_engine as engines
from . import _credentials as credentials
from . import _parts as parts
from ._access import ClusterAccess
from ._aurora_names import unknown
from ._credentials import SecretReplica
from ._events import cluster_events
from ._limitless_rules import RULES
from ._place import Place, lower, placed
from ._restore import Restore

_ENGINE = "aurora-postgresql"
_FIXED = {
    "limitless": True,
    "engine": _ENGINE,
    "storage": "aurora-iopt1",
    "insights": "advanced",
    "managed_password": False,
    "secondary": False,
    "founder": False,
    "data_api": None,
    "database_name": None,
    "global_cluster": None,
    "global_write_forwarding": False,
    "local_write_forwarding": False,
    "backtrack": None,
    "serverless": None,
    "rpo_cap": None,
}
"""What an `AuroraCluster` lets choose, and Limitless does not."""


class AuroraLimitless(ClusterAccess):
    """An Aurora PostgreSQL database whose tables are spread over many shards, each with standbys in other zones.

    Shard or zone loss: a standby of the shard takes over; no write is lost, since storage holds six copies over three
    zones. Region loss: not survived; AWS offers neither a global database nor AWS Backup for it, so copy snapshots.
    Deletion: protected, and retained with all its parts; the shard group has to go before the cluster.

    Routers and shards are counted by the most capacity at birth, and not again; SQL functions add some.
    """

    shard_group: rds.CfnDBShardGroup
    subnet_group: rds.CfnDBSubnetGroup
    cluster_parameters: rds.CfnDBClusterParameterGroup
    log_groups: tuple[logs.LogGroup, ...]
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        version: str,
        vpc: ec2.IVpc,
        key: kms.IKey,
        capacity: tuple[float, float],
        standbys: int = 2,
        fewer_standbys_because: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        cluster_identifier: str | None = None,
        shard_group_identifier: str | None = None,
        restore: Restore | None = None,
        master_username: str = "clusteradmin",
        secret_name: str | None = None,
        secret_replicas: Sequence[SecretReplica] = (),
        backup_retention: Duration | None = None,
        backup_window: str = "01:00-01:45",
        maintenance_window: str = "sun:02:30-sun:03:30",
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        monitoring_interval: int = 60,
        parameters: Mapping[str, str] | None = None,
        no_extended_support_because: str | None = None,
        plaintext_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster and its shard group.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            version: of Limitless, such as ``"16.6-limitless"``.
            vpc: any VPC with subnets in three zones, or two with one standby.
            key: encrypts storage, credentials and logs, in this Region. Create-only.
            capacity: (least, most) Aurora capacity units of all shards and routers together, 16 to 6144.
            standbys: of each shard, in other zones, 0 to 2; left out: 2. Fewer cost a reason.
            fewer_standbys_because: why minutes without a shard are acceptable when its zone is lost.
            subnets: where the shards live; left out: the isolated subnets.
            cluster_identifier: a physical name of the cluster; left out: AWS makes one up, and the log groups are not
                owned. Create-only.
            shard_group_identifier: a physical name of the shard group; left out: AWS makes one up. Create-only.
            restore: a snapshot, or a cluster at some second, that the data comes from; left out: born empty. It stays
                for ever, and `master_username` is that of the data. Create-only.
            master_username: left out: clusteradmin. Create-only.
            secret_name: a name by which Regions agree on the credentials; left out: AWS makes one up.
            secret_replicas: Regions that keep a copy of the credentials; left out: none, and they are lost with the
                Region.
            backup_retention: how far the continuous backup reaches back, 1 to 35 days; left out: 14.
            backup_window: daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-01:45.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 02:30-03:30.
            log_retention: how long exported logs are kept; left out: three months.
            monitoring_interval: seconds between measurements of the hosts: 1, 5, 10, 15, 30 or 60; left out: 60.
            parameters: further cluster parameters; left out: only those that require TLS and write logs.
            no_extended_support_because: why the version may be upgraded by force once its standard support ends.
            plaintext_because: why clients may connect without TLS; left out: they may not.
            deletable_because: why all of it may be deleted with its stack, in a lab, leaving a snapshot; left out: all
                of it is protected and retained.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Capacity (%).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work
                (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/limitless-reqs-limits.html).
        """
        super().__init__(scope, id)
        place = Place.of(self, vpc, subnets)
        options = {
            **_FIXED,
            **locals(),
            "backup_retention": backup_retention or Duration.days(14),
            "zones": len(place.zones),
            "key_": key,
            **placed(self, vpc, key, alarms),
        }
        check(self, RULES, options, also=unknown(self, options, ("version",)))
        build.note(self, options)

        kind, name = engines.Engine.of(_ENGINE), lower(cluster_identifier)
        self.port, self.key = kind.port, key
        self.subnet_group = parts.subnet_group(self, place.subnets)
        self.cluster_parameters = build.cluster_parameters(self, options)
        self.security_group = parts.security_group(self, vpc)
        made = credentials.generated(self, master_username, key, secret_name, secret_replicas)
        self.log_groups = tuple(parts.log_groups(self, name and f"cluster/{name}", kind.log_types, key, log_retention))
        watcher = parts.monitoring_role(self)
        self.cluster = build.cluster(
            self,
            options,
            secret=made,
            after=self.log_groups,
            cluster_scalability_type="limitless",
            db_subnet_group_name=self.subnet_group.ref,
            db_cluster_parameter_group_name=self.cluster_parameters.ref,
            monitoring_interval=monitoring_interval,
            monitoring_role_arn=watcher.role_arn,
        )
        self.secret = credentials.known(self, made.ref, secret_name, key)
        least, most = capacity
        self.shard_group = rds.CfnDBShardGroup(
            self,
            "ShardGroup",
            db_cluster_identifier=self.cluster.ref,
            db_shard_group_identifier=lower(shard_group_identifier),
            compute_redundancy=standbys,
            min_acu=least,
            max_acu=most,
            publicly_accessible=False,
        )
        kept = (self.shard_group, self.subnet_group, self.cluster_parameters, self.security_group, made, watcher)
        parts.keep(self.cluster, *kept, *self.log_groups, deletable_because=deletable_because)
        if alarms is not None:
            cluster_events(self, self.cluster.ref, [], alarms)
        specs = [_capacity(self.metric("DBShardGroupACUUtilization", statistic="Maximum"))]
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def resource_id(self) -> str:
        """What RDS calls the shard group for ever: its users connect there."""
        return self.shard_group.attr_db_shard_group_resource_id

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the shard group."""
        return {"DBShardGroupIdentifier": self.shard_group.ref}

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the routers, which all take reads and writes."""
        return rds.Endpoint(self.shard_group.attr_endpoint, self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """The same as `endpoint`: routers know no roles."""
        return self.endpoint


def _capacity(metric: cloudwatch.IMetric) -> AlarmSpec:
    return AlarmSpec(
        name="Capacity",
        metric=metric,
        threshold=90,
        periods=15,
        says="The shard group uses this share (%) of its most capacity for 15 minutes, or nobody says how much: raise "
        "'capacity', or split the shard that is hot.",
    )
