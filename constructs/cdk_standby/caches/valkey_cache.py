"""ElastiCache: a Valkey (or Redis OSS) cache with replicas in other zones, sharded or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import CfnUpdatePolicy, Duration, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_standby_review.facts import elasticache as facts

from .._checks import InvalidOptions, Problem, check, shown
from .._reasons import all_weakened
from ..alarm_topic import AlarmTopic
from ..relational._aurora_names import unknown
from ..relational._parts import security_group
from ..relational._place import Place
from . import _cache_build as build
from . import _cache_parts as parts
from ._cache_access import UsersAccess
from ._cache_alarms import add_node_alarms, nodes
from ._cache_common import in_days
from ._cache_member import GlobalMember
from ._cache_rules import RULES, own_of_a_secondary
from ._cache_scaling import scaled
from ._cache_users import CacheUser, Users, made

__all__ = ["CacheUser", "GlobalMember", "ValkeyCache"]

_MADE_AFTER = ("engine", "version", "node_type", "cluster_mode", "shards", "replicas", "durability", "network_type")


class ValkeyCache(UsersAccess):
    """A Valkey cache that survives the loss of a node and of a zone, encrypted, and closed to strangers.

    Node or zone loss: a replica is promoted in seconds to a few minutes, under the same name; replication is
    asynchronous, so the last writes may be lost, unless `durability` keeps them. Region loss: not survived alone; a
    `GlobalDatastore` has a copy elsewhere, or the cache is filled anew. Deletion: retained with all its parts, since a
    cold cache is an outage of the database behind it; and snapshots, which lose up to a day.
    """

    engine: str
    cluster_mode: str
    cache: elasticache.CfnReplicationGroup
    subnet_group: elasticache.CfnSubnetGroup
    parameter_group: elasticache.CfnParameterGroup | None
    """None: a secondary has the datastore's."""
    log_groups: dict[str, logs.LogGroup]
    """By what is written to them: slow-log and engine-log."""
    events: sns.ITopic | None
    """Whom ElastiCache tells; None: nobody."""
    alarms: dict[str, cloudwatch.Alarm]
    kind = "replicationgroup"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        key: kms.IKey,
        version: str | None = None,
        engine: str | None = None,
        node_type: str | None = None,
        replicas: int = 2,
        no_replicas_because: str | None = None,
        cluster_mode: str | None = None,
        shards: int | None = None,
        born_unsharded: bool = False,
        durability: str | None = None,
        data_tiering: bool = False,
        member_of: GlobalMember | None = None,
        name: str | None = None,
        port: int = 6379,
        subnets: ec2.SubnetSelection | None = None,
        network_type: str = "ipv4",
        ip_discovery: str | None = None,
        users: Sequence[CacheUser] | None = None,
        plaintext_because: str | None = None,
        parameters: Mapping[str, str] | None = None,
        restore: str | Sequence[str] | None = None,
        snapshot_retention: Duration | None = None,
        no_snapshots_because: str | None = None,
        snapshot_window: str = "01:00-02:00",
        maintenance_window: str = "sun:03:00-sun:04:00",
        minor_upgrades: bool = True,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        deletable_because: str | None = None,
        events: sns.ITopic | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cache.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another cache, so keep it.
            vpc: any VPC with subnets in two zones or more.
            key: encrypts disks, snapshots, credentials and logs. Create-only.
            version: of the engine, such as ``"8.2"``; left out: required, unless `member_of` says it. A newer one
                upgrades in place, an older one never.
            engine: ``"valkey"`` or ``"redis"``; left out: valkey. A Redis OSS cache becomes a Valkey one in place, and
                never goes back.
            node_type: such as ``"cache.r7g.large"``; left out: that one. Another one is taken in place, online.
            replicas: of each shard, 0 to 5; left out: 2, so that the loss of a node leaves one to fail over to.
            no_replicas_because: why minutes without a cache, and an empty one then, are acceptable: no replica, no
                failover.
            cluster_mode: ``"disabled"``, ``"enabled"`` or, on the way between, ``"compatible"``; left out: disabled.
            shards: 1 to 500, more than one with ``cluster_mode="enabled"``; left out: 1. Others are made or emptied
                online.
            born_unsharded: True for a cache that has cluster mode now, and was made without it: its first nodes keep
                their names, by which alarms know them; left out: it was made as it is.
            durability: ``"sync"`` acknowledges a write when it is in a log over several zones, ``"async"`` loses ten
                seconds at most; left out: none, what is not in a replica is lost. Another one is taken in place.
            data_tiering: True with nodes of the family r6gd, which keep on a disk what is seldom read; left out: all
                is in memory. Create-only.
            member_of: the global datastore whose secondary this cache is, with the options that it has from there;
                left out: the cache stands alone, or is the one that founds a datastore. Create-only.
            name: a physical name; left out: AWS makes one up. Create-only.
            port: left out: 6379. Create-only.
            subnets: where nodes may live; left out: the isolated subnets.
            network_type: ``"ipv4"``, ``"ipv6"`` or ``"dual_stack"``; left out: ipv4. Create-only.
            ip_discovery: which addresses clients are told, ``"ipv4"`` or ``"ipv6"``; left out: those that nodes have,
                ipv4 of both.
            users: who may do what; left out: one, ``app``, with a password in a secret, who may do all but what is
                dangerous; in a secondary required, and known by IAM.
            plaintext_because: why clients may connect without encryption, on their way to it; nobody is asked for a
                name or a password then.
            parameters: further parameters of the engine; left out: its defaults.
            restore: the name of a snapshot, or ARNs of files in S3, from which the cache starts; left out: it is born
                empty. Create-only.
            snapshot_retention: how long daily snapshots are kept, 1 to 35 days; left out: 15.
            no_snapshots_because: why nothing has to come back: no snapshots.
            snapshot_window: when they begin, daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-02:00.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 03:00-04:00.
            minor_upgrades: False keeps the minor version until `version` says otherwise, as a global datastore needs
                it; left out: ElastiCache upgrades it in the maintenance window.
            log_retention: how long the slow log and the engine's are kept; left out: three months.
            deletable_because: why the cache and its parts may be deleted with their stack, in a lab, leaving a
                snapshot; left out: all of them are retained.
            events: a standard topic that is not encrypted, for failovers and replaced nodes; left out: one of the
                cache's own when `alarms` are given, for somebody to subscribe to, otherwise none.
            alarms: who is told of alarms; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: EngineCpu, Cpu, Memory (%), Evictions (a minute), Connections,
                ReplicationLag (seconds), Swap (bytes), Refused (logins a minute), CpuCredits (burstable nodes),
                GlobalLag (seconds, secondaries).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html).
        """
        super().__init__(scope, id)
        typed = dict(locals())
        given = build.completed(self, typed)
        also = [*unknown(self, given, _MADE_AFTER), *own_of_a_secondary(self, typed), *in_days(self, given)]
        check(self, RULES, given, also=also)
        all_weakened(self, given)

        self.options = given
        self.engine, self.cluster_mode, self.key, self.port = given["engine"], given["cluster_mode"], key, port
        self.subnet_group = parts.subnet_group(self, Place.of(self, vpc, subnets).subnets)
        self.security_group = security_group(self, vpc)
        self.parameter_group = build.parameters(self, given)
        self.users = self._users(given)
        self.log_groups = parts.log_groups(self, name, facts.LOGS.value, key, log_retention)
        self.events = events or (parts.events_topic(self) if alarms is not None else None)
        self.cache = elasticache.CfnReplicationGroup(
            self,
            "Cache",
            replication_group_description=f"Cache {self.node.path}"[: build.LONGEST_DESCRIPTION],
            cache_subnet_group_name=self.subnet_group.ref,
            security_group_ids=[self.security_group.security_group_id],
            kms_key_id=key.key_arn,
            cache_parameter_group_name=self.parameter_group.ref if self.parameter_group else None,
            user_group_ids=[self.users.group.ref] if self.users else None,
            log_delivery_configurations=parts.deliveries(self.log_groups),
            notification_topic_arn=self.events.topic_arn if self.events else None,
            **build.properties(given),
        )
        self.cache.cfn_options.update_policy = CfnUpdatePolicy(use_online_resharding=True)
        build.accept_cache(self.cache, given)
        parts.keep(
            self.cache,
            self.subnet_group,
            self.security_group,
            *self.log_groups.values(),
            *(self.users.parts if self.users else ()),
            *([self.parameter_group] if self.parameter_group else ()),
            deletable_because=deletable_because,
            last=RemovalPolicy.SNAPSHOT,
        )
        self.alarms = add_node_alarms(self, self._nodes(given), build.watched(given), given, topic=alarms)

    @property
    def cache_name(self) -> str:
        """The cache's name in its Region."""
        return self.cache.ref

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the first node; the alarms watch all of them."""
        return {"CacheClusterId": self._nodes(self.options)[0][0]}

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the primary, through failovers too; in cluster mode to all shards, for clients that ask for them."""
        sharded = self.cluster_mode == "enabled"
        name = self.cache.attr_configuration_end_point_address if sharded else self.cache.attr_primary_end_point_address
        return rds.Endpoint(name, self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint:
        """Leads to the replicas, in turn.

        Raises:
            InvalidOptions: in cluster mode, where clients ask replicas themselves (``READONLY``).
        """
        if self.cluster_mode == "enabled":
            raise InvalidOptions([_no_reader(self)])
        return rds.Endpoint(self.cache.attr_reader_end_point_address, self.port)

    def scale_replicas(
        self, minimum: int, maximum: int, *, cpu: float = 60, cooldown: Duration | None = None
    ) -> scaling.CfnScalableTarget:
        """Let replicas come with the load and go with it, in every shard.

        Args:
            minimum: how many there are at least, 1 to 5.
            maximum: how many at most, up to 5.
            cpu: how busy (%) the engines of replicas shall be.
            cooldown: how long to wait between changes; left out: ten minutes.

        Raises:
            InvalidOptions: AWS does not scale such a cache
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html).
        """
        return scaled(self, "Replicas", minimum, maximum, targets={"cpu": cpu}, cooldown=cooldown)

    def scale_shards(
        self,
        minimum: int,
        maximum: int,
        *,
        cpu: float | None = None,
        memory: float | None = 70,
        cooldown: Duration | None = None,
    ) -> scaling.CfnScalableTarget:
        """Let shards come with the load and go with it; the alarms watch those that the template knows.

        Args:
            minimum: how many there are at least.
            maximum: how many at most, up to 500.
            cpu: how busy (%) the engines of primaries shall be; left out: that is not looked at.
            memory: how full (%) primaries shall be; left out: 70.
            cooldown: how long to wait between changes; left out: ten minutes.

        Raises:
            InvalidOptions: AWS does not scale such a cache
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html).
        """
        return scaled(self, "Shards", minimum, maximum, targets={"cpu": cpu, "memory": memory}, cooldown=cooldown)

    def _users(self, given: Mapping[str, Any]) -> Users | None:
        return made(self, given["users_engine"], given["users"], self.key) if given["users"] else None

    def _nodes(self, given: Mapping[str, Any]) -> list[list[str]]:
        first = 2 if given["born_unsharded"] else 1
        numbered = first if given["cluster_mode"] == "enabled" else None
        return nodes(self.cache.ref, shards=given["shards"], replicas=given["replicas"], numbered=numbered)


def _no_reader(cache: ValkeyCache) -> Problem:
    return Problem(
        where=cache.node.path,
        option="cluster_mode",
        got=shown(cache.cluster_mode),
        allowed="'disabled' or 'compatible', for a reader endpoint",
        why="in cluster mode clients learn all nodes from one endpoint, and ask replicas themselves",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html",
    )
