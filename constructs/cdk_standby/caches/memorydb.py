"""MemoryDB: a database in memory that loses no acknowledged write, alone or as a member in one of several Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_memorydb as memorydb
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_standby_review.facts import memorydb as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from ..relational._aurora_names import unknown
from ..relational._parts import security_group
from . import _memorydb_build as build
from . import _memorydb_parts as parts
from ._cache_parts import keep
from ._cache_users import CacheUser
from ._memorydb_access import MemoryDbAccess
from ._memorydb_alarms import cluster_alarms
from ._memorydb_member import MemoryDbMember
from ._memorydb_rules import RULES, own_of_a_member
from ._memorydb_users import made

__all__ = ["CacheUser", "MemoryDb", "MemoryDbMember"]

_MADE_AFTER = ("engine", "version", "node_type", "shards", "replicas", "name", "snapshot_retention")


class MemoryDb(MemoryDbAccess):
    """A MemoryDB cluster that survives the loss of a node and of a zone without losing a write.

    Node or zone loss: a replica that has every acknowledged write is promoted in seconds; a write is in a log over
    several zones before it is acknowledged, and in the replicas a moment later. Region loss: not survived alone; a
    `MemoryDbMultiRegion` has members elsewhere that take writes already. Deletion or corruption: retained with all its
    parts; MemoryDB has no protection of its own against deletion, and daily snapshots, which lose up to a day.
    """

    subnet_group: memorydb.CfnSubnetGroup
    parameter_group: memorydb.CfnParameterGroup | None
    """None: a member has the multi-Region cluster's."""
    events: sns.ITopic | None
    """Whom MemoryDB tells; None: nobody."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        key: kms.IKey,
        engine: str | None = None,
        version: str | None = None,
        node_type: str | None = None,
        shards: int | None = None,
        replicas: int = 2,
        no_replicas_because: str | None = None,
        data_tiering: bool = False,
        member_of: MemoryDbMember | None = None,
        name: str | None = None,
        port: int = 6379,
        subnets: ec2.SubnetSelection | None = None,
        users: Sequence[CacheUser] | None = None,
        plaintext_because: str | None = None,
        parameters: Mapping[str, str] | None = None,
        restore: str | Sequence[str] | None = None,
        snapshot_retention: Duration | None = None,
        no_snapshots_because: str | None = None,
        snapshot_window: str = "01:00-02:00",
        maintenance_window: str = "sun:03:00-sun:04:00",
        minor_upgrades: bool = True,
        deletable_because: str | None = None,
        events: sns.ITopic | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            vpc: any VPC with subnets in two zones or more.
            key: encrypts disks, snapshots and credentials. Create-only.
            engine: ``"valkey"`` or ``"redis"``; left out: valkey. A Redis OSS cluster becomes a Valkey one in place,
                and never goes back.
            version: of the engine; left out: 7.3. A newer one upgrades in place, an older one never.
            node_type: such as ``"db.r7g.xlarge"``; left out: db.r7g.large. Another one is taken in place, online.
            shards: 1 to 500; left out: 1. Others are made or emptied online.
            replicas: of each shard, 0 to 5, over the zones; left out: 2, so that the loss of a node leaves one to fail
                over to.
            no_replicas_because: why minutes without writes are acceptable, until the only node of a shard is replaced.
            data_tiering: True with nodes of the family r6gd, which keep on a disk what is seldom read; left out: all
                is in memory. Create-only.
            member_of: the multi-Region cluster that this one is a member of, with the options that it has from there;
                left out: it stands alone. Create-only.
            name: a physical name, of users and groups too; left out: one after the construct's path. Create-only.
            port: left out: 6379. Create-only.
            subnets: where nodes may live; left out: the isolated subnets.
            users: who may do what; left out: one, named as the cluster, with a password in a secret, who may do all but
                what is dangerous.
            plaintext_because: why connections are not encrypted, and nobody is asked for a name or a password.
                Create-only.
            parameters: further parameters of the engine; left out: its defaults.
            restore: the name of a snapshot, or ARNs of files in S3, from which the cluster starts; left out: it is born
                empty. Create-only.
            snapshot_retention: how long daily snapshots are kept, 1 to 35 days; left out: 35.
            no_snapshots_because: why nothing has to come back after a mistake: no snapshots.
            snapshot_window: when they begin, daily, in UTC, as ``hh:mm-hh:mm``; left out: 01:00-02:00.
            maintenance_window: weekly, in UTC, as ``ddd:hh:mm-ddd:hh:mm``; left out: Sundays 03:00-04:00.
            minor_upgrades: False keeps the minor version until `version` says otherwise; left out: MemoryDB upgrades it
                in the maintenance window.
            deletable_because: why the cluster and its parts may be deleted with their stack, in a lab, leaving a
                snapshot named after the cluster; left out: all of them are retained.
            events: a standard topic that is not encrypted, for failovers and replaced nodes; left out: one of the
                cluster's own when `alarms` are given, for somebody to subscribe to, otherwise none.
            alarms: who is told of alarms; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: EngineCpu, Cpu, Memory (%), Evictions (a minute), Connections,
                DelayedWrites (a minute), Throughput (bytes a second), Swap (bytes), Refused (logins a minute),
                ReplicationLag (seconds), Capacity (%, tiered data), CpuCredits (burstable nodes), GlobalLag
                (milliseconds, members).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html).
        """
        super().__init__(scope, id)
        typed = dict(locals())
        given = build.completed(self, typed)
        check(self, RULES, given, also=[*unknown(self, given, _MADE_AFTER), *own_of_a_member(self, typed)])
        for option, because in given.items():
            if option.endswith("_because") and option != "alarms_off_because":
                weakened(self, option.removesuffix("_because"), because)

        self.key, self.port = key, port
        self.name = given["name"]
        self.subnet_group = parts.subnet_group(self, self.name, given["subnet_ids"])
        self.security_group = security_group(self, vpc)
        self.parameter_group = self._parameters(given)
        self.users = made(self, self.name, given["users"], key) if given["users"] else None
        self.events = events or (parts.events_topic(self) if alarms is not None else None)
        self.cluster = memorydb.CfnCluster(
            self,
            "Cluster",
            cluster_name=self.name,
            description=f"Database {self.node.path}"[: parts.LONGEST_DESCRIPTION],
            acl_name=self.users.acl.ref if self.users else facts.OPEN.value,
            kms_key_id=key.key_arn,
            subnet_group_name=self.subnet_group.ref,
            security_group_ids=[self.security_group.security_group_id],
            parameter_group_name=self.parameter_group.ref if self.parameter_group else None,
            sns_topic_arn=self.events.topic_arn if self.events else None,
            **build.properties(given),
        )
        if data_tiering:
            parts.tiering_is_text(self.cluster)
        keep(
            self.cluster,
            self.subnet_group,
            self.security_group,
            *([self.parameter_group] if self.parameter_group else ()),
            *(self.users.parts if self.users else ()),
            deletable_because=deletable_because,
            last=RemovalPolicy.DESTROY,
        )
        specs = cluster_alarms(
            self, given["node_type"], replicas=replicas, tiered=data_tiering, member=member_of is not None
        )
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def _parameters(self, given: Mapping[str, Any]) -> memorydb.CfnParameterGroup | None:
        if given["member_of"] is not None:
            return None
        return parts.parameter_group(self, self.name, given["engine"], given["version"], given["parameters"] or {})
